"""mentor-match, the package to compare with, in a virtual environment of its own under var/."""

import sys

from tools import environment
from tools.environment import fetch, once
from tools.process import ROOT, VAR

VENV = VAR / "bench"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "tools" / "bench" / "requirements.txt"


def prepare() -> None:
    """Install it, unless that was done; raises Problem."""

    def install() -> None:
        fetch([sys.executable, "-m", "venv", "--clear", VENV], "environment of mentor-match")
        locked = ["--no-deps", "--require-hashes", "--only-binary=:all:", "--no-input"]
        fetch([PYTHON, "-m", "pip", "install", *locked, "-r", LOCK], "mentor-match")

    once("bench", PYTHON, environment.digest(LOCK), install)

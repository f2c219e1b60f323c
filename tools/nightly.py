"""`make nightly`: what takes too long for every change. Runs all of it, on both databases, and says what failed."""

import tempfile
from pathlib import Path

from tools import environment, postgres
from tools.environment import PYTHON
from tools.process import Command, run_tool
from tools.test import suite, summarise, test_environment

FUZZ: Command = [PYTHON, "-m", "pytest", "-q", "tests/attack/test_fuzz.py"]
ON_POSTGRESQL = " on PostgreSQL"
PROGRAMS: dict[str, Command] = {
    "nonsense on every address": FUZZ,
    f"nonsense on every address{ON_POSTGRESQL}": FUZZ,
    "requests that are hardly HTTP": [PYTHON, "-m", "tests.attack.fuzz_http", "5000"],
    "the server killed": [PYTHON, "-m", "tests.attack.kill", "sqlite", "100"],
    f"the server and the database killed{ON_POSTGRESQL}": [
        PYTHON,
        "-m",
        "tests.attack.kill",
        "postgres",
        "100",
    ],
}
EXAMPLES = "100"  # for each address


def main() -> int:
    with environment.one_at_a_time():
        environment.prepare(tests=True)
    with (
        tempfile.TemporaryDirectory(prefix="ouderbuddy-nightly-", ignore_cleanup_errors=True) as name,
        postgres.server() as url,
    ):
        # The folder is ours alone, and PostgreSQL runs as another user.
        env = test_environment(Path(name)) | {"FUZZ_EXAMPLES": EXAMPLES, "TMPDIR": tempfile.gettempdir()}
        results = [
            suite(name, command, env | ({"DATABASE_URL": url} if ON_POSTGRESQL in name else {}))
            for name, command in PROGRAMS.items()
        ]
    summarise(results)
    return 0 if all(result.passed for result in results) else 1


if __name__ == "__main__":
    run_tool(main)

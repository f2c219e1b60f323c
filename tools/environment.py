"""The set-up: virtual environment, locked packages, browser files, translations, Chromium.

Every part is done once and again only when what it is made from has changed. A part that was interrupted
has no stamp, so the next run does it over.
"""

import fcntl
import hashlib
import importlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import browser_files
from tools.process import LOG, ROOT, VAR, Command, Problem, run_logged, run_tool, say

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
CATALOGUE = ROOT / "locale" / "nl" / "LC_MESSAGES" / "django.po"

_PACKAGES_STAMP = VENV / "installed.json"
_STAMPS = VAR / "setup"
# What pip, npm and apt say when they cannot reach their servers.
_OFFLINE = re.compile(
    r"connection broken|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|SELF_SIGNED|"
    r"Could not (?:resolve|connect)|Unable to connect|Temporary failure"
)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Around everything that sets up: a second run waits until the first is ready."""
    _STAMPS.mkdir(parents=True, exist_ok=True)
    with (_STAMPS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare(*, tests: bool) -> None:
    """Make everything ready to serve, and if `tests`, to check and test; raises Problem."""
    LOG.write_text("")
    _packages("requirements.txt", *(["requirements-dev.txt"] if tests else []))
    _browser_files(tests=tests)
    once("translations", CATALOGUE.with_suffix(".mo"), digest(CATALOGUE), _translations)


def digest(*files: Path) -> str:
    """One fingerprint of what stands in `files`."""
    return hashlib.sha256(b"".join(hashlib.sha256(file.read_bytes()).digest() for file in files)).hexdigest()


def once(name: str, made: Path, made_from: str, make: Callable[[], None]) -> None:
    """Call `make` unless `made` exists and was made from the same thing before."""
    stamp = _STAMPS / name
    if made.exists() and stamp.is_file() and stamp.read_text() == made_from:
        return
    stamp.unlink(missing_ok=True)
    make()
    stamp.write_text(made_from)


def fetch(command: Command, what: str, *, env: dict[str, str] | None = None) -> None:
    """Run a command that needs the network; what it prints goes to the log, a failure becomes a Problem."""
    say(f"Setting up: {what}")
    output = run_logged(command, env=env)
    if output is None:
        return
    log = LOG.relative_to(ROOT)
    if _OFFLINE.search(output):
        raise Problem(
            f"No network: could not fetch {what}. Connect this machine and run this again (details: {log})."
        )
    last = (output.strip() or "no message").splitlines()[-1]
    raise Problem(f"Setting up {what} failed: {last} (details: {log}).")


def chromium() -> str | None:
    """The path of a browser for the tests; None if this machine has none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def install_chromium() -> None:
    """See to it that there is a browser with the fonts and library the tests need, where we may: as root."""
    present = {
        "chromium": chromium() is not None,
        "libatomic1": any(Path("/usr/lib").glob("*/libatomic.so.1")),
        "fonts-dejavu-core": any(Path("/usr/share/fonts").rglob("*.ttf")),
    }
    missing = [package for package, there in present.items() if not there]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        apt_install("Chromium", *missing)


def apt_install(what: str, *packages: str) -> None:
    """Install Debian packages, as root, without questions."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    options = ["-qq", "-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=2"]
    run_logged(["dpkg", "--configure", "-a"], env=env)  # in case an earlier installation was interrupted
    fetch(["apt-get", *options, "update"], f"{what} (list of packages)", env=env)
    fetch(["apt-get", *options, "install", "-y", "--no-install-recommends", *packages], what, env=env)


def _packages(*files: str, what: str = "Python packages") -> None:
    """Install locked packages into the virtual environment; what an interrupted pip left is thrown away."""
    python = [sys.version, str(ROOT)]
    installed = json.loads(_PACKAGES_STAMP.read_text()) if _PACKAGES_STAMP.is_file() else {}
    usable = installed.get("python") == python and PYTHON.exists()
    wanted = {file: digest(ROOT / file) for file in files}
    if usable and wanted.items() <= installed.items():
        return
    if not usable:
        installed = {"python": python}
        _virtual_environment()
    _PACKAGES_STAMP.unlink(missing_ok=True)
    requirements = [argument for file in files for argument in ("-r", file)]
    # The lock is complete and holds hashes: nothing to resolve, nothing built from source. Compiling all
    # of it would take as long as fetching it: each module is compiled when it is first used instead.
    locked = ["--no-deps", "--require-hashes", "--only-binary=:all:", "--no-compile"]
    patience = ["--no-input", "--retries=2", "--timeout=15"]
    fetch([PYTHON, "-m", "pip", "install", *locked, *patience, *requirements], what)
    _PACKAGES_STAMP.write_text(json.dumps(installed | wanted))


def _virtual_environment() -> None:
    if importlib.util.find_spec("ensurepip") is None:  # Debian ships it apart
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            raise Problem("Python's venv module is missing: ask for `apt-get install python3-venv`, as root.")
        apt_install("Python's venv module", "python3-venv")
        importlib.invalidate_caches()
    fetch([sys.executable, "-m", "venv", "--clear", VENV], "virtual environment")


def _browser_files(*, tests: bool) -> None:
    """Run npm only when the pages' files, or for `tests` the tests' files, are not there yet."""
    made_from = digest(ROOT / "package-lock.json", browser_files.ICONS, Path(browser_files.__file__))
    fetched = False

    def npm_ci() -> None:
        nonlocal fetched
        if not fetched:
            fetch([_npm(), "ci", *([] if tests else ["--omit=dev"])], "browser files")
            fetched = True

    def page_files() -> None:
        npm_ci()
        browser_files.copy_page_files()

    def test_files() -> None:
        npm_ci()
        browser_files.copy_test_files()

    once("browser-files", browser_files.VENDOR, made_from, page_files)
    if tests:
        once("browser-test-files", browser_files.TEST_VENDOR, made_from, test_files)


def _npm() -> Path:
    """The npm to use: the machine's if its Node is 18 or newer, else a wheel's."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        if (match := re.match(r"v(\d+)", version)) and int(match[1]) >= 18:
            return Path(npm)
    _packages("requirements-node.txt", what="Node.js")
    return VENV / "bin" / "npm"


def _translations() -> None:
    command: Command = [
        PYTHON,
        "-m",
        "babel.messages.frontend",
        "compile",
        "-D",
        "django",
        "-d",
        "locale",
    ]
    if (output := run_logged(command)) is not None:
        raise Problem(f"The translations do not compile: {output.strip().splitlines()[-1]}")


def main() -> int:
    with one_at_a_time():
        prepare(tests="--tests" in sys.argv[1:])
    return 0


if __name__ == "__main__":
    run_tool(main)

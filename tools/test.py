"""`make test`: the checks, then all tests on SQLite and on PostgreSQL. `make check`: the checks alone."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools import environment, postgres
from tools.environment import PYTHON, VENV
from tools.process import Command, Problem, end, run, run_tool, say, start

CORES = 2
NO_BROWSER = (
    "NOT TESTED IN A BROWSER: there is no Chromium (as root it is installed: apt-get install chromium)."
)

CHECKS: dict[str, Command] = {
    "mypy": [PYTHON, "-m", "mypy"],
    "ruff check": [PYTHON, "-m", "ruff", "check"],
    "ruff format": [PYTHON, "-m", "ruff", "format", "--check"],
    "djlint format": [PYTHON, "-m", "djlint", "--check", "--quiet", "templates"],
    "djlint": [PYTHON, "-m", "djlint", "--lint", "--quiet", "templates"],
    "import-linter": [VENV / "bin" / "lint-imports", "--no-logo"],
    "migrations complete": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "django check": [PYTHON, "manage.py", "check", "--fail-level", "WARNING"],
}
PYTEST: Command = [PYTHON, "-m", "pytest", "-n", str(CORES), "--dist", "worksteal", "-q"]
# Not again what needs no database, and of the journeys one.
ON_POSTGRES = [*PYTEST, "-m", "not (journey or once) or postgres_smoke"]


@dataclass(frozen=True)
class Result:
    name: str
    passed: bool
    seconds: float


def main() -> int:
    checks_only = sys.argv[1:] == ["--checks-only"]
    with environment.one_at_a_time():
        environment.prepare(tests=True)
    with tempfile.TemporaryDirectory(prefix="ouderbuddy-test-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        env = test_environment(folder)
        results = list(checks(env, folder))
        if not checks_only:
            results += suites(env)
    summarise(results)
    if not checks_only and environment.chromium() is None:
        say(f"\n{'!' * 20} {NO_BROWSER}")
    return 0 if all(result.passed for result in results) else 1


def test_environment(folder: Path) -> dict[str, str]:
    """Our environment without what would make the product run differently; what it writes goes to `folder`."""
    ours = {"DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "FIELD_KEYS", "DJANGO_SETTINGS_MODULE"}
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in ours and not name.startswith(("OUDERBUDDY_", "PG"))
    }
    return env | {
        "OUDERBUDDY_TEST": "1",
        "OUDERBUDDY_DB": str(folder / "ouderbuddy.sqlite3"),
        "TMPDIR": str(folder),
        "PYTHONDONTWRITEBYTECODE": "",
    }


def checks(env: dict[str, str], folder: Path) -> Iterator[Result]:
    """Run the checks, as many at a time as there are cores; what a failing one printed is shown."""
    waiting = list(CHECKS.items())
    active: list[tuple[str, subprocess.Popen[str], Path, float]] = []
    try:
        while waiting or active:
            while waiting and len(active) < CORES:
                name, command = waiting.pop(0)
                path = folder / name
                with path.open("w") as output:
                    active.append((name, start(command, env=env, output=output), path, time.monotonic()))
            for each in [each for each in active if each[1].poll() is not None]:
                active.remove(each)
                name, process, path, began = each
                result = Result(name, process.returncode == 0, time.monotonic() - began)
                say(line(result) if result.passed else f"\n{path.read_text()}\n{line(result)}")
                yield result
            time.sleep(0.02)
    finally:
        for _, process, _, _ in active:
            end(process)


def suites(env: dict[str, str]) -> Iterator[Result]:
    """Run all tests on both databases."""
    try:
        environment.install_chromium()
    except Problem as problem:
        say(str(problem))  # the tests that need it are skipped, which in CI is a failure
    yield suite("tests on SQLite", PYTEST, env)
    try:
        with postgres.server() as url:
            yield suite("tests on PostgreSQL", ON_POSTGRES, {**env, "DATABASE_URL": url})
    except Problem as problem:
        say(str(problem))
        yield Result("tests on PostgreSQL", passed=False, seconds=0)


def suite(name: str, command: Command, env: dict[str, str]) -> Result:
    say(f"\n=== {name}")
    began = time.monotonic()
    # Interrupted, pytest still shows what had failed until then.
    code = run(command, env=env, stop_with=signal.SIGINT)
    return Result(name, code == 0, time.monotonic() - began)


def line(result: Result) -> str:
    return f"{'ok    ' if result.passed else 'FAILED'} {result.name} ({result.seconds:.1f} s)"


def summarise(results: list[Result]) -> None:
    say("\n=== summary")
    for result in results:
        say(line(result))
    failed = sum(not result.passed for result in results)
    say(f"{failed or 'none'} of {len(results)} failed, {sum(result.seconds for result in results):.0f} s")


if __name__ == "__main__":
    run_tool(main)

"""`make nightly`: what takes too long for every change. `make nightly ONLY=workflow` runs the programs of that name.

What is drawn by chance starts from another number every night; the one that is printed tells the same story again
(SEED=…).
"""

import os
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tools import environment, postgres
from tools.environment import PYTHON
from tools.process import Command, Problem, run, run_tool, say
from tools.test import Result, summarise, test_environment

# Each page that is refused would be a line in the log.
PYTEST: Command = [PYTHON, "-m", "pytest", "-q", "-s", "-p", "no:logging"]
STEPS = 50_000
ROUNDS = "20"
FEWER_ROUNDS = "5"
EXAMPLES = "100"  # for each address
KILLS = "100"  # of the server, and on PostgreSQL of the database too


@dataclass(frozen=True)
class Program:
    """Something that runs for a long time: on SQLite, or with `on_postgres` on a PostgreSQL that is started for it."""

    command: Command
    on_postgres: bool = False
    env: dict[str, str] = field(default_factory=dict)

    @property
    def by_chance(self) -> bool:
        """Whether it takes a number to start from."""
        return "pytest" in self.command


def _workflow(steps: int, *, on_postgres: bool = False) -> Program:
    command = [*PYTEST, "tests/attack/test_workflow_machine.py"]
    return Program(command, on_postgres, {"ATTACK_STEPS": str(steps)})


def _two_at_once(*, on_postgres: bool = False) -> Program:
    command = [*PYTEST, "tests/attack/test_two_at_once.py"]
    return Program(command, on_postgres, {"ATTACK_ROUNDS": ROUNDS})


def _sent_at_once(*, on_postgres: bool = False) -> Program:
    """Every form takes a few seconds."""
    command = [*PYTEST, "tests/attack/test_sent_at_once.py"]
    return Program(command, on_postgres, {"ATTACK_ROUNDS": FEWER_ROUNDS})


def _nonsense(*, on_postgres: bool = False) -> Program:
    return Program([*PYTEST, "tests/attack/test_fuzz.py"], on_postgres, {"FUZZ_EXAMPLES": EXAMPLES})


PROGRAMS: dict[str, Program] = {
    "workflow on SQLite": _workflow(STEPS),
    "workflow on PostgreSQL": _workflow(STEPS // 10, on_postgres=True),
    "workflow without its guards": Program([*PYTEST, "tests/attack/guards_taken_away.py"]),
    "two at once on SQLite": _two_at_once(),
    "two at once on PostgreSQL": _two_at_once(on_postgres=True),
    "two at once, as forms, on SQLite": _sent_at_once(),
    "two at once, as forms, on PostgreSQL": _sent_at_once(on_postgres=True),
    "nonsense on SQLite": _nonsense(),
    "nonsense on PostgreSQL": _nonsense(on_postgres=True),
    "requests that are hardly HTTP": Program([PYTHON, "-m", "tests.attack.fuzz_http", "5000"]),
    # These start a database of their own, which they kill.
    "killed on SQLite": Program([PYTHON, "-m", "tests.attack.kill", "sqlite", KILLS]),
    "killed on PostgreSQL": Program([PYTHON, "-m", "tests.attack.kill", "postgres", KILLS]),
}


def main() -> int:
    with environment.one_at_a_time():
        environment.prepare(tests=True)
    only, seed = os.environ.get("ONLY", ""), os.environ.get("SEED") or str(random.randrange(10**6))
    say(f"SEED={seed}")
    results = [_result(name, program, seed) for name, program in PROGRAMS.items() if name.startswith(only)]
    summarise(results)
    return 0 if results and all(result.passed for result in results) else 1


def _result(name: str, program: Program, seed: str) -> Result:
    say(f"\n=== {name}")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ouderbuddy-nightly-", ignore_cleanup_errors=True) as folder:
        # The folder is ours alone, and PostgreSQL runs as another user.
        env = test_environment(Path(folder)) | program.env | {"TMPDIR": tempfile.gettempdir()}
        command = [*program.command, *([f"--hypothesis-seed={seed}"] if program.by_chance else [])]
        try:
            with _database(program) as extra:
                code = run(command, env={**env, **extra})
        except Problem as problem:
            say(str(problem))
            code = 1
    return Result(name, code == 0, time.monotonic() - began)


@contextmanager
def _database(program: Program) -> Iterator[dict[str, str]]:
    """The database for `program`, as the environment names it."""
    if not program.on_postgres:
        yield {}
        return
    with postgres.server() as url:
        yield {"DATABASE_URL": url}


if __name__ == "__main__":
    run_tool(main)

"""`make nightly`: what takes too long for every change. `make nightly ONLY=workflow` runs the programs of that name.

The workflow starts from another number every night; the one it prints tells the same story again (SEED=…).
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

PYTEST: Command = [
    PYTHON,
    "-m",
    "pytest",
    "-q",
    "-s",
    "-p",
    "no:logging",
]  # each page that is refused would be a line
STEPS = 50_000
ROUNDS = "20"


@dataclass(frozen=True)
class Program:
    """Something that runs for a long time: on SQLite, or on PostgreSQL."""

    command: Command
    on_postgres: bool = False
    env: dict[str, str] = field(default_factory=dict)


PROGRAMS: dict[str, Program] = {
    "workflow on SQLite": Program(
        [*PYTEST, "tests/attack/test_workflow_machine.py"], env={"ATTACK_STEPS": str(STEPS)}
    ),
    "workflow on PostgreSQL": Program(
        [*PYTEST, "tests/attack/test_workflow_machine.py"],
        on_postgres=True,
        env={"ATTACK_STEPS": str(STEPS // 10)},
    ),
    "two at once on SQLite": Program(
        [*PYTEST, "tests/attack/test_two_at_once.py"], env={"ATTACK_ROUNDS": ROUNDS}
    ),
    "two at once on PostgreSQL": Program(
        [*PYTEST, "tests/attack/test_two_at_once.py"], on_postgres=True, env={"ATTACK_ROUNDS": ROUNDS}
    ),
    "workflow without its guards": Program([*PYTEST, "tests/attack/guards_taken_away.py"]),
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
        env = test_environment(Path(folder)) | program.env
        try:
            with _database(program) as extra:
                code = run([*program.command, f"--hypothesis-seed={seed}"], env={**env, **extra})
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

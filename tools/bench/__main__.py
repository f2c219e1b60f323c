"""`make bench`: both parts, or the one that is named (`python -m tools.bench.assignment`)."""

import os
import sys

from tools import environment
from tools.bench import opponent
from tools.process import Problem, run, run_tool

PARTS = ("assignment", "pages")


def main() -> int:
    wanted = sys.argv[1:] or list(PARTS)
    if not set(wanted) <= set(PARTS):
        raise Problem(f"There is no such part: {' '.join(wanted)}. Choose from {', '.join(PARTS)}.")
    with environment.one_at_a_time():
        environment.prepare(tests=True)
        if "assignment" in wanted:
            opponent.prepare()
    env = {**os.environ, "OUDERBUDDY_TEST": "1", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    return max(run([environment.PYTHON, "-m", f"tools.bench.{part}"], env=env) for part in wanted)


if __name__ == "__main__":
    run_tool(main)

"""How long dividing takes, scoring included: beside the solver alone on the same costs, and beside mentor-match.

Time is that of the processor, so that other work on the machine matters less; everything here uses one thread. Memory
is by how much a run raises the most that a process of its own ever held (numpy's too), all modules being loaded.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from buddies.assignment import assign
from buddies.matching import Pairs
from tools.bench import opponent
from tools.bench.peak import peak
from tools.bench.people import SIZES, people
from tools.process import ROOT, run_tool, say

TURNS = 9
# mentor-match needs many seconds for a thousand, so it goes once.
LARGE = 500


def main() -> int:
    if sys.argv[1:]:
        say(json.dumps(_memory(*(int(size) for size in sys.argv[1:]))))
        return 0
    say(
        "Dividing buddies (assign), beside the solver alone and beside mentor-match 7.0.1.\n"
        "Median times of the processor."
    )
    row = "{:>12} {:>10} {:>12} {:>8} {:>14} {:>12} {:>10} {:>14} {:>16}"
    say(
        row.format(
            "askers×", "assign", "solver", "ratio", "mentor-match", "part of it", "peak", "its peak", "served"
        )
    )
    for askers, helpers in SIZES:
        own, solver = _in_turns(askers, helpers)
        other = [_mentor_match(askers, helpers) for _ in range(1 if askers > LARGE else 3)]
        theirs = median(run["seconds"] for run in other)
        memory = _in_a_process_of_its_own(askers, helpers)
        served = len(assign(*people(askers, helpers)).pairs)
        say(
            row.format(
                f"{askers}×{helpers}",
                f"{own * 1000:.1f} ms",
                f"{solver * 1000:.2f} ms",
                f"{own / solver:.1f}×",
                f"{theirs * 1000:.0f} ms",
                f"1/{theirs / own:.0f}",
                f"{memory['megabytes']:.0f} MB",
                f"{other[0]['megabytes']:.0f} MB",
                f"{served}, theirs {other[0]['served']}",
            )
        )
    return 0


def _in_turns(askers: int, helpers: int) -> tuple[float, float]:
    """Median seconds of `assign`, and of the solver alone on the same fits."""
    those = people(askers, helpers)
    pairs = Pairs(*those, {})
    # The solver cannot leave anybody out, so here a pair that cannot be is merely dear.
    costs = np.where(pairs.feasible, -pairs.fit.astype(float), 1e6)
    linear_sum_assignment(costs)
    own, solver = [], []
    for _ in range(TURNS):
        own.append(_seconds(lambda: assign(*those)))
        solver.append(_seconds(lambda: linear_sum_assignment(costs)))
    return median(own), median(solver)


def _seconds(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began


def _memory(askers: int, helpers: int) -> dict[str, float]:
    those = people(askers, helpers)
    before = peak()
    assign(*those)
    return {"megabytes": peak() - before}


def _in_a_process_of_its_own(askers: int, helpers: int) -> dict[str, float]:
    return _answer([sys.executable, "-m", "tools.bench.assignment", str(askers), str(helpers)], "")


def _mentor_match(askers: int, helpers: int) -> dict[str, float]:
    asking, helping = people(askers, helpers)
    question = json.dumps(
        {"askers": [asdict(a) for a in asking], "helpers": [asdict(h) for h in helping]}, default=sorted
    )
    return _answer([str(opponent.PYTHON), str(Path(__file__).with_name("mentor_match.py"))], question)


def _answer(command: list[str], question: str) -> dict[str, Any]:
    done = subprocess.run(command, input=question, capture_output=True, text=True, check=True, cwd=ROOT)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


if __name__ == "__main__":
    run_tool(main)

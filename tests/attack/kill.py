"""The server is killed again and again while staff of two schools work: nothing saved is lost, nothing is half done.

    python -m tests.attack.kill sqlite 100        # or: postgres 100; a third number repeats a run

See `kill_rounds` for what is killed and `kill_checks` for what must hold.
"""

from __future__ import annotations

import random
import sys

from tools.process import run_tool, say

from .scratch import scratch


def main() -> int:
    """Exit code 0 if nothing was lost or half done."""
    vendor, kills, *seed = sys.argv[1:]
    chosen = int(seed[0]) if seed else random.randrange(10**6)  # no secret
    with scratch(vendor) as folder:
        from .kill_rounds import run  # what it imports needs the settings

        tally = run(int(kills), random.Random(chosen), folder / "log")
    for what in dict.fromkeys(tally.wrong):  # what is lost stays so
        say(f"  WRONG {what}")
    say(f"{vendor}, seed {chosen}: {tally}")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    run_tool(main)

"""Two colleagues who do something about the same at the same moment: what they do, and how often it may have happened
in the end. (Proposing, recording an answer, withdrawing and the personal link have tests of their own in
tests/buddies/test_concurrency.py and beside it.)"""

from . import asking, matching, meeting, pool, team
from .hands import PAIRS, Hands

__all__ = ["PAIRS", "Hands", "asking", "matching", "meeting", "pool", "team"]

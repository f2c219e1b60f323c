"""Which buddies could help which parent, best first, and why. Pure: dataclasses in, explained results out.

`rank` is for one request, `buddies.assignment.assign` for all that wait, `explain` for one pair; all three read the
same tables of rules (`rules.py`). The result is a proposal: a person decides (R4). What is optimised and why it is
exact stands in docs/matching.md.
"""

from .missing import PLACES, Missing, missing
from .people import Asker, Feedback, Helper, ThemeKind
from .ranking import (
    NOT_SUITABLE,
    Candidate,
    Excluded,
    Pairs,
    Ranking,
    Reason,
    explain,
    rank,
    why_not,
)
from .rules import CONSTRAINTS, PREFERENCES, Constraint, Importance, Params, Preference, Weighing

__all__ = [
    "CONSTRAINTS",
    "NOT_SUITABLE",
    "PLACES",
    "PREFERENCES",
    "Asker",
    "Candidate",
    "Constraint",
    "Excluded",
    "Feedback",
    "Helper",
    "Importance",
    "Missing",
    "Pairs",
    "Params",
    "Preference",
    "Ranking",
    "Reason",
    "ThemeKind",
    "Weighing",
    "explain",
    "missing",
    "rank",
    "why_not",
]

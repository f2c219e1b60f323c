"""Which of the 19 points for a meeting apply, and when (R22-R37): one row per point, and the generator. Pure.

After a guide for teachers with suggestions by Afke Persoon, orthopedagoog (R38). The words are in `wording`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class Phase(StrEnum):
    """When a point is read."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What the points depend on: the number of `parents` (one or two), whether a `buddy` is involved and comes `along`
    (not known counts as coming), `sensitive` news the parent does not know yet, a wish that cannot be met, and
    afterwards whether it was unpleasant and is to be followed up. Raises ValueError for what cannot be."""

    parents: int = 1
    buddy: bool = False
    along: bool = False
    sensitive: bool = False
    wish_unmet: bool = False
    unpleasant: bool = False
    follow_up: bool = False

    def __post_init__(self) -> None:
        if self.parents not in (1, 2):
            raise ValueError("One or two parents come.")
        if self.along and not self.buddy:
            raise ValueError("A buddy who comes along is involved.")


@dataclass(frozen=True)
class Item:
    """One point that applies. `stress`: it matters more than usual now; `with_buddy`: its words speak of a buddy who is
    expected."""

    id: str
    phase: Phase
    stress: bool
    with_buddy: bool


Condition = Callable[[Situation], bool]


def _always(situation: Situation) -> bool:
    return True


def _never(situation: Situation) -> bool:
    return False


def _buddy(situation: Situation) -> bool:
    return situation.buddy


def _along(situation: Situation) -> bool:
    return situation.along


def _sensitive(situation: Situation) -> bool:
    return situation.sensitive


def _sensitive_and_along(situation: Situation) -> bool:
    return situation.sensitive and situation.along


def _along_or_wish_unmet(situation: Situation) -> bool:
    return situation.along or situation.wish_unmet


def _wish_unmet(situation: Situation) -> bool:
    return situation.wish_unmet


def _unpleasant(situation: Situation) -> bool:
    return situation.unpleasant


def _follow_up(situation: Situation) -> bool:
    return situation.follow_up


@dataclass(frozen=True)
class Row:
    """One of the 19: in which phase it applies under which condition, when it is stressed, and when its words speak of
    a buddy."""

    id: str
    applies: Mapping[Phase, Condition]
    stress: Condition = _never
    with_buddy: Condition = _along


_BEFORE, _DURING, _AFTER = Phase

# In the order of the guide.
ITEMS = (
    Row("V1", {_BEFORE: _buddy}, with_buddy=_buddy),
    Row("V2", {_BEFORE: _buddy}, with_buddy=_buddy),
    Row("V3", {_BEFORE: _buddy}, with_buddy=_buddy),
    Row("V4", {_BEFORE: _along}),
    Row("V5", {_BEFORE: _along}),
    Row("T1", {_DURING: _always}),
    Row("T2", {_DURING: _along}),
    Row("T3", {_DURING: _along}),
    # Prepared for whoever comes: a buddy may turn up unannounced (R28).
    Row("T4", {_BEFORE: _sensitive, _DURING: _sensitive_and_along}),
    Row("T5", {_DURING: _always}),
    Row("T6", {_DURING: _always}, stress=_along),
    Row("T7", {_DURING: _always}),
    Row("T8", {_DURING: _always}),
    Row("T9", {_DURING: _along}),
    Row("T10", {_DURING: _along_or_wish_unmet}),
    Row("T11", {_DURING: _always}, stress=_wish_unmet),
    Row("N1", {_AFTER: _always}),
    Row("N2", {_AFTER: _unpleasant}),
    Row("N3", {_AFTER: _follow_up}, with_buddy=_buddy),
)
# Nothing else may be said before it.
FIRST = "T4"


def checklist(situation: Situation, phase: Phase) -> tuple[Item, ...]:
    """The points of `phase` that apply in `situation`, in the order of the guide; during a meeting talking with the
    parent alone comes before all else (R28)."""
    found = [
        Item(row.id, phase, row.stress(situation), row.with_buddy(situation))
        for row in ITEMS
        if phase in row.applies and row.applies[phase](situation)
    ]
    if phase is Phase.DURING:
        found.sort(key=lambda item: item.id != FIRST)
    return tuple(found)


def on_paper(situation: Situation) -> Situation:
    """`situation` as a paper needs it that is printed before the meeting: nothing can be added to it any more, so how
    it will have been and whether there is to be another appointment are not known, and their points are on it."""
    return replace(situation, unpleasant=True, follow_up=True)

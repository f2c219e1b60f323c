"""Which of the 19 points for a meeting apply, and when (R22-R37): one row per point, what a school adds and leaves out,
and the generator. Pure.

After a guide for teachers with suggestions by Afke Persoon, orthopedagoog (R38). The words are in `wording`; those of a
school's own points in the database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
GUIDE = {row.id: row for row in ITEMS}
# Nothing else may be said before it, and no school leaves it out.
FIRST = "T4"


class When(StrEnum):
    """Under which condition a point of a school's own applies."""

    ALWAYS = "A"
    BUDDY = "B"
    ALONG = "M"
    SENSITIVE = "G"
    WISH_UNMET = "X"
    UNPLEASANT = "O"
    FOLLOW_UP = "V"


_CONDITIONS: Mapping[When, Condition] = {
    When.ALWAYS: _always,
    When.BUDDY: _buddy,
    When.ALONG: _along,
    When.SENSITIVE: _sensitive,
    When.WISH_UNMET: _wish_unmet,
    When.UNPLEASANT: _unpleasant,
    When.FOLLOW_UP: _follow_up,
}
# Whether a wish can be met turns out during a meeting; how it was, and whether there is to be another one, after it.
NOT_KNOWN: Mapping[Phase, frozenset[When]] = {
    _BEFORE: frozenset({When.WISH_UNMET, When.UNPLEASANT, When.FOLLOW_UP}),
    _DURING: frozenset({When.UNPLEASANT, When.FOLLOW_UP}),
    _AFTER: frozenset(),
}


@dataclass(frozen=True)
class Own:
    """A point of a school's own, and the point of the guide it comes `after` in its phase ("": before all of them)."""

    id: str
    phase: Phase
    when: When
    after: str = ""


@dataclass(frozen=True)
class Arrangement:
    """What a school made of the list: its `own` points, in order where they come after the same point, and which points
    are `hidden`."""

    own: tuple[Own, ...] = ()
    hidden: frozenset[str] = frozenset()


AS_THE_GUIDE = Arrangement()


def checklist(
    situation: Situation, phase: Phase, arrangement: Arrangement = AS_THE_GUIDE
) -> tuple[Item, ...]:
    """The points of `phase` that apply in `situation`, in the order of the guide with the school's own between them;
    during a meeting talking with the parent alone comes before all else (R28)."""
    own = {each.id: each for each in arrangement.own}
    found = []
    for name in in_order(phase, arrangement.own):
        if name in arrangement.hidden and name != FIRST:
            continue
        if name in own:
            if _CONDITIONS[own[name].when](situation):
                found.append(Item(name, phase, stress=False, with_buddy=False))
            continue
        row = GUIDE[name]
        if row.applies[phase](situation):
            found.append(Item(name, phase, row.stress(situation), row.with_buddy(situation)))
    if phase is Phase.DURING:
        found.sort(key=lambda item: item.id != FIRST)
    return tuple(found)


def in_order(phase: Phase, own: Sequence[Own]) -> tuple[str, ...]:
    """Every point of `phase`, whether it applies or not: those of the guide in its order, those of the school's `own`
    each where it stands."""
    places = ["", *(row.id for row in ITEMS if phase in row.applies)]
    order = []
    for place in places:
        order += [place] if place else []
        order += [each.id for each in own if each.phase is phase and each.after == place]
    return tuple(order)


def moved(own: Sequence[Own], name: str, *, up: bool) -> tuple[Own, ...]:
    """A school's `own` points with the one called `name` one place `up` or down among all points of its phase. What is
    at the end stays there, and the guide keeps its order. Raises KeyError when there is no such point."""
    points = {each.id: each for each in own}
    phase = points[name].phase
    order = list(in_order(phase, own))
    here = order.index(name)
    there = here - 1 if up else here + 1
    if 0 <= there < len(order):
        order[here], order[there] = order[there], order[here]
    placed, place = [], ""
    for each in order:
        if each in points:
            placed.append(replace(points[each], after=place))
        else:
            place = each
    return (*(each for each in own if each.phase is not phase), *placed)


def on_paper(situation: Situation) -> Situation:
    """`situation` as a paper needs it that is printed before the meeting: nothing can be added to it any more, so how
    it will have been and whether there is to be another appointment are not known, and their points are on it."""
    return replace(situation, unpleasant=True, follow_up=True)

"""The rules of matching, each written once: `CONSTRAINTS` and `PREFERENCES` are the tables.

A constraint says who can be asked at all, a preference who is more likely to fit. A rule looks at many askers (rows)
and many helpers (columns) at once; what it gives may be one row or one column when the other side does not matter.

Background is no rule and never will be: it is shown side by side for a person to compare (R17).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .people import Asker, Feedback, Helper, ThemeKind

Askers = Sequence[Asker]
Helpers = Sequence[Helper]
Holds = NDArray[np.bool_]
Levels = NDArray[np.int8]
Params = Mapping[str, Any]
Words = Callable[[Asker, Helper], Params]


class Importance(StrEnum):
    """How much a school cares about a preference."""

    IMPORTANT = "important"
    COUNTS = "counts"
    IGNORED = "ignored"

    @property
    def times(self) -> int:
        """By how much it multiplies the weight."""
        return {Importance.IMPORTANT: 3, Importance.COUNTS: 1, Importance.IGNORED: 0}[self]


# By the code of a preference; one that is not named counts.
Weighing = Mapping[str, Importance]


def _nothing(asker: Asker, helper: Helper) -> Params:
    return {}


@dataclass(frozen=True)
class Constraint:
    """`holds` says for which pairs; the others cannot be. `private` hides why, because it is another person's matter.
    `params` gives what the words need, for a pair that is shown."""

    code: str
    holds: Callable[[Askers, Helpers], Holds]
    private: bool = False
    params: Words = _nothing


@dataclass(frozen=True)
class Preference:
    """`level` is above 0 where it speaks for a pair, below 0 where it asks attention, 0 where it says nothing. One
    level is worth `weight` points of fit."""

    code: str
    weight: int
    level: Callable[[Askers, Helpers], Levels]
    params: Words = _nothing


# How rules look at people


def _rows(askers: Askers, value: Callable[[Asker], bool]) -> Holds:
    return np.array([[value(asker)] for asker in askers], dtype=bool).reshape(len(askers), 1)


def _columns(helpers: Helpers, value: Callable[[Helper], bool]) -> Holds:
    return np.array([[value(helper) for helper in helpers]], dtype=bool)


def _share(left: Sequence[Collection[Hashable]], right: Sequence[Collection[Hashable]]) -> Holds:
    """Whether each set of `left` (rows) has something in common with each of `right` (columns). For things of which
    there are few: languages, grades, groups, themes."""
    both = set().union(*left) & set().union(*right)
    index = {item: i for i, item in enumerate(both)}

    def incidence(sets: Sequence[Collection[Hashable]]) -> NDArray[np.uint8]:
        matrix = np.zeros((len(sets), len(index)), dtype=bool)
        known = [(row, index[item]) for row, those in enumerate(sets) for item in those if item in index]
        matrix[[row for row, _ in known], [item for _, item in known]] = True
        return np.packbits(matrix, axis=1)

    # Eight things at a time, as bits: a product of matrices takes ten times as long where other work is done too.
    found = np.zeros((len(left), len(right)), dtype=bool)
    for of_left, of_right in zip(incidence(left).T, incidence(right).T, strict=True):
        found |= (of_left[:, np.newaxis] & of_right) != 0
    return found


def _named(sets: Sequence[Collection[int]], numbers: Sequence[int]) -> Holds:
    """Whether each of `numbers` (columns) stands in each of `sets` (rows). For people: there are many, and few of them
    are named."""
    columns = defaultdict(list)
    for column, number in enumerate(numbers):
        columns[number].append(column)
    named = [
        (row, column)
        for row, those in enumerate(sets)
        for number in those
        for column in columns.get(number, ())
    ]
    found = np.zeros((len(sets), len(numbers)), dtype=bool)
    found[[row for row, _ in named], [column for _, column in named]] = True
    return found


def _nobody_named(parents: Callable[[Asker], Collection[int]]) -> Callable[[Askers, Helpers], Holds]:
    """Holds for helpers who are none of the `parents` that belong to an asker."""
    return lambda askers, helpers: ~_named([parents(a) for a in askers], [h.parent for h in helpers])


def _no_buddy_named(buddies: Callable[[Asker], Collection[int]]) -> Callable[[Askers, Helpers], Holds]:
    """Holds for helpers who are none of the `buddies` that an asker names."""
    return lambda askers, helpers: ~_named([buddies(a) for a in askers], [h.id for h in helpers])


def _its_theme(themes: Callable[[Helper], Collection[int]]) -> Callable[[Askers, Helpers], Holds]:
    """Holds where the theme of the asker is one of the `themes` of the helper."""
    return lambda askers, helpers: _share([{a.theme} for a in askers], [themes(h) for h in helpers])


def _helper_alone(value: Callable[[Helper], bool]) -> Callable[[Askers, Helpers], Holds]:
    return lambda askers, helpers: _columns(helpers, value)


def _of_kind(askers: Askers, kind: ThemeKind) -> Holds:
    return _rows(askers, lambda asker: asker.kind is kind)


def _levels(found: Holds) -> Levels:
    return found.astype(np.int8)


# What some of them say


def _masters_both(askers: Askers, helpers: Helpers) -> Holds:
    bridges = _share(
        [a.languages - {"nl"} for a in askers],
        [h.languages if "nl" in h.languages else () for h in helpers],
    )
    return ~_of_kind(askers, ThemeKind.LANGUAGE) | bridges


def _here_a_year(askers: Askers, helpers: Helpers) -> Holds:
    return ~_of_kind(askers, ThemeKind.NEWCOMER) | _columns(helpers, lambda h: (h.years_here or 0) >= 1)


def _outside_class(askers: Askers, helpers: Helpers) -> Holds:
    return ~_share([a.groups if a.outside_class else () for a in askers], [h.groups for h in helpers])


def _language(askers: Askers, helpers: Helpers) -> Levels:
    spoken = [h.languages for h in helpers]
    common = _share([a.languages for a in askers], spoken)
    own = _share([a.languages - {"nl"} for a in askers], spoken)
    return _levels(own) - 2 * _levels(~common)


def _feedback(askers: Askers, helpers: Helpers) -> Levels:
    def given(feedback: Feedback) -> Levels:
        buddies = [[buddy for buddy, said in a.feedback.items() if said is feedback] for a in askers]
        return _levels(_named(buddies, [h.id for h in helpers]))

    return given(Feedback.GOOD) - given(Feedback.DOUBTFUL) - 3 * given(Feedback.NO)


def _several_children(askers: Askers, helpers: Helpers) -> Levels:
    several = _columns(helpers, lambda h: h.children_count > 1)
    return _levels(_of_kind(askers, ThemeKind.NEWCOMER) & several)


def _wish(askers: Askers, helpers: Helpers) -> Levels:
    as_wished = _share([{a.wish} - {""} for a in askers], [{h.kind} for h in helpers])
    known = _rows(askers, lambda a: bool(a.wish)) & _columns(helpers, lambda h: bool(h.kind))
    return _levels(as_wished) - _levels(known & ~as_wished)


def _grade(askers: Askers, helpers: Helpers) -> Levels:
    grades = [h.grades for h in helpers]
    same = _share([a.grades for a in askers], grades)
    near = _share([{g + step for g in a.grades for step in (-1, 0, 1)} for a in askers], grades)
    return _levels(same) + _levels(near)


def _same_class(askers: Askers, helpers: Helpers) -> Levels:
    return -_levels(_share([a.groups if a.sensitive else () for a in askers], [h.groups for h in helpers]))


def _own_languages(asker: Asker, helper: Helper) -> Params:
    return {"languages": tuple(sorted((asker.languages & helper.languages) - {"nl"}))}


# The tables

# The first that does not hold is the one that is told: private ones first, so that no other one shows that there is
# none; then what lasts, then what may be over tomorrow. What nobody gets past is what is missing (see `missing`).
CONSTRAINTS: tuple[Constraint, ...] = (
    Constraint("another_person", _nobody_named(lambda a: {a.parent}), private=True),
    Constraint("not_family", _nobody_named(lambda a: a.family), private=True),
    Constraint("not_family_buddy", _no_buddy_named(lambda a: a.family_buddies), private=True),
    Constraint("not_these", _no_buddy_named(lambda a: a.not_these), private=True),
    Constraint("coordinator", lambda a, h: ~_its_theme(lambda each: each.arranges)(a, h), private=True),
    Constraint("experience", _its_theme(lambda h: h.themes)),
    Constraint("masters_both", _masters_both),
    Constraint("here_a_year", _here_a_year),
    Constraint("outside_class", _outside_class),
    Constraint("not_refused", _no_buddy_named(lambda a: a.refused)),
    Constraint("consent", _its_theme(lambda h: h.consented)),
    Constraint("offered", _helper_alone(lambda h: h.offered)),
    Constraint("capacity", _helper_alone(lambda h: h.live - h.in_mind < h.capacity)),
    Constraint("in_mind", _helper_alone(lambda h: h.live < h.capacity)),
    Constraint("not_skipped", _no_buddy_named(lambda a: a.skipped)),
)
PREFERENCES: tuple[Preference, ...] = (
    Preference("language", 30, _language, _own_languages),
    Preference("feedback", 20, _feedback),
    Preference("several_children", 20, _several_children, lambda a, h: {"count": h.children_count}),
    Preference("wish", 15, _wish, lambda a, h: {"kind": h.kind}),
    Preference("grade", 10, _grade, lambda a, h: {"grades": tuple(sorted(h.grades))}),
    Preference("same_class", 5, _same_class),
)

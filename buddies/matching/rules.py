"""The rules of matching, each written once: `CONSTRAINTS` and `PREFERENCES` are the tables.

A constraint says who can be asked at all, a preference who is more likely to fit. A rule looks at many askers (rows)
and many helpers (columns) at once; what it gives may be one row or one column when the other side does not matter.

Background is no rule and never will be: it is shown side by side for a person to compare (R17).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .people import Asker, Feedback, Helper, ThemeKind

Askers = Sequence[Asker]
Helpers = Sequence[Helper]
Holds = NDArray[np.bool_]
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
class Levels:
    """The level of every pair: that of the entry of `table` in the row of the asker, by `rows`, and the column of the
    helper, by `columns`. Few are different, so this is small where all of them would take much memory."""

    table: NDArray[np.int8]
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]

    def __getitem__(self, pairs: Any) -> Any:
        """The level of one pair, row and column, or of several: an array of rows and one of columns."""
        row, column = pairs
        return self.table[self.rows[row], self.columns[column]]

    def times(self, factor: int, dtype: type[np.signedinteger[Any]]) -> NDArray[Any]:
        """All of them written out, `factor` times."""
        # First the columns, while there are few rows: then whole rows are copied at once.
        return (self.table * dtype(factor)).take(self.columns, axis=1).take(self.rows, axis=0)


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


# How rules look at many people at once


def _compare(
    of_asker: Callable[[Asker], Any], of_helper: Callable[[Helper], Any], say: Callable[[Any, Any], int]
) -> Callable[[Askers, Helpers], Levels]:
    """What `say` says of a thing of each asker and a thing of each helper: languages, grades, a wish. Many people say
    the same, so each two different things are compared once."""

    def levels(askers: Askers, helpers: Helpers) -> Levels:
        of_row, of_column = [of_asker(asker) for asker in askers], [of_helper(helper) for helper in helpers]
        rows, columns = ({thing: i for i, thing in enumerate({*those})} for those in (of_row, of_column))
        said = [[say(one, other) for other in columns] for one in rows]
        return Levels(
            np.array(said, dtype=np.int8).reshape(len(rows), len(columns)),
            np.array([rows[thing] for thing in of_row], dtype=np.intp),
            np.array([columns[thing] for thing in of_column], dtype=np.intp),
        )

    return levels


def _holds(
    of_asker: Callable[[Asker], Any], of_helper: Callable[[Helper], Any], say: Callable[[Any, Any], bool]
) -> Callable[[Askers, Helpers], Holds]:
    """The same, for what is so or not."""
    levels = _compare(of_asker, of_helper, say)
    return lambda askers, helpers: levels(askers, helpers).times(1, np.int8).view(bool)


def _alone(say: Callable[[Helper], bool]) -> Callable[[Askers, Helpers], Holds]:
    """Holds for helpers of whom `say` says so, whoever asks."""
    return lambda askers, helpers: np.array([[say(helper) for helper in helpers]], dtype=bool)


def _find(
    named: Callable[[Asker], Iterable[int]], number: Callable[[Helper], int], askers: Askers, helpers: Helpers
) -> Iterator[tuple[int, int]]:
    """Row and column of the helpers whom the askers name by `number`: there are many people, and few are named."""
    rows = defaultdict(list)
    for row, asker in enumerate(askers):
        for each in named(asker):
            rows[each].append(row)
    for column, helper in enumerate(helpers if rows else ()):
        for row in rows.get(number(helper), ()):
            yield row, column


def _not_among(
    named: Callable[[Asker], Iterable[int]], number: Callable[[Helper], int]
) -> Callable[[Askers, Helpers], Holds]:
    """Holds for helpers whose `number` the asker does not name."""

    def holds(askers: Askers, helpers: Helpers) -> Holds:
        found = np.ones((len(askers), len(helpers)), dtype=bool)
        for row, column in _find(named, number, askers, helpers):
            found[row, column] = False
        return found

    return holds


# What some of them say

_NONE: frozenset[int] = frozenset()


def _knows(theme: int, themes: frozenset[int]) -> bool:
    return theme in themes


def _avoided(asker: Asker) -> frozenset[int]:
    """The groups that the parent would rather not meet."""
    return asker.groups if asker.outside_class else _NONE


def _masters_both(asks: tuple[ThemeKind, frozenset[str]], spoken: frozenset[str]) -> bool:
    kind, languages = asks
    return kind is not ThemeKind.LANGUAGE or ("nl" in spoken and bool((languages - {"nl"}) & spoken))


def _here_a_year(kind: ThemeKind, for_a_year: bool) -> bool:
    return for_a_year or kind is not ThemeKind.NEWCOMER


def _several(kind: ThemeKind, several: bool) -> int:
    return int(several and kind is ThemeKind.NEWCOMER)


def _language(asks: frozenset[str], spoken: frozenset[str]) -> int:
    common = asks & spoken
    return -2 if not common else 1 if common - {"nl"} else 0


def _wish(wish: str, kind: str) -> int:
    return 0 if not wish or not kind else 1 if wish == kind else -1


def _grade(asks: frozenset[int], has: frozenset[int]) -> int:
    apart = min((abs(one - other) for one in asks for other in has), default=8)
    return max(0, 2 - apart)


def _same_class(askers: Askers, helpers: Helpers) -> Levels:
    compare = _compare(lambda a: a.groups if a.sensitive else _NONE, lambda h: h.groups, frozenset.isdisjoint)
    apart = compare(askers, helpers)
    return replace(apart, table=apart.table - np.int8(1))


_FEEDBACK = {Feedback.GOOD: 1, Feedback.DOUBTFUL: -1, Feedback.NO: -3}


def _feedback(askers: Askers, helpers: Helpers) -> Levels:
    judged = [row for row, asker in enumerate(askers) if asker.feedback]
    # The first row of the table is that of all others.
    rows, columns = np.zeros(len(askers), dtype=np.intp), np.arange(len(helpers))
    rows[judged] = range(1, len(judged) + 1)
    table = np.zeros((1 + len(judged), len(helpers)), dtype=np.int8)
    for row, column in _find(lambda a: a.feedback, lambda h: h.id, askers, helpers):
        table[rows[row], column] = _FEEDBACK[askers[row].feedback[helpers[column].id]]
    return Levels(table, rows, columns)


def _own_languages(asker: Asker, helper: Helper) -> Params:
    return {"languages": tuple(sorted((asker.languages & helper.languages) - {"nl"}))}


# The tables

# The first that does not hold is the one that is told: private ones first, so that no other one shows that there is
# none; then what lasts, then what may be over tomorrow. What nobody gets past is what is missing (see `missing`).
CONSTRAINTS: tuple[Constraint, ...] = (
    Constraint("another_person", _not_among(lambda a: [a.parent], lambda h: h.parent), private=True),
    Constraint("not_family", _not_among(lambda a: a.family, lambda h: h.parent), private=True),
    Constraint("not_family_buddy", _not_among(lambda a: a.family_buddies, lambda h: h.id), private=True),
    Constraint("not_these", _not_among(lambda a: a.not_these, lambda h: h.id), private=True),
    Constraint(
        "coordinator",
        _holds(lambda a: a.theme, lambda h: h.arranges, lambda theme, arranges: theme not in arranges),
        private=True,
    ),
    Constraint("experience", _holds(lambda a: a.theme, lambda h: h.themes, _knows)),
    Constraint("masters_both", _holds(lambda a: (a.kind, a.languages), lambda h: h.languages, _masters_both)),
    Constraint("here_a_year", _holds(lambda a: a.kind, lambda h: (h.years_here or 0) >= 1, _here_a_year)),
    Constraint("outside_class", _holds(_avoided, lambda h: h.groups, frozenset.isdisjoint)),
    Constraint("not_refused", _not_among(lambda a: a.refused, lambda h: h.id)),
    Constraint("consent", _holds(lambda a: a.theme, lambda h: h.consented, _knows)),
    Constraint("offered", _alone(lambda h: h.offered)),
    Constraint("capacity", _alone(lambda h: h.live - h.in_mind < h.capacity)),
    Constraint("in_mind", _alone(lambda h: h.live < h.capacity)),
    Constraint("not_skipped", _not_among(lambda a: a.skipped, lambda h: h.id)),
)
PREFERENCES: tuple[Preference, ...] = (
    Preference(
        "language", 30, _compare(lambda a: a.languages, lambda h: h.languages, _language), _own_languages
    ),
    Preference("feedback", 20, _feedback),
    Preference(
        "several_children",
        20,
        _compare(lambda a: a.kind, lambda h: h.children_count > 1, _several),
        lambda a, h: {"count": h.children_count},
    ),
    Preference(
        "wish", 15, _compare(lambda a: a.wish, lambda h: h.kind, _wish), lambda a, h: {"kind": h.kind}
    ),
    Preference(
        "grade",
        10,
        _compare(lambda a: a.grades, lambda h: h.grades, _grade),
        lambda a, h: {"grades": tuple(sorted(h.grades))},
    ),
    Preference("same_class", 5, _same_class),
)

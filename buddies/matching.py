"""Which buddies could help which parent, best first, and why. Pure: dataclasses in, explained results out.

Each rule is written once, in `RULES`, and used for ranking and for explaining. A hard rule says who can be asked
at all; a weighted rule says who is more likely to fit. The result is a proposal: a person decides (R4).

Background is no rule and never will be: it is shown side by side for a person to compare (R17).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Levels = NDArray[np.int64]
Params = Mapping[str, Any]


class ThemeKind(StrEnum):
    """What the rules need to know of a theme."""

    LANGUAGE = "language"
    NEWCOMER = "newcomer"
    OTHER = "other"


@dataclass(frozen=True)
class Asker:
    """A request, as far as matching goes.

    `grades` and `groups` are those of the child it is about; `wish` is "mother", "father" or ""; `refused` are
    buddies who were proposed before and did not proceed; `family` are the other guardians of the same children,
    `family_buddies` the buddies who are or were matched with one of them. All numbers are primary keys.
    """

    id: int
    parent: int
    theme: ThemeKind = ThemeKind.OTHER
    sensitive: bool = True
    languages: frozenset[str] = frozenset({"nl"})
    grades: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()
    wish: str = ""
    family: frozenset[int] = frozenset()
    refused: frozenset[int] = frozenset()
    family_buddies: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Helper:
    """A buddy with experience in the theme of the request. `kind` is "mother", "father", "carer" or "";
    `years_here` is how many years they have had a child at this school, None when not known; `in_mind` are those of
    the `live` parents they were only thought of for."""

    id: int
    parent: int
    languages: frozenset[str] = frozenset({"nl"})
    grades: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()
    kind: str = ""
    children_count: int = 1
    years_here: int | None = None
    capacity: int = 1
    live: int = 0
    in_mind: int = 0
    consented: bool = True
    offered: bool = True
    coordinates: bool = False


@dataclass(frozen=True)
class Reason:
    """Why a rule speaks for a buddy, asks attention, or excludes: its code, its level and what the words need."""

    code: str
    level: int
    params: Params = field(default_factory=dict)


@dataclass(frozen=True)
class Candidate:
    """A buddy who can be asked. `fit` orders; it is never shown."""

    buddy: int
    fit: int
    reasons: tuple[Reason, ...]
    attention: tuple[Reason, ...]


@dataclass(frozen=True)
class Excluded:
    """A buddy who cannot be asked, and the rule that says so."""

    buddy: int
    reason: Reason


@dataclass(frozen=True)
class Ranking:
    """All candidates best first, and everybody else."""

    candidates: tuple[Candidate, ...]
    excluded: tuple[Excluded, ...]


@dataclass(frozen=True)
class Rule:
    """`level` gives a whole number for each asker (rows) and helper (columns).

    Hard (`weight` is None): 0 excludes. Weighted: above 0 speaks for the pair, below 0 asks attention, 0 says
    nothing. `private` hides why somebody is excluded, because the reason is another person's matter. `params`
    gives what the words need, for a pair that is shown.
    """

    code: str
    level: Callable[[Sequence[Asker], Sequence[Helper]], Levels]
    weight: int | None = None
    private: bool = False
    params: Callable[[Asker, Helper], Params] = lambda asker, helper: {}


def _common(left: Sequence[Iterable[Hashable]], right: Sequence[Iterable[Hashable]]) -> Levels:
    """How many elements each set of `left` (rows) shares with each of `right` (columns)."""
    index = {
        item: i for i, item in enumerate(dict.fromkeys(item for group in (*left, *right) for item in group))
    }

    def incidence(groups: Sequence[Iterable[Hashable]]) -> NDArray[np.float32]:
        # float32: an integer matrix product does not use the fast library routines and takes 75 times as long.
        matrix = np.zeros((len(groups), len(index)), dtype=np.float32)
        for row, group in enumerate(groups):
            for item in group:
                matrix[row, index[item]] = 1
        return matrix

    return (incidence(left) @ incidence(right).T).astype(np.int64)


def _of_helper(value: Callable[[Helper], bool]) -> Callable[[Sequence[Asker], Sequence[Helper]], Levels]:
    """A level that depends on the helper alone."""

    def level(askers: Sequence[Asker], helpers: Sequence[Helper]) -> Levels:
        column = np.array([value(helper) for helper in helpers], dtype=np.int64)
        return np.broadcast_to(column, (len(askers), len(helpers)))

    return level


def _rows(askers: Sequence[Asker], value: Callable[[Asker], bool]) -> NDArray[np.bool_]:
    return np.array([value(asker) for asker in askers], dtype=bool).reshape(len(askers), 1)


def _another_person(askers: Sequence[Asker], helpers: Sequence[Helper]) -> Levels:
    return 1 - _common([{a.parent} for a in askers], [{h.parent} for h in helpers])


def _not_family(askers: Sequence[Asker], helpers: Sequence[Helper]) -> Levels:
    return 1 - _common([a.family for a in askers], [{h.parent} for h in helpers])


def _not_family_buddy(askers: Sequence[Asker], helpers: Sequence[Helper]) -> Levels:
    return 1 - _common([a.family_buddies for a in askers], [{h.id} for h in helpers])


def _not_refused(askers: Sequence[Asker], helpers: Sequence[Helper]) -> Levels:
    return 1 - _common([a.refused for a in askers], [{h.id} for h in helpers])


def _masters_both(askers: Sequence[Asker], helpers: Sequence[Helper]) -> Levels:
    other = _common(
        [a.languages - {"nl"} for a in askers], [h.languages if "nl" in h.languages else () for h in helpers]
    )
    return np.where(_rows(askers, lambda a: a.theme == ThemeKind.LANGUAGE), other > 0, True).astype(np.int64)


def _here_a_year(askers: Sequence[Asker], helpers: Sequence[Helper]) -> Levels:
    long_enough = np.array([[(h.years_here or 0) >= 1 for h in helpers]], dtype=bool)
    return np.where(_rows(askers, lambda a: a.theme == ThemeKind.NEWCOMER), long_enough, True).astype(
        np.int64
    )


def _language(askers: Sequence[Asker], helpers: Sequence[Helper]) -> Levels:
    common = _common([a.languages for a in askers], [h.languages for h in helpers])
    own = _common([a.languages - {"nl"} for a in askers], [h.languages for h in helpers])
    return np.where(common == 0, -2, np.where(own > 0, 1, 0))


def _grade(askers: Sequence[Asker], helpers: Sequence[Helper]) -> Levels:
    same = _common([a.grades for a in askers], [h.grades for h in helpers])
    near = _common(
        [{g + d for g in a.grades for d in (-1, 0, 1)} for a in askers], [h.grades for h in helpers]
    )
    return np.where(same > 0, 2, np.where(near > 0, 1, 0))


def _same_class(askers: Sequence[Asker], helpers: Sequence[Helper]) -> Levels:
    shared = _common([a.groups if a.sensitive else () for a in askers], [h.groups for h in helpers])
    return np.where(shared > 0, -1, 0)


def _several_children(askers: Sequence[Asker], helpers: Sequence[Helper]) -> Levels:
    several = np.array([[h.children_count > 1 for h in helpers]], dtype=bool)
    return (several & _rows(askers, lambda a: a.theme == ThemeKind.NEWCOMER)).astype(np.int64)


def _wish(askers: Sequence[Asker], helpers: Sequence[Helper]) -> Levels:
    kinds = _common([{a.wish} - {""} for a in askers], [{h.kind} for h in helpers])
    differs = np.array([[bool(h.kind) for h in helpers]], dtype=bool) & _rows(askers, lambda a: bool(a.wish))
    return np.where(kinds > 0, 1, np.where(differs, -1, 0))


# The one table of rules. Of the hard rules, the first that excludes is the one that is told.
RULES: tuple[Rule, ...] = (
    Rule("another_person", _another_person, private=True),
    Rule("not_family", _not_family, private=True),
    Rule("not_family_buddy", _not_family_buddy, private=True),
    Rule("coordinator", _of_helper(lambda h: not h.coordinates), private=True),
    Rule("consent", _of_helper(lambda h: h.consented)),
    Rule("offered", _of_helper(lambda h: h.offered)),
    Rule("capacity", _of_helper(lambda h: h.live - h.in_mind < h.capacity)),
    Rule("in_mind", _of_helper(lambda h: h.live < h.capacity)),
    Rule("not_refused", _not_refused),
    Rule("masters_both", _masters_both),
    Rule("here_a_year", _here_a_year),
    Rule(
        "language",
        _language,
        weight=30,
        params=lambda a, h: {"languages": tuple(sorted((a.languages & h.languages) - {"nl"}))},
    ),
    Rule("several_children", _several_children, weight=20, params=lambda a, h: {"count": h.children_count}),
    Rule("wish", _wish, weight=15, params=lambda a, h: {"kind": h.kind}),
    Rule("grade", _grade, weight=10, params=lambda a, h: {"grades": tuple(sorted(h.grades))}),
    Rule("same_class", _same_class, weight=5),
)
HARD = tuple(rule for rule in RULES if rule.weight is None)
WEIGHTED = tuple(rule for rule in RULES if rule.weight is not None)
# What a reader is told when the true reason is somebody else's matter.
NOT_SUITABLE = "not_suitable"


def feasible(askers: Sequence[Asker], helpers: Sequence[Helper]) -> NDArray[np.bool_]:
    """Which pairs no hard rule excludes: booleans, askers as rows and helpers as columns."""
    allowed = np.ones((len(askers), len(helpers)), dtype=bool)
    for rule in HARD:
        allowed &= rule.level(askers, helpers) > 0
    return allowed


def fits(askers: Sequence[Asker], helpers: Sequence[Helper]) -> Levels:
    """How well each pair fits, as whole numbers: askers as rows and helpers as columns."""
    total = np.zeros((len(askers), len(helpers)), dtype=np.int64)
    for rule in WEIGHTED:
        total += (rule.weight or 0) * rule.level(askers, helpers)
    return total


def why_not(asker: Asker, helper: Helper) -> Reason | None:
    """The rule that excludes `helper` for `asker`, None if they can be asked. Private rules give NOT_SUITABLE."""
    for rule in HARD:
        if not rule.level([asker], [helper])[0, 0]:
            return (
                Reason(NOT_SUITABLE, 0) if rule.private else Reason(rule.code, 0, rule.params(asker, helper))
            )
    return None


def reasons(asker: Asker, helper: Helper) -> tuple[Reason, ...]:
    """What speaks for the pair and what asks attention, weightiest first."""
    found = []
    for rule in WEIGHTED:
        level = int(rule.level([asker], [helper])[0, 0])
        if level:
            found.append(
                (-abs(level * (rule.weight or 0)), Reason(rule.code, level, rule.params(asker, helper)))
            )
    return tuple(reason for _, reason in sorted(found, key=lambda pair: (pair[0], pair[1].code)))


def rank(asker: Asker, helpers: Sequence[Helper]) -> Ranking:
    """`helpers` for one request: best first, then who helps fewest parents, then the longest known.

    The order of `helpers` does not matter: the result is the same whatever it is.
    """
    helpers = sorted(helpers, key=lambda helper: helper.id)
    allowed, fit = feasible([asker], helpers), fits([asker], helpers)
    candidates, excluded = [], []
    for column, helper in enumerate(helpers):
        if allowed[0, column]:
            told = reasons(asker, helper)
            candidates.append(
                (
                    (-int(fit[0, column]), helper.live, helper.id),
                    Candidate(
                        helper.id,
                        int(fit[0, column]),
                        tuple(r for r in told if r.level > 0),
                        tuple(r for r in told if r.level < 0),
                    ),
                )
            )
        else:
            reason = why_not(asker, helper)
            assert reason is not None  # some hard rule gave 0
            excluded.append(Excluded(helper.id, reason))
    return Ranking(
        tuple(candidate for _, candidate in sorted(candidates, key=lambda c: c[0])), tuple(excluded)
    )

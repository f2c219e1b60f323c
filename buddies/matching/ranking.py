"""Who can be asked for a request, best first, and why: everything is read from one table of all pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .people import Asker, Helper
from .rules import CONSTRAINTS, PREFERENCES, Importance, Params, Preference, Weighing

# What a reader is told when the true reason is somebody else's matter.
NOT_SUITABLE = "not_suitable"
# Of the obstacles of a pair, that there is none.
NONE = len(CONSTRAINTS)


# Preferences that are told of a pair, each with its level.
Told = list[tuple[Preference, int]]


class Reason(NamedTuple):
    """Why a rule speaks for a buddy, asks attention, or excludes: its code, its level and what the words need."""

    code: str
    level: int
    params: Params = {}


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


class Pairs:
    """Every asker (rows, longest waiting first) beside every helper (columns, longest known first), whatever order
    they came in: `obstacle` is the place in CONSTRAINTS of the first rule that excludes the pair, or NONE; `feasible`
    whether there is none; `fit` how well they fit, in points. `weighing` is how much this school cares."""

    def __init__(self, askers: Sequence[Asker], helpers: Sequence[Helper], weighing: Weighing) -> None:
        self.askers = sorted(askers, key=lambda asker: (asker.turn, asker.id))
        self.helpers = sorted(helpers, key=lambda helper: helper.id)
        shape = len(askers), len(helpers)
        self.obstacle = np.full(shape, NONE, dtype=np.int8)
        for place, constraint in enumerate(CONSTRAINTS):
            holds = constraint.holds(self.askers, self.helpers)
            if holds.all():
                continue
            # `place` where it does not hold, else NONE; by arithmetic, as choosing by a mask takes forty times as long.
            np.minimum(self.obstacle, place + holds * np.int8(NONE - place), out=self.obstacle)
        self.feasible: NDArray[np.bool_] = self.obstacle == NONE
        self.fit = np.zeros(shape, dtype=np.int16)
        self._times = [weighing.get(rule.code, Importance.COUNTS).times for rule in PREFERENCES]
        self._levels = [rule.level(self.askers, self.helpers) for rule in PREFERENCES]
        for rule, times, level in zip(PREFERENCES, self._times, self._levels, strict=True):
            self.fit += level.times(rule.weight * times, np.int16)

    def excluded(self, row: int, column: int) -> Excluded | None:
        """Why this pair cannot be, None if it can. Private rules all read the same."""
        if self.feasible[row, column]:
            return None
        rule, helper = CONSTRAINTS[self.obstacle[row, column]], self.helpers[column]
        if rule.private:
            return Excluded(helper.id, Reason(NOT_SUITABLE, 0))
        return Excluded(helper.id, Reason(rule.code, 0, rule.params(self.askers[row], helper)))

    def candidate(self, row: int, column: int) -> Candidate:
        """As `candidates`, for one pair."""
        return self.candidates([row], [column])[0]

    def candidates(self, rows: Sequence[int], columns: Sequence[int]) -> list[Candidate]:
        """What speaks for each of these pairs and what asks attention, the weightiest first."""
        rows, columns = list(rows), list(columns)
        fits = self.fit[rows, columns].tolist()
        levels = zip(*(level[rows, columns].tolist() for level in self._levels), strict=True)
        told: dict[tuple[int, ...], tuple[Told, Told]] = {}
        found = []
        for row, column, fit, level in zip(rows, columns, fits, levels, strict=True):
            if level not in told:
                told[level] = self._told(level)
            pair = self.askers[row], self.helpers[column]
            reasons, attention = (
                tuple(Reason(rule.code, at, rule.params(*pair)) for rule, at in those)
                for those in told[level]
            )
            found.append(Candidate(pair[1].id, fit, reasons, attention))
        return found

    def _told(self, levels: Sequence[int]) -> tuple[Told, Told]:
        """Which preferences speak for a pair with these `levels` and which ask attention, the weightiest first.

        What speaks for a pair is told only if the school counts it. What asks attention is always told: each such
        point protects somebody.
        """
        rules = [
            (times * rule.weight * abs(at), rule, at)
            for rule, times, at in zip(PREFERENCES, self._times, levels, strict=True)
        ]
        rules.sort(key=lambda each: (-each[0], -each[1].weight * abs(each[2]), each[1].code))
        return (
            [(rule, at) for points, rule, at in rules if at > 0 and points],
            [(rule, at) for _points, rule, at in rules if at < 0],
        )


class Ranking:
    """All helpers for one asker, by number: `order` are those who can be asked, best first, `left_out` the others. Why
    is worked out for whom it is asked of: a page shows few of them."""

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = pairs
        self._columns = {helper.id: column for column, helper in enumerate(pairs.helpers)}
        fit: list[int] = pairs.fit[0].tolist()
        possible: list[int] = pairs.feasible[0].nonzero()[0].tolist()
        possible.sort(key=lambda c: (-fit[c], pairs.helpers[c].live, pairs.helpers[c].id))
        self.order = [pairs.helpers[column].id for column in possible]
        self.left_out = [pairs.helpers[column].id for column in (~pairs.feasible[0]).nonzero()[0].tolist()]

    def helper(self, buddy: int) -> Helper:
        """Either of them."""
        return self.pairs.helpers[self._columns[buddy]]

    def candidate(self, buddy: int) -> Candidate:
        """One of `order`, with what speaks for them."""
        return self.pairs.candidate(0, self._columns[buddy])

    def exclusion(self, buddy: int) -> Excluded:
        """One of `left_out`, with why."""
        found = self.pairs.excluded(0, self._columns[buddy])
        assert found is not None
        return found

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """All who can be asked, best first."""
        return tuple(map(self.candidate, self.order))

    @property
    def excluded(self) -> tuple[Excluded, ...]:
        """Everybody else."""
        return tuple(map(self.exclusion, self.left_out))


def rank(asker: Asker, helpers: Sequence[Helper], weighing: Weighing | None = None) -> Ranking:
    """`helpers` for one request: best first, then who helps fewest parents, then the longest known.

    The order of `helpers` does not matter: the result is the same whatever it is.
    """
    return Ranking(Pairs([asker], helpers, weighing or {}))


def explain(asker: Asker, helper: Helper, weighing: Weighing | None = None) -> Candidate | Excluded:
    """What matching thinks of one pair."""
    pairs = Pairs([asker], [helper], weighing or {})
    return pairs.excluded(0, 0) or pairs.candidate(0, 0)


def why_not(asker: Asker, helper: Helper) -> Reason | None:
    """The rule that excludes `helper` for `asker`, None if they can be asked. Private rules give NOT_SUITABLE."""
    excluded = Pairs([asker], [helper], {}).excluded(0, 0)
    return excluded.reason if excluded else None

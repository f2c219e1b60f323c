"""What the best plan is worth, found by trying everything; and people in all sorts of trouble to try it on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from random import Random
from typing import TypeVar

from buddies.assignment import Plan, assign
from buddies.matching import (
    PREFERENCES,
    Asker,
    Feedback,
    Helper,
    Importance,
    Pairs,
    ThemeKind,
    Weighing,
)

T = TypeVar("T")
# As high as possible, in this order: how many are served, who (longest waiting first), fit, and how evenly.
Worth = tuple[int, tuple[bool, ...], int, int]


@dataclass(frozen=True)
class Case:
    """People who ask and who help, and what staff decided."""

    askers: list[Asker]
    helpers: list[Helper]
    weighing: Weighing = field(default_factory=dict)
    decided: Mapping[int, int] = field(default_factory=dict)

    def plan(self) -> Plan:
        return assign(self.askers, self.helpers, self.weighing, self.decided)

    def pairs(self) -> Pairs:
        return Pairs(self.askers, self.helpers, self.weighing)


def standing(case: Case, pairs: Pairs) -> dict[int, int]:
    """The decisions that stand, as row to column: the longest waiting first, as far as rules and places allow."""
    column_of = {helper.id: column for column, helper in enumerate(pairs.helpers)}
    kept: dict[int, int] = {}
    for row, asker in enumerate(pairs.askers):
        column = column_of.get(case.decided.get(asker.id, -1), -1)
        taken = list(kept.values()).count(column)
        if column >= 0 and pairs.feasible[row, column] and taken < pairs.helpers[column].places:
            kept[row] = column
    return kept


def best(case: Case, pairs: Pairs) -> Worth:
    """The worth of the best plan: every set of askers for each helper, with every set for those before."""
    kept = standing(case, pairs)
    rows = range(len(pairs.askers))
    # By the set of rows served so far, the highest fit and evenness.
    found: dict[int, tuple[int, int]] = {0: (0, 0)}
    for column, helper in enumerate(pairs.helpers):
        able = [row for row in rows if pairs.feasible[row, column] and kept.get(row, column) == column]
        must = sum(1 << row for row, own in kept.items() if own == column)
        further: dict[int, tuple[int, int]] = {}
        for count in range(min(helper.places, len(able)) + 1):
            for those in combinations(able, count):
                mask = sum(1 << row for row in those)
                if mask & must != must:
                    continue
                fit = sum(int(pairs.fit[row, column]) for row in those)
                load = (helper.live + count) ** 2
                for before, (fit_before, even_before) in found.items():
                    if not before & mask:
                        value = fit_before + fit, even_before - load
                        if value > further.get(before | mask, (-(10**9), 0)):
                            further[before | mask] = value
        found = further
    return max(
        (mask.bit_count(), tuple(bool(mask >> row & 1) for row in rows), *value)
        for mask, value in found.items()
    )


def worth(plan: Plan, pairs: Pairs) -> Worth:
    """What `plan` is worth. Fails if it is no plan at all."""
    got = {asker: candidate.buddy for asker, candidate in plan.pairs.items()}
    total = even = 0
    for column, helper in enumerate(pairs.helpers):
        those = [row for row, asker in enumerate(pairs.askers) if got.get(asker.id) == helper.id]
        assert len(those) <= helper.places
        assert all(pairs.feasible[row, column] for row in those)
        total += sum(int(pairs.fit[row, column]) for row in those)
        even -= (helper.live + len(those)) ** 2
    served = tuple(asker.id in got for asker in pairs.askers)
    assert sum(served) == len(got)
    return len(got), served, total, even


def cases(seed: int, count: int) -> Iterator[Case]:
    """`count` small cases of every kind, the same ones for the same `seed`."""
    random = Random(seed)  # no secret
    return (a_case(random) for _ in range(count))


def a_case(random: Random) -> Case:
    """A small case of any kind."""
    askers = [_asker(random, number) for number in range(1, min(5, random.randint(0, 7)) + 1)]
    helpers = [_helper(random, 100 + number) for number in range(min(4, random.randint(0, 5)))]
    shape = random.random()
    if shape < 0.2:  # everybody alike: ties only
        askers = [Asker(id=a.id, parent=a.parent, turn=a.turn, skipped=a.skipped) for a in askers]
        helpers = [Helper(id=h.id, parent=h.id, capacity=h.capacity, live=h.live) for h in helpers]
    elif shape < 0.25:  # nobody can
        helpers = [Helper(id=h.id, parent=h.id, offered=False, capacity=h.capacity) for h in helpers]
    decided = {}
    if helpers and random.random() < 0.4:
        chosen = helpers if random.random() < 0.5 else helpers[:1]
        decided = {a.id: random.choice(chosen).id for a in askers if random.random() < 0.6}
    weighing = {}
    if random.random() < 0.3:
        weighing = {rule.code: random.choice(list(Importance)) for rule in PREFERENCES}
    random.shuffle(askers)
    random.shuffle(helpers)
    return Case(askers, helpers, weighing, decided)


def _asker(random: Random, number: int) -> Asker:
    return Asker(
        id=number,
        parent=random.randint(1, 20),
        turn=random.randint(1, 3),
        theme=random.randint(0, 2),
        kind=random.choice([ThemeKind.OTHER, ThemeKind.OTHER, ThemeKind.NEWCOMER, ThemeKind.LANGUAGE]),
        sensitive=random.random() < 0.5,
        languages=_some(random, ["nl", "tr", "pl"]),
        grades=_some(random, [1, 2, 4]),
        groups=_some(random, [1, 2]),
        wish=random.choice(["", "", "mother", "father"]),
        outside_class=random.random() < 0.1,
        refused=_some(random, [100, 101, 102, 103]) if random.random() < 0.3 else frozenset(),
        skipped=_some(random, [100, 101, 102, 103]) if random.random() < 0.3 else frozenset(),
        feedback={random.randint(100, 103): random.choice(list(Feedback))} if random.random() < 0.3 else {},
    )


def _helper(random: Random, number: int) -> Helper:
    themes = _some(random, [0, 1, 2]) | _some(random, [0, 1, 2])
    return Helper(
        id=number,
        parent=random.randint(18, 40),
        themes=themes,
        consented=themes if random.random() < 0.9 else frozenset(),
        languages=frozenset({"nl"}) | _some(random, ["tr", "pl"]),
        grades=_some(random, [1, 3, 4]),
        groups=_some(random, [1, 2]),
        kind=random.choice(["", "mother", "father"]),
        children_count=random.randint(1, 2),
        years_here=random.choice([None, 0, 2, 2]),
        capacity=random.randint(1, 3),
        live=random.choice([0, 0, 0, 1, 2]),
    )


def _some(random: Random, things: list[T]) -> frozenset[T]:
    return frozenset(thing for thing in things if random.random() < 0.6)

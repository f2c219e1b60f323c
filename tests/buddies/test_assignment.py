"""Dividing buddies over many who ask, against every way it could be done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from buddies.assignment import assign
from buddies.matching import Asker, Helper, ThemeKind, feasible, fits

Pairs = dict[int, int]


def every_way(askers: Sequence[Asker], helpers: Sequence[Helper]) -> Iterator[Pairs]:
    """All divisions that no hard rule and no capacity forbids, the empty one too."""
    allowed = feasible(askers, helpers)

    def go_on(row: int, pairs: Pairs) -> Iterator[Pairs]:
        if row == len(askers):
            yield dict(pairs)
            return
        yield from go_on(row + 1, pairs)
        for column, helper in enumerate(helpers):
            taken = sum(1 for other in pairs.values() if other == helper.id)
            if allowed[row, column] and helper.live + taken < helper.capacity:
                yield from go_on(row + 1, pairs | {askers[row].id: helper.id})

    return go_on(0, {})


def worth(pairs: Pairs, askers: Sequence[Asker], helpers: Sequence[Helper]) -> tuple[object, ...]:
    """What is to be as high as possible, in order: how many, who waits longest, fit, and how evenly."""
    fit = fits(askers, helpers)
    total = sum(
        int(fit[row, column])
        for row, asker in enumerate(askers)
        for column, helper in enumerate(helpers)
        if pairs.get(asker.id) == helper.id
    )
    loads = [helper.live + sum(1 for other in pairs.values() if other == helper.id) for helper in helpers]
    served = tuple(asker.id in pairs for asker in askers)
    return len(pairs), served, total, -sum(load * load for load in loads)


LANGUAGES = st.sets(st.sampled_from(["nl", "tr", "pl"]), min_size=1).map(frozenset)
GRADES = st.sets(st.integers(1, 3), max_size=2).map(frozenset)
ASKER = st.builds(
    Asker,
    id=st.just(0),
    parent=st.integers(1, 5),
    theme=st.sampled_from([ThemeKind.NEWCOMER, ThemeKind.OTHER]),
    languages=LANGUAGES,
    grades=GRADES,
    refused=st.sets(st.integers(100, 104), max_size=2).map(frozenset),
)
HELPER = st.builds(
    Helper,
    id=st.just(0),
    parent=st.integers(4, 12),
    languages=LANGUAGES,
    grades=GRADES,
    children_count=st.integers(1, 3),
    years_here=st.sampled_from([None, 0, 2]),
    capacity=st.integers(1, 3),
    live=st.integers(0, 2),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(ASKER, max_size=4), st.lists(HELPER, max_size=4), st.randoms(use_true_random=False))
def test_no_other_way_is_better(askers: list[Asker], helpers: list[Helper], random: object) -> None:
    askers = [Asker(**{**vars(a), "id": number}) for number, a in enumerate(askers, start=1)]
    helpers = [Helper(**{**vars(h), "id": 100 + number}) for number, h in enumerate(helpers)]
    found = assign(askers, helpers)
    ways = list(every_way(askers, helpers))
    assert found in ways
    assert worth(found, askers, helpers) == max(worth(way, askers, helpers) for way in ways)
    shuffled = list(helpers)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    assert assign(askers, shuffled) == found


def test_who_waits_longest_comes_first() -> None:
    only = Helper(id=9, parent=90)
    assert assign([Asker(id=1, parent=1), Asker(id=2, parent=2)], [only]) == {1: 9}
    assert assign([Asker(id=2, parent=2), Asker(id=1, parent=1)], [only]) == {2: 9}


def test_nobody_waits_for_a_better_fit() -> None:
    """The first could have either buddy, the second only the one who suits the first best."""
    turkish = Helper(id=8, parent=80, languages=frozenset({"nl", "tr"}))
    dutch = Helper(id=9, parent=90)
    first = Asker(id=1, parent=1, languages=frozenset({"tr"}))
    second = Asker(id=2, parent=2, languages=frozenset({"tr"}), refused=frozenset({9}))
    assert assign([first, second], [turkish, dutch]) == {1: 9, 2: 8}


def test_places_are_spread() -> None:
    two = [Helper(id=8, parent=80, capacity=2), Helper(id=9, parent=90, capacity=2)]
    found = assign([Asker(id=1, parent=1), Asker(id=2, parent=2)], two)
    assert set(found.values()) == {8, 9}


def test_nobody_asks_or_nobody_helps() -> None:
    assert assign([], [Helper(id=9, parent=90)]) == {}
    assert assign([Asker(id=1, parent=1)], []) == {}
    assert assign([Asker(id=1, parent=1)], [Helper(id=9, parent=90, live=1)]) == {}

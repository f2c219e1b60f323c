"""What may be shown of small numbers, attacked by somebody who knows the rules and everything that is shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buddies import figures
from buddies.figures import (
    Counts,
    Group,
    Published,
    Rough,
    Stretch,
    neighbours,
    part,
    publish,
    together,
    total,
)

Vector = tuple[int, ...]


def vectors(places: int, most: int) -> Iterator[Vector]:
    """Every way in which at most `most` people can be spread over `places`."""

    def spread(left: int, places: int) -> Iterator[Vector]:
        if places == 0:
            yield ()
            return
        for here in range(left + 1):
            for rest in spread(left - here, places - 1):
                yield (here, *rest)

    return spread(most, places)


def found_out(
    worlds: Iterable[Vector],
    shown: Callable[[Vector], Hashable],
    secrets: Callable[[Vector], dict[str, int]],
) -> set[tuple[Hashable, str]]:
    """What an attacker finds out: of all `worlds` that look the same from outside, a secret that is the same too.
    `secrets` gives those that no world may give away, by name."""
    same: dict[Hashable, list[Vector]] = defaultdict(list)
    for world in worlds:
        same[shown(world)].append(world)
    told = set()
    for seen, possible in same.items():
        values: dict[str, set[int]] = defaultdict(set)
        for world in possible:
            for name, value in secrets(world).items():
                values[name].add(value)
        told |= {(seen, name) for name, found in values.items() if len(found) == 1}
    return told


def parts_seen(world: Vector) -> Hashable:
    return total(sum(world)), together(dict(enumerate(world)))


def parts_hidden(world: Vector) -> dict[str, int]:
    groups = together(dict(enumerate(world)))
    alone = {group.keys[0] for group in groups if len(group.keys) == 1}
    return {str(key): number for key, number in enumerate(world) if key not in alone}


@pytest.mark.parametrize(("places", "most"), [(2, 24), (3, 20), (4, 18), (5, 14)])
def test_nobody_works_out_a_part_that_is_put_together(places: int, most: int) -> None:
    assert found_out(vectors(places, most), parts_seen, parts_hidden) == set()


def test_attacker_is_able() -> None:
    """The control: a single small part that is merely left out follows from the whole."""

    def careless(world: Vector) -> Hashable:
        return sum(world), tuple(number if number >= 5 else None for number in world)

    told = found_out(vectors(3, 12), careless, lambda w: {str(k): n for k, n in enumerate(w) if n < 5})
    assert ((12, (5, None, 5)), "1") in told


def neighbours_seen(world: Vector) -> Hashable:
    return total(sum(world)), neighbours(world)


def neighbours_hidden(world: Vector) -> dict[str, int]:
    alone = {stretch.first for stretch in neighbours(world) if stretch.first == stretch.last}
    return {str(place): number for place, number in enumerate(world) if place not in alone}


def test_nobody_works_out_a_neighbour() -> None:
    assert found_out(vectors(4, 20), neighbours_seen, neighbours_hidden) == set()


def year(world: Vector) -> Published[int]:
    """A year with half of `world` as signals by theme and half as connections of the same themes."""
    half = len(world) // 2
    return publish(Counts(dict(enumerate(world[:half])), dict(enumerate(world[half:]))))


def year_hidden(world: Vector) -> dict[str, int]:
    """Whatever a year does not show: numbers, and what is left of one number when another is taken off."""
    half = len(world) // 2
    shown = year(world)
    signals, connected = world[:half], world[half:]
    alone = {group.keys[0] for group in shown.groups if len(group.keys) == 1}
    hidden = {}
    for theme in range(half):
        if theme not in alone:
            hidden[f"signals {theme}"] = signals[theme]
        if theme not in alone or not shown.connected_of_groups:
            hidden[f"connected {theme}"] = connected[theme]
            hidden[f"rest {theme}"] = signals[theme] - connected[theme]
    if shown.signals is None:
        hidden["signals"] = sum(signals)
    if not isinstance(shown.connected, int):
        hidden["connected"] = sum(connected)
        hidden["rest"] = sum(signals) - sum(connected)
    return hidden


@pytest.mark.parametrize("nested", [True, False])
@pytest.mark.parametrize(("smallest", "themes", "most"), [(2, 3, 7), (3, 2, 13), (5, 2, 22)])
def test_nobody_works_out_a_number_of_a_whole_year(
    monkeypatch: pytest.MonkeyPatch, smallest: int, themes: int, most: int, nested: bool
) -> None:
    """Themes, connections and totals together; whether or not the attacker knows that everybody who was connected
    was signalled in the same year. With a lower threshold, so that every case is among them."""
    monkeypatch.setattr(figures, "SMALLEST", smallest)
    if not nested and smallest == 5:
        most = 14
    worlds = (
        (*signals, *connected)
        for signals in vectors(themes, most)
        for connected in vectors(themes, most)
        if not nested or all(c <= s for s, c in zip(signals, connected, strict=True))
    )
    assert found_out(worlds, year, year_hidden) == set()


def offers_seen(world: Vector) -> Hashable:
    shown = publish(Counts[str]({}, {}, offered=world[0], accepted=world[1]))
    return shown.offered, shown.accepted


def offers_hidden(world: Vector) -> dict[str, int]:
    offered, accepted = world
    hidden = {} if offered >= 5 else {"offered": offered}
    if not isinstance(offers_seen(world)[1], int):  # type: ignore[index]  # a pair
        hidden |= {"accepted": accepted, "rest": offered - accepted}
    return hidden


def test_nobody_works_out_who_said_no() -> None:
    worlds = ((offered, accepted) for offered in range(40) for accepted in range(offered + 1))
    assert found_out(worlds, offers_seen, offers_hidden) == set()


numbers = st.integers(0, 40)


@given(
    st.dictionaries(st.integers(0, 8), st.tuples(numbers, numbers), max_size=9),
    st.lists(numbers, min_size=4, max_size=4),
    numbers,
    numbers,
)
def test_no_small_number_is_shown(
    themes: dict[int, tuple[int, int]], speed: list[int], offered: int, accepted: int
) -> None:
    signals = {theme: pair[0] for theme, pair in themes.items()}
    connected = {theme: pair[1] for theme, pair in themes.items()}
    shown = publish(Counts(signals, connected, speed, offered, accepted))
    groups = [group.number for group in shown.groups]
    stretches = [stretch.number for stretch in shown.speed]
    singles = [shown.signals, shown.connected, shown.offered, shown.accepted]
    every = [*groups, *shown.connected_of_groups, *stretches, *(n for n in singles if isinstance(n, int))]
    assert min(every, default=5) >= 5
    # Nested numbers: a whole and its parts, a part and the rest.
    assert not groups or sum(groups) == shown.signals
    assert not stretches or sum(stretches) == shown.connected
    assert not shown.connected_of_groups or sum(shown.connected_of_groups) == shown.connected
    for one, other in [
        (shown.signals, shown.connected),
        (shown.offered, shown.accepted),
        *zip(groups, shown.connected_of_groups, strict=False),
    ]:
        if isinstance(one, int) and isinstance(other, int):
            assert abs(one - other) >= 5
    assert sorted(key for group in shown.groups for key in group.keys) == (sorted(signals) if groups else [])


@given(st.lists(numbers, min_size=2, max_size=7), st.randoms())
def test_groups_do_not_depend_on_the_order_of_the_themes(counts: list[int], random: object) -> None:
    """Which of two equals is put away would else tell something about the others."""
    keys = list(range(len(counts)))
    random.shuffle(keys)  # type: ignore[attr-defined]  # a random.Random
    one, other = together(dict(enumerate(counts))), together({key: counts[key] for key in keys})
    assert {(frozenset(g.keys), g.number) for g in one} == {(frozenset(g.keys), g.number) for g in other}


# What it looks like


def test_small_themes_are_put_together() -> None:
    counts = {"taal": 9, "lezen": 6, "scheiding": 2, "druk": 4, "eigen": 0}
    assert together(counts) == (
        Group(("taal",), 9),
        Group(("lezen",), 6),
        Group(("scheiding", "druk", "eigen"), 6),
    )


@pytest.mark.parametrize(
    ("counts", "groups"),
    [
        ((9, 8, 7), ((0,), (1,), (2,))),  # nothing is small
        ((9, 8, 2), ((0,), (1, 2))),  # never one by itself
        ((9, 1, 2, 6), ((0,), (1, 2, 3))),  # too few together
        ((9, 4, 4, 7), ((0,), (1, 2, 3))),  # eight of two small ones could only be four and four
        ((9, 6, 6, 1), ((0,), (1, 2, 3))),  # equals go together
        ((9, 2), ()),  # what is left is the whole
        ((1, 1, 1), ()),
        ((), ()),
    ],
)
def test_groups(counts: tuple[int, ...], groups: tuple[tuple[int, ...], ...]) -> None:
    assert tuple(group.keys for group in together(dict(enumerate(counts)))) == groups


@pytest.mark.parametrize(
    ("counts", "stretches"),
    [
        ((5, 6, 7, 8), ((0, 0), (1, 1), (2, 2), (3, 3))),
        ((2, 4, 7, 1), ((0, 1), (2, 3))),
        ((6, 1, 1, 1), ()),
        ((0, 0, 0, 9), ()),
        ((6, 0, 0, 5), ((0, 0), (1, 3))),
    ],
)
def test_neighbours(counts: tuple[int, ...], stretches: tuple[tuple[int, int], ...]) -> None:
    found = neighbours(counts)
    assert tuple((stretch.first, stretch.last) for stretch in found) == stretches
    assert all(isinstance(stretch, Stretch) and stretch.number >= 5 for stretch in found)


@pytest.mark.parametrize(
    ("number", "whole", "said"),
    [
        (12, 20, 12),
        (4, 20, Rough.FEW),
        (0, 20, Rough.FEW),
        (16, 20, Rough.ABOUT_ALL),
        (20, 20, Rough.ABOUT_ALL),
        (23, 20, Rough.ABOUT_ALL),  # signalled the year before
        (5, 9, None),
        (4, 9, None),
        (5, 10, 5),
    ],
)
def test_part(number: int, whole: int, said: int | Rough | None) -> None:
    assert part(number, whole) == said


def test_speed_that_does_not_add_up_is_not_shown() -> None:
    signals = {"taal": 30}
    assert publish(Counts(signals, {"taal": 12}, [6, 6, 0, 0])).speed
    assert not publish(Counts(signals, {"taal": 12}, [6, 7, 0, 0])).speed
    assert not publish(Counts({"taal": 13}, {"taal": 12}, [6, 6, 0, 0])).speed


def test_connections_by_theme_are_shown_for_all_or_none() -> None:
    signals = {"taal": 12, "lezen": 10}
    assert publish(Counts(signals, {"taal": 7, "lezen": 5})).connected_of_groups == (7, 5)
    assert publish(Counts(signals, {"taal": 7, "lezen": 4})).connected_of_groups == ()


def test_quiet_year_shows_nothing() -> None:
    assert publish(Counts({"taal": 4}, {"taal": 2}, offered=4, accepted=4)).nothing
    assert not publish(Counts({"taal": 4, "lezen": 1}, {})).nothing
    assert not publish(Counts[str]({}, {}, offered=5)).nothing

"""Where a school's own points stand between those of the guide, and what it hides. Pure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.checklist import GUIDE, Arrangement, Own, Phase, Situation, When, checklist, in_order, moved

EVERYTHING = Situation(
    buddy=True, along=True, sensitive=True, wish_unmet=True, unpleasant=True, follow_up=True
)


def own(name: str, phase: Phase = Phase.BEFORE, after: str = "") -> Own:
    """A point for every meeting."""
    return Own(name, phase, When.ALWAYS, after)


def ids(phase: Phase, *points: Own, hidden: frozenset[str] = frozenset()) -> list[str]:
    """What is shown when everything is so."""
    return [item.id for item in checklist(EVERYTHING, phase, Arrangement(points, hidden))]


def test_own_points_stand_in_their_place() -> None:
    points = (own("E1"), own("E2", after="V2"), own("E3", after="V2"), own("E4", Phase.AFTER, "N1"))
    assert ids(Phase.BEFORE, *points) == ["E1", "V1", "V2", "E2", "E3", "V3", "V4", "V5", "T4"]
    assert ids(Phase.AFTER, *points) == ["N1", "E4", "N2", "N3"]
    assert "E1" not in ids(Phase.DURING, *points)


def test_nothing_of_a_school_comes_before_talking_alone() -> None:
    assert ids(Phase.DURING, own("E1", Phase.DURING))[:3] == ["T4", "E1", "T1"]


@pytest.mark.parametrize("name", sorted(set(GUIDE) - {"T4"}))
def test_hidden_point_appears_nowhere_and_the_rest_stays(name: str) -> None:
    for phase in Phase:
        shown = ids(phase, hidden=frozenset({name}))
        assert shown == [each for each in ids(phase) if each != name]


def test_talking_alone_cannot_be_hidden() -> None:
    assert ids(Phase.DURING, hidden=frozenset({"T4"}))[0] == "T4"


@given(
    places=st.lists(st.sampled_from(["", "V1", "V2", "V3", "V4", "V5", "T4"]), min_size=1, max_size=6),
    moves=st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=12),
)
def test_moving_changes_one_place_and_never_the_guide(
    places: list[str], moves: list[tuple[int, bool]]
) -> None:
    points: tuple[Own, ...] = tuple(own(f"E{number}", after=place) for number, place in enumerate(places))
    for number, up in moves:
        name = f"E{number % len(places)}"
        before = list(in_order(Phase.BEFORE, points))
        here = before.index(name)
        points = moved(points, name, up=up)
        after = list(in_order(Phase.BEFORE, points))
        there = max(here - 1, 0) if up else min(here + 1, len(before) - 1)
        before[here], before[there] = before[there], before[here]
        assert after == before
        assert [each for each in after if each in GUIDE] == ["V1", "V2", "V3", "V4", "V5", "T4"]
        assert sorted(each.id for each in points) == sorted(f"E{n}" for n in range(len(places)))


def test_moving_leaves_the_other_phases_alone() -> None:
    points = (own("E1", Phase.AFTER, "N2"), own("E2"))
    assert moved(points, "E2", up=False) == (points[0], own("E2", after="V1"))


def test_moving_what_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        moved((), "E1", up=True)

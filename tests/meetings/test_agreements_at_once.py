"""Two of a school who arrange its list at the same moment: nothing is lost, and nothing grows past its measure."""

from __future__ import annotations

from functools import partial

import pytest

from meetings.actions import agreements as actions
from meetings.actions.agreements import MOST_POINTS, PointDetails
from meetings.actions.errors import TooManyPoints
from meetings.checklist import Phase, When, in_order
from meetings.models import Agreements, HiddenPoint, OwnPoint
from meetings.planning import Extra
from meetings.reading.agreements import list_of
from school.errors import Changed
from school.models import Membership, School
from tests.buddies.test_concurrency import at_once

pytestmark = pytest.mark.usefixtures("transactional")


def details(number: int) -> PointDetails:
    return PointDetails(Phase.BEFORE, When.ALWAYS, f"Punt {number}")


def test_ten_who_add_a_point_at_once_make_no_more_than_fit(director: Membership) -> None:
    outcomes = at_once(
        *[partial(actions.add_point, details=details(number), by=director) for number in range(10)]
    )
    assert sum(isinstance(outcome, OwnPoint) for outcome in outcomes) == MOST_POINTS
    assert sum(isinstance(outcome, TooManyPoints) for outcome in outcomes) == 10 - MOST_POINTS
    assert OwnPoint.objects.count() == MOST_POINTS


def test_same_point_added_at_once_is_there_once(director: Membership) -> None:
    at_once(*[partial(actions.add_point, details=details(1), by=director) for _ in range(6)])
    assert OwnPoint.objects.count() == 1


def test_moves_at_once_are_all_made(director: Membership, school: School) -> None:
    point = actions.add_point(details=details(1), by=director)
    at_once(*[partial(actions.move_point, point=point, up=True, by=director)] * 4)
    order = in_order(Phase.BEFORE, list_of(school).arrangement.own)
    assert order == ("V1", "V2", point.code, "V3", "V4", "V5", "T4")


def test_one_of_two_agreements_stands_and_the_other_is_told(director: Membership) -> None:
    said = [Extra(20, 20, 20), Extra(30, 30, 30)]
    outcomes = at_once(
        *[partial(actions.agree_on_minutes, extra=extra, revision=0, by=director) for extra in said]
    )
    assert [type(outcome) for outcome in outcomes if outcome] == [Changed]
    assert Agreements.objects.get().extra in said


def test_hiding_at_once_hides_once(director: Membership) -> None:
    outcomes = at_once(*[partial(actions.hide_point, item="V1", hidden=True, by=director) for _ in range(6)])
    assert outcomes == [None] * 6
    assert HiddenPoint.objects.count() == 1

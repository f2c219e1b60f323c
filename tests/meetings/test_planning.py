"""How much time and how many chairs (R25, R28)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from meetings.actions.meetings import ParentComing
from meetings.models import BuddyComes, Meeting
from meetings.planning import USUAL, chairs, minutes_to_reserve
from meetings.reading.practical import practical
from tests.meetings.conftest import Planned

ALONG, PREPARES, NONE, UNKNOWN = (
    BuddyComes.ALONG,
    BuddyComes.PREPARES,
    BuddyComes.NONE,
    BuddyComes.UNKNOWN,
)


@pytest.mark.parametrize(
    ("buddies", "interpreter", "alone_first", "extra"),
    [
        (0, False, False, 0),
        (1, False, False, USUAL.buddy),
        (2, False, False, 2 * USUAL.buddy),
        (0, True, False, USUAL.interpreter),
        (1, True, True, USUAL.buddy + USUAL.interpreter + USUAL.alone),
    ],
)
def test_minutes(buddies: int, interpreter: bool, alone_first: bool, extra: int) -> None:
    assert minutes_to_reserve(20, buddies, interpreter, alone_first) == 20 + extra


def test_chairs_count_the_teacher() -> None:
    assert [chairs(1, 0, False), chairs(1, 1, False), chairs(2, 2, True)] == [2, 3, 6]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("buddy", "sensitive", "minutes", "earlier", "seats"),
    [
        (ALONG, False, 25, 0, 3),
        (UNKNOWN, False, 25, 0, 3),
        (PREPARES, False, 15, 0, 2),
        (NONE, False, 15, 0, 2),
        # The news is for the parent alone first, when somebody else may sit beside them.
        (ALONG, True, 35, 10, 3),
        (UNKNOWN, True, 35, 10, 3),
        (PREPARES, True, 15, 0, 2),
        (NONE, True, 15, 0, 2),
    ],
)
def test_what_a_meeting_asks_for(
    planned: Planned, buddy: BuddyComes, sensitive: bool, minutes: int, earlier: int, seats: int
) -> None:
    meeting = planned(buddy=buddy, sensitive_news=sensitive)
    needs = practical(meeting)
    assert (needs.minutes, needs.chairs, needs.alone_first) == (minutes, seats, earlier > 0)
    assert needs.begins == meeting.at - timedelta(minutes=earlier)
    assert needs.until == needs.begins + timedelta(minutes=minutes)


@pytest.mark.django_db
def test_two_parents_each_with_their_own_buddy(planned: Planned) -> None:
    meeting = planned(
        parents=(ParentComing("mother", buddy=ALONG), ParentComing("father", buddy=NONE)), interpreter=True
    )
    needs = practical(Meeting.objects.get(pk=meeting.pk))
    assert (needs.minutes, needs.chairs) == (35, 5)

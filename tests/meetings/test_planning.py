"""How much time and how many chairs (R25, R28)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils.timezone import get_default_timezone
from hypothesis import given
from hypothesis import strategies as st

from meetings.actions.agreements import agree_on_minutes
from meetings.actions.meetings import ParentComing, change
from meetings.models import BuddyComes, Meeting, MeetingParent
from meetings.planning import USUAL, Extra, chairs, minutes_to_reserve
from meetings.reading.plans import plan_of
from meetings.reading.practical import practical
from school.models import Membership
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


@given(
    base=st.integers(5, 120),
    parents=st.integers(1, 2),
    buddies=st.integers(0, 2),
    interpreter=st.booleans(),
    alone_first=st.booleans(),
    extra=st.builds(Extra, st.integers(0, 60), st.integers(0, 60), st.integers(5, 60)),
)
def test_there_is_always_room_and_time_enough(
    base: int, parents: int, buddies: int, interpreter: bool, alone_first: bool, extra: Extra
) -> None:
    """Never fewer chairs than people, never less time than the teacher usually takes; more people, more of both."""
    people = 1 + parents + buddies + int(interpreter)
    assert chairs(parents, buddies, interpreter) >= people
    minutes = minutes_to_reserve(base, buddies, interpreter, alone_first, extra)
    assert minutes >= base
    assert minutes_to_reserve(base, buddies + 1, interpreter, alone_first, extra) >= minutes
    if alone_first:
        assert minutes >= base + extra.alone


# The moments in 2027 at which the clock jumps.
SUMMER_BEGINS, SUMMER_ENDS = datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 10, 31, 1, tzinfo=UTC)


def unsaved(at: datetime, buddies: list[BuddyComes], **facts: Any) -> Meeting:
    """A meeting with a parent for each of `buddies`; nothing of it is in the database."""
    meeting = Meeting(pk=1, at=at, **facts)
    rows = [MeetingParent(meeting=meeting, buddy=buddy) for buddy in buddies]
    meeting._prefetched_objects_cache = {"parents": rows}  # type: ignore[attr-defined]  # Django's own
    return meeting


@given(
    at=st.one_of(
        st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
        st.builds(
            lambda jump, minutes: jump + timedelta(minutes=minutes),
            st.sampled_from((SUMMER_BEGINS, SUMMER_ENDS)),
            st.integers(-240, 240),
        ),
    ),
    buddies=st.lists(st.sampled_from(BuddyComes), min_size=1, max_size=2),
    base=st.integers(5, 120),
    interpreter=st.booleans(),
    news=st.booleans(),
    alone=st.integers(5, 60),
)
def test_planned_time_holds_the_meeting_at_any_moment_of_the_year(
    at: datetime, buddies: list[BuddyComes], base: int, interpreter: bool, news: bool, alone: int
) -> None:
    """Around the changes of the clock, too: minutes pass all the same."""
    needs = practical(
        unsaved(
            at.astimezone(get_default_timezone()),
            buddies,
            base_minutes=base,
            interpreter=interpreter,
            sensitive_news=news,
            alone_minutes=alone,
        )
    )
    assert needs.until - needs.begins == timedelta(minutes=needs.minutes)
    assert needs.until - at >= timedelta(minutes=base)
    assert needs.at == at
    may_come = any(buddy in (ALONG, UNKNOWN) for buddy in buddies)
    assert at - needs.begins == timedelta(minutes=alone if news and may_come else 0)
    assert needs.chairs >= 1 + len(buddies) + int(interpreter) + sum(buddy is ALONG for buddy in buddies)


@pytest.mark.django_db
def test_what_is_planned_keeps_its_minutes(
    planned: Planned, teacher: Membership, director: Membership
) -> None:
    before = planned(interpreter=True)
    agree_on_minutes(extra=Extra(25, 5, 15), revision=0, by=director)
    after = planned(interpreter=True)
    assert practical(Meeting.objects.get(pk=before.pk)).minutes == 15 + 10 + 10
    assert practical(Meeting.objects.get(pk=after.pk)).minutes == 15 + 25 + 5
    change(
        meeting=before, plan=replace(plan_of(before), base_minutes=20), revision=before.revision, by=teacher
    )
    assert practical(Meeting.objects.get(pk=before.pk)).minutes == 20 + 10 + 10

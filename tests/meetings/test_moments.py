"""A day and a time as a moment, also on the two days on which the clock jumps."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils.timezone import localtime
from hypothesis import given
from hypothesis import strategies as st

from buddies.actions.errors import Refused
from meetings.actions.errors import NoSuchMoment, TwiceThatMoment
from meetings.models import Meeting
from meetings.moments import moment
from school import clock
from tests.buddies.phone import text
from tests.buddies.watch import contents

from .conftest import Planned
from .pages import answer, as_sent, url

SUMMER_BEGINS, SUMMER_ENDS = date(2027, 3, 28), date(2027, 10, 31)
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "at", "utc"),
    [
        (SUMMER_BEGINS, time(1, 59), "2027-03-28T00:59"),
        (SUMMER_BEGINS, time(3, 0), "2027-03-28T01:00"),
        (date(2027, 3, 26), time(15, 30), "2027-03-26T14:30"),
        (date(2027, 3, 29), time(15, 30), "2027-03-29T13:30"),
        (SUMMER_ENDS, time(1, 59), "2027-10-30T23:59"),
        (SUMMER_ENDS, time(3, 0), "2027-10-31T02:00"),
    ],
)
def test_moment_is_that_of_the_clock_at_school(day: date, at: time, utc: str) -> None:
    assert moment(day, at) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize("at", [time(2, 0), time(2, 30), time(2, 59)])
def test_time_that_is_not_there_or_twice_is_refused(at: time) -> None:
    with pytest.raises(NoSuchMoment):
        moment(SUMMER_BEGINS, at)
    with pytest.raises(TwiceThatMoment):
        moment(SUMMER_ENDS, at)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)))  # noqa: DTZ001
def test_moment_shows_what_was_typed(typed: datetime) -> None:
    try:
        found = moment(typed.date(), typed.time())
    except Refused:
        assert typed.month in (3, 10)
        assert typed.hour == 2
    else:
        assert localtime(found).replace(tzinfo=None) == typed


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "at", "words"),
    [
        ("2027-03-28", "02:30", "Deze tijd bestaat niet op deze dag"),
        ("2027-10-31", "02:30", "Deze tijd komt twee keer voor"),
        ("2027-02-26", "15:30", "langer dan een dag geleden"),
        ("2028-06-01", "15:30", "meer dan een jaar vooruit"),
    ],
)
def test_moment_that_cannot_be_says_so_and_keeps_what_was_typed(
    tom: Client, day: str, at: str, words: str
) -> None:
    with clock.at(NOW):
        sent = answer(day=day, time=at, name_1="Samira", room="Lokaal 4B")
        page = tom.post(url("plan"), sent)
    assert words in text(page)
    assert {page.context["form"][name].value() for name in ("day", "time", "name_1", "room")} == {
        day,
        at,
        "Samira",
        "Lokaal 4B",
    }
    assert not Meeting.objects.exists()


@pytest.mark.django_db
def test_meeting_of_some_days_ago_can_still_be_put_right(tom: Client, planned: Planned) -> None:
    """Who came turned out otherwise, nobody looked back yet; moving it into the past is another matter."""
    at = clock.now().replace(second=0, microsecond=0) - timedelta(days=3)
    meeting = planned(at=at)
    page = tom.get(url("change", meeting.pk))
    assert tom.post(url("change", meeting.pk), as_sent(page, buddy_1="none")).status_code == 302
    assert meeting.parents.get().buddy == "none"
    page = tom.get(url("change", meeting.pk))
    before = contents()
    earlier = (at - timedelta(days=7)).date().isoformat()
    refused = tom.post(url("change", meeting.pk), as_sent(page, day=earlier))
    assert "langer dan een dag geleden" in text(refused)
    assert contents() == before

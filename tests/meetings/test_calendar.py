"""The file for the teacher's calendar, read back with the library: the right moment on the clock at school, and nothing
about anybody."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from icalendar import Calendar

from meetings.actions import meetings as actions
from meetings.actions.meetings import ParentComing
from meetings.calendar import calendar_of
from meetings.models import BuddyComes, Meeting
from meetings.moments import moment
from meetings.reading.plans import plan_of
from school import clock
from school.models import Child, Membership

from .conftest import Planned, revision
from .pages import url

pytestmark = pytest.mark.django_db

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
# All that a calendar may learn.
KNOWN = {
    "CLASS",
    "DTEND",
    "DTSTAMP",
    "DTSTART",
    "LOCATION",
    "SEQUENCE",
    "STATUS",
    "SUMMARY",
    "UID",
}


def read(content: bytes) -> Any:
    """The one event in the file."""
    [event] = Calendar.from_ical(content).walk("VEVENT")
    return event


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2027, 3, 26), 1),
        (date(2027, 3, 29), 2),
        (date(2027, 10, 29), 2),
        (date(2027, 11, 1), 1),
    ],
)
def test_time_is_that_of_the_clock_at_school_on_both_sides_of_its_jumps(
    planned: Planned, day: date, hours: int
) -> None:
    at = moment(day, time(15, 30))
    with clock.at(at - timedelta(days=2)):
        meeting = planned(at=at, sensitive_news=True)
        content = calendar_of(Meeting.objects.get(pk=meeting.pk), with_child=False)
    event = read(content)
    begins, ends = event["DTSTART"], event["DTEND"]
    assert begins.params["TZID"] == ends.params["TZID"] == "Europe/Amsterdam"
    # Ten minutes with the parent alone first, fifteen as usual, ten for the buddy.
    assert begins.dt.replace(tzinfo=None) == datetime.combine(day, time(15, 20))
    assert ends.dt.replace(tzinfo=None) == datetime.combine(day, time(15, 55))
    assert begins.dt.utcoffset() == timedelta(hours=hours)
    assert begins.dt.astimezone(UTC) == at - timedelta(minutes=10)


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        ("2027-03-28T01:50+01:00", "2027-03-28T03:15+02:00"),
        ("2027-10-31T01:50+02:00", "2027-10-31T02:15+02:00"),
    ],
)
def test_meeting_over_the_jump_takes_as_long_as_it_takes(planned: Planned, begins: str, ends: str) -> None:
    """Nobody meets at night; but if the arithmetic holds there, it holds anywhere."""
    at = datetime.fromisoformat(begins).astimezone(UTC)
    with clock.at(at - timedelta(days=2)):
        meeting = planned(at=at, base_minutes=15)
        event = read(calendar_of(meeting, with_child=False))
    assert event.end.astimezone(UTC) == datetime.fromisoformat(ends).astimezone(UTC)
    assert event.end.astimezone(UTC) - event.start.astimezone(UTC) == timedelta(minutes=25)


def test_file_says_how_the_clock_at_school_jumps(planned: Planned) -> None:
    """A program that knows no time zones finds the rules in the file, and they are right in both halves of the year."""
    calendar = Calendar.from_ical(calendar_of(planned(), with_child=False))
    [zone] = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/Amsterdam"
    rules = zone.to_tz(lookup_tzid=False)  # type: ignore[attr-defined]  # it is a Timezone
    for month in (1, 7):
        here = datetime(2027, month, 15, 12, tzinfo=UTC)
        assert here.astimezone(rules).utcoffset() == here.astimezone(AMSTERDAM).utcoffset()


def test_file_holds_nothing_about_anybody(tom: Client, planned: Planned, children: dict[str, Child]) -> None:
    meeting = planned(
        child=children["Lina"],
        parents=(ParentComing("mother", "Samira", BuddyComes.ALONG), ParentComing("father", "Karim")),
        interpreter=True,
        sensitive_news=True,
        room="Lokaal 4B",
    )
    answer = tom.get(url("calendar", meeting.pk))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="gesprek.ics"'
    event = read(answer.content)
    assert set(event) == KNOWN
    assert (event["SUMMARY"], event["LOCATION"], event["CLASS"]) == ("Gesprek", "Lokaal 4B", "PRIVATE")
    words = answer.content.decode().replace("Ouderbuddy//NL", "")
    for each in (
        "Lina",
        "Samira",
        "Karim",
        "uddy",
        "tolk",
        "nieuws",
        "moeder",
        "mailto",
        str(meeting.submission),
    ):
        assert each not in words, each


def test_first_name_is_in_it_only_when_the_teacher_wants_it(
    tom: Client, planned: Planned, children: dict[str, Child]
) -> None:
    meeting = planned(child=children["Lina"])
    event = read(tom.get(url("calendar", meeting.pk, query="?naam=1")).content)
    assert event["SUMMARY"] == "Gesprek over Lina"
    assert set(event) == KNOWN - {"LOCATION"}
    nobody = planned()
    assert read(tom.get(url("calendar", nobody.pk, query="?naam=1")).content)["SUMMARY"] == "Gesprek"


def test_taken_in_again_it_replaces_what_it_was(planned: Planned, teacher: Membership) -> None:
    meeting = planned()
    first = read(calendar_of(meeting, with_child=False))
    actions.change(meeting=meeting, plan=plan_of(meeting), revision=revision(meeting), by=teacher)
    actions.cancel(meeting=meeting, by=teacher)
    again = read(calendar_of(Meeting.objects.get(pk=meeting.pk), with_child=False))
    assert again["UID"] == first["UID"]
    assert again["SEQUENCE"] > first["SEQUENCE"]
    assert (first["STATUS"], again["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert read(calendar_of(planned(), with_child=False))["UID"] != first["UID"]

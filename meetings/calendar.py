"""A meeting for the teacher's own calendar: "Gesprek", when and where. No buddy, no reason, and nobody is invited by it
(R24)."""

from __future__ import annotations

from uuid import uuid5
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from .models import Meeting
from .reading.practical import practical
from .workflow import MeetingStatus

# The clock at school: a calendar that travels with its owner still shows the right moment.
SCHOOL_CLOCK = ZoneInfo("Europe/Amsterdam")


def calendar_of(meeting: Meeting, *, with_child: bool) -> bytes:
    """`meeting` as a calendar file, over all the time to reserve; taken in again, it replaces what it was. The first
    name of the child is in it only when the teacher wants that (`with_child`)."""
    needs = practical(meeting)
    event = Event()
    event.add("uid", str(uuid5(meeting.submission, "calendar")))
    event.add("sequence", meeting.revision)
    event.add("dtstamp", meeting.changed_at)
    event.add("dtstart", needs.begins.astimezone(SCHOOL_CLOCK))
    event.add("dtend", needs.until.astimezone(SCHOOL_CLOCK))
    event.add("summary", _summary(meeting, with_child=with_child))
    if meeting.room:
        event.add("location", meeting.room)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if meeting.state is MeetingStatus.CANCELLED else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Ouderbuddy//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _summary(meeting: Meeting, *, with_child: bool) -> str:
    if with_child and meeting.child_called:
        return _("Meeting about %(child)s") % {"child": meeting.child_called}
    return _("Meeting")

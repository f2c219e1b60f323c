"""What waits on a member because of meetings: preparing them, looking back on them, and what was promised."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from school import clock
from school.models import Membership
from school.roles import Permission
from school.worklist import Urgency, WorkItem

from .models import FollowUpKind, Meeting
from .naming import meeting_title
from .reading.meetings import Promised, Stage, stage, to_do, told
from .workflow import MeetingStatus

# So long a meeting is fresh enough in mind to look back on it together.
FRESH = timedelta(days=7)
# What was promised is in sight two days before its day.
AHEAD = timedelta(days=2)


def items(membership: Membership, on: date) -> list[WorkItem]:
    """The rows of Vandaag that have to do with this member's own meetings."""
    if not membership.may(Permission.MEETINGS):
        return []
    return [*_meetings(membership, on), *_promises(membership, on)]


def _meetings(membership: Membership, on: date) -> Iterable[WorkItem]:
    """Their meetings up to and including the next working day, of which nobody said yet that they have been."""
    until = membership.school.first_working_day(on + timedelta(days=1))
    own = Meeting.objects.visible_to(membership, on).filter(recorded_by=membership)
    for meeting in told(own.filter(status=MeetingStatus.PREPARE)).order_by("at", "pk"):
        day = localdate(meeting.at)
        if day < on or (day == on and stage(meeting, clock.now()) is Stage.LOOK_BACK):
            yield _look_back(meeting, membership, on)
        elif day <= until:
            yield _prepare(meeting, membership, on)


def _look_back(meeting: Meeting, membership: Membership, on: date) -> WorkItem:
    day = localdate(meeting.at)
    return WorkItem(
        Urgency.OVERDUE if day + FRESH < on else Urgency.TODAY,
        day,
        capfirst(meeting_title(meeting)),
        _("Look back: how was the meeting for everybody?"),
        _("Look back"),
        _link("after", meeting, membership),
        "arrow-counterclockwise",
    )


def _prepare(meeting: Meeting, membership: Membership, on: date) -> WorkItem:
    day, time = localdate(meeting.at), date_format(localtime(meeting.at), "H:i")
    if day == on:
        text = _("Meeting today at %(time)s.") % {"time": time}
    else:
        text = _("Meeting on %(day)s at %(time)s.") % {"day": date_format(day, "l j F"), "time": time}
    return WorkItem(
        Urgency.TODAY if day == on else Urgency.SOON,
        day,
        capfirst(meeting_title(meeting)),
        text,
        _("Prepare"),
        _link("before", meeting, membership),
        "calendar-event",
    )


def _promises(membership: Membership, on: date) -> Iterable[WorkItem]:
    """What this member promised, until it is done; the words are theirs alone to read."""
    for each in to_do(membership, on):
        promised = each.promised
        if promised.due_on > on + AHEAD:
            continue
        words = promised.words
        if promised.kind is FollowUpKind.PROMISE:
            words = _("You promised: %(words)s") % {"words": words}
        yield WorkItem(
            _urgency(promised, on),
            promised.due_on,
            each.title,
            words,
            _("Look at it"),
            _link("after", each.meeting, membership) + "#beloofd",
            "chat-left-text",
        )


def _urgency(promised: Promised, on: date) -> Urgency:
    if promised.is_late:
        return Urgency.OVERDUE
    return Urgency.TODAY if promised.due_on == on else Urgency.SOON


def _link(page: str, meeting: Meeting, membership: Membership) -> str:
    return reverse(f"meetings:{page}", args=[membership.school.slug, meeting.pk])

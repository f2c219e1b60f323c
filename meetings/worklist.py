"""What waits on a member because of meetings: preparing them, looking back on them, and what was promised."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from school import clock
from school.models import Membership, School
from school.roles import Permission
from school.worklist import Urgency, WorkItem

from .models import FollowUpKind, Meeting
from .naming import meeting_title
from .reading.checklists import prepared
from .reading.meetings import Promised, Stage, stage, to_do, told
from .workflow import MeetingStatus

# So long a meeting is fresh enough in mind to look back on it together.
FRESH = timedelta(days=7)
# Arranging a room, chairs and time with the parent is done within a school week.
SCHOOL_DAYS_AHEAD = 5
# What was promised is in sight two days before its day.
AHEAD = timedelta(days=2)


def items(membership: Membership, on: date) -> list[WorkItem]:
    """The rows of Vandaag that have to do with this member's own meetings."""
    if not membership.may(Permission.MEETINGS):
        return []
    return [*_meetings(membership, on), *_promises(membership, on)]


def _meetings(membership: Membership, on: date) -> Iterable[WorkItem]:
    """Their meetings until some school days ahead, of which nobody said yet that they have been. What is prepared is
    not to be thought of again until its day."""
    own = Meeting.objects.planned_by(membership, on).filter(status=MeetingStatus.PREPARE)
    meetings = list(told(own).order_by("at", "pk"))
    if not meetings:
        return
    days = _school_days_after(on, membership.school)
    done = prepared(meetings, membership)
    for meeting in meetings:
        day = localdate(meeting.at)
        if day < on or (day == on and stage(meeting, clock.now()) is Stage.LOOK_BACK):
            yield _look_back(meeting, membership, on)
        elif meeting.pk in done and day == on:
            yield _coming(meeting, membership, on, Urgency.TODAY, ready=True)
        elif meeting.pk not in done and day <= days[-1]:
            urgency = Urgency.TODAY if day <= days[0] else Urgency.SOON
            yield _coming(meeting, membership, on, urgency, ready=False)


def _school_days_after(on: date, school: School) -> list[date]:
    """The next school days, the first of them first."""
    prefetch_related_objects([school], "holiday_set")
    days = [on]
    for _nth in range(SCHOOL_DAYS_AHEAD):
        days.append(school.first_working_day(days[-1] + timedelta(days=1)))
    return days[1:]


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


def _coming(meeting: Meeting, membership: Membership, on: date, urgency: Urgency, *, ready: bool) -> WorkItem:
    day, time = localdate(meeting.at), date_format(localtime(meeting.at), "H:i")
    if day == on:
        text = _("Meeting today at %(time)s.") % {"time": time}
    else:
        text = _("Meeting on %(day)s at %(time)s.") % {"day": date_format(day, "l j F"), "time": time}
    return WorkItem(
        urgency,
        day,
        capfirst(meeting_title(meeting)),
        text,
        _("To the meeting") if ready else _("Prepare"),
        _link("during" if ready else "before", meeting, membership),
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

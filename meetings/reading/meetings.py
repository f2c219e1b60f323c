"""The list of meetings: what is coming, what to look back on, and what has been; with one next step each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.template.defaultfilters import date as day_words
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from school import clock
from school.models import Membership

from ..models import FollowUp, FollowUpKind, Meeting
from ..models.meetings import MeetingQuerySet
from ..naming import meeting_title
from ..workflow import MeetingStatus
from .practical import practical

# From then on a teacher walks to the meeting, and wants the crib sheet.
ABOUT_TO_BEGIN = timedelta(minutes=45)
LONGEST = 200


class Stage(StrEnum):
    """What there is to do for a meeting now."""

    COMING = "coming"
    LOOK_BACK = "look_back"
    EARLIER = "earlier"


HEADINGS: Mapping[Stage, str | Promise] = {
    Stage.COMING: gettext_lazy("Coming"),
    Stage.LOOK_BACK: gettext_lazy("To look back on"),
}
_ENDED: Mapping[MeetingStatus, str | Promise] = {
    MeetingStatus.HELD: gettext_lazy("Has been"),
    MeetingStatus.EVALUATED: gettext_lazy("Looked back on"),
    MeetingStatus.CANCELLED: gettext_lazy("Cancelled"),
}


@dataclass(frozen=True)
class Row:
    """One meeting in the list: which, when and where, and the one next step. `restore_url` is for one that was
    cancelled and can still take place."""

    title: str
    url: str
    text: str
    meta: str
    action: str = ""
    action_url: str = ""
    restore_url: str = ""


@dataclass(frozen=True)
class Part:
    """Rows under one heading."""

    key: str
    heading: str | Promise
    rows: tuple[Row, ...]


def told(meetings: MeetingQuerySet) -> MeetingQuerySet:
    """`meetings` with what their titles and rows read."""
    return meetings.select_related("child", "group", "recorded_by__user").prefetch_related("parents")


def stage(meeting: Meeting, now: datetime) -> Stage:
    """What there is to do for `meeting` at `now`."""
    if meeting.state is not MeetingStatus.PREPARE:
        return Stage.EARLIER
    return Stage.LOOK_BACK if practical(meeting).until <= now else Stage.COMING


@dataclass(frozen=True)
class Overview:
    """The meetings a member may look into: those with a next step by what there is to do, the first to come first, and
    what has been, the last first."""

    parts: tuple[Part, ...]
    earlier: tuple[Row, ...]


def overview(membership: Membership, now: datetime) -> Overview:
    """The meetings this member may look into at `now`."""
    rows: dict[Stage, list[Row]] = {each: [] for each in Stage}
    meetings = told(Meeting.objects.visible_to(membership, localdate(now)))
    coming_first = sorted(meetings.order_by("-at", "-pk")[:LONGEST], key=lambda each: (each.at, each.pk))
    for meeting in coming_first:
        rows[stage(meeting, now)].append(_row(meeting, membership, now))
    parts = [Part(each.value, HEADINGS[each], tuple(rows[each])) for each in HEADINGS if rows[each]]
    return Overview(tuple(parts), tuple(reversed(rows[Stage.EARLIER])))


def when(at: datetime) -> str:
    """A moment as people say it: "Tuesday 24 November, 15:30", with the year when it is another one."""
    here = localtime(at)
    pattern = "l j F, H:i" if here.year == clock.today().year else "l j F Y, H:i"
    return day_words(here, pattern)


def _row(meeting: Meeting, membership: Membership, now: datetime) -> Row:
    action, page = _step(meeting, now)

    def link(name: str) -> str:
        return reverse(f"meetings:{name}", args=[membership.school.slug, meeting.pk])

    may_be_restored = meeting.state is MeetingStatus.CANCELLED and meeting.at > now
    return Row(
        title=capfirst(meeting_title(meeting)),
        url=link("before" if stage(meeting, now) is Stage.COMING else "after"),
        text=capfirst(when(meeting.at)) + (f" · {meeting.room}" if meeting.room else ""),
        meta=_meta(meeting, membership),
        action=action,
        action_url=link(page) if action else "",
        restore_url=link("cancel") if may_be_restored else "",
    )


def _step(meeting: Meeting, now: datetime) -> tuple[str, str]:
    """The next step of `meeting` and the page for it."""
    match stage(meeting, now):
        case Stage.LOOK_BACK:
            return _("Look back"), "after"
        case Stage.EARLIER:
            return "", "after"
        case _ if practical(meeting).begins - ABOUT_TO_BEGIN <= now:
            return _("To the meeting"), "during"
        case _:
            return _("Prepare"), "before"


def _meta(meeting: Meeting, membership: Membership) -> str:
    words = [str(_ENDED[meeting.state])] if meeting.state in _ENDED else []
    if meeting.group is not None:
        words.append(_("group %(group)s") % {"group": meeting.group})
    if meeting.recorded_by_id != membership.pk:
        words.append(_("planned by %(colleague)s") % {"colleague": meeting.recorded_by})
    return " · ".join(words)


@dataclass(frozen=True)
class Promised:
    """What a member said they would do after a meeting, by `due_on`. `words` are theirs alone to read."""

    number: int
    kind: FollowUpKind
    words: str
    due_on: date
    is_done: bool
    is_late: bool


def promised(follow_up: FollowUp, on: date) -> Promised:
    """`follow_up` as it stands on day `on`, in words for whoever said so."""
    talk = _("Talk with the parent about how it went")
    kind, done = FollowUpKind(follow_up.kind), follow_up.done_at is not None
    return Promised(
        number=follow_up.pk,
        kind=kind,
        words=talk if kind is FollowUpKind.TALK else str(follow_up.words),
        due_on=follow_up.due_on,
        is_done=done,
        is_late=not done and follow_up.due_on < on,
    )


@dataclass(frozen=True)
class ToDo:
    """Something a member has not done yet, and which meeting it comes from."""

    meeting: Meeting
    title: str
    promised: Promised


def to_do(membership: Membership, on: date) -> list[ToDo]:
    """What this member said they would do and has not done yet, first what is due first."""
    rows = FollowUp.objects.open_for(membership, on)
    found = rows.select_related("meeting__child").prefetch_related("meeting__parents")
    return [ToDo(each.meeting, capfirst(meeting_title(each.meeting)), promised(each, on)) for each in found]

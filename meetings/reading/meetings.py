"""The list of meetings: what is coming, what to look back on, and what has been; with one next step each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.core.paginator import Page
from django.template.defaultfilters import date as day_words
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from school import clock, paging
from school.models import Membership
from school.rows import Part, Row

from ..models import FollowUp, FollowUpKind, Meeting
from ..models.meetings import MeetingQuerySet
from ..naming import meeting_title
from ..workflow import MeetingStatus
from .practical import practical

# From then on a teacher walks to the meeting, and wants the crib sheet.
ABOUT_TO_BEGIN = timedelta(minutes=45)
# No meeting lasts so long.
LONG_PAST = timedelta(days=1)


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


def told(meetings: MeetingQuerySet) -> MeetingQuerySet:
    """`meetings` with what their titles and rows read."""
    return meetings.select_related("child", "group", "recorded_by__user").prefetch_related("parents")


def stage(meeting: Meeting, now: datetime) -> Stage:
    """What there is to do for `meeting` at `now`."""
    if meeting.state is not MeetingStatus.PREPARE:
        return Stage.EARLIER
    return Stage.LOOK_BACK if practical(meeting).until <= now else Stage.COMING


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


@dataclass(frozen=True)
class Earlier:
    """A meeting that has been or was cancelled; `restore_url` is for one that can still take place."""

    row: Row
    restore_url: str


@dataclass(frozen=True)
class Overview:
    """A page of the meetings a member may look into: those with a next step by what there is to do, the first to come
    first; then what they promised; then what has been, the last first, and how many those are in all."""

    pages: Page[Any]
    parts: tuple[Part, ...]
    to_do: tuple[ToDo, ...]
    earlier: tuple[Earlier, ...]
    earlier_count: int


def overview(membership: Membership, now: datetime, page: str | None = None) -> Overview:
    """The meetings this member may look into at `now`, and what they still have to do after one."""
    on = localdate(now)
    by_stage = _by_stage(membership, now)
    earlier = by_stage[Stage.EARLIER][::-1]
    promises = dict(FollowUp.objects.open_for(membership, on).values_list("pk", "meeting_id"))
    entries: list[tuple[str, int]] = [(stage.value, pk) for stage in HEADINGS for pk in by_stage[stage]]
    entries += [("to_do", pk) for pk in promises]
    entries += [(Stage.EARLIER.value, pk) for pk in earlier]
    pages = paging.page(entries, page)
    shown = {kind: [pk for other, pk in pages if other == kind] for kind in (*Stage, "to_do")}
    numbers = [promises[pk] if kind == "to_do" else pk for kind, pk in pages]
    meetings = {meeting.pk: meeting for meeting in paging.read(told(Meeting.objects.all()), numbers)}
    parts = [
        Part(
            each.value,
            HEADINGS[each],
            tuple(_row(meetings[pk], membership, now) for pk in shown[each] if pk in meetings),
        )
        for each in HEADINGS
        if shown[each]
    ]
    return Overview(
        pages,
        tuple(parts),
        tuple(
            _to_do(each, meetings[each.meeting_id], on)
            for each in paging.read(FollowUp.objects.all(), shown["to_do"])
            if each.meeting_id in meetings
        ),
        tuple(_earlier(meetings[pk], membership, now) for pk in shown[Stage.EARLIER] if pk in meetings),
        len(earlier),
    )


def _by_stage(membership: Membership, now: datetime) -> Mapping[Stage, list[int]]:
    """By number the meetings this member may look into, in the order in which they take place."""
    found: dict[Stage, list[int]] = {each: [] for each in Stage}
    visible = Meeting.objects.visible_to(membership, localdate(now)).order_by("at", "pk")
    rows = visible.values_list("pk", "status", "at")
    going_on = [pk for pk, _status, at in rows if now - LONG_PAST < at <= now]
    begun = {
        meeting.pk: stage(meeting, now) for meeting in paging.read(told(Meeting.objects.all()), going_on)
    }
    for pk, status, at in rows:
        if status != MeetingStatus.PREPARE:
            found[Stage.EARLIER].append(pk)
        else:
            found[begun.get(pk, Stage.COMING if at > now else Stage.LOOK_BACK)].append(pk)
    return found


def when(at: datetime) -> str:
    """A moment as people say it: "Tuesday 24 November, 15:30", with the year when it is another one."""
    here = localtime(at)
    pattern = "l j F, H:i" if here.year == clock.today().year else "l j F Y, H:i"
    return day_words(here, pattern)


def _row(meeting: Meeting, membership: Membership, now: datetime) -> Row:
    action, page = _step(meeting, now)

    def link(name: str) -> str:
        return reverse(f"meetings:{name}", args=[membership.school.slug, meeting.pk])

    return Row(
        title=capfirst(meeting_title(meeting)),
        url=link("before" if stage(meeting, now) is Stage.COMING else "after"),
        text=capfirst(when(meeting.at)) + (f" · {meeting.room}" if meeting.room else ""),
        meta=_meta(meeting, membership),
        action=action,
        action_url=link(page) if action else "",
    )


def _earlier(meeting: Meeting, membership: Membership, now: datetime) -> Earlier:
    may_be_restored = meeting.state is MeetingStatus.CANCELLED and meeting.at > now
    url = reverse("meetings:cancel", args=[membership.school.slug, meeting.pk]) if may_be_restored else ""
    return Earlier(_row(meeting, membership, now), url)


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


def to_do(membership: Membership, on: date) -> list[ToDo]:
    """What this member said they would do and has not done yet, first what is due first."""
    rows = FollowUp.objects.open_for(membership, on)
    found = rows.select_related("meeting__child").prefetch_related("meeting__parents")
    return [_to_do(each, each.meeting, on) for each in found]


def _to_do(follow_up: FollowUp, meeting: Meeting, on: date) -> ToDo:
    return ToDo(meeting, capfirst(meeting_title(meeting)), promised(follow_up, on))

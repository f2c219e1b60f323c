"""What waits on who arranges a theme because of its matches: the next step, a call, somebody who wants to talk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from school.models import Membership
from school.worklist import Urgency, WorkItem

from .access import coordinates
from .models import CheckIn, Match, Person, themes_waiting_on
from .models.links import with_talk
from .naming import request_title
from .reading.progress import PATIENCE, STEPS, Move, move_of
from .workflow import MatchStatus

# How urgent each move of a coordinator is, and its icon.
ROWS: Mapping[Move, tuple[Urgency, str]] = {
    Move.ASK_PARENT: (Urgency.TODAY, "chat-left-text"),
    Move.CALL_PARENT: (Urgency.OVERDUE, "telephone"),
    Move.HEAR_PARENT: (Urgency.SOON, "telephone"),
    Move.ASK_BUDDY: (Urgency.TODAY, "telephone"),
    Move.CALL_BUDDY: (Urgency.OVERDUE, "telephone"),
    Move.CONNECT: (Urgency.TODAY, "link-45deg"),
    Move.ROUND_OFF: (Urgency.TODAY, "check-lg"),
    Move.REVIEW: (Urgency.SOON, "clock"),
}


def items(membership: Membership, on: date) -> Iterator[WorkItem]:
    """Everything about live matches that waits on `membership` on day `on`."""
    if not coordinates(membership):
        return
    rows = Match.objects.visible_to(membership, on).live()
    rows = rows.filter(Q(theme=None) | Q(theme__in=themes_waiting_on(membership, on)))
    rows = rows.select_related("buddy_parent", "request__parent", "request__child", "request__group")
    due_calls = Prefetch("checkin_set", CheckIn.objects.due(on))
    for match in with_talk(rows.with_next_call()).prefetch_related(due_calls):
        page = reverse("buddies:match", args=[membership.school.slug, match.pk])
        if match.talk_since is not None:
            yield _talk(match, match.talk_since, page)
        else:
            yield from _step(match, page, on)
        for checkin in match.checkin_set.all():
            yield _call(checkin, match, membership, on)


def _talk(match: Match, since: datetime, page: str) -> WorkItem:
    """Who would like to talk is whose turn it is."""
    return WorkItem(
        Urgency.TODAY,
        localdate(since),
        _about(match, with_buddy=match.state is MatchStatus.WAITING_FOR_BUDDY),
        _("Would like to talk first. Call them."),
        _("Record the answer"),
        page,
        "telephone",
    )


def _about(match: Match, *, with_buddy: bool) -> str:
    return str(match.buddy_parent) if with_buddy else request_title(match.request)


def _step(match: Match, page: str, on: date) -> Iterator[WorkItem]:
    """What the coordinator does next; nothing while it is somebody else's turn. Check-ins are rows of their own."""
    move = move_of(match, on)
    if move in ROWS:
        (urgency, icon), step = ROWS[move], STEPS[move]
        yield WorkItem(
            urgency,
            localdate(match.changed_at),
            request_title(match.request),
            step.about(match.buddy_parent),
            str(step.action),
            page,
            icon,
        )


def _call(checkin: CheckIn, match: Match, membership: Membership, on: date) -> WorkItem:
    with_buddy = checkin.person == Person.BUDDY
    return WorkItem(
        Urgency.OVERDUE if on - checkin.due_on > PATIENCE else Urgency.TODAY,
        checkin.due_on,
        _about(match, with_buddy=with_buddy),
        _("Ask the buddy how it goes.") if with_buddy else _("Ask the parent how it goes with the buddy."),
        _("Call"),
        reverse("buddies:checkin", args=[membership.school.slug, checkin.pk]),
        "telephone",
    )

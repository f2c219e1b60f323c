"""What waits on who arranges a theme because of its matches: the next step, a call, somebody who wants to talk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from school.models import Membership
from school.worklist import Urgency, WorkItem

from .access import coordinates
from .models import CheckIn, Match, Person, TipGiver, themes_waiting_on
from .models.links import with_talk
from .naming import request_title
from .reading.progress import PATIENCE
from .workflow import MatchStatus


def items(membership: Membership, on: date) -> Iterator[WorkItem]:
    """Everything about live matches that waits on `membership` on day `on`."""
    if not coordinates(membership):
        return
    rows = Match.objects.visible_to(membership, on).live()
    rows = rows.filter(Q(theme=None) | Q(theme__in=themes_waiting_on(membership, on)))
    rows = rows.select_related("buddy_parent", "request__parent", "request__child", "request__group")
    due_calls = Prefetch("checkin_set", CheckIn.objects.due(on))
    for match in with_talk(rows).prefetch_related(due_calls):
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
    step = _next_step(match, on)
    if step is not None:
        urgency, text, action, icon = step
        yield WorkItem(
            urgency,
            localdate(match.changed_at),
            request_title(match.request),
            text % {"buddy": match.buddy_parent},
            action,
            page,
            icon,
        )


def _next_step(match: Match, on: date) -> tuple[Urgency, str, str, str] | None:
    """What the coordinator does next for `match`; None while it is somebody else's turn."""
    waited = on - localdate(match.changed_at) >= PATIENCE
    match match.state:
        case MatchStatus.PROPOSED:
            return (
                Urgency.TODAY,
                _("%(buddy)s is proposed. Now the parent."),
                _("Ask the parent"),
                "chat-left-text",
            )
        case MatchStatus.WAITING_FOR_PARENT if waited:
            return (
                Urgency.OVERDUE,
                _("No answer from the parent yet. Call them."),
                _("Record the answer"),
                "telephone",
            )
        case MatchStatus.WAITING_FOR_PARENT if match.tip_giver == TipGiver.COORDINATOR:
            return (
                Urgency.SOON,
                _("You ask the parent whether they want this."),
                _("Record the answer"),
                "telephone",
            )
        case MatchStatus.WAITING_FOR_BUDDY if match.buddy_asked_at is None:
            return (
                Urgency.TODAY,
                _("The parent said yes. Now ask %(buddy)s."),
                _("Ask the buddy"),
                "telephone",
            )
        case MatchStatus.WAITING_FOR_BUDDY if waited:
            return (
                Urgency.OVERDUE,
                _("No answer from %(buddy)s yet. Call them."),
                _("Record the answer"),
                "telephone",
            )
        case MatchStatus.AGREED if not match.winding_down:
            return Urgency.TODAY, _("Both said yes. Connect them with %(buddy)s."), _("Connect"), "link-45deg"
        case MatchStatus.AGREED | MatchStatus.CONNECTED if match.winding_down:
            return Urgency.TODAY, _("One of the two wants to stop."), _("Round off"), "check-lg"
        case MatchStatus.CONNECTED if match.review_on is not None and match.review_on <= on:
            return (
                Urgency.SOON,
                _("Half a year together with %(buddy)s. Go on or stop?"),
                _("Discuss"),
                "clock",
            )
        case _:
            return None


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

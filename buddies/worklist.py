"""What waits on a member in this app: their own signals, and the work of the themes they arrange."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from school.models import Membership
from school.roles import Permission
from school.worklist import Urgency, WorkItem

from .access import coordinates
from .models import (
    Buddy,
    Experience,
    Match,
    Signal,
    SupportRequest,
    Theme,
    themes_waiting_on,
)
from .models.links import with_no
from .models.themes import Hands
from .naming import parent_title, request_title
from .reading.sentences import listed
from .workflow import BuddyStatus

# A new request that nobody opened for this long is late.
LATE = timedelta(days=3)
RENEW_AHEAD = timedelta(days=30)


def items(membership: Membership, on: date) -> Iterator[WorkItem]:
    """Everything in this app that waits on `membership` on day `on`."""
    if membership.may(Permission.SIGNAL):
        yield from _own_signals(membership, on)
        yield from _tips(membership)
    if coordinates(membership):
        yield from _requests(membership, on)
        yield from _buddies(membership, on)
        yield from _renewals(membership, on)
    if membership.may(Permission.GIVE_ROLES):
        yield from _themes(membership, on)


def _own_signals(membership: Membership, on: date) -> Iterable[WorkItem]:
    for signal in Signal.objects.of(membership, on).undiscussed().select_related("request"):
        request = signal.request
        goes = request.forget_on or on
        yield WorkItem(
            Urgency.TODAY if goes - on <= timedelta(days=4) else Urgency.SOON,
            localdate(signal.at),
            signal.called,
            _("You have not discussed it with the parent yet. It is kept until %(day)s.")
            % {"day": date_format(goes, "j F")},
            _("Discussed?"),
            reverse("buddies:discussed", args=[membership.school.slug, request.pk]),
            "chat-left-text",
        )


def _tips(membership: Membership) -> Iterable[WorkItem]:
    for match in Match.objects.tips_of(membership):
        yield WorkItem(
            Urgency.TODAY,
            localdate(match.changed_at),
            match.called,
            _("Somebody is available. You give the parent the tip."),
            _("Give the tip"),
            reverse("buddies:tip", args=[membership.school.slug, match.pk]),
            "chat-left-text",
        )


def _requests(membership: Membership, on: date) -> Iterable[WorkItem]:
    rows = SupportRequest.objects.visible_to(membership, on).waiting()
    rows = rows.filter(Q(theme=None) | Q(theme__in=themes_waiting_on(membership, on)))
    found = []
    for request in with_no(rows).select_related("parent", "child", "group", "theme"):
        if request.said_no_at is not None:
            yield _said_no(request, request.said_no_at, membership)
        elif not request.is_parked(on):
            found.append(request)
    yield from _to_distribute([request for request in found if request.theme], membership)
    for request in found:
        since = localdate(request.signalled_at)
        new = request.state == "new"
        if new:
            text, action = _("New signal: %(theme)s."), _("Look at it")
            urgency = Urgency.OVERDUE if on - since > LATE else Urgency.TODAY
        else:
            text, action, urgency = (
                _("Still looking for a buddy: %(theme)s."),
                _("Find a buddy"),
                Urgency.SOON,
            )
        target = "buddies:request" if new or request.theme is None else "buddies:find"
        yield WorkItem(
            urgency,
            since,
            request_title(request),
            text % {"theme": request.theme or _("not known yet what about")},
            action,
            reverse(target, args=[membership.school.slug, request.pk]),
            "person-plus" if new else "search",
        )


def _said_no(request: SupportRequest, at: datetime, membership: Membership) -> WorkItem:
    return WorkItem(
        Urgency.TODAY,
        localdate(at),
        request_title(request),
        _("Said no through the personal link. Does the parent still want us to search?"),
        _("Look at it"),
        reverse("buddies:request", args=[membership.school.slug, request.pk]),
        "chat-left-text",
    )


def _to_distribute(waiting: list[SupportRequest], membership: Membership) -> Iterable[WorkItem]:
    """One row for all who wait, when there is something to divide."""
    if len(waiting) > 1:
        yield WorkItem(
            Urgency.TODAY,
            min(localdate(request.signalled_at) for request in waiting),
            _("%(number)s parents wait for a buddy") % {"number": len(waiting)},
            _("See in one go who could get whom."),
            _("Distribute"),
            reverse("buddies:distribute", args=[membership.school.slug]),
            "people",
        )


def _buddies(membership: Membership, on: date) -> Iterable[WorkItem]:
    rows = Buddy.objects.visible_to(membership, on).exclude(status=BuddyStatus.STOPPED)
    mine = Experience.objects.filter(theme__in=themes_waiting_on(membership, on))
    rows = rows.filter(Q(experience=None) | Q(experience__in=mine)).distinct()
    for buddy in rows.filter(taken_up_at=None).select_related("parent", "recorded_by__user"):
        suggested = buddy.status == BuddyStatus.SUGGESTED
        yield WorkItem(
            Urgency.TODAY,
            localdate(buddy.created_at),
            parent_title(buddy.parent),
            (
                _("Suggested by %(colleague)s. Not asked yet.")
                if suggested
                else _("New buddy through %(colleague)s.")
            )
            % {"colleague": buddy.recorded_by},
            _("Look at it"),
            reverse("buddies:buddy", args=[membership.school.slug, buddy.pk]),
            "person-check",
        )


def _renewals(membership: Membership, on: date) -> Iterable[WorkItem]:
    """One row a buddy, however many of their consents run out."""
    rows = Experience.objects.filter(
        buddy__in=Buddy.objects.visible_to(membership, on),
        theme__in=themes_waiting_on(membership, on),
        consent__valid_until__lte=on + RENEW_AHEAD,
    )
    told = set()
    for experience in rows.select_related("parent", "consent").order_by("consent__valid_until", "pk"):
        if experience.buddy_id in told:
            continue
        told.add(experience.buddy_id)
        until = experience.consent.valid_until or on
        yield WorkItem(
            Urgency.OVERDUE if until < on else Urgency.SOON,
            until,
            parent_title(experience.parent),
            _("The consent to share experience ends on %(day)s.") % {"day": date_format(until, "j F Y")},
            _("Ask again"),
            reverse("buddies:buddy", args=[membership.school.slug, experience.buddy_id]),
            "shield-check",
        )


def _themes(membership: Membership, on: date) -> Iterable[WorkItem]:
    themes = list(Theme.objects.filter(school=membership.school_id).in_use().with_hands(on))
    page = reverse("buddies:coordinators", args=[membership.school.slug])
    if half := [str(theme) for theme in themes if theme.hands == Hands.SUBSTITUTES]:
        yield WorkItem(
            Urgency.WRONG,
            on,
            _("What was there before the substitute"),
            _("Nobody at work sees it, for %(themes)s. Show it to the substitute, or choose somebody else.")
            % {"themes": listed(half)},
            _("To the team"),
            reverse("team", args=[membership.school.slug]),
            "exclamation-triangle",
        )
    for theme in themes:
        if theme.hands != Hands.NOBODY:
            continue
        yield WorkItem(
            Urgency.WRONG,
            on,
            str(theme),
            _("Nobody arranges this theme. Signals about it reach nobody."),
            _("Choose somebody"),
            f"{page}?theme={theme.pk}#theme-{theme.pk}",
            "exclamation-triangle",
        )

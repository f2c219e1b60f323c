"""What waits on a member in this app: their own signals, and the work of the themes they arrange."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

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
    CheckIn,
    Experience,
    Match,
    Person,
    PersonalLink,
    Signal,
    SupportRequest,
    Theme,
    TipGiver,
)
from .naming import parent_title, request_title
from .reading.sentences import listed
from .workflow import BuddyStatus, MatchStatus

# After this many days without an answer somebody calls: silence is "call them", never "no".
PATIENCE = timedelta(days=7)
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
        yield from _matches(membership, on)
        yield from _checkins(membership, on)
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
            match.called,  # type: ignore[attr-defined]  # annotated by told_by
            _("Somebody is available. You give the parent the tip."),
            _("Give the tip"),
            reverse("buddies:tip", args=[membership.school.slug, match.pk]),
            "chat-left-text",
        )


def _requests(membership: Membership, on: date) -> Iterable[WorkItem]:
    rows = SupportRequest.objects.visible_to(membership, on).waiting().exclude(parked_until__gt=on)
    rows = rows.filter(Q(theme=None) | Q(theme__in=Theme.objects.waiting_on(membership, on)))
    # The parent said no through the link, and has a row that asks whether to search on.
    rows = rows.exclude(pk__in=PersonalLink.objects.said_no().values("match__request"))
    found = list(rows.select_related("parent", "child", "group", "theme"))
    yield from _to_distribute([request for request in found if request.theme], membership)
    for request in found:
        since = localdate(request.signalled_at)
        new = request.state == "new"  # type: ignore[attr-defined]  # annotated by with_state
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


def _matches(membership: Membership, on: date) -> Iterable[WorkItem]:
    rows = Match.objects.visible_to(membership, on).live()
    # They would like to talk first, and have a row that says so.
    rows = rows.exclude(pk__in=PersonalLink.objects.wanting_to_talk().values("match"))
    rows = rows.filter(Q(theme=None) | Q(theme__in=Theme.objects.waiting_on(membership, on)))
    for match in rows.select_related("buddy_parent", "request__parent", "request__child", "request__group"):
        step = _next_step(match, on)
        if step is None:
            continue
        urgency, text, action, icon = step
        yield WorkItem(
            urgency,
            localdate(match.changed_at),
            request_title(match.request),
            text % {"buddy": match.buddy_parent},
            action,
            reverse("buddies:match", args=[membership.school.slug, match.pk]),
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


def _checkins(membership: Membership, on: date) -> Iterable[WorkItem]:
    rows = CheckIn.objects.visible_to(membership, on).due(on)
    rows = rows.filter(Q(match__theme=None) | Q(match__theme__in=Theme.objects.waiting_on(membership, on)))
    for checkin in rows.select_related(
        "match__buddy_parent", "match__request__parent", "match__request__child", "match__request__group"
    ):
        with_buddy = checkin.person == Person.BUDDY
        match = checkin.match
        yield WorkItem(
            Urgency.OVERDUE if on - checkin.due_on > PATIENCE else Urgency.TODAY,
            checkin.due_on,
            str(match.buddy_parent) if with_buddy else request_title(match.request),
            _("Ask the buddy how it goes.")
            if with_buddy
            else _("Ask the parent how it goes with the buddy."),
            _("Call"),
            reverse("buddies:checkin", args=[membership.school.slug, checkin.pk]),
            "telephone",
        )


def _buddies(membership: Membership, on: date) -> Iterable[WorkItem]:
    rows = Buddy.objects.visible_to(membership, on).exclude(status=BuddyStatus.STOPPED)
    mine = Experience.objects.filter(theme__in=Theme.objects.waiting_on(membership, on))
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
        theme__in=Theme.objects.waiting_on(membership, on),
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
    themes = Theme.objects.filter(school=membership.school_id)
    page = reverse("buddies:coordinators", args=[membership.school.slug])
    if half := [str(theme) for theme in themes.without_a_past(on)]:
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
    for theme in themes.without_coordinator(on):
        yield WorkItem(
            Urgency.WRONG,
            on,
            str(theme),
            _("Nobody arranges this theme. Signals about it reach nobody."),
            _("Choose somebody"),
            f"{page}?theme={theme.pk}#theme-{theme.pk}",
            "exclamation-triangle",
        )

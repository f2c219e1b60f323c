"""What happened with a request or a match, newest first, from the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from school.models import AuditEvent, User

from ..models import CheckIn, Consent, Match, PersonalLink, SupportRequest

# Looks and searches stay in the log; `consent.give` goes together with the step it was given for.
LABELS: Mapping[str, str | Promise] = {
    "request.signal": _("Signalled"),
    "request.discussed": _("Discussed: the parent wants us to look for somebody"),
    "request.take_up": _("Taken up"),
    "request.park": _("Put off for a while"),
    "request.resume": _("Waits again"),
    "request.theme": _("Written down what it is about"),
    "request.link": _("Written down which parent this is"),
    "request.close": _("Closed"),
    "request.share": _("Shared with a substitute"),
    "match.propose": _("Buddy proposed"),
    "match.ask_parent": _("Agreed who gives the parent the tip"),
    "match.parent_yes": _("The parent said yes"),
    "match.ask_buddy": _("Buddy asked"),
    "match.buddy_yes": _("The buddy said yes"),
    "match.connect": _("Connected"),
    "match.did_not_proceed": _("Did not proceed"),
    "match.wind_down": _("To be rounded off"),
    "match.undo": _("Last step taken back"),
    "match.complete": _("Rounded off"),
    "checkin.record": _("Asked how it goes"),
    "consent.withdraw": _("Consent withdrawn"),
    "link.make": _("Personal link made"),
    "link.answer": _("Answered through the personal link"),
}
LONGEST = 60


@dataclass(frozen=True)
class Event:
    """One line: when, what, and who did it ("" for what runs by itself)."""

    at: datetime
    text: str | Promise
    by: str


def of_request(request: SupportRequest, matches: QuerySet[Match]) -> list[Event]:
    """What happened with `request` and with `matches`, those of its matches that the reader may see, in one query."""
    return _events(request, matches)


def of_match(match: Match) -> list[Event]:
    """What happened with `match`, and before it with its request, in one query."""
    return _events(match.request, Match.objects.filter(pk=match.pk))


def _events(request: SupportRequest, matches: QuerySet[Match]) -> list[Event]:
    about = (
        Q(target_type="supportrequest", target_id=request.pk)
        | Q(target_type="match", target_id__in=matches.values("pk"))
        | Q(target_type="checkin", target_id__in=CheckIn.objects.filter(match__in=matches).values("pk"))
        | Q(
            target_type="personallink",
            target_id__in=PersonalLink.objects.filter(match__in=matches).values("pk"),
        )
        | Q(
            target_type="consent",
            target_id__in=Consent.objects.filter(Q(match__in=matches) | Q(request=request)).values("pk"),
        )
    )
    name = User.objects.filter(pk=OuterRef("actor_id")).values("name")[:1]
    rows = (
        AuditEvent.objects.filter(about, school_id=request.school_id, action__in=LABELS)
        .annotate(actor=Subquery(name))
        .order_by("-at", "-pk")
    )
    return [Event(row.at, LABELS[row.action], row.actor or "") for row in rows[:LONGEST]]

"""All that wait beside all who could help them, as far as a member may see both: who could get whom (see `assign`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from school.models import Membership

from ..access import newcomer_theme, own_themes
from ..assignment import Plan, assign
from ..candidates import askers, helpers, keep_places, read, weighing
from ..languages import Language, spoken
from ..matching import Candidate, Helper
from ..models import Buddy, PersonalLink, SupportRequest
from ..naming import child_title, request_title
from . import sentences
from .progress import upper_first
from .shortlist import children_of

# More than these nobody divides in one go; the next come up as soon as some of them are.
SHOWN = 50


@dataclass(frozen=True)
class Division:
    """Who wait on the day `on`, longest first, and the plan for them. `parked` were put off; of `without_theme` it is
    not yet known what they are about. `buddies` are all with experience in the member's themes, by number."""

    on: date
    waiting: Mapping[int, SupportRequest]
    parked: Sequence[SupportRequest]
    without_theme: Sequence[SupportRequest]
    buddies: Mapping[int, Buddy]
    helpers: Sequence[Helper]
    plan: Plan


def divide(membership: Membership, on: date) -> Division:
    """What waits on `on` of this member's themes, and who could get whom, in a fixed number of queries."""
    themes = own_themes(membership)
    rows = SupportRequest.objects.visible_to(membership, on).waiting()
    # First somebody asks these parents whether to search on.
    rows = rows.exclude(pk__in=PersonalLink.objects.said_no().values("match__request"))
    rows = rows.select_related("parent", "child__group", "group", "theme").order_by("signalled_at", "pk")
    waiting, parked, without_theme = [], [], []
    for request in rows:
        if request.parked_until and request.parked_until > on:
            parked.append(request)
        elif request.theme is None:
            without_theme.append(request)
        else:
            waiting.append(request)
    buddies = read(Buddy.objects.visible_to(membership, on), themes)
    found = helpers(themes, on, buddies)
    if newcomer_theme(membership) is not None:  # to others it is no matter of theirs who is in mind for whom
        found = keep_places(found, membership.school_id, on)
    return Division(
        on,
        {request.pk: request for request in waiting},
        parked,
        without_theme,
        {buddy.pk: buddy for buddy in buddies},
        found,
        assign(askers(waiting, on), found, weighing(membership.school_id)),
    )


@dataclass(frozen=True)
class Proposal:
    """One parent who waits and the buddy who is proposed, in words. `changed` says that the page from which the member
    acted had another proposal, or none."""

    request: SupportRequest
    title: str
    child: str
    since: date
    buddy: Buddy
    children: str
    languages: tuple[Language, ...]
    reasons: tuple[str, ...]
    attention: tuple[str, ...]
    changed: bool


@dataclass(frozen=True)
class Board:
    """The page: the first proposals, longest waiting first, and `shown`, which buddy stands beside which request; how
    many more there are; for how many nobody can be asked; and who was put off."""

    proposals: tuple[Proposal, ...]
    shown: Mapping[int, int]
    more: int
    without_buddy: int
    without_theme: int
    parked: tuple[tuple[SupportRequest, str], ...]


def board(division: Division, before: Mapping[int, int]) -> Board:
    """The page about `division`; `before` is what the page showed from which the member acted, by request."""
    pairs = [(pk, division.plan.pairs[pk]) for pk in division.waiting if pk in division.plan.pairs]
    shown = {pk: candidate.buddy for pk, candidate in pairs[:SHOWN]}
    return Board(
        tuple(_proposal(division, pk, candidate, before) for pk, candidate in pairs[:SHOWN]),
        shown,
        more=len(pairs) - len(shown),
        without_buddy=len(division.waiting) - len(pairs),
        without_theme=len(division.without_theme),
        parked=tuple((request, title(request)) for request in division.parked),
    )


def title(request: SupportRequest) -> str:
    """Whom `request` is about, as a row begins."""
    return upper_first(request_title(request))


def _proposal(division: Division, pk: int, candidate: Candidate, before: Mapping[int, int]) -> Proposal:
    request, buddy = division.waiting[pk], division.buddies[candidate.buddy]
    return Proposal(
        request=request,
        title=title(request),
        child=child_title(request),
        since=localdate(request.signalled_at),
        buddy=buddy,
        children=children_of(buddy, division.on),
        languages=tuple(spoken(buddy.parent.spoken)),
        reasons=tuple(sentences.reason(reason) for reason in candidate.reasons),
        attention=tuple(sentences.reason(reason) for reason in candidate.attention),
        changed=bool(before) and before.get(pk) != candidate.buddy,
    )

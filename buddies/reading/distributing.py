"""All that wait beside all who could help them, as far as a member may see both: who could get whom (see `assign`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page
from django.utils.timezone import localdate

from school import paging
from school.models import Membership

from ..access import newcomer_theme
from ..assignment import Plan, assign
from ..candidates import Pool, askers, keep_places, pool, weighing
from ..languages import Language, spoken
from ..matching import Candidate, Helper
from ..models import Buddy, PersonalLink, SupportRequest, own_themes
from ..naming import child_title, request_title
from . import sentences
from .progress import upper_first
from .shortlist import children_of

# What matching and the rows read of a request and its people; nothing that was said.
_READ = (
    "parent__first_name",
    "parent__last_name",
    "parent__kind",
    "parent__languages",
    "child__first_name",
    "child__group",
    "group",
    "child_name",
    "theme",
    "wish",
    "outside_class",
    "signalled_at",
    "linked_at",
    "parked_until",
    "school",
)


@dataclass(frozen=True)
class Division:
    """Who wait on a day, longest first, and the plan for them. `parked` were put off; of `without_theme` it is not yet
    known what they are about. `seen` are all buddies with experience in the member's themes."""

    waiting: Mapping[int, SupportRequest]
    parked: Sequence[SupportRequest]
    without_theme: Sequence[SupportRequest]
    seen: Pool
    helpers: Mapping[int, Helper]
    plan: Plan


def divide(membership: Membership, on: date) -> Division:
    """What waits on `on` of this member's themes, and who could get whom, in a fixed number of queries."""
    themes = own_themes(membership)
    rows = SupportRequest.objects.visible_to(membership, on).waiting()
    # First somebody asks these parents whether to search on.
    rows = rows.exclude(pk__in=PersonalLink.objects.said_no().values("match__request"))
    rows = rows.select_related("parent", "child__group", "group", "theme").only(*_READ)
    waiting, parked, without_theme = [], [], []
    for request in rows.order_by("signalled_at", "pk"):
        if request.is_parked(on):
            parked.append(request)
        elif request.theme is None:
            without_theme.append(request)
        else:
            waiting.append(request)
    seen = pool(themes, on, Buddy.objects.visible_to(membership, on))
    found = list(seen.helpers)
    if newcomer_theme(membership) is not None:  # to others it is no matter of theirs who is in mind for whom
        found = keep_places(found, membership.school_id, on)
    return Division(
        {request.pk: request for request in waiting},
        parked,
        without_theme,
        seen,
        {helper.id: helper for helper in found},
        assign(askers(waiting, on), found, weighing(membership.school_id)),
    )


@dataclass(frozen=True)
class Proposal:
    """One parent who waits and the buddy who is proposed, by number, in words. `changed` says that the page from which
    the member acted had another proposal, or none."""

    request: SupportRequest
    title: str
    child: str
    since: date
    buddy: int
    name: str
    children: str
    languages: tuple[Language, ...]
    reasons: tuple[str, ...]
    attention: tuple[str, ...]
    changed: bool


@dataclass(frozen=True)
class Board:
    """A page of the proposals, longest waiting first, and then of who was put off; `shown`, which buddy stands beside
    which request; how many were put off in all, and for how many nobody can be asked."""

    pages: Page[Any]
    proposals: tuple[Proposal, ...]
    shown: Mapping[int, int]
    without_buddy: int
    without_theme: int
    parked: tuple[tuple[SupportRequest, str], ...]
    parked_count: int


def board(division: Division, before: Mapping[int, int], page: str | None = None) -> Board:
    """The page about `division`; `before` is what the page showed from which the member acted, by request."""
    plan = division.plan.pairs
    pairs = [pk for pk in division.waiting if pk in plan]
    pages = paging.page([*pairs, *division.parked], page)
    shown = [pk for pk in pages if isinstance(pk, int)]
    return Board(
        pages,
        tuple(_proposal(division, pk, plan[pk], before) for pk in shown),
        {pk: plan[pk].buddy for pk in shown},
        without_buddy=len(division.waiting) - len(pairs),
        without_theme=len(division.without_theme),
        parked=tuple((request, title(request)) for request in pages if isinstance(request, SupportRequest)),
        parked_count=len(division.parked),
    )


def title(request: SupportRequest) -> str:
    """Whom `request` is about, as a row begins."""
    return upper_first(request_title(request))


def _proposal(division: Division, pk: int, candidate: Candidate, before: Mapping[int, int]) -> Proposal:
    request, buddy = division.waiting[pk], division.helpers[candidate.buddy]
    return Proposal(
        request=request,
        title=title(request),
        child=child_title(request),
        since=localdate(request.signalled_at),
        buddy=buddy.id,
        name=division.seen.people[buddy.id].name,
        children=children_of(buddy),
        languages=tuple(spoken(buddy.languages)),
        reasons=tuple(sentences.reason(reason) for reason in candidate.reasons),
        attention=tuple(sentences.reason(reason) for reason in candidate.attention),
        changed=bool(before) and before.get(pk) != candidate.buddy,
    )

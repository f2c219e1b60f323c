"""The families of children who start: who was offered a buddy, what they said, and whom to offer next (R12, R13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from school.models import Child, Membership

from ..assignment import assign
from ..candidates import Newcomer, Pool, keep_places, newcomers, weighing
from ..matching import Asker, Candidate, Helper
from ..models import Match, NewcomerOffer, OfferAnswer, Siblings, SupportRequest, Theme
from ..models.newcomers import HOMES, starting_for
from ..naming import parent_title
from . import sentences
from .progress import PATIENCE, STANDS

# Of what speaks for a proposed buddy, a row of the list tells the best.
BEST = 2
# What is read of what was offered, and of what came of it: of nobody how to reach them or what they said.
_OFFER = (
    "child",
    "home",
    "two_homes",
    "siblings",
    "click_reasons",
    "offered_at",
    "answer",
    "submission",
    "request",
    "parent__first_name",
    "parent__last_name",
    "parent__kind",
    "parent__languages",
    "buddy__parent__first_name",
    "buddy__parent__last_name",
)
_CHILD = (
    "first_name",
    "start_date",
    "sort_key",
    "group__name",
    "group__first_grade",
    "group__last_grade",
    "group__school_year",
)
_REQUEST = ("child", "theme", "closed_at", "close_reason")
_MATCH = ("request", *STANDS, "buddy_parent__first_name", "buddy_parent__last_name")
Place = tuple[int, int]


@dataclass(frozen=True)
class Family:
    """A child who starts, at one home of theirs: what was offered there and what came of it, as far as the member
    may see that. `request` may be there without an offer, when the parent was signalled before; `outside_class` is
    what the parent says now: rather nobody of the same class."""

    child: Child
    home: int = 1
    offer: NewcomerOffer | None = None
    request: SupportRequest | None = None
    match: Match | None = None
    siblings: bool = False
    outside_class: bool = False

    @property
    def place(self) -> Place:
        """What tells this family from all others: the number of the child, and which home."""
        return self.child.pk, self.home

    @property
    def to_offer(self) -> bool:
        """Whether nobody was asked here yet."""
        return self.offer is None and self.request is None

    @property
    def waiting(self) -> bool:
        """Whether a buddy was offered and there is no answer yet."""
        return self.offer is not None and self.offer.answer == OfferAnswer.OPEN

    @property
    def done(self) -> bool:
        """Whether the offer needs no more work: the family said yes or no."""
        return not self.to_offer and not self.waiting

    @property
    def starts(self) -> date:
        """The first day of the child, who is here because of it."""
        assert self.child.start_date is not None
        return self.child.start_date

    @property
    def title(self) -> str:
        """The child, or the child's other home."""
        name = self.child.first_name
        return _("Second parent of %(child)s") % {"child": name} if self.home == 2 else name

    @property
    def parent(self) -> str:
        """The parent who was offered a buddy, or would be."""
        known = self.offer.parent if self.offer else None
        if known is not None:
            return parent_title(known, self.child.first_name)
        words = _("the second parent of %(child)s") if self.home == 2 else _("a parent of %(child)s")
        return words % {"child": self.child.first_name}

    def late(self, on: date) -> bool:
        """Whether the answer takes so long on `on` that somebody calls: silence is never a no."""
        return self.waiting and self.offer is not None and on - localdate(self.offer.offered_at) >= PATIENCE


def families(theme: Theme, membership: Membership, on: date) -> list[Family]:
    """All new families of this member's school in whose matters they are no party: who starts first stands first.

    `theme` is that of the newcomers. A fixed number of queries.
    """
    children = list(starting_for(membership, on).only(*_CHILD))
    rows = NewcomerOffer.objects.visible_to(membership, on)
    rows = rows.select_related("parent", "buddy__parent").only(*_OFFER)
    offers = {(offer.child_id, offer.home): offer for offer in rows}
    asked = SupportRequest.objects.visible_to(membership, on).filter(theme=theme, child__isnull=False)
    requests = {request.pk: request for request in asked.order_by("pk").only(*_REQUEST)}
    rows_of = Match.objects.visible_to(membership, on).live().filter(request__in=requests)
    matches = {
        match.request_id: match
        for match in rows_of.with_next_call().select_related("buddy_parent").only(*_MATCH)
    }
    offered = {offer.request_id for offer in offers.values()}
    signalled = {request.child_id: request for request in requests.values() if request.pk not in offered}
    found = []
    for child in children:
        first, second = (offers.get((child.pk, home)) for home in HOMES)
        homes = HOMES if second or (first and first.two_homes) else HOMES[:1]
        for home, offer in zip(homes, (first, second), strict=False):
            request = requests.get(offer.request_id or 0) if offer else None
            if offer is None and home == 1:
                request = signalled.get(child.pk)
            found.append(
                Family(
                    child,
                    home,
                    offer,
                    request,
                    matches.get(request.pk) if request else None,
                    siblings=bool(first and first.siblings == Siblings.YES),
                )
            )
    return found


@dataclass(frozen=True)
class Proposal:
    """A buddy for a family, by number, what they are called, and what speaks for them."""

    buddy: int
    name: str
    candidate: Candidate

    @property
    def why(self) -> tuple[str, ...]:
        """The best of what speaks for them."""
        return tuple(sentences.reason(reason) for reason in self.candidate.reasons[:BEST])


@dataclass(frozen=True)
class Proposals:
    """How new families and buddies look to matching, and whom it proposes for whom."""

    helpers: Sequence[Helper]
    askers: Mapping[Place, Asker]
    by_place: Mapping[Place, Proposal]


def proposals(
    theme: Theme,
    cohort: Iterable[Family],
    seen: Pool,
    on: date,
    decided: Mapping[Place, int] | None = None,
) -> Proposals:
    """One buddy of those `seen` for as many as can be of those of `cohort` whom nobody asked yet (see `assignment`):
    first who starts first, and of one month first who has no children here already (R13). Around the buddies who were
    `decided` on for some of them."""
    helpers = keep_places(seen.helpers, theme.school_id, on)
    asking = sorted((family for family in cohort if family.to_offer), key=_turn)
    those = [Newcomer(f.child, f.home, outside_class=f.outside_class) for f in asking]
    askers = newcomers(theme, those, on)
    kept = {n: decided[f.place] for n, f in enumerate(asking) if decided and f.place in decided}
    plan = assign(askers, helpers, weighing(theme.school_id), kept)
    return Proposals(
        helpers,
        {family.place: asker for family, asker in zip(asking, askers, strict=True)},
        {
            asking[number].place: Proposal(candidate.buddy, seen.people[candidate.buddy].name, candidate)
            for number, candidate in plan.pairs.items()
        },
    )


def _turn(family: Family) -> tuple[object, ...]:
    starts = family.starts
    return starts.year, starts.month, family.siblings, starts, family.child.sort_key, family.place


def starting_soon(cohort: Iterable[Family], on: date, ahead: timedelta) -> list[Family]:
    """Those whom nobody asked yet, who have started on `on` or do so within `ahead`."""
    return [family for family in cohort if family.to_offer and family.starts <= on + ahead]

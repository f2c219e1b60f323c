"""Is the parent somebody typed one we know? A person decides; here is who it might be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q

from school.models import Child, Membership, Parent
from school.models.people import ParentQuerySet

from ..models import Background, DoNotAsk, SupportRequest
from .known_parents import Known, others

MOST = 8
SHORTEST = 2


@dataclass(frozen=True)
class Suggestion:
    """A parent we know, and until when not to ask them again, if they said so."""

    known: Known
    not_before: date | None


def could_be(request: SupportRequest, membership: Membership, on: date) -> ParentQuerySet:
    """Parents this member may see whom the typed parent of `request` may turn out to be: nobody who was proposed as
    buddy for it, for they are two people, and not the father of the child for its mother."""
    possible = others(request.parent, membership, on, child=request.child_id)
    return possible.exclude(matches_as_buddy__request=request)


def suggestions(request: SupportRequest, membership: Membership, on: date) -> list[Suggestion]:
    """Parents this member may see who could be the typed parent of `request`: of the same child, or called so."""
    parent = request.parent
    known = could_be(request, membership, on)
    called = str(parent.search_key)
    # A first name alone is too common: then the whole name must be the same.
    by_name = known.search(called) if " " in called else known.filter(search_key=called)
    found = Q(guardianship__child=request.child_id) if request.child_id else Q(pk__in=())
    if called:
        found |= Q(pk__in=by_name.order_by().values("pk"))
    if parent.kind:
        # A mother is not her child's father.
        found &= Q(kind__in=["", parent.kind])
    return _described(known.filter(found).distinct().order_by("sort_key", "pk"), on)


def search(words: str, request: SupportRequest, membership: Membership, on: date) -> list[Suggestion]:
    """Parents this member may see in whose names all of `words` occur; none for fewer than two letters."""
    if len(words.strip()) < SHORTEST:
        return []
    return _described(could_be(request, membership, on).search(words), on)


def background(parent: Parent, on: date) -> str:
    """What `parent` says of their own background, while their consent for that is valid; else ""."""
    told: Background | None = getattr(parent, "background", None)
    return told.words if told is not None and told.consent.is_valid(on) else ""


def _described(parents: ParentQuerySet, on: date) -> list[Suggestion]:
    rows = parents.prefetch_related(
        Prefetch("children", Child.objects.select_related("group")),
        Prefetch("donotask_set", DoNotAsk.objects.in_force(on), to_attr="refusals"),
    )
    return [
        Suggestion(Known(row), max((refusal.until for refusal in row.refusals), default=None))  # type: ignore[attr-defined]  # prefetched
        for row in rows[:MOST]
    ]

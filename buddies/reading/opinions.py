"""What was said about matching, in words: of the buddies for a request, and what other weights would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst

from school.models import Membership

from ..candidates import askers, helpers, pool
from ..matching import Asker, Helper, Weighing, rank
from ..models import Buddy, Judgement, KeptApart, Match, SupportRequest, Verdict, WhyApart
from ..naming import request_title

# The buddies for one request


@dataclass(frozen=True)
class Opinion:
    """What colleagues think of a buddy for a request, "Ineke: good", and what the reader does themselves."""

    said: tuple[str, ...] = ()
    own: str = ""


def opinions(request: SupportRequest, membership: Membership) -> Mapping[int, Opinion]:
    """What was said of buddies for `request`, which this member may see, by the number of the buddy."""
    rows = Judgement.objects.filter(request=request).select_related("recorded_by__user").order_by("pk")
    found: dict[int, Opinion] = {}
    for row in rows:
        before = found.get(row.buddy_id, Opinion())
        said = (*before.said, f"{row.recorded_by}: {Verdict(row.verdict).label}")
        found[row.buddy_id] = Opinion(said, row.verdict if row.recorded_by == membership else before.own)
    return found


@dataclass(frozen=True)
class Apart:
    """Somebody who is not proposed to a parent: why, and until when."""

    number: int
    name: str
    why: str
    until: date


def kept_apart(request: SupportRequest, membership: Membership, on: date) -> list[Apart]:
    """From whom the parent of `request` is kept apart on `on`, as far as this member may see it."""
    parent = request.parent
    # Of most parents nothing was said; whether this member may see it is the dearest question of the page.
    if not KeptApart.objects.in_force(on).about(parent).exists():
        return []
    rows = KeptApart.objects.visible_to(membership, on).about(parent)
    return [
        Apart(
            kept.pk,
            str(kept.other if kept.parent_id == parent.pk else kept.parent),
            capfirst(str(WhyApart(kept.reason).label)),
            kept.until,
        )
        for kept in rows.select_related("parent", "other").order_by("pk")
    ]


# The weights


@dataclass(frozen=True)
class Change:
    """For whom another buddy would stand first: `then` above `now`."""

    number: int
    who: str
    then: str
    now: str


@dataclass(frozen=True)
class Effect:
    """What other weights change for those who wait now: who they are, as far as the member may see them, and of how
    many others the first would be another. `waiting` counts all that were looked at."""

    changes: tuple[Change, ...]
    others: int
    waiting: int


def effect(membership: Membership, now: Weighing, then: Weighing, on: date) -> Effect:
    """For which open requests somebody else would stand first with the weights `then`, in a fixed number of queries.
    Never a matter in which this member is a party (invariant 5)."""
    waiting = list(_waiting(membership, on))
    themes = list({request.theme_id: request.theme for request in waiting if request.theme}.values())
    seen = set(SupportRequest.objects.visible_to(membership, on).values_list("pk", flat=True))
    theirs = pool(themes, on, Buddy.objects.visible_to(membership, on))
    everybody = helpers(themes, on)
    changes, others = [], 0
    for request, asker in zip(waiting, askers(waiting, on), strict=True):
        mine = request.pk in seen
        first = [_first(asker, theirs.helpers if mine else everybody, weights) for weights in (now, then)]
        if first[0] == first[1]:
            continue
        if not mine:
            others += 1
            continue
        before, after = (theirs.people[number].name for number in first if number is not None)
        changes.append(Change(request.pk, request_title(request), after, before))
    return Effect(tuple(changes), others, len(waiting))


def _waiting(membership: Membership, on: date) -> Iterable[SupportRequest]:
    """Requests at this member's school for which somebody is looked for on `on`, who waits longest first; without those
    who were put off, as where they are divided."""
    return (
        SupportRequest.objects.open()
        .not_forgotten(on)
        .filter(school=membership.school_id, theme__isnull=False)
        .exclude(pk__in=Match.objects.live().values("request"))
        .exclude(parked_until__gt=on)
        .exclude(parent__in=membership.parties)
        .exclude(match__buddy_parent__in=membership.parties)
        .select_related("theme", "parent", "child__group", "group")
        .order_by("signalled_at", "pk")
    )


def _first(asker: Asker, among: Sequence[Helper], weighing: Weighing) -> int | None:
    """The buddy who stands first for `asker`."""
    return next(iter(rank(asker, among, weighing).order), None)

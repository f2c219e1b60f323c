"""What the page about somebody's last day asks, and which substitutes there are."""

from __future__ import annotations

from datetime import date

from ..actions import stay_of
from ..forms.leaving import Choice
from ..handover import kinds, open_work
from ..models import Membership
from ..models.schools import MembershipQuerySet
from .staff import in_order, staying


def choices(leaver: Membership, by: Membership, on: date) -> list[Choice]:
    """Every kind of work that `leaver` has open or for which somebody was chosen, as far as `by` decides about it."""
    work, chosen = open_work([leaver], on)[leaver.pk], stay_of(leaver).successors
    people = staying(leaver.school, on).exclude(pk__in=[leaver.pk, by.pk]).prefetch_related("rolegrant_set")
    colleagues = in_order(people)
    found = []
    for kind in kinds():
        if not kind.for_who_may(by) or not (kind.key in work or kind.key in chosen):
            continue
        able = [each for each in colleagues if each.may(kind.permission)]
        now = chosen.get(kind.key)
        if now is not None and now not in able:
            able.insert(0, now)
        found.append(Choice(kind, work.get(kind.key, 0), {str(each.pk): each for each in able}))
    return found


def for_a_director(leaver: Membership, by: Membership, on: date) -> int:
    """How much `leaver` has open about which not `by` but a director decides."""
    work = open_work([leaver], on)[leaver.pk]
    return sum(work.get(kind.key, 0) for kind in kinds() if not kind.for_who_may(by))


def substitutes(by: Membership, on: date) -> MembershipQuerySet:
    """Colleagues of `by` at work on `on` for whom what is older than their first day is not there."""
    others = Membership.objects.active(on).filter(school=by.school_id).exclude(pk=by.pk)
    return others.exclude(sees_from=None).select_related("user", "parent").prefetch_related("rolegrant_set")

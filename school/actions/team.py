"""What holds for a team as a whole: there is always a director, and who decides is still there."""

from __future__ import annotations

from datetime import date

from .. import clock
from ..errors import LastDirector, NotHereAnyMore
from ..models import Membership, School
from ..roles import Role


def hold_the_team(by: Membership) -> None:
    """Hold the school of `by` until the transaction ends, so that two directors do not end each other at the same
    time. Raises NotHereAnyMore when one of the two was first."""
    School.objects.select_for_update(no_key=True).get(pk=by.school_id)
    fresh = Membership.objects.active(clock.today()).filter(pk=by.pk).first()
    if fresh is None or not by.permissions <= fresh.permissions:
        raise NotHereAnyMore


def roles_now(membership: Membership) -> set[Role]:
    """The roles `membership` holds at this moment."""
    return {Role(role) for role in membership.rolegrant_set.values_list("role", flat=True)}


def keep_a_director(membership: Membership, day: date) -> None:
    """Raises LastDirector unless somebody other than `membership` is director from `day` on, for as long as we know."""
    others = Membership.objects.active(day).with_role(Role.DIRECTOR).exclude(pk=membership.pk)
    if not others.filter(school=membership.school_id, ends_on=None).exists():
        raise LastDirector

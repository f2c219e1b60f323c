"""What somebody may do at a school, and who takes over what they may not do any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction

from .. import audit, clock
from ..errors import MayNotGiveRoles, Yourself
from ..models import Membership
from ..roles import Permission, Role
from .leaving import give_away
from .staff import give
from .team import hold_the_team, keep_a_director, roles_now


@transaction.atomic
def change_roles(
    *,
    membership: Membership,
    roles: Iterable[Role],
    by: Membership,
    successors: Mapping[str, Membership] | None = None,
) -> None:
    """From now on `membership` holds `roles` and no others. What they have open and may not do with those goes at once
    to who takes over, by kind of work (see `school.handover`).

    Raises MayNotGiveRoles, Yourself, LastDirector, NobodyTakesOver and CannotTakeOver.
    """
    if not by.may(Permission.GIVE_ROLES):
        raise MayNotGiveRoles
    if membership == by:
        raise Yourself
    hold_the_team(by)
    wanted, now = set(roles), roles_now(membership)
    if Role.DIRECTOR in now - wanted:
        keep_a_director(membership, clock.today())
    membership.rolegrant_set.filter(role__in=now - wanted).delete()
    give(membership, wanted - now, by)
    if wanted != now:
        audit.record("membership.roles", membership, by=by)
    give_away(membership, wanted, successors or {}, by)

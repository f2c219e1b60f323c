"""Who works at a school: as what, until when, for which groups, and whether they are a parent there too.

Roles are given by who may give them and never to oneself; a school always keeps a director.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, models, transaction
from django.db.models import Q

from .. import audit, clock
from ..errors import MayNotGiveRoles, OnlyADirectorLinks, WorksHere, Yourself
from ..handover import kinds, open_work
from ..models import (
    Child,
    Group,
    GroupTeacher,
    Guardianship,
    Membership,
    Parent,
    ParentKind,
    RoleGrant,
    School,
    Succession,
    User,
)
from ..models.people import school_year
from ..roles import Permission, Role
from .people import ParentDetails, create_parent


@dataclass(frozen=True)
class Days:
    """From which day until which a member may come in; both days count, None leaves that side open."""

    starts_on: date | None = None
    ends_on: date | None = None


@transaction.atomic
def add_member(
    *,
    school: School,
    user: User,
    roles: Iterable[Role],
    by: Membership | User | None,
    groups: Iterable[Group] = (),
    parent: Parent | None = None,
    days: Days | None = None,
) -> Membership:
    """`user` works at `school`, in `roles`, teaching `groups`, from now on if `days` says nothing else; they may be a
    parent there too."""
    days = days or Days(clock.today())
    # Who comes for a while sees what there is from their first day, unless a director says otherwise.
    substitute = days.starts_on is not None and days.ends_on is not None
    membership = Membership.objects.create(
        school=school,
        user=user,
        parent=parent,
        starts_on=days.starts_on,
        ends_on=days.ends_on,
        sees_from=days.starts_on if substitute else None,
    )
    give(membership, roles, by if isinstance(by, Membership) else None)
    _teach(membership, groups)
    audit.record("membership.add", membership, by=by, school=school)
    return membership


@transaction.atomic
def add_colleague(
    *,
    email: str,
    name: str,
    roles: Iterable[Role],
    groups: Iterable[Group],
    days: Days,
    by: Membership,
) -> Membership:
    """Somebody with this e-mail address works at the school of `by`.

    Whether they had an account already, because they work at another school too, makes no difference to the answer;
    their account then keeps its own name. A new account has no password: its owner asks for one. Raises WorksHere, and
    MayNotGiveRoles when `by` may not give `roles`.
    """
    email, roles = email.strip().lower(), list(roles)
    if roles and not by.may(Permission.GIVE_ROLES):
        raise MayNotGiveRoles
    try:
        with transaction.atomic():
            user = User.objects.filter(email=email).first() or User.objects.create_user(email, name)
            return add_member(school=by.school, user=user, roles=roles, groups=groups, days=days, by=by)
    except IntegrityError as error:
        raise WorksHere from error


@transaction.atomic
def change_groups(*, membership: Membership, groups: Iterable[Group], by: Membership) -> None:
    """Of the groups of this school year `membership` teaches these and no others. Raises Yourself for one more of one's
    own: it opens what is shared with the teachers of that group."""
    groups = list(groups)
    # Two who give the same group at once do so one after the other.
    Membership.objects.select_for_update(of=("self",), no_key=True).get(pk=membership.pk)
    current = membership.groupteacher_set.filter(group__school_year=school_year(clock.today()))
    current.exclude(group__in=groups).delete()
    there = set(current.values_list("group", flat=True))
    if membership.pk == by.pk and any(group.pk not in there for group in groups):
        raise Yourself
    _teach(membership, [group for group in groups if group.pk not in there])
    audit.record("membership.groups", membership, by=by)


@transaction.atomic
def link_child(
    *, membership: Membership, child: Child, kind: str = ParentKind.UNKNOWN, by: Membership
) -> None:
    """`membership` is a parent of `child` too, and so kept out of what concerns that family (invariant 5).

    They become a parent the school knows, by the name of their account only. Raises OnlyADirectorLinks, and Yourself
    while another director can do it: of a colleague who arranges, watches or takes over something.
    """
    if for_a_director(membership):
        if not by.may(Permission.GIVE_ROLES):
            raise OnlyADirectorLinks
        directors = Membership.objects.active(clock.today()).who_may(Permission.GIVE_ROLES)
        if membership == by and directors.filter(school=by.school_id).exclude(pk=by.pk).exists():
            raise Yourself
    fresh = Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=membership.pk)
    if fresh.parent is None:
        first, _space, last = fresh.user.name.partition(" ")
        details = ParentDetails(_cut("first_name", first), _cut("last_name", last), kind)
        fresh.parent = create_parent(school=by.school, details=details)
        fresh.save(update_fields=["parent"])
    _row, new = Guardianship.objects.get_or_create(
        school_id=fresh.school_id, parent=fresh.parent, child=child
    )
    if new:
        audit.record("membership.child", fresh, by=by)


def for_a_director(membership: Membership) -> bool:
    """Whether it takes a director to say of which child `membership` is a parent: they see all themes or the log,
    arrange something that only a director gives, or take over from who leaves, or leave themselves."""
    watches = membership.permissions & {Permission.ALL_THEMES, Permission.AUDIT, Permission.GIVE_ROLES}
    work = open_work([membership], clock.today())[membership.pk]
    arranges = any(kind.opens and kind.key in work for kind in kinds())
    chosen = Succession.objects.filter(Q(successor=membership) | Q(leaver=membership))
    return bool(watches) or arranges or chosen.exists()


@transaction.atomic
def unlink_child(*, membership: Membership, child: Child, by: Membership) -> None:
    """`membership` was no parent of `child` after all. Raises Yourself, and MayNotGiveRoles: it may open what was
    closed to them.

    With their last child they are no parent here any more, unless something else is still about them as a parent.
    """
    if not by.may(Permission.GIVE_ROLES):
        raise MayNotGiveRoles
    if membership == by:
        raise Yourself
    fresh = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    if fresh.parent is None:
        return
    parent = fresh.parent
    gone, _rows = Guardianship.objects.filter(parent=parent, child=child).delete()
    if not gone:
        return
    if _only_a_colleague(parent):
        fresh.parent = None
        fresh.save(update_fields=["parent"])
        parent.delete()
    audit.record("membership.child", fresh, by=by)


def give(membership: Membership, roles: Iterable[Role], by: Membership | None) -> None:
    """Write down that `membership` holds `roles` from now on. Part of another action's transaction."""
    given_at = clock.now() if by else None
    RoleGrant.objects.bulk_create(
        RoleGrant(
            school_id=membership.school_id,
            membership=membership,
            role=role,
            given_at=given_at,
            given_by=by,
        )
        for role in roles
    )


def _teach(membership: Membership, groups: Iterable[Group]) -> None:
    GroupTeacher.objects.bulk_create(
        GroupTeacher(school_id=membership.school_id, membership=membership, group=group) for group in groups
    )


def _only_a_colleague(parent: Parent) -> bool:
    """Whether one membership is all that points at `parent`. Asked of the model, so that what the apps above keep
    about a parent counts too."""
    rows = 0
    for relation in Parent._meta.related_objects:
        assert not isinstance(relation.related_model, str)
        rows += relation.related_model._base_manager.filter(**{relation.field.name: parent}).count()
    return rows == 1


def _cut(name: str, value: str) -> str:
    """`value` as long as the field `name` of a parent can hold."""
    field = Parent._meta.get_field(name)
    assert isinstance(field, models.CharField)
    return value[: field.max_length]

"""Who works there as what, and who arranges which theme."""

from __future__ import annotations

from datetime import timedelta

from buddies.actions import schools, sharing
from buddies.reading.access import could_be_shared_with
from school import actions, clock
from school.handover import kinds
from school.models import Group, Membership
from school.roles import Permission, Role

from ..world import Nothing, World
from .register import step

# How many may work at a school before nobody comes for a while any more.
TEAM = 9


def _who_may(w: World, permission: Permission) -> Membership:
    return w.anybody(lambda eyes: permission in eyes.may)


def _colleague(w: World, by: Membership) -> Membership:
    row = w.some("membership", lambda m: m.school_id == by.school_id)
    return Membership.objects.select_related("school", "user").get(pk=row.id)


@step
def name_coordinator(w: World) -> object:
    """By a director; who may not arrange is not offered on that page, nor is the director themselves."""
    by = _who_may(w, Permission.GIVE_ROLES)
    may = w.some(
        "membership",
        lambda m: (
            m.school_id == by.school_id and m.id != by.pk and Permission.OWN_THEMES in w.sight.eyes[m.id].may
        ),
    )
    chosen = Membership.objects.select_related("school", "user").get(pk=may.id)
    theme = w.theme(by.school_id)
    return schools.set_coordinator(theme=theme, membership=chosen, by=by, deputy=w.flip(0.3))


@step
def clear_coordinator(w: World) -> object:
    by = _who_may(w, Permission.GIVE_ROLES)
    return schools.clear_coordinator(theme=w.theme(by.school_id), by=by, deputy=w.flip(0.3))


@step
def close_theme(w: World) -> object:
    by = _who_may(w, Permission.GIVE_ROLES)
    return schools.hide_from_intern_begeleider(theme=w.theme(by.school_id), hidden=w.flip(0.6), by=by)


@step
def hide_theme(w: World) -> object:
    by = _who_may(w, Permission.SCHOOL_SETTINGS)
    theme = w.some("theme", lambda t: t.school_id == by.school_id)
    details = schools.ThemeDetails(theme.name or "Onderwerp", w.flip(0.2), w.flip())
    return schools.change_theme(theme=w.row("theme", theme.id), details=details, by=by)


@step
def change_roles(w: World) -> object:
    by = _who_may(w, Permission.MANAGE_STAFF)
    roles = w.dice.sample(list(Role), w.dice.randint(0, 2))
    return actions.change_roles(membership=_colleague(w, by), roles=roles, by=by)


@step
def change_days(w: World) -> object:
    by = _who_may(w, Permission.MANAGE_STAFF)
    start = clock.today() + timedelta(days=w.any_of([0, 2])) if w.flip(0.3) else None
    end = clock.today() + timedelta(days=w.any_of([-1, 0, 3, 40])) if w.flip(0.4) else None
    successors = {kind.key: _colleague(w, by) for kind in kinds() if w.flip(0.8)}
    stay = actions.Stay(actions.Days(start, end), successors)
    return actions.change_days(membership=_colleague(w, by), stay=stay, by=by)


@step
def let_in_a_substitute(w: World) -> object:
    """For a while; a team stays of a size at which everybody can be looked at."""
    by = _who_may(w, Permission.MANAGE_STAFF)
    if len(w.now.of("membership", school_id=by.school_id)) > TEAM:
        raise Nothing
    today, groups = clock.today(), Group.objects.filter(school=by.school_id).current(clock.today())
    return actions.add_colleague(
        email=f"{w.number().hex}@demo.invalid",
        name="Inval",
        roles=w.dice.sample(list(Role), w.dice.randint(0, 2)),
        groups=[group for group in groups if w.flip(0.4)],
        days=actions.Days(today + timedelta(days=w.any_of([0, 0, 2])), today + timedelta(days=60)),
        by=by,
    )


@step
def show_what_was_before(w: World) -> object:
    by = _who_may(w, Permission.GIVE_ROLES)
    substitute = w.some("membership", lambda m: m.school_id == by.school_id and m.sees_from)
    membership = Membership.objects.get(pk=substitute.id)
    return actions.show_what_was_before(membership=membership, shown=w.flip(0.6), by=by)


@step
def share_a_request(w: World) -> object:
    request, by = w.seen("request", "supportrequest")
    to = could_be_shared_with(request, by, clock.today())
    if not to:
        raise Nothing
    return sharing.share_request(request=request, to=w.any_of(to), by=by)


@step
def change_groups(w: World) -> object:
    by = _who_may(w, Permission.MANAGE_STAFF)
    groups = Group.objects.filter(school=by.school_id).current(clock.today())
    chosen = [group for group in groups if w.flip(0.4)]
    return actions.change_groups(membership=_colleague(w, by), groups=chosen, by=by)


@step
def link_child(w: World) -> object:
    by = _who_may(w, Permission.MANAGE_STAFF)
    child = w.child(by.school_id, 1)
    assert child is not None
    return actions.link_child(membership=_colleague(w, by), child=child, by=by)


@step
def unlink_child(w: World) -> object:
    by = _who_may(w, Permission.MANAGE_STAFF)
    child = w.child(by.school_id, 1)
    assert child is not None
    return actions.unlink_child(membership=_colleague(w, by), child=child, by=by)


@step
def change_settings(w: World) -> object:
    by = _who_may(w, Permission.SCHOOL_SETTINGS)
    settings = actions.SchoolSettings(w.flip(), w.any_of([14, 42]), w.any_of([7, 14]), w.any_of([14, 30]))
    return actions.change_school(school=by.school, settings=settings, by=by)

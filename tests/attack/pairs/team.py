"""The team, and who arranges what."""

from __future__ import annotations

from uuid import uuid4

from buddies.actions import schools
from school import actions, clock
from school.models import Child, Group, RoleGrant
from school.roles import Role

from .hands import AT_MOST_ONE, ONE, Hands, Pair, both, pair


@pair
def two_directors_end_each_other(h: Hands) -> Pair:
    for each in (h.director, h.other_director):
        RoleGrant.objects.get_or_create(school=h.school, membership=each, role=Role.DIRECTOR)
    pairs = ((h.director, h.other_director), (h.other_director, h.director))
    acts = [both(actions.change_roles, by, membership=whom, roles=[Role.TEACHER])[0] for by, whom in pairs]
    return acts, {"membership.roles": ONE}


@pair
def the_same_role_twice(h: Hands) -> Pair:
    about = {"membership": h.colleague(), "roles": [Role.TEACHER]}
    return both(actions.change_roles, h.director, h.other_director, **about), {"membership.roles": ONE}


@pair
def the_same_groups_twice(h: Hands) -> Pair:
    about = {"membership": h.colleague(Role.TEACHER), "groups": list(Group.objects.filter(school=h.school))}
    return both(actions.change_groups, h.director, h.other_director, **about), {"membership.groups": {1, 2}}


@pair
def the_same_teachers_twice(h: Hands) -> Pair:
    group = Group.objects.filter(school=h.school).earliest("pk")
    details = actions.GroupDetails(group.name, group.first_grade, group.last_grade)
    about = {"group": group, "details": details, "teachers": [h.colleague(Role.TEACHER)]}
    return both(actions.change_group, h.director, h.other_director, **about), {"group.change": {1, 2}}


@pair
def the_last_day_twice(h: Hands) -> Pair:
    stay = actions.Stay(actions.Days(None, clock.today()))
    about = {"membership": h.colleague(Role.TEACHER), "stay": stay}
    return both(actions.change_days, h.director, h.other_director, **about), {"membership.end": ONE}


@pair
def the_same_child_twice(h: Hands) -> Pair:
    child = Child.objects.filter(school=h.school).earliest("pk")
    about = {"membership": h.colleague(Role.TEACHER), "child": child}
    return both(actions.link_child, h.director, h.other_director, **about), {"membership.child": {1, 2}}


@pair
def two_new_coordinators(h: Hands) -> Pair:
    theme = h.theme("Vrije tijd")
    acts = [
        both(schools.set_coordinator, by, theme=theme, membership=whom)[0]
        for by, whom in ((h.director, h.babs), (h.other_director, h.teacher))
    ]
    return acts, {"theme.coordinator": {1, 2}}


@pair
def coordinator_and_deputy_at_once(h: Hands) -> Pair:
    about = {"theme": h.theme("Rouw"), "membership": h.babs}
    acts = both(schools.set_coordinator, h.director, **about)
    acts += both(schools.set_coordinator, h.other_director, **about, deputy=True)
    return acts, {"theme.coordinator": {1, 2}}


@pair
def closing_a_theme_while_its_coordinator_goes(h: Hands) -> Pair:
    """It is never closed to everybody."""
    theme = h.theme("Geloof")
    schools.set_coordinator(theme=theme, membership=h.babs, by=None)
    acts = both(schools.hide_from_intern_begeleider, h.director, theme=theme, hidden=True)
    acts += both(schools.clear_coordinator, h.other_director, theme=theme)
    return acts, {"theme.close": AT_MOST_ONE}


@pair
def coordinator_and_deputy_of_a_closed_theme_go(h: Hands) -> Pair:
    theme = h.theme("Armoede")
    schools.set_coordinator(theme=theme, membership=h.babs, by=None)
    schools.set_coordinator(theme=theme, membership=h.teacher, by=None, deputy=True)
    schools.hide_from_intern_begeleider(theme=theme, hidden=True, by=h.director)
    acts = both(schools.clear_coordinator, h.director, theme=theme)
    acts += both(schools.clear_coordinator, h.other_director, theme=theme, deputy=True)
    return acts, {"theme.coordinator": {3}}


@pair
def two_themes_of_one_name(h: Hands) -> Pair:
    name = f"Hoogbegaafd {uuid4().hex[:6]}"
    return both(schools.add_theme, h.director, h.ib, name=name, sensitive=False), {"theme.add": ONE}


@pair
def the_same_group_added_twice(h: Hands) -> Pair:
    details = actions.GroupDetails(uuid4().hex[:6], 5, 5)
    acts = both(actions.add_group, h.director, h.other_director, details=details, teachers=[])
    return acts, {"group.add": ONE}

"""What the database refuses in the tables of schools, staff and families: raw writes, past every form and action."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import pytest
from django.db import models, transaction
from django.db.models.constraints import BaseConstraint
from pytest_django import DjangoDbBlocker

from school import clock
from school.models import (
    Child,
    Group,
    GroupTeacher,
    Guardianship,
    Holiday,
    Membership,
    Parent,
    RoleGrant,
    School,
    Succession,
    User,
)
from school.roles import Role

from ..database import (
    change,
    constraints_of,
    is_target,
    models_of,
    refused_by,
    ties_schools,
    unique_columns,
)

pytestmark = pytest.mark.django_db


@dataclass
class Place:
    """A school with two of everything."""

    school: School
    users: list[User]
    members: list[Membership]
    grants: list[RoleGrant]
    groups: list[Group]
    teachers: list[GroupTeacher]
    children: list[Child]
    parents: list[Parent]
    guardianships: list[Guardianship]
    holiday: Holiday
    successions: list[Succession]

    def row(self, model: type[models.Model]) -> models.Model:
        """One row of `model`."""
        rows: dict[type[models.Model], models.Model] = {
            Membership: self.members[1],
            RoleGrant: self.grants[0],
            Group: self.groups[0],
            GroupTeacher: self.teachers[0],
            Child: self.children[0],
            Parent: self.parents[0],
            Guardianship: self.guardianships[0],
            Holiday: self.holiday,
            Succession: self.successions[0],
        }
        return rows[model]


def place(slug: str, brin: str) -> Place:
    """Open a school and fill it."""
    school = School.objects.create(name=slug, slug=slug, brin=brin)
    day = date(2026, 8, 24)
    users = [User.objects.create_user(f"{name}@{slug}.invalid", name) for name in ("tom", "olga")]
    groups = [
        Group.objects.create(school=school, name=name, first_grade=4, last_grade=5, school_year=2026)
        for name in ("4A", "4B")
    ]
    children = [Child.objects.create(school=school, first_name=n, group=groups[0]) for n in ("Sem", "Noor")]
    parents = [
        Parent.objects.create(school=school, first_name=n, created_at=clock.now()) for n in ("Fatma", "Linda")
    ]
    members = [
        Membership.objects.create(school=school, user=user, parent=parent)
        for user, parent in zip(users, parents, strict=True)
    ]
    return Place(
        school,
        users,
        members,
        [RoleGrant.objects.create(school=school, membership=members[0], role=r) for r in list(Role)[:2]],
        groups,
        [GroupTeacher.objects.create(school=school, group=g, membership=members[0]) for g in groups],
        children,
        parents,
        [Guardianship.objects.create(school=school, parent=parents[0], child=child) for child in children],
        Holiday.objects.create(school=school, name="Kerst", first_day=day, last_day=day),
        [
            Succession.objects.create(school=school, leaver=members[0], successor=members[1], kind=kind)
            for kind in ("signals", "themes")
        ],
    )


@dataclass
class World:
    """Two schools: what belongs here, and what belongs elsewhere."""

    here: Place
    elsewhere: Place


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Made once: every write of this module is undone. A test that commits has no place here."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World(place("de-wilgen", "99ZZ"), place("de-eik", "99YY"))
        transaction.set_rollback(True)


Write = Callable[[World], None]

# The name of a constraint → writes that it, and no other, refuses.
BROKEN_BY: dict[str, tuple[Write, ...]] = {
    "school_brin": (lambda w: change(w.elsewhere.school, brin=w.here.school.brin),),
    "user_email_lower_case": (lambda w: change(w.here.users[0], email="Tom@de-wilgen.invalid"),),
    "membership_once_per_school": (lambda w: change(w.here.members[1], user=w.here.users[0]),),
    "rolegrant_once": (lambda w: change(w.here.grants[1], role=w.here.grants[0].role),),
    "rolegrant_known_role": (
        lambda w: change(w.here.grants[0], role="janitor"),
        lambda w: change(w.here.grants[0], role=""),
    ),
    "succession_once_a_kind": (lambda w: change(w.here.successions[1], kind=w.here.successions[0].kind),),
    "succession_somebody_else": (lambda w: change(w.here.successions[0], successor=w.here.members[0]),),
    "holiday_ends_after_start": (
        lambda w: change(w.here.holiday, last_day=w.here.holiday.first_day - timedelta(days=1)),
    ),
    "group_name_once_a_year": (lambda w: change(w.here.groups[1], name=w.here.groups[0].name),),
    "group_grades_1_to_8": (
        lambda w: change(w.here.groups[0], first_grade=0),
        lambda w: change(w.here.groups[0], last_grade=9),
        lambda w: change(w.here.groups[0], first_grade=6, last_grade=5),
    ),
    "groupteacher_once": (lambda w: change(w.here.teachers[1], group=w.here.groups[0]),),
    "parent_kind": (lambda w: change(w.here.parents[0], kind="aunt"),),
    "guardianship_once": (lambda w: change(w.here.guardianships[1], child=w.here.children[0]),),
}


def by_name() -> dict[str, tuple[type[models.Model], BaseConstraint]]:
    """Every constraint of this app that can be broken by itself."""
    return {constraint.name: (model, constraint) for model, constraint in constraints_of("school")}


def test_every_constraint_has_a_write_that_breaks_it() -> None:
    tied = {name for name, (_model, constraint) in by_name().items() if ties_schools(constraint)}
    assert set(by_name()) - tied == set(BROKEN_BY)


@pytest.mark.parametrize(
    ("name", "number"),
    [(name, number) for name, writes in BROKEN_BY.items() for number in range(len(writes))],
)
def test_constraint_refuses(world: World, name: str, number: int) -> None:
    model, constraint = by_name()[name]
    assert refused_by(constraint, model, lambda: BROKEN_BY[name][number](world)) == name


@pytest.mark.parametrize("name", [name for name, (_model, key) in by_name().items() if ties_schools(key)])
def test_row_points_at_nothing_of_another_school(world: World, name: str) -> None:
    model, key = by_name()[name]
    field = key.field  # type: ignore[attr-defined]  # a TiedKey
    target = model._meta.get_field(field).related_model
    assert isinstance(target, type)
    foreign = {field: world.elsewhere.row(target)}
    assert refused_by(key, model, lambda: change(world.here.row(model), **foreign)) == name


def test_what_breaks_nothing_is_not_refused(world: World) -> None:
    """The control of these tests."""
    for name, (model, key) in by_name().items():
        if ties_schools(key):
            row = world.here.row(model)
            assert refused_by(key, model, partial(change, row, school=world.here.school)) == "", name


def test_database_has_what_composite_keys_point_at(world: World) -> None:
    targets = {
        (model, c.name) for model in models_of("school") for c in model._meta.constraints if is_target(c)
    }
    assert {name for _model, name in targets} >= {
        "membership_school_id",
        "parent_school_id",
        "group_school_id",
    }
    for model, name in targets:
        assert ("school_id", "id") in unique_columns(model), name

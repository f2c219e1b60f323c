"""Class lists and parents' details: one function per write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from .. import audit, clock
from ..models import Child, Group, Guardianship, Membership, Parent, ParentKind, School, User
from ..models.people import school_year


@dataclass(frozen=True)
class ParentDetails:
    """Who a parent is, as typed. All may be empty: "the mother of Sem" is enough to begin with."""

    first_name: str = ""
    last_name: str = ""
    kind: str = ParentKind.UNKNOWN
    email: str = ""
    phone: str = ""
    languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClassListRow:
    """One pupil of a class list. `grades` are the lowest and highest grade of the group."""

    first_name: str
    group: str
    grades: tuple[int, int]
    start_date: date | None = None


@transaction.atomic
def load_class_list(*, school: School, rows: Iterable[ClassListRow], by: Membership | User | None) -> None:
    """Make the groups and pupils of this school year. It says nothing about any parent."""
    rows, year = list(rows), school_year(clock.today())
    Group.objects.bulk_create(
        Group(school=school, name=name, first_grade=low, last_grade=high, school_year=year)
        for name, (low, high) in {row.group: row.grades for row in rows}.items()
    )
    groups = {group.name: group for group in Group.objects.filter(school=school, school_year=year)}
    Child.objects.bulk_create(
        Child(school=school, first_name=row.first_name, group=groups[row.group], start_date=row.start_date)
        for row in rows
    )
    audit.record("classlist.load", school, by=by, school=school)


def create_parent(*, school: School, details: ParentDetails, child: Child | None = None) -> Parent:
    """A parent as typed, of `child` if that is known. Part of another action's transaction."""
    parent = Parent.objects.create(school=school, created_at=clock.now(), **_fields(details))
    if child is not None:
        Guardianship.objects.create(school=school, parent=parent, child=child)
    return parent


@transaction.atomic
def update_parent(*, parent: Parent, details: ParentDetails, by: Membership) -> None:
    """Write down who `parent` is and how to reach them, as they say it."""
    for name, value in _fields(details).items():
        setattr(parent, name, value)
    parent.save()
    audit.record("parent.update", parent, by=by)


def _fields(details: ParentDetails) -> dict[str, object]:
    return {
        "first_name": details.first_name,
        "last_name": details.last_name,
        "kind": details.kind,
        "email": details.email,
        "phone": details.phone,
        "languages": list(details.languages),
    }

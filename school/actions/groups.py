"""The groups of this school year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction

from .. import audit, clock
from ..errors import GroupHasPupils, NameTaken, Yourself
from ..models import Group, GroupTeacher, Membership
from ..models.people import school_year


@dataclass(frozen=True)
class GroupDetails:
    """What a group is called, and its lowest and highest grade (1 to 8)."""

    name: str
    first_grade: int
    last_grade: int


@transaction.atomic
def add_group(*, details: GroupDetails, teachers: Iterable[Membership], by: Membership) -> Group:
    """A group of this school year, taught by `teachers`. Raises NameTaken, Yourself."""
    group = Group(school=by.school, school_year=school_year(clock.today()), **asdict(details))
    _save(group, teachers, by)
    audit.record("group.add", group, by=by)
    return group


@transaction.atomic
def change_group(
    *, group: Group, details: GroupDetails, teachers: Iterable[Membership], by: Membership
) -> None:
    """What `group` is called, its grades, and who teaches it from now on. Raises NameTaken, Yourself."""
    for name, value in asdict(details).items():
        setattr(group, name, value)
    _save(group, teachers, by)
    audit.record("group.change", group, by=by)


@transaction.atomic
def remove_group(*, group: Group, by: Membership) -> None:
    """`group` was not to be there. Raises GroupHasPupils."""
    if group.child_set.exists():
        raise GroupHasPupils
    audit.record("group.remove", group, by=by)
    group.delete()


def _save(group: Group, teachers: Iterable[Membership], by: Membership) -> None:
    """Write down `group` and its teachers. Two names that differ in capitals only are the same name."""
    same = Group.objects.filter(school=group.school_id, school_year=group.school_year).exclude(pk=group.pk)
    if group.name.casefold() in {name.casefold() for name in same.values_list("name", flat=True)}:
        raise NameTaken
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as error:  # the same form, sent twice at once
        raise NameTaken from error
    teachers = list(teachers)
    group.groupteacher_set.exclude(membership__in=teachers).delete()
    there = set(group.groupteacher_set.values_list("membership", flat=True))
    if by.pk not in there and by in teachers:
        raise Yourself  # it opens what is shared with the teachers of the group
    GroupTeacher.objects.bulk_create(
        GroupTeacher(school_id=group.school_id, group=group, membership=teacher)
        for teacher in teachers
        if teacher.pk not in there
    )

"""The groups of this school year, with who is in front of them and who is in them."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch

from ..models import Child, Group, GroupTeacher, School
from ..models.people import GroupQuerySet
from .staff import staying


def with_teachers(school: School, on: date) -> GroupQuerySet:
    """The groups of the school year of `on`, each with its teachers who have not left and the number of `pupils`."""
    places = GroupTeacher.objects.filter(membership__in=staying(school, on)).select_related(
        "membership__user"
    )
    groups = Group.objects.filter(school=school).current(on).annotate(pupils=Count("child"))
    return groups.prefetch_related(Prefetch("groupteacher_set", places.order_by("membership__user__name")))


def without_teacher(school: School, on: date) -> GroupQuerySet:
    """The groups of this school year that nobody teaches, now or soon."""
    teaching = GroupTeacher.objects.filter(group=OuterRef("pk"), membership__in=staying(school, on))
    return Group.objects.filter(~Exists(teaching), school=school).current(on)


def with_pupils(school: School, on: date) -> GroupQuerySet:
    """The groups of this school year that have pupils, with them."""
    pupils = Child.objects.order_by("sort_key", "pk")
    groups = Group.objects.filter(school=school, child__isnull=False).current(on).distinct()
    return groups.prefetch_related(Prefetch("child_set", pupils))

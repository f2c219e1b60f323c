"""The children of a buddy who are at school on a day. Each summer what a parent told is a year older: who was in grade
3 is in grade 4 from 1 August, and who was in the highest grade has left. Pure, but for `children_of`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from school.models import Group
from school.models.people import school_year

from .models import Buddy

LAST_GRADE = 8


@dataclass(frozen=True)
class Children:
    """How many there are, and in which grades, as far as known; of a child in a group of two grades it may be both."""

    count: int
    grades: frozenset[int]

    @property
    def in_order(self) -> list[int]:
        """The grades, lowest first."""
        return sorted(self.grades)


def moved_up(grades: Iterable[int], years: int) -> frozenset[int]:
    """`grades` after the summers of `years` school years."""
    return frozenset(grade + max(0, years) for grade in grades if grade + max(0, years) <= LAST_GRADE)


def children_now(count: int, told: Iterable[int], years: int, linked: Sequence[frozenset[int]]) -> Children:
    """The children now of who told `years` school years ago that they had `count`, in the grades `told`.

    `linked` are the grades that the groups of those children whom we know are now, none for who left. They count for
    more than what was told: a child may have done a year twice. Of a group of two grades, what was told says which.
    """
    told = frozenset(told)
    said, here = moved_up(told, years), [grades for grades in linked if grades]
    left = len(told) - len(said) if told else len(linked) - len(here)
    count = max(len(here), 0 if told and not said else count - left)
    known = frozenset().union(*((said & grades) or grades for grades in here))
    return Children(count, known if len(here) >= count else said | known)


def grades_on(first: int, last: int, year: int, on: date) -> frozenset[int]:
    """The grades on `on` of the children in a group that had the grades `first` to `last` in the school year `year`."""
    return moved_up(range(first, last + 1), school_year(on) - year)


def grades_of(group: Group | None, on: date) -> frozenset[int]:
    """The grades on `on` of the children in `group`, who moved up if it is of an earlier school year."""
    return grades_on(group.first_grade, group.last_grade, group.school_year, on) if group else frozenset()


def children_here(
    count: int, told: Iterable[int], told_in: int | None, linked: Sequence[frozenset[int]], on: date
) -> Children:
    """As `children_now`, of who told it in the school year `told_in`, if that is known."""
    return children_now(count, told, school_year(on) - told_in if told_in is not None else 0, linked)


def children_of(buddy: Buddy, on: date) -> Children:
    """The children of `buddy` on `on`; those we know, and their groups, are best read along."""
    groups = [child.group for child in buddy.parent.children.all() if child.group]
    return children_here(
        buddy.children_count,
        buddy.grades,
        buddy.grades_told_in,
        [grades_of(group, on) for group in groups],
        on,
    )

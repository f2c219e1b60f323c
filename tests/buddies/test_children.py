"""The children of a buddy on a day: what was told is a year older each summer."""

from __future__ import annotations

import pkgutil
from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client

from buddies import migrations
from buddies.actions import pool
from buddies.candidates import asker, helpers
from buddies.children import Children, children_now, children_of, moved_up
from buddies.models import Buddy, Theme
from school import clock
from school.models import Child, Group, Membership, Parent
from tests.cast import AddBuddy, Signalled

from .phone import text, url

TOLD_ON = datetime(2026, 11, 25, 12, tzinfo=UTC)
THIS_YEAR, NEXT_YEAR = (date(2026, 11, 25), date(2027, 7, 31)), (date(2027, 8, 1), date(2028, 7, 31))


@pytest.mark.parametrize(
    ("grades", "years", "then"),
    [
        ({3, 7}, 0, {3, 7}),
        ({3, 7}, 1, {4, 8}),
        ({3, 7}, 2, {5}),
        ({3, 7}, 6, set()),
        ({8}, 0, {8}),
        ({8}, 1, set()),
        (set(), 3, set()),
        ({3}, -1, {3}),  # a group of the next school year
    ],
)
def test_grades_move_up_and_the_highest_leaves(grades: set[int], years: int, then: set[int]) -> None:
    assert moved_up(grades, years) == then


NOBODY: tuple[frozenset[int], ...] = ()


def in_group(*grades: int) -> frozenset[int]:
    return frozenset(grades)


@pytest.mark.parametrize(
    ("count", "told", "years", "linked", "then"),
    [
        # Nobody is linked: as told, and older.
        (2, (3, 7), 0, NOBODY, (2, {3, 7})),
        (2, (3, 7), 1, NOBODY, (2, {4, 8})),
        (2, (3, 7), 2, NOBODY, (1, {5})),
        (2, (3, 7), 9, NOBODY, (0, set())),
        (2, (8,), 1, NOBODY, (0, set())),  # twins
        (2, (), 9, NOBODY, (2, set())),  # nothing told, nothing known
        # The class list says in which group a child is now.
        (1, (), 0, [in_group(1, 2)], (1, {1, 2})),
        (1, (2,), 0, [in_group(1, 2)], (1, {2})),
        (2, (2, 7), 0, [in_group(1, 2)], (2, {2, 7})),
        (1, (7,), 1, [in_group(7)], (1, {7})),  # did a year twice
        (1, (8,), 1, [in_group(8)], (1, {8})),
        (2, (4, 7), 1, [in_group(4)], (2, {4, 5, 8})),  # whose year was done twice is not known
        (1, (5,), 0, [in_group(2), in_group(4)], (2, {2, 4})),  # a brother came, too
        # A group of last year of which the children left.
        (1, (8,), 1, [in_group()], (0, set())),
        (1, (), 0, [in_group()], (0, set())),
        (2, (), 0, [in_group()], (1, set())),
    ],
)
def test_children_now(
    count: int,
    told: tuple[int, ...],
    years: int,
    linked: list[frozenset[int]],
    then: tuple[int, set[int]],
) -> None:
    assert children_now(count, told, years, linked) == Children(then[0], frozenset(then[1]))


@pytest.mark.parametrize(
    ("days", "grades", "count"),
    [(THIS_YEAR, {4, 8}, 2), (NEXT_YEAR, {5}, 1), ((date(2031, 8, 1),), set(), 0)],
)
def test_matching_reads_them_as_they_are_now(
    add_buddy: AddBuddy, themes: dict[str, Theme], days: tuple[date, ...], grades: set[int], count: int
) -> None:
    with clock.at(TOLD_ON):
        add_buddy("reading", grades=(4, 8), children_count=2)
    for on in days:
        [helper] = helpers([themes["reading"]], on)
        assert Children(helper.children_count, helper.grades) == Children(count, frozenset(grades))


def test_child_in_the_class_list_moves_up_with_the_list(
    add_buddy: AddBuddy, parents: dict[str, Parent], children: dict[str, Child], groups: dict[str, Group]
) -> None:
    """From 1 August the group of last year tells the next grade, until there is a new list."""
    with clock.at(TOLD_ON):
        buddy = add_buddy(parent=parents["Samira"], grades=())
    assert [children_of(buddy, on).grades for on in (THIS_YEAR[1], NEXT_YEAR[0])] == [{4}, {5}]
    new = Group.objects.create(
        school=groups["4B"].school, name="4B", first_grade=4, last_grade=4, school_year=2027
    )
    Child.objects.filter(pk=children["Lina"].pk).update(group=new)
    assert children_of(Buddy.objects.get(), NEXT_YEAR[0]).grades == {4}, "she does the year twice"


def test_asking_parents_child_moves_up_too(signalled: Signalled, children: dict[str, Child]) -> None:
    request = signalled("reading", child=children["Lina"])
    assert [asker(request, on).grades for on in (THIS_YEAR[1], NEXT_YEAR[0])] == [{4}, {5}]


def test_what_is_told_anew_counts_from_then(ib: Membership, add_buddy: AddBuddy) -> None:
    with clock.at(TOLD_ON):
        buddy = add_buddy(grades=(4,))
    with clock.at(datetime(2027, 8, 1, 12, tzinfo=UTC)):
        pool.update_offer(buddy=buddy, offer=pool.Offer(grades=(4, 6)), revision=buddy.revision, by=ib)
    assert children_of(Buddy.objects.get(), NEXT_YEAR[1]).grades == {4, 6}


def test_pages_show_and_keep_the_children_as_they_are_now(ineke: Client, add_buddy: AddBuddy) -> None:
    """Who saves something else, saves the grades as they are shown."""
    with clock.at(TOLD_ON):
        buddy = add_buddy(grades=(4, 8), children_count=2)
    with clock.at(datetime(2027, 9, 1, 12, tzinfo=UTC)):
        assert "1 (groep 5)" in text(ineke.get(url("buddy", buddy.pk)))
        form = ineke.get(url("edit_offer", buddy.pk)).context["form"]
        sent = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
        assert (sent["grades"], sent["children_count"]) == ([5], 1)
        ineke.post(url("edit_offer", buddy.pk), sent | {"capacity": "2"})
        buddy.refresh_from_db()
        assert (buddy.capacity, buddy.grades, buddy.grades_told_in) == (2, [5], 2027)
        assert children_of(buddy, clock.today()).grades == {5}


def test_grades_of_before_are_as_old_as_the_buddy(add_buddy: AddBuddy) -> None:
    names = [module.name for module in pkgutil.iter_modules(migrations.__path__)]
    [name] = [name for name in names if name.endswith("grades_told_in")]
    days = {date(2026, 7, 31): 2025, date(2026, 8, 1): 2026, date(2027, 1, 1): 2026}
    for day in days:
        buddy = add_buddy()
        Buddy.objects.filter(pk=buddy.pk).update(
            created_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC), grades_told_in=None
        )
    import_module(f"buddies.migrations.{name}").when_the_buddy_was_added(apps, None)
    assert list(Buddy.objects.order_by("pk").values_list("grades_told_in", flat=True)) == list(days.values())

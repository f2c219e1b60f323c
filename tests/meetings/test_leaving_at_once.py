"""Two directors at the same moment: one of them was first, the other is told, and nothing is half done."""

from __future__ import annotations

from functools import partial

import pytest

from buddies.actions.schools import name_coordinators, named
from buddies.models import Theme, ThemeCoordinator
from meetings.models import Meeting
from school import clock
from school.actions import Days, Stay, change_days, stay_of
from school.actions.leaving import carry_out
from school.due import hand_over
from school.errors import Changed, NotHereAnyMore
from school.models import AuditEvent, Membership, School, Succession
from school.roles import Role
from tests.buddies.test_concurrency import ROUNDS, at_once, kinds
from tests.cast import member

from .conftest import Planned
from .leaving import DAY

pytestmark = pytest.mark.usefixtures("transactional")


def directors(school: School) -> tuple[Membership, Membership]:
    """Two new directors, as they stand in a request on its way: what they may do was read already."""
    found = (
        member(school, f"Dora{Membership.objects.count()}", Role.DIRECTOR),
        member(school, f"Dina{Membership.objects.count()}", Role.DIRECTOR),
    )
    assert all(each.permissions for each in found)
    return found


def test_two_directors_do_not_end_each_other(school: School, director: Membership) -> None:
    yesterday = Stay(Days(None, clock.today() - DAY))
    for _ in range(ROUNDS):
        one, other = directors(school)
        outcomes = at_once(
            partial(change_days, membership=other, stay=yesterday, by=one),
            partial(change_days, membership=one, stay=yesterday, by=other),
        )
        assert kinds(outcomes) == ["NoneType", NotHereAnyMore.__name__]
        assert Membership.objects.active(clock.today()).filter(pk__in=[one.pk, other.pk]).count() == 1


def test_two_directors_choose_one_successor(
    school: School, director: Membership, teacher: Membership, ib: Membership, planned: Planned
) -> None:
    meeting = planned()
    for _ in range(ROUNDS):
        teacher.refresh_from_db()
        one, other = directors(school)
        olga, was = member(school, f"Olga{one.pk}", Role.TEACHER), stay_of(teacher)
        ends = Days(None, clock.today() + DAY)
        outcomes = at_once(
            partial(change_days, membership=teacher, stay=Stay(ends, {"meetings": ib}), by=one, was=was),
            partial(change_days, membership=teacher, stay=Stay(ends, {"meetings": olga}), by=other, was=was),
        )
        assert kinds(outcomes) == [Changed.__name__, "NoneType"]
        chosen = Succession.objects.get()
        assert chosen.successor == (ib if outcomes[0] is None else olga)
        change_days(membership=teacher, stay=Stay(Days()), by=director)
    meeting.refresh_from_db()
    assert meeting.recorded_by_id == teacher.pk


def test_it_goes_over_once(
    director: Membership, teacher: Membership, ib: Membership, planned: Planned
) -> None:
    for round_ in range(ROUNDS):
        planned()
        Membership.objects.filter(pk=teacher.pk).update(ends_on=clock.today() - DAY)
        Succession.objects.all().delete()
        Succession.objects.create(
            school=teacher.school, leaver=teacher, successor=ib, kind="meetings", chosen_by=director
        )
        teacher.refresh_from_db()
        outcomes = at_once(partial(carry_out, teacher, clock.today()), partial(hand_over, clock.today()))
        assert sum(int(str(outcome)) for outcome in outcomes) == 1
        assert AuditEvent.objects.filter(action="meeting.hand_over").count() == round_ + 1
    assert set(Meeting.objects.values_list("recorded_by", flat=True)) == {ib.pk}


def test_two_directors_name_one_coordinator(
    school: School, director: Membership, teacher: Membership, ib: Membership, themes: dict[str, Theme]
) -> None:
    theme = themes["reading"]
    for _ in range(ROUNDS):
        one, other = directors(school)
        ThemeCoordinator.objects.filter(theme=theme).delete()
        name = partial(name_coordinators, theme=theme, was=named(theme))
        outcomes = at_once(
            partial(name, places=[(teacher, False)], by=one), partial(name, places=[(ib, False)], by=other)
        )
        assert kinds(outcomes) == [Changed.__name__, "NoneType"]
        assert named(theme) == {False: (teacher if outcomes[0] is None else ib).pk}

"""What the database refuses in the tables of meetings: raw writes, past every form and action."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import models, transaction
from django.db.models.constraints import BaseConstraint
from pytest_django import DjangoDbBlocker

from buddies.actions.schools import open_school
from meetings.actions import meetings as actions
from meetings.actions.meetings import Evaluation, ParentComing, Plan
from meetings.models import (
    Agreements,
    BuddyComes,
    FollowUp,
    FollowUpKind,
    HiddenPoint,
    Meeting,
    MeetingParent,
    OwnPoint,
    Question,
    SharedMeeting,
    Tick,
)
from school import clock
from school.actions import ClassListRow, load_class_list
from school.constraints import TiedKey
from school.models import Child, Group, Membership
from school.roles import Role
from tests.cast import member
from tests.database import (
    change,
    column_of,
    constraints_of,
    is_target,
    models_of,
    refused_by,
    ties_schools,
    unique_columns,
)

from .conftest import revision

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


class Place:
    """A school with a meeting to prepare and one that was looked back on, made with the actions of the product."""

    def __init__(self, slug: str, brin: str) -> None:
        school = open_school(name=slug, slug=slug, brin=brin)
        load_class_list(school=school, rows=[ClassListRow("Lina", "4B", (4, 4))], by=None)
        self.group, self.child = Group.objects.get(school=school), Child.objects.get(school=school)
        self.teacher = member(school, "Tom", Role.TEACHER, groups=[self.group])
        self.evaluated = self._plan(-DAY / 2, BuddyComes.ALONG)
        said = Evaluation("pleasant", {self.evaluated.parents.get().pk: ("so_so", "pleasant")}, True)
        actions.evaluate(
            meeting=self.evaluated, evaluation=said, revision=revision(self.evaluated), by=self.teacher
        )
        self.meeting = self._plan(DAY, BuddyComes.ALONG, BuddyComes.NONE)
        self.with_buddy, self.without_buddy = self.meeting.parents.all()
        self.follow_up = actions.promise(
            meeting=self.meeting,
            kind=FollowUpKind.PROMISE,
            words="x",
            due_on=clock.today(),
            by=self.teacher,
            submission=uuid4(),
        )
        own = {"school": school, "meeting": self.meeting}
        self.question = Question.objects.create(**own, recorded_by=self.teacher, words="x")
        self.tick = Tick.objects.create(**own, membership=self.teacher, item="V1")
        self.shared, self.other_shared = (
            SharedMeeting.objects.create(**own, membership=each)
            for each in (self.teacher, member(school, "Olga", Role.TEACHER))
        )
        self.other_tick = Tick.objects.create(**own, membership=self.teacher, item="V2")
        self.agreed = Agreements.objects.create(school=school)
        self.point, self.other_point = (
            OwnPoint.objects.create(school=school, phase="before", when="A", do=do) for do in ("x", "y")
        )
        self.hidden = HiddenPoint.objects.create(school=school, item="V1")

    def _plan(self, ahead: timedelta, *buddies: BuddyComes) -> Meeting:
        parents = tuple(ParentComing("mother", buddy=buddy) for buddy in buddies)
        plan = Plan(at=clock.now() + ahead, parents=parents, child=self.child)
        return actions.plan(plan=plan, by=self.teacher, submission=uuid4())

    def row(self, model: type[models.Model]) -> models.Model:
        """A row of `model`. The one parent of the meeting that was looked back on is not in the place of this one."""
        rows: dict[type[models.Model], models.Model] = {
            Child: self.child,
            FollowUp: self.follow_up,
            Group: self.group,
            Meeting: self.evaluated,
            MeetingParent: self.without_buddy,
            Membership: self.teacher,
            Question: self.question,
            SharedMeeting: self.shared,
            Tick: self.tick,
        }
        return rows[model]


@dataclass
class World:
    """Two schools: what belongs here, and what belongs elsewhere."""

    here: Place
    elsewhere: Place


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Made once: every write of this module is undone. A test that commits has no place here."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World(Place("de-wilgen", "99ZZ"), Place("de-eik", "99YY"))
        transaction.set_rollback(True)


Write = Callable[[Place], object]

# The name of a constraint → writes that it refuses.
BROKEN_BY: dict[str, tuple[Write, ...]] = {
    "meeting_status": (lambda s: change(s.meeting, status="dreamt of"),),
    "meeting_audience": (lambda s: change(s.meeting, audience="all"),),
    "meeting_teacher_said": (lambda s: change(s.evaluated, teacher_said="great"),),
    "meeting_base_minutes": (
        lambda s: change(s.meeting, base_minutes=4),
        lambda s: change(s.meeting, base_minutes=121),
    ),
    "meeting_said_when_evaluated": (
        lambda s: change(s.meeting, teacher_said="pleasant"),
        lambda s: change(s.evaluated, status="held"),
    ),
    "meetingparent_kind": (lambda s: change(s.with_buddy, kind="aunt"),),
    "meetingparent_buddy": (lambda s: change(s.without_buddy, buddy="maybe"),),
    "meetingparent_said": (lambda s: change(s.with_buddy, said="great"),),
    "meetingparent_buddy_said": (lambda s: change(s.with_buddy, buddy_said="great"),),
    "meetingparent_once": (lambda s: change(s.without_buddy, position=1),),
    "meetingparent_one_or_two": (
        lambda s: change(s.without_buddy, position=0),
        lambda s: change(s.without_buddy, position=3),
    ),
    "meetingparent_only_who_was_there": (
        lambda s: change(s.without_buddy, buddy_said="pleasant"),
        lambda s: change(s.evaluated.parents.get(), buddy="none"),
        lambda s: change(s.evaluated.parents.get(), buddy="prepares"),
    ),
    "followup_kind": (lambda s: change(s.follow_up, kind="gift"),),
    "sharedmeeting_once": (lambda s: change(s.other_shared, membership=s.teacher),),
    "agreements_once": (lambda s: Agreements.objects.create(school=s.agreed.school),),
    "agreements_minutes": (
        lambda s: change(s.agreed, buddy_minutes=61),
        lambda s: change(s.agreed, interpreter_minutes=61),
        lambda s: change(s.agreed, alone_minutes=61),
        lambda s: change(s.agreed, alone_minutes=4),
    ),
    "ownpoint_once": (lambda s: change(s.other_point, do=s.point.do),),
    "ownpoint_known": (
        lambda s: change(s.point, phase="later"),
        lambda s: change(s.point, when="Q"),
    ),
    "ownpoint_known_before": (lambda s: change(s.point, when="X"),),
    "ownpoint_known_during": (lambda s: change(s.point, phase="during", when="O"),),
    "hiddenpoint_once": (lambda s: HiddenPoint.objects.create(school=s.hidden.school, item=s.hidden.item),),
    "hiddenpoint_never_alone_first": (lambda s: change(s.hidden, item="T4"),),
    "tick_once": (lambda s: change(s.other_tick, item="V1"),),
}


def by_name() -> dict[str, tuple[type[models.Model], BaseConstraint]]:
    """Every constraint of this app that can be broken by itself."""
    return {constraint.name: (model, constraint) for model, constraint in constraints_of("meetings")}


def tied() -> list[str]:
    """The names of the keys that keep a row and what it points at in one school."""
    return [name for name, (_model, constraint) in by_name().items() if ties_schools(constraint)]


def test_every_constraint_has_a_write_that_breaks_it() -> None:
    assert set(by_name()) - set(tied()) == set(BROKEN_BY)


@pytest.mark.parametrize(
    ("name", "number"),
    [(name, number) for name, writes in BROKEN_BY.items() for number in range(len(writes))],
)
def test_constraint_refuses(world: World, name: str, number: int) -> None:
    model, constraint = by_name()[name]
    assert refused_by(constraint, model, lambda: BROKEN_BY[name][number](world.here)) == name


@pytest.mark.parametrize("name", tied())
def test_row_points_at_nothing_of_another_school(world: World, name: str) -> None:
    model, key = by_name()[name]
    assert isinstance(key, TiedKey)
    target = model._meta.get_field(key.field).related_model
    assert isinstance(target, type)
    foreign = world.elsewhere.row(target)
    assert refused_by(key, model, lambda: change(world.here.row(model), **{key.field: foreign})) == name


def test_what_breaks_nothing_is_not_refused(world: World) -> None:
    """The control of these tests."""
    for name, (model, key) in by_name().items():
        if isinstance(key, TiedKey):
            row = world.here.row(model)
            same = getattr(row, key.field)
            assert refused_by(key, model, partial(change, row, **{key.field: same})) == "", name


def test_database_has_what_composite_keys_point_at(world: World) -> None:
    for model in models_of("meetings"):
        for target in filter(is_target, model._meta.constraints):
            columns = tuple(column_of(model, name) for name in target.fields)  # type: ignore[attr-defined]
            assert columns in unique_columns(model), target.name

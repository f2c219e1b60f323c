"""Two schools in which everybody acts at random, and what a step may use to choose."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.db import models
from django.test import Client

from buddies.actions import pool
from buddies.actions.schools import open_school, set_coordinator
from buddies.models import Method, Theme
from buddies.workflow import MatchStatus
from meetings.actions import meetings
from meetings.actions.meetings import ParentComing, Plan
from school import clock
from school.actions import ClassListRow, ParentDetails, link_child, load_class_list
from school.models import Child, Membership, ParentKind, School
from school.roles import Role

from ..cast import AddBuddy, Proposed, Signalled, member
from .eyes import Eyes
from .sight import Sight
from .snapshot import Row, Snapshot, ours, take

START = datetime(2026, 9, 7, 8, 0, tzinfo=UTC)
if TYPE_CHECKING:
    from .pages import Answer, Page

LANGUAGES = ((), ("nl",), ("tr",), ("tr", "nl"), ("ar", "nl"), ("pl",))
STAFF = (
    ("Ineke", Role.INTERN_BEGELEIDER),
    ("Dirkje", Role.DIRECTOR),
    ("Dirk", Role.DIRECTOR),
    ("Babs", Role.BOUWCOORDINATOR),
    ("Ahmed", Role.ADMINISTRATOR),
    ("Tom", Role.TEACHER),
    ("Olga", Role.TEACHER),
)


class Nothing(Exception):
    """There is nothing here that this step could be about."""


def open_schools() -> None:
    """De Wilgen and De Eik: staff of every kind, of whom two are parents too, and in each somewhat of a beginning."""
    for number, (slug, brin) in enumerate((("de-wilgen", "99ZZ"), ("de-eik", "99YY"))):
        school = open_school(name=slug, slug=slug, brin=brin)
        starts = (START + timedelta(days=20)).date()
        rows = [
            ClassListRow("Sem", "1/2A", (1, 2), starts),
            ClassListRow("Noor", "1/2A", (1, 2), date(2026, 3, 9)),
            ClassListRow("Lina", "4B", (4, 4), date(2022, 11, 7)),
            ClassListRow("Daan", "4B", (4, 4), date(2023, 1, 9)),
        ]
        load_class_list(school=school, rows=rows, by=None)
        groups = {group.name: group for group in school.group_set.all()}
        staff = {}
        for name, role in STAFF:
            taught = {"Tom": [groups["4B"]], "Olga": [groups["1/2A"]]}.get(name, [])
            staff[name] = member(school, name, role, groups=taught)
        themes = {theme.code: theme for theme in Theme.objects.filter(school=school)}
        for code, name in (("newcomer", "Dirkje"), ("language", "Babs"), ("reading", "Tom")):
            set_coordinator(theme=themes[code], membership=staff[name], by=None)
        for name, child in (("Olga", "Daan"), ("Babs", "Noor")):
            link_child(
                membership=staff[name],
                child=Child.objects.get(school=school, first_name=child),
                by=staff["Dirkje"],
            )
        ib, names = staff["Ineke"], iter(f"Q{number + 1}{made:03}z" for made in range(8))
        add, signalled = AddBuddy(ib, made=100 * number), Signalled(staff["Tom"], ib)
        propose = Proposed(add, signalled, ib)
        for status in (MatchStatus.WAITING_FOR_PARENT, MatchStatus.CONNECTED):
            propose(
                signalled("reading", last_name=next(names)),
                add("reading", last_name=next(names)),
                status=status,
            )
        add(("newcomer", "language"), capacity=2, last_name=next(names), languages=("nl", "tr"))
        signalled("language", languages=("tr",), last_name=next(names))
        # What goes by itself, if nobody does anything with it.
        signalled(discussed=False, last_name=next(names))
        pool.suggest(details=ParentDetails("Nel", next(names)), by=staff["Tom"], submission=uuid4())
        plan = Plan(at=clock.now() + timedelta(days=3), parents=(ParentComing(),), child_name="Kind")
        meetings.plan(plan=plan, by=staff["Tom"], submission=uuid4())


@dataclass
class World:
    """What goes on now: the day, what stood in the database after the last step, and what everybody sees of it."""

    moment: datetime
    now: Snapshot
    sight: Sight
    dice: Random = field(default_factory=lambda: Random(0))
    people: int = 0
    kept: dict[tuple[str, int], models.Model] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    browsers: dict[int, Client] = field(default_factory=dict)
    actor: int | None = None
    # What every member has on their screen, and the names they once typed; and the answer in this step, if any.
    pages: dict[int, Page] = field(default_factory=dict)
    typed: dict[int, set[str]] = field(default_factory=dict)
    answer: Answer | None = None

    # Choosing

    def one(self, rows: Iterable[Row]) -> Row:
        """One of `rows`, at random. Raises Nothing."""
        found = sorted(rows, key=lambda row: row.id)
        if not found:
            raise Nothing
        return self.dice.choice(found)

    def some(self, table: str, test: Callable[[Row], object] = lambda row: True) -> Row:
        """A row of `table` for which `test` holds."""
        return self.one(row for row in self.now[table].values() if test(row))

    def row(self, table: str, pk: int) -> Any:
        """The row as the product knows it; now and then as somebody read it long ago."""
        kept = self.kept.get((table, pk))
        if kept is None or self.dice.random() < 0.85:
            fresh = ours()[table]._base_manager.filter(pk=pk).first()
            kept = fresh or kept
        if kept is None:
            raise Nothing
        self.kept[table, pk] = kept
        return kept

    def gone(self, table: str) -> Any:
        """A row that somebody still has on their screen and that is not there any more. Raises Nothing."""
        stale = [pk for name, pk in sorted(self.kept) if name == table and pk not in self.now[table]]
        if not stale:
            raise Nothing
        return self.kept[table, self.dice.choice(stale)]

    def member(self, pk: int) -> Membership:
        """The membership as a request finds it."""
        self.actor = pk
        return (
            Membership.objects.select_related("school", "user", "parent")
            .prefetch_related("rolegrant_set")
            .get(pk=pk)
        )

    def who_sees(self, door: str, pk: int) -> Membership:
        """Somebody at work who sees this row. Raises Nothing."""
        seers = self.sight.seers(door, pk)
        if not seers:
            raise Nothing
        return self.member(self.dice.choice(seers))

    def seen(
        self, door: str, table: str, test: Callable[[Row], object] = lambda row: True
    ) -> tuple[Any, Any]:
        """A row of `table` for which `test` holds, and somebody at work who sees it; now and then one that was."""
        if self.dice.random() < 0.03:
            row = self.gone(table)
            return row, self.anybody(lambda eyes: eyes.member.school_id == row.school_id and eyes.themes)
        row = self.some(table, lambda row: test(row) and self.sight.seers(door, row.id))
        by = self.who_sees(door, row.id)
        return self.row(table, row.id), by

    def anybody(self, test: Callable[[Any], object] = lambda eyes: True) -> Membership:
        """Somebody at work for whom `test` (of what they see) holds."""
        eyes = [e for _pk, e in sorted(self.sight.eyes.items()) if e.works_here and test(e)]
        if not eyes:
            raise Nothing
        return self.member(self.dice.choice(eyes).member.id)

    def flip(self, chance: float = 0.5) -> bool:
        return self.dice.random() < chance

    def any_of(self, values: Iterable[Any]) -> Any:
        return self.dice.choice(list(values))

    def number(self) -> UUID:
        """The number of a form."""
        return UUID(int=self.dice.getrandbits(128))

    def method(self) -> Method:
        return Method(self.any_of([Method.CONVERSATION, Method.INTERPRETER, Method.PHONE, Method.LETTER]))

    def eyes_on(self, snapshot: Snapshot, member: int) -> Eyes:
        """What `member` may see in `snapshot`."""
        return Eyes(snapshot, snapshot["membership"][member])

    # Making up

    def name(self) -> str:
        """A last name that occurs once in both schools: where it stands, that person is named."""
        self.people += 1
        name = f"Q{self.people}z"
        if self.actor is not None:
            self.typed.setdefault(self.actor, set()).add(name)
        return name

    def details(self) -> ParentDetails:
        kind = self.any_of(ParentKind.values)
        phone = "06-00000000" if self.flip() else ""
        return ParentDetails("Ouder", self.name(), kind, "", phone, self.any_of(LANGUAGES))

    def child(self, school: int, chance: float = 0.6) -> Child | None:
        if not self.flip(chance):
            return None
        row = self.some("child", lambda row: row.school_id == school)
        return Child.objects.select_related("group").get(pk=row.id)

    def theme(self, school: int) -> Theme:
        row = self.some("theme", lambda row: row.school_id == school and not row.hidden)
        return Theme.objects.get(pk=row.id)

    def own_theme(self, by: Membership) -> Theme:
        """One of the themes whose people `by` may see."""
        return Theme.objects.get(
            pk=self.some("theme", lambda row: row.id in self.sight.eyes[by.pk].themes).id
        )

    def school(self, pk: int) -> School:
        return School.objects.get(pk=pk)


def begin() -> World:
    """The world as it is in the database now."""
    with clock.at(START):
        now, sight = take(clock.today()), Sight()
        sight.look(now)
        return World(START, now, sight)

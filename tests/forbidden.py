"""A school's work with words that occur nowhere else, so that one of them in an answer is a leak.

What is made in a `Forbidden` block is recognised by its numbers: every table starts at the number of the block, so
that number is a parent, a child, a buddy, a request … of theirs, whatever a form field stands for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html import escape
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import connection, models

from buddies.actions import links, matches, newcomers, pool, requests
from buddies.actions.links import Ticket
from buddies.links.keys import new_key
from buddies.models import (
    ClickReason,
    Match,
    Method,
    Organisation,
    Outcome,
    Person,
    Referral,
    SupportRequest,
    Theme,
    TipGiver,
    Way,
)
from buddies.workflow import MatchStatus
from meetings.actions import meetings, preparing
from meetings.models import Audience, FollowUpKind
from school import clock
from school.actions import ParentDetails
from school.models import Child, Group, Membership

from .buddies.watch import OURS
from .cast import ORDER, AddBuddy, Signalled

PHONE = "06-555"
# Not written by people, or known to everybody.
NO_WORDS = {
    "after",
    "brin",
    "code",
    "item",
    "kind",
    "language",
    "password",
    "search_key",
    "slug",
    "sort_key",
    "status",
    "text_version",
    "token_hash",
    "vestiging",
    "website",
}


def our_models() -> Iterator[type[models.Model]]:
    """Every table of ours but the log, sessions and counts of attempts, which have no words."""
    for app in OURS:
        for model in apps.get_app_config(app).get_models():
            if model.__name__ not in {"AuditEvent", "Attempts", "Session"}:
                yield model


def word_fields(model: type[models.Model]) -> list[str]:
    """The fields of `model` in which people write."""
    return [
        column.name
        for column in model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField)
        and not column.choices
        and column.name not in NO_WORDS
    ]


@dataclass
class Forbidden:
    """`with Forbidden("Eikzwam", 70_000) as theirs: …` and then `theirs.words`: those with `tag` in them, and the
    telephone numbers."""

    tag: str
    start: int
    end: int = 0
    words: dict[str, str] = field(default_factory=dict)
    filled_in: set[tuple[str, str]] = field(default_factory=set)

    @property
    def number(self) -> str:
        """In every table the first of them, as a form or an address has it."""
        return str(self.start + 1)

    def __enter__(self) -> Forbidden:
        count_from(self.start)
        return self

    def __exit__(self, *error: object) -> None:
        self.end = self.start + 5_000
        count_from(self.end)
        for model in our_models():
            names = word_fields(model)
            if names:
                for row in model._base_manager.filter(pk__gt=self.start, pk__lte=self.end).values(*names):
                    self._collect(model.__name__, row)

    def _collect(self, model: str, row: dict[str, str]) -> None:
        for name, value in row.items():
            if self.tag.lower() in value.lower() or value.startswith(PHONE):
                self.filled_in.add((model, name))
                self.words[escape(value)] = f"{model}.{name}"

    def holds(self, key: Any) -> bool:
        """Whether `key` is the number of one of these rows."""
        return isinstance(key, int) and self.start < key <= self.end

    def said_in(self, answer: str) -> dict[str, str]:
        """Every word of theirs in `answer`, and which field it is of."""
        return {word: of for word, of in self.words.items() if word in answer}

    def around(self) -> dict[str, list[tuple[Any, ...]]]:
        """These rows, and every row that points at one, as the database holds them."""
        found = {}
        with connection.cursor() as cursor:
            for model in our_models():
                keys = [
                    column.column
                    for column in model._meta.concrete_fields
                    if column.primary_key or isinstance(column, models.ForeignKey)
                ]
                where = " OR ".join(f"{key} > {self.start} AND {key} <= {self.end}" for key in keys)
                table = model._meta.db_table
                cursor.execute(f"SELECT * FROM {table} WHERE {where} ORDER BY id")  # noqa: S608  # our own names
                found[table] = cursor.fetchall()
        return found


def count_from(number: int) -> None:
    """The next row of every table gets the number after `number`."""
    tables = [model._meta.db_table for model in our_models()]
    with connection.cursor() as cursor:
        for table in tables:
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, number])
            else:
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, number])


@dataclass
class Work:
    """Everything that can be known about parents, made by `ib` about `theme`; `teacher` signals and meets. Each text
    begins with `tag`."""

    tag: str
    ib: Membership
    teacher: Membership
    theme: Theme
    phone: int

    def make(self) -> None:
        """One of everything with a theme, and a meeting."""
        for status in ORDER:
            match = self._match(status)
            if status is MatchStatus.WAITING_FOR_PARENT:
                ticket = Ticket(new_key(), "")
                links.make_link(match=match, person=Person.PARENT, language="nl", ticket=ticket, by=self.ib)
        matches.complete(match=match, outcome=Outcome.HELPED, close_request=True, by=self.ib)
        self._match(MatchStatus.CONNECTED)
        self._refer()
        self._meeting()

    def make_the_rest(self, group: Group, newcomer: Child | None) -> None:
        """What has no theme, and so is anybody's who has all themes. `newcomer` is a child whose family is offered a
        buddy."""
        self._loose_ends(group)
        if newcomer is not None:
            newcomers.offer(
                child=newcomer,
                told=newcomers.Told(ParentDetails(self._w("Welkom"), self._w("Nieuw"))),
                in_mind=None,
                by=self.ib,
                submission=uuid4(),
            )

    def _w(self, what: str) -> str:
        return f"{self.tag}-{what}"

    def _match(self, status: MatchStatus) -> Match:
        nth = str(self.phone)
        self.phone += 1
        request = self._request(nth)
        buddy = AddBuddy(self.ib)(
            self.theme,
            first_name=self._w(f"Helpt{nth}"),
            last_name=self._w(f"Bakker{nth}"),
            email=f"{self.tag.lower()}.{nth}@buddy.invalid",
            phone=f"{PHONE}{self.phone}",
            words=self._w(f"ervaring {nth}"),
        )
        pool.set_background(
            parent=buddy.parent, words=self._w(f"achtergrond {nth}"), method=Method.PHONE, by=self.ib
        )
        match = matches.propose(
            request=request,
            buddy=buddy,
            click_reasons=[ClickReason.OTHER],
            click_words=self._w(f"klik {nth}"),
            by=self.ib,
            submission=uuid4(),
        )
        steps = ORDER[1 : ORDER.index(status) + 1]
        if MatchStatus.WAITING_FOR_PARENT in steps:
            matches.ask_parent(match=match, tip_giver=TipGiver.COORDINATOR, by=self.ib)
        if MatchStatus.WAITING_FOR_BUDDY in steps:
            matches.record_parent_yes(match=match, method=Method.PHONE, by=self.ib)
        if MatchStatus.AGREED in steps:
            matches.record_buddy_yes(match=match, method=Method.PHONE, by=self.ib)
        if MatchStatus.CONNECTED in steps:
            connection = matches.Connection(Way.INTRODUCED)
            matches.connect(match=match, connection=connection, method=Method.PHONE, by=self.ib)
        match.refresh_from_db()
        return match

    def _request(self, nth: str) -> SupportRequest:
        return Signalled(self.teacher, self.ib)(
            self.theme,
            first_name=self._w(f"Vraagt{nth}"),
            last_name=self._w(f"Zoeker{nth}"),
            languages=("ti",),
            note=self._w(f"notitie {nth}"),
            child_name=self._w(f"Kind{nth}"),
        )

    def _loose_ends(self, group: Group) -> None:
        by = self.teacher
        Signalled(by, self.ib)(
            discussed=False, group=group, first_name=self._w("Onbesproken"), last_name=self._w("Stil")
        )
        pool.suggest(
            details=ParentDetails(self._w("Aangedragen"), self._w("Mogelijk")), by=by, submission=uuid4()
        )
        refused = requests.About(ParentDetails(self._w("Weigert"), self._w("Nee")), None, group, "")
        requests.refuse(about=refused, by=by, submission=uuid4())

    def _refer(self) -> None:
        open_request = self._request("open")
        organisation = Organisation.objects.create(
            school=self.ib.school, name=self._w("Steun"), about=self._w("doet dit"), position=9
        )
        Referral.objects.create(
            school=self.ib.school,
            request=open_request,
            organisation=organisation,
            status="discussed",
            discussed_at=clock.now(),
            recorded_by=self.ib,
            submission=uuid4(),
        )

    def _meeting(self) -> None:
        by = self.teacher
        plan = meetings.Plan(
            at=clock.now(),
            parents=(meetings.ParentComing("mother", self._w("Gesprekmoeder")),),
            child_name=self._w("Gesprekkind"),
            room=self._w("kamer"),
            audience=Audience.ONLY_ME,
        )
        meeting = meetings.plan(plan=plan, by=by, submission=uuid4())
        preparing.ask(meeting=meeting, words=self._w("vraag"), by=by, submission=uuid4())
        meetings.promise(
            meeting=meeting,
            kind=FollowUpKind.PROMISE,
            words=self._w("belofte"),
            due_on=clock.today() + timedelta(days=1),
            by=by,
            submission=uuid4(),
        )

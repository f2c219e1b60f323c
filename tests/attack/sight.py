"""What the product shows to every member, in a handful of queries: one a model, for all members together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, Value

from buddies.models import (
    Buddy,
    CheckIn,
    Experience,
    Match,
    NewcomerOffer,
    PersonalLink,
    Signal,
    SupportRequest,
)
from buddies.models.parents import visible_parents
from meetings.models import FollowUp, Meeting
from school.models import Membership

from .eyes import Eyes
from .snapshot import Snapshot

Door = Callable[[Membership, date], QuerySet[Any]]
# By name: the table, and the door through which the product reads it.
DOORS: dict[str, tuple[str, Door]] = {
    "request": ("supportrequest", lambda m, on: SupportRequest.objects.visible_to(m, on)),
    "match": ("match", lambda m, on: Match.objects.visible_to(m, on)),
    "buddy": ("buddy", lambda m, on: Buddy.objects.visible_to(m, on)),
    "experience": ("experience", lambda m, _on: Experience.objects.owned_by(m)),
    "checkin": ("checkin", lambda m, on: CheckIn.objects.visible_to(m, on)),
    "personallink": ("personallink", lambda m, on: PersonalLink.objects.visible_to(m, on)),
    "newcomeroffer": ("newcomeroffer", lambda m, on: NewcomerOffer.objects.visible_to(m, on)),
    "parent": ("parent", visible_parents),
    "meeting": ("meeting", lambda m, on: Meeting.objects.visible_to(m, on)),
    "followup": ("followup", lambda m, on: FollowUp.objects.visible_to(m, on)),
    "signal": ("signal", lambda m, on: Signal.objects.of(m, on)),
    "nomination": ("buddy", lambda m, on: Buddy.objects.nominated_by(m, on)),
    "tip": ("match", lambda m, _on: Match.objects.tips_of(m)),
}
Question = tuple[str, tuple[Any, ...]]


class Sight:
    """The numbers of the rows that each member sees."""

    def __init__(self) -> None:
        self.eyes: dict[int, Eyes] = {}
        self.seen: dict[str, dict[int, set[int]]] = {}

    def look(self, snapshot: Snapshot) -> None:
        """Open every door for every member."""
        self.eyes = {pk: Eyes(snapshot, row) for pk, row in snapshot["membership"].items()}
        asked = [questions(pk, snapshot.day, _facts(eyes)) for pk, eyes in sorted(self.eyes.items())]
        self.seen = {name: {pk: set() for pk in self.eyes} for name in DOORS}
        with connection.cursor() as cursor:
            for name, seen in self.seen.items():
                parts = [each[name] for each in asked if name in each]
                if parts:
                    sql = " UNION ALL ".join(sql for sql, _params in parts)
                    cursor.execute(sql, [value for _sql, params in parts for value in params])
                    for member, pk in cursor.fetchall():
                        seen[member].add(pk)

    def too_much(self, snapshot: Snapshot) -> Iterator[str]:
        """Invariants 5 and 9: what somebody sees of another school, of a theme that is not theirs, of their own
        matters, or after its term."""
        for name, by_member in self.seen.items():
            table = snapshot[DOORS[name][0]]
            for member, pks in by_member.items():
                may_see = getattr(self.eyes[member], name)
                yield from (f"member {member} sees {name} {pk}" for pk in pks if not may_see(table[pk]))

    def seers(self, name: str, pk: int) -> list[int]:
        """The members at work who see row `pk` through door `name`."""
        return [m for m, pks in sorted(self.seen[name].items()) if pk in pks and self.eyes[m].works_here]


def _facts(eyes: Eyes) -> tuple[object, ...]:
    """All that stands of a member in the SQL of a door: their roles, family, school and first day, the themes of their
    school and their own places."""
    me, everything = eyes.member, eyes.all
    themes = everything.of("theme", school_id=me.school_id)
    places = everything.of("themecoordinator", membership_id=me.id)
    return (
        eyes.may,
        frozenset(eyes.family),
        me.school_id,
        me.sees_from,
        frozenset((each.id, each.code, each.hidden_from_intern_begeleider) for each in themes),
        frozenset((each.theme_id, each.handed_over) for each in places),
    )


@lru_cache(maxsize=5000)
def questions(member: int, on: date, facts: object) -> dict[str, Question]:
    """For each door the query of one member: pairs of that member and the number of a row.

    Making SQL of a queryset takes far longer than asking it, and nothing of a member stands in it but `facts`, and days
    counted from `on`: made once, the days are moved.
    """
    ahead = on - _DAY
    return {
        name: (sql, tuple(_moved(value, ahead) for value in params))
        for name, (sql, params) in _made(member, facts).items()
    }


_DAY = date(2026, 9, 7)


@lru_cache(maxsize=500)
def _made(member: int, facts: object) -> dict[str, Question]:
    return questions_anew(member, _DAY)


def questions_anew(member: int, on: date) -> dict[str, Question]:
    """The same as `questions`, made of the querysets."""
    row = (
        Membership.objects.select_related("school", "parent").prefetch_related("rolegrant_set").get(pk=member)
    )
    found = {}
    for name, (_table, door) in DOORS.items():
        rows = door(row, on).order_by().annotate(member=Value(row.pk)).values_list("member", "pk")
        with suppress(EmptyResultSet):
            sql, params = rows.query.sql_with_params()
            found[name] = sql, tuple(params)
    return found


def forget_questions() -> None:
    """What was made in another test may be of other people, or of a product with a guard less."""
    questions.cache_clear()
    _made.cache_clear()


def _moved(value: Any, ahead: timedelta) -> Any:
    """`value`, and if it is a day (SQLite's are text) so much later."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value + ahead
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        return (date.fromisoformat(value) + ahead).isoformat()
    return value


_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")

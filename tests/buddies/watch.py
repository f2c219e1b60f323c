"""Looking over an action's shoulder: what it wrote, what it left alone, and what it recorded."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from buddies.models import Match
from buddies.workflow import MatchStatus
from school.models import Attempts, AuditEvent, Session

OURS = ("school", "buddies", "meetings")
# They change with every visit, and hold nothing about what Ouderbuddy is for.
WAY_IN = (Attempts, Session)
Rows = dict[str, list[tuple[Any, ...]]]


def everything() -> Rows:
    """Every row of our own tables as the database holds it, not as the models show it; but for `WAY_IN`."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for app in OURS:
            for model in set(apps.get_app_config(app).get_models()) - set(WAY_IN):
                cursor.execute(f"SELECT * FROM {model._meta.db_table} ORDER BY id")  # noqa: S608  # our own names
                found[model._meta.db_table] = cursor.fetchall()
    return found


def contents() -> Rows:
    """`everything` but the log: for a page that is shown again, which is one more look and changes nothing."""
    return {table: rows for table, rows in everything().items() if table != "school_auditevent"}


def tables_holding(value: str) -> set[str]:
    """The tables in which `value` stands anywhere, as stored."""
    return {
        table
        for table, rows in everything().items()
        if any(value in str(cell) for row in rows for cell in row)
    }


def stored(table: str, column: str, pk: int) -> str:
    """One value as the database holds it: encrypted text stays encrypted."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE id = %s", [pk])  # noqa: S608  # our own names
        return str(cursor.fetchone()[0])


def now(match: Match) -> MatchStatus:
    """The status of `match` as the database holds it."""
    match.refresh_from_db()
    return match.state


def queries(client: Client, address: str) -> int:
    """How often the page at `address` asks the database."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def commit(write: Callable[[], object]) -> None:
    """Do `write` and let the database check what it checks at commit. Raises IntegrityError."""
    write()
    connection.check_constraints()


@contextmanager
def refused(error: type[Exception]) -> Iterator[None]:
    """The block raises `error`, and not one row is different for it."""
    before = everything()
    with pytest.raises(error):
        yield
    assert everything() == before


@dataclass
class Recorded:
    """The audit events of a block: their actions in order, and themselves."""

    events: list[AuditEvent] = field(default_factory=list)

    @property
    def actions(self) -> list[str]:
        return [event.action for event in self.events]


@contextmanager
def recorded() -> Iterator[Recorded]:
    """Collects what the block leaves in the audit log."""
    last = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    found = Recorded()
    yield found
    found.events = list(AuditEvent.objects.filter(pk__gt=last).order_by("pk"))

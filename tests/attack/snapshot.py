"""All rows of our tables as the database holds them: to see whether anything changed, and to ask what is true of them
without the querysets that are under attack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.db import connection, models

from school.models import AuditEvent
from school.models.security import Attempts, Session

Row = Any  # a SimpleNamespace with the columns of the table: `row.parent_id`
Rows = dict[int, Row]
Change = tuple[str, Row, Row]  # the two rows are None where there was, or is, none


@dataclass(frozen=True)
class Event:
    """One line of the log."""

    action: str
    target_type: str
    target_id: int | None
    school_id: int | None
    actor_id: int | None


@dataclass
class Table:
    """One table: the lines as fetched, and the rows made of them by primary key."""

    lines: list[tuple[Any, ...]] = field(default_factory=list)
    rows: Rows = field(default_factory=dict)


@dataclass
class Snapshot:
    """What stands in the database on `day`, and what was written in the log since the snapshot before."""

    day: date
    tables: dict[str, Table]
    events: list[Event]
    last_event: int

    def __getitem__(self, name: str) -> Rows:
        return self.tables[name].rows

    def of(self, name: str, **values: object) -> list[Row]:
        """The rows of table `name` in which every column of `values` holds that value."""
        wanted = values.items()
        return [row for row in self[name].values() if all(getattr(row, k) == v for k, v in wanted)]


def ours() -> dict[str, type[models.Model]]:
    """Our models by name, but for the log and for what guards the way in, which changes with every visit."""
    return {
        model._meta.model_name or "": model
        for app in ("school", "buddies", "meetings")
        for model in apps.get_app_config(app).get_models()
        if model not in (AuditEvent, Attempts, Session)
    }


def take(day: date, before: Snapshot | None = None) -> Snapshot:
    """The database now. What is as it was `before` is not read into rows again."""
    last = before.last_event if before else 0
    tables = {}
    with connection.cursor() as cursor:
        for name, model in ours().items():
            cursor.execute(_select(model))
            lines = cursor.fetchall()
            old = before.tables[name] if before else Table()
            tables[name] = old if lines == old.lines else Table(lines, _rows(model, lines, old))
        cursor.execute(
            "SELECT id, action, target_type, target_id, school_id, actor_id FROM school_auditevent"
            " WHERE id > %s ORDER BY id",
            [last],
        )
        found = cursor.fetchall()
    events = [Event(*line[1:]) for line in found]
    return Snapshot(day, tables, events, found[-1][0] if found else last)


def _rows(model: type[models.Model], lines: list[tuple[Any, ...]], old: Table) -> Rows:
    known = {line[0]: line for line in old.lines}
    columns = [(field.attname, _reader(field)) for field in _fields(model)]
    return {
        line[0]: old.rows[line[0]]
        if known.get(line[0]) == line
        else SimpleNamespace(**{name: read(value) for (name, read), value in zip(columns, line, strict=True)})
        for line in lines
    }


def _select(model: type[models.Model]) -> str:
    columns = ", ".join(f'"{field.column}"' for field in _fields(model))
    return f"SELECT {columns} FROM {model._meta.db_table} ORDER BY id"  # noqa: S608  # our own names


def _fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """All but when somebody signed in last: that changes with every browser."""
    return [field for field in model._meta.concrete_fields if field.name != "last_login"]


def _reader(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    if isinstance(field, models.DateTimeField):
        return _moment
    if isinstance(field, models.DateField):
        return lambda value: date.fromisoformat(value) if isinstance(value, str) else value
    return lambda value: value


def _moment(value: Any) -> Any:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    # SQLite keeps no time zone: what stands there is UTC.
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def changes(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    """Every row that is new, gone or otherwise: the name of its table, what it was and what it is."""
    for name, table in after.tables.items():
        old = before.tables[name]
        if table is old:
            continue
        for pk in old.rows.keys() | table.rows.keys():
            was, is_now = old.rows.get(pk), table.rows.get(pk)
            if was != is_now:
                yield name, was, is_now

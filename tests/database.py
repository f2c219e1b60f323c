"""The two databases of the tests: what a constraint refuses, and tests that really commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models.constraints import BaseConstraint

from school import audit
from school.constraints import TiedKey


@pytest.fixture
def transactional(transactional_db: None) -> Iterator[None]:
    """A test that commits, such as one with threads or a live server; afterwards the database is emptied.

    The audit triggers would refuse that, so they go just before; the `post_migrate` that follows the emptying puts
    them back.
    """
    yield
    audit.remove_triggers()


class _Undo(Exception):
    """Ends a block of which nothing may stay."""


def refused_by(constraint: BaseConstraint, model: type[models.Model], write: Callable[[], object]) -> str:
    """The name of what refuses `write`, "" when nothing does. Nothing of it stays.

    A deferred key is asked for by name: of those that are checked at commit only `constraint` is looked at.
    """
    try:
        with transaction.atomic():
            write()
            if isinstance(constraint, TiedKey):
                _check_now(constraint, model)
            raise _Undo
    except IntegrityError as error:
        return _name(error, model)
    except _Undo:
        return ""


def _check_now(key: TiedKey, model: type[models.Model]) -> None:
    """What happens at commit, for this one key. Raises IntegrityError."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f'SET CONSTRAINTS "{key.name}" IMMEDIATE')
            return
        cursor.execute(f"PRAGMA foreign_key_list({table})")
        columns: dict[int, set[str]] = {}
        for number, _position, _target, column, *_rest in cursor.fetchall():
            columns.setdefault(number, set()).add(column)
        own = {column_of(model, name) for name in (*key.ties, key.field)}
        cursor.execute(f"PRAGMA foreign_key_check({table})")
        if any(columns[number] == own for _table, _row, _target, number in cursor.fetchall()):
            raise IntegrityError(f"FOREIGN KEY constraint failed: {key.name}")


def column_of(model: type[models.Model], name: str) -> str:
    """The column in which `model` keeps its field `name`."""
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    assert field.column
    return field.column


def _name(error: IntegrityError, model: type[models.Model]) -> str:
    """The name of the constraint that `error` is about. SQLite names the columns of a unique one instead, or its index
    if it is about more than columns."""
    if connection.vendor == "postgresql":
        return str(error.__cause__.diag.constraint_name)  # type: ignore[union-attr]  # psycopg's error
    kind, _colon, what = str(error).partition(" constraint failed: ")
    if kind != "UNIQUE":
        return what
    if what.startswith("index "):
        return what.removeprefix("index ").strip("'")
    columns = [column.partition(".")[2] for column in what.split(", ")]
    names = [
        constraint.name
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
        and [column_of(model, name) for name in constraint.fields] == columns
    ]
    return names[0] if names else what


def change(row: models.Model, **values: object) -> None:
    """Write `values` into the row of `row`, past every form and action; `row` itself stays as it was."""
    assert type(row)._base_manager.filter(pk=row.pk).update(**values) == 1


def models_of(app: str) -> list[type[models.Model]]:
    """The models of `app`."""
    return list(apps.get_app_config(app).get_models())


def constraints_of(app: str) -> Iterator[tuple[type[models.Model], BaseConstraint]]:
    """Every constraint of every model of `app`, but for the unique ones that hold a primary key.

    Those can never be broken by themselves: they are what a composite key points at (see `is_target`).
    """
    for model in models_of(app):
        for constraint in model._meta.constraints:
            if not is_target(constraint):
                yield model, constraint


def is_target(constraint: BaseConstraint) -> bool:
    """Whether this is a unique constraint that only serves composite keys."""
    return isinstance(constraint, models.UniqueConstraint) and "id" in constraint.fields


def ties_schools(constraint: BaseConstraint) -> bool:
    """Whether this is the key that keeps a row and what it points at in one school."""
    return isinstance(constraint, TiedKey) and constraint.ties == {"school": "school"}


def unique_columns(model: type[models.Model]) -> set[tuple[str, ...]]:
    """The lists of columns that the database itself keeps unique in the table of `model`."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    return {tuple(each["columns"]) for each in found.values() if each["unique"]}

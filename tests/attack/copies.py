"""The database as it is now, kept, and brought back as often as a test wants: also what requests committed, and the
log, from which nothing can be deleted."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from django.db import connection, connections

Back = Callable[[], None]


@contextmanager
def kept() -> Iterator[Back]:
    """What is given brings the database back to what it was at the beginning of the block. Nobody else may be at work
    in it at that moment."""
    with _postgresql() if connection.vendor == "postgresql" else _sqlite() as back:
        yield back


@contextmanager
def _sqlite() -> Iterator[Back]:
    path = str(connection.settings_dict["NAME"])
    with closing(sqlite3.connect(":memory:", check_same_thread=False)) as copy:
        with closing(sqlite3.connect(path)) as now:
            now.backup(copy)

        def back() -> None:
            connections.close_all()
            with closing(sqlite3.connect(path)) as now:
                now.execute("PRAGMA synchronous = OFF")
                copy.backup(now)

        yield back


@contextmanager
def _postgresql() -> Iterator[Back]:
    name = connection.settings_dict["NAME"]
    copy = f"{name}_kept"
    _recreate(copy, name)
    try:
        yield lambda: _recreate(name, copy)
    finally:
        _do(f'DROP DATABASE "{copy}"')


def _recreate(name: str, source: str) -> None:
    """The database `name` becomes what `source` is."""
    connections.close_all()
    _do(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    # A thread of an earlier test may have left its session open: a database in use cannot be copied.
    _do("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", source)
    _do(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')


def _do(statement: str, *values: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement, values)

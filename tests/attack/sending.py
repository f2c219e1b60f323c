"""Two forms that are sent at the same moment, and what came of it."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django.contrib.messages import ERROR, get_messages
from django.db import connection, models
from django.test import Client

from school import clock
from school.fields import EncryptedTextField
from tests.buddies.test_concurrency import at_once

from . import promises
from .snapshot import Snapshot, changes, ours, take

Form = dict[str, list[str]]
Wrapper = Callable[..., Any]
# What is read and written before a view has its turn, and with every visit.
WAY_IN = "school_session"
WRITES = re.compile(r"BEGIN|INSERT|UPDATE|DELETE|SELECT .* FOR (NO KEY )?(UPDATE|SHARE)", re.DOTALL)
PATIENCE = 20  # seconds
# Looks are left by whoever looks, also twice.
LOOKS = ("look", "search", "print")
# Drawn anew whenever it is written, so that it says nothing about what was written.
DRAWN = {"password"}


@dataclass(frozen=True)
class Sent:
    """A form as it stands on somebody's screen, filled in."""

    browser: Client
    address: str
    form: Form


@dataclass(frozen=True)
class Answer:
    """What somebody got to see: the status, where it leads, the words of the page, whether it refuses."""

    status: int
    leads_to: str
    words: str
    refused: bool

    @property
    def decent(self) -> bool:
        """Whether it leads on or says something. 204 is for a page that says by itself that it was saved."""
        return self.status == 204 or (self.status == 302 and bool(self.leads_to)) or bool(self.words)


@dataclass(frozen=True)
class Story:
    """What was answered, what is different in the database, what the log says, and which promises were broken."""

    answers: tuple[Answer | Exception, ...]
    different: Counter[str]
    logged: Counter[str]
    broken: tuple[str, ...]

    @property
    def in_the_end(self) -> tuple[Counter[str], Counter[str]]:
        """What stays of it."""
        return self.different, self.logged


def send(sent: Sent) -> Answer:
    """Send it, and read the answer."""
    response = sent.browser.generic(
        "POST", sent.address, urlencode(sent.form, doseq=True), "application/x-www-form-urlencoded"
    )
    page = response.content.decode()
    said = get_messages(response.wsgi_request)
    refused = response.status_code >= 400 or response.status_code == 200
    refused = refused or any(message.level == ERROR for message in said)
    return Answer(response.status_code, response.headers.get("Location", ""), _words(page), refused)


def _words(page: str) -> str:
    """What can be read in the content of a page."""
    content = re.search(r"<main.*</main>", page, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", content[0] if content else page)).split())


def one_by_one(*sent: Sent, moment: datetime, before: Snapshot) -> Story:
    """Each is sent once the one before was answered."""
    with clock.at(moment):
        return _story([send(each) for each in sent], before)


def together(*sent: Sent, moment: datetime, before: Snapshot, meet: bool) -> Story:
    """All are sent at the same moment. With `meet` each reads all it wants before one of them writes: the worst that
    can happen to who looks first and decides afterwards."""
    barrier = threading.Barrier(len(sent))
    return _story(at_once(*(partial(_in_turn, each, moment, barrier, meet=meet) for each in sent)), before)


def _in_turn(sent: Sent, moment: datetime, barrier: threading.Barrier, *, meet: bool) -> Answer:
    try:
        with clock.at(moment), connection.execute_wrapper(_wait_before_writing(barrier if meet else None)):
            return send(sent)
    finally:
        barrier.abort()  # who never wrote anything keeps nobody waiting


def _wait_before_writing(barrier: threading.Barrier | None) -> Wrapper:
    waiting = barrier

    def execute(run: Wrapper, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal waiting
        if waiting is not None and WRITES.match(sql) and WAY_IN not in sql:
            here, waiting = waiting, None
            with suppress(threading.BrokenBarrierError):
                here.wait(timeout=PATIENCE)
        return run(sql, params, many, context)

    return execute


def _story(answers: Iterable[Any], before: Snapshot) -> Story:
    after = take(clock.today(), before)
    broken = tuple(each for each in _broken(after) if each not in {*_broken(before)})
    events = [event for event in after.events if event.action.rpartition(".")[2] not in LOOKS]
    logged = Counter(
        f"{event.action} {_known(before, event.target_type, event.target_id)} by {event.actor_id}"
        for event in events
    )
    return Story(tuple(answers), Counter(_different(before, after)), logged, broken)


def _broken(s: Snapshot) -> Iterable[str]:
    """Every promise that is not kept; the world holds a row that no action made."""
    return [each for promise in promises.ALWAYS for each in promise(s)]


def _different(before: Snapshot, after: Snapshot) -> Iterable[str]:
    """Every change of a row, in words that are the same when it happens again: of a new row not its number."""
    for name, was, row in changes(before, after):
        if row is None:
            yield f"{name} {was.id} is gone"
            continue
        values = {
            field.attname: _value(before, field, getattr(row, field.attname))
            for field in ours()[name]._meta.concrete_fields
            if not field.primary_key and hasattr(row, field.attname) and field.name not in DRAWN
        }
        if was is not None:
            values = {
                column: value
                for column, value in values.items()
                if getattr(was, column) != getattr(row, column)
            }
        yield f"{name} {was.id if was else 'new'}: {values}"


def _value(before: Snapshot, field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(field, EncryptedTextField):
        return field.from_db_value(value, None, connection)
    if isinstance(field, models.ForeignKey) and isinstance(field.related_model, type):
        return _known(before, field.related_model._meta.model_name or "", value)
    return value


def _known(before: Snapshot, name: str, pk: Any) -> Any:
    """The number of a row that was there, or that it was not."""
    there = pk is None or name not in before.tables or pk in before[name]
    return pk if there else f"new {name}"

"""Writing what is encrypted anew with the newest key, so that an older one can be dropped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, TextField, Value
from django.db.models.functions import Cast

from .fields import EncryptedTextField, cipher

BATCH = 200


@dataclass
class Tally:
    """How many values of one field were found in what state. Numbers only, never content."""

    model: type[models.Model]
    field: str
    up_to_date: int = 0
    renewed: int = 0
    old: int = 0
    unreadable: int = 0

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.field}"


def encrypted_fields() -> Iterator[tuple[type[models.Model], str]]:
    """Every encrypted field of every model, from the registry: a new one is never forgotten."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            for field in model._meta.local_concrete_fields:
                if isinstance(field, EncryptedTextField):
                    yield model, field.name


def look_through(*, renew: bool) -> Iterator[Tally]:
    """Every encrypted value, field by field; with `renew`, one under an older key is written anew.

    Each value is a transaction of its own, on the condition that it is still what was read: what somebody changes in
    the meantime stays theirs. So it may be stopped at any moment, and started again.
    """
    newest = Fernet(settings.FIELD_KEYS[0])
    for model, field in encrypted_fields():
        tally = Tally(model, field)
        for pk, stored in _stored(model, field):
            _count(tally, pk, stored, newest, renew=renew)
        yield tally


def _count(tally: Tally, pk: Any, stored: str, newest: Fernet, *, renew: bool) -> None:
    if _opens(newest, stored):
        tally.up_to_date += 1
        return
    try:
        anew = cipher().rotate(stored.encode()).decode("ascii")
    except InvalidToken:
        tally.unreadable += 1
        return
    if renew and _replace(tally.model, tally.field, pk, stored, anew):
        tally.renewed += 1
    else:
        tally.old += 1


def _opens(newest: Fernet, stored: str) -> bool:
    try:
        newest.decrypt(stored.encode())
    except InvalidToken:
        return False
    return True


def _column(model: type[models.Model], field: str) -> models.QuerySet[Any]:
    """All rows of `model`, with `stored` what stands in the column itself: `field` would be decrypted."""
    rows: models.QuerySet[Any] = model._base_manager.annotate(stored=Cast(F(field), TextField()))
    return rows


def _stored(model: type[models.Model], field: str) -> Iterator[tuple[Any, str]]:
    """The key and stored value of each row that has one, read in batches by key."""
    rows = _column(model, field).exclude(stored="").exclude(stored=None).order_by("pk")
    last: Any = None
    while batch := list(
        (rows if last is None else rows.filter(pk__gt=last)).values_list("pk", "stored")[:BATCH]
    ):
        yield from batch
        last = batch[-1][0]


def _replace(model: type[models.Model], field: str, pk: Any, stored: str, anew: str) -> bool:
    """Write `anew`, if `stored` still stands there. False when somebody was there first."""
    still = _column(model, field).filter(pk=pk, stored=stored)
    return still.update(**{field: Value(anew, output_field=TextField())}) == 1

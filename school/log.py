"""What the log can say: a closed list of words, to which each app of the settings adds its part (`AUDIT_LOG`).

An action that no part knows is refused, so that nothing somebody typed can end up in the log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from .models import Membership


class Kind(models.TextChoices):
    """What sort of thing happened."""

    LOOK = "looks", _("looked at")
    SEARCH = "searches", _("searched")
    PRINT = "prints", _("printed")
    CHANGE = "changes", _("recorded or changed")
    CONSENT = "consents", _("consents")
    ERASED = "erased", _("erased")
    SIGN_IN = "sign-ins", _("signing in and passwords")
    STAFF = "staff", _("colleagues and roles")
    SETTINGS = "settings", _("settings")
    IMPORT = "imports", _("imports")


BY_ITSELF = _("Ouderbuddy itself")
# What an administrator may read.
ADMINISTRATION = frozenset({Kind.SIGN_IN, Kind.STAFF, Kind.SETTINGS, Kind.IMPORT})


@dataclass(frozen=True)
class Action:
    """One thing that can happen: `text` goes on where the name of who did it ends. `nobody` is who did it when it was
    no one with an account."""

    kind: Kind
    text: str | Promise
    nobody: str | Promise = BY_ITSELF


@dataclass(frozen=True)
class Record:
    """What an event is about, to a reader who may open it; `url` is "" for what has no page."""

    title: str
    url: str = ""


# What an event is about: the name of its model, and its number.
Target = tuple[str, int]
Numbers = Mapping[str, frozenset[int]]
# For a reader on a day: those of these rows that they may open.
Records = Callable[[Membership, date, Numbers], dict[Target, Record]]
# For a reader who is a parent here: by the name of a model, its rows in which they are no party (invariant 5).
Others = Callable[[Membership], Mapping[str, models.QuerySet[Any]]]


def _nothing(membership: Membership) -> Mapping[str, models.QuerySet[Any]]:
    return {}


@dataclass(frozen=True)
class Part:
    """What one app adds to the log. `about_no_family` names the models of which no row is about a family; events about
    all else are hidden from a reader who is a parent here, unless `others` says that they are no party in it."""

    actions: Mapping[str, Action]
    records: Records
    others: Others = _nothing
    about_no_family: frozenset[str] = field(default_factory=frozenset)


@cache
def parts() -> tuple[Part, ...]:
    """The parts of the log, in the order of the settings."""
    return tuple(import_string(path) for path in settings.AUDIT_LOG)


@cache
def actions() -> Mapping[str, Action]:
    """Everything that can happen, by the word under which it is recorded."""
    return {name: action for part in parts() for name, action in part.actions.items()}

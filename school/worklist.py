"""Vandaag: what waits on a member, collected from the apps that the settings name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from django.conf import settings
from django.utils.module_loading import import_string

from .models import Membership


class Urgency(IntEnum):
    """What a row is about, most urgent first. Not a colour: red is for errors only."""

    WRONG = 0
    """The school cannot do its work until this is solved."""
    OVERDUE = 1
    TODAY = 2
    SOON = 3


@dataclass(frozen=True, order=True)
class WorkItem:
    """One row of Vandaag with one next step.

    `title` says who or what, `text` why it is here, `action` is the label of the step that `url` opens.
    """

    urgency: Urgency
    since: date
    title: str
    text: str
    action: str
    url: str
    icon: str = "list-check"

    @property
    def is_wrong(self) -> bool:
        """Whether the school cannot do its work until this is solved."""
        return self.urgency is Urgency.WRONG


def collect(membership: Membership, on: date) -> list[WorkItem]:
    """Everything that waits on `membership` on day `on`: most urgent first, then what waits longest."""
    items: list[WorkItem] = []
    for path in settings.WORKLIST:
        items.extend(import_string(path)(membership, on))
    return sorted(items)

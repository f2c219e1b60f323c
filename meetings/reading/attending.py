"""Who comes to a meeting, in words."""

from __future__ import annotations

from dataclasses import dataclass

from ..models import BuddyComes, Meeting
from ..models.meetings import MAY_BE_THERE
from ..naming import parent_called


@dataclass(frozen=True)
class Attending:
    """A parent who comes: the `number` of their row, how they are called, what they said about a buddy, and whether a
    buddy is `expected` with them."""

    number: int
    called: str
    buddy: str
    expected: bool


def attending(meeting: Meeting) -> list[Attending]:
    """The parents who come to `meeting`, in the order in which they were named."""
    return [
        Attending(
            parent.pk,
            parent_called(parent),
            str(BuddyComes(parent.buddy).label),
            parent.buddy in MAY_BE_THERE,
        )
        for parent in meeting.parents.all()
    ]

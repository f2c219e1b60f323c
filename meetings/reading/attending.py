"""Who comes to a meeting, in words; and what turns out otherwise beside what is saved."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from school.conflicts import Versions

from ..actions.preparing import turned
from ..models import BuddyComes, Meeting, MeetingParent
from ..models.meetings import MAY_BE_THERE
from ..naming import parent_called
from ..workflow import Turn


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


def versions_of_turn(meeting: Meeting, turn: Turn, tapped: MeetingParent | None) -> list[Versions]:
    """Who comes to `meeting` as it is saved now, beside how it would be after `turn`, tapped for this parent."""
    rows = []
    for parent in meeting.parents.all():
        saved = yours = BuddyComes(parent.buddy)
        if tapped is not None and tapped.pk == parent.pk:
            yours = turned(saved, present=turn is Turn.BUDDY_CAME)
        rows.append(Versions(capfirst(parent_called(parent)), str(saved.label), str(yours.label)))
    unmet = meeting.wish_unmet if tapped is not None else turn is Turn.WISH_UNMET
    rows.append(Versions(_("The wish"), _wish(unmet=meeting.wish_unmet), _wish(unmet=unmet)))
    return rows


def _wish(*, unmet: bool) -> str:
    return _("cannot be met") if unmet else _("may be met")

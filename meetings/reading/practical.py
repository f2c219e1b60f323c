"""How long a meeting takes, from when, and how many chairs (R25, R28)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from .. import planning
from ..models import Meeting
from ..models.meetings import MAY_BE_THERE


@dataclass(frozen=True)
class Practical:
    """What to arrange: `minutes` to reserve, from `begins` (earlier than planned when the parent is to hear sensitive
    news alone first) to `until`, and `chairs` with the teacher's own. `at` is when everybody is there."""

    minutes: int
    begins: datetime
    at: datetime
    until: datetime
    chairs: int
    alone_first: bool


def practical(meeting: Meeting) -> Practical:
    """What `meeting` asks for; a buddy of whom it is not known whether they come, counts as coming."""
    parents = list(meeting.parents.all())
    buddies = sum(parent.buddy in MAY_BE_THERE for parent in parents)
    alone_first = meeting.sensitive_news and buddies > 0
    extra = meeting.extra
    minutes = planning.minutes_to_reserve(
        meeting.base_minutes, buddies, meeting.interpreter, alone_first, extra
    )
    # Minutes pass in UTC: on a clock that jumps they would not add up.
    at = meeting.at.astimezone(UTC)
    begins = at - timedelta(minutes=extra.alone) if alone_first else at
    return Practical(
        minutes=minutes,
        begins=begins,
        at=at,
        until=begins + timedelta(minutes=minutes),
        chairs=planning.chairs(len(parents), buddies, meeting.interpreter),
        alone_first=alone_first,
    )


def ends(meeting: Meeting) -> list[datetime]:
    """Until when `meeting` takes with no buddy there, with one, and so on up to one for every parent."""
    at = meeting.at.astimezone(UTC)
    minutes = [
        planning.minutes_to_reserve(meeting.base_minutes, buddies, meeting.interpreter, False, meeting.extra)
        for buddies in range(len(meeting.parents.all()) + 1)
    ]
    return [at + timedelta(minutes=each) for each in minutes]

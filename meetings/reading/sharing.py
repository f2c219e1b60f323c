"""For whom an older meeting can be shared."""

from __future__ import annotations

from copy import copy
from datetime import date

from school.models import Membership
from school.reading.leaving import substitutes

from ..models import Meeting


def could_be_shared_with(meeting: Meeting, by: Membership, on: date) -> list[Membership]:
    """Substitutes who would see `meeting` but for their first day."""
    found = []
    for somebody in substitutes(by, on):
        always_here = copy(somebody)
        always_here.sees_from = None
        rows = Meeting.objects.filter(pk=meeting.pk)
        if rows.visible_to(always_here, on).exists() and not rows.visible_to(somebody, on).exists():
            found.append(somebody)
    return found

"""What a substitute may see although it is from before their first day."""

from __future__ import annotations

from django.db import models

from school.constraints import same_school
from school.models import Membership, SchoolOwned

from .meetings import Meeting


class SharedMeeting(SchoolOwned):
    """A meeting that a colleague shares with a substitute. It opens no group: it only lifts their first day."""

    meeting = models.ForeignKey(Meeting, models.CASCADE)
    membership = models.ForeignKey(Membership, models.CASCADE)

    class Meta(SchoolOwned.Meta):
        constraints = [
            *SchoolOwned.Meta.constraints,
            *same_school("sharedmeeting", "meeting", "membership"),
            models.UniqueConstraint(fields=["meeting", "membership"], name="sharedmeeting_once"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} – {self.membership_id}"

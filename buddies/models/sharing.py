"""What a substitute may see although it is from before their first day, and who knows of new access."""

from __future__ import annotations

from django.db import models

from school.constraints import same_school
from school.models import Membership, SchoolOwned

from .requests import SupportRequest


class SharedRequest(SchoolOwned):
    """A request that a colleague shares with a substitute. It opens no theme: it only lifts their first day."""

    request = models.ForeignKey(SupportRequest, models.CASCADE)
    membership = models.ForeignKey(Membership, models.CASCADE)

    class Meta(SchoolOwned.Meta):
        constraints = [
            *SchoolOwned.Meta.constraints,
            *same_school("sharedrequest", "request", "membership"),
            models.UniqueConstraint(fields=["request", "membership"], name="sharedrequest_once"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} – {self.membership_id}"


class AccessSeen(SchoolOwned):
    """Until when a coordinator has seen who was given access to their themes."""

    membership = models.OneToOneField(Membership, models.CASCADE)
    until = models.DateTimeField()

    class Meta(SchoolOwned.Meta):
        constraints = [*SchoolOwned.Meta.constraints, *same_school("accessseen", "membership")]

    def __str__(self) -> str:
        return f"{self.membership_id}"

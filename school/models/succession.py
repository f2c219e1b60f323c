"""Who takes over from a colleague who leaves."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from ..constraints import same_school
from .base import SchoolOwned
from .schools import Membership


class SuccessionQuerySet(models.QuerySet["Succession"]):
    """Who takes over what at one school, or at all."""

    def due(self, on: date) -> SuccessionQuerySet:
        """Of colleagues whose last day was before `on`, and not carried out since that day."""
        return self.filter(
            Q(carried_out_on=None) | Q(carried_out_on__lte=F("leaver__ends_on")), leaver__ends_on__lt=on
        )


class Succession(SchoolOwned):
    """One kind of work (see `school.handover`) that goes from `leaver` to `successor` once the leaver is gone.

    It stays afterwards: what turns out to be open later goes the same way. It goes when the leaver stays or returns.
    """

    leaver = models.ForeignKey(Membership, models.CASCADE, related_name="successions")
    kind = models.CharField(max_length=20)
    successor = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    chosen_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    carried_out_on = models.DateField(null=True)

    objects = SuccessionQuerySet.as_manager()

    class Meta(SchoolOwned.Meta):
        constraints = [
            *SchoolOwned.Meta.constraints,
            *same_school("succession", "leaver", "successor", "chosen_by"),
            models.UniqueConstraint(fields=["leaver", "kind"], name="succession_once_a_kind"),
            models.CheckConstraint(condition=~Q(leaver=F("successor")), name="succession_somebody_else"),
        ]

    def __str__(self) -> str:
        return f"{self.leaver_id} – {self.kind} – {self.successor_id}"

"""How a school year went, in numbers. What is erased after its term is counted here first, and then nobody is in it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from school.constraints import one_of, same_school
from school.models import SchoolOwned

from .themes import Theme


class Measure(models.TextChoices):
    """What is counted in a school year."""

    SIGNALS = "signals", _("signals")
    CONNECTED = "connected", _("connected")
    WEEK = "week", _("within a week")
    TWO_WEEKS = "two_weeks", _("within two weeks")
    MONTH = "month", _("within a month")
    LONGER = "longer", _("later")
    OFFERED = "offered", _("new families offered a buddy")
    ACCEPTED = "accepted", _("new families who wanted one")


class YearTotal(SchoolOwned):
    """A number of one school year: of one theme, or of none. `school_year` is the year in which it began."""

    school_year = models.PositiveSmallIntegerField(_("school year"))
    theme = models.ForeignKey(Theme, models.CASCADE, null=True)
    measure = models.CharField(_("what"), max_length=9, choices=Measure.choices)
    amount = models.PositiveIntegerField(_("how many"), default=0)

    class Meta(SchoolOwned.Meta):
        constraints = [
            *SchoolOwned.Meta.constraints,
            *same_school("yeartotal", "theme"),
            one_of("measure", Measure, "yeartotal_measure"),
            models.UniqueConstraint(
                fields=["school", "school_year", "measure", "theme"],
                condition=Q(theme__isnull=False),
                name="yeartotal_once_per_theme",
            ),
            models.UniqueConstraint(
                fields=["school", "school_year", "measure"],
                condition=Q(theme=None),
                name="yeartotal_once_without_theme",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_year} {self.measure}"

"""How a school year went, in numbers. What is erased after its term is counted here first, and then nobody is in it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import NamedTuple

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from school.constraints import one_of, same_school
from school.models import School, SchoolOwned
from school.models.people import school_year

from .matches import Match
from .newcomers import NewcomerOfferQuerySet, OfferAnswer
from .requests import Origin, SupportRequestQuerySet
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


# How long it may take from a signal to a connection, quickest first; what takes longer is `Measure.LONGER`.
SPEEDS = {
    Measure.WEEK: timedelta(days=7),
    Measure.TWO_WEEKS: timedelta(days=14),
    Measure.MONTH: timedelta(days=31),
}


class Entry(NamedTuple):
    """What one number is about: a school year (the year in which it began), a measure, and a theme's key or None."""

    year: int
    measure: str
    theme: int | None = None


class YearTotalQuerySet(models.QuerySet["YearTotal"]):
    """The numbers of what was erased."""

    def of(self, school: School, years: range) -> Counter[Entry]:
        """The numbers of `school` in `years`."""
        rows = self.filter(school=school, school_year__in=years)
        found = rows.values_list("school_year", "measure", "theme", "amount")
        return Counter({Entry(year, measure, theme): amount for year, measure, theme, amount in found})


class YearTotal(SchoolOwned):
    """A number of one school year: of one theme, or of none. `school_year` is the year in which it began."""

    school_year = models.PositiveSmallIntegerField(_("school year"))
    theme = models.ForeignKey(Theme, models.CASCADE, null=True)
    measure = models.CharField(_("what"), max_length=9, choices=Measure.choices)
    amount = models.PositiveIntegerField(_("how many"), default=0)

    objects = YearTotalQuerySet.as_manager()

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


def of_requests(requests: SupportRequestQuerySet) -> Counter[Entry]:
    """What those of `requests` count for that are in no total yet: as a signal in the year of the signal, and once
    more in the year in which a buddy was first found, with how long that took. Not those that were not discussed;
    and not those of new families, who are counted by what they were offered (`of_offers`)."""
    connected = Match.objects.filter(request=OuterRef("pk"), connected_at__isnull=False)
    first = connected.order_by("connected_at", "pk")
    rows = (
        requests.filter(in_totals=False, search_consent__isnull=False)
        .exclude(origin=Origin.INTAKE)
        .annotate(
            connected_at=Subquery(first.values("connected_at")[:1]),
            connected_theme=Subquery(first.values("theme")[:1]),
        )
        .values_list("theme", "signalled_at", "connected_theme", "connected_at")
    )
    counts: Counter[Entry] = Counter()
    for theme, signalled_at, connected_theme, connected_at in rows:
        signalled = localdate(signalled_at)
        counts[Entry(school_year(signalled), Measure.SIGNALS, theme)] += 1
        if connected_at is not None:
            met = localdate(connected_at)
            counts[Entry(school_year(met), Measure.CONNECTED, connected_theme)] += 1
            counts[Entry(school_year(met), _speed(met - signalled))] += 1
    return counts


def _speed(took: timedelta) -> Measure:
    return next((speed for speed, longest in SPEEDS.items() if took <= longest), Measure.LONGER)


def of_offers(offers: NewcomerOfferQuerySet) -> Counter[Entry]:
    """What `offers` count for: each in the year in which it was made, and those that were accepted once more."""
    counts: Counter[Entry] = Counter()
    for offered_at, answer in offers.values_list("offered_at", "answer"):
        year = school_year(localdate(offered_at))
        counts[Entry(year, Measure.OFFERED)] += 1
        if answer == OfferAnswer.YES:
            counts[Entry(year, Measure.ACCEPTED)] += 1
    return counts

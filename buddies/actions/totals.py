"""Counting what is about to be erased."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import F

from school.models import School

from ..models import Measure, Theme, YearTotal
from ..models.totals import Entry


def count(
    *, school: School, year: int, measure: Measure, theme: Theme | None = None, amount: int = 1
) -> None:
    """`amount` more of `measure` in the school year that began in `year`. Part of another action's transaction.

    Every connection (CONNECTED, by theme) counts under one of WEEK to LONGER too, without a theme: what does not add
    up is not shown.
    """
    add(school=school, entries={Entry(year, measure, theme.pk if theme else None): amount})


def add(*, school: School, entries: Mapping[Entry, int]) -> None:
    """Add `entries` to the totals of `school`. Part of another action's transaction."""
    # In one order, so that two who do this at once do not wait for each other.
    for entry, amount in sorted(entries.items(), key=lambda item: (*item[0][:2], item[0].theme or 0)):
        rows = YearTotal.objects.filter(
            school=school, school_year=entry.year, measure=entry.measure, theme=entry.theme
        )
        if rows.update(amount=F("amount") + amount):
            continue
        try:
            with transaction.atomic():
                YearTotal.objects.create(
                    school=school,
                    school_year=entry.year,
                    measure=entry.measure,
                    theme_id=entry.theme,
                    amount=amount,
                )
        except IntegrityError:
            # Somebody made it a moment ago.
            rows.update(amount=F("amount") + amount)

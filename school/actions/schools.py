"""What a school has agreed: how it addresses parents, how long things wait, and when nobody is there."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from django.db import DatabaseError, transaction
from django.db.models import F

from .. import audit
from ..errors import Changed
from ..models import Holiday, Membership, School


@dataclass(frozen=True)
class SchoolSettings:
    """What a school decides for itself; the terms are in days."""

    formal_address: bool
    checkin_days: int
    undiscussed_days: int
    suggestion_days: int


@dataclass(frozen=True)
class HolidayDetails:
    """A holiday; both days belong to it."""

    name: str
    first_day: date
    last_day: date


@transaction.atomic
def change_school(*, school: School, settings: SchoolSettings, by: Membership) -> None:
    """From now on `school` works like this; what runs keeps the day it had. Raises Changed when the school is not as
    it was when `school` was read."""
    unchanged = School.objects.filter(pk=school.pk, revision=school.revision)
    if not unchanged.update(**asdict(settings), revision=F("revision") + 1):
        raise Changed
    audit.record("school.settings", school, by=by)


@transaction.atomic
def add_holiday(*, details: HolidayDetails, by: Membership) -> Holiday:
    """Nobody is at school on these days; said twice, it is written down once."""
    holiday, new = Holiday.objects.get_or_create(school=by.school, **asdict(details))
    if new:
        audit.record("holiday.add", holiday, by=by)
    return holiday


@transaction.atomic
def change_holiday(*, holiday: Holiday, details: HolidayDetails, by: Membership) -> None:
    """The name and days of `holiday`. Raises Changed when it is gone."""
    for name, value in asdict(details).items():
        setattr(holiday, name, value)
    try:
        holiday.save(force_update=True)
    except DatabaseError as error:
        raise Changed from error
    audit.record("holiday.change", holiday, by=by)


@transaction.atomic
def remove_holiday(*, holiday: Holiday, by: Membership) -> None:
    """School is open on these days after all."""
    audit.record("holiday.remove", holiday, by=by)
    holiday.delete()

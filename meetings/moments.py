"""A day and a time on the clock at school, as a moment. Twice a year the clock jumps: one time is not there, another is
there twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django.utils.timezone import get_current_timezone

from .actions.errors import NoSuchMoment, TwiceThatMoment


def moment(day: date, at: time) -> datetime:
    """`day` at `at` on the clock at school, in UTC. Raises NoSuchMoment when the clock skips it, TwiceThatMoment when
    the clock shows it twice: nobody has to guess which of the two was meant."""
    here = datetime.combine(day, at, get_current_timezone())
    before, after = (here.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if before > after:
        raise NoSuchMoment
    if before < after:
        raise TwiceThatMoment
    return before

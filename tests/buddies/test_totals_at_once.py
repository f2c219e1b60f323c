"""Counting at the same moment: every one counts, and nobody twice."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from buddies import due
from buddies.actions import requests, totals
from buddies.models import CloseReason, Measure, Theme, YearTotal
from school import clock
from school.models import Membership, School
from tests.cast import Signalled

from .test_concurrency import THREADS, at_once

pytestmark = pytest.mark.usefixtures("transactional")


@pytest.mark.parametrize("code", ["reading", None])
def test_twenty_who_count_at_once_are_twenty(
    school: School, themes: dict[str, Theme], code: str | None
) -> None:
    theme = themes[code] if code else None
    count = transaction.atomic(partial(totals.count, school=school, year=2026, measure=Measure.SIGNALS))
    outcomes = at_once(*[partial(count, theme=theme) for _ in range(THREADS)])
    assert outcomes == [None] * THREADS
    assert YearTotal.objects.get().amount == THREADS


def test_jobs_that_run_at_once_count_a_request_once(signalled: Signalled, ib: Membership) -> None:
    long_ago = clock.now() - timedelta(days=40)
    with clock.at(long_ago):
        for request in (signalled(), signalled(first_name="Selam")):
            requests.close(request=request, reason=CloseReason.HELPED, by=ib)
    outcomes = at_once(*[partial(due.forget_themes, clock.today()) for _ in range(6)])
    assert sum(count for count in outcomes if isinstance(count, int)) == 2
    assert not [error for error in outcomes if isinstance(error, Exception)]
    assert YearTotal.objects.get(measure=Measure.SIGNALS).amount == 2

"""The numbers of a school year: what counts, for which year, and counting it before it is erased."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from buddies.actions import consents, matches, totals
from buddies.models import (
    Measure,
    NewcomerOffer,
    Origin,
    Outcome,
    SupportRequest,
    Theme,
    YearTotal,
)
from buddies.models.totals import Entry, of_offers, of_requests
from buddies.workflow import MatchStatus
from school import clock
from school.models import Child, Membership, Parent, School
from tests.cast import Proposed, Signalled

NOVEMBER = datetime(2026, 11, 2, 11, tzinfo=UTC)


def counted() -> Counter[Entry]:
    return of_requests(SupportRequest.objects.all())


def connected_after(proposed: Proposed, signalled: Signalled, days: int) -> SupportRequest:
    with clock.at(NOVEMBER):
        request = signalled()
    with clock.at(NOVEMBER + timedelta(days=days)):
        proposed(request, status=MatchStatus.CONNECTED)
    return request


# What counts


def test_signal_counts_once_it_was_discussed(signalled: Signalled, themes: dict[str, Theme]) -> None:
    with clock.at(NOVEMBER):
        signalled()
        signalled(None)
        signalled(discussed=False)
    assert counted() == {
        Entry(2026, Measure.SIGNALS, themes["reading"].pk): 1,
        Entry(2026, Measure.SIGNALS, None): 1,
    }


def test_parent_who_takes_the_search_back_counts_without_a_theme(
    signalled: Signalled, ib: Membership
) -> None:
    with clock.at(NOVEMBER):
        request = signalled()
        assert request.search_consent is not None
        consents.withdraw(consent=request.search_consent, by=ib)
    assert counted() == {Entry(2026, Measure.SIGNALS, None): 1}


@pytest.mark.parametrize(
    ("days", "speed"),
    [
        (0, Measure.WEEK),
        (7, Measure.WEEK),
        (8, Measure.TWO_WEEKS),
        (14, Measure.TWO_WEEKS),
        (15, Measure.MONTH),
        (31, Measure.MONTH),
        (32, Measure.LONGER),
    ],
)
def test_connection_counts_with_how_long_it_took(
    proposed: Proposed, signalled: Signalled, themes: dict[str, Theme], days: int, speed: Measure
) -> None:
    connected_after(proposed, signalled, days)
    assert counted() == {
        Entry(2026, Measure.SIGNALS, themes["reading"].pk): 1,
        Entry(2026, Measure.CONNECTED, themes["reading"].pk): 1,
        Entry(2026, speed): 1,
    }


def test_only_the_first_connection_counts(
    proposed: Proposed, signalled: Signalled, ib: Membership, themes: dict[str, Theme]
) -> None:
    """Else the connections and how long they took would not add up, and the difference would be a small number."""
    request = connected_after(proposed, signalled, 3)
    later = NOVEMBER + timedelta(days=60)
    with clock.at(later):
        matches.complete(
            match=request.match_set.get(), outcome=Outcome.NOT_HELPED, close_request=False, by=ib
        )
        proposed(request, status=MatchStatus.CONNECTED)
    assert counted()[Entry(2026, Measure.CONNECTED, themes["reading"].pk)] == 1
    assert counted()[Entry(2026, Measure.WEEK)] == 1
    assert counted()[Entry(2026, Measure.LONGER)] == 0


def test_year_is_the_schools(proposed: Proposed, signalled: Signalled, themes: dict[str, Theme]) -> None:
    """It turns on 1 August, in Amsterdam; who was signalled before and connected after counts once in each."""
    with clock.at(datetime(2026, 7, 31, 21, 59, tzinfo=UTC)):
        request = signalled()
    with clock.at(datetime(2026, 7, 31, 22, 1, tzinfo=UTC)):
        proposed(request, status=MatchStatus.CONNECTED)
    assert counted() == {
        Entry(2025, Measure.SIGNALS, themes["reading"].pk): 1,
        Entry(2026, Measure.CONNECTED, themes["reading"].pk): 1,
        Entry(2026, Measure.WEEK): 1,
    }


def offered(child: Child, by: Membership, at: datetime, answer: str, parent: Parent | None) -> NewcomerOffer:
    return NewcomerOffer.objects.create(
        school=by.school,
        recorded_by=by,
        submission=uuid4(),
        child=child,
        parent=parent,
        offered_at=at,
        answer=answer,
        answered_at=at if answer else None,
        forget_on=date(2028, 1, 1),
    )


def test_new_families_are_counted_by_what_they_were_offered(
    children: dict[str, Child], parents: dict[str, Parent], ib: Membership, signalled: Signalled
) -> None:
    """And nowhere else: their requests are no signals."""
    offered(children["Sem"], ib, NOVEMBER, "yes", parents["Fatma"])
    offered(children["Noor"], ib, NOVEMBER, "no", None)
    offered(children["Zoë"], ib, NOVEMBER - timedelta(days=120), "", parents["Linda"])
    request = signalled("newcomer")
    SupportRequest.objects.filter(pk=request.pk).update(origin=Origin.INTAKE)
    assert of_offers(NewcomerOffer.objects.all()) == {
        Entry(2026, Measure.OFFERED): 2,
        Entry(2026, Measure.ACCEPTED): 1,
        Entry(2025, Measure.OFFERED): 1,
    }
    assert counted() == {}


# Counting


def test_count_adds_up(school: School, themes: dict[str, Theme]) -> None:
    for amount in (3, 4):
        totals.count(
            school=school, year=2026, measure=Measure.SIGNALS, theme=themes["reading"], amount=amount
        )
    totals.count(school=school, year=2026, measure=Measure.SIGNALS, theme=themes["divorce"])
    for _ in range(2):
        totals.count(school=school, year=2026, measure=Measure.WEEK)
    totals.count(school=school, year=2025, measure=Measure.WEEK)
    assert YearTotal.objects.of(school, range(2025, 2027)) == {
        Entry(2026, Measure.SIGNALS, themes["reading"].pk): 7,
        Entry(2026, Measure.SIGNALS, themes["divorce"].pk): 1,
        Entry(2026, Measure.WEEK): 2,
        Entry(2025, Measure.WEEK): 1,
    }
    assert not YearTotal.objects.of(school, range(2020, 2025))


def test_count_of_another_school_stays_there(school: School, other_school: School) -> None:
    totals.count(school=other_school, year=2026, measure=Measure.WEEK)
    assert not YearTotal.objects.of(school, range(2026, 2027))

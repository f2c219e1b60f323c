"""Vandaag of who arranges the new families: whom to offer a buddy, and whom to call."""

from __future__ import annotations

from datetime import timedelta

import pytest

from buddies.models import NewcomerOffer, OfferAnswer
from buddies.newcomer_worklist import items
from school import clock
from school.models import Membership
from school.worklist import Urgency

from .newcomers import offered, starts
from .phone import url

WRONG, OVERDUE, TODAY, SOON = Urgency


pytestmark = pytest.mark.usefixtures("nobody_starts")


def waiting(membership: Membership, after: int = 0) -> list[tuple[str, str, Urgency]]:
    """Who waits on this member, where the row leads and how urgent it is, `after` so many days."""
    someone = Membership.objects.get(pk=membership.pk)
    return [
        (item.title, item.url, item.urgency) for item in items(someone, clock.today() + timedelta(days=after))
    ]


def test_family_waits_from_a_month_ahead_until_it_is_asked(director: Membership) -> None:
    nine = starts("Nine", director, days=31)
    row = ("Nine", url("offer_newcomer", nine.pk))
    assert waiting(director) == []
    assert waiting(director, after=1) == [(*row, SOON)]
    assert waiting(director, after=24) == [(*row, TODAY)]
    assert waiting(director, after=100) == [(*row, TODAY)]
    assert waiting(director, after=31 + 365) == []
    offered(nine, director, answer=OfferAnswer.NO)
    assert waiting(director, after=30) == []


def test_family_waits_on_who_arranges_it(
    director: Membership, ib: Membership, teacher: Membership, admin_member: Membership, other_ib: Membership
) -> None:
    starts("Nine", director)
    assert [len(waiting(who)) for who in (director, ib, teacher, admin_member, other_ib)] == [1, 0, 0, 0, 0]
    Membership.objects.filter(pk=director.pk).update(ends_on=clock.today() - timedelta(days=1))
    assert len(waiting(ib)) == 1


def test_more_than_five_families_are_one_row_more(director: Membership) -> None:
    for number in range(8):
        starts(f"Nine{number}", director, days=number)
    *rows, more = waiting(director)
    assert [title for title, _url, _urgency in rows] == [f"Nine{number}" for number in range(5)]
    assert more == ("Nog 3 gezinnen", url("newcomers"), SOON)


def test_second_parent_waits_too(director: Membership) -> None:
    nine = starts("Nine", director)
    offered(nine, director, answer=OfferAnswer.YES, two_homes=True)
    assert [row[:2] for row in waiting(director)] == [
        ("Tweede ouder van Nine", url("offer_newcomer", nine.pk) + "?home=2")
    ]


def test_silence_of_a_week_is_a_call_and_never_a_no(director: Membership) -> None:
    offered(starts("Nine", director), director)
    made = NewcomerOffer.objects.get()
    assert waiting(director, after=6) == []
    assert waiting(director, after=7) == [("Mirjam", url("newcomer_answer", made.pk), OVERDUE)]
    assert waiting(director, after=60) == [("Mirjam", url("newcomer_answer", made.pk), OVERDUE)]

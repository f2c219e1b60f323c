"""What a teacher sends to each parent: a buddy is mentioned only to the parent whose buddy it is."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.test import Client

from meetings.actions.meetings import ParentComing
from meetings.models import BuddyComes, Meeting
from meetings.moments import moment
from meetings.reading.invitations import invitations
from school import clock
from school.models import Child, School
from tests.buddies.phone import text

from .conftest import Planned
from .pages import url

pytestmark = pytest.mark.django_db

ALONG, PREPARES, NONE, UNKNOWN = (
    BuddyComes.ALONG,
    BuddyComes.PREPARES,
    BuddyComes.NONE,
    BuddyComes.UNKNOWN,
)
AT = moment(date(2027, 3, 23), time(15, 30))


def texts(meeting: Meeting, *, with_child: bool = False) -> dict[str, str]:
    """The words for each parent, by how they are called."""
    with clock.at(AT - timedelta(days=7)):
        fresh = Meeting.objects.get(pk=meeting.pk)
        return {each.called: each.text for each in invitations(fresh, with_child=with_child)}


def test_invitation_says_when_and_where_and_who_asks(
    planned: Planned, children: dict[str, Child], school: School
) -> None:
    with clock.at(AT - timedelta(days=7)):
        meeting = planned(at=AT, buddy=NONE, child=children["Lina"], room="Lokaal 4B", interpreter=True)
    assert texts(meeting)["de moeder"] == (
        "Beste ouder,\n\n"
        "Ik nodig u graag uit voor een gesprek op school.\n\n"
        "Wanneer: dinsdag 23 maart, van 15:30 tot ongeveer 15:55 uur.\n"
        "Waar: Lokaal 4B.\n\n"
        "Komt dit moment u niet goed uit? Laat het mij weten. Dan zoeken we een ander moment.\n\n"
        "Met vriendelijke groet,\nTom\nDe Wilgen"
    )
    assert "gesprek op school over Lina." in texts(meeting, with_child=True)["de moeder"]
    School.objects.filter(pk=school.pk).update(formal_address=False)
    informal = texts(meeting)["de moeder"]
    assert "Ik nodig je graag uit" in informal
    assert " u " not in informal


@pytest.mark.parametrize("hers", BuddyComes)
@pytest.mark.parametrize("his", BuddyComes)
@pytest.mark.parametrize("news", [False, True])
def test_buddy_stands_only_with_the_parent_whose_buddy_it_is(
    planned: Planned, hers: BuddyComes, his: BuddyComes, news: bool
) -> None:
    parents = (ParentComing("mother", "Samira", hers), ParentComing("father", "Karim", his))
    with clock.at(AT - timedelta(days=7)):
        meeting = planned(at=AT, parents=parents, sensitive_news=news)
    found = texts(meeting)
    assert set(found) == {"Samira", "Karim"}
    for name, other, buddy in (("Samira", "Karim", hers), ("Karim", "Samira", his)):
        words = found[name]
        assert ("buddy" in words) == (buddy in (ALONG, PREPARES))
        assert ("iemand meenemen" in words) == (buddy is UNKNOWN)
        assert other not in words
        # Both hear the news before a buddy comes in; why it begins earlier is not said.
        earlier = news and {hers, his} & {ALONG, UNKNOWN}
        assert ("van 15:20 tot" in words) == bool(earlier)
        assert ("vanaf 15:30" in words) == bool(earlier and buddy in (ALONG, UNKNOWN))
        for reason in ("nieuws", "gevoelig", "alleen", "apart"):
            assert reason not in words


def test_page_gives_each_parent_a_letter_of_their_own(
    tom: Client, planned: Planned, children: dict[str, Child]
) -> None:
    parents = (ParentComing("mother", "Samira", ALONG), ParentComing("father", "Karim", NONE))
    meeting = planned(parents=parents, child=children["Lina"])
    page = text(tom.get(url("invitation", meeting.pk)))
    assert page.count('class="invitation"') == 2
    assert "De naam van Lina staat er niet in" in page
    assert "gesprek op school over Lina" in text(tom.get(url("invitation", meeting.pk, query="?naam=1")))

"""Two appointments of one teacher at the same time: said, and never in the way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from meetings.actions import meetings as actions
from meetings.actions.meetings import ParentComing
from meetings.models import Audience, BuddyComes, Meeting
from meetings.reading.clashes import clashing
from school import clock
from school.models import Group, Membership
from tests.buddies.phone import text
from tests.cast import ClientOf

from .conftest import Planned
from .pages import answer, url

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
NONE = BuddyComes.NONE


@pytest.mark.parametrize(
    ("minutes", "clashes"),
    # The first takes 15 minutes and 10 for the buddy; the second begins 10 earlier, to talk with the parent alone.
    [(24, True), (34, True), (35, False), (-25, False), (-24, True), (0, True)],
)
def test_what_counts_is_the_time_to_reserve(
    planned: Planned, teacher: Membership, minutes: int, clashes: bool
) -> None:
    first = planned()
    second = planned(at=first.at + minutes * MINUTE, sensitive_news=True)
    assert clashing(first, teacher) == ([second] if clashes else [])
    assert clashing(second, teacher) == ([first] if clashes else [])


def test_planning_goes_through_and_says_so(tom: Client, planned: Planned) -> None:
    first = planned(parents=(ParentComing("mother", "Samira", NONE),))
    sent = answer(first.at + 5 * MINUTE)
    page = tom.post(url("plan"), sent, follow=True)
    assert Meeting.objects.count() == 2
    words = text(page)
    assert "Je hebt nog iets anders in de tijd die dit gesprek vraagt:" in words
    assert url("before", first.pk) in words
    quiet = text(tom.post(url("plan"), answer(first.at + timedelta(days=1)), follow=True))
    assert "Je hebt nog iets anders" not in quiet


def test_what_is_off_is_in_nobodys_way(planned: Planned, teacher: Membership) -> None:
    first, second = planned(), planned()
    actions.cancel(meeting=second, by=teacher)
    second.refresh_from_db()
    assert clashing(first, teacher) == clashing(second, teacher) == []


def test_colleague_is_not_told_what_else_the_teacher_does(
    planned: Planned,
    teacher: Membership,
    client_of: ClientOf,
    other_teacher: Membership,
    groups: dict[str, Group],
) -> None:
    shared = planned(group=groups["1/2A"])
    planned(audience=Audience.ONLY_ME, parents=(ParentComing("mother", "Samira", NONE),))
    theirs = planned(at=shared.at, by=other_teacher)
    page = text(client_of(other_teacher).get(url("before", shared.pk)))
    assert "Je hebt nog iets anders" not in page
    assert "Samira" not in page
    assert clashing(theirs, other_teacher) == []
    assert clock.now() < shared.at

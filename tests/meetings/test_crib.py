"""The crib sheet as it comes with the page: what is shown without a connection is what the server would say."""

from __future__ import annotations

from itertools import product

import pytest
from django.test import Client
from django.utils.timezone import localtime

from meetings.actions import preparing
from meetings.actions.meetings import ParentComing
from meetings.models import BuddyComes, FollowUp, Meeting
from meetings.reading.checklists import crib, crib_sheets
from meetings.reading.practical import ends, practical
from school import clock
from school.models import Membership
from tests.buddies.watch import contents

from .conftest import Planned, revision
from .pages import url

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("buddy", "unmet", "news"), list(product(BuddyComes, (False, True), (False, True))), ids=str
)
def test_sheet_that_came_along_is_the_one_the_server_shows_after_the_turn(
    planned: Planned, teacher: Membership, buddy: BuddyComes, unmet: bool, news: bool
) -> None:
    meeting = planned(buddy=buddy, sensitive_news=news)
    preparing.wish_turned_out(meeting=meeting, unmet=unmet, revision=revision(meeting), by=teacher)
    meeting.refresh_from_db()
    came_along = {(sheet.along, sheet.unmet): sheet.points for sheet in crib_sheets(meeting)}
    assert len(came_along) == 4
    assert crib_sheets(meeting)[0].points == crib(meeting)
    for present, wish in product((True, False), repeat=2):
        preparing.buddy_turned_out(
            meeting=meeting,
            parent=meeting.parents.get(),
            present=present,
            revision=revision(meeting),
            by=teacher,
        )
        preparing.wish_turned_out(meeting=meeting, unmet=wish, revision=revision(meeting), by=teacher)
        fresh = Meeting.objects.prefetch_related("parents").get(pk=meeting.pk)
        assert came_along[present, wish] == crib(fresh)


def test_time_is_known_for_every_number_of_buddies(planned: Planned, teacher: Membership) -> None:
    none = BuddyComes.NONE
    meeting = planned(
        parents=(ParentComing(buddy=none), ParentComing("father", buddy=none)), interpreter=True
    )
    came_along = ends(meeting)
    assert len(came_along) == 3
    for buddies, parent in enumerate([None, *meeting.parents.all()]):
        if parent is not None:
            preparing.buddy_turned_out(
                meeting=meeting, parent=parent, present=True, revision=revision(meeting), by=teacher
            )
        assert came_along[buddies] == practical(Meeting.objects.get(pk=meeting.pk)).until


def test_time_with_news_told_alone_first_ends_at_the_same_moment(
    planned: Planned, teacher: Membership
) -> None:
    meeting = planned(buddy=BuddyComes.NONE, sensitive_news=True)
    came_along = ends(meeting)[1]
    preparing.buddy_turned_out(
        meeting=meeting, parent=meeting.parents.get(), present=True, revision=revision(meeting), by=teacher
    )
    assert came_along == practical(Meeting.objects.get(pk=meeting.pk)).until


def test_turn_saved_by_the_page_itself_gets_a_short_answer(tom: Client, planned: Planned) -> None:
    meeting = planned(buddy=BuddyComes.NONE)
    turn = {"turn": "buddy_came", "parent": meeting.parents.get().pk, "revision": 0}
    answer = tom.post(url("turned_out", meeting.pk), turn, headers=HTMX)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Meeting-Revision"] == "1"
    assert meeting.parents.get().buddy == BuddyComes.ALONG
    assert (
        tom.post(
            url("turned_out", meeting.pk), {"turn": "wish_unmet", "revision": 1}, headers=HTMX
        ).status_code
        == 204
    )
    assert not list(tom.get(url("during", meeting.pk)).context["messages"])


def test_turn_that_comes_too_late_is_refused_and_changes_nothing(tom: Client, planned: Planned) -> None:
    meeting = planned(buddy=BuddyComes.NONE)
    tom.post(url("cancel", meeting.pk))
    before = contents()
    sent = {"turn": "wish_unmet", "revision": revision(meeting)}
    assert tom.post(url("turned_out", meeting.pk), sent, headers=HTMX).status_code == 409
    assert contents() == before


def test_turn_after_a_colleague_changed_the_meeting_is_refused(tom: Client, planned: Planned) -> None:
    meeting = planned(buddy=BuddyComes.NONE)
    sent = {"turn": "wish_unmet", "revision": revision(meeting)}
    Meeting.objects.update(revision=7)
    assert tom.post(url("turned_out", meeting.pk), sent, headers=HTMX).status_code == 409


def test_promise_saved_by_the_page_itself_is_kept_once(tom: Client, planned: Planned) -> None:
    meeting = planned()
    form = tom.get(url("during", meeting.pk)).context["promise_form"]
    sent = {
        "words": "Het boek zoeken",
        "due_on": localtime(clock.now()).date().isoformat(),
        "submission": form["submission"].value(),
    }
    for _time in range(2):
        assert tom.post(url("promise", meeting.pk), sent, headers=HTMX).status_code == 204
    assert FollowUp.objects.get().words == "Het boek zoeken"
    sent["words"] = ""
    assert tom.post(url("promise", meeting.pk), sent, headers=HTMX).status_code == 200
    assert FollowUp.objects.count() == 1


def test_cancelled_meeting_promises_nothing(tom: Client, planned: Planned) -> None:
    meeting = planned()
    tom.post(url("cancel", meeting.pk), {"revision": revision(meeting)})
    page = tom.get(url("during", meeting.pk))
    assert "promise_form" not in page.context
    assert "terugkomen" not in page.content.decode()

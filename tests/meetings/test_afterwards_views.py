"""The page after a meeting: the round, what follows from it, and what was promised."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from meetings.actions import meetings as actions
from meetings.actions.meetings import ParentComing
from meetings.models import Audience, BuddyComes, FollowUp, FollowUpKind, Meeting
from meetings.workflow import MeetingStatus
from school import clock
from school.models import Membership
from tests.buddies.phone import said, text
from tests.buddies.watch import contents, queries
from tests.cast import ClientOf
from tests.meetings.conftest import Planned, revision

from .pages import url

DAY = timedelta(days=1)


@pytest.fixture
def meeting(planned: Planned) -> Meeting:
    """Yesterday's, shared with the intern begeleider, with a buddy."""
    return planned(at=clock.now() - DAY, audience=Audience.INTERN_BEGELEIDER)


def looked_back(meeting: Meeting, **more: str) -> dict[str, str]:
    """The round as tapped: all went well, if `parent`, `buddy` or `teacher` do not say otherwise."""
    said = {"teacher": "pleasant", "parent": "pleasant", "buddy": "pleasant"} | more
    pk = meeting.parents.get().pk
    return {
        "teacher": said.pop("teacher"),
        f"parent_{pk}": said.pop("parent"),
        f"buddy_{pk}": said.pop("buddy"),
        "revision": str(revision(meeting)),
        **said,
    }


def promised(**more: Any) -> dict[str, Any]:
    due_on = (clock.today() + 7 * DAY).isoformat()
    return {"submission": str(uuid4()), "words": "Leeshulp navragen", "due_on": due_on} | more


# The round


def test_round_asks_everybody_who_was_there(tom: Client, planned: Planned) -> None:
    both = (
        ParentComing("mother", "Samira", BuddyComes.ALONG),
        ParentComing("father", "Ali", BuddyComes.PREPARES),
    )
    meeting = planned(at=clock.now() - DAY, parents=both)
    mother, father = meeting.parents.all()
    asked = [field.name for field in tom.get(url("after", meeting.pk)).context["form"].round]
    assert asked == [f"parent_{mother.pk}", f"buddy_{mother.pk}", f"parent_{father.pk}", "teacher"]


def test_round_is_saved_once_however_often_it_is_sent(tom: Client, meeting: Meeting) -> None:
    sent = looked_back(meeting, buddy="so_so")
    for _ in range(2):
        assert tom.post(url("after", meeting.pk), sent).status_code == 302
    saved, parent = Meeting.objects.get(), meeting.parents.get()
    assert (saved.state, saved.teacher_said, saved.follow_up) == (MeetingStatus.EVALUATED, "pleasant", False)
    assert (parent.said, parent.buddy_said) == ("pleasant", "so_so")


def test_nothing_need_be_tapped(tom: Client, meeting: Meeting) -> None:
    tom.post(url("after", meeting.pk), {"revision": "0"})
    assert Meeting.objects.get().state is MeetingStatus.EVALUATED


def test_teacher_is_not_asked_whether_they_were_asked(tom: Client, meeting: Meeting) -> None:
    form = tom.get(url("after", meeting.pk)).context["form"]
    assert [value for value, _ in form.fields["teacher"].choices] == ["pleasant", "so_so", "unpleasant"]
    assert "checked" not in str(form["teacher"])


def test_nonsense_is_refused(tom: Client, meeting: Meeting) -> None:
    before = contents()
    page = tom.post(url("after", meeting.pk), looked_back(meeting, teacher="brilliant"))
    assert "teacher" in page.context["form"].errors
    assert contents() == before


def test_no_words_of_anybody_are_asked_in_the_round(tom: Client, meeting: Meeting) -> None:
    form = tom.get(url("after", meeting.pk)).context["form"]
    assert {type(field.field).__name__ for field in form.visible_fields()} == {"ChoiceField", "BooleanField"}


def test_what_is_still_to_come_has_no_round(tom: Client, planned: Planned) -> None:
    meeting = planned(at=clock.now() + DAY)
    assert 'name="teacher"' not in text(tom.get(url("after", meeting.pk)))
    assert said(tom.post(url("after", meeting.pk), looked_back(meeting)))
    assert Meeting.objects.get().state is MeetingStatus.PREPARE


def test_what_was_cancelled_has_no_round(tom: Client, teacher: Membership, meeting: Meeting) -> None:
    actions.cancel(meeting=meeting, by=teacher)
    assert 'name="teacher"' not in text(tom.get(url("after", meeting.pk)))
    assert said(tom.post(url("after", meeting.pk), looked_back(meeting)))
    assert Meeting.objects.get().state is MeetingStatus.CANCELLED


def test_no_need_to_look_back(tom: Client, meeting: Meeting) -> None:
    assert said(tom.post(url("after", meeting.pk), {"held": "1"}))
    assert Meeting.objects.get().state is MeetingStatus.HELD
    # It can still be done.
    tom.post(url("after", meeting.pk), looked_back(meeting))
    assert Meeting.objects.get().state is MeetingStatus.EVALUATED


# What follows from it


@pytest.mark.parametrize("who", ["parent", "buddy", "teacher"])
def test_not_pleasant_asks_for_a_day_to_talk(tom: Client, meeting: Meeting, who: str) -> None:
    """R36, whoever found it so."""
    talk = url("promise", meeting.pk, query="?soort=napraten")
    assert talk not in text(tom.get(url("after", meeting.pk)))
    page = tom.post(url("after", meeting.pk), looked_back(meeting, **{who: "unpleasant"}), follow=True)
    assert talk in text(page)
    assert page.context["talk_form"].fields.keys() == {"due_on", "submission"}
    tom.post(talk, promised(words="wat de ouder zei"))
    follow_up = FollowUp.objects.get()
    assert (follow_up.kind, follow_up.words) == (FollowUpKind.TALK, "")
    assert talk not in text(tom.get(url("after", meeting.pk)))


def test_follow_up_leads_to_the_next_meeting(tom: Client, planned: Planned, meeting: Meeting) -> None:
    plan = url("plan", query=f"?na={meeting.pk}")
    assert plan not in text(tom.post(url("after", meeting.pk), looked_back(meeting), follow=True))
    page = tom.post(url("after", meeting.pk), looked_back(meeting, follow_up="on"), follow=True)
    assert plan in text(page)
    following = planned(previous=meeting)
    page = tom.get(url("after", meeting.pk))
    assert plan not in text(page)
    assert url("before", following.pk) in text(page)


def test_next_meeting_of_a_colleague_alone_is_not_shown(
    client_of: ClientOf, ib: Membership, planned: Planned, meeting: Meeting
) -> None:
    ineke = client_of(ib)
    ineke.post(url("after", meeting.pk), looked_back(meeting, follow_up="on"))
    following = planned(previous=meeting, audience=Audience.ONLY_ME)
    assert url("before", following.pk) not in text(ineke.get(url("after", meeting.pk)))


# What was promised


def test_nothing_is_promised_beside_a_round_to_fill_in(tom: Client, meeting: Meeting) -> None:
    """Whoever sends one form loses what was typed in the other; what was promised before is there to be kept."""
    promise, page = url("promise", meeting.pk), url("after", meeting.pk)
    shown = text(tom.get(page))
    assert promise not in shown
    assert 'id="beloofd"' not in shown
    tom.post(promise, promised())
    shown = text(tom.get(page))
    assert promise not in shown
    assert "Leeshulp navragen" in shown
    assert url("kept", FollowUp.objects.get().pk) in shown
    tom.post(page, looked_back(meeting))
    assert promise in text(tom.get(page))


def test_promise_is_one_however_often_it_is_sent(tom: Client, teacher: Membership, meeting: Meeting) -> None:
    sent = promised()
    for _ in range(2):
        reply = tom.post(url("promise", meeting.pk), sent)
        assert reply.url == url("after", meeting.pk)  # type: ignore[attr-defined]
    follow_up = FollowUp.objects.get()
    assert (follow_up.words, follow_up.recorded_by) == ("Leeshulp navragen", teacher)
    assert (follow_up.kind, follow_up.due_on.isoformat()) == (FollowUpKind.PROMISE, sent["due_on"])


def test_promise_made_during_the_meeting_leads_back_to_it(tom: Client, meeting: Meeting) -> None:
    reply = tom.post(url("promise", meeting.pk, query="?van=tijdens"), promised())
    assert reply.url == url("during", meeting.pk)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"words": " "}, "words"),
        ({"words": "x" * 201}, "words"),
        ({"due_on": ""}, "due_on"),
        ({"due_on": "0001-01-01"}, "due_on"),
        ({"due_on": "9999-12-31"}, "due_on"),
        ({"submission": ""}, "submission"),
    ],
)
def test_bad_promise_keeps_what_was_typed(
    tom: Client, meeting: Meeting, wrong: dict[str, str], field: str
) -> None:
    before, sent = contents(), promised() | wrong
    page = tom.post(url("promise", meeting.pk), sent)
    assert field in page.context["form"].errors
    assert sent["words"].strip() in text(page)
    assert contents() == before


def test_promise_is_kept_and_taken_back(tom: Client, meeting: Meeting) -> None:
    tom.post(url("promise", meeting.pk), promised())
    follow_up = FollowUp.objects.get()
    for sent, done in [({}, True), ({}, True), ({"again": "1"}, False)]:
        reply = tom.post(url("kept", follow_up.pk), sent)
        assert reply.url == url("after", meeting.pk)  # type: ignore[attr-defined]
        assert said(reply)
        follow_up.refresh_from_db()
        assert (follow_up.done_at is not None) is done


def test_promise_is_its_makers_own(
    tom: Client, client_of: ClientOf, ib: Membership, meeting: Meeting
) -> None:
    """A colleague who may look into the meeting reads no word of it, and cannot say it is done."""
    tom.post(url("promise", meeting.pk), promised())
    ineke = client_of(ib)
    page = ineke.get(url("after", meeting.pk))
    assert page.status_code == 200
    assert "Leeshulp" not in text(page)
    assert ineke.post(url("kept", FollowUp.objects.get().pk)).status_code == 404
    assert FollowUp.objects.get().done_at is None


def test_promise_cannot_be_made_once_it_was_cancelled(
    tom: Client, teacher: Membership, meeting: Meeting
) -> None:
    actions.cancel(meeting=meeting, by=teacher)
    assert said(tom.post(url("promise", meeting.pk), promised()))
    assert not FollowUp.objects.exists()


# Who may


@pytest.mark.parametrize("name", ["after", "promise", "kept"])
def test_what_is_not_mine_to_see_is_not_found(
    tom: Client,
    client_of: ClientOf,
    other_teacher: Membership,
    other_ib: Membership,
    admin_member: Membership,
    meeting: Meeting,
    name: str,
) -> None:
    tom.post(url("promise", meeting.pk), promised())
    number = FollowUp.objects.get().pk if name == "kept" else meeting.pk
    olga, ilse, ahmed = map(client_of, (other_teacher, other_ib, admin_member))
    before = contents()
    assert olga.post(url(name, number), promised()).status_code == 404
    assert ilse.post(url(name, number, school="de-eik"), promised()).status_code == 404
    assert ahmed.post(url(name, number), promised()).status_code == 403
    assert contents() == before


def test_page_asks_as_many_questions_for_three_promises_as_for_one(tom: Client, meeting: Meeting) -> None:
    tom.post(url("after", meeting.pk), looked_back(meeting, parent="unpleasant", follow_up="on"))
    counts = []
    for _ in range(3):
        tom.post(url("promise", meeting.pk), promised())
        # The first look shows the messages.
        tom.get(url("after", meeting.pk))
        counts.append(queries(tom, url("after", meeting.pk)))
    assert counts[0] == counts[2] <= 16


def test_what_two_teachers_say_at_once_is_not_lost(
    client_of: ClientOf, tom: Client, meeting: Meeting, ib: Membership
) -> None:
    """Who comes second sees both versions; the same again is no second version."""
    stale = looked_back(meeting, parent="so_so")
    badly = looked_back(meeting, parent="unpleasant")
    tom.post(url("after", meeting.pk), badly)
    tom.post(url("after", meeting.pk), badly)
    page = client_of(ib).post(url("after", meeting.pk), stale)
    assert [(row.saved, row.yours) for row in page.context["rows"] if row.differs] == [
        ("Niet prettig", "Gaat wel")
    ]
    assert meeting.parents.get().said == "unpleasant"
    client_of(ib).post(url("after", meeting.pk), stale | {"revision": str(revision(meeting))})
    assert meeting.parents.get().said == "so_so"

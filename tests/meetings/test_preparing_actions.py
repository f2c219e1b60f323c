"""Ticks, questions, and what turns out otherwise: what is stored, and what is not (R23, R28, invariants 8 and 9)."""

from __future__ import annotations

from uuid import uuid4

import pytest

from buddies.actions.errors import WrongMoment
from meetings.actions import meetings, preparing
from meetings.actions.errors import NotComing, TooManyQuestions
from meetings.actions.meetings import Evaluation, ParentComing, Plan
from meetings.models import BuddyComes, Meeting, MeetingParent, Question, Tick
from school import clock
from school.models import Membership
from school.submissions import ForeignSubmission
from tests.buddies.watch import everything, recorded, refused, tables_holding

from .conftest import Planned, revision

ALONG, PREPARES, NONE, UNKNOWN = BuddyComes


def ask(meeting: Meeting, by: Membership, words: str = "Hoe gaat het met lezen?") -> Question:
    """One more question."""
    return preparing.ask(meeting=meeting, words=words, by=by, submission=uuid4())


# Ticks


def test_tick_is_the_makers_own_and_leaves_no_trace(
    planned: Planned, teacher: Membership, other_teacher: Membership
) -> None:
    meeting = planned()
    with recorded() as log:
        preparing.tick(meeting=meeting, item="V1", done=True, by=teacher)
        preparing.tick(meeting=meeting, item="V1", done=True, by=other_teacher)
        preparing.tick(meeting=meeting, item="V1", done=False, by=other_teacher)
    assert [(tick.membership, tick.item) for tick in Tick.objects.all()] == [(teacher, "V1")]
    assert log.actions == []


def test_tick_twice_is_one_and_off_twice_is_none(planned: Planned, teacher: Membership) -> None:
    meeting = planned()
    for done, left in ((True, 1), (True, 1), (False, 0), (False, 0)):
        preparing.tick(meeting=meeting, item="V2", done=done, by=teacher)
        assert Tick.objects.count() == left


def test_tick_of_a_meeting_that_has_gone_is_refused(planned: Planned, teacher: Membership) -> None:
    meeting = planned()
    Meeting.objects.filter(pk=meeting.pk).delete()
    with refused(WrongMoment):
        preparing.tick(meeting=meeting, item="V1", done=True, by=teacher)


# Questions


def test_question_is_stored_encrypted_and_recorded_without_content(
    planned: Planned, teacher: Membership
) -> None:
    meeting = planned()
    with recorded() as log:
        question = ask(meeting, teacher, "Mag hij een friemeldoekje?")
    assert (question.words, question.meeting, question.recorded_by) == (
        "Mag hij een friemeldoekje?",
        meeting,
        teacher,
    )
    assert tables_holding("friemeldoekje") == set()
    assert log.actions == ["meeting.ask"]


def test_question_sent_twice_is_one(planned: Planned, teacher: Membership, ib: Membership) -> None:
    meeting, number = planned(), uuid4()
    first = preparing.ask(meeting=meeting, words="Een", by=teacher, submission=number)
    after = everything()
    assert preparing.ask(meeting=meeting, words="Twee", by=teacher, submission=number) == first
    with pytest.raises(ForeignSubmission):
        preparing.ask(meeting=meeting, words="Drie", by=ib, submission=number)
    assert everything() == after


def test_fifteen_questions_and_no_more(planned: Planned, teacher: Membership) -> None:
    meeting = planned()
    for number in range(preparing.MOST_QUESTIONS):
        ask(meeting, teacher, f"Vraag {number}")
    with refused(TooManyQuestions):
        ask(meeting, teacher)
    dropped = meeting.question_set.earliest("pk")
    preparing.drop_question(meeting=meeting, question=dropped.pk, by=teacher)
    ask(meeting, teacher)


def test_question_for_a_cancelled_meeting_is_refused(planned: Planned, teacher: Membership) -> None:
    meeting = planned()
    meetings.cancel(meeting=meeting, by=teacher)
    with refused(WrongMoment):
        ask(meeting, teacher)


def test_question_is_dropped_once_and_only_from_its_own_meeting(
    planned: Planned, teacher: Membership
) -> None:
    meeting, other = planned(), planned()
    question = ask(meeting, teacher)
    preparing.drop_question(meeting=other, question=question.pk, by=teacher)
    assert Question.objects.get() == question
    with recorded() as log:
        for _twice in range(2):
            preparing.drop_question(meeting=meeting, question=question.pk, by=teacher)
    assert not Question.objects.exists()
    assert log.actions == ["meeting.drop_question"]


# What turns out otherwise


def buddy_turns_out(meeting: Meeting, parent: MeetingParent, present: bool, by: Membership) -> None:
    """Tapped by somebody who sees the meeting as it is now."""
    preparing.buddy_turned_out(
        meeting=meeting, parent=parent, present=present, revision=revision(meeting), by=by
    )


def wish_turns_out(meeting: Meeting, unmet: bool, by: Membership) -> None:
    """The same."""
    preparing.wish_turned_out(meeting=meeting, unmet=unmet, revision=revision(meeting), by=by)


@pytest.mark.parametrize(
    ("said", "present", "left"),
    [
        (NONE, True, ALONG),
        (PREPARES, True, ALONG),
        (UNKNOWN, True, ALONG),
        (ALONG, False, PREPARES),
        (UNKNOWN, False, NONE),
    ],
)
def test_buddy_turns_out_otherwise(
    planned: Planned, teacher: Membership, said: BuddyComes, present: bool, left: BuddyComes
) -> None:
    meeting = planned(buddy=said)
    parent = meeting.parents.get()
    with recorded() as log:
        for _twice in range(2):
            buddy_turns_out(meeting, parent, present, teacher)
    parent.refresh_from_db()
    assert parent.buddy == left
    assert log.actions == ["meeting.turned_out"]


@pytest.mark.parametrize(("said", "present"), [(ALONG, True), (NONE, False), (PREPARES, False)])
def test_buddy_as_expected_changes_nothing(
    planned: Planned, teacher: Membership, said: BuddyComes, present: bool
) -> None:
    meeting = planned(buddy=said)
    before = everything()
    buddy_turns_out(meeting, meeting.parents.get(), present, teacher)
    assert everything() == before


def test_wish_turns_out_otherwise_and_back(planned: Planned, teacher: Membership) -> None:
    meeting = planned()
    with recorded() as log:
        for unmet in (True, True, False):
            wish_turns_out(meeting, unmet, teacher)
            meeting.refresh_from_db()
            assert meeting.wish_unmet is unmet
    assert log.actions == ["meeting.turned_out"] * 2


def test_open_form_of_a_colleague_sees_the_change(planned: Planned, teacher: Membership) -> None:
    meeting = planned()
    wish_turns_out(meeting, True, teacher)
    buddy_turns_out(meeting, meeting.parents.get(), False, teacher)
    assert Meeting.objects.get(pk=meeting.pk).revision == meeting.revision + 2


@pytest.mark.parametrize("end", ["evaluated", "cancelled"])
def test_nothing_turns_out_otherwise_afterwards(planned: Planned, teacher: Membership, end: str) -> None:
    """A buddy who said how it was, was there."""
    meeting = planned(at=clock.now())
    parent = meeting.parents.get()
    if end == "evaluated":
        said = Evaluation("pleasant", {parent.pk: ("pleasant", "pleasant")}, follow_up=False)
        meetings.evaluate(meeting=meeting, evaluation=said, revision=revision(meeting), by=teacher)
    else:
        meetings.cancel(meeting=meeting, by=teacher)
    with refused(WrongMoment):
        buddy_turns_out(meeting, parent, False, teacher)
    with refused(WrongMoment):
        wish_turns_out(meeting, True, teacher)


def test_parent_who_does_not_come_any_more_is_refused(planned: Planned, teacher: Membership) -> None:
    meeting = planned(parents=(ParentComing("mother"), ParentComing("father")))
    second = meeting.parents.get(position=2)
    fewer = Plan(at=meeting.at, parents=(ParentComing("mother"),))
    meetings.change(meeting=meeting, plan=fewer, revision=meeting.revision, by=teacher)
    with refused(NotComing):
        buddy_turns_out(meeting, second, True, teacher)

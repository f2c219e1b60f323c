"""Preparing a meeting: one's own ticks, the parent's questions, and what turns out otherwise. None of it reaches a
buddy (R24, invariant 6)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from buddies.actions.errors import WrongMoment
from school import audit, clock
from school.models import Membership
from school.submissions import once

from ..models import BuddyComes, Meeting, MeetingParent, Question, Tick
from ..models.meetings import MAY_BE_THERE
from ..workflow import MeetingStatus
from .errors import TooManyQuestions
from .locking import lock

# What fits on the paper, and in a meeting.
MOST_QUESTIONS = 15
# Afterwards who was there is known, and is not changed any more.
OPEN = (MeetingStatus.PREPARE, MeetingStatus.HELD)


@transaction.atomic
def tick(*, meeting: Meeting, item: str, done: bool, by: Membership) -> None:
    """`by` has done `item` of the checklist, or not after all; twice the same is once. Raises WrongMoment when the
    meeting is gone.

    It leaves no event: a tick is a member's own, and a log of ticks would let somebody count them.
    """
    lock(meeting)
    if done:
        Tick.objects.get_or_create(school_id=meeting.school_id, meeting=meeting, membership=by, item=item)
    else:
        Tick.objects.filter(meeting=meeting, membership=by, item=item).delete()


@transaction.atomic
def ask(*, meeting: Meeting, words: str, by: Membership, submission: UUID) -> Question:
    """A question the parent wants to ask. Sent twice, it is one. Raises TooManyQuestions, WrongMoment when the meeting
    was cancelled or is gone, ForeignSubmission."""

    def make() -> Question:
        fresh = lock(meeting)
        if fresh.state is MeetingStatus.CANCELLED:
            raise WrongMoment
        if fresh.question_set.count() >= MOST_QUESTIONS:
            raise TooManyQuestions
        question = Question.objects.create(
            school_id=fresh.school_id, submission=submission, recorded_by=by, meeting=fresh, words=words
        )
        audit.record("meeting.ask", fresh, by=by)
        return question

    return once(Question, submission, by, make)[0]


@transaction.atomic
def drop_question(*, meeting: Meeting, question: int, by: Membership) -> None:
    """The question with this number is not to be asked after all. One that is gone already stays gone."""
    if meeting.question_set.filter(pk=question).delete()[0]:
        audit.record("meeting.drop_question", meeting, by=by)


@transaction.atomic
def buddy_turned_out(*, meeting: Meeting, parent: MeetingParent, present: bool, by: Membership) -> None:
    """The buddy of `parent` came along unexpectedly, or did not come after all. Raises WrongMoment once everybody said
    how it was, or when the meeting was cancelled or this parent does not come any more."""
    fresh = _held_open(meeting)
    row = fresh.parents.filter(pk=parent.pk).first()
    if row is None:
        raise WrongMoment
    if (row.buddy == BuddyComes.ALONG) if present else (row.buddy not in MAY_BE_THERE):
        return
    # A buddy of whom was said that they come is somebody: then they only helped to prepare.
    away = BuddyComes.PREPARES if row.buddy == BuddyComes.ALONG else BuddyComes.NONE
    row.buddy = BuddyComes.ALONG if present else away
    row.save()
    _changed(fresh, by)


@transaction.atomic
def wish_turned_out(*, meeting: Meeting, unmet: bool, by: Membership) -> None:
    """What the parent wishes cannot be, or can be after all. Raises WrongMoment as above."""
    fresh = _held_open(meeting)
    if fresh.wish_unmet != unmet:
        fresh.wish_unmet = unmet
        _changed(fresh, by)


def _held_open(meeting: Meeting) -> Meeting:
    fresh = lock(meeting)
    if fresh.state not in OPEN:
        raise WrongMoment
    return fresh


def _changed(meeting: Meeting, by: Membership) -> None:
    """Whoever has the form of this meeting open sees that it changed."""
    meeting.revision += 1
    meeting.changed_at = clock.now()
    meeting.save()
    audit.record("meeting.turned_out", meeting, by=by)

"""Preparing a meeting: one's own ticks, the parent's questions, and what turns out otherwise. None of it reaches a
buddy (R24, invariant 6)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from buddies.actions.errors import WrongMoment
from school import audit, clock
from school.errors import Changed
from school.models import Membership
from school.submissions import once

from ..models import BuddyComes, Meeting, MeetingParent, Question, Tick
from ..models.meetings import MAY_BE_THERE
from ..workflow import MeetingStatus
from .errors import NotComing, TooManyQuestions
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
def buddy_turned_out(
    *, meeting: Meeting, parent: MeetingParent, present: bool, revision: int, by: Membership
) -> None:
    """The buddy of `parent` came along unexpectedly, or did not come after all. Raises NotComing when this parent does
    not come any more, Changed when it would go over what somebody else changed since `revision` (by then the row may be
    another parent's), WrongMoment once everybody said how it was, or when the meeting was cancelled."""
    fresh = _held_open(meeting)
    row = fresh.parents.filter(pk=parent.pk).first()
    if row is None:
        raise NotComing
    buddy = turned(BuddyComes(row.buddy), present=present)
    if buddy == row.buddy:
        return
    _check_revision(fresh, revision)
    row.buddy = buddy
    row.save()
    _changed(fresh, by)


def turned(buddy: BuddyComes, *, present: bool) -> BuddyComes:
    """What is to be said of a `buddy` who turns out to be present, or not."""
    if present:
        return BuddyComes.ALONG
    if buddy not in MAY_BE_THERE:
        return buddy
    # A buddy of whom was said that they come is somebody: then they only helped to prepare.
    return BuddyComes.PREPARES if buddy == BuddyComes.ALONG else BuddyComes.NONE


@transaction.atomic
def wish_turned_out(*, meeting: Meeting, unmet: bool, revision: int, by: Membership) -> None:
    """What the parent wishes cannot be, or can be after all. Raises Changed and WrongMoment as above."""
    fresh = _held_open(meeting)
    if fresh.wish_unmet != unmet:
        _check_revision(fresh, revision)
        fresh.wish_unmet = unmet
        _changed(fresh, by)


def _held_open(meeting: Meeting) -> Meeting:
    fresh = lock(meeting)
    if fresh.state not in OPEN:
        raise WrongMoment
    return fresh


def _check_revision(meeting: Meeting, revision: int) -> None:
    if meeting.revision != revision:
        raise Changed


def _changed(meeting: Meeting, by: Membership) -> None:
    """Whoever has the form of this meeting open sees that it changed."""
    meeting.revision += 1
    meeting.changed_at = clock.now()
    meeting.save()
    audit.record("meeting.turned_out", meeting, by=by)

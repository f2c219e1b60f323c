"""Every step of the tables in `workflow` leaves one event about what took it: no step without, none twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from buddies.actions import matches, pool
from buddies.models import Buddy, EndReason, Match, Method, Outcome, TipGiver, Way
from buddies.workflow import BUDDY_STEPS, STEPS, UNDO, BuddyStatus, MatchStatus
from meetings import workflow as meeting_workflow
from meetings.actions import meetings
from meetings.models import Meeting
from meetings.workflow import MeetingStatus
from school import clock, log
from school.actions import ParentDetails
from school.models import AuditEvent, Membership

from .buddies.watch import recorded
from .cast import AddBuddy, Proposed, theme_of

_M, _B, _G = MatchStatus, BuddyStatus, MeetingStatus


def steps_of(found: list[AuditEvent], row: Match | Buddy | Meeting) -> list[str]:
    """The events about `row` itself that say it changed."""
    kinds = (log.Kind.CHANGE, log.Kind.ERASED)
    name = row._meta.model_name
    return [
        event.action
        for event in found
        if log.actions()[event.action].kind in kinds
        and (event.target_type, event.target_id) == (name, row.pk)
    ]


# Matches


def _to(new: MatchStatus) -> Callable[[Match, Membership], None]:
    """The action that takes a match to `new`."""
    connection = matches.Connection(Way.INTRODUCED)
    return {
        _M.WAITING_FOR_PARENT: lambda m, by: matches.ask_parent(
            match=m, tip_giver=TipGiver.COORDINATOR, by=by
        ),
        _M.WAITING_FOR_BUDDY: lambda m, by: matches.record_parent_yes(match=m, method=Method.PHONE, by=by),
        _M.AGREED: lambda m, by: matches.record_buddy_yes(match=m, method=Method.PHONE, by=by),
        _M.CONNECTED: lambda m, by: matches.connect(
            match=m, connection=connection, method=Method.PHONE, by=by
        ),
        _M.COMPLETED: lambda m, by: matches.complete(
            match=m, outcome=Outcome.HELPED, close_request=True, by=by
        ),
        _M.DID_NOT_PROCEED: lambda m, by: matches.did_not_proceed(match=m, reason=EndReason.NO_CLICK, by=by),
    }[new]


@pytest.mark.parametrize(("old", "new"), [(old, new) for old, news in STEPS.items() for new in sorted(news)])
def test_step_of_a_match_leaves_one_event(
    proposed: Proposed, ib: Membership, old: MatchStatus, new: MatchStatus
) -> None:
    match = proposed(status=old)
    with recorded() as found:
        _to(new)(match, ib)
    match.refresh_from_db()
    assert match.state is new
    assert len(steps_of(found.events, match)) == 1, found.actions


@pytest.mark.parametrize("old", [*UNDO, _M.DID_NOT_PROCEED])
def test_step_back_of_a_match_leaves_one_event(proposed: Proposed, ib: Membership, old: MatchStatus) -> None:
    match = proposed(status=old if old in UNDO else _M.PROPOSED)
    if old is _M.DID_NOT_PROCEED:
        matches.did_not_proceed(match=match, reason=EndReason.NO_CLICK, by=ib)
        match.refresh_from_db()
    with recorded() as found:
        matches.undo(match=match, by=ib)
    match.refresh_from_db()
    assert match.state is UNDO.get(old, _M.PROPOSED)
    assert steps_of(found.events, match) == ["match.undo"]


# Buddies


def _buddy_in(status: BuddyStatus, add_buddy: AddBuddy, by: Membership) -> Buddy:
    if status in (_B.OFFERED, _B.STOPPED):
        buddy = add_buddy()
        if status is _B.STOPPED:
            pool.stop(buddy=buddy, by=by)
        return buddy
    buddy = pool.suggest(details=ParentDetails("Nel"), by=by, submission=uuid4())
    if status is _B.ASKED:
        pool.ask(buddy=buddy, by=by)
    return buddy


def _buddy_to(new: BuddyStatus, buddy: Buddy, by: Membership) -> None:
    if new is _B.ASKED:
        pool.ask(buddy=buddy, by=by)
    elif new is _B.STOPPED:
        pool.stop(buddy=buddy, by=by)
    else:
        answers = pool.Answers({theme_of(by.school, "reading"): ""}, name_may_be_known=True)
        pool.record_offer(buddy=buddy, offer=pool.Offer(), answers=answers, by=by)


@pytest.mark.parametrize(
    ("old", "new"), [(old, new) for old, news in BUDDY_STEPS.items() for new in sorted(news)]
)
def test_step_of_a_buddy_leaves_one_event(
    add_buddy: AddBuddy, ib: Membership, old: BuddyStatus, new: BuddyStatus
) -> None:
    buddy = Buddy.objects.get(pk=_buddy_in(old, add_buddy, ib).pk)
    number = buddy.pk
    with recorded() as found:
        _buddy_to(new, buddy, ib)
    buddy.pk = number  # who was only thought of is gone
    status = Buddy.objects.filter(pk=number).values_list("status", flat=True).first()
    assert status == (None if old is _B.SUGGESTED and new is _B.STOPPED else new)
    assert len(steps_of(found.events, buddy)) == 1, found.actions


# Meetings


def _meeting_to(new: MeetingStatus, meeting: Meeting, by: Membership) -> None:
    meeting.refresh_from_db()
    if new is _G.EVALUATED:
        said = "so_so" if meeting.teacher_said == "pleasant" else "pleasant"
        evaluation = meetings.Evaluation(said, {}, follow_up=False)
        meetings.evaluate(meeting=meeting, evaluation=evaluation, revision=meeting.revision, by=by)
    else:
        step = {_G.HELD: meetings.hold, _G.CANCELLED: meetings.cancel, _G.PREPARE: meetings.restore}[new]
        step(meeting=meeting, by=by)


@pytest.mark.parametrize(
    ("old", "new"),
    [(old, new) for old, news in meeting_workflow.STEPS.items() for new in sorted(news)],
)
def test_step_of_a_meeting_leaves_one_event(
    teacher: Membership, old: MeetingStatus, new: MeetingStatus
) -> None:
    plan = meetings.Plan(at=clock.now() - timedelta(hours=1), parents=(meetings.ParentComing(),))
    meeting = meetings.plan(plan=plan, by=teacher, submission=uuid4())
    if old is not _G.PREPARE:
        _meeting_to(old, meeting, teacher)
    with recorded() as found:
        _meeting_to(new, meeting, teacher)
    meeting.refresh_from_db()
    assert meeting.state is new
    assert len(steps_of(found.events, meeting)) == 1, found.actions

"""Meetings: planned, changed, prepared, held, looked back on."""

from __future__ import annotations

from datetime import timedelta

from meetings.actions import meetings, preparing, sharing
from meetings.models import Audience, BuddyComes, FollowUpKind, Impression
from meetings.reading.sharing import could_be_shared_with
from school import clock
from school.roles import Permission

from ..world import Nothing, World
from .register import step


def _plan(w: World, school: int) -> meetings.Plan:
    child = w.child(school)
    coming = tuple(
        meetings.ParentComing(w.any_of(["", "mother"]), "", w.any_of(list(BuddyComes)))
        for _ in range(w.any_of([1, 1, 2]))
    )
    return meetings.Plan(
        at=clock.now() + timedelta(days=w.any_of([-3, 0, 0, 2, 30, 400]), hours=w.any_of([-1, 1])),
        parents=coming,
        child=child,
        child_name="" if child else "Kind",
        sensitive_news=w.flip(),
        audience=w.any_of(list(Audience)),
    )


@step
def plan_meeting(w: World) -> object:
    by = w.anybody(lambda eyes: Permission.MEETINGS in eyes.may)
    return meetings.plan(plan=_plan(w, by.school_id), by=by, submission=w.number())


@step
def change_meeting(w: World) -> object:
    meeting, by = w.seen("meeting", "meeting")
    return meetings.change(meeting=meeting, plan=_plan(w, by.school_id), revision=meeting.revision, by=by)


@step
def cancel_or_restore(w: World) -> object:
    meeting, by = w.seen("meeting", "meeting")
    act = meetings.cancel if w.flip() else meetings.restore
    return act(meeting=meeting, by=by)


@step
def hold_meeting(w: World) -> object:
    meeting, by = w.seen("meeting", "meeting")
    return meetings.hold(meeting=meeting, by=by)


@step
def evaluate(w: World) -> object:
    meeting, by = w.seen("meeting", "meeting")
    said = {
        row.id: (w.any_of(Impression.values), w.any_of(Impression.values))
        for row in w.now.of("meetingparent", meeting_id=meeting.pk)
    }
    evaluation = meetings.Evaluation(w.any_of(Impression.values), said, w.flip())
    return meetings.evaluate(meeting=meeting, evaluation=evaluation, revision=meeting.revision, by=by)


@step
def promise(w: World) -> object:
    meeting, by = w.seen("meeting", "meeting")
    return meetings.promise(
        meeting=meeting,
        kind=w.any_of(list(FollowUpKind)),
        words="zoek ik uit",
        due_on=clock.today() + timedelta(days=w.any_of([0, 7, 80])),
        by=by,
        submission=w.number(),
    )


@step
def keep_or_reopen(w: World) -> object:
    follow_up, by = w.seen("followup", "followup")
    act = meetings.keep if w.flip(0.6) else meetings.reopen
    return act(follow_up=follow_up, by=by)


@step
def tick(w: World) -> object:
    meeting, by = w.seen("meeting", "meeting")
    return preparing.tick(meeting=meeting, item=w.any_of(["V1", "V2"]), done=w.flip(0.7), by=by)


@step
def ask_question(w: World) -> object:
    meeting, by = w.seen("meeting", "meeting")
    return preparing.ask(meeting=meeting, words="Mag dat?", by=by, submission=w.number())


@step
def share_a_meeting(w: World) -> object:
    meeting, by = w.seen("meeting", "meeting")
    to = could_be_shared_with(meeting, by, clock.today())
    if not to:
        raise Nothing
    return sharing.share(meeting=meeting, to=w.any_of(to), by=by)


@step
def drop_question(w: World) -> object:
    question = w.some("question", lambda q: w.sight.seers("meeting", q.meeting_id))
    by = w.who_sees("meeting", question.meeting_id)
    return preparing.drop_question(meeting=w.row("meeting", question.meeting_id), question=question.id, by=by)


@step
def turned_out(w: World) -> object:
    meeting, by = w.seen("meeting", "meeting")
    seen = meeting.revision - int(w.flip(0.1))
    if w.flip():
        return preparing.wish_turned_out(meeting=meeting, unmet=w.flip(), revision=seen, by=by)
    row = w.some("meetingparent", lambda p: p.meeting_id == meeting.pk)
    parent = w.row("meetingparent", row.id)
    return preparing.buddy_turned_out(meeting=meeting, parent=parent, present=w.flip(), revision=seen, by=by)

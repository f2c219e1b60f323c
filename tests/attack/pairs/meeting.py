"""New families, and meetings."""

from __future__ import annotations

from uuid import uuid4

from buddies.actions import newcomers
from buddies.models import (
    Method,
)
from meetings.actions import meetings, preparing
from meetings.models import FollowUpKind, Impression
from school import clock

from .hands import AT_MOST_ONE, ONE, Hands, Pair, both, pair


@pair
def yes_and_taking_back(h: Hands) -> Pair:
    offer = h.offer()
    yes = both(
        newcomers.accept, h.director, offer=offer, in_mind=None, method=Method.PHONE, submission=uuid4()
    )
    back = both(newcomers.take_back, h.ib, offer=offer)
    return yes + back, {"newcomer.yes": AT_MOST_ONE, "newcomer.take_back": AT_MOST_ONE}


@pair
def no_twice(h: Hands) -> Pair:
    return both(newcomers.decline, h.director, h.ib, offer=h.offer()), {"newcomer.no": ONE}


# Meetings


@pair
def evaluating_the_same_twice(h: Hands) -> Pair:
    meeting = h.meeting()
    said = meetings.Evaluation(Impression.PLEASANT, {}, follow_up=False)
    acts = both(meetings.evaluate, h.ib, h.babs, meeting=meeting, evaluation=said, revision=meeting.revision)
    return acts, {"meeting.evaluate": ONE}


@pair
def evaluating_otherwise(h: Hands) -> Pair:
    meeting = h.meeting()
    acts = [
        both(
            meetings.evaluate,
            by,
            meeting=meeting,
            evaluation=meetings.Evaluation(said, {}, follow_up=False),
            revision=meeting.revision,
        )[0]
        for by, said in ((h.ib, Impression.PLEASANT), (h.babs, Impression.SO_SO))
    ]
    return acts, {"meeting.evaluate": ONE}


@pair
def evaluating_and_calling_off(h: Hands) -> Pair:
    meeting = h.meeting()
    said = meetings.Evaluation(Impression.PLEASANT, {}, follow_up=False)
    acts = both(meetings.evaluate, h.ib, meeting=meeting, evaluation=said, revision=meeting.revision)
    return acts + both(meetings.cancel, h.babs, meeting=meeting), {
        "meeting.evaluate": AT_MOST_ONE,
        "meeting.cancel": AT_MOST_ONE,
    }


@pair
def changing_a_meeting_twice(h: Hands) -> Pair:
    meeting = h.meeting()
    plan = meetings.Plan(at=clock.now(), parents=(meetings.ParentComing(), meetings.ParentComing()))
    acts = both(meetings.change, h.ib, h.babs, meeting=meeting, plan=plan, revision=meeting.revision)
    return acts, {"meeting.change": ONE}


@pair
def keeping_a_promise_twice(h: Hands) -> Pair:
    promised = meetings.promise(
        meeting=h.meeting(),
        kind=FollowUpKind.PROMISE,
        words="zoek ik uit",
        due_on=clock.today(),
        by=h.ib,
        submission=uuid4(),
    )
    return both(meetings.keep, h.ib, h.ib, follow_up=promised), {"meeting.kept": ONE}


@pair
def the_last_question_twice(h: Hands) -> Pair:
    meeting = h.meeting()
    for _ in range(preparing.MOST_QUESTIONS - 1):
        preparing.ask(meeting=meeting, words="Mag dat?", by=h.ib, submission=uuid4())
    acts = [
        both(preparing.ask, by, meeting=meeting, words="En dat?", submission=uuid4())[0]
        for by in (h.ib, h.babs)
    ]
    return acts, {"meeting.ask": {preparing.MOST_QUESTIONS}}


@pair
def ticking_twice(h: Hands) -> Pair:
    return both(preparing.tick, h.ib, h.ib, meeting=h.meeting(), item="V1", done=True), {}


@pair
def the_buddy_came_after_all_twice(h: Hands) -> Pair:
    meeting = h.meeting()
    about = {"meeting": meeting, "parent": meeting.parents.get(), "present": False}
    about["revision"] = meeting.revision
    return both(preparing.buddy_turned_out, h.ib, h.babs, **about), {"meeting.turned_out": ONE}

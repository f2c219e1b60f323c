"""Planning, changing and looking back: what is written, what is refused, and what the log says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.utils.timezone import localdate, localtime

from buddies.actions.errors import WrongMoment
from meetings.actions import meetings as actions
from meetings.actions.errors import OwnChild, StillToCome, TooFarAhead, TooLongAgo
from meetings.actions.meetings import Evaluation, ParentComing, Plan
from meetings.models import BuddyComes, FollowUp, FollowUpKind, Meeting, MeetingParent
from meetings.models.meetings import KEPT
from meetings.workflow import MeetingStatus
from school import clock
from school.errors import Changed
from school.models import Child, Guardianship, Membership, Parent
from school.submissions import ForeignSubmission
from tests.buddies.watch import everything, recorded, refused, stored
from tests.meetings.conftest import Planned

from .conftest import revision

DAY = timedelta(days=1)
TWO = (
    ParentComing("mother", "Samira", BuddyComes.ALONG),
    ParentComing("father", "", BuddyComes.NONE),
)


def a_plan(**more: object) -> Plan:
    return replace(Plan(at=clock.now() + DAY, parents=TWO[:1]), **more)  # type: ignore[arg-type]  # any field


def parents_of(meeting: Meeting) -> list[tuple[str, str, str]]:
    return list(meeting.parents.values_list("kind", "name", "buddy"))


def evaluation(
    meeting: Meeting, teacher: str = "pleasant", follow_up: bool = False, **said: str
) -> Evaluation:
    everybody = {
        parent.pk: (said.get("parent", ""), said.get("buddy", "")) for parent in meeting.parents.all()
    }
    return Evaluation(teacher, everybody, follow_up)


# Planning


def test_plan_is_one_meeting_however_often_it_is_sent(
    teacher: Membership, children: dict[str, Child]
) -> None:
    plan, submission = a_plan(parents=TWO, child=children["Lina"], room="Lokaal 4"), uuid4()
    with recorded() as log:
        first, second = (actions.plan(plan=plan, by=teacher, submission=submission) for _ in range(2))
    assert first == second
    meeting = Meeting.objects.get()
    assert (meeting.child, meeting.group) == (children["Lina"], children["Lina"].group)
    assert (meeting.state, meeting.recorded_by) == (MeetingStatus.PREPARE, teacher)
    assert meeting.forget_on == localdate(plan.at) + KEPT
    assert parents_of(meeting) == [("mother", "Samira", "along"), ("father", "", "none")]
    assert log.actions == ["meeting.plan"]


def test_plan_with_a_child_that_is_not_listed(teacher: Membership, children: dict[str, Child]) -> None:
    group = children["Lina"].group
    meeting = actions.plan(plan=a_plan(child_name="Jip", group=group), by=teacher, submission=uuid4())
    assert (meeting.child, meeting.child_name, meeting.group) == (None, "Jip", group)


def test_names_of_parents_are_encrypted(planned: Planned) -> None:
    parent = planned(parents=TWO[:1]).parents.get()
    assert parent.name == "Samira"
    assert "Samira" not in stored("meetings_meetingparent", "name", parent.pk)


def test_meeting_points_at_no_parent_of_the_school() -> None:
    """From a meeting nobody learns whom the school has written down, nor that there is a match."""
    keys = {
        field.related_model
        for model in (Meeting, MeetingParent, FollowUp)
        for field in model._meta.concrete_fields
        if field.related_model
    }
    assert Parent not in keys
    assert not any(getattr(key, "__module__", "").startswith("buddies.") for key in keys)


def test_nobody_gets_a_message(planned: Planned, teacher: Membership) -> None:
    """R24, invariant 6."""
    meeting = planned(parents=TWO)
    actions.change(meeting=meeting, plan=a_plan(), revision=meeting.revision, by=teacher)
    actions.cancel(meeting=meeting, by=teacher)
    assert mail.outbox == []


@pytest.mark.parametrize(("ahead", "error"), [(-DAY * 1.1, TooLongAgo), (timedelta(days=367), TooFarAhead)])
def test_moment_must_make_sense(
    teacher: Membership, planned: Planned, ahead: timedelta, error: type[Exception]
) -> None:
    wrong, meeting = a_plan(at=clock.now() + ahead), planned()
    with refused(error):
        actions.plan(plan=wrong, by=teacher, submission=uuid4())
    with refused(error):
        actions.change(meeting=meeting, plan=wrong, revision=meeting.revision, by=teacher)


def test_yesterday_may_still_be_written_down(teacher: Membership) -> None:
    assert actions.plan(plan=a_plan(at=clock.now() - DAY * 0.9), by=teacher, submission=uuid4()).pk


@pytest.mark.parametrize("child", ["Sem", "Noor"])
def test_own_child_is_for_a_colleague(
    teacher: Membership, planned: Planned, parents: dict[str, Parent], children: dict[str, Child], child: str
) -> None:
    """Also when it is a child of the other guardian only, as Noor is here (invariant 5)."""
    Guardianship.objects.create(school=teacher.school, parent=parents["Kemal"], child=children["Noor"])
    Membership.objects.filter(pk=teacher.pk).update(parent=parents["Fatma"])
    meeting, fatma, own = planned(), Membership.objects.get(pk=teacher.pk), a_plan(child=children[child])
    with refused(OwnChild):
        actions.plan(plan=own, by=fatma, submission=uuid4())
    with refused(OwnChild):
        actions.change(meeting=meeting, plan=own, revision=meeting.revision, by=fatma)


def test_number_of_somebody_else_says_nothing(planned: Planned, other_teacher: Membership) -> None:
    submission = planned().submission
    with refused(ForeignSubmission):
        actions.plan(plan=a_plan(), by=other_teacher, submission=submission)


# Changing


def test_change_keeps_the_rows_of_who_stays(planned: Planned, teacher: Membership) -> None:
    meeting = planned(parents=TWO)
    first = meeting.parents.get(position=1)
    plan = a_plan(at=clock.now() + 9 * DAY, parents=(ParentComing("mother", "Samira", BuddyComes.NONE),))
    with recorded() as log:
        actions.change(meeting=meeting, plan=plan, revision=meeting.revision, by=teacher)
    meeting.refresh_from_db()
    assert meeting.parents.get().pk == first.pk
    assert parents_of(meeting) == [("mother", "Samira", "none")]
    assert (meeting.revision, meeting.forget_on) == (1, localdate(plan.at) + KEPT)
    assert log.actions == ["meeting.change"]


def test_who_was_overtaken_changes_nothing(planned: Planned, teacher: Membership) -> None:
    meeting = planned()
    actions.change(meeting=meeting, plan=a_plan(room="A"), revision=0, by=teacher)
    with refused(Changed):
        actions.change(meeting=meeting, plan=a_plan(room="B"), revision=0, by=teacher)


def past(planned: Planned) -> Meeting:
    return planned(at=clock.now() - 2 * DAY)


def held(meeting: Meeting, by: Membership) -> None:
    actions.hold(meeting=meeting, by=by)


def evaluated(meeting: Meeting, by: Membership) -> None:
    actions.evaluate(meeting=meeting, evaluation=evaluation(meeting), revision=meeting.revision, by=by)


def cancelled(meeting: Meeting, by: Membership) -> None:
    actions.cancel(meeting=meeting, by=by)


def restored(meeting: Meeting, by: Membership) -> None:
    actions.restore(meeting=meeting, by=by)


def changed(meeting: Meeting, by: Membership) -> None:
    meeting.refresh_from_db()
    actions.change(meeting=meeting, plan=a_plan(), revision=meeting.revision, by=by)


def promised(meeting: Meeting, by: Membership) -> None:
    promise(meeting, by)


Step = Callable[[Meeting, Membership], None]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (held, [held, changed, cancelled, restored]),
        (evaluated, [held, changed, cancelled, restored]),
        (cancelled, [held, evaluated, changed, cancelled, promised]),
        (None, [restored]),
    ],
)
def test_what_cannot_follow_is_refused(
    planned: Planned, teacher: Membership, first: Step | None, then: list[Step]
) -> None:
    meeting = past(planned)
    if first:
        first(meeting, teacher)
    for step in then:
        with refused(WrongMoment):
            step(meeting, teacher)


@pytest.mark.parametrize("step", [held, evaluated, cancelled, changed, promised])
def test_meeting_that_is_gone_is_refused(planned: Planned, teacher: Membership, step: Step) -> None:
    meeting = planned()
    gone = Meeting.objects.get(pk=meeting.pk)
    meeting.refresh_from_db = lambda *args, **kwargs: None  # type: ignore[method-assign]  # as a page had it
    gone.delete()
    with pytest.raises(WrongMoment):
        step(meeting, teacher)


@pytest.mark.parametrize("step", [held, evaluated])
def test_there_is_nothing_to_look_back_on_yet(planned: Planned, teacher: Membership, step: Step) -> None:
    meeting = planned(at=clock.now() + DAY)
    with refused(StillToCome):
        step(meeting, teacher)


def test_it_may_have_been_earlier_that_day(planned: Planned, teacher: Membership) -> None:
    noon = localtime(clock.now() + DAY).replace(hour=12)
    meeting = planned(at=noon)
    with clock.at(noon - timedelta(hours=3)):
        held(meeting, teacher)
    meeting.refresh_from_db()
    assert meeting.state is MeetingStatus.HELD


def test_cancelled_meeting_can_take_place_after_all(planned: Planned, teacher: Membership) -> None:
    meeting = planned()
    with recorded() as log:
        cancelled(meeting, teacher)
        restored(meeting, teacher)
    meeting.refresh_from_db()
    assert meeting.state is MeetingStatus.PREPARE
    assert log.actions == ["meeting.cancel", "meeting.restore"]


# Looking back


def test_everybody_said_how_it_was(planned: Planned, teacher: Membership) -> None:
    meeting = past(planned)
    said = evaluation(meeting, "so_so", True, parent="pleasant", buddy="unpleasant")
    with recorded() as log:
        actions.evaluate(meeting=meeting, evaluation=said, revision=revision(meeting), by=teacher)
    meeting.refresh_from_db()
    parent = meeting.parents.get()
    assert (meeting.state, meeting.teacher_said, meeting.follow_up) == (
        MeetingStatus.EVALUATED,
        "so_so",
        True,
    )
    assert (parent.said, parent.buddy_said) == ("pleasant", "unpleasant")
    assert log.actions == ["meeting.evaluate"]


def test_evaluation_sent_twice_is_one(planned: Planned, teacher: Membership) -> None:
    meeting = past(planned)
    evaluated(meeting, teacher)
    before = [each for table, each in everything().items() if table not in ("meetings_meeting",)]
    evaluated(meeting, teacher)
    assert [each for table, each in everything().items() if table not in ("meetings_meeting",)] == before


def test_how_it_was_may_be_corrected(planned: Planned, teacher: Membership) -> None:
    meeting = past(planned)
    held(meeting, teacher)
    evaluated(meeting, teacher)
    actions.evaluate(
        meeting=meeting, evaluation=evaluation(meeting, "unpleasant"), revision=revision(meeting), by=teacher
    )
    meeting.refresh_from_db()
    assert meeting.teacher_said == "unpleasant"


@pytest.mark.parametrize("buddy", [BuddyComes.NONE, BuddyComes.PREPARES])
def test_of_a_buddy_who_was_not_there_nothing_is_kept(
    planned: Planned, teacher: Membership, buddy: BuddyComes
) -> None:
    meeting = planned(at=clock.now() - 2 * DAY, buddy=buddy)
    actions.evaluate(
        meeting=meeting,
        evaluation=evaluation(meeting, buddy="pleasant"),
        revision=revision(meeting),
        by=teacher,
    )
    assert meeting.parents.get().buddy_said == ""


def test_parents_of_another_meeting_are_left_alone(planned: Planned, teacher: Membership) -> None:
    meeting, other = past(planned), past(planned)
    actions.evaluate(
        meeting=meeting,
        evaluation=evaluation(other, parent="unpleasant"),
        revision=revision(meeting),
        by=teacher,
    )
    assert not MeetingParent.objects.exclude(said="").exists()


# What was promised


def promise(
    meeting: Meeting, by: Membership, days: int = 7, words: str = "Leeshulp navragen", **more: object
) -> FollowUp:
    fields = {
        "kind": FollowUpKind.PROMISE,
        "words": words,
        "due_on": clock.today() + days * DAY,
        "submission": uuid4(),
    } | more
    return actions.promise(meeting=meeting, by=by, **fields)  # type: ignore[arg-type]  # any field


def test_promise_is_one_and_encrypted(planned: Planned, teacher: Membership) -> None:
    meeting, submission = planned(), uuid4()
    with recorded() as log:
        first, second = (promise(meeting, teacher, submission=submission) for _ in range(2))
    assert first == second
    assert "Leeshulp" not in stored("meetings_followup", "words", first.pk)
    assert log.actions == ["meeting.promise"]


@pytest.mark.parametrize(("days", "moves"), [(10, False), (100, True)])
def test_meeting_stays_until_a_promise_can_have_been_kept(
    planned: Planned, teacher: Membership, days: int, moves: bool
) -> None:
    meeting = planned()
    term = meeting.forget_on
    due_on = promise(meeting, teacher, days).due_on
    meeting.refresh_from_db()
    assert meeting.forget_on == (due_on + 14 * DAY if moves else term)
    # Also when it is changed afterwards.
    changed(meeting, teacher)
    meeting.refresh_from_db()
    assert meeting.forget_on == (due_on + 14 * DAY if moves else term)


def test_promise_is_kept_once_and_can_be_reopened(planned: Planned, teacher: Membership) -> None:
    follow_up = promise(planned(), teacher)
    with recorded() as log:
        for action in (actions.keep, actions.keep, actions.reopen, actions.reopen):
            action(follow_up=follow_up, by=teacher)
    follow_up.refresh_from_db()
    assert follow_up.done_at is None
    assert log.actions == ["meeting.kept", "meeting.reopen"]


def test_only_its_maker_keeps_a_promise(
    planned: Planned, teacher: Membership, other_teacher: Membership
) -> None:
    follow_up = promise(planned(), teacher)
    with refused(WrongMoment):
        actions.keep(follow_up=follow_up, by=other_teacher)
    actions.keep(follow_up=follow_up, by=teacher)
    with refused(WrongMoment):
        actions.reopen(follow_up=follow_up, by=other_teacher)

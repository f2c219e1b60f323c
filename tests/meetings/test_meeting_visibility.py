"""Who may look into a meeting (invariant 5), and until when (invariant 9)."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.utils.timezone import localdate

from meetings import due
from meetings.actions import meetings as actions
from meetings.actions.meetings import ParentComing, Plan
from meetings.models import (
    Audience,
    FollowUp,
    FollowUpKind,
    Meeting,
    MeetingParent,
    Question,
    Tick,
)
from meetings.models.meetings import KEPT
from school import clock
from school.models import Child, Group, Guardianship, Membership, Parent, RoleGrant
from school.roles import Role
from tests.buddies.watch import everything, recorded, tables_holding
from tests.cast import member
from tests.meetings.conftest import Planned, revision

DAY = timedelta(days=1)
GROUP, WITH_IB, ONLY_ME = Audience.GROUP, Audience.INTERN_BEGELEIDER, Audience.ONLY_ME


def sees(membership: Membership, meeting: Meeting) -> bool:
    someone = Membership.objects.get(pk=membership.pk)
    return Meeting.objects.visible_to(someone, clock.today()).filter(pk=meeting.pk).exists()


@pytest.fixture
def colleague(teacher: Membership, groups: dict[str, Group]) -> Membership:
    """Cato, who teaches 4B on the other days."""
    return member(teacher.school, "Cato", Role.TEACHER, groups=[groups["4B"]])


@pytest.mark.parametrize(
    ("audience", "who"),
    [
        (GROUP, {"Tom", "Cato"}),
        (WITH_IB, {"Tom", "Cato", "Ineke"}),
        (ONLY_ME, {"Tom"}),
    ],
)
def test_audience(
    planned: Planned,
    children: dict[str, Child],
    teacher: Membership,
    colleague: Membership,
    other_teacher: Membership,
    ib: Membership,
    director: Membership,
    bouwcoordinator: Membership,
    admin_member: Membership,
    other_ib: Membership,
    audience: Audience,
    who: set[str],
) -> None:
    meeting = planned(child=children["Lina"], audience=audience)
    everybody = (
        teacher,
        colleague,
        other_teacher,
        ib,
        director,
        bouwcoordinator,
        admin_member,
        other_ib,
    )
    assert {str(each) for each in everybody if sees(each, meeting)} == who


def test_without_a_group_there_are_no_teachers_of_it(
    planned: Planned, teacher: Membership, colleague: Membership
) -> None:
    meeting = planned(child_name="Jip")
    assert (sees(teacher, meeting), sees(colleague, meeting)) == (True, False)


def test_who_lost_the_permission_sees_no_more_than_their_own(
    planned: Planned, children: dict[str, Child], teacher: Membership, colleague: Membership
) -> None:
    meeting = planned(child=children["Lina"])
    RoleGrant.objects.filter(membership=colleague).delete()
    assert not sees(colleague, meeting)


@pytest.mark.parametrize("about", ["Sem", "Noor"])
def test_who_is_a_party_sees_nothing_of_it(
    planned: Planned,
    teacher: Membership,
    ib: Membership,
    children: dict[str, Child],
    parents: dict[str, Parent],
    about: str,
) -> None:
    """Their own child, or one of its other guardian: also when they planned it themselves."""
    Guardianship.objects.create(school=ib.school, parent=parents["Kemal"], child=children["Noor"])
    meeting = planned(child=children[about], audience=WITH_IB)
    assert sees(teacher, meeting)
    assert sees(ib, meeting)
    Membership.objects.filter(pk__in=[teacher.pk, ib.pk]).update(parent=parents["Fatma"])
    assert not sees(teacher, meeting)
    assert not sees(ib, meeting)


# Until when


def full(planned: Planned, by: Membership) -> Meeting:
    """A meeting with something of everything."""
    meeting = planned(parents=(ParentComing("mother", "Samira"),), room="Lokaal 4")
    submission = uuid4()
    actions.promise(
        meeting=meeting,
        kind=FollowUpKind.PROMISE,
        words="x",
        due_on=clock.today(),
        by=by,
        submission=submission,
    )
    own = {"school": meeting.school, "meeting": meeting}
    Question.objects.create(**own, recorded_by=by, words="Mag hij oefenen?")
    Tick.objects.create(**own, membership=by, item="V1")
    return meeting


def test_meeting_is_hidden_from_its_day_before_any_job_ran(planned: Planned, teacher: Membership) -> None:
    meeting = full(planned, teacher)
    last = localdate(meeting.at) + KEPT - DAY
    for day, there in [(last, True), (last + DAY, False)]:
        assert Meeting.objects.visible_to(teacher, day).exists() is there
        assert FollowUp.objects.visible_to(teacher, day).exists() is there
        assert FollowUp.objects.open_for(teacher, day).exists() is there


def test_meeting_is_erased_with_all_that_belongs_to_it(planned: Planned, teacher: Membership) -> None:
    meeting = full(planned, teacher)
    following = planned(previous=meeting, at=clock.now() + 9 * DAY)
    last = localdate(meeting.at) + KEPT - DAY
    assert due.forget_meetings(last) == 0
    with recorded() as log:
        assert due.forget_meetings(last + DAY) == 1
    assert log.actions == ["meeting.forget"]
    assert (log.events[0].actor_id, log.events[0].school_id) == (None, meeting.school_id)
    assert [model.objects.count() for model in (FollowUp, Question, Tick)] == [0, 0, 0]
    assert MeetingParent.objects.get().meeting == following
    assert not tables_holding("Lokaal 4")
    following.refresh_from_db()
    assert following.previous is None
    assert due.forget_meetings(last + DAY) == 0


def test_meeting_with_something_promised_later_stays_until_then(
    planned: Planned, teacher: Membership
) -> None:
    meeting = planned()
    due_on = clock.today() + 200 * DAY
    actions.promise(
        meeting=meeting,
        kind=FollowUpKind.TALK,
        words="",
        due_on=due_on,
        by=teacher,
        submission=uuid4(),
    )
    assert due.forget_meetings(due_on + 13 * DAY) == 0
    assert due.forget_meetings(due_on + 14 * DAY) == 1


@override_settings(DUE_JOBS=["meetings.due.forget_meetings"])
def test_job_says_what_it_did_and_does_it_once(planned: Planned) -> None:
    planned(at=clock.now() - KEPT - DAY)
    planned()
    said = []
    for _ in range(2):
        out = StringIO()
        call_command("run_due", stdout=out)
        said.append(out.getvalue().strip())
    assert said == ["forget_meetings: 1", "forget_meetings: 0"]


def test_job_leaves_alone_what_is_not_due(planned: Planned, teacher: Membership) -> None:
    full(planned, teacher)
    before = everything()
    assert due.forget_meetings(clock.today()) == 0
    assert everything() == before


def test_who_may_look_into_it_is_for_its_maker_to_say(
    planned: Planned, teacher: Membership, other_teacher: Membership, children: dict[str, Child]
) -> None:
    meeting = planned(child=children["Lina"])
    for who, seen in ((other_teacher, Audience.GROUP), (teacher, Audience.INTERN_BEGELEIDER)):
        plan = Plan(
            at=clock.now() + timedelta(days=1),
            parents=(ParentComing(),),
            child=children["Lina"],
            audience=Audience.INTERN_BEGELEIDER,
        )
        actions.change(meeting=meeting, plan=plan, revision=revision(meeting), by=who)
        meeting.refresh_from_db()
        assert meeting.audience == seen


def test_what_is_done_keeps_a_meeting_no_longer(planned: Planned, teacher: Membership) -> None:
    meeting = planned()
    usual = meeting.forget_on
    follow_up = actions.promise(
        meeting=meeting,
        kind=FollowUpKind.PROMISE,
        words="Bellen",
        due_on=clock.today() + timedelta(days=200),
        by=teacher,
        submission=uuid4(),
    )
    meeting.refresh_from_db()
    assert meeting.forget_on == clock.today() + timedelta(days=214)
    actions.keep(follow_up=follow_up, by=teacher)
    meeting.refresh_from_db()
    assert meeting.forget_on == usual
    actions.reopen(follow_up=follow_up, by=teacher)
    meeting.refresh_from_db()
    assert meeting.forget_on == clock.today() + timedelta(days=214)

"""Vandaag: preparing, looking back and what was promised wait on whose meeting it is, and on nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime

from meetings.actions import meetings as actions
from meetings.actions import preparing
from meetings.actions.meetings import Evaluation
from meetings.models import Audience, BuddyComes, FollowUp, FollowUpKind, Meeting
from meetings.worklist import items
from school import clock
from school.models import Child, Guardianship, Holiday, Membership, Parent, RoleGrant
from school.worklist import Urgency
from tests.meetings.conftest import Planned

from .conftest import revision
from .pages import url

_WRONG, OVERDUE, TODAY, SOON = Urgency
DAY = timedelta(days=1)


@pytest.fixture
def wednesday() -> datetime:
    """A Wednesday to come, at three in the afternoon."""
    soon = localtime(clock.now()) + 7 * DAY
    return (soon + (2 - soon.weekday()) % 7 * DAY).replace(hour=15, minute=0, second=0, microsecond=0)


def waiting(membership: Membership, moment: datetime) -> list[tuple[str, Urgency]]:
    """Where each row leads and how urgent it is, at `moment`."""
    with clock.at(moment):
        someone = Membership.objects.get(pk=membership.pk)
        return [(item.url, item.urgency) for item in items(someone, clock.today())]


def test_meeting_waits_from_a_school_week_before_until_it_was_looked_back_on(
    planned: Planned, teacher: Membership, wednesday: datetime
) -> None:
    meeting = planned(at=wednesday)
    before, after = url("before", meeting.pk), url("after", meeting.pk)
    assert waiting(teacher, wednesday - 8 * DAY) == []
    assert waiting(teacher, wednesday - 7 * DAY) == [(before, SOON)]
    assert waiting(teacher, wednesday - 2 * DAY) == [(before, SOON)]
    assert waiting(teacher, wednesday - DAY) == [(before, TODAY)]
    assert waiting(teacher, wednesday - timedelta(hours=6)) == [(before, TODAY)]
    # It takes 25 minutes.
    assert waiting(teacher, wednesday + timedelta(minutes=20)) == [(before, TODAY)]
    assert waiting(teacher, wednesday + timedelta(minutes=25)) == [(after, TODAY)]
    assert waiting(teacher, wednesday + 7 * DAY) == [(after, TODAY)]
    assert waiting(teacher, wednesday + 8 * DAY) == [(after, OVERDUE)]
    with clock.at(wednesday + DAY):
        actions.evaluate(
            meeting=meeting,
            evaluation=Evaluation("pleasant", {}, False),
            revision=revision(meeting),
            by=teacher,
        )
    assert waiting(teacher, wednesday + 8 * DAY) == []


def test_meeting_on_monday_is_for_friday(planned: Planned, teacher: Membership, wednesday: datetime) -> None:
    monday = wednesday + 5 * DAY
    before = url("before", planned(at=monday).pk)
    assert waiting(teacher, monday - 4 * DAY) == [(before, SOON)]
    assert waiting(teacher, monday - 3 * DAY) == [(before, TODAY)]
    assert waiting(teacher, monday - DAY) == [(before, TODAY)]


def test_days_without_school_do_not_count(planned: Planned, teacher: Membership, wednesday: datetime) -> None:
    tuesday = (wednesday - DAY).date()
    Holiday.objects.create(school=teacher.school, name="Studiedag", first_day=tuesday, last_day=tuesday)
    before = url("before", planned(at=wednesday).pk)
    assert waiting(teacher, wednesday - 9 * DAY) == []
    assert waiting(teacher, wednesday - 8 * DAY) == [(before, SOON)]
    assert waiting(teacher, wednesday - 2 * DAY) == [(before, TODAY)]


def test_what_is_prepared_waits_on_its_own_day(
    planned: Planned, teacher: Membership, ib: Membership, wednesday: datetime
) -> None:
    """R22-R26; the ticks of a colleague say nothing about whose meeting it is, nor do those of another meeting."""
    meeting = planned(at=wednesday, buddy=BuddyComes.PREPARES, audience=Audience.INTERN_BEGELEIDER)
    before, during = url("before", meeting.pk), url("during", meeting.pk)
    elsewhere = planned(at=wednesday + 21 * DAY, buddy=BuddyComes.PREPARES)
    points = ("V1", "V2", "V3")
    for item in points:
        preparing.tick(meeting=meeting, item=item, done=True, by=ib)
        preparing.tick(meeting=elsewhere, item=item, done=True, by=teacher)
    for item in points:
        assert waiting(teacher, wednesday - DAY) == [(before, TODAY)]
        preparing.tick(meeting=meeting, item=item, done=True, by=teacher)
    assert waiting(teacher, wednesday - 2 * DAY) == waiting(teacher, wednesday - DAY) == []
    assert waiting(teacher, wednesday) == [(during, TODAY)]
    preparing.tick(meeting=meeting, item="V2", done=False, by=teacher)
    assert waiting(teacher, wednesday) == [(before, TODAY)]


def test_what_has_nothing_to_prepare_waits_on_its_own_day(
    planned: Planned, teacher: Membership, wednesday: datetime
) -> None:
    meeting = planned(at=wednesday, buddy=BuddyComes.NONE)
    assert waiting(teacher, wednesday - DAY) == []
    assert waiting(teacher, wednesday) == [(url("during", meeting.pk), TODAY)]


@pytest.mark.parametrize("step", [actions.cancel, actions.hold])
def test_what_is_off_or_needs_no_looking_back_waits_on_nobody(
    planned: Planned, teacher: Membership, wednesday: datetime, step: object
) -> None:
    meeting = planned(at=wednesday)
    with clock.at(wednesday):
        step(meeting=meeting, by=teacher)  # type: ignore[operator]  # either action
    assert waiting(teacher, wednesday + DAY) == []


def test_meeting_waits_on_who_planned_it(
    planned: Planned,
    teacher: Membership,
    other_teacher: Membership,
    ib: Membership,
    director: Membership,
    other_ib: Membership,
    children: dict[str, Child],
    wednesday: datetime,
) -> None:
    """A colleague of the group may look into it, but it is not theirs to do."""
    teacher.groupteacher_set.get().group.groupteacher_set.create(
        school=teacher.school, membership=other_teacher
    )
    planned(at=wednesday, child=children["Lina"], audience=Audience.INTERN_BEGELEIDER)
    assert waiting(teacher, wednesday - DAY)
    for somebody in (other_teacher, ib, director, other_ib):
        assert waiting(somebody, wednesday - DAY) == []


def test_own_matter_is_not_in_the_list(
    planned: Planned,
    teacher: Membership,
    children: dict[str, Child],
    parents: dict[str, Parent],
    wednesday: datetime,
) -> None:
    promised(planned(at=wednesday, child=children["Lina"]), teacher, wednesday)
    assert len(waiting(teacher, wednesday)) == 2
    Guardianship.objects.create(school=teacher.school, parent=parents["Peter"], child=children["Lina"])
    Membership.objects.filter(pk=teacher.pk).update(parent=parents["Peter"])
    assert waiting(teacher, wednesday) == []


def test_who_has_no_meetings_any_more_has_none_in_the_list(
    planned: Planned, teacher: Membership, wednesday: datetime
) -> None:
    planned(at=wednesday)
    RoleGrant.objects.filter(membership=teacher).delete()
    assert waiting(teacher, wednesday) == []


def promised(
    meeting: Meeting, by: Membership, on: datetime, kind: FollowUpKind = FollowUpKind.PROMISE
) -> FollowUp:
    words = "Leeshulp navragen" if kind is FollowUpKind.PROMISE else ""
    return actions.promise(
        meeting=meeting, kind=kind, words=words, due_on=on.date(), by=by, submission=uuid4()
    )


@pytest.mark.parametrize("kind", FollowUpKind)
def test_promise_waits_until_it_is_kept(
    planned: Planned, teacher: Membership, ib: Membership, wednesday: datetime, kind: FollowUpKind
) -> None:
    meeting = planned(at=clock.now() - 3 * DAY, audience=Audience.INTERN_BEGELEIDER)
    actions.hold(meeting=meeting, by=teacher)
    follow_up = promised(meeting, teacher, wednesday, kind)
    page = url("after", meeting.pk) + "#beloofd"
    assert waiting(teacher, wednesday - 3 * DAY) == []
    assert waiting(teacher, wednesday - 2 * DAY) == [(page, SOON)]
    assert waiting(teacher, wednesday) == [(page, TODAY)]
    assert waiting(teacher, wednesday + DAY) == [(page, OVERDUE)]
    assert waiting(ib, wednesday + DAY) == []
    actions.keep(follow_up=follow_up, by=teacher)
    assert waiting(teacher, wednesday + DAY) == []


def test_words_of_a_promise_are_in_the_row(
    planned: Planned, teacher: Membership, wednesday: datetime
) -> None:
    promised(planned(at=wednesday + 9 * DAY), teacher, wednesday)
    [item] = items(teacher, wednesday.date())
    assert "Leeshulp navragen" in item.text


def test_list_asks_as_many_questions_for_one_row_as_for_thirty(
    planned: Planned, teacher: Membership, children: dict[str, Child], wednesday: datetime
) -> None:
    counts = []
    for rows in (1, 2, 27):
        for _ in range(rows):
            promised(planned(at=wednesday, child=children["Lina"]), teacher, wednesday)
        fresh = Membership.objects.select_related("school").prefetch_related("rolegrant_set")
        someone = fresh.get(pk=teacher.pk)
        with CaptureQueriesContext(connection) as captured:
            found = items(someone, wednesday.date())
        counts.append((len(found), len(captured)))
    assert [number for number, _ in counts] == [2, 6, 60]
    assert [asked for _, asked in counts] == [8] * 3

"""Meetings for the tests, planned with the action of the product."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from buddies.actions.schools import set_coordinator
from buddies.models import Theme, ThemeCoordinator, TipGiver
from buddies.workflow import MatchStatus
from meetings.actions import meetings as actions
from meetings.actions.meetings import ParentComing, Plan
from meetings.models import Audience, BuddyComes, Meeting
from school import clock
from school.models import Child, Group, Membership
from tests.cast import ClientOf, Proposed, Signalled

from .leaving import DAY, Left, promised


@dataclass
class Planned:
    """Makes meetings: tomorrow, with one parent, whose buddy comes along if nothing else is said.

    `parents` goes before `buddy`. The maker is Tom, if `by` says nothing. One in the past was planned the day before.
    """

    teacher: Membership

    def __call__(
        self,
        *,
        at: datetime | None = None,
        parents: tuple[ParentComing, ...] = (),
        buddy: BuddyComes = BuddyComes.ALONG,
        child: Child | None = None,
        child_name: str = "",
        group: Group | None = None,
        base_minutes: int = 15,
        room: str = "",
        interpreter: bool = False,
        sensitive_news: bool = False,
        audience: Audience = Audience.GROUP,
        previous: Meeting | None = None,
        by: Membership | None = None,
    ) -> Meeting:
        at = at or clock.now() + timedelta(days=1)
        plan = Plan(
            at=at,
            parents=parents or (ParentComing("mother", buddy=buddy),),
            child=child,
            child_name=child_name,
            group=group,
            base_minutes=base_minutes,
            room=room,
            interpreter=interpreter,
            sensitive_news=sensitive_news,
            audience=audience,
        )
        with clock.at(at - timedelta(days=1)) if at < clock.now() else nullcontext():
            return actions.plan(plan=plan, by=by or self.teacher, submission=uuid4(), previous=previous)


@pytest.fixture
def planned(teacher: Membership) -> Planned:
    """`planned(buddy=BuddyComes.NONE, sensitive_news=True, child=children["Lina"])`."""
    return Planned(teacher)


@pytest.fixture
def tom(client_of: ClientOf, teacher: Membership) -> Client:
    """Tom's phone."""
    return client_of(teacher)


@pytest.fixture
def left(
    planned: Planned,
    signalled: Signalled,
    proposed: Proposed,
    themes: dict[str, Theme],
    teacher: Membership,
    children: dict[str, Child],
) -> Left:
    """Something of every kind that is Tom's."""
    meeting = planned(at=clock.now() + 5 * DAY, child=children["Lina"], audience=Audience.ONLY_ME)
    been = planned(at=clock.now() - 2 * DAY, child=children["Lina"])
    actions.hold(meeting=been, by=teacher)
    set_coordinator(theme=themes["reading"], membership=teacher, by=None, deputy=True)
    tip = proposed(status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)
    return Left(
        meeting,
        promised(been, teacher),
        signalled(discussed=False, child=children["Daan"]),
        tip,
        ThemeCoordinator.objects.get(membership=teacher),
    )


def revision(meeting: Meeting) -> int:
    """The revision of `meeting` as it is now: what a page that is opened now would send."""
    return Meeting.objects.get(pk=meeting.pk).revision

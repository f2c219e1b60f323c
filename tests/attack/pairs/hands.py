"""What the pairs are made with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from buddies.actions import matches, newcomers
from buddies.models import (
    Buddy,
    ClickReason,
    Match,
    Method,
    NewcomerOffer,
    SupportRequest,
    Theme,
    Way,
)
from buddies.workflow import MatchStatus
from meetings.actions import meetings
from meetings.models import BuddyComes, Meeting
from school import clock
from school.actions import ParentDetails
from school.models import Membership, School
from school.roles import Role

from ...buddies.test_concurrency import fresh
from ...cast import AddBuddy, Proposed, Signalled, member

Do = Callable[[], object]
# The two acts, and for each word of the log how often it may stand there afterwards.
Pair = tuple[list[Do], dict[str, set[int]]]
PAIRS: dict[str, Callable[[Hands], Pair]] = {}
ONE, AT_MOST_ONE, TWO = {1}, {0, 1}, {2}


@dataclass
class Hands:
    """De Wilgen, with two who arrange reading, two directors, and the ways to make something."""

    school: School
    ib: Membership
    babs: Membership
    director: Membership
    other_director: Membership
    teacher: Membership
    add_buddy: AddBuddy
    signalled: Signalled
    proposed: Proposed
    themes: dict[str, Theme] = field(default_factory=dict)

    def match(self, status: MatchStatus, **more: Any) -> Match:
        return self.proposed(status=status, **more)

    def theme(self, name: str) -> Theme:
        """A theme that nobody used yet."""
        return Theme.objects.create(school=self.school, name=f"{name} {uuid4().hex[:6]}")

    def meeting(self, **more: Any) -> Meeting:
        """A meeting of today."""
        plan = meetings.Plan(
            at=clock.now(), parents=(meetings.ParentComing(buddy=BuddyComes.ALONG),), child_name="Sem", **more
        )
        return meetings.plan(plan=plan, by=self.ib, submission=uuid4())

    def colleague(self, *roles: Role) -> Membership:
        return member(self.school, f"C{uuid4().hex[:8]}", *roles)

    def offer(self) -> NewcomerOffer:
        day = clock.today() + timedelta(days=9)
        child = newcomers.add_child(
            first_name=f"N{uuid4().hex[:6]}", group=None, start_date=day, by=self.director
        )
        told = newcomers.Told(ParentDetails("Mirjam"))
        return newcomers.offer(child=child, told=told, in_mind=None, by=self.director, submission=uuid4())


def pair(make: Callable[[Hands], Pair]) -> Callable[[Hands], Pair]:
    PAIRS[make.__name__] = make
    return make


def both(act: Callable[..., object], *by: Membership, **about: Any) -> list[Do]:
    """Each of `by` does the same, each with their own copy of what it is about."""
    return [
        partial(
            act, **{name: fresh(row) if hasattr(row, "pk") else row for name, row in about.items()}, by=each
        )
        for each in by
    ]


INTRODUCED = matches.Connection(Way.INTRODUCED)
CONNECTING = {"connection": INTRODUCED, "method": Method.PHONE}


def proposing(h: Hands, request: SupportRequest, buddy: Buddy, by: Membership) -> list[Do]:
    about: dict[str, Any] = {"request": request, "buddy": buddy, "click_reasons": [ClickReason.OTHER]}
    return both(matches.propose, by, **about, submission=uuid4())

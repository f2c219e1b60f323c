"""The families that started at the demo school this year, and those who soon will."""

from __future__ import annotations

from buddies.actions import matches, newcomers
from buddies.actions.matches import Connection
from buddies.actions.newcomers import InMind, Told
from buddies.models import (
    Buddy,
    CheckAnswer,
    CheckIn,
    ClickReason,
    Match,
    Method,
    NewcomerOffer,
    OfferAnswer,
    Outcome,
    Siblings,
    Way,
)
from buddies.models.newcomers import starting
from school.models import Child

from .families import FAMILIES, Family, first_days
from .world import OPENED, World

# How long before the first day most families are asked; how long after the offer both are called.
AHEAD, CALLED = 9, 55


def offer(world: World, buddies: dict[str, Buddy]) -> None:
    """Ask the families, and let everything happen that their story tells."""
    for family in FAMILIES:
        _tell(world, family, buddies[family.buddy])
    told = {world.children[place].pk for place in first_days()}
    offered = set(NewcomerOffer.objects.filter(school=world.school).values_list("child", flat=True))
    for child in starting(world.school, world.diary.today):
        if child.pk not in told | offered:
            _no_thanks(world, child)


def _no_thanks(world: World, child: Child) -> None:
    """Most families know the way, or somebody who does: they are asked, and that is all."""
    assert child.start_date is not None
    ago = min((world.diary.today - child.start_date).days + AHEAD, OPENED - 1)
    if ago <= 0:
        return
    with world.diary.on(ago, child.pk % 200):
        newcomers.offer(
            child=child,
            told=Told(),
            in_mind=None,
            answer=OfferAnswer.NO,
            by=world.members["directeur"],
            submission=world.submission(),
        )


def _tell(world: World, family: Family, buddy: Buddy) -> None:
    by, child = world.members["directeur"], world.child_of(family.person)
    siblings = Siblings.NO if family.first else Siblings.YES
    with world.diary.on(family.offered, 100):
        made = newcomers.offer(
            child=child,
            told=Told(world.details(family.person), family.two_homes, siblings),
            in_mind=InMind(buddy, [ClickReason.SAME_AGE]),
            by=by,
            submission=world.submission(),
            answer=OfferAnswer.OPEN if family.until == "thinking" else OfferAnswer.YES,
        )
    if family.until in ("thinking", "asked"):
        return
    match = Match.objects.get(request=made.request)
    with world.diary.on(family.offered - 3, 100):
        matches.record_buddy_yes(match=match, method=Method.PHONE, by=by)
    with world.diary.on(family.offered - 5, 100):
        matches.connect(match=match, connection=Connection(Way.INTRODUCED), method=Method.CONVERSATION, by=by)
    if family.offered > CALLED:
        _call(world, match, family.offered - CALLED)
    if family.until == "helped":
        with world.diary.on(25, 100):
            matches.complete(match=match, outcome=Outcome.HELPED, close_request=True, by=by)


def _call(world: World, match: Match, days_ago: int) -> None:
    """Both are asked how it goes."""
    with world.diary.on(days_ago, 100):
        for checkin in CheckIn.objects.filter(match=match).select_related("school"):
            matches.record_checkin(checkin=checkin, answer=CheckAnswer.FINE, by=match.recorded_by)

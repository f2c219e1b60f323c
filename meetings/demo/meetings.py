"""The meetings of the demo school: one to prepare, one to look back on, one that is done, with what was promised."""

from __future__ import annotations

from datetime import datetime, timedelta

from school import clock
from school.models import Membership, ParentKind

from ..actions import meetings, preparing
from ..actions.meetings import Evaluation, ParentComing, Plan
from ..models import Audience, BuddyComes, FollowUpKind, Impression, Meeting
from .world import World

MOTHER, FATHER = ParentKind.MOTHER, ParentKind.FATHER
GOOD, SO_SO, BAD = Impression.PLEASANT, Impression.SO_SO, Impression.UNPLEASANT


def plan(world: World) -> None:
    """A meeting in every phase, mostly of the teacher whose account stands on the sign-in page."""
    teacher = world.members["leerkracht"]
    _prepare(world, teacher)
    _look_back(world, teacher)
    _looked_back(world, teacher)


def _prepare(world: World, teacher: Membership) -> None:
    """Tomorrow with a buddy and news, next week two parents with an interpreter; one of a colleague."""
    with world.diary.on(3, 30):
        tomorrow = _plan(
            world, teacher, at=world.diary.coming(1, 375), child=("Aras", "4"),
            parents=(ParentComing(MOTHER, "Mehtap", BuddyComes.ALONG),), room="De lichte kamer", sensitive_news=True,
        )  # fmt: skip
        for words in ("Wat kan ik thuis doen?", "Mag hij in de kring een friemeldoekje gebruiken?"):
            preparing.ask(meeting=tomorrow, words=words, by=teacher, submission=world.submission())
        _plan(
            world, teacher, at=world.diary.coming(8, 330), child=("Hodan", "4"), interpreter=True,
            parents=(ParentComing(FATHER, "Yusuf", BuddyComes.PREPARES), ParentComing(MOTHER, "", BuddyComes.NONE)),
        )  # fmt: skip
        _plan(
            world, world.members["fleur"], at=world.diary.coming(2, 15), child=("Oliwia", "1/2B"),
            parents=(ParentComing(MOTHER, "Marta", BuddyComes.ALONG),), audience=Audience.INTERN_BEGELEIDER,
        )  # fmt: skip


def _look_back(world: World, teacher: Membership) -> None:
    """Held on the last school day, and nobody has looked back yet."""
    with world.diary.on(6, 60):
        _plan(
            world, teacher, at=world.diary.past(1, 330), child=("Lieke", "4"),
            parents=(ParentComing(MOTHER, "Chantal", BuddyComes.UNKNOWN),),
        )  # fmt: skip


def _looked_back(world: World, teacher: Membership) -> None:
    """Three weeks ago: a promise that is due; two weeks ago: it was not pleasant, to be talked about."""
    with world.diary.on(24, 60):
        well = _plan(
            world, teacher, at=world.diary.past(21, 345), child=("Tess", "4"),
            parents=(ParentComing(MOTHER, "", BuddyComes.ALONG),),
        )  # fmt: skip
    with world.diary.on(20, 240):
        _evaluate(well, teacher, GOOD, GOOD, GOOD)
        _promise(world, well, teacher, FollowUpKind.PROMISE, 19, "Uitzoeken of hij bij de leesgroep kan.")
    with world.diary.on(18, 60):
        badly = _plan(
            world, teacher, at=world.diary.past(15, 390), child=("Kyan", "4"),
            parents=(ParentComing(MOTHER, "Angelique"),),
        )  # fmt: skip
    with world.diary.on(14, 200):
        _evaluate(badly, teacher, SO_SO, BAD, SO_SO)
        _promise(world, badly, teacher, FollowUpKind.TALK, 16, "")


def _plan(
    world: World,
    by: Membership,
    *,
    at: datetime,
    child: tuple[str, str],
    parents: tuple[ParentComing, ...],
    room: str = "",
    interpreter: bool = False,
    sensitive_news: bool = False,
    audience: Audience = Audience.GROUP,
) -> Meeting:
    return meetings.plan(
        plan=Plan(
            at=at,
            parents=parents,
            child=world.children[child],
            room=room,
            interpreter=interpreter,
            sensitive_news=sensitive_news,
            audience=audience,
        ),
        by=by,
        submission=world.submission(),
    )


def _evaluate(meeting: Meeting, by: Membership, teacher: str, said: str, buddy_said: str) -> None:
    parents = {parent.pk: (said, buddy_said) for parent in meeting.parents.all()}
    meetings.evaluate(
        meeting=meeting,
        evaluation=Evaluation(teacher, parents, follow_up=False),
        revision=meeting.revision,
        by=by,
    )


def _promise(
    world: World, meeting: Meeting, by: Membership, kind: FollowUpKind, days: int, words: str
) -> None:
    """To be done `days` after the present moment of the story."""
    meetings.promise(
        meeting=meeting,
        kind=kind,
        words=words,
        due_on=clock.today() + timedelta(days=days),
        by=by,
        submission=world.submission(),
    )

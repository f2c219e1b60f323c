"""The checklist of one meeting in words, with the ticks of who reads it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from itertools import product

from django.template.defaultfilters import date as day_words
from django.utils.timezone import localtime

from school.models import Membership

from ..actions.preparing import turned
from ..checklist import Phase, Situation, checklist, on_paper
from ..models import BuddyComes, Impression, Meeting, Tick
from ..models.meetings import MAY_BE_THERE
from ..wording import Said, Voice, said
from ..workflow import MeetingStatus
from .agreements import list_of
from .practical import practical


@dataclass(frozen=True)
class Line:
    """One point: its `id`, what to `do`, `why`, a sentence to `say`; `stress` when it matters more than usual now,
    whether it is the school's `own`, and whether the reader has `ticked` it. A school may leave out `why` and `say`."""

    id: str
    do: str
    why: str
    say: str
    stress: bool
    own: bool = False
    ticked: bool = False


def situation_of(meeting: Meeting) -> Situation:
    """What the checklist of `meeting` depends on. Of a buddy nothing is known but what the parent said about coming."""
    parents = list(meeting.parents.all())
    impressions = [meeting.teacher_said, *(said for each in parents for said in (each.said, each.buddy_said))]
    return Situation(
        parents=len(parents),
        buddy=any(parent.buddy != BuddyComes.NONE for parent in parents),
        along=any(parent.buddy in MAY_BE_THERE for parent in parents),
        sensitive=meeting.sensitive_news,
        wish_unmet=meeting.wish_unmet,
        unpleasant=Impression.UNPLEASANT in impressions,
        follow_up=meeting.follow_up,
    )


def items_for(meeting: Meeting, phase: Phase, membership: Membership) -> list[Line]:
    """The points of `phase` that apply to `meeting` now, with the ticks of this member and of nobody else."""
    ticked = Tick.objects.filter(meeting=meeting, membership=membership).values_list("item", flat=True)
    return _lines(meeting, situation_of(meeting), phase, ticked)


def prepared(meetings: Collection[Meeting], membership: Membership) -> frozenset[int]:
    """Which of `meetings`, by primary key, ask nothing more of this member beforehand: they ticked every point."""
    arrangement = list_of(membership.school).arrangement
    ticks = Tick.objects.filter(meeting__in=meetings, membership=membership)
    ticked = set(ticks.values_list("meeting_id", "item"))
    return frozenset(
        meeting.pk
        for meeting in meetings
        if all(
            (meeting.pk, item.id) in ticked
            for item in checklist(situation_of(meeting), Phase.BEFORE, arrangement)
        )
    )


def crib(meeting: Meeting) -> list[Line]:
    """The points for during `meeting`; nobody ticks in front of a parent."""
    return _lines(meeting, situation_of(meeting), Phase.DURING)


@dataclass(frozen=True)
class Sheet:
    """The points for during a meeting to which a buddy comes `along` or not, and where the wish is `unmet` or not."""

    along: bool
    unmet: bool
    points: list[Line]

    @property
    def asks(self) -> bool:
        """Whether the point about the parent's questions is there: a school may hide it."""
        return any(point.id == "T7" for point in self.points)

    @property
    def wishes(self) -> bool:
        """Whether the point about what cannot be is there."""
        return any(point.id == "T11" for point in self.points)


def crib_sheets(meeting: Meeting) -> list[Sheet]:
    """The crib sheet as it is now, first, and as it is when it turns out otherwise: a page that was opened once needs
    no connection to follow what happens."""
    now = situation_of(meeting)
    # Who only helped to prepare is a buddy too, when nobody came along.
    stays = any(
        turned(BuddyComes(each.buddy), present=False) != BuddyComes.NONE for each in meeting.parents.all()
    )
    turns = sorted(product((True, False), repeat=2), key=lambda turn: turn != (now.along, now.wish_unmet))
    sheets = []
    for along, unmet in turns:
        situation = replace(now, along=along, buddy=along or stays, wish_unmet=unmet)
        sheets.append(Sheet(along, unmet, _lines(meeting, situation, Phase.DURING)))
    return sheets


def items_on_paper(meeting: Meeting) -> list[tuple[Phase, list[Line]]]:
    """The points of all phases, without ticks: those are put on the paper. Before the meeting was evaluated nobody
    knows how it was, and a paper cannot change: then the points for all that may be are on it."""
    situation = situation_of(meeting)
    if meeting.state is not MeetingStatus.EVALUATED:
        situation = on_paper(situation)
    return [(phase, _lines(meeting, situation, phase)) for phase in Phase]


def _lines(meeting: Meeting, situation: Situation, phase: Phase, ticked: Iterable[str] = ()) -> list[Line]:
    until, done = day_words(localtime(practical(meeting).until), "H:i"), frozenset(ticked)
    voice = Voice(meeting.child_called, situation.parents, meeting.school.formal_address, until)
    mine = list_of(meeting.school)
    lines = []
    for item in checklist(situation, phase, mine.arrangement):
        own = mine.points.get(item.id)
        words = Said(own.do, own.why, own.say) if own else said(item, voice)
        is_own, ticked_now = own is not None, item.id in done
        lines.append(Line(item.id, words.do, words.why, words.say, item.stress, is_own, ticked_now))
    return lines

"""The 19 points for every situation a meeting can be in, from what the parents said about their buddies; the table is
that of the guide, written down here again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import pytest

from meetings.checklist import AS_THE_GUIDE, GUIDE, Arrangement, Own, Phase, Situation, When, checklist
from meetings.models import BuddyComes, Impression, Meeting, MeetingParent
from meetings.reading.agreements import _OF_THE_GUIDE, CONDITIONS
from meetings.reading.checklists import situation_of

ALONG, PREPARES, NONE, UNKNOWN = (
    BuddyComes.ALONG,
    BuddyComes.PREPARES,
    BuddyComes.NONE,
    BuddyComes.UNKNOWN,
)
NO_YES = (False, True)


@dataclass(frozen=True)
class Case:
    """What is planned, and how it turned out. `unexpected`: the buddy of the first parent was there after all."""

    buddies: tuple[BuddyComes, ...]
    news: bool
    interpreter: bool
    unexpected: bool
    wish_unmet: bool
    unpleasant: bool
    follow_up: bool

    def meeting(self) -> Meeting:
        """The meeting as it stands when the list is read; nothing of it is in the database."""
        meeting = Meeting(
            pk=1,
            sensitive_news=self.news,
            interpreter=self.interpreter,
            wish_unmet=self.wish_unmet,
            follow_up=self.follow_up,
        )
        rows = [MeetingParent(meeting=meeting, buddy=buddy) for buddy in self.buddies]
        if self.unexpected:
            rows[0].buddy = ALONG
        if self.unpleasant:
            rows[-1].said = Impression.UNPLEASANT
        meeting._prefetched_objects_cache = {"parents": rows}  # type: ignore[attr-defined]  # Django's own
        return meeting


def cases() -> Iterator[Case]:
    """One parent or two, each of four answers about a buddy, and six things that are so or not."""
    for buddies in [*product(BuddyComes, repeat=1), *product(BuddyComes, repeat=2)]:
        for facts in product(NO_YES, repeat=6):
            yield Case(buddies, *facts)


def expected(case: Case) -> dict[Phase, list[str]]:
    """The guide, read as a person reads it."""
    there = [ALONG, *case.buddies[1:]] if case.unexpected else [*case.buddies]
    involved = any(buddy is not NONE for buddy in there)
    along = any(buddy in (ALONG, UNKNOWN) for buddy in there)
    before = ["V1", "V2", "V3"] if involved else []
    before += ["V4", "V5"] if along else []
    before += ["T4"] if case.news else []
    during = ["T4"] if case.news and along else []
    during += ["T1", "T2", "T3"] if along else ["T1"]
    during += ["T5", "T6", "T7", "T8"]
    during += ["T9"] if along else []
    during += ["T10"] if along or case.wish_unmet else []
    during += ["T11"]
    after = ["N1"]
    after += ["N2"] if case.unpleasant else []
    after += ["N3"] if case.follow_up else []
    return {Phase.BEFORE: before, Phase.DURING: during, Phase.AFTER: after}


def test_every_situation_has_exactly_the_points_of_the_guide() -> None:
    seen: set[str] = set()
    count = 0
    for case in cases():
        situation = situation_of(case.meeting())
        found = {phase: [item.id for item in checklist(situation, phase)] for phase in Phase}
        assert found == expected(case), case
        seen |= {name for names in found.values() for name in names}
        count += 1
    assert count == (4 + 16) * 2**6
    assert seen == set(GUIDE)
    assert len(seen) == 19


def test_interpreter_changes_no_point() -> None:
    for case in cases():
        if case.interpreter:
            without = Case(**{**case.__dict__, "interpreter": False})
            assert situation_of(case.meeting()) == situation_of(without.meeting())


SITUATIONS = [
    Situation(parents=parents, buddy=b, along=m, sensitive=g, wish_unmet=x, unpleasant=o, follow_up=v)
    for parents, b, m, g, x, o, v in product((1, 2), *(NO_YES,) * 6)
    if b or not m
]


@pytest.mark.parametrize("when", When)
def test_own_point_applies_exactly_under_its_condition(when: When) -> None:
    mine = Arrangement((Own("E1", Phase.AFTER, when, "N1"),))
    for situation in SITUATIONS:
        names = [item.id for item in checklist(situation, Phase.AFTER, mine)]
        facts = {
            When.ALWAYS: True,
            When.BUDDY: situation.buddy,
            When.ALONG: situation.along,
            When.SENSITIVE: situation.sensitive,
            When.WISH_UNMET: situation.wish_unmet,
            When.UNPLEASANT: situation.unpleasant,
            When.FOLLOW_UP: situation.follow_up,
        }
        assert ("E1" in names) == facts[when]
        names = [name for name in names if name != "E1"]
        assert names == [item.id for item in checklist(situation, Phase.AFTER)]


def test_words_for_when_a_point_of_the_guide_applies_say_what_it_does() -> None:
    """The page where a school arranges its list and the generator agree."""
    words = {str(text): when for when, text in CONDITIONS.items()}
    for row in GUIDE.values():
        for phase, applies in row.applies.items():
            said = str(_OF_THE_GUIDE.get((row.id, phase), CONDITIONS[When.ALWAYS]))
            for situation in SITUATIONS:
                if row.id == "T10":
                    wanted = situation.along or situation.wish_unmet
                elif (row.id, phase) == ("T4", Phase.DURING):
                    wanted = situation.sensitive and situation.along
                else:
                    own = Arrangement((Own("E1", phase, words[said]),))
                    wanted = any(item.id == "E1" for item in checklist(situation, phase, own))
                assert applies(situation) == wanted, (row.id, phase, situation)


def test_without_anything_of_its_own_a_school_has_the_guide() -> None:
    for situation, phase in product(SITUATIONS, Phase):
        assert checklist(situation, phase) == checklist(situation, phase, AS_THE_GUIDE)

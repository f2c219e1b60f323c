"""What a parent answers through a personal link stands in the log, by no colleague."""

from __future__ import annotations

import pytest

from buddies.models import Person

from .holder import HandOut
from .watch import recorded

PARENT, BUDDY = Person.PARENT, Person.BUDDY
# What was tapped before, what is tapped now, and what that leaves.
TAPS = [
    (PARENT, [], "yes", "consent.give match.parent_yes link.answer"),
    (BUDDY, [], "yes", "consent.give match.buddy_yes link.answer"),
    (PARENT, [], "talk", "link.answer"),
    (PARENT, [], "no", "match.did_not_proceed link.answer"),
    (BUDDY, [], "no", "match.did_not_proceed link.answer"),
    (PARENT, ["no"], "yes", "match.undo consent.give match.parent_yes link.answer"),
    (PARENT, ["yes"], "share", "consent.give"),
    (PARENT, ["yes", "share"], "keep", "consent.withdraw"),
    (PARENT, ["yes"], "keep", ""),
    (PARENT, ["yes"], "stop", "consent.withdraw match.did_not_proceed link.answer"),
    (BUDDY, ["yes", "share"], "stop", "consent.withdraw match.did_not_proceed consent.withdraw link.answer"),
    (PARENT, ["yes"], "yes", ""),
    (PARENT, ["talk"], "talk", ""),
    (PARENT, ["yes", "stop"], "stop", ""),
]


@pytest.mark.parametrize(("person", "before", "now", "left"), TAPS)
def test_answer_through_a_link_is_nobodys_of_the_school(
    hand_out: HandOut, person: Person, before: list[str], now: str, left: str
) -> None:
    holder = hand_out(person)
    for answer in before:
        holder.taps(answer)
    with recorded() as log:
        holder.taps(now)
    assert " ".join(log.actions) == left
    assert {(event.actor_id, event.by_link) for event in log.events} <= {(None, True)}
    assert {event.school_id for event in log.events} <= {holder.match.school_id}


def test_opening_a_link_leaves_no_event(hand_out: HandOut) -> None:
    """It is nobody's look: link previews and scanners of mail open it too."""
    holder = hand_out()
    with recorded() as log:
        holder.opens()
        holder.phone.get("/o/geen-sleutel/")
    assert log.actions == []


def test_colleague_who_makes_the_link_is_named(hand_out: HandOut) -> None:
    with recorded() as log:
        holder = hand_out(BUDDY)
    made = [event for event in log.events if event.action == "link.make"]
    assert [(event.actor_id, event.by_link) for event in made] == [(holder.link.made_by.user_id, False)]

"""How far requests and matches are, in words, and the one next step of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Protocol

from django.template.defaultfilters import date as day_words
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from ..models import Match, TipGiver
from ..workflow import MatchStatus

# After this many days without an answer somebody calls: silence is "call them", never "no".
PATIENCE = timedelta(days=7)
# Open states of a request in the order of the work list, with the heading above each.
STATES: Mapping[str, str | Promise] = {
    "new": _("New"),
    "searching": _("Searching"),
    "matching": _("Being asked"),
    "connected": _("Connected"),
    "referred": _("Referred"),
    "undiscussed": _("Not discussed with the parent yet"),
}
CLOSED = "closed"
# In these somebody is looked for.
SOUGHT = ("new", "searching")


def day(when: date) -> str:
    """A day as people write it: "3 november 2026"."""
    return day_words(when, "j F Y")


def upper_first(words: str) -> str:
    """`words` as they begin a line."""
    return words[:1].upper() + words[1:]


def lower_first(words: str) -> str:
    """`words` as they stand inside a sentence."""
    return words[:1].lower() + words[1:]


class Turn(IntEnum):
    """Whose move it is in a match."""

    MINE = 0
    COLLEAGUE = 1
    THEIRS = 2
    NOBODY = 3


TURNS: Mapping[Turn, str | Promise] = {
    Turn.MINE: _("Your turn"),
    Turn.COLLEAGUE: _("A colleague is up next"),
    Turn.THEIRS: _("Waiting for an answer"),
    Turn.NOBODY: _("Going on"),
}


class Stands(Protocol):
    """As much of a match as says whose move it is. `next_call` is when the next check-in is due
    (`MatchQuerySet.with_next_call`)."""

    @property
    def status(self) -> str: ...
    @property
    def changed_at(self) -> datetime: ...
    @property
    def tip_giver(self) -> str: ...
    @property
    def buddy_asked_at(self) -> datetime | None: ...
    @property
    def winding_down(self) -> bool: ...
    @property
    def review_on(self) -> date | None: ...
    @property
    def next_call(self) -> date | None: ...


# The fields of that.
STANDS = ("status", "changed_at", "tip_giver", "buddy_asked_at", "winding_down", "review_on")


class Move(StrEnum):
    """What is to be done for a match, or is being waited for."""

    ASK_PARENT = "ask_parent"
    CALL_PARENT = "call_parent"
    TIP = "tip"
    """A colleague tells the parent."""
    HEAR_PARENT = "hear_parent"
    ASK_BUDDY = "ask_buddy"
    CALL_BUDDY = "call_buddy"
    HEAR_BUDDY = "hear_buddy"
    CONNECT = "connect"
    ROUND_OFF = "round_off"
    REVIEW = "review"
    CHECK_IN = "check_in"
    GOING_ON = "going_on"
    ROUNDED_OFF = "rounded_off"
    DID_NOT_PROCEED = "did_not_proceed"


def move_of(match: Stands, on: date) -> Move:
    """What is to be done for `match` on `on`."""
    status, waited = MatchStatus(match.status), on - localdate(match.changed_at) >= PATIENCE
    match status:
        case MatchStatus.PROPOSED:
            return Move.ASK_PARENT
        case MatchStatus.WAITING_FOR_PARENT if waited:
            return Move.CALL_PARENT
        case MatchStatus.WAITING_FOR_PARENT:
            return Move.TIP if match.tip_giver == TipGiver.SIGNALLER else Move.HEAR_PARENT
        case MatchStatus.WAITING_FOR_BUDDY if match.buddy_asked_at is None:
            return Move.ASK_BUDDY
        case MatchStatus.WAITING_FOR_BUDDY:
            return Move.CALL_BUDDY if waited else Move.HEAR_BUDDY
        case MatchStatus.AGREED | MatchStatus.CONNECTED if match.winding_down:
            return Move.ROUND_OFF
        case MatchStatus.AGREED:
            return Move.CONNECT
        case MatchStatus.CONNECTED if match.review_on is not None and match.review_on <= on:
            return Move.REVIEW
        case MatchStatus.CONNECTED if match.next_call is not None and match.next_call <= on:
            return Move.CHECK_IN
        case MatchStatus.CONNECTED:
            return Move.GOING_ON
        case MatchStatus.COMPLETED:
            return Move.ROUNDED_OFF
        case _:
            return Move.DID_NOT_PROCEED


@dataclass(frozen=True)
class Step:
    """The next step of a match: whose turn, where it stands, and what the coordinator can do."""

    turn: Turn
    text: str | Promise
    action: str | Promise

    def about(self, buddy: object) -> str:
        """Where it stands, with the `buddy` called by name."""
        return str(self.text) % {"buddy": buddy}


STEPS: Mapping[Move, Step] = {
    Move.ASK_PARENT: Step(Turn.MINE, _("%(buddy)s is proposed. Now the parent."), _("Ask the parent")),
    Move.CALL_PARENT: Step(Turn.MINE, _("No answer from the parent yet. Call them."), _("Record the answer")),
    Move.TIP: Step(
        Turn.THEIRS, _("The colleague who signalled gives the parent the tip."), _("Record the answer")
    ),
    Move.HEAR_PARENT: Step(
        Turn.MINE, _("You ask the parent whether they want this."), _("Record the answer")
    ),
    Move.ASK_BUDDY: Step(Turn.MINE, _("The parent said yes. Now ask %(buddy)s."), _("Ask the buddy")),
    Move.CALL_BUDDY: Step(Turn.MINE, _("No answer from %(buddy)s yet. Call them."), _("Record the answer")),
    Move.HEAR_BUDDY: Step(
        Turn.THEIRS, _("%(buddy)s has been asked and thinks about it."), _("Record the answer")
    ),
    Move.CONNECT: Step(Turn.MINE, _("Both said yes. Connect them with %(buddy)s."), _("Connect")),
    Move.ROUND_OFF: Step(Turn.MINE, _("One of the two wants to stop."), _("Round off")),
    Move.REVIEW: Step(Turn.MINE, _("Half a year together with %(buddy)s. Go on or stop?"), _("Discuss")),
    Move.CHECK_IN: Step(Turn.MINE, _("Time to ask how it goes."), _("Call")),
    Move.GOING_ON: Step(Turn.NOBODY, _("Connected with %(buddy)s."), _("Look at it")),
    Move.ROUNDED_OFF: Step(Turn.NOBODY, _("Rounded off with %(buddy)s."), ""),
    Move.DID_NOT_PROCEED: Step(Turn.NOBODY, _("%(buddy)s: did not proceed."), ""),
}


def next_step(match: Match, on: date) -> Step:
    """The next step of `match`, in words; of it the buddy's parent is read, and `next_call`."""
    step = step_of(match, on)
    return Step(step.turn, step.about(match.buddy_parent), str(step.action))


def step_of(match: Stands, on: date, *, mine: bool = True) -> Step:
    """The next step of `match`, before the buddy's name is filled in. Unless it is `mine` to arrange, what the
    coordinator does is a colleague's turn."""
    move = move_of(match, on)
    step = STEPS[move]
    if move is Move.GOING_ON and match.next_call is not None:
        # The day is filled in now, the buddy later.
        words = {"day": day(match.next_call)}
        step = replace(step, text=str(step.text) + " " + _("Ask how it goes on %(day)s.") % words)
    if mine or step.turn is not Turn.MINE:
        return step
    if move is Move.HEAR_PARENT:
        step = replace(step, text=_("A colleague asks the parent whether they want this."))
    return replace(step, turn=Turn.COLLEAGUE)


def ending(match: Match) -> str:
    """How an ended match ended."""
    how = match.get_outcome_display() if match.outcome else match.get_end_reason_display()
    words = (
        _("Rounded off with %(buddy)s: %(how)s.")
        if match.outcome
        else _("%(buddy)s did not proceed: %(how)s.")
    )
    return words % {"buddy": match.buddy_parent, "how": lower_first(how)}


def standing(match: Match, on: date) -> str:
    """Where `match` stands or how it ended, in one sentence."""
    return ending(match) if match.ended_at is not None else str(next_step(match, on).text)

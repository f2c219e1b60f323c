"""How far requests and matches are, in words, and the one next step of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
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


@dataclass(frozen=True)
class Step:
    """The next step of a match: whose turn, where it stands, and what the coordinator can do."""

    turn: Turn
    text: str | Promise
    action: str | Promise

    def about(self, buddy: object) -> str:
        """Where it stands, with the `buddy` called by name."""
        return str(self.text) % {"buddy": buddy}


def next_step(match: Match, on: date) -> Step:
    """The next step of `match`, in words; of it the buddy's parent is read, and `next_call`."""
    step = step_of(match, on)
    return Step(step.turn, step.about(match.buddy_parent), str(step.action))


def step_of(match: Stands, on: date, *, mine: bool = True) -> Step:
    """The next step of `match`, before the buddy's name is filled in. Unless it is `mine` to arrange, what the
    coordinator does is a colleague's turn."""
    step = _step_of(match, on, mine)
    if mine or step.turn is not Turn.MINE:
        return step
    return Step(Turn.COLLEAGUE, step.text, step.action)


def _step_of(match: Stands, on: date, mine: bool) -> Step:
    status, waited = MatchStatus(match.status), on - localdate(match.changed_at) >= PATIENCE
    match status:
        case MatchStatus.PROPOSED:
            return Step(Turn.MINE, _("%(buddy)s is proposed. Now the parent."), _("Ask the parent"))
        case MatchStatus.WAITING_FOR_PARENT if waited:
            text = _("No answer from the parent yet. Call them.")
            return Step(Turn.MINE, text, _("Record the answer"))
        case MatchStatus.WAITING_FOR_PARENT if match.tip_giver == TipGiver.SIGNALLER:
            text = _("The colleague who signalled gives the parent the tip.")
            return Step(Turn.THEIRS, text, _("Record the answer"))
        case MatchStatus.WAITING_FOR_PARENT:
            text = (
                _("You ask the parent whether they want this.")
                if mine
                else _("A colleague asks the parent whether they want this.")
            )
            return Step(Turn.MINE, text, _("Record the answer"))
        case MatchStatus.WAITING_FOR_BUDDY if match.buddy_asked_at is None:
            return Step(Turn.MINE, _("The parent said yes. Now ask %(buddy)s."), _("Ask the buddy"))
        case MatchStatus.WAITING_FOR_BUDDY if waited:
            return Step(Turn.MINE, _("No answer from %(buddy)s yet. Call them."), _("Record the answer"))
        case MatchStatus.WAITING_FOR_BUDDY:
            text = _("%(buddy)s has been asked and thinks about it.")
            return Step(Turn.THEIRS, text, _("Record the answer"))
        case MatchStatus.AGREED:
            return Step(Turn.MINE, _("Both said yes. Connect them with %(buddy)s."), _("Connect"))
        case MatchStatus.CONNECTED:
            return _connected_step(match, on)
        case MatchStatus.COMPLETED:
            return Step(Turn.NOBODY, _("Rounded off with %(buddy)s."), "")
        case _:
            return Step(Turn.NOBODY, _("%(buddy)s: did not proceed."), "")


def _connected_step(match: Stands, on: date) -> Step:
    if match.winding_down:
        return Step(Turn.MINE, _("One of the two wants to stop."), _("Round off"))
    if match.review_on is not None and match.review_on <= on:
        text = _("Half a year together with %(buddy)s. Go on or stop?")
        return Step(Turn.MINE, text, _("Discuss"))
    if match.next_call is None:
        return Step(Turn.NOBODY, _("Connected with %(buddy)s."), _("Look at it"))
    if match.next_call <= on:
        return Step(Turn.MINE, _("Time to ask how it goes."), _("Call"))
    # The day is filled in now, the buddy later.
    words = {"day": day(match.next_call)}
    going_on = str(_("Connected with %(buddy)s.")) + " " + _("Ask how it goes on %(day)s.") % words
    return Step(Turn.NOBODY, going_on, _("Look at it"))


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

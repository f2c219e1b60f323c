"""The steps of a match and of a buddy: one list of statuses and one table of steps each. Pure."""

from enum import StrEnum


class MatchStatus(StrEnum):
    """Where a match stands. The order is the order of the conversation (R2, R3): parent first, then buddy."""

    PROPOSED = "proposed"
    WAITING_FOR_PARENT = "waiting_for_parent"
    WAITING_FOR_BUDDY = "waiting_for_buddy"
    AGREED = "agreed"
    CONNECTED = "connected"
    COMPLETED = "completed"
    DID_NOT_PROCEED = "did_not_proceed"


class BuddyStatus(StrEnum):
    """Where a buddy's offer stands; available and busy are derived, not stored."""

    SUGGESTED = "suggested"
    ASKED = "asked"
    OFFERED = "offered"
    STOPPED = "stopped"


_M, _B = MatchStatus, BuddyStatus

# A live match takes one place of its buddy and is the only one of its request (invariant 4).
LIVE = (_M.PROPOSED, _M.WAITING_FOR_PARENT, _M.WAITING_FOR_BUDDY, _M.AGREED, _M.CONNECTED)
# Statuses that rest on the parent's recorded yes, and on the buddy's (invariants 2 and 3).
NEEDS_PARENT_YES = (_M.WAITING_FOR_BUDDY, _M.AGREED, _M.CONNECTED, _M.COMPLETED)
NEEDS_BUDDY_YES = (_M.AGREED, _M.CONNECTED, _M.COMPLETED)
# A consent of the buddy that ends takes these matches with it; later ones stand on their own yes.
BEFORE_AGREED = (_M.PROPOSED, _M.WAITING_FOR_PARENT, _M.WAITING_FOR_BUDDY)

STEPS: dict[MatchStatus, frozenset[MatchStatus]] = {
    _M.PROPOSED: frozenset({_M.WAITING_FOR_PARENT, _M.DID_NOT_PROCEED}),
    _M.WAITING_FOR_PARENT: frozenset({_M.WAITING_FOR_BUDDY, _M.DID_NOT_PROCEED}),
    _M.WAITING_FOR_BUDDY: frozenset({_M.AGREED, _M.DID_NOT_PROCEED}),
    _M.AGREED: frozenset({_M.CONNECTED, _M.DID_NOT_PROCEED}),
    _M.CONNECTED: frozenset({_M.COMPLETED}),
    _M.COMPLETED: frozenset(),
    _M.DID_NOT_PROCEED: frozenset(),
}
# A step taken by mistake can be taken back while nothing has left the school because of it.
UNDO: dict[MatchStatus, MatchStatus] = {
    _M.WAITING_FOR_PARENT: _M.PROPOSED,
    _M.WAITING_FOR_BUDDY: _M.WAITING_FOR_PARENT,
    _M.AGREED: _M.WAITING_FOR_BUDDY,
}

BUDDY_STEPS: dict[BuddyStatus, frozenset[BuddyStatus]] = {
    _B.SUGGESTED: frozenset({_B.ASKED, _B.OFFERED, _B.STOPPED}),
    _B.ASKED: frozenset({_B.OFFERED, _B.STOPPED}),
    _B.OFFERED: frozenset({_B.STOPPED}),
    _B.STOPPED: frozenset({_B.ASKED, _B.OFFERED}),
}


class StepRefused(Exception):
    """This step cannot be taken from where things stand."""


def check_step(old: MatchStatus, new: MatchStatus) -> None:
    """Raises StepRefused unless a match may go from `old` to `new`."""
    if new not in STEPS[old]:
        raise StepRefused(f"{old} → {new}")


def step_back(old: MatchStatus, *, left_the_school: bool) -> MatchStatus:
    """The status before `old`. Raises StepRefused when there is no way back, or somebody outside already heard."""
    if left_the_school or old not in UNDO:
        raise StepRefused(f"{old} cannot be undone")
    return UNDO[old]


def before_the_end(*, told: bool, parent_yes: bool, buddy_yes: bool) -> MatchStatus:
    """Where a match stood before it was ended, from what was recorded: whether it was settled who tells the parent,
    and who had said yes."""
    if buddy_yes:
        return MatchStatus.AGREED
    if parent_yes:
        return MatchStatus.WAITING_FOR_BUDDY
    return MatchStatus.WAITING_FOR_PARENT if told else MatchStatus.PROPOSED


def check_buddy_step(old: BuddyStatus, new: BuddyStatus) -> None:
    """Raises StepRefused unless a buddy's offer may go from `old` to `new`."""
    if new not in BUDDY_STEPS[old]:
        raise StepRefused(f"{old} → {new}")

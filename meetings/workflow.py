"""The steps of a meeting: one list of statuses and one table; and what can turn out otherwise. Pure."""

from enum import StrEnum


class MeetingStatus(StrEnum):
    """Where a meeting stands."""

    PREPARE = "prepare"
    HELD = "held"
    EVALUATED = "evaluated"
    CANCELLED = "cancelled"


_M = MeetingStatus

STEPS: dict[MeetingStatus, frozenset[MeetingStatus]] = {
    # Looking back is also recording that it was held.
    _M.PREPARE: frozenset({_M.HELD, _M.EVALUATED, _M.CANCELLED}),
    _M.HELD: frozenset({_M.EVALUATED}),
    # How it was may be corrected.
    _M.EVALUATED: frozenset({_M.EVALUATED}),
    _M.CANCELLED: frozenset({_M.PREPARE}),
}


class StepRefused(Exception):
    """This step cannot be taken from where things stand."""


def check_step(old: MeetingStatus, new: MeetingStatus) -> None:
    """Raises StepRefused unless a meeting may go from `old` to `new`."""
    if new not in STEPS[old]:
        raise StepRefused(f"{old} → {new}")


class Turn(StrEnum):
    """What can turn out otherwise than planned."""

    BUDDY_CAME = "buddy_came"
    BUDDY_STAYED_AWAY = "buddy_stayed_away"
    WISH_UNMET = "wish_unmet"
    WISH_POSSIBLE = "wish_possible"

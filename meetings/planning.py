"""How much time and how many chairs a meeting asks for (R25, R28). Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Extra:
    """Minutes on top of what a teacher usually takes, as the school agreed: for each `buddy`, who tells something too
    or explains the teacher's words; for an `interpreter`, with whom everything is said twice; and how much earlier the
    parent comes to hear sensitive news `alone`."""

    buddy: int = 10
    interpreter: int = 10
    alone: int = 10


USUAL = Extra()


def minutes_to_reserve(
    base: int, buddies: int, interpreter: bool, alone_first: bool, extra: Extra = USUAL
) -> int:
    """The minutes from the first who comes in to the last who leaves: what the teacher usually takes (`base`), with
    what each of `buddies` who may be there, an interpreter, and talking with the parent alone first add."""
    minutes = base + buddies * extra.buddy
    if interpreter:
        minutes += extra.interpreter
    if alone_first:
        minutes += extra.alone
    return minutes


def chairs(parents: int, buddies: int, interpreter: bool) -> int:
    """The chairs to have ready, the teacher's own included."""
    return 1 + parents + buddies + int(interpreter)

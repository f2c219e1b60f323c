"""How much time and how many chairs a meeting asks for (R25, R28). Pure."""

# Minutes on top of what a teacher usually takes.
BUDDY_EXTRA = 10
"""A buddy tells something too, or explains the teacher's words."""
INTERPRETER_EXTRA = 10
"""Everything is said twice."""
ALONE_FIRST = 10
"""The parent comes this much earlier, to hear sensitive news alone first."""


def minutes_to_reserve(base: int, buddies: int, interpreter: bool, alone_first: bool) -> int:
    """The minutes from the first who comes in to the last who leaves: what the teacher usually takes (`base`), with
    what each of `buddies` who may be there, an interpreter, and talking with the parent alone first add."""
    extra = buddies * BUDDY_EXTRA
    if interpreter:
        extra += INTERPRETER_EXTRA
    if alone_first:
        extra += ALONE_FIRST
    return base + extra


def chairs(parents: int, buddies: int, interpreter: bool) -> int:
    """The chairs to have ready, the teacher's own included."""
    return 1 + parents + buddies + int(interpreter)

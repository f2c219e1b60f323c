"""The list of steps."""

from collections.abc import Callable

from ..world import World

Step = Callable[[World], object]
STEPS: dict[str, Step] = {}


def step(act: Step) -> Step:
    """The decorated function is something that somebody does."""
    STEPS[act.__name__] = act
    return act

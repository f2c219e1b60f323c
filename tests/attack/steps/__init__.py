"""Everything somebody can do, by name: each chooses at random about what, and does it through the actions."""

from . import asking, matching, meeting, pool, school, welcoming
from .register import STEPS

__all__ = ["STEPS", "asking", "matching", "meeting", "pool", "school", "welcoming"]

"""What is printed of a meeting: one A4, however long the names and however much the parent wants to ask."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from math import ceil
from typing import Any

from ..models import Impression, Meeting
from .checklists import items_on_paper


class Size(StrEnum):
    """How the paper is set: 10 pt; 9 pt; or 9 pt without the sentences to say. Smaller nobody reads it."""

    NORMAL = "normal"
    SMALL = "small"
    SHORT = "short"


# Lines in the two columns together and characters on a line, of which some stay unused where words break off; measured
# with Arial, and a few lines are left to write on.
_ROOM = {Size.NORMAL: (94, 49), Size.SMALL: (118, 55)}
# Headings, the round and what school does, in lines.
_FIXED = 22
# More than fit: what is left of the sheet is ruled to write on.
RULES = 30


def size_of(texts: Iterable[str]) -> Size:
    """The largest size in which `texts` fit on one side, each on lines of its own."""
    lengths = [len(text) for text in texts]
    for size, (lines, width) in _ROOM.items():
        # Between two texts stands some white.
        if _FIXED + sum(ceil(length / width) + 0.2 for length in lengths) <= lines:
            return size
    return Size.SHORT


def paper(meeting: Meeting) -> dict[str, Any]:
    """For the template: the points by `phases`, the `impressions` to choose from in the round, the `size` it is set in,
    and `rules` to write on."""
    phases = items_on_paper(meeting)
    texts = [f"{line.do} {line.say}" for _phase, lines in phases for line in lines]
    texts += [question.words for question in meeting.question_set.all()]
    return {
        "phases": phases,
        "impressions": [each.label for each in Impression if each is not Impression.NOT_ASKED],
        "size": size_of(texts),
        "rules": range(RULES),
    }

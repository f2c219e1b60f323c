"""The points of the checklist in words, in the way this school speaks to parents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .checklist import Item
from .texts import THE_CHILD, WITHOUT_BUDDY, WITHOUT_NAME, WORDS, YOUR_CHILD, Saying, Wording

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Words


@dataclass(frozen=True)
class Voice:
    """How a point is said: the first name of the child ("" when not known), to one or two `parents`, in the formal way
    or not, and until when they have time ("15:45")."""

    child: str
    parents: int
    formal: bool
    until: str


@dataclass(frozen=True)
class Said:
    """One point in words: `do`, `why`, and a sentence to `say`."""

    do: str
    why: str
    say: str


def said(item: Item, voice: Voice) -> Said:
    """`item` in words. Raises KeyError for a point that has none."""
    wording = WORDS[item.id] if item.with_buddy else WITHOUT_BUDDY.get(item.id, WORDS[item.id])
    return _said(item.id, wording, voice)


def said_of(name: str, voice: Voice) -> Said:
    """The point of the guide called `name` in words, for a meeting to which a buddy comes along."""
    return _said(name, WORDS[name], voice)


def _said(name: str, wording: Wording, voice: Voice) -> Said:
    say = wording.say if voice.child else WITHOUT_NAME.get(name, wording.say)
    the_child = voice.child or str(THE_CHILD)
    your_child = voice.child or _filled(YOUR_CHILD, voice, "")
    return Said(
        _filled(wording.do, voice, the_child),
        _filled(wording.why, voice, the_child),
        _filled(say, voice, your_child),
    )


def _filled(words: Words | Saying, voice: Voice, child: str) -> str:
    if isinstance(words, Saying):
        words = words.formal if voice.formal else words.informal
    return words % {"parents": voice.parents, "child": child, "until": voice.until}

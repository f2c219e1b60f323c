"""Who asks and who can help, as far as matching goes. All numbers are primary keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ThemeKind(StrEnum):
    """What the rules need to know of a theme."""

    LANGUAGE = "language"
    NEWCOMER = "newcomer"
    OTHER = "other"


class Feedback(StrEnum):
    """What a colleague thinks of a buddy who was proposed for a request."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    NO = "no"


@dataclass(frozen=True)
class Asker:
    """A request. Who has the lowest `turn` waits longest.

    `grades` and `groups` are those of the child it is about; `wish` is "mother", "father" or "". The parent may want
    nobody of their child's group (`outside_class`). `family` are the other guardians of the same children. The rest
    names buddies: `family_buddies` are or were matched with one of the family, `refused` were proposed before and did
    not proceed, `not_these` were ruled out by a parent or a colleague, `skipped` were passed over this time, and
    `feedback` is what a colleague thinks of them for this request.
    """

    id: int
    parent: int
    turn: int = 0
    theme: int = 0
    kind: ThemeKind = ThemeKind.OTHER
    sensitive: bool = True
    languages: frozenset[str] = frozenset({"nl"})
    grades: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()
    wish: str = ""
    outside_class: bool = False
    family: frozenset[int] = frozenset()
    family_buddies: frozenset[int] = frozenset()
    refused: frozenset[int] = frozenset()
    not_these: frozenset[int] = frozenset()
    skipped: frozenset[int] = frozenset()
    feedback: Mapping[int, Feedback] = field(default_factory=dict)


@dataclass(frozen=True)
class Helper:
    """A buddy. `themes` are those they have experience in, `consented` those in which it may be used now, `arranges`
    those they coordinate as a colleague.

    `kind` is "mother", "father", "carer" or ""; `years_here` is how many years they have had a child at this school,
    None when not known; `in_mind` are those of the `live` parents they were only thought of for.
    """

    id: int
    parent: int
    themes: frozenset[int] = frozenset({0})
    consented: frozenset[int] = frozenset({0})
    arranges: frozenset[int] = frozenset()
    languages: frozenset[str] = frozenset({"nl"})
    grades: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()
    kind: str = ""
    children_count: int = 1
    years_here: int | None = None
    capacity: int = 1
    live: int = 0
    in_mind: int = 0
    offered: bool = True

    @property
    def places(self) -> int:
        """How many more parents they could take."""
        return max(0, self.capacity - self.live)

"""What is missing for those for whom there is nobody: the constraint at which the last buddies drop out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from .ranking import NONE, NOT_SUITABLE, Pairs
from .rules import CONSTRAINTS, Params

# There are buddies who fit, but no place is left with them.
PLACES = "places"
_FIRST_TOLD = next(place for place, rule in enumerate(CONSTRAINTS) if rule.code == "experience")


@dataclass(frozen=True)
class Missing:
    """Why there is nobody for `askers`, longest waiting first, who all ask about `theme`.

    `code` is the constraint that nobody gets past, NOT_SUITABLE when that is somebody else's matter, or PLACES.
    `buddies` counts those who get as far as that: at "masters_both" the buddies who know the theme and not the
    language, at "capacity" those who would fit and are busy. At "masters_both", `params` names the languages.
    """

    code: str
    theme: int
    askers: tuple[int, ...]
    buddies: int = 0
    params: Params = field(default_factory=dict)


def missing(pairs: Pairs, rows: Sequence[int]) -> tuple[Missing, ...]:
    """What is missing for each of `rows` of `pairs`, together where it is the same."""
    same = defaultdict(list)
    for row in rows:
        asker = pairs.askers[row]
        furthest = int(pairs.obstacle[row].max(initial=_FIRST_TOLD if not pairs.helpers else 0))
        by_language = furthest < NONE and CONSTRAINTS[furthest].code == "masters_both"
        languages = tuple(sorted(asker.languages - {"nl"})) if by_language else ()
        same[furthest if furthest >= _FIRST_TOLD else -1, asker.theme, languages].append(row)
    return tuple(
        Missing(
            _code(furthest),
            theme,
            tuple(pairs.askers[row].id for row in those),
            # Who does not know the theme is no buddy for it, and who is left out for a private reason is not counted.
            int((pairs.obstacle[those] == furthest).any(axis=0).sum()) if furthest > _FIRST_TOLD else 0,
            {"languages": languages} if languages else {},
        )
        for (furthest, theme, languages), those in same.items()
    )


def _code(furthest: int) -> str:
    if furthest < 0:
        return NOT_SUITABLE
    return PLACES if furthest == NONE else CONSTRAINTS[furthest].code

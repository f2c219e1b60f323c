"""Which buddy for whom, when many ask at once. Pure: dataclasses in, a plan out.

In this order, and exactly: as many are served as can be; when not all can be, those who wait longest; then the pairs
fit as well as possible together; then no buddy gets more than another without need. It is a proposal: a person decides
about every pair (R4). Why it is exact stands in docs/matching.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .matching import PLACES, Asker, Candidate, Helper, Missing, Pairs, Reason, Weighing, missing

# Whole numbers up to here are exact in the solver's floating point.
EXACT = 2**53


@dataclass(frozen=True)
class Plan:
    """Who could get whom. `pairs` gives for each asker who is served their buddy, with what speaks for the two and
    what asks attention; `missing` what stands in the way of the others; `fallen` the decisions that cannot stand any
    more, by asker, and why: those askers were divided anew."""

    pairs: Mapping[int, Candidate]
    missing: tuple[Missing, ...] = ()
    fallen: Mapping[int, Reason] = field(default_factory=dict)


def assign(
    askers: Sequence[Asker],
    helpers: Sequence[Helper],
    weighing: Weighing | None = None,
    decided: Mapping[int, int] | None = None,
) -> Plan:
    """The best plan for all `askers`, who wait in the order of their `turn`; the order they come in does not matter.

    Nobody gets more parents than they have places, over all themes together. `decided` are the pairs, asker to buddy,
    on which a colleague decided: they stand, and the rest is divided around them. A decision falls when a constraint
    forbids it now, no place is left for it or its buddy is gone; when its asker is gone, it is nothing.
    """
    pairs = Pairs(askers, helpers, weighing or {})
    kept, fallen = _decisions(pairs, decided or {})
    taken = Counter(kept.values())
    open_rows = [row for row in range(len(pairs.askers)) if row not in kept]
    places = [
        (column, place)
        for column, helper in enumerate(pairs.helpers)
        for place in range(taken[column], helper.places)
    ]
    columns = [column for column, _ in places]
    # A place costs what it adds to the sum of the squared numbers of parents a buddy helps.
    load = np.array([2.0 * (pairs.helpers[column].live + place) + 1 for column, place in places])
    feasible = pairs.feasible[open_rows].take(columns, axis=1)
    served = _served(feasible)
    chosen = dict(kept)
    if served:
        fit = pairs.fit[[open_rows[row] for row in served]].take(columns, axis=1)
        feasible = feasible[served]
        best = _best(feasible, fit, load)
        chosen |= {open_rows[row]: columns[place] for row, place in zip(served, best, strict=True)}
    rows = sorted(chosen)
    candidates = pairs.candidates(rows, [chosen[row] for row in rows])
    return Plan(
        {pairs.askers[row].id: candidate for row, candidate in zip(rows, candidates, strict=True)},
        missing(pairs, [row for row in open_rows if row not in chosen]),
        fallen,
    )


def _decisions(pairs: Pairs, decided: Mapping[int, int]) -> tuple[dict[int, int], dict[int, Reason]]:
    """The decided pairs that stand, as row to column, and why the others, by asker, do not."""
    rows = {asker.id: row for row, asker in enumerate(pairs.askers)}
    columns = {helper.id: column for column, helper in enumerate(pairs.helpers)}
    kept: dict[int, int] = {}
    fallen = {}
    taken: Counter[int] = Counter()
    for row, buddy in sorted((rows[asker], buddy) for asker, buddy in decided.items() if asker in rows):
        column = columns.get(buddy)
        if column is None:
            fallen[pairs.askers[row].id] = Reason("experience", 0)
        elif excluded := pairs.excluded(row, column):
            fallen[pairs.askers[row].id] = excluded.reason
        elif taken[column] >= pairs.helpers[column].places:
            fallen[pairs.askers[row].id] = Reason(PLACES, 0)
        else:
            kept[row] = column
            taken[column] += 1
    return kept, fallen


def _served(feasible: NDArray[np.bool_]) -> list[int]:
    """The rows that get a place: as many as can be, and of those sets the one whose members wait longest.

    The sets of rows that can be served together form a matroid, so taking each row in turn, if those taken before can
    still be served too, finds the set that is both largest and, row by row, first. A row is taken if it reaches a free
    place, by moving others on. Places are bits of one number: that makes looking at all of them at once one step.
    """
    packed = np.packbits(feasible, axis=1, bitorder="little")
    reach = [int.from_bytes(row.tobytes(), "little") for row in packed]
    served = []
    holder: dict[int, int] = {}
    free = alive = (1 << feasible.shape[1]) - 1
    for row in range(len(reach)):
        seen, queue = 0, [row]
        moved_from: dict[int, tuple[int, int]] = {}
        for each in queue:
            if hit := reach[each] & free:
                place = _lowest(hit)
                free ^= 1 << place
                while each != row:
                    holder[place] = each
                    place, each = moved_from[each]
                holder[place] = row
                served.append(row)
                break
            ahead = reach[each] & alive & ~seen
            seen |= ahead
            while ahead:
                place = _lowest(ahead)
                ahead ^= 1 << place
                moved_from[holder[place]] = place, each
                queue.append(holder[place])
        else:
            alive &= ~seen  # from these places none will ever be freed
    return served


def _lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


def _best(feasible: NDArray[np.bool_], fit: NDArray[np.int16], load: NDArray[np.float64]) -> list[int]:
    """The place of each row, all of which can be served: best fit in total, then the load spread."""
    from scipy.optimize import linear_sum_assignment  # half a second that most requests do not need

    # No difference in load can outweigh one point of fit.
    point = len(feasible) * load.max() + 1
    best, worst = float(fit.max()), float(fit.min())
    # What the solver compares adds up a few paths of at most two costs a row.
    assert 8 * len(feasible) * ((best - worst) * point + load.max()) < EXACT
    cost = fit * -point
    cost += best * point + load
    with np.errstate(divide="ignore"):
        cost /= feasible  # all above 0: forbidden pairs become infinite
    return [int(place) for place in linear_sum_assignment(cost)[1]]

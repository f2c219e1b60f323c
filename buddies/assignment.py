"""Which buddy for whom, when many ask at once. Pure: dataclasses in, pairs out.

In this order, and exactly: as many are served as can be; when not all can be, those who wait longest; then the pairs
fit as well as possible together; then no buddy gets more than another without need. It is a proposal: a person decides
about every pair (R4).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .matching import Asker, Helper, feasible, fits

# Whole numbers up to here are exact in the solver's floating point.
EXACT = 2**53


def assign(askers: Sequence[Asker], helpers: Sequence[Helper]) -> dict[int, int]:
    """The buddy for each asker, by their ids; who cannot be served is not in it.

    `askers` stand in the order of waiting, longest first. The order of `helpers` does not matter. No helper gets more
    than the places they have left (`capacity` less `live`).
    """
    helpers = sorted(helpers, key=lambda helper: helper.id)
    places = [
        (column, place)
        for column, helper in enumerate(helpers)
        for place in range(max(0, helper.capacity - helper.live))
    ]
    if not askers or not places:
        return {}
    columns = [column for column, _place in places]
    allowed = feasible(askers, helpers)[:, columns]
    fit = fits(askers, helpers)[:, columns]
    # A place costs what it adds to the sum of the squared numbers of parents a buddy helps.
    load = np.array([2 * (helpers[column].live + place) + 1 for column, place in places], dtype=np.int64)
    rows = _served(allowed)
    chosen = _best(allowed[rows], fit[rows], load)
    return {askers[row].id: helpers[columns[place]].id for row, place in zip(rows, chosen, strict=True)}


def _served(allowed: NDArray[np.bool_]) -> list[int]:
    """The rows that get a place: as many as can be, and of those sets the one whose members wait longest.

    The sets of rows that can be served together form a matroid, so one assignment with weights that fall with the
    order of waiting finds the set that is both largest and, row by row, first.
    """
    from scipy.optimize import linear_sum_assignment  # half a second that most requests do not need

    count = len(allowed)
    weights = np.where(allowed, np.arange(count, 0, -1).reshape(count, 1), 0)
    rows, places = linear_sum_assignment(weights, maximize=True)
    return [int(row) for row, place in zip(rows, places, strict=True) if allowed[row, place]]


def _best(allowed: NDArray[np.bool_], fit: NDArray[np.int64], load: NDArray[np.int64]) -> list[int]:
    """The place of each row, all of which can be served: best fit in total, then the load spread."""
    from scipy.optimize import linear_sum_assignment  # as above

    if not len(allowed):
        return []
    # No difference in load can outweigh one point of fit.
    point = len(allowed) * int(load.max()) + 1
    cost = load - fit * point
    assert len(allowed) * int(np.abs(cost).max()) < EXACT
    return [int(place) for place in linear_sum_assignment(np.where(allowed, cost, np.inf))[1]]

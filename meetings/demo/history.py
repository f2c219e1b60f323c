"""What is left of the years before: numbers. The people they were about are forgotten."""

from __future__ import annotations

from buddies.actions import totals
from buddies.models import Measure
from school.models.people import school_year

from .world import World

# Signals and connected matches by theme: two years ago, last year, and what was erased of this one.
BY_THEME: dict[str, tuple[tuple[int, int], tuple[int, int], tuple[int, int]]] = {
    "busy": ((9, 4), (14, 9), (3, 2)),
    "reading": ((12, 6), (17, 11), (4, 3)),
    "divorce": ((4, 1), (8, 6), (2, 1)),
    "language": ((11, 7), (19, 15), (5, 4)),
    "culture": ((2, 1), (3, 2), (0, 0)),
}
# How long it took, of all who were connected, and how many new families were offered a buddy and wanted one.
FOR_SCHOOL: dict[Measure, tuple[int, int, int]] = {
    Measure.WEEK: (5, 12, 5),
    Measure.TWO_WEEKS: (6, 15, 3),
    Measure.MONTH: (5, 11, 2),
    Measure.LONGER: (3, 5, 0),
    Measure.OFFERED: (19, 33, 4),
    Measure.ACCEPTED: (6, 15, 1),
}


def remember(world: World) -> None:
    """Write down the numbers of this school year and the two before."""
    this_year = school_year(world.diary.today)
    for ago in range(3):
        for code, numbers in BY_THEME.items():
            for measure, amount in zip((Measure.SIGNALS, Measure.CONNECTED), numbers[ago], strict=True):
                _count(world, this_year - 2 + ago, measure, amount, code)
        for measure, amounts in FOR_SCHOOL.items():
            _count(world, this_year - 2 + ago, measure, amounts[ago])


def _count(world: World, year: int, measure: Measure, amount: int, code: str = "") -> None:
    if amount:
        totals.count(
            school=world.school, year=year, measure=measure, theme=world.themes.get(code), amount=amount
        )

"""Which numbers may be shown, so that no small number is seen or can be worked out. Pure.

A small number about worries points at people: whoever knows the school knows who the two with "divorce" are. So
nothing under `SMALLEST` is shown, and neither is a number from which one under it follows by subtracting. Whoever
reads the page may know these rules, and all numbers on it (safety: reports suppress counts under 5).
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Generic, TypeVar

SMALLEST = 5

Key = TypeVar("Key", bound=Hashable)


class Rough(Enum):
    """What is said of a part whose number is not shown."""

    FEW = auto()
    """Fewer than `SMALLEST`."""
    ABOUT_ALL = auto()
    """As many as the whole, or nearly."""


@dataclass(frozen=True)
class Group(Generic[Key]):
    """One number: of one key, or of several whose own numbers are not shown."""

    keys: tuple[Key, ...]
    number: int


@dataclass(frozen=True)
class Stretch:
    """One number of the neighbouring places `first` to `last`, both included."""

    first: int
    last: int
    number: int


@dataclass(frozen=True)
class Counts(Generic[Key]):
    """What happened in one school year: by theme, of which every one of the school is a key of `signals`; by how long
    it took (quickest first; together as many as `connected`); and what new families were offered, who are counted in
    nothing else."""

    signals: Mapping[Key, int]
    connected: Mapping[Key, int]
    speed: Sequence[int] = ()
    offered: int = 0
    accepted: int = 0


@dataclass(frozen=True)
class Published(Generic[Key]):
    """What may be shown of it; None and () is what may not."""

    signals: int | None
    connected: int | Rough | None
    groups: tuple[Group[Key], ...]
    # As many as `groups`, or none.
    connected_of_groups: tuple[int, ...]
    speed: tuple[Stretch, ...]
    offered: int | None
    accepted: int | Rough | None

    @property
    def nothing(self) -> bool:
        """Whether the year is too young, or too quiet, to show anything."""
        return self.signals is None and self.offered is None


def publish(counts: Counts[Key]) -> Published[Key]:
    """What may be shown of `counts`, all of it together."""
    signals = total(sum(counts.signals.values()))
    connected = None if signals is None else part(sum(counts.connected.values()), signals)
    groups = together(counts.signals)
    offered = total(counts.offered)
    return Published(
        signals=signals,
        connected=connected,
        groups=groups,
        # Both add up to `connected`, so they are shown with it or not at all.
        connected_of_groups=_beside(groups, counts.connected) if isinstance(connected, int) else (),
        speed=neighbours(counts.speed) if connected == sum(counts.speed) else (),
        offered=offered,
        accepted=None if offered is None else part(counts.accepted, offered),
    )


def total(number: int) -> int | None:
    """`number`, if it is large enough to be shown."""
    return number if number >= SMALLEST else None


def part(number: int, whole: int) -> int | Rough | None:
    """What may be said of `number` beside `whole`, which may be shown too: of neither the part nor the rest can it
    be under `SMALLEST`. In words only where they leave that many possibilities; of a small whole they would not."""
    rest = abs(whole - number)
    if number >= SMALLEST and rest >= SMALLEST:
        return number
    if whole < 2 * SMALLEST:
        return None
    return Rough.FEW if number < SMALLEST else Rough.ABOUT_ALL


def together(counts: Mapping[Key, int]) -> tuple[Group[Key], ...]:
    """A whole in parts, largest first. Small parts are put together, with the next smallest when that is needed to
    hide each of them, and come last. () when there is nothing to divide."""
    small = {key for key in counts if counts[key] < SMALLEST}
    alone = {key for key in counts if key not in small}
    while small and alone and not _hides(small, counts):
        # All of that size: which of two equals is taken would tell something about the others.
        smallest = min(counts[key] for key in alone)
        small |= {key for key in alone if counts[key] == smallest}
        alone -= small
    groups = [Group((key,), counts[key]) for key in counts if key in alone]
    groups.sort(key=lambda group: group.number, reverse=True)
    if small:
        groups.append(Group(tuple(key for key in counts if key in small), sum(counts[key] for key in small)))
    return tuple(groups) if len(groups) > 1 else ()


def _hides(keys: Collection[Key], counts: Mapping[Key, int]) -> bool:
    """Whether the sum of `keys`, at least one of them small, may be shown and tells the number of none: neither a
    small number by itself, nor several that are all as large as a small number can be."""
    whole = sum(counts[key] for key in keys)
    largest = all(counts[key] == SMALLEST - 1 for key in keys)
    return whole >= SMALLEST and not largest


def _beside(groups: Sequence[Group[Key]], counts: Mapping[Key, int]) -> tuple[int, ...]:
    """A part of every one of `groups`; of all or of none, so that none follows from the others."""
    numbers = tuple(sum(counts.get(key, 0) for key in group.keys) for group in groups)
    shown = all(part(number, group.number) == number for number, group in zip(numbers, groups, strict=True))
    return numbers if shown else ()


def neighbours(counts: Sequence[int]) -> tuple[Stretch, ...]:
    """A whole in an order of its own: neighbours are put together until no number is small. () when there is nothing
    to divide."""
    stretches: list[Stretch] = []
    first = number = 0
    for place, count in enumerate(counts):
        number += count
        if number >= SMALLEST:
            stretches.append(Stretch(first, place, number))
            first, number = place + 1, 0
    if stretches and first < len(counts):
        last = stretches.pop()
        stretches.append(Stretch(last.first, len(counts) - 1, last.number + number))
    return tuple(stretches) if len(stretches) > 1 else ()

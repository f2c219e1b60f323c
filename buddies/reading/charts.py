"""Bar charts as plain geometry, for a template to write down as SVG.

Lengths are in `em`, so that a chart grows with the reader's letters, and widths in per cent of the page; both as text,
because the template would write numbers in Dutch.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# As many letters as fit on the smallest phone.
LETTERS = 30
LINE, DESCENT, BAR, SPACE, SPACE_BETWEEN = 1.4, 0.4, 0.75, 0.55, 0.6


@dataclass(frozen=True)
class Bar:
    """What one bar is about, and its number: None is not shown, and has no bar."""

    label: str
    number: int | None
    second: bool = False


@dataclass(frozen=True)
class Line:
    """A line of text and where its letters stand."""

    text: str
    y: str


@dataclass(frozen=True)
class Drawn:
    """One bar as it is drawn: its number beside the first of its lines, and below them the bar."""

    number: str
    lines: tuple[Line, ...]
    y: str
    width: str
    second: bool


@dataclass(frozen=True)
class Chart:
    """A drawing, the same in words for who cannot see it, and the same numbers as a table."""

    name: str
    title: str
    words: str
    bars: tuple[Drawn, ...]
    height: str
    bar_height: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def chart(
    name: str,
    title: str,
    groups: Sequence[Sequence[Bar]],
    *,
    head: Iterable[str],
    rows: Iterable[Iterable[str]],
) -> Chart:
    """The bars of `groups` below each other, the longest over the whole width. `name` is unique on the page."""
    every = [bar for group in groups for bar in group]
    longest = max((bar.number or 0 for bar in every), default=0) or 1
    drawn: list[Drawn] = []
    y = 0.0
    for group in groups:
        for bar in group:
            lines = []
            for text in textwrap.wrap(bar.label, LETTERS) or [""]:
                y += LINE
                lines.append(Line(text, _em(y - DESCENT)))
            width = f"{100 * (bar.number or 0) / longest:.1f}%"
            drawn.append(Drawn(_said(bar), tuple(lines), _em(y), width, bar.second))
            y += BAR + SPACE
        y += SPACE_BETWEEN
    words = ". ".join(f"{bar.label}: {_said(bar)}" for bar in every)
    table = tuple(tuple(row) for row in rows)
    return Chart(name, title, f"{words}.", tuple(drawn), _em(y), _em(BAR), tuple(head), table)


def _said(bar: Bar) -> str:
    return "–" if bar.number is None else str(bar.number)


def _em(length: float) -> str:
    return f"{length:.2f}em"

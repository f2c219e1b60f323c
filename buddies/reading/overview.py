"""How a school year went: what Overzicht tells, in numbers and charts without names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from school.models import School
from school.models.people import school_year

from ..figures import Counts, Published, Rough, Stretch, publish
from ..models import Measure, NewcomerOffer, SupportRequest, Theme, YearTotal
from ..models.totals import SPEEDS, Entry, of_offers, of_requests
from .charts import Bar, Chart, chart

# This school year and the two before it.
YEARS = 3
SPEED = (*SPEEDS, Measure.LONGER)
# How long it took, from the first to the last place in `SPEED`.
TOOK: Mapping[tuple[int, int], str | Promise] = {
    (0, 0): gettext_lazy("Within a week"),
    (0, 1): gettext_lazy("Within two weeks"),
    (0, 2): gettext_lazy("Within a month"),
    (1, 1): gettext_lazy("One to two weeks"),
    (1, 2): gettext_lazy("A week to a month"),
    (1, 3): gettext_lazy("Longer than a week"),
    (2, 2): gettext_lazy("Two weeks to a month"),
    (2, 3): gettext_lazy("Longer than two weeks"),
    (3, 3): gettext_lazy("Longer than a month"),
}


@dataclass(frozen=True)
class Figure:
    """One plain sentence that begins with a number, or with the words that stand in its place."""

    number: str
    text: str


@dataclass(frozen=True)
class Choice:
    """A school year that can be looked at."""

    year: int
    label: str
    current: bool


@dataclass(frozen=True)
class Page:
    """Everything on the page of one school year."""

    year: str
    now: bool
    empty: bool
    choices: tuple[Choice, ...]
    signals: tuple[Figure, ...]
    newcomers: tuple[Figure, ...]
    charts: tuple[Chart, ...]


def read(school: School, on: date, wanted: str = "") -> Page:
    """The page of the year that began in `wanted`, as typed, when there is anything to show of it; else of the school
    year of `on`. It counts the whole school, whoever reads it: in numbers there is nobody (R7, invariant 5)."""
    this = school_year(on)
    themes: dict[int | None, str] = {
        theme.pk: str(theme) for theme in Theme.objects.filter(school=school).order_by("position", "pk")
    }
    themes[None] = _("Theme not known")
    years = range(this, this - YEARS, -1)
    entries = _entries(school, years)
    published = {year: publish(_counts(entries, year, themes)) for year in years}
    shown = [year for year in years if year == this or not published[year].nothing]
    year = next((year for year in shown if str(year) == wanted), this)
    return Page(
        year=_label(year),
        now=year == this,
        empty=published[year].nothing,
        choices=tuple(Choice(each, _label(each), each == year) for each in shown) if shown[1:] else (),
        signals=_signals(published[year]),
        newcomers=_newcomers(published[year]),
        charts=_charts(published, year, shown, themes),
    )


def _entries(school: School, years: range) -> Counter[Entry]:
    """What was counted before it was erased, and what is still there."""
    return (
        YearTotal.objects.of(school, years)
        + of_requests(SupportRequest.objects.filter(school=school))
        + of_offers(NewcomerOffer.objects.filter(school=school))
    )


def _counts(entries: Counter[Entry], year: int, themes: Mapping[int | None, str]) -> Counts[int | None]:
    return Counts(
        signals={theme: entries[Entry(year, Measure.SIGNALS, theme)] for theme in themes},
        connected={theme: entries[Entry(year, Measure.CONNECTED, theme)] for theme in themes},
        speed=[entries[Entry(year, speed)] for speed in SPEED],
        offered=entries[Entry(year, Measure.OFFERED)],
        accepted=entries[Entry(year, Measure.ACCEPTED)],
    )


def _label(year: int) -> str:
    return f"{year}–{year + 1}"


# Sentences


def _signals(figures: Published[int | None]) -> tuple[Figure, ...]:
    found = [Figure(_total(figures.signals), _("parents for whom we could look for a buddy"))]
    match figures.connected:
        case None if figures.signals is None:
            pass
        case None:
            found.append(Figure(_("Not shown"), _("how many of them found a buddy")))
        case Rough.FEW:
            found.append(Figure(_("Fewer than 5"), _("parents found a buddy")))
        case Rough.ABOUT_ALL:
            found.append(Figure(_("About as many"), _("parents found a buddy")))
        case number:
            found.append(Figure(str(number), _("parents found a buddy")))
    return (*found, *_half(figures.speed))


def _half(speed: tuple[Stretch, ...]) -> list[Figure]:
    """How long it took for half of them, as exactly as the numbers shown tell."""
    whole, so_far = sum(stretch.number for stretch in speed), 0
    for stretch in speed:
        so_far += stretch.number
        if 2 * so_far >= whole and stretch is not speed[-1]:
            return [Figure(str(TOOK[0, stretch.last]), _("at least half of them had one"))]
    return [Figure(str(TOOK[s.first, s.last]), _("it took for most of them")) for s in speed[-1:]]


def _newcomers(figures: Published[int | None]) -> tuple[Figure, ...]:
    offered = Figure(_total(figures.offered), _("parents of new families were offered a buddy"))
    match figures.accepted:
        case None if figures.offered is None:
            return (offered,)
        case None:
            return (offered, Figure(_("Not shown"), _("how many of them wanted one")))
        case Rough.FEW:
            return (offered, Figure(_("Fewer than 5"), _("of them wanted one")))
        case Rough.ABOUT_ALL:
            return (offered, Figure(_("Nearly all"), _("of them wanted one")))
        case number:
            return (offered, Figure(str(number), _("of them wanted one")))


def _total(number: int | None) -> str:
    return _("Fewer than 5") if number is None else str(number)


# Charts


def _charts(
    published: Mapping[int, Published[int | None]],
    year: int,
    shown: list[int],
    themes: Mapping[int | None, str],
) -> tuple[Chart, ...]:
    figures = published[year]
    found = []
    if figures.groups:
        found.append(_by_theme(figures, themes))
    if figures.speed:
        found.append(_by_speed(figures.speed))
    if shown[1:]:
        found.append(_by_year({each: published[each] for each in reversed(shown)}))
    return tuple(found)


def _by_theme(figures: Published[int | None], themes: Mapping[int | None, str]) -> Chart:
    labels = [
        themes[group.keys[0]] if len(group.keys) == 1 else _("other themes together")
        for group in figures.groups
    ]
    labels = [label[:1].upper() + label[1:] for label in labels]
    numbers = [group.number for group in figures.groups]
    beside = figures.connected_of_groups
    groups = [[Bar(label, number)] for label, number in zip(labels, numbers, strict=True)]
    for group, number in zip(groups, beside, strict=False):
        group.append(Bar(_("Found a buddy"), number, second=True))
    head = [_("Theme"), _("Signals"), *([_("Found a buddy")] if beside else [])]
    columns = [labels, [str(n) for n in numbers], *([[str(n) for n in beside]] if beside else [])]
    rows = list(zip(*columns, strict=True))
    return chart("themes", _("What the signals were about"), groups, head=head, rows=rows)


def _by_speed(speed: tuple[Stretch, ...]) -> Chart:
    found = [(str(TOOK[stretch.first, stretch.last]), stretch.number) for stretch in speed]
    return chart(
        "speed",
        _("From signal to connection"),
        [[Bar(label, number)] for label, number in found],
        head=[_("How long it took"), _("Parents")],
        rows=[(label, str(number)) for label, number in found],
    )


def _by_year(published: Mapping[int, Published[int | None]]) -> Chart:
    groups, rows = [], []
    for year, figures in published.items():
        connected = figures.connected if isinstance(figures.connected, int) else None
        groups.append(
            [
                Bar(_("Signals in %(year)s") % {"year": _label(year)}, figures.signals),
                Bar(_("Found a buddy"), connected, second=True),
            ]
        )
        said = "–" if connected is None else str(connected)
        rows.append((_label(year), _total(figures.signals), said))
    head = [_("School year"), _("Signals"), _("Found a buddy")]
    return chart("years", _("From year to year"), groups, head=head, rows=rows)

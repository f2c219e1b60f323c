"""What is missing: for whom there is nobody, and which buddies are about to be lost or sit idle, each with what to do.

Everything counts only requests and buddies that the member may see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.core.paginator import Page
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from school import paging
from school.models import Membership
from school.models.people import school_year

from ..access import newcomer_theme
from ..children import LAST_GRADE
from ..matching import Missing
from ..models import Buddy, Experience, Match, SupportRequest
from ..models.buddies import EXPIRED_GRACE
from . import sentences
from .distributing import Division, divide, title
from .newcomers import families, proposals
from .progress import day, upper_first

# As many who wait are named with what is missing for them.
PEOPLE = 5
EXPIRES_WITHIN = timedelta(days=30)
# A buddy for whom there was nobody this long is called: do they still want to?
IDLE = timedelta(days=90)


@dataclass(frozen=True)
class Line:
    """One thing that is missing and the next step; `people` are the first who wait because of it, with their page, and
    `more` how many wait beside them."""

    title: str
    text: str
    action: str
    url: str
    people: tuple[tuple[str, str], ...] = ()
    more: int = 0


@dataclass(frozen=True)
class Part:
    """Lines under one heading."""

    key: str
    heading: str | Promise
    lines: tuple[Line, ...]


HEADINGS: Mapping[str, str | Promise] = {
    "nobody": gettext_lazy("Nobody is available"),
    "leaving": gettext_lazy("Leave the school"),
    "expiring": gettext_lazy("Consent runs out"),
    "idle": gettext_lazy("Would like to help, but nobody asked"),
}
# Put into words once it is shown.
Found = Callable[[], Line]


def parts(
    membership: Membership, on: date, page: str | None = None
) -> tuple[list[Part], Page[tuple[str, Found]]]:
    """A page of everything that is missing for this member's themes on `on`, in a fixed number of queries."""
    division, slug = divide(membership, on), membership.school.slug
    without, welcoming = _welcome(division, membership, on)
    found: list[tuple[str, Found]] = []
    found += (("nobody", line) for line in empty_pool(division, slug))
    found += (("nobody", line) for line in nobody_for(division, slug))
    found += (("nobody", line) for line in without_theme(division, slug))
    found += (("nobody", line) for line in new_families(without, slug))
    found += (("leaving", line) for line in leaving(division, slug, on))
    found += (("expiring", line) for line in expiring(division, slug, on))
    found += (("idle", line) for line in idle(division, welcoming, slug, on))
    pages = paging.page(found, page)
    return [
        Part(key, HEADINGS[key], tuple(line() for _key, line in lines))
        for key, lines in groupby(pages, key=lambda each: each[0])
    ], pages


def empty_pool(division: Division, slug: str) -> Iterator[Found]:
    """Nobody has experience with any of the themes: the first thing a school needs."""
    if not division.helpers:
        text = _("No parent has said yes to sharing experience with one of your themes.")
        yield partial(Line, _("There are no buddies yet"), text, *_ask_colleagues(slug))


def nobody_for(division: Division, slug: str) -> Iterator[Found]:
    """Themes and languages for which nobody can be asked, whoever waits longest first."""
    for found in division.plan.missing:
        yield partial(_nobody_for, division, found, slug)


def _nobody_for(division: Division, found: Missing, slug: str) -> Line:
    those = [division.waiting[asker] for asker in found.askers]
    title = upper_first(str(those[0].theme))
    return Line(title, sentences.missing(found), *_help(found, slug), **_waiting(those, "buddies:find", slug))


def _waiting(those: Sequence[SupportRequest], page: str, slug: str) -> Any:
    """The people of a line: the first of `those`, each with their `page`, and how many more there are."""
    first = those[:PEOPLE]
    people = tuple((title(request), reverse(page, args=[slug, request.pk])) for request in first)
    return {"people": people, "more": len(those) - len(first)}


def _help(found: Missing, slug: str) -> tuple[str, str]:
    """What to do when nobody gets past this rule, and where."""
    if found.code == "masters_both" and not found.params:
        return _("Fill in the language"), reverse("buddies:edit_parent", args=[slug, found.askers[0]])
    if found.code in ("consent", "offered"):
        return _("To the buddies"), reverse("buddies:buddies", args=[slug])
    return _ask_colleagues(slug)


def _ask_colleagues(slug: str) -> tuple[str, str]:
    return _("Find a new buddy"), reverse("buddies:nominate", args=[slug])


def without_theme(division: Division, slug: str) -> Iterator[Found]:
    """Parents who agreed to the search, and it is not known yet what about: for them nobody can be found."""
    those = division.without_theme
    if those:
        text = ngettext("%(count)s parent waits.", "%(count)s parents wait.", len(those))
        yield partial(
            Line,
            _("Not known yet what about"),
            text % {"count": len(those)},
            _("Choose the theme"),
            reverse("buddies:choose_theme", args=[slug, those[0].pk]),
            **_waiting(those, "buddies:choose_theme", slug),
        )


def _welcome(division: Division, membership: Membership, on: date) -> tuple[int, set[int]]:
    """For how many new families whom nobody asked yet there is no buddy to offer, and the buddies, by number, who are
    proposed to the others."""
    theme = newcomer_theme(membership)
    if theme is None:
        return 0, set()
    asking = [family for family in families(theme, membership, on) if family.to_offer]
    plan = proposals(theme, asking, division.seen, on).by_place if asking else {}
    return len(asking) - len(plan), {proposal.buddy for proposal in plan.values()}


def new_families(without: int, slug: str) -> Iterator[Found]:
    """So many new families for whom there is no buddy to offer."""
    if without:
        text = ngettext(
            "There is no buddy to offer to %(count)s new family.",
            "There is no buddy to offer to %(count)s new families.",
            without,
        )
        page = reverse("buddies:newcomers", args=[slug])
        yield partial(
            Line,
            _("New families"),
            text % {"count": without},
            *_ask_colleagues(slug),
            people=((_("Look at them"), page),),
        )


def leaving(division: Division, slug: str, on: date) -> Iterator[Found]:
    """Buddies of whom all children that we know of are in the highest grade, who go in summer, or have gone."""
    gone = gettext_lazy("As far as we know no child at school any more.")
    last = gettext_lazy("Last child in grade %(grade)s: leaves in the summer of %(year)s.")
    for helper in division.helpers.values():
        if not helper.children_count:
            yield partial(_about, division, slug, helper.id, gone, {})
        elif helper.grades == {LAST_GRADE}:
            words = {"grade": LAST_GRADE, "year": school_year(on) + 1}
            yield partial(_about, division, slug, helper.id, last, words)


def expiring(division: Division, slug: str, on: date) -> Iterator[Found]:
    """Buddies whose consent to share an experience runs out within a month, or just did; the first of each."""
    soon = Experience.objects.filter(
        buddy__in=division.helpers,
        theme__in={theme for helper in division.helpers.values() for theme in helper.themes},
        consent__valid_until__range=(on - EXPIRED_GRACE, on + EXPIRES_WITHIN),
    )
    rows = soon.order_by("buddy", "consent__valid_until", "theme")
    for _buddy, those in groupby(
        rows.values_list("buddy_id", "theme_id", "consent__valid_until"), itemgetter(0)
    ):
        yield partial(_expires, division, slug, *next(those))


def _expires(division: Division, slug: str, buddy: int, theme: int, until: date | None) -> Line:
    assert until is not None  # as asked for
    text = _("The consent to share experience ends on %(day)s.") % {"day": day(until)}
    url = reverse("buddies:add_experience", args=[slug, buddy]) + f"?onderwerp={theme}"
    return Line(division.seen.people[buddy].name, text, _("Ask again"), url)


def idle(division: Division, welcoming: set[int], slug: str, on: date) -> Iterator[Found]:
    """Buddies who can be asked, are not proposed now, nor to a new family (`welcoming`), and were with nobody for
    long."""
    proposed = welcoming | {candidate.buddy for candidate in division.plan.pairs.values()}
    free = [
        helper.id
        for helper in division.helpers.values()
        if helper.offered and helper.consented and not helper.live and helper.id not in proposed
    ]
    since = on - IDLE
    with_somebody = Match.objects.filter(buddy=OuterRef("pk")).exclude(ended_at__date__lt=since)
    rows = Buddy.objects.filter(~Exists(with_somebody), pk__in=free, taken_up_at__date__lte=since)
    text = gettext_lazy("Available, and with nobody for %(days)s days.")
    for buddy in rows.order_by("pk").values_list("pk", flat=True):
        yield partial(_about, division, slug, buddy, text, {"days": IDLE.days})


def _about(division: Division, slug: str, buddy: int, text: str | Promise, words: Mapping[str, Any]) -> Line:
    return Line(
        division.seen.people[buddy].name,
        str(text) % words,
        _("Look at it"),
        reverse("buddies:buddy", args=[slug, buddy]),
    )

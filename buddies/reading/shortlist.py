"""The page "Buddy zoeken": whom matching found for a request, in words, and only as far as a member may see."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page
from django.utils.translation import gettext as _

from school import paging
from school.models import Membership

from ..candidates import Pool, asker, lacking, pool, weighing
from ..languages import Language, spoken
from ..matching import Helper, Ranking, rank
from ..models import Background, Buddy, BuiltIn, Consent, Experience, SupportRequest, Theme
from . import recognition, sentences

FIRST = 5


@dataclass(frozen=True)
class Choice:
    """A buddy who can be asked, in full: what speaks for them, what asks attention, and what they say themselves.
    `background` is what the buddy says of it, only where the asking parent says something too (R17)."""

    buddy: Buddy
    reasons: tuple[str, ...]
    attention: tuple[str, ...]
    words: str
    children: str
    languages: tuple[Language, ...]
    background: str

    @property
    def name(self) -> str:
        """What the buddy is called."""
        return str(self.buddy.parent)


@dataclass(frozen=True)
class Other:
    """A buddy who can be asked too, in short."""

    number: int
    name: str
    children: str
    languages: tuple[Language, ...]
    reasons: tuple[str, ...]
    attention: tuple[str, ...]


@dataclass(frozen=True)
class Outside:
    """A buddy who cannot be asked, and why."""

    name: str
    why: str


@dataclass(frozen=True)
class Shortlist:
    """A page of who can be asked and then of who cannot: the first few in full, the rest, and the others with why; and
    how many they are in all. `outside_page` is where those who cannot be asked begin. `background` is that of the
    asking parent."""

    pages: Page[Any]
    first: tuple[Choice, ...]
    rest: tuple[Other, ...]
    rest_count: int
    outside: tuple[Outside, ...]
    outside_count: int
    outside_page: int
    background: str
    language_missing: bool
    # When nobody can be asked: why, and what helps.
    nobody: str = ""
    advice: str = ""


def shortlist(
    request: SupportRequest,
    membership: Membership,
    on: date,
    chosen: int | None = None,
    page: str | None = None,
) -> Shortlist:
    """Who could be asked for `request`, best first, in a fixed number of queries. `chosen` is a buddy to show in
    full first, wherever they stand."""
    assert request.theme is not None
    asking, seen = asker(request, on), pool([request.theme], on, Buddy.objects.visible_to(membership, on))
    found = rank(asking, seen.helpers, weighing(request.school_id))
    order = sorted(found.order, key=lambda buddy: buddy != chosen)
    left_out = outside(found, seen, asking.family)
    pages = paging.page([*order, *left_out], page)
    # Who stands on the page, of each kind.
    possible = [buddy for buddy in pages if buddy in set(order)]
    in_full = order[:FIRST] if pages.number == 1 else []
    own = recognition.background(request.parent, on)
    lacks = None if order else lacking(found)
    return Shortlist(
        pages,
        first=in_words(found, in_full, request.theme, on, with_background=bool(own)),
        rest=in_brief(found, seen, possible[len(in_full) :]),
        rest_count=max(0, len(order) - FIRST),
        outside=in_short(found, seen, pages.object_list[len(possible) :]),
        outside_count=len(left_out),
        outside_page=len(order) // paging.PAGE_SIZE + 1,
        background=own,
        language_missing=request.theme.code == BuiltIn.LANGUAGE and not request.parent.spoken - {"nl"},
        nobody=sentences.nobody(lacks) if lacks else "",
        advice=sentences.advice(lacks) if lacks else "",
    )


def outside(found: Ranking, seen: Pool, family: Container[int]) -> list[int]:
    """Those who cannot be asked, by name. Of the `family`, the other guardians of the child, nobody is named: what they
    do is not this parent's matter, nor of who works for this parent."""
    those = [buddy for buddy in found.left_out if found.helper(buddy).parent not in family]
    return sorted(those, key=lambda buddy: (seen.people[buddy].sort_key, buddy))


def in_short(found: Ranking, seen: Pool, those: Iterable[int]) -> tuple[Outside, ...]:
    """Each of `those` who cannot be asked, with why."""
    return tuple(
        Outside(seen.people[buddy].name, sentences.excluded(found.exclusion(buddy).reason)) for buddy in those
    )


def in_words(
    found: Ranking, those: Sequence[int], theme: Theme, on: date, *, with_background: bool = False
) -> tuple[Choice, ...]:
    """Each of `those` who can be asked, in full; with what they say of their background only where that is asked."""
    rows = Experience.objects.filter(theme=theme, buddy__in=those).select_related("buddy__parent")
    told = {
        row.buddy_id: row
        for row in rows.defer("buddy__called", "buddy__parent__email", "buddy__parent__phone")
    }
    backgrounds = _backgrounds((row.parent_id for row in told.values()), on) if with_background else {}
    return tuple(_choice(found, told[number], backgrounds) for number in those if number in told)


def _backgrounds(parents: Iterable[int], on: date) -> Mapping[int, str]:
    """What `parents` say of their background, by number."""
    rows = Background.objects.filter(parent__in=parents, consent__in=Consent.objects.valid(on))
    return dict(rows.values_list("parent_id", "words"))


def _choice(found: Ranking, experience: Experience, backgrounds: Mapping[int, str]) -> Choice:
    buddy, candidate = found.helper(experience.buddy_id), found.candidate(experience.buddy_id)
    return Choice(
        buddy=experience.buddy,
        reasons=tuple(sentences.reason(reason) for reason in candidate.reasons),
        attention=tuple(sentences.reason(reason) for reason in candidate.attention),
        words=experience.words,
        children=children_of(buddy),
        languages=tuple(spoken(buddy.languages)),
        background=backgrounds.get(buddy.parent, ""),
    )


def in_brief(found: Ranking, seen: Pool, those: Iterable[int]) -> tuple[Other, ...]:
    """Each of `those` who can be asked, in short."""
    briefs = []
    for buddy in those:
        candidate, helper = found.candidate(buddy), found.helper(buddy)
        briefs.append(
            Other(
                number=buddy,
                name=seen.people[buddy].name,
                children=children_of(helper),
                languages=tuple(spoken(helper.languages)),
                reasons=tuple(sentences.reason(reason) for reason in candidate.reasons),
                attention=tuple(sentences.reason(reason) for reason in candidate.attention),
            )
        )
    return tuple(briefs)


def children_of(buddy: Helper) -> str:
    """How many children the buddy has here, and in which grades if that is known."""
    if not buddy.children_count:
        return _("no child at school any more")
    count = (
        _("1 child at school")
        if buddy.children_count == 1
        else _("%(count)s children at school") % {"count": buddy.children_count}
    )
    if not buddy.grades:
        return count
    return _("%(children)s, in grade %(grades)s") % {
        "children": count,
        "grades": sentences.listed(sorted(buddy.grades)),
    }

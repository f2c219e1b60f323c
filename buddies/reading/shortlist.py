"""The page "Buddy zoeken": whom matching found for a request, in words, and only as far as a member may see."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from school.models import Membership
from school.text import sort_key

from ..candidates import lacking, ranking, read
from ..children import children_here
from ..languages import Language, spoken
from ..matching import Candidate, Excluded
from ..models import Background, Buddy, BuiltIn, Consent, SupportRequest, Theme
from . import sentences

FIRST = 5


@dataclass(frozen=True)
class Choice:
    """A buddy who can be asked: what speaks for them, what asks attention, and what they say themselves.
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
class Outside:
    """A buddy who cannot be asked, and why."""

    name: str
    why: str


@dataclass(frozen=True)
class Shortlist:
    """The first few in full, the rest, and who cannot be asked; `background` of the asking parent, if a buddy of the
    first few has one too."""

    first: tuple[Choice, ...]
    rest: tuple[Choice, ...]
    outside: tuple[Outside, ...]
    background: str
    language_missing: bool
    # When nobody can be asked: why, and what helps.
    nobody: str = ""
    advice: str = ""


def shortlist(
    request: SupportRequest, membership: Membership, on: date, chosen: int | None = None
) -> Shortlist:
    """Who could be asked for `request`, best first, in a fixed number of queries. `chosen` is a buddy to show in
    full first, wherever they stand."""
    assert request.theme is not None
    family = frozenset(request.parent.co_guardians().values_list("pk", flat=True))
    buddies = visible(request.theme, membership, on)
    found = ranking(request, on, buddies.values())
    candidates = sorted(found.candidates, key=lambda candidate: candidate.buddy != chosen)
    shown = [buddies[candidate.buddy] for candidate in candidates[:FIRST]]
    own, backgrounds = _backgrounds(request, shown, on)
    lacks = None if candidates else lacking(request, on, buddies.values())
    choices = tuple(choice(c, buddies[c.buddy], on, backgrounds if own else {}) for c in candidates)
    return Shortlist(
        first=choices[:FIRST],
        rest=choices[FIRST:],
        outside=outside(found.excluded, buddies, family),
        background=own if backgrounds else "",
        language_missing=request.theme.code == BuiltIn.LANGUAGE and not request.parent.spoken - {"nl"},
        nobody=sentences.nobody(lacks) if lacks else "",
        advice=sentences.advice(lacks) if lacks else "",
    )


def visible(theme: Theme, membership: Membership, on: date) -> Mapping[int, Buddy]:
    """The buddies with experience in `theme` whom this member may see, by number, with what matching and `choice`
    read."""
    return {buddy.pk: buddy for buddy in read(Buddy.objects.visible_to(membership, on), [theme])}


def outside(
    excluded: Iterable[Excluded], buddies: Mapping[int, Buddy], family: Container[int]
) -> tuple[Outside, ...]:
    """Those of the `buddies` who cannot be asked, by name, and why. Of the `family`, the other guardians of the child,
    nobody is named: what they do is not this parent's matter, nor of who works for this parent."""
    found = [
        (buddies[left_out.buddy].parent, sentences.excluded(left_out.reason))
        for left_out in excluded
        if buddies[left_out.buddy].parent_id not in family
    ]
    found.sort(key=lambda pair: (sort_key(pair[0].last_name, pair[0].first_name), pair[0].pk))
    return tuple(Outside(str(parent), why) for parent, why in found)


def _backgrounds(
    request: SupportRequest, buddies: Iterable[Buddy], on: date
) -> tuple[str, Mapping[int, str]]:
    """What the asking parent says of their background, and what the `buddies` say, by parent."""
    parents = {request.parent_id, *(buddy.parent_id for buddy in buddies)}
    rows = Background.objects.filter(parent__in=parents, consent__in=Consent.objects.valid(on))
    words = {background.parent_id: background.words for background in rows}
    return words.pop(request.parent_id, ""), words


def choice(candidate: Candidate, buddy: Buddy, on: date, backgrounds: Mapping[int, str]) -> Choice:
    """`candidate` in words on `on`; `backgrounds` are what parents say of theirs, by number."""
    [experience] = buddy.experience_set.all()  # `visible` brought along that of this theme alone
    return Choice(
        buddy=buddy,
        reasons=tuple(sentences.reason(reason) for reason in candidate.reasons),
        attention=tuple(sentences.reason(reason) for reason in candidate.attention),
        words=experience.words,
        children=children_of(buddy, on),
        languages=tuple(spoken(buddy.parent.spoken)),
        background=backgrounds.get(buddy.parent_id, ""),
    )


def children_of(buddy: Buddy, on: date) -> str:
    """How many children the buddy has here on `on`, and in which grades if said."""
    children = children_here(buddy, on)
    if not children.count:
        return _("no child at school any more")
    count = (
        _("1 child at school")
        if children.count == 1
        else _("%(count)s children at school") % {"count": children.count}
    )
    if not buddy.grades:
        return count
    return _("%(children)s, in grade %(grades)s") % {
        "children": count,
        "grades": sentences.listed(children.in_order),
    }

"""What is missing: for whom there is nobody, and which buddies are about to be lost or sit idle, each with what to do.

Everything counts only requests and buddies that the member may see.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from school.models import Membership
from school.models.people import school_year

from ..access import newcomer_theme
from ..children import LAST_GRADE
from ..matching import Missing
from ..models import Match, SupportRequest
from ..models.buddies import EXPIRED_GRACE
from . import sentences
from .distributing import Division, divide, title
from .newcomers import families, proposals
from .progress import day, upper_first

EXPIRES_WITHIN = timedelta(days=30)
# A buddy for whom there was nobody this long is called: do they still want to?
IDLE = timedelta(days=90)


@dataclass(frozen=True)
class Line:
    """One thing that is missing and the next step; `people` are those who wait because of it, with their page."""

    title: str
    text: str
    action: str
    url: str
    people: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Part:
    """Lines under one heading."""

    key: str
    heading: str | Promise
    lines: tuple[Line, ...]


def parts(membership: Membership, on: date) -> list[Part]:
    """Everything that is missing for this member's themes on `on`, in a fixed number of queries."""
    division, slug = divide(membership, on), membership.school.slug
    nobody = [
        *empty_pool(division, slug),
        *nobody_for(division, slug),
        *without_theme(division, slug),
        *new_families(division, membership, on),
    ]
    found = [
        Part("nobody", gettext_lazy("Nobody is available"), tuple(nobody)),
        Part("leaving", gettext_lazy("Leave the school"), tuple(leaving(division, slug, on))),
        Part("expiring", gettext_lazy("Consent runs out"), tuple(expiring(division, slug, on))),
        Part("idle", gettext_lazy("Would like to help, but nobody asked"), tuple(idle(division, slug, on))),
    ]
    return [part for part in found if part.lines]


def empty_pool(division: Division, slug: str) -> Iterator[Line]:
    """Nobody has experience with any of the themes: the first thing a school needs."""
    if not division.helpers:
        text = _("No parent has said yes to sharing experience with one of your themes.")
        yield Line(_("There are no buddies yet"), text, *_ask_colleagues(slug))


def nobody_for(division: Division, slug: str) -> Iterator[Line]:
    """Themes and languages for which nobody can be asked, whoever waits longest first."""
    for found in division.plan.missing:
        those = [division.waiting[asker] for asker in found.askers]
        action, url = _help(found, slug)
        people = tuple((title(request), _find(request, slug)) for request in those)
        yield Line(upper_first(str(those[0].theme)), sentences.missing(found), action, url, people)


def _help(found: Missing, slug: str) -> tuple[str, str]:
    """What to do when nobody gets past this rule, and where."""
    if found.code == "masters_both" and not found.params:
        return _("Fill in the language"), reverse("buddies:edit_parent", args=[slug, found.askers[0]])
    if found.code in ("consent", "offered"):
        return _("To the buddies"), reverse("buddies:buddies", args=[slug])
    return _ask_colleagues(slug)


def _ask_colleagues(slug: str) -> tuple[str, str]:
    return _("Find a new buddy"), reverse("buddies:nominate", args=[slug])


def _find(request: SupportRequest, slug: str) -> str:
    return reverse("buddies:find", args=[slug, request.pk])


def without_theme(division: Division, slug: str) -> Iterator[Line]:
    """Parents who agreed to the search, and it is not known yet what about: for them nobody can be found."""
    those = division.without_theme
    if those:
        text = ngettext("%(count)s parent waits.", "%(count)s parents wait.", len(those))
        yield Line(
            _("Not known yet what about"),
            text % {"count": len(those)},
            _("Choose the theme"),
            reverse("buddies:choose_theme", args=[slug, those[0].pk]),
            tuple((title(r), reverse("buddies:choose_theme", args=[slug, r.pk])) for r in those),
        )


def new_families(division: Division, membership: Membership, on: date) -> Iterator[Line]:
    """New families whom nobody asked yet, and for whom there is no buddy to offer."""
    theme, slug = newcomer_theme(membership), membership.school.slug
    if theme is None:
        return
    asking = [family for family in families(theme, membership, on) if family.to_offer]
    plan = proposals(theme, asking, division.buddies, on).by_place if asking else {}
    without = [family for family in asking if family.place not in plan]
    if without:
        count = len(without)
        text = ngettext(
            "There is no buddy to offer to %(count)s new family.",
            "There is no buddy to offer to %(count)s new families.",
            count,
        )
        page = reverse("buddies:newcomers", args=[slug])
        yield Line(
            _("New families"),
            text % {"count": count},
            *_ask_colleagues(slug),
            people=((_("Look at them"), page),),
        )


def leaving(division: Division, slug: str, on: date) -> Iterator[Line]:
    """Buddies of whom all children that we know of are in the highest grade, who go in summer, or have gone."""
    for helper in division.helpers:
        if not helper.children_count:
            yield _about(division, slug, helper.id, _("As far as we know no child at school any more."))
        elif helper.grades == {LAST_GRADE}:
            year = school_year(on) + 1
            text = _("Last child in grade %(grade)s: leaves in the summer of %(year)s.")
            yield _about(division, slug, helper.id, text % {"grade": LAST_GRADE, "year": year})


def expiring(division: Division, slug: str, on: date) -> Iterator[Line]:
    """Buddies whose consent to share an experience runs out within a month, or just did; the first of each."""
    for buddy in division.buddies.values():
        ends = sorted(
            (experience.consent.valid_until, experience.theme_id)
            for experience in buddy.experience_set.all()
            if experience.consent.valid_until
            and on - EXPIRED_GRACE <= experience.consent.valid_until <= on + EXPIRES_WITHIN
        )
        if ends:
            until, theme = ends[0]
            text = _("The consent to share experience ends on %(day)s.") % {"day": day(until)}
            url = reverse("buddies:add_experience", args=[slug, buddy.pk]) + f"?onderwerp={theme}"
            yield Line(str(buddy.parent), text, _("Ask again"), url)


def idle(division: Division, slug: str, on: date) -> Iterator[Line]:
    """Buddies who can be asked, are not proposed now, and were with nobody for a long time."""
    proposed = {candidate.buddy for candidate in division.plan.pairs.values()}
    free = [h for h in division.helpers if h.offered and h.consented and not h.live and h.id not in proposed]
    since = on - IDLE
    matched = Match.objects.filter(buddy__in=[h.id for h in free]).exclude(ended_at__date__lt=since)
    busy = set(matched.values_list("buddy_id", flat=True))
    for helper in free:
        taken_up = division.buddies[helper.id].taken_up_at
        if helper.id not in busy and taken_up is not None and localdate(taken_up) <= since:
            text = _("Available, and with nobody for %(days)s days.") % {"days": IDLE.days}
            yield _about(division, slug, helper.id, text)


def _about(division: Division, slug: str, buddy: int, text: str) -> Line:
    parent = division.buddies[buddy].parent
    return Line(str(parent), text, _("Look at it"), reverse("buddies:buddy", args=[slug, buddy]))

"""The pages about new families: the list by month, and one family with whom they could be offered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from urllib.parse import urlencode

from django.core.paginator import Page
from django.template.defaultfilters import date as day_words
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from school import paging
from school.models import Membership
from school.rows import Row

from ..candidates import Newcomer, keep_places, newcomers, pool, weighing
from ..matching import rank
from ..models import Buddy, CloseReason, OfferAnswer, Theme
from .newcomers import Family, Place, Proposal, families, proposals
from .progress import Turn, lower_first, next_step, upper_first
from .shortlist import Choice, Other, Outside, in_brief, in_short, in_words, outside

# The list


@dataclass(frozen=True)
class Month:
    """Families of whom the child starts in one month, as far as they are on the page; `children` counts all of it."""

    first_day: date
    rows: tuple[Row, ...]
    children: int


@dataclass(frozen=True)
class Cohort:
    """A page of everybody who starts, by month, and then the months that are `over`: past, and nothing left to do. Of
    all: how many families there are, how many of them nobody asked yet, and for how many of those there is a proposal
    or none."""

    pages: Page[Family]
    months: tuple[Month, ...]
    over: tuple[Month, ...]
    children: int
    to_offer: int
    proposed: int
    without_buddy: int


def cohort(
    theme: Theme, membership: Membership, on: date, click: str = "", page: str | None = None
) -> Cohort:
    """The list for this member on `on`, in a fixed number of queries. `click` is why a click is expected between all
    that are proposed: the pages of the families get it along."""
    found = families(theme, membership, on)
    seen = pool([theme], on, Buddy.objects.visible_to(membership, on))
    plan = proposals(theme, found, seen, on).by_place
    start = next((family.place for family in found if family.to_offer), None)
    by_month = {first: list(those) for first, those in groupby(found, _month)}
    over = [
        first for first, those in by_month.items() if first < on.replace(day=1) and all(f.done for f in those)
    ]
    order = [*(first for first in by_month if first not in over), *reversed(over)]
    pages = paging.page([family for first in order for family in by_month[first]], page)
    months = {
        first: Month(
            first,
            tuple(
                _row(f, plan.get(f.place), membership.school.slug, on, f.place == start, click) for f in those
            ),
            _children(by_month[first]),
        )
        for first, those in groupby(pages, _month)
    }
    return Cohort(
        pages,
        tuple(month for first, month in months.items() if first not in over),
        tuple(month for first, month in months.items() if first in over),
        _children(found),
        _children(family for family in found if family.to_offer),
        len(plan),
        sum(family.to_offer and family.place not in plan for family in found),
    )


def _month(family: Family) -> date:
    return family.starts.replace(day=1)


def _children(those: Iterable[Family]) -> int:
    return len({family.child.pk for family in those})


def offer_url(family: Family, slug: str, click: str = "", proposal: Proposal | None = None) -> str:
    """Where a buddy is offered to `family`; with why a click with the one who is proposed is expected, if that is said
    already."""
    query = {"home": "2"} if family.home == 2 else {}
    if click and proposal:
        query |= {"klik": click, "buddy": str(proposal.buddy)}
    page = reverse("buddies:offer_newcomer", args=[slug, family.child.pk])
    return f"{page}?{urlencode(query)}" if query else page


def _row(family: Family, proposal: Proposal | None, slug: str, on: date, primary: bool, click: str) -> Row:
    """Who, where things stand, and the one next step; the status is short, for what is not done."""
    title, meta = family.title, first_day(family, on)
    if family.to_offer:
        url, text = offer_url(family, slug, click, proposal), _proposed(proposal)
        return Row(
            title, url, text, meta, _("Offer a buddy"), url, status=_("Not offered yet"), primary=primary
        )
    url = reverse("buddies:newcomer_answer", args=[slug, family.offer.pk]) if family.offer else ""
    if family.waiting:
        text, status = thinking(family, on), _("Thinks about it")
        return Row(title, url, text, meta, _("Record the answer"), url, status, status_kind="waiting")
    text, action, action_url = accepted(family, slug, on)
    return Row(title, url or action_url, text, meta, action, action_url if action else "")


def _proposed(proposal: Proposal | None) -> str:
    """Whom to offer and why, in one line."""
    if proposal is None:
        return _("There is no buddy for this family now.")
    words = _("Proposal: %(buddy)s.") % {"buddy": proposal.name}
    if not proposal.why:
        return words
    first, *more = proposal.why
    return f"{words} {', '.join([first, *map(lower_first, more)])}."


def first_day(family: Family, on: date) -> str:
    """The group of the child, and when they start."""
    group, starts = family.child.group, family.starts
    words = (
        _("starts on %(day)s")
        if starts > on
        else _("starts today")
        if starts == on
        else _("started on %(day)s")
    )
    parts = [
        _("group %(group)s") % {"group": group} if group else "",
        words % {"day": day_words(starts, "j F")},
    ]
    return upper_first(" · ".join(part for part in parts if part))


def thinking(family: Family, on: date) -> str:
    """Since when a family thinks about the offer, with whom in mind, and whether somebody calls."""
    assert family.offer is not None
    offered, buddy = localdate(family.offer.offered_at), family.offer.buddy
    words = {"day": day_words(offered, "j F"), "parent": family.parent}
    parts = [_("Offered to %(parent)s on %(day)s.") % words]
    if family.late(on):
        parts.append(_("No answer yet. Call them."))
    elif buddy is not None:
        parts.append(_("In mind: %(buddy)s.") % {"buddy": buddy})
    return " ".join(parts)


def accepted(family: Family, slug: str, on: date) -> tuple[str, str, str]:
    """What became of an answer, as far as this member may see it; the next step, if it is theirs to take, and the page
    for it."""
    request, match = family.request, family.match
    if family.offer is not None and family.offer.answer == OfferAnswer.NO:
        return _("Does not want a buddy."), "", ""
    if request is None:
        return _("Said yes."), "", ""
    wants = _("Would like a buddy.")
    if match is not None:
        step, url = next_step(match, on), reverse("buddies:match", args=[slug, match.pk])
        return f"{wants} {step.text}", str(step.action) if step.turn is Turn.MINE else "", url
    if request.closed_at is not None:
        closed = _("Rounded off: %(how)s.") % {
            "how": lower_first(str(CloseReason(request.close_reason).label))
        }
        return f"{wants} {closed}", "", reverse("buddies:request", args=[slug, request.pk])
    url = reverse("buddies:find", args=[slug, request.pk])
    return f"{wants} " + _("Nobody has been asked yet."), _("Find a buddy"), url


# One family


@dataclass(frozen=True)
class OfferPage:
    """One family and the buddies who can be offered to them: in full who was chosen or else is proposed, and a page of
    the others and then of who cannot be asked. `proposed` is a number; `lost` says that the buddy in mind cannot be
    asked any more."""

    family: Family
    pages: Page[int]
    first: Choice | None = None
    others: tuple[Other, ...] = ()
    outside: tuple[Outside, ...] = ()
    outside_count: int = 0
    outside_page: int = 1
    proposed: int | None = None
    lost: bool = False

    @property
    def somebody(self) -> bool:
        """Whether anybody can be offered."""
        return self.first is not None or self.outside_count < self.pages.paginator.count


def page_of(
    theme: Theme,
    membership: Membership,
    on: date,
    child: int,
    home: int = 1,
    chosen: int | None = None,
    page: str | None = None,
) -> OfferPage | None:
    """The page of `child` at `home`; None when that is nobody this member may see. The second parent is there once
    something was said of two homes, or the first was offered a buddy."""
    cohort = families(theme, membership, on)
    family = _at(cohort, (child, home))
    if family is None and home == 2 and (first := _at(cohort, (child, 1))) and first.offer is not None:
        family = Family(first.child, 2, siblings=first.siblings)
        cohort.append(family)
    if family is None:
        return None
    if family.done:
        return OfferPage(family, paging.page([], None))
    return _page(theme, family, cohort, membership, on, chosen, page)


def _at(cohort: Sequence[Family], place: Place) -> Family | None:
    return next((family for family in cohort if family.place == place), None)


def _page(
    theme: Theme,
    family: Family,
    cohort: Sequence[Family],
    membership: Membership,
    on: date,
    chosen: int | None,
    page: str | None,
) -> OfferPage:
    offer, seen = family.offer, pool([theme], on, Buddy.objects.visible_to(membership, on))
    if offer is None:
        plan = proposals(theme, cohort, seen, on)
        planned = plan.by_place.get(family.place)
        asking, helpers = plan.askers[family.place], plan.helpers
        proposed = planned.buddy if planned else None
    else:
        [asking] = newcomers(theme, [Newcomer(family.child, family.home, offer.parent)], on)
        helpers = keep_places(seen.helpers, theme.school_id, on, but_for=offer)
        proposed = offer.buddy_id
    found = rank(asking, helpers, weighing(theme.school_id))
    if offer is not None and proposed not in found.order:
        proposed = next(iter(found.order), None)
    in_full = chosen if chosen in found.order else proposed
    others = [buddy for buddy in found.order if buddy != in_full]
    left_out = outside(found, seen, asking.family)
    pages = paging.page([*others, *left_out], page)
    possible = [buddy for buddy in pages if buddy in set(others)]
    return OfferPage(
        family,
        pages,
        next(iter(in_words(found, [in_full] if in_full else [], theme, on)), None),
        in_brief(found, seen, possible),
        in_short(found, seen, pages.object_list[len(possible) :]),
        len(left_out),
        len(others) // paging.PAGE_SIZE + 1,
        proposed,
        lost=offer is not None and offer.buddy_id is not None and offer.buddy_id not in found.order,
    )


def words_for_parent(*, formal: bool) -> str:
    """What to say when offering a buddy (R3): that there is another parent of this school, and nobody's name."""
    # Written out for each form of address: the catalogue is made from the words in the code.
    return (
        pgettext(
            "formal",
            "“Starting school is new for you too. At our school every new family can get a buddy: another parent who "
            "knows the way here and likes to answer your questions. Would you like that? No is a good answer too.”",
        )
        if formal
        else _(
            "“Starting school is new for you too. At our school every new family can get a buddy: another parent who "
            "knows the way here and likes to answer your questions. Would you like that? No is a good answer too.”"
        )
    )

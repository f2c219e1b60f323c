"""The pages about new families: the list by month, and one family with whom they could be offered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

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
from ..models import Buddy, ClickReason, CloseReason, OfferAnswer, Theme
from .newcomer_batch import Batch
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
    all: how many families there are, how many of them nobody asked yet, for how many of those there is a proposal or
    none, and how many are skipped. `clicks` are the reasons for a click, each with the address that says it of all
    proposals on this page; `following` is the family to go on with, and where."""

    pages: Page[Family]
    months: tuple[Month, ...]
    over: tuple[Month, ...]
    children: int
    to_offer: int
    proposed: int
    without_buddy: int
    skipped: int
    clicks: tuple[tuple[str, str, str], ...]
    following: tuple[str, str] | None


def cohort(theme: Theme, membership: Membership, on: date, batch: Batch, page: str | None = None) -> Cohort:
    """The list for this member on `on`, in a fixed number of queries. `batch` is how far they are in going through it:
    the pages of the families get it along."""
    found, slug = families(theme, membership, on), membership.school.slug
    divided = batch.divided(found)
    seen = pool([theme], on, Buddy.objects.visible_to(membership, on))
    plan = proposals(theme, divided, seen, on, batch.seen).by_place
    start = next((family for family in divided if family.to_offer), None)
    primary = start.place if start and not batch.started else None
    by_month = {first: list(those) for first, those in groupby(found, _month)}
    over = [
        first for first, those in by_month.items() if first < on.replace(day=1) and all(f.done for f in those)
    ]
    order = [*(first for first in by_month if first not in over), *reversed(over)]
    pages = paging.page([family for first in order for family in by_month[first]], page)
    months = {
        first: Month(
            first,
            tuple(_row(f, plan.get(f.place), slug, on, f.place == primary, batch) for f in those),
            _children(by_month[first]),
        )
        for first, those in groupby(pages, _month)
    }
    asking, cohort_url = [family for family in found if family.to_offer], list_url(slug)
    shown = {family.place: plan[family.place] for family in pages if family.place in plan}
    return Cohort(
        pages,
        tuple(month for first, month in months.items() if first not in over),
        tuple(month for first, month in months.items() if first in over),
        _children(found),
        _children(asking),
        len(plan),
        sum(family.place not in plan and family.place not in batch.skipped for family in asking),
        sum(family.place in batch.skipped for family in asking),
        tuple(
            (why.value, str(why.label), batch.tapped(why, shown).address(cohort_url)) for why in ClickReason
        ),
        (start.title, offer_url(start, slug, batch)) if start else None,
    )


def _month(family: Family) -> date:
    return family.starts.replace(day=1)


def _children(those: Iterable[Family]) -> int:
    return len({family.child.pk for family in those})


def list_url(slug: str) -> str:
    """Where the list is."""
    return reverse("buddies:newcomers", args=[slug])


def offer_url(family: Family, slug: str, batch: Batch | None = None) -> str:
    """Where a buddy is offered to `family`, by who goes through all of them as `batch` says."""
    page = reverse("buddies:offer_newcomer", args=[slug, family.child.pk])
    return (batch or Batch()).address(page, **({"home": "2"} if family.home == 2 else {}))


def _row(family: Family, proposal: Proposal | None, slug: str, on: date, primary: bool, batch: Batch) -> Row:
    """Who, where things stand, and the one next step; the status is short, for what is not done."""
    title, meta = family.title, first_day(family, on)
    if family.to_offer:
        url, skipped = offer_url(family, slug, batch), family.place in batch.skipped
        changed = batch.changed(family.place, proposal.buddy if proposal else None)
        status = _("Skipped") if skipped else _("New proposal") if changed else _("Not offered yet")
        text = "" if skipped else _proposed(proposal)
        return Row(title, url, text, meta, _("Offer a buddy"), url, status=status, primary=primary)
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
    the others and then of who cannot be asked. `proposed` is a number; `names` are those who can be offered, and
    `same_class` whom only the wish of this parent rules out, each by number; `lost` says that the buddy in mind cannot
    be asked any more. `skip_url` is where who skips this family goes on."""

    family: Family
    pages: Page[int]
    first: Choice | None = None
    others: tuple[Other, ...] = ()
    outside: tuple[Outside, ...] = ()
    outside_count: int = 0
    outside_page: int = 1
    proposed: int | None = None
    lost: bool = False
    names: Mapping[int, str] = field(default_factory=dict)
    same_class: Mapping[int, str] = field(default_factory=dict)
    skip_url: str = ""

    @property
    def somebody(self) -> bool:
        """Whether anybody can be offered."""
        return bool(self.names)


def page_of(
    theme: Theme,
    membership: Membership,
    on: date,
    place: Place,
    batch: Batch,
    *,
    outside_class: bool = False,
    chosen: int | None = None,
    page: str | None = None,
) -> OfferPage | None:
    """The page of the child and the home at `place`; None when that is nobody this member may see. The second parent is
    there once something was said of two homes, or the first was offered a buddy. `batch` is how far the member is in
    going through all families; `outside_class` says that this parent would rather have nobody of the same class."""
    cohort = families(theme, membership, on)
    if outside_class:
        cohort = [replace(each, outside_class=each.place == place) for each in cohort]
    (child, home), family = place, _at(cohort, place)
    if family is None and home == 2 and (first := _at(cohort, (child, 1))) and first.offer is not None:
        family = Family(first.child, 2, siblings=first.siblings, outside_class=outside_class)
        cohort.append(family)
    if family is None:
        return None
    if family.done:
        return OfferPage(family, paging.page([], None))
    return _page(theme, family, cohort, membership, on, batch, chosen, page)


def _at(cohort: Sequence[Family], place: Place) -> Family | None:
    return next((family for family in cohort if family.place == place), None)


def _page(
    theme: Theme,
    family: Family,
    cohort: Sequence[Family],
    membership: Membership,
    on: date,
    batch: Batch,
    chosen: int | None,
    page: str | None,
) -> OfferPage:
    offer, seen = family.offer, pool([theme], on, Buddy.objects.visible_to(membership, on))
    if offer is None:
        plan = proposals(theme, batch.divided(cohort, family.place), seen, on, batch.seen)
        planned = plan.by_place.get(family.place)
        asking, helpers = plan.askers[family.place], plan.helpers
        proposed = planned.buddy if planned else None
    else:
        parent = Newcomer(family.child, family.home, offer.parent, family.outside_class)
        [asking] = newcomers(theme, [parent], on)
        helpers = keep_places(seen.helpers, theme.school_id, on, but_for=offer)
        proposed = offer.buddy_id
    found = rank(asking, helpers, weighing(theme.school_id))
    if offer is not None and proposed not in found.order:
        proposed = next(iter(found.order), None)
    ruled_out = found.left_out if family.outside_class else ()
    same_class = [buddy for buddy in ruled_out if found.exclusion(buddy).reason.code == "outside_class"]
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
        lost=offer is not None
        and offer.buddy_id is not None
        and offer.buddy_id not in [*found.order, *same_class],
        names={buddy: seen.people[buddy].name for buddy in found.order},
        same_class={buddy: seen.people[buddy].name for buddy in same_class},
        skip_url=_after(family, cohort, membership.school.slug, batch),
    )


def _after(family: Family, cohort: Sequence[Family], slug: str, batch: Batch) -> str:
    """Where to go on when `family` is skipped: the next whom nobody asked, or else the list."""
    batch = batch.skip(family.place)
    following = next((each for each in batch.divided(cohort) if each.to_offer), None)
    return offer_url(following, slug, batch) if following else batch.address(list_url(slug))


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

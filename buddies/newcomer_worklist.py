"""What waits on who arranges the new families: offering a buddy, and hearing what they say (R12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from school.models import Membership
from school.worklist import Urgency, WorkItem

from .access import newcomer_theme
from .models import themes_waiting_on
from .reading.newcomer_pages import offer_url
from .reading.newcomers import Family, families, starting_soon

AHEAD = timedelta(days=30)
# Who starts within this many days is for today.
CLOSE = timedelta(days=7)
# More families than this are one row: the list itself has them all.
ONE_BY_ONE = 5


def items(membership: Membership, on: date) -> Iterator[WorkItem]:
    """The families that wait on `membership` on day `on`."""
    theme = newcomer_theme(membership)
    if theme is None or theme not in themes_waiting_on(membership, on):
        return
    cohort = families(theme, membership, on)
    yield from _to_offer(starting_soon(cohort, on, AHEAD), membership, on)
    yield from _to_call(cohort, membership, on)


def _to_offer(asking: list[Family], membership: Membership, on: date) -> Iterable[WorkItem]:
    slug = membership.school.slug
    for family in asking[:ONE_BY_ONE]:
        starts = family.starts
        words = (
            _("Starts on %(day)s. Not offered a buddy yet.")
            if starts > on
            else _("Started on %(day)s. Not offered a buddy yet.")
        )
        yield WorkItem(
            Urgency.TODAY if starts <= on + CLOSE else Urgency.SOON,
            starts,
            _called(family),
            words % {"day": date_format(starts, "j F")},
            _("Offer a buddy"),
            offer_url(family, slug),
            "backpack",
        )
    left = len(asking) - ONE_BY_ONE
    if left > 0:
        title = ngettext("%(number)s more family", "%(number)s more families", left) % {"number": left}
        yield WorkItem(
            Urgency.SOON,
            on,
            title,
            _("Not offered a buddy yet."),
            _("Look at them"),
            reverse("buddies:newcomers", args=[slug]),
            "backpack",
        )


def _to_call(cohort: list[Family], membership: Membership, on: date) -> Iterable[WorkItem]:
    for family in cohort:
        if family.offer is not None and family.late(on):
            yield WorkItem(
                Urgency.OVERDUE,
                localdate(family.offer.offered_at),
                family.parent,
                _("Offered a buddy, and no answer yet. Call them."),
                _("Record the answer"),
                reverse("buddies:newcomer_answer", args=[membership.school.slug, family.offer.pk]),
                "telephone",
            )


def _called(family: Family) -> str:
    group = family.child.group
    return f"{family.title}, {_('group %(group)s') % {'group': group}}" if group else family.title

"""What waits on those who look after the team: colleagues without a role or a successor, groups without a teacher."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .handover import kinds, not_with, open_work, without_successor
from .models import Membership
from .models.people import school_year
from .reading.groups import without_teacher
from .reading.staff import staying
from .roles import Permission
from .worklist import Urgency, WorkItem

# Who takes over is settled this long before somebody's last day.
LEAVING_AHEAD = timedelta(days=14)


def items(membership: Membership, on: date) -> Iterator[WorkItem]:
    """Everything about the team that waits on `membership` on day `on`."""
    if membership.may(Permission.GIVE_ROLES):
        yield from _roles(membership, on)
    if membership.may(Permission.MANAGE_STAFF):
        yield from _groups(membership, on)
        yield from _leaving(membership, on)
    if membership.may(Permission.GIVE_ROLES):
        yield from _without_role(membership, on)


def _roles(membership: Membership, on: date) -> Iterable[WorkItem]:
    rows = staying(membership.school, on).filter(rolegrant=None).select_related("user")
    for colleague in rows:
        yield WorkItem(
            Urgency.TODAY,
            min(colleague.starts_on or on, on),
            str(colleague),
            _("Has no role yet, and cannot do anything without one."),
            _("Give a role"),
            reverse("colleague_roles", args=[membership.school.slug, colleague.pk]),
            "person-plus",
        )


def _groups(membership: Membership, on: date) -> Iterable[WorkItem]:
    slug, began = membership.school.slug, date(school_year(on), 8, 1)
    if not membership.school.group_set.current(on).exists():
        yield WorkItem(
            Urgency.TODAY,
            began,
            _("Groups of this school year"),
            _("There are none yet, so nobody can choose a group."),
            _("Add groups"),
            reverse("groups", args=[slug]),
            "backpack",
        )
    for group in without_teacher(membership.school, on):
        yield WorkItem(
            Urgency.SOON,
            began,
            _("Group %(name)s") % {"name": group.name},
            _("Has no teacher yet."),
            _("Choose a teacher"),
            reverse("group", args=[slug, group.pk]),
            "backpack",
        )


def _leaving(membership: Membership, on: date) -> Iterable[WorkItem]:
    """Colleagues who are gone, or almost, and leave something behind that nobody takes over."""
    leavers = Membership.objects.filter(
        Q(ends_on__lte=on + LEAVING_AHEAD) | Q(user__is_active=False), school=membership.school_id
    ).exclude(pk=membership.pk)
    for leaver, number in without_successor(leavers.select_related("user"), on, membership):
        gone = leaver.ends_on is None or leaver.ends_on < on
        since = leaver.ends_on if leaver.ends_on and gone else on
        yield WorkItem(
            Urgency.WRONG if gone else Urgency.TODAY,
            since,
            str(leaver),
            _leaves(leaver, gone) + " " + _nobody_takes_over(number),
            _("Choose who takes over"),
            reverse("colleague_days", args=[membership.school.slug, leaver.pk]),
            "exclamation-triangle" if gone else "people",
        )


def _without_role(membership: Membership, on: date) -> Iterable[WorkItem]:
    """Colleagues who have something open that they may not do any more with the roles they have left."""
    at_work = Membership.objects.active(on).filter(school=membership.school_id).exclude(pk=membership.pk)
    staff = [at_work.exclude(pk__in=at_work.who_may(kind.permission)) for kind in kinds()]
    found = list(reduce(or_, staff).select_related("user").prefetch_related("rolegrant_set"))
    work = open_work(found, on)
    for colleague in found:
        number = sum(work[colleague.pk].get(kind.key, 0) for kind in not_with(colleague.roles))
        if number:
            yield WorkItem(
                Urgency.WRONG,
                on,
                str(colleague),
                _("Has no role any more for what is still open.") + " " + _nobody_takes_over(number),
                _("Choose who takes over"),
                reverse("colleague_roles", args=[membership.school.slug, colleague.pk]),
                "exclamation-triangle",
            )


def _nobody_takes_over(number: int) -> str:
    return ngettext(
        "Nobody takes over %(number)s thing that is open.",
        "Nobody takes over %(number)s things that are open.",
        number,
    ) % {"number": number}


def _leaves(leaver: Membership, gone: bool) -> str:
    if leaver.ends_on is None:
        return _("The account is switched off.")
    if gone:
        return _("Does not work here any more.")
    return _("The last day is %(day)s.") % {"day": date_format(leaver.ends_on, "j F")}

"""What waits on those who look after the team: colleagues without a role, groups without a teacher."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from .models import Membership
from .models.people import school_year
from .reading.groups import without_teacher
from .reading.staff import staying
from .roles import Permission
from .worklist import Urgency, WorkItem


def items(membership: Membership, on: date) -> Iterator[WorkItem]:
    """Everything about the team that waits on `membership` on day `on`."""
    if membership.may(Permission.GIVE_ROLES):
        yield from _roles(membership, on)
    if membership.may(Permission.MANAGE_STAFF):
        yield from _groups(membership, on)


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

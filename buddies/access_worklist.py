"""What a coordinator gets to know: who was given access to their themes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from school.models import Membership
from school.roles import Permission
from school.worklist import Urgency, WorkItem

from .reading.access import news


def items(membership: Membership, on: date) -> Iterator[WorkItem]:
    """A row for each colleague who was given access to the themes of `membership`, until it was seen."""
    if not membership.may(Permission.OWN_THEMES):
        return
    page = reverse("buddies:new_access", args=[membership.school.slug])
    for each in news(membership, on):
        words = (
            each.what
            if each.by is None
            else _("%(what)s Given by %(colleague)s.")
            % {
                "what": each.what,
                "colleague": each.by,
            }
        )
        yield WorkItem(Urgency.SOON, each.since, str(each.who), words, _("Look at it"), page, "shield-check")

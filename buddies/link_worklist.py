"""What waits on a member because of personal links: people who would like to talk before they answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from school.models import Membership
from school.worklist import Urgency, WorkItem

from .access import coordinates
from .models import PersonalLink, Theme
from .naming import request_title


def items(membership: Membership, on: date) -> Iterator[WorkItem]:
    """Who asked `membership` to talk first, through the link."""
    if not coordinates(membership):
        return
    rows = PersonalLink.objects.visible_to(membership, on).wanting_to_talk()
    rows = rows.filter(Q(match__theme=None) | Q(match__theme__in=Theme.objects.waiting_on(membership, on)))
    for link in rows.select_related(
        "match__buddy_parent", "match__request__parent", "match__request__child", "match__request__group"
    ):
        match = link.match
        yield WorkItem(
            Urgency.TODAY,
            localdate(link.answered_at),
            request_title(match.request) if link.of_parent else str(match.buddy_parent),
            _("Would like to talk first. Call them."),
            _("Record the answer"),
            reverse("buddies:match", args=[membership.school.slug, match.pk]),
            "telephone",
        )

"""What waits on a member because of personal links: who would like to talk first, and parents who said no."""

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
from .models.links import PersonalLinkQuerySet
from .naming import request_title


def items(membership: Membership, on: date) -> Iterator[WorkItem]:
    """What people answered through the link that asks something of `membership`."""
    if not coordinates(membership):
        return
    rows = PersonalLink.objects.visible_to(membership, on).filter(
        Q(match__theme=None) | Q(match__theme__in=Theme.objects.waiting_on(membership, on))
    )
    rows = rows.select_related(
        "match__buddy_parent", "match__request__parent", "match__request__child", "match__request__group"
    )
    yield from _wanting_to_talk(rows, membership)
    yield from _said_no(rows, membership)


def _wanting_to_talk(rows: PersonalLinkQuerySet, membership: Membership) -> Iterator[WorkItem]:
    for link in rows.wanting_to_talk():
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


def _said_no(rows: PersonalLinkQuerySet, membership: Membership) -> Iterator[WorkItem]:
    for link in rows.said_no():
        request = link.match.request
        yield WorkItem(
            Urgency.TODAY,
            localdate(link.answered_at),
            request_title(request),
            _("Said no through the personal link. Does the parent still want us to search?"),
            _("Look at it"),
            reverse("buddies:request", args=[membership.school.slug, request.pk]),
            "chat-left-text",
        )

"""What a colleague who leaves has open in this app: meetings to come, and what they promised parents."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from school import audit
from school.handover import Kind
from school.models import Child, Membership
from school.roles import Permission

from .models import FollowUp, Meeting
from .models.followups import FollowUpQuerySet
from .models.meetings import MeetingQuerySet
from .workflow import MeetingStatus


def _open_meetings(members: Collection[int], on: date) -> MeetingQuerySet:
    return Meeting.objects.kept(on).filter(recorded_by__in=members, status=MeetingStatus.PREPARE)


def _open_promises(members: Collection[int], on: date) -> FollowUpQuerySet:
    kept = Meeting.objects.kept(on).values("pk")
    return FollowUp.objects.filter(recorded_by__in=members, done_at=None, meeting__in=kept)


def _counted(rows: QuerySet[Meeting] | QuerySet[FollowUp]) -> Mapping[int, int]:
    return dict(rows.order_by().values_list("recorded_by").annotate(Count("pk")))


def _own_children(membership: Membership) -> QuerySet[Child]:
    """Children in whose matters they are a party (invariant 5)."""
    return Child.objects.filter(guardianship__parent__in=membership.parties)


def _give_meetings(leaver: Membership, to: Membership, by: Membership | None, on: date) -> int:
    rows = _open_meetings([leaver.pk], on).exclude(child__in=_own_children(to))
    found = list(rows.select_related("school"))
    for meeting in found:
        audit.record("meeting.hand_over", meeting, by=by)
    return Meeting.objects.filter(pk__in=[meeting.pk for meeting in found]).update(recorded_by=to)


def _give_promises(leaver: Membership, to: Membership, by: Membership | None, on: date) -> int:
    rows = _open_promises([leaver.pk], on).exclude(meeting__child__in=_own_children(to))
    found = list(rows.select_related("school"))
    for promise in found:
        audit.record("promise.hand_over", promise, by=by)
    return FollowUp.objects.filter(pk__in=[promise.pk for promise in found]).update(recorded_by=to)


MEETINGS = Kind(
    key="meetings",
    label=_("meetings that are planned"),
    permission=Permission.MEETINGS,
    opens=False,
    count=lambda members, on: _counted(_open_meetings(members, on)),
    hand_over=_give_meetings,
)
PROMISES = Kind(
    key="promises",
    label=_("promises to parents"),
    permission=Permission.MEETINGS,
    opens=False,
    count=lambda members, on: _counted(_open_promises(members, on)),
    hand_over=_give_promises,
)

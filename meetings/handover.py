"""What a colleague who leaves has open in this app: meetings to come, and what they promised parents."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from school.handover import Kind, give
from school.models import Membership
from school.models.schools import of_no_party
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


def _give_meetings(leaver: Membership, to: Membership, by: Membership | None, on: date) -> int:
    rows = of_no_party(_open_meetings([leaver.pk], on), to, "child__guardianship__parent")
    return give(rows, "meeting.hand_over", to, by)


def _give_promises(leaver: Membership, to: Membership, by: Membership | None, on: date) -> int:
    rows = of_no_party(_open_promises([leaver.pk], on), to, "meeting__child__guardianship__parent")
    return give(rows, "promise.hand_over", to, by)


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

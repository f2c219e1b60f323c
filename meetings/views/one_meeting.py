"""What every page about one meeting shares: opening it, and what its forms are bound to."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from school import audit, clock
from school.access import SchoolRequest

from ..models import Meeting
from ..reading.agreements import LIST_OF_SCHOOL


def opened(request: SchoolRequest, pk: int) -> Meeting:
    """The meeting `pk` as this member may see it; looking at a page about it leaves a trace. Raises Http404."""
    visible = Meeting.objects.visible_to(request.membership, clock.today())
    meeting = get_object_or_404(
        visible.select_related("school", "child", "group", "recorded_by__user").prefetch_related(
            "parents", *LIST_OF_SCHOOL
        ),
        pk=pk,
    )
    if request.method != "POST":
        audit.record("meeting.look", meeting, by=request.membership)
    return meeting

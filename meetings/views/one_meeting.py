"""What every page about one meeting shares: opening it, and showing it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from school import audit, clock
from school.access import SchoolRequest

from ..models import Meeting
from ..reading.agreements import LIST_OF_SCHOOL


def opened(request: SchoolRequest, pk: int) -> Meeting:
    """The meeting `pk` as this member may see it. Raises Http404."""
    visible = Meeting.objects.visible_to(request.membership, clock.today())
    return get_object_or_404(
        visible.select_related("school", "child", "group", "recorded_by__user").prefetch_related(
            "parents", *LIST_OF_SCHOOL
        ),
        pk=pk,
    )


def show(request: SchoolRequest, template: str, meeting: Meeting, **context: Any) -> HttpResponse:
    """The `template` about `meeting`. Who sees it leaves a trace."""
    audit.record("meeting.look", meeting, by=request.membership)
    return render(request, f"meetings/{template}.html", {"meeting": meeting, **context})

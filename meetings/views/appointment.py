"""What a teacher takes along from a planned meeting: a file for their own calendar, and words for each parent. The
product sends neither."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from school import audit
from school.access import SchoolRequest, allow
from school.roles import Permission

from ..calendar import calendar_of
from ..naming import meeting_title
from ..reading.invitations import invitations
from .one_meeting import opened, show

# In the address: the teacher wants the first name of the child in it.
WITH_CHILD = "naam"


@require_safe
@allow(Permission.MEETINGS)
def calendar(request: SchoolRequest, pk: int) -> HttpResponse:
    """The meeting as a file for the teacher's calendar."""
    meeting = opened(request, pk)
    audit.record("meeting.calendar", meeting, by=request.membership)
    content = calendar_of(meeting, with_child=WITH_CHILD in request.GET)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_("meeting")}.ics"'
    return response


@require_safe
@allow(Permission.MEETINGS)
def invitation(request: SchoolRequest, pk: int) -> HttpResponse:
    """For each parent the words to copy or print, on a sheet of their own."""
    meeting, with_child = opened(request, pk), WITH_CHILD in request.GET
    return show(
        request,
        "planning/invitation",
        meeting,
        called=capfirst(meeting_title(meeting)),
        invitations=invitations(meeting, with_child=with_child),
        with_child=with_child,
    )

"""Sharing an older meeting with a substitute."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from school import clock
from school.access import SchoolRequest, allow
from school.converters import key_of
from school.roles import Permission

from ..actions import sharing as actions
from ..reading.sharing import could_be_shared_with
from .one_meeting import opened


@require_POST
@allow(Permission.MEETINGS)
def share(request: SchoolRequest, pk: int) -> HttpResponse:
    """A substitute sees this meeting too, although it is older."""
    meeting, chosen = opened(request, pk), key_of(request.POST.get("colleague", ""))
    found = could_be_shared_with(meeting, request.membership, clock.today())
    to = next((each for each in found if each.pk == chosen), None)
    if to is not None:
        actions.share(meeting=meeting, to=to, by=request.membership)
        messages.success(request, _("%(colleague)s sees this too from now on.") % {"colleague": to})
    return redirect("meetings:before", request.school.slug, meeting.pk)

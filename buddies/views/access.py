"""What is shared with a substitute, and who was given access to one's themes."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from school import clock
from school.access import SchoolRequest
from school.converters import key_of
from school.views.answers import form_page

from ..access import coordinators_only
from ..actions import sharing as actions
from ..reading.access import could_be_shared_with, news
from .requests import back, opened


@require_POST
@coordinators_only
def share_request(request: SchoolRequest, pk: int) -> HttpResponse:
    """A substitute sees this request too, although it is older."""
    support, chosen = opened(request, pk), key_of(request.POST.get("colleague", ""))
    found = could_be_shared_with(support, request.membership, clock.today())
    to = next((each for each in found if each.pk == chosen), None)
    if to is not None:
        actions.share_request(request=support, to=to, by=request.membership)
        messages.success(request, _("%(colleague)s sees this too from now on.") % {"colleague": to})
    return back(request, support)


@form_page
@coordinators_only
def new_access(request: SchoolRequest) -> HttpResponse:
    """Who was given access to the themes of this member, until they say that they have seen it."""
    if request.method == "POST":
        until = _moment(request.POST.get("until", ""))
        if until is None or until > clock.now():
            raise Http404
        actions.see_access(until=until, by=request.membership)
        return redirect("today", request.school.slug)
    found = news(request.membership, clock.today())
    return render(
        request, "buddies/access/new.html", {"news": found, "until": found[0].at if found else None}
    )


def _moment(text: str) -> datetime | None:
    """`text` as a moment, None when it is none that can be told in UTC."""
    try:
        moment = parse_datetime(text)
        return moment.astimezone(UTC) if moment is not None and moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None

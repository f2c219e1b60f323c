"""Gesprekken below Instellingen: the minutes a school reserves, and what it makes of the checklist."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from school.access import SchoolRequest, allow
from school.roles import Permission
from school.views.answers import attempt, both_versions, form_page, posted

from ..actions import agreements as actions
from ..checklist import Phase, in_order
from ..forms.agreements import MinutesForm, PointForm
from ..models import Agreements, OwnPoint
from ..reading.agreements import list_of, listed


@form_page
@allow(Permission.SCHOOL_SETTINGS)
def agreements(request: SchoolRequest) -> HttpResponse:
    """The minutes, and every point in its place. Who was overtaken sees both versions."""
    agreed = request.school.agreements_set.first() or Agreements()
    form = MinutesForm(posted(request), agreed=agreed)
    if form.is_valid():
        if form.outdated:
            return both_versions(request, form, _("Meetings"))
        with attempt(request, form):
            actions.agree_on_minutes(extra=form.extra(), revision=agreed.revision, by=request.membership)
            messages.success(request, _("Saved. What is planned already keeps its minutes."))
            return redirect("meetings:agreements", request.school.slug)
    context = {
        "form": form,
        "phases": listed(request.school),
        "has_room": request.school.ownpoint_set.count() < actions.MOST_POINTS,
    }
    return render(request, "meetings/agreements/agreements.html", context)


@form_page
@allow(Permission.SCHOOL_SETTINGS)
def add_point(request: SchoolRequest) -> HttpResponse:
    """A point of the school's own."""
    form = PointForm(posted(request))
    if form.is_valid():
        with attempt(request, form):
            made = actions.add_point(details=form.details(), by=request.membership)
            messages.success(
                request, _("The point is on the list, at the end of its part. Move it if you like.")
            )
            return _to(request, made.code)
    return render(request, "meetings/agreements/point.html", {"form": form})


@form_page
@allow(Permission.SCHOOL_SETTINGS)
def point(request: SchoolRequest, pk: int) -> HttpResponse:
    """Change a point of the school's own. Who was overtaken sees both versions."""
    found = _own(request, pk)
    form = PointForm(posted(request), point=found)
    if form.is_valid():
        if form.outdated:
            return both_versions(request, form, found.do)
        with attempt(request, form):
            actions.change_point(point=found, details=form.details(), by=request.membership)
            messages.success(request, _("Saved."))
            return _to(request, found.code)
    return render(request, "meetings/agreements/point.html", {"form": form, "point": found})


@require_POST
@allow(Permission.SCHOOL_SETTINGS)
def move_point(request: SchoolRequest, pk: int) -> HttpResponse:
    """One place up or down: `to` is up or down, from the `place` where the page showed it."""
    found, to = _own(request, pk), request.POST.get("to")
    if to not in ("up", "down"):
        raise Http404
    if request.POST.get("place") == found.place:
        with attempt(request):
            actions.move_point(point=found, up=to == "up", by=request.membership)
    return _to(request, found.code)


@require_POST
@allow(Permission.SCHOOL_SETTINGS)
def remove_point(request: SchoolRequest, pk: int) -> HttpResponse:
    """A point of the school's own less."""
    found = _own(request, pk)
    actions.remove_point(point=found, by=request.membership)
    messages.success(request, _("Removed: %(name)s") % {"name": found.do})
    return _to(request)


@require_POST
@allow(Permission.SCHOOL_SETTINGS)
def hide_point(request: SchoolRequest) -> HttpResponse:
    """Whether `item` appears at this school: `hidden` is yes or no."""
    item, hidden = request.POST.get("item", ""), request.POST.get("hidden")
    own = list_of(request.school).arrangement.own
    if hidden not in ("yes", "no") or not any(item in in_order(phase, own) for phase in Phase):
        raise Http404
    with attempt(request):
        actions.hide_point(item=item, hidden=hidden == "yes", by=request.membership)
        messages.success(
            request,
            _("The point does not appear any more. You can show it again.")
            if hidden == "yes"
            else _("The point appears again."),
        )
    return _to(request, item)


def _own(request: SchoolRequest, pk: int) -> OwnPoint:
    found: OwnPoint = get_object_or_404(request.school.ownpoint_set, pk=pk)
    return found


def _to(request: SchoolRequest, code: str = "") -> HttpResponse:
    """To the list, and there to the point called `code`."""
    address = reverse("meetings:agreements", args=[request.school.slug])
    return redirect(f"{address}#{code}" if code else address)

"""Which meetings there are, and planning one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from school import audit, clock, paging
from school.access import SchoolRequest, allow
from school.conflicts import Versions, on_top_of
from school.converters import key_of
from school.errors import Changed
from school.models import Child
from school.roles import Permission
from school.views.answers import attempt, form_page, posted

from ..actions import meetings as actions
from ..forms.planning import ChangeForm, PlanForm, start_after, start_with
from ..models import Meeting
from ..reading.meetings import Stage, overview, stage
from ..reading.plans import in_words, plan_of
from .one_meeting import opened, show


@require_safe
@allow(Permission.MEETINGS)
def meetings(request: SchoolRequest) -> HttpResponse:
    """Gesprekken: what is coming, what to look back on, what was promised."""
    found = overview(request.membership, clock.now(), request.GET.get(paging.PARAMETER))
    return render(request, "meetings/planning/meetings.html", {"overview": found, "pages": found.pages})


@form_page
@allow(Permission.MEETINGS)
def plan(request: SchoolRequest) -> HttpResponse:
    """A new meeting; `?kind=` is about that child, `?na=` follows on an earlier meeting (R37)."""
    earlier = request.GET.get("na")
    previous = opened(request, key_of(earlier) or 0) if earlier else None
    form = PlanForm(**_sent(request), **_start(request, previous))
    if form.is_valid():
        with attempt(request, form):
            by, submission = request.membership, form.cleaned_data["submission"]
            made = actions.plan(plan=form.plan(), by=by, submission=submission, previous=previous)
            return _planned(request, made)
    if previous is not None:
        audit.record("meeting.look", previous, by=request.membership)
    return render(request, "meetings/planning/plan.html", {"form": form, "previous": previous})


def _planned(request: SchoolRequest, meeting: Meeting) -> HttpResponse:
    """On to what there is to do for the new `meeting`."""
    if stage(meeting, clock.now()) is Stage.LOOK_BACK:
        messages.success(request, _("Written down. You can look back on it here."))
        return redirect("meetings:after", request.school.slug, meeting.pk)
    messages.success(request, _("Planned. Prepare it here, whenever it suits you."))
    return redirect("meetings:before", request.school.slug, meeting.pk)


def _sent(request: SchoolRequest) -> dict[str, Any]:
    """What was typed, by whom."""
    return {
        "data": posted(request),
        "membership": request.membership,
        "on": clock.today(),
    }


def _start(request: SchoolRequest, previous: Meeting | None) -> dict[str, Any]:
    """What a new form starts with: the people of an earlier meeting, a child, or nothing. Raises Http404 for a child
    that is not of this school."""
    if previous is not None:
        return {"also": previous.child, "initial": start_after(plan_of(previous))}
    if not (number := request.GET.get("kind")):
        return {}
    child: Child = get_object_or_404(request.school.child_set, pk=key_of(number))
    return {"also": child, "initial": {"child": child.pk}}


@form_page
@allow(Permission.MEETINGS)
def change(request: SchoolRequest, pk: int) -> HttpResponse:
    """It is going to be otherwise. Who was overtaken sees both versions."""
    meeting = opened(request, pk)
    form = _change_form(request, meeting, posted(request))
    if form.is_valid():
        with attempt(request, form):
            try:
                revision = form.cleaned_data["revision"]
                actions.change(meeting=meeting, plan=form.plan(), revision=revision, by=request.membership)
            except Changed:
                return _conflict(request, meeting, form)
            messages.success(request, _("Saved."))
            return redirect("meetings:before", request.school.slug, meeting.pk)
    return show(request, "planning/change", meeting, form=form)


def _conflict(request: SchoolRequest, meeting: Meeting, form: ChangeForm) -> HttpResponse:
    """Both versions, and the way to save one's own over what is saved now."""
    saved, yours = in_words(plan_of(meeting)), in_words(form.plan())
    rows = [Versions(label, words, yours[label]) for label, words in saved.items()]
    mine = _change_form(request, meeting, on_top_of(request.POST, revision=meeting.revision))
    return show(request, "planning/conflict", meeting, rows=rows, form=mine)


def _change_form(request: SchoolRequest, meeting: Meeting, data: Any) -> ChangeForm:
    return ChangeForm(
        **_sent(request) | {"data": data},
        also=meeting.child,
        own=meeting.recorded_by_id == request.membership.pk,
        at=meeting.at,
        initial=start_with(plan_of(meeting)) | {"revision": meeting.revision},
    )


@form_page
@allow(Permission.MEETINGS)
def cancel(request: SchoolRequest, pk: int) -> HttpResponse:
    """The meeting does not take place, or does after all."""
    meeting = opened(request, pk)
    if request.method != "POST":
        return show(request, "planning/cancel", meeting)
    with attempt(request):
        if "restore" in request.POST:
            actions.restore(meeting=meeting, by=request.membership)
            messages.success(request, _("The meeting takes place after all. Tell the parent."))
        else:
            actions.cancel(meeting=meeting, by=request.membership)
            messages.success(request, _("Cancelled. Tell the parent yourself; the parent tells the buddy."))
    return redirect("meetings:meetings", request.school.slug)

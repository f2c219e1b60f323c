"""After a meeting: looking back together, and what was promised."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from school import clock
from school.access import SchoolRequest, allow
from school.conflicts import Versions, on_top_of, versions
from school.errors import Changed
from school.roles import Permission
from school.views.answers import attempt, form_page, posted

from ..actions import meetings as actions
from ..forms.afterwards import EvaluationForm, FollowUpForm, usual_day
from ..models import FollowUp, FollowUpKind, Meeting
from ..reading.afterwards import LookingBack
from .one_meeting import opened, show

# In the address: a day to talk about how it went, instead of a promise; and from where somebody came.
TALK, DURING = "napraten", "tijdens"


@form_page
@allow(Permission.MEETINGS)
def after(request: SchoolRequest, pk: int) -> HttpResponse:
    """Na: how everybody said it was, and what is still to be done."""
    meeting = opened(request, pk)
    if "held" in request.POST:
        return _left(request, meeting)
    form = EvaluationForm(posted(request), meeting=meeting)
    if form.is_valid():
        with attempt(request):
            try:
                _evaluate(request, meeting, form)
            except Changed:
                return _conflict(request, meeting, form)
            messages.success(request, _("Saved. Below you see what is left to do."))
        return redirect("meetings:after", request.school.slug, meeting.pk)
    return _show(request, meeting, form)


def _evaluate(request: SchoolRequest, meeting: Meeting, form: EvaluationForm) -> None:
    """Raises Changed when a colleague changed it, or who comes."""
    if form.not_placed:
        raise Changed
    revision, evaluation = form.cleaned_data["revision"], form.evaluation()
    actions.evaluate(meeting=meeting, evaluation=evaluation, revision=revision, by=request.membership)


def _conflict(request: SchoolRequest, meeting: Meeting, form: EvaluationForm) -> HttpResponse:
    """What a colleague wrote down meanwhile beside what was filled in, and the way to save that over it. Of who comes
    no more nothing can be saved: it is shown."""
    mine = EvaluationForm(on_top_of(request.POST, revision=meeting.revision), meeting=meeting)
    rows = versions(form, form.saved)
    rows += [Versions(_("Somebody who does not come any more"), "", said) for said in form.not_placed]
    return show(request, "planning/conflict", meeting, rows=rows, form=mine)


def _left(request: SchoolRequest, meeting: Meeting) -> HttpResponse:
    """It has been, and nobody looks back on it."""
    with attempt(request):
        actions.hold(meeting=meeting, by=request.membership)
        messages.success(request, _("Done. You can still look back later: you find it under “Earlier”."))
    return redirect("meetings:meetings", request.school.slug)


def _show(request: SchoolRequest, meeting: Meeting, form: EvaluationForm) -> HttpResponse:
    """The page after `meeting`, with the round as it was sent."""
    usual = usual_day(request.school)
    context = {
        "page": LookingBack(meeting, request.membership, clock.today()),
        "form": form,
        "promise_form": FollowUpForm(kind=FollowUpKind.PROMISE, usual=usual),
        "talk_form": FollowUpForm(kind=FollowUpKind.TALK, usual=usual),
    }
    return show(request, "afterwards/after", meeting, **context)


@form_page
@allow(Permission.MEETINGS)
def promise(request: SchoolRequest, pk: int) -> HttpResponse:
    """Something this member will come back to (R32); with `?soort=napraten` a day to talk about how it went (R36).
    `?van=tijdens` goes back to the crib sheet, which also saves it without leaving the page."""
    meeting = opened(request, pk)
    kind = FollowUpKind.TALK if request.GET.get("soort") == TALK else FollowUpKind.PROMISE
    form = FollowUpForm(posted(request), kind=kind, usual=usual_day(request.school))
    back = "during" if request.GET.get("van") == DURING else "after"
    if form.is_valid():
        with attempt(request):
            actions.promise(meeting=meeting, **form.answer(), by=request.membership)
            if request.htmx:
                return HttpResponse(status=204)
            messages.success(request, _("Kept for you. It comes back on Today when the day is near."))
        return redirect(f"meetings:{back}", request.school.slug, meeting.pk)
    is_talk = kind is FollowUpKind.TALK
    return show(request, "afterwards/promise", meeting, form=form, is_talk=is_talk, back=back)


@require_POST
@allow(Permission.MEETINGS)
def kept(request: SchoolRequest, pk: int) -> HttpResponse:
    """This member did what they said they would do; or not yet after all."""
    own = FollowUp.objects.visible_to(request.membership, clock.today()).filter(
        recorded_by=request.membership
    )
    follow_up = get_object_or_404(own, pk=pk)
    with attempt(request):
        if "again" in request.POST:
            actions.reopen(follow_up=follow_up, by=request.membership)
            messages.success(request, _("It is on your list again."))
        else:
            actions.keep(follow_up=follow_up, by=request.membership)
            messages.success(request, _("Done. It is off your list."))
    return redirect("meetings:after", request.school.slug, follow_up.meeting_id)

"""One meeting: before it, during it, and on paper. A member's ticks are shown to nobody else."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from school import audit
from school.access import SchoolRequest, allow
from school.roles import Permission
from school.views.answers import attempt

from ..actions import preparing
from ..checklist import Phase
from ..forms.preparing import QuestionForm, TickForm, Turn, TurnForm
from ..models import Meeting
from ..naming import meeting_title
from ..reading.attending import attending
from ..reading.checklists import crib, items_for
from ..reading.meetings import when
from ..reading.paper import paper
from ..reading.practical import practical
from .one_meeting import opened

# Where on a page its answer is shown: a fragment of its address.
QUESTIONS = "vragen"


@require_safe
@allow(Permission.MEETINGS)
def before(request: SchoolRequest, pk: int) -> HttpResponse:
    """What to think of and to arrange, and what the parent wants to ask."""
    return _before(request, opened(request, pk), QuestionForm())


def _before(request: SchoolRequest, meeting: Meeting, form: QuestionForm) -> HttpResponse:
    """The page; who sees it leaves a trace: opening it did so, but for what was sent."""
    if request.method == "POST":
        audit.record("meeting.look", meeting, by=request.membership)
    context = {
        "form": form,
        "points": items_for(meeting, Phase.BEFORE, request.membership),
        "points_during": crib(meeting),
        "most_questions": preparing.MOST_QUESTIONS,
    }
    return render(request, "meetings/meeting/before.html", _about(meeting) | context)


def _about(meeting: Meeting) -> dict[str, Any]:
    """What stands on every page of `meeting`."""
    return {
        "meeting": meeting,
        "called": capfirst(meeting_title(meeting)),
        "when": when(meeting.at),
        "practical": practical(meeting),
        "attending": attending(meeting),
        "questions": list(meeting.question_set.all()),
    }


@require_safe
@allow(Permission.MEETINGS)
def during(request: SchoolRequest, pk: int) -> HttpResponse:
    """A crib sheet for the pocket."""
    meeting = opened(request, pk)
    open_now = meeting.state in preparing.OPEN
    context = {"points": crib(meeting), "open": open_now}
    return render(request, "meetings/meeting/during.html", _about(meeting) | context)


@require_safe
@allow(Permission.MEETINGS)
def print_page(request: SchoolRequest, pk: int) -> HttpResponse:
    """Everything on one A4."""
    meeting = opened(request, pk)
    return render(request, "meetings/meeting/print.html", _about(meeting) | paper(meeting))


@require_POST
@allow(Permission.MEETINGS)
def tick(request: SchoolRequest, pk: int) -> HttpResponse:
    """A point is done, or not after all; with HTMX only that point comes back."""
    meeting, form = opened(request, pk), TickForm(request.POST)
    if not form.is_valid():
        raise Http404
    item, by = form.cleaned_data["item"], request.membership
    with attempt(request):
        preparing.tick(meeting=meeting, item=item, done=form.cleaned_data["done"], by=by)
    if not request.htmx:
        return _to(request, "before", meeting, item)
    point = next((point for point in items_for(meeting, Phase.BEFORE, by) if point.id == item), None)
    return render(request, "meetings/meeting/_point.html", {"meeting": meeting, "point": point})


@require_POST
@allow(Permission.MEETINGS)
def ask(request: SchoolRequest, pk: int) -> HttpResponse:
    """One more question of the parent."""
    meeting, form = opened(request, pk), QuestionForm(request.POST)
    if form.is_valid():
        words, submission = form.cleaned_data["words"], form.cleaned_data["submission"]
        with attempt(request, form):
            preparing.ask(meeting=meeting, words=words, by=request.membership, submission=submission)
            return _to(request, "before", meeting, QUESTIONS)
    return _before(request, meeting, form)


@require_POST
@allow(Permission.MEETINGS)
def drop_question(request: SchoolRequest, pk: int, question: int) -> HttpResponse:
    """A question of the parent less."""
    meeting = opened(request, pk)
    preparing.drop_question(meeting=meeting, question=question, by=request.membership)
    return _to(request, "before", meeting, QUESTIONS)


@require_POST
@allow(Permission.MEETINGS)
def turned_out(request: SchoolRequest, pk: int) -> HttpResponse:
    """It turns out otherwise than planned: the list follows at once (R28)."""
    meeting = opened(request, pk)
    form = TurnForm(request.POST, meeting=meeting)
    if not form.is_valid():
        raise Http404
    turn, parent = form.chosen()
    with attempt(request):
        if parent is None:
            unmet = turn is Turn.WISH_UNMET
            preparing.wish_turned_out(meeting=meeting, unmet=unmet, by=request.membership)
            return _to(request, "during", meeting, "T10" if unmet else "T11")
        present = turn is Turn.BUDDY_CAME
        preparing.buddy_turned_out(meeting=meeting, parent=parent, present=present, by=request.membership)
        messages.success(request, _list_follows(present, meeting))
    return _to(request, "during", meeting)


def _list_follows(present: bool, meeting: Meeting) -> str:
    if not present:
        return _("The list is now for a meeting without this buddy.")
    if meeting.sensitive_news:
        return _("First talk with the parent alone. The list is now for a meeting with a buddy.")
    return _("The list is now for a meeting with a buddy.")


def _to(request: SchoolRequest, page: str, meeting: Meeting, fragment: str = "") -> HttpResponse:
    """To a page of `meeting`, and there to what was just done."""
    address = reverse(f"meetings:{page}", args=[request.school.slug, meeting.pk])
    return redirect(f"{address}#{fragment}" if fragment else address)

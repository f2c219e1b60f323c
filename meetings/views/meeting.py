"""One meeting: before it, during it, and on paper. A member's ticks are shown to nobody else."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from school import audit, clock
from school.access import SchoolRequest, allow
from school.conflicts import on_top_of
from school.errors import Changed
from school.roles import Permission
from school.views.answers import attempt

from ..actions import preparing
from ..checklist import Phase
from ..forms.afterwards import FollowUpForm, usual_day
from ..forms.preparing import QuestionForm, TickForm, TurnForm
from ..models import FollowUpKind, Meeting, MeetingParent
from ..naming import meeting_title
from ..reading.agreements import list_of
from ..reading.attending import attending, versions_of_turn
from ..reading.checklists import crib, crib_sheets, items_for
from ..reading.clashes import clashing
from ..reading.meetings import when
from ..reading.paper import paper
from ..reading.practical import ends, practical
from ..reading.sharing import could_be_shared_with
from ..texts import SCHOOL_DOES
from ..workflow import MeetingStatus, Turn
from .one_meeting import opened, show

# Where on a page its answer is shown: a fragment of its address.
QUESTIONS = "vragen"
# The header in which a page that goes on by itself hears of which version it is now.
REVISION = "Meeting-Revision"


@require_safe
@allow(Permission.MEETINGS)
def before(request: SchoolRequest, pk: int) -> HttpResponse:
    """What to think of and to arrange, and what the parent wants to ask."""
    return _before(request, opened(request, pk), QuestionForm())


def _before(request: SchoolRequest, meeting: Meeting, form: QuestionForm) -> HttpResponse:
    """The page, with the question as it was sent."""
    context = {
        "form": form,
        "points": items_for(meeting, Phase.BEFORE, request.membership),
        "points_during": crib(meeting),
        "clashes": clashing(meeting, request.membership),
        "most_questions": preparing.MOST_QUESTIONS,
        "share_with": could_be_shared_with(meeting, request.membership, clock.today()),
    }
    return show(request, "meeting/before", meeting, **_about(meeting), **context)


def _about(meeting: Meeting) -> dict[str, Any]:
    """What stands on every page of `meeting`."""
    return {
        "called": capfirst(meeting_title(meeting)),
        "when": when(meeting.at),
        "practical": practical(meeting),
        "attending": attending(meeting),
        "questions": list(meeting.question_set.all()),
        "areas": SCHOOL_DOES,
    }


@require_safe
@allow(Permission.MEETINGS)
def during(request: SchoolRequest, pk: int) -> HttpResponse:
    """A crib sheet for the pocket; opened once, it needs no connection any more."""
    meeting = opened(request, pk)
    about = _about(meeting)
    context = {
        "sheets": crib_sheets(meeting),
        "open": meeting.state in preparing.OPEN,
        "untils": [localtime(until) for until in ends(meeting)],
        "buddies": sum(each.expected for each in about["attending"]),
        "came_text": _list_follows(True, meeting),
        "stayed_away_text": _list_follows(False, meeting),
    }
    if meeting.state is not MeetingStatus.CANCELLED:
        usual = usual_day(request.school)
        context["promise_form"] = FollowUpForm(kind=FollowUpKind.PROMISE, usual=usual)
    return show(request, "meeting/during", meeting, **about, **context)


@require_safe
@allow(Permission.MEETINGS)
def print_page(request: SchoolRequest, pk: int) -> HttpResponse:
    """Everything on one A4."""
    meeting = opened(request, pk)
    audit.record("meeting.print", meeting, by=request.membership)
    context = {"meeting": meeting} | _about(meeting) | paper(meeting)
    return render(request, "meetings/meeting/print.html", context)


@require_POST
@allow(Permission.MEETINGS)
def tick(request: SchoolRequest, pk: int) -> HttpResponse:
    """A point is done, or not after all; with HTMX only that point comes back."""
    meeting = opened(request, pk)
    form = TickForm(request.POST, own=list_of(meeting.school).arrangement.own)
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
    """It turns out otherwise than planned: the list follows at once (R28). Who was overtaken sees both versions."""
    meeting = opened(request, pk)
    form = TurnForm(request.POST, meeting=meeting)
    if not form.is_valid():
        raise Http404
    fragment = ""
    with attempt(request):
        turn, parent = form.chosen()
        try:
            _turn(request, meeting, turn, parent, form.cleaned_data["revision"])
        except Changed:
            return (
                HttpResponse(status=409) if request.htmx else _both_versions(request, meeting, turn, parent)
            )
        if parent is None:
            fragment = "T10" if meeting.wish_unmet else "T11"
        if request.htmx:  # the page follows by itself, and goes on from here
            meeting.refresh_from_db(fields=["revision"])
            return HttpResponse(status=204, headers={REVISION: meeting.revision})
    return HttpResponse(status=409) if request.htmx else _to(request, "during", meeting, fragment)


def _turn(
    request: SchoolRequest, meeting: Meeting, turn: Turn, parent: MeetingParent | None, revision: int
) -> None:
    by = request.membership
    if parent is None:
        meeting.wish_unmet = turn is Turn.WISH_UNMET
        preparing.wish_turned_out(meeting=meeting, unmet=meeting.wish_unmet, revision=revision, by=by)
        return
    present = turn is Turn.BUDDY_CAME
    preparing.buddy_turned_out(meeting=meeting, parent=parent, present=present, revision=revision, by=by)
    if not request.htmx:
        messages.success(request, _list_follows(present, meeting))


def _both_versions(
    request: SchoolRequest, meeting: Meeting, turn: Turn, parent: MeetingParent | None
) -> HttpResponse:
    """What a colleague changed meanwhile beside what was tapped, and the way to record that after all."""
    fresh = opened(request, meeting.pk)
    return show(
        request,
        "planning/conflict",
        fresh,
        rows=versions_of_turn(fresh, turn, parent),
        form=TurnForm(on_top_of(request.POST, revision=fresh.revision), meeting=fresh),
        reload_url=reverse("meetings:during", args=[request.school.slug, fresh.pk]),
    )


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

"""What happens once two parents are connected: how it goes, rounding off, and taking a consent back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from school import clock
from school.access import SchoolRequest
from school.views.answers import attempt, form_page, posted

from .. import consent_texts
from ..access import coordinators_only
from ..actions import consents
from ..actions import matches as actions
from ..forms.matches import CheckInForm, CompleteForm
from ..models import CheckAnswer, CheckIn, Purpose
from ..reading import conversation
from ..workflow import MatchStatus
from .one_match import back, opened, show, stale


@form_page
@coordinators_only
def complete(request: SchoolRequest, pk: int) -> HttpResponse:
    """A connected match is rounded off."""
    match = opened(request, pk)
    if match.state is not MatchStatus.CONNECTED:
        return stale(request, match)
    form = CompleteForm(posted(request), match=match)
    if form.is_valid():
        with attempt(request):
            outcome = form.cleaned_data["outcome"]
            actions.complete(match=match, outcome=outcome, close_request=form.closes, by=request.membership)
            messages.success(request, _("Rounded off."))
        return back(request, match)
    return show(request, "complete", match, form=form)


@form_page
@coordinators_only
def withdraw(request: SchoolRequest, pk: int, consent: int) -> HttpResponse:
    """The parent or the buddy takes back a consent of this match: one page that says what follows."""
    match = opened(request, pk)
    row = get_object_or_404(match.consents.select_related("parent"), pk=consent)
    if row.withdrawn_at is not None:
        return back(request, match)
    if request.method == "POST":
        with attempt(request):
            consents.withdraw(consent=row, by=request.membership)
            messages.success(request, _("The consent is withdrawn."))
        return back(request, match)
    words = consent_texts.text(Purpose(row.purpose), row.text_version, row.language)
    return show(request, "withdraw", match, consent=row, words=words)


@form_page
@coordinators_only
def checkin(request: SchoolRequest, pk: int) -> HttpResponse:
    """Call the parent or the buddy, and record how it goes."""
    visible = CheckIn.objects.visible_to(request.membership, clock.today())
    call = get_object_or_404(visible, pk=pk)
    match = opened(request, call.match_id)
    if call.done_at is not None:
        return stale(request, match)
    form = CheckInForm(posted(request))
    if form.is_valid():
        with attempt(request):
            actions.record_checkin(checkin=call, answer=form.cleaned_data["answer"], by=request.membership)
            messages.success(request, _checkin_words(form.cleaned_data["answer"]))
        return back(request, match)
    return show(request, "checkin", match, form=form, call=call, person=conversation.person(call, match))


def _checkin_words(answer: CheckAnswer) -> str:
    return {
        CheckAnswer.FINE: _("Written down."),
        CheckAnswer.ATTENTION: _("Written down. You call again in two weeks."),
        CheckAnswer.STOP: _("Written down. Round off the match when you have told the other."),
    }[answer]

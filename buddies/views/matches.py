"""Matches: whom to propose, and every step from a proposal to two parents who help each other."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from school import audit, clock
from school.access import SchoolRequest

from .. import consent_texts
from ..access import coordinators_only
from ..actions import consents
from ..actions import matches as actions
from ..actions.errors import WrongMoment
from ..forms.matches import (
    AllDiscussedForm,
    AnswerForm,
    CheckInForm,
    CompleteForm,
    ConnectForm,
    DidNotProceedForm,
    ProposeForm,
    TipForm,
)
from ..models import (
    Buddy,
    CheckAnswer,
    CheckIn,
    ClickReason,
    EndReason,
    Match,
    Purpose,
    SupportRequest,
    TipGiver,
)
from ..reading import conversation, progress, sentences, timeline
from ..reading.shortlist import shortlist
from ..workflow import LIVE, MatchStatus
from .answers import attempt
from .requests import opened as opened_request

form_page = require_http_methods(["GET", "POST"])


def _opened(request: SchoolRequest, pk: int) -> Match:
    """The match `pk` as this member may see it; looking at a page about it leaves a trace. Raises Http404."""
    visible = Match.objects.visible_to(request.membership, clock.today())
    match = get_object_or_404(
        visible.select_related(
            "parent",
            "buddy__parent",
            "buddy_parent",
            "parent_yes",
            "buddy_yes",
            "school",
            "request__parent",
            "request__child__group",
            "request__group",
            "request__theme",
        ),
        pk=pk,
    )
    if request.method != "POST":
        audit.record("match.look", match, by=request.membership)
    return match


def _sent(request: SchoolRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _to(request: SchoolRequest, match: Match) -> HttpResponse:
    """To the page of `match`; to the list when it is not this member's any more."""
    if Match.objects.visible_to(request.membership, clock.today()).filter(pk=match.pk).exists():
        return redirect("buddies:match", request.school.slug, match.pk)
    return redirect("buddies:matches", request.school.slug)


def _show(request: SchoolRequest, page: str, match: Match, **context: Any) -> HttpResponse:
    return render(request, f"buddies/matches/{page}.html", {"match": match, **context})


# Whom to propose


@form_page
@coordinators_only
def find(request: SchoolRequest, pk: int) -> HttpResponse:
    """Whom to ask for a request, with why and why not; a proposal needs the expectation of a click (R2, R4)."""
    support = opened_request(request, pk)
    live = support.match_set.live().first()
    form = ProposeForm(_sent(request))
    if form.is_valid():
        return _propose(request, support, form)
    if live is not None:
        return redirect("buddies:match", request.school.slug, live.pk)
    if support.closed_at is not None or support.search_consent_id is None:
        return redirect("buddies:request", request.school.slug, support.pk)
    if support.theme is None:
        return render(request, "buddies/matches/find_without_theme.html", {"support": support})
    return _candidates(request, support, form)


def _propose(request: SchoolRequest, support: SupportRequest, form: ProposeForm) -> HttpResponse:
    """Propose the chosen buddy. When that is refused, the same page again with the list as it is now."""
    data, visible = form.cleaned_data, Buddy.objects.visible_to(request.membership, clock.today())
    buddy = get_object_or_404(visible.select_related("parent"), pk=data["buddy"])
    to, pk = "buddies:find", support.pk
    with attempt(request):
        match = actions.propose(
            request=support,
            buddy=buddy,
            click_reasons=data["click_reasons"],
            click_words=data["click_words"],
            by=request.membership,
            submission=data["submission"],
        )
        messages.success(request, _("%(buddy)s is proposed. You now ask the parent.") % {"buddy": buddy})
        to, pk = "buddies:match", match.pk
    return redirect(to, request.school.slug, pk)


def _candidates(request: SchoolRequest, support: SupportRequest, sent: ProposeForm) -> HttpResponse:
    chosen = sent["buddy"].value() if sent.is_bound else request.GET.get("buddy", "")
    number = int(chosen) if str(chosen).isdecimal() else 0
    found = shortlist(support, request.membership, clock.today(), chosen=number)
    cards = [(choice, _form_for(choice.buddy, sent)) for choice in found.first]
    context = {"support": support, "found": found, "cards": cards, "sent": sent}
    return render(request, "buddies/matches/find.html", context)


def _form_for(buddy: Buddy, sent: ProposeForm) -> ProposeForm:
    """The form of one candidate: the one that was sent and is not right yet, or a fresh one."""
    if sent.is_bound and str(sent["buddy"].value()) == str(buddy.pk):
        return sent
    return ProposeForm(initial={"buddy": buddy.pk}, auto_id=f"id_{buddy.pk}_%s")


# One match


@require_safe
@coordinators_only
def matches(request: SchoolRequest) -> HttpResponse:
    """The work list by whose turn it is; those that ended behind a link."""
    ended = request.GET.get("status") == "ended"
    parts = (progress.ended_parts if ended else progress.match_parts)(request.membership, clock.today())
    return render(request, "buddies/matches/list.html", {"parts": parts, "ended": ended})


@require_safe
@coordinators_only
def match_detail(request: SchoolRequest, pk: int) -> HttpResponse:
    """One match: how far it is, and the one next step; or only the card for its buddy, to print."""
    match = _opened(request, pk)
    if "card" in request.GET:
        return _show(request, "card", match)
    return _page(request, match)


def _page(request: SchoolRequest, match: Match, sent: forms.Form | None = None) -> HttpResponse:
    """The page of `match`, with the form that was `sent` and is not right yet."""
    today, agreed = clock.today(), conversation.agreements(match, clock.today())
    formal = request.school.formal_address
    context = {
        "stages": conversation.stages(match),
        "step_page": f"buddies/matches/_step_{match.status}.html",
        "live": match.state in LIVE,
        "can_undo": conversation.can_undo(match, today),
        "agreed": agreed,
        "hand_overs": conversation.hand_overs(match, agreed) if match.state is MatchStatus.CONNECTED else (),
        "reasons": [ClickReason(reason).label for reason in match.click_reasons],
        "events": timeline.of_match(match),
        "checkins": match.checkin_set.order_by("due_on", "pk"),
        "form": sent or _form(match),
        "ending": progress.ending(match) if match.ended_at else "",
    }
    if match.state in (MatchStatus.PROPOSED, MatchStatus.WAITING_FOR_PARENT):
        context |= {
            "tip": sentences.tip_for(match, formal=formal),
            "tip_givers": conversation.tip_givers(match, request.membership, today),
            "name_may_be_told": conversation.name_may_be_told(match, today),
        }
    elif match.state is MatchStatus.WAITING_FOR_BUDDY:
        context["question"] = sentences.question_for_buddy(match.request.theme, formal=formal)
    return _show(request, "detail", match, **context)


def _form(match: Match) -> forms.Form | None:
    """The form of the next step on the page of `match`."""
    if match.state is MatchStatus.AGREED:
        return ConnectForm(match=match, on=clock.today())
    return AnswerForm() if match.state in LIVE and match.state is not MatchStatus.CONNECTED else None


@require_POST
@coordinators_only
def ask_parent(request: SchoolRequest, pk: int) -> HttpResponse:
    """Who tells the parent that somebody is available."""
    match = _opened(request, pk)
    tellers = conversation.tip_givers(match, request.membership, clock.today())
    form = TipForm(request.POST, signallers=tellers)
    if not form.is_valid():
        return _page(request, match)
    giver = form.cleaned_data["tip_giver"]
    with attempt(request):
        actions.ask_parent(match=match, tip_giver=giver, by=request.membership)
        messages.success(
            request,
            _("The colleague who signalled sees the tip and tells the parent.")
            if giver is TipGiver.SIGNALLER
            else _("You tell the parent. Record the answer here."),
        )
    return _to(request, match)


@require_POST
@coordinators_only
def parent_answer(request: SchoolRequest, pk: int) -> HttpResponse:
    """What the parent says. A no has a page of its own, because it ends the match."""
    match = _opened(request, pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, match, form)
    if form.said_no:
        return _why_not(request, match, EndReason.PARENT_NO)
    with attempt(request):
        actions.record_parent_yes(match=match, method=form.cleaned_data["method"], by=request.membership)
        messages.success(
            request, _("The parent said yes. You now ask %(buddy)s.") % {"buddy": match.buddy_parent}
        )
    return _to(request, match)


def _why_not(request: SchoolRequest, match: Match, reason: EndReason) -> HttpResponse:
    page = redirect("buddies:did_not_proceed", request.school.slug, match.pk)
    page["Location"] += f"?reason={reason.value}"
    return page


@require_POST
@coordinators_only
def ask_buddy(request: SchoolRequest, pk: int) -> HttpResponse:
    """The buddy has been asked and thinks about it. Refused before the parent's yes (invariant 2)."""
    match = _opened(request, pk)
    with attempt(request):
        actions.ask_buddy(match=match, by=request.membership)
        messages.success(
            request, _("Written down. Now it is up to %(buddy)s.") % {"buddy": match.buddy_parent}
        )
    return _to(request, match)


@require_POST
@coordinators_only
def buddy_answer(request: SchoolRequest, pk: int) -> HttpResponse:
    """What the buddy says. Refused before the parent's yes (invariant 2)."""
    match = _opened(request, pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, match, form)
    if form.said_no:
        return _why_not(request, match, EndReason.BUDDY_NO)
    with attempt(request):
        actions.record_buddy_yes(match=match, method=form.cleaned_data["method"], by=request.membership)
        messages.success(request, _("Both said yes. You now bring them together."))
    return _to(request, match)


@form_page
@coordinators_only
def connect(request: SchoolRequest, pk: int) -> HttpResponse:
    """How the two meet, and what each agrees to for it."""
    match = _opened(request, pk)
    form = ConnectForm(_sent(request), match=match, on=clock.today())
    if form.is_valid():
        with attempt(request):
            actions.connect(
                match=match,
                connection=form.connection(),
                method=form.cleaned_data["method"],
                by=request.membership,
            )
            messages.success(request, _("They are connected. In a few weeks you ask both how it goes."))
        return _to(request, match)
    if match.state is not MatchStatus.AGREED:
        return _stale(request, match)
    return _show(request, "connect", match, form=form)


def _stale(request: SchoolRequest, match: Match) -> HttpResponse:
    """The page of this step makes no sense now: somebody took it, or one before it is still to be taken."""
    messages.error(request, str(WrongMoment.message))
    return _to(request, match)


@form_page
@coordinators_only
def all_discussed(request: SchoolRequest, pk: int) -> HttpResponse:
    """Parent and buddy have said yes already: everything on one screen."""
    match = _opened(request, pk)
    if MatchStatus.CONNECTED not in _ahead(match):
        return _stale(request, match)
    form = AllDiscussedForm(_sent(request), match=match, on=clock.today())
    if form.is_valid():
        with attempt(request):
            actions.all_discussed(
                match=match,
                connection=form.connection(),
                method=form.cleaned_data["method"],
                by=request.membership,
            )
            messages.success(request, _("They are connected. In a few weeks you ask both how it goes."))
        return _to(request, match)
    return _show(request, "all_discussed", match, form=form)


def _ahead(match: Match) -> tuple[MatchStatus, ...]:
    """The statuses a live match has still to come to."""
    return LIVE[LIVE.index(match.state) + 1 :] if match.state in LIVE else ()


@form_page
@coordinators_only
def did_not_proceed(request: SchoolRequest, pk: int) -> HttpResponse:
    """The match ends before the two were connected, and why."""
    match = _opened(request, pk)
    if MatchStatus.CONNECTED not in _ahead(match):
        return _stale(request, match)
    form = DidNotProceedForm(_sent(request), match=match, reason=request.GET.get("reason", ""))
    if form.is_valid():
        with attempt(request):
            actions.did_not_proceed(match=match, reason=form.cleaned_data["reason"], by=request.membership)
            messages.success(request, _("Written down. The question is searching again."))
        return redirect("buddies:request", request.school.slug, match.request_id)
    return _show(request, "did_not_proceed", match, form=form)


@require_POST
@coordinators_only
def undo(request: SchoolRequest, pk: int) -> HttpResponse:
    """Take the last step back, while nobody outside the school has heard of it."""
    match = _opened(request, pk)
    with attempt(request):
        actions.undo(match=match, by=request.membership)
        messages.success(request, _("The last step is taken back."))
    return _to(request, match)


@form_page
@coordinators_only
def complete(request: SchoolRequest, pk: int) -> HttpResponse:
    """A connected match is rounded off."""
    match = _opened(request, pk)
    if match.state is not MatchStatus.CONNECTED:
        return _stale(request, match)
    form = CompleteForm(_sent(request), match=match)
    if form.is_valid():
        with attempt(request):
            outcome = form.cleaned_data["outcome"]
            actions.complete(match=match, outcome=outcome, close_request=form.closes, by=request.membership)
            messages.success(request, _("Rounded off."))
        return _to(request, match)
    return _show(request, "complete", match, form=form)


@form_page
@coordinators_only
def withdraw(request: SchoolRequest, pk: int, consent: int) -> HttpResponse:
    """The parent or the buddy takes back a consent of this match: one page that says what follows."""
    match = _opened(request, pk)
    row = get_object_or_404(match.consents.select_related("parent"), pk=consent)
    if row.withdrawn_at is not None:
        return _to(request, match)
    if request.method == "POST":
        with attempt(request):
            consents.withdraw(consent=row, by=request.membership)
            messages.success(request, _("The consent is withdrawn."))
        return _to(request, match)
    words = consent_texts.text(Purpose(row.purpose), row.text_version, row.language)
    return _show(request, "withdraw", match, consent=row, words=words)


@form_page
@coordinators_only
def checkin(request: SchoolRequest, pk: int) -> HttpResponse:
    """Call the parent or the buddy, and record how it goes."""
    visible = CheckIn.objects.visible_to(request.membership, clock.today())
    call = get_object_or_404(visible, pk=pk)
    match = _opened(request, call.match_id)
    if call.done_at is not None:
        return _stale(request, match)
    form = CheckInForm(_sent(request))
    if form.is_valid():
        with attempt(request):
            actions.record_checkin(checkin=call, answer=form.cleaned_data["answer"], by=request.membership)
            messages.success(request, _checkin_words(form.cleaned_data["answer"]))
        return _to(request, match)
    return _show(request, "checkin", match, form=form, call=call, person=conversation.person(call, match))


def _checkin_words(answer: CheckAnswer) -> str:
    return {
        CheckAnswer.FINE: _("Written down."),
        CheckAnswer.ATTENTION: _("Written down. You call again in two weeks."),
        CheckAnswer.STOP: _("Written down. Round off the match when you have told the other."),
    }[answer]

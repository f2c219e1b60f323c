"""Matches: whom to propose, and every step from a proposal to two parents who are connected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from school import audit, clock, paging
from school.access import SchoolRequest
from school.converters import key_of
from school.views.answers import attempt, form_page, posted

from ..access import coordinators_only
from ..actions import matches as actions
from ..actions.errors import WrongMoment
from ..forms.matches import (
    AllDiscussedForm,
    AnswerForm,
    ConnectForm,
    DidNotProceedForm,
    ProposeForm,
    TipForm,
)
from ..forms.opinions import KeepApartForm
from ..models import (
    Buddy,
    ClickReason,
    EndReason,
    Match,
    SupportRequest,
    TipGiver,
    Verdict,
)
from ..reading import conversation, lists, progress, sentences, timeline
from ..reading.opinions import Opinion, kept_apart, opinions
from ..reading.shortlist import Choice, shortlist
from ..workflow import LIVE, MatchStatus
from .one_match import back, opened, show, stale
from .requests import opened as opened_request

Form = TypeVar("Form", bound=forms.Form)

# Whom to propose


@form_page
@coordinators_only
def find(request: SchoolRequest, pk: int) -> HttpResponse:
    """Whom to ask for a request, with why and why not; a proposal needs the expectation of a click (R2, R4)."""
    support = opened_request(request, pk)
    form = ProposeForm(posted(request))
    if form.is_valid():
        return _propose(request, support, form)
    return elsewhere(request, support) or candidates(request, support, form)


def elsewhere(request: SchoolRequest, support: SupportRequest) -> HttpResponse | None:
    """The answer when there is nobody to look for now; None when there is."""
    if support.state in ("matching", "connected"):
        live = support.match_set.live().get()
        return redirect("buddies:match", request.school.slug, live.pk)
    if support.closed_at is not None or support.search_consent_id is None:
        return redirect("buddies:request", request.school.slug, support.pk)
    if support.theme is None:
        audit.record("request.look", support, by=request.membership)
        return render(request, "buddies/matches/find_without_theme.html", {"support": support})
    return None


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


@dataclass(frozen=True)
class Card:
    """One candidate: why, what colleagues think, and the forms to propose them or not."""

    choice: Choice
    form: ProposeForm
    opinion: Opinion
    apart: KeepApartForm


def candidates(
    request: SchoolRequest,
    support: SupportRequest,
    sent: ProposeForm | None = None,
    apart: KeepApartForm | None = None,
) -> HttpResponse:
    """The page of the candidates, with a form that is not right yet: the proposal that was `sent`, or the one that
    keeps two `apart`."""
    today, member = clock.today(), request.membership
    bound = next((form for form in (sent, apart) if form is not None and form.is_bound), None)
    chosen = bound["buddy"].value() if bound is not None else request.GET.get("buddy", "")
    audit.record("request.look", support, by=member)
    found = shortlist(support, member, today, key_of(chosen), request.GET.get(paging.PARAMETER))
    said = opinions(support, member)
    cards = [
        Card(
            choice,
            _form_for(ProposeForm, choice.buddy, sent),
            said.get(choice.buddy.pk, Opinion()),
            _form_for(KeepApartForm, choice.buddy, apart),
        )
        for choice in found.first
    ]
    context = {
        "support": support,
        "found": found,
        "pages": found.pages,
        "cards": cards,
        "sent": bound,
        "kept_apart": kept_apart(support, member, today),
        "verdicts": Verdict.choices,
    }
    return render(request, "buddies/matches/find.html", context)


def _form_for(kind: type[Form], buddy: Buddy, sent: Form | None) -> Form:
    """The form of one candidate: the one that was sent and is not right yet, or a fresh one."""
    if sent is not None and sent.is_bound and str(sent["buddy"].value()) == str(buddy.pk):
        return sent
    name = "" if kind is ProposeForm else "apart_"
    return kind(initial={"buddy": buddy.pk}, auto_id=f"id_{name}{buddy.pk}_%s")


# One match


@require_safe
@coordinators_only
def matches(request: SchoolRequest) -> HttpResponse:
    """The work list by whose turn it is; those that ended behind a link."""
    ended = request.GET.get("status") == "ended"
    read = lists.ended_list if ended else lists.match_list
    found = read(request.membership, clock.today(), request.GET.get(paging.PARAMETER))
    context = {"parts": found.parts, "pages": found.pages, "ended": ended}
    return render(request, "buddies/matches/list.html", context)


@require_safe
@coordinators_only
def match_detail(request: SchoolRequest, pk: int) -> HttpResponse:
    """One match: how far it is, and the one next step; or only the card for its buddy, to print."""
    match = opened(request, pk)
    if "card" in request.GET:
        return show(request, "card", match)
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
        "hand_overs": conversation.hand_overs(match, agreed),
        "reasons": [ClickReason(reason).label for reason in match.click_reasons],
        "events": timeline.of_match(match),
        "checkins": conversation.checkins(match),
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
    return show(request, "detail", match, **context)


def _form(match: Match) -> forms.Form | None:
    """The form of the next step on the page of `match`."""
    if match.state is MatchStatus.AGREED:
        return ConnectForm(match=match, on=clock.today())
    return AnswerForm() if match.state in LIVE and match.state is not MatchStatus.CONNECTED else None


@require_POST
@coordinators_only
def ask_parent(request: SchoolRequest, pk: int) -> HttpResponse:
    """Who tells the parent that somebody is available."""
    match = opened(request, pk)
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
    return back(request, match)


@require_POST
@coordinators_only
def parent_answer(request: SchoolRequest, pk: int) -> HttpResponse:
    """What the parent says. A no has a page of its own, because it ends the match."""
    match = opened(request, pk)
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
    return back(request, match)


def _why_not(request: SchoolRequest, match: Match, reason: EndReason) -> HttpResponse:
    page = redirect("buddies:did_not_proceed", request.school.slug, match.pk)
    page["Location"] += f"?reason={reason.value}"
    return page


@require_POST
@coordinators_only
def ask_buddy(request: SchoolRequest, pk: int) -> HttpResponse:
    """The buddy has been asked and thinks about it. Refused before the parent's yes (invariant 2)."""
    match = opened(request, pk)
    with attempt(request):
        actions.ask_buddy(match=match, by=request.membership)
        messages.success(
            request, _("Written down. Now it is up to %(buddy)s.") % {"buddy": match.buddy_parent}
        )
    return back(request, match)


@require_POST
@coordinators_only
def buddy_answer(request: SchoolRequest, pk: int) -> HttpResponse:
    """What the buddy says. Refused before the parent's yes (invariant 2)."""
    match = opened(request, pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, match, form)
    if form.said_no:
        return _why_not(request, match, EndReason.BUDDY_NO)
    with attempt(request):
        actions.record_buddy_yes(match=match, method=form.cleaned_data["method"], by=request.membership)
        messages.success(request, _("Both said yes. You now bring them together."))
    return back(request, match)


@form_page
@coordinators_only
def connect(request: SchoolRequest, pk: int) -> HttpResponse:
    """How the two meet, and what each agrees to for it."""
    match = opened(request, pk)
    form = ConnectForm(posted(request), match=match, on=clock.today())
    if form.is_valid():
        with attempt(request):
            actions.connect(
                match=match,
                connection=form.connection(),
                method=form.cleaned_data["method"],
                by=request.membership,
            )
            messages.success(request, _("They are connected. In a few weeks you ask both how it goes."))
        return back(request, match)
    if match.state is not MatchStatus.AGREED:
        return stale(request, match)
    return show(request, "connect", match, form=form)


@form_page
@coordinators_only
def all_discussed(request: SchoolRequest, pk: int) -> HttpResponse:
    """Parent and buddy have said yes already: everything on one screen."""
    match = opened(request, pk)
    if MatchStatus.CONNECTED not in _ahead(match):
        return stale(request, match)
    form = AllDiscussedForm(posted(request), match=match, on=clock.today())
    if form.is_valid():
        with attempt(request):
            actions.all_discussed(
                match=match,
                connection=form.connection(),
                method=form.cleaned_data["method"],
                by=request.membership,
            )
            messages.success(request, _("They are connected. In a few weeks you ask both how it goes."))
        return back(request, match)
    return show(request, "all_discussed", match, form=form)


def _ahead(match: Match) -> tuple[MatchStatus, ...]:
    """The statuses a live match has still to come to."""
    return LIVE[LIVE.index(match.state) + 1 :] if match.state in LIVE else ()


@form_page
@coordinators_only
def did_not_proceed(request: SchoolRequest, pk: int) -> HttpResponse:
    """The match ends before the two were connected, and why."""
    match = opened(request, pk)
    if MatchStatus.CONNECTED not in _ahead(match):
        return stale(request, match)
    form = DidNotProceedForm(posted(request), match=match, reason=request.GET.get("reason", ""))
    if form.is_valid():
        with attempt(request):
            actions.did_not_proceed(match=match, reason=form.cleaned_data["reason"], by=request.membership)
            messages.success(request, _("Written down. The question is searching again."))
        return redirect("buddies:request", request.school.slug, match.request_id)
    return show(request, "did_not_proceed", match, form=form)


@require_POST
@coordinators_only
def undo(request: SchoolRequest, pk: int) -> HttpResponse:
    """Take the last step back, while nobody outside the school has heard of it: the step that led to the `status` on
    the page, so that two taps, or two colleagues, do not take back two."""
    match = opened(request, pk)
    with attempt(request):
        if request.POST.get("status") != match.status:
            raise WrongMoment
        actions.undo(match=match, by=request.membership)
        messages.success(request, _("The last step is taken back."))
    return back(request, match)

"""For every colleague: signal a parent, propose a buddy, and what became of it.

Nothing here shows whether the school knew a parent already, who a buddy is, or how a request ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from school import audit, clock, paging
from school.access import SchoolRequest, allow
from school.models import Membership
from school.roles import Permission
from school.views.answers import attempt, form_page, posted

from .. import consent_texts
from ..actions import matches, pool, requests
from ..forms.signals import (
    NO,
    NOT_YET,
    TAKE_BACK,
    TALK,
    YES,
    AboutForm,
    DiscussedForm,
    NominateForm,
    SignalForm,
    TipForm,
)
from ..languages import spoken
from ..models import Buddy, BuiltIn, DoNotAsk, EndReason, Match, Purpose, Signal, Theme
from ..naming import group_name
from ..workflow import BuddyStatus, MatchStatus

_ABOUT = ("request__parent", "request__child__group", "request__group")
# What a line of Mijn signalen reads; of the parent nothing but how this colleague called them.
_FOLLOWED = (
    "called",
    "at",
    "submission",
    "request__submission",
    "request__search_consent",
    "request__closed_at",
    "request__taken_up_at",
    "request__forget_on",
    "request__child__group__name",
    "request__group__name",
)
_TIP = (*_ABOUT, "request__theme", "parent", "buddy_parent", "recorded_by__user")


@form_page
@allow(Permission.SIGNAL)
def signal(request: SchoolRequest) -> HttpResponse:
    """A parent who could use support (R9), and beside it whether there is somebody for each theme (R3)."""
    themes = list(request.school.theme_set.in_use())
    form = SignalForm(themes=themes, **_sent(request))
    if _is_answer(request, form) and form.is_valid():
        with attempt(request, form):
            messages.success(request, _signalled(form, request))
            return redirect("buddies:own_signals", request.school.slug)
    return _form_page(request, form, "signal", availability=_availability(themes, request))


def _signalled(form: SignalForm, request: SchoolRequest) -> str:
    """Store the signal. Gives who acts next; the words are the same whether or not we knew the parent."""
    by, submission, about = request.membership, form.cleaned_data["submission"], form.about()
    if form.cleaned_data["asked"] == NOT_YET:
        made = requests.signal(about=about, wanted=None, by=by, submission=submission)
        return _("Kept until %(day)s. First discuss it with the parent.") % {
            "day": _day(made.request.forget_on)
        }
    wanted = form.wanted()
    if wanted is None:
        return _refused(requests.refuse(about=about, by=by, submission=submission))
    requests.signal(about=about, wanted=wanted, by=by, submission=submission)
    return _next_hand(wanted.theme, by)


@form_page
@allow(Permission.SIGNAL)
def nominate(request: SchoolRequest) -> HttpResponse:
    """A parent who could be a buddy (R8)."""
    form = NominateForm(themes=request.school.theme_set.in_use(), **_sent(request))
    if _is_answer(request, form) and form.is_valid():
        with attempt(request, form):
            messages.success(request, _nominated(form, request.membership))
            return redirect("buddies:own_signals", request.school.slug)
    return _form_page(request, form, "nominate")


def _nominated(form: NominateForm, by: Membership) -> str:
    """Store what the parent agreed to, or who could be asked. Gives who acts next."""
    parent, child, submission = form.parent_details(), form.chosen_child, form.cleaned_data["submission"]
    if form.cleaned_data["asked"] == NOT_YET:
        buddy = pool.suggest(details=parent, child=child, by=by, submission=submission)
        return _("Kept until %(day)s. First ask the parent.") % {"day": _day(buddy.forget_on)}
    if form.cleaned_data["asked"] != YES:
        return _("Thank you for asking. We keep nothing of it.")
    answers = form.answers()
    pool.add_buddy(
        parent=parent,
        child=child,
        offer=pool.Offer(),
        answers=answers,
        by=by,
        submission=submission,
        taken_up=False,
    )
    themes = list(answers.experiences)
    return _next_hand(themes[0] if len(themes) == 1 else None, by)


def _sent(request: SchoolRequest) -> dict[str, Any]:
    """What the forms about a parent are made from: what was typed, by whom, and the group in the address."""
    return {
        "data": posted(request),
        "membership": request.membership,
        "on": clock.today(),
        "group": request.GET.get("group", ""),
    }


def _is_answer(request: SchoolRequest, form: AboutForm) -> bool:
    """Whether the form was sent to be stored. Without JavaScript a button asks for the children of another group:
    then what was typed stays on the page, nothing is kept and nothing is judged."""
    if request.method == "POST" and "choose_group" in request.POST:
        form.forget_errors()
        return False
    return request.method == "POST"


def _availability(themes: Iterable[Theme], request: SchoolRequest) -> list[tuple[Theme, bool]]:
    someone = Buddy.objects.themes_with_someone(request.school, clock.today())
    return [(theme, theme.pk in someone) for theme in themes]


def _form_page(request: SchoolRequest, form: AboutForm, page: str, **more: Any) -> HttpResponse:
    """The whole page, or only the children of the chosen group when another group is swapped in."""
    template = "_child" if request.htmx else page
    texts = {
        "search_text": consent_texts.text(Purpose.SEARCH),
        "share_text": consent_texts.text(Purpose.SHARE_EXPERIENCE),
        "name_text": consent_texts.text(Purpose.DISCLOSE_NAME),
    }
    return render(request, f"buddies/signals/{template}.html", {"form": form, **texts, **more})


@require_safe
@allow(Permission.SIGNAL)
def own_signals(request: SchoolRequest) -> HttpResponse:
    """Mijn signalen: the tips to give, what is still to be discussed, and where the rest stands."""
    by, today = request.membership, clock.today()
    mine = Signal.objects.of(by, today)
    tips = Match.objects.tips_of(by).select_related(*_TIP).order_by("changed_at", "pk")
    answered = Match.objects.answered_by(by, today).select_related(*_TIP).order_by("changed_at", "pk")
    signals = list(mine.values_list("pk", "request__search_consent"))
    rows: list[tuple[str, Any]] = [
        *(("tips", match) for match in tips),
        *(("undiscussed", pk) for pk, consent in signals if consent is None),
        *(("discussed", pk) for pk, consent in signals if consent is not None),
        *(("nominated", buddy) for buddy in Buddy.objects.nominated_by(by, today)),
    ]
    pages = paging.page(rows, request.GET.get(paging.PARAMETER))
    shown = {kind: [each for other, each in pages if other == kind] for kind, _each in rows}
    followed = {
        signal.pk: _followed(signal)
        for signal in mine.filter(pk__in=[*shown.get("undiscussed", ()), *shown.get("discussed", ())])
        .select_related("request__child__group", "request__group")
        .only(*_FOLLOWED)
    }
    context = {
        "pages": pages,
        "tips": [_tip(match) for match in shown.get("tips", ())],
        "answered": [_tip(match) for match in answered],
        "undiscussed": [followed[pk] for pk in shown.get("undiscussed", ()) if pk in followed],
        "discussed": [followed[pk] for pk in shown.get("discussed", ()) if pk in followed],
        "nominated": [_nomination(buddy) for buddy in shown.get("nominated", ())],
    }
    return render(request, "buddies/signals/own_signals.html", context)


@form_page
@allow(Permission.SIGNAL)
def discussed(request: SchoolRequest, pk: int) -> HttpResponse:
    """An own signal has been discussed with the parent: what do they want? `pk` is the request's."""
    found = Signal.objects.of(request.membership, clock.today()).undiscussed().filter(request=pk)
    about = found.select_related(*_ABOUT).first()
    themes = list(request.school.theme_set.in_use())
    data = posted(request)
    form = DiscussedForm(
        data, themes=themes, initial={"submission": about.request.submission if about else None}
    )
    if about is None:
        return _discussed_before(request, form, pk)
    if request.method == "POST" and form.is_valid():
        with attempt(request, form):
            requests.discussed(request=about.request, wanted=form.wanted(), by=request.membership)
            return _discussed_answer(request, form)
    audit.record("request.look", about.request, by=request.membership)
    context = {"form": form, "about": _followed(about), "search_text": consent_texts.text(Purpose.SEARCH)}
    return render(request, "buddies/signals/discussed.html", context)


def _discussed_answer(request: SchoolRequest, form: DiscussedForm) -> HttpResponse:
    wanted = form.wanted()
    refusal = DoNotAsk.objects.sent_as(form.cleaned_data["submission"], request.membership).first()
    words = _refused(refusal) if wanted is None else _next_hand(wanted.theme, request.membership)
    messages.success(request, words)
    return redirect("buddies:own_signals", request.school.slug)


def _discussed_before(request: SchoolRequest, form: DiscussedForm, pk: int) -> HttpResponse:
    """The same answer once more when it was sent twice. Raises Http404 for all else."""
    if request.method == "POST" and form.is_valid():
        own = Signal.objects.of(request.membership, clock.today()).filter(request=pk)
        said_yes = own.filter(request__search_consent__recorded_by=request.membership).exists()
        said_no = DoNotAsk.objects.sent_as(form.cleaned_data["submission"], request.membership).exists()
        if said_yes if form.wanted() is not None else said_no:
            return _discussed_answer(request, form)
    raise Http404


@form_page
@allow(Permission.SIGNAL)
def tip(request: SchoolRequest, pk: int) -> HttpResponse:
    """Tell the parent that there is somebody, and write down the answer. Nothing of the buddy is on this page."""
    by = request.membership
    match = Match.objects.tips_of(by).filter(pk=pk).select_related(*_TIP).first()
    form = TipForm(posted(request))
    if match is None:
        return _answered_before(request, form, pk)
    if request.method == "POST" and form.is_valid():
        with attempt(request):
            _record_answer(match, form, by)
            messages.success(request, _answer_words(match, form, by))
        return redirect("buddies:own_signals", request.school.slug)
    audit.record("match.look", match, by=by)
    return render(request, "buddies/signals/tip.html", {"tip": _tip(match), "form": form})


def _record_answer(match: Match, form: TipForm, by: Membership) -> None:
    if form.cleaned_data["answer"] == YES:
        matches.record_parent_yes(match=match, method=form.said_how(), by=by)
    elif form.cleaned_data["answer"] == NO:
        matches.did_not_proceed(match=match, reason=EndReason.PARENT_NO, by=by)


def _answer_words(match: Match, form: TipForm, by: Membership) -> str:
    """Who acts next. Yes and no get the same words: what comes of it is not the signaller's to follow."""
    answer = form.cleaned_data["answer"]
    if answer == TALK:
        return _("Agree on a moment to talk. The tip stays here in My signals.")
    if answer == TAKE_BACK:
        return _("Taken back. The tip is in the list again.")
    return _yours() if match.recorded_by == by else _somebody_else(str(match.recorded_by))


def _answered_before(request: SchoolRequest, form: TipForm, pk: int) -> HttpResponse:
    """An answer that was sent twice, comes too late or is taken back. Raises Http404 for all else."""
    by = request.membership
    match = Match.objects.told_by(by).filter(pk=pk).select_related("recorded_by__user").first()
    if match is None or request.method != "POST" or not form.is_valid():
        raise Http404
    answer, mine = form.cleaned_data["answer"], Match.objects.answered_by(by, clock.today()).filter(pk=pk)
    if answer == TAKE_BACK and mine.exists():
        with attempt(request):
            matches.undo(match=match, by=by)
            messages.success(request, _answer_words(match, form, by))
    elif mine.exclude(parent_yes=None).exists() if answer == YES else answer == NO and mine.exists():
        messages.success(request, _answer_words(match, form, by))
    else:
        messages.info(request, _("What this parent said has been written down already."))
    return redirect("buddies:own_signals", request.school.slug)


@dataclass(frozen=True)
class Followed:
    """A line of Mijn signalen. `number` is the primary key its next step needs, `goes` the day it is forgotten, `child`
    the primary key (as it stands in an address) of the child of the class list that this member signalled."""

    number: int
    title: str
    detail: str
    since: date
    status: str
    goes: date | None = None
    child: str = ""


@dataclass(frozen=True)
class Tip:
    """What a colleague may know to tell a parent: whom, and which language the two share if it is about language."""

    number: int
    title: str
    language: str
    said_no: bool


def _followed(signal: Signal) -> Followed:
    request = signal.request
    status = "finished" if request.closed_at else "taken_up" if request.taken_up_at else "received"
    # When it joined a colleague's signal about the same parent, the child may be another: that is theirs to know.
    own = signal.submission == request.submission
    detail = group_name(request) if own else ""
    child = str(request.child_id or "") if own else ""
    return Followed(request.pk, signal.called, detail, localdate(signal.at), status, request.forget_on, child)


def _tip(match: Match) -> Tip:
    request, language = match.request, ""
    if request.theme is not None and request.theme.code == BuiltIn.LANGUAGE:
        shared = spoken(match.parent.spoken & match.buddy_parent.spoken - {"nl"})
        language = get_text_list([str(each.called) for each in shared], _("and"))
    said_no = match.state is MatchStatus.DID_NOT_PROCEED
    return Tip(match.pk, match.called, language, said_no)


def _nomination(buddy: Buddy) -> Followed:
    status = (
        "to_ask" if buddy.status == BuddyStatus.SUGGESTED else "taken_up" if buddy.taken_up_at else "received"
    )
    return Followed(buddy.pk, buddy.called, "", localdate(buddy.created_at), status, buddy.forget_on)


def _next_hand(theme: Theme | None, by: Membership) -> str:
    """Who goes on with it: who arranges the theme, or else the intern begeleider."""
    arranger = theme.arranged_by(clock.today()) if theme else None
    if by == arranger or (arranger is None and by.may(Permission.ALL_THEMES)):
        return _yours()
    return _somebody_else(str(arranger)) if arranger else _somebody_else(_("The intern begeleider"))


def _somebody_else(name: str) -> str:
    return _("Thank you. %(name)s goes on with it. You need not do anything now.") % {"name": name}


def _yours() -> str:
    return _("Thank you. This is yours to go on with: you find it on Today.")


def _refused(refusal: DoNotAsk | None) -> str:
    if refusal is None:
        return _("Thank you. Nothing else is kept.")
    day = date_format(refusal.until, "j F Y")
    return _("Thank you. We only keep that we do not ask this parent again before %(day)s.") % {"day": day}


def _day(day: date | None) -> str:
    return date_format(day, "j F") if day else ""

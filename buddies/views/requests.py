"""Requests: the work list, and everything about one until a match takes over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from school import audit, clock, paging
from school.access import SchoolRequest
from school.actions import update_parent
from school.conflicts import on_top_of, versions
from school.views.answers import attempt, form_page, posted

from .. import consent_texts
from ..access import coordinators_only
from ..actions import consents
from ..actions import requests as actions
from ..forms.parents import ParentForm, details_of, fingerprint
from ..forms.requests import CloseForm, LinkForm, ParentSearchForm, ThemeForm
from ..forms.signals import DiscussedForm
from ..models import DoNotAsk, Match, Purpose, SupportRequest, themes_in_use
from ..reading import lists, progress, recognition, timeline
from ..reading.access import could_be_shared_with


def opened(request: SchoolRequest, pk: int) -> SupportRequest:
    """The request `pk` as this member may see it. Raises Http404."""
    visible = SupportRequest.objects.visible_to(request.membership, clock.today()).with_state()
    return get_object_or_404(
        visible.select_related(
            "parent__background__consent",
            "child__group",
            "group",
            "theme",
            "search_consent__recorded_by__user",
            "school",
        ),
        pk=pk,
    )


def back(request: SchoolRequest, support: SupportRequest) -> HttpResponse:
    """To the page of `support`; to the list when it is gone, or is not this member's any more."""
    visible = SupportRequest.objects.visible_to(request.membership, clock.today())
    if visible.filter(pk=support.pk).exists():
        return redirect("buddies:request", request.school.slug, support.pk)
    return redirect("buddies:requests", request.school.slug)


def _sent(request: SchoolRequest) -> Any:
    return posted(request)


def _show(request: SchoolRequest, page: str, support: SupportRequest, **context: Any) -> HttpResponse:
    """Who sees a page leaves a trace: that they looked, or that they searched on it."""
    audit.record("parent.search" if "found" in context else "request.look", support, by=request.membership)
    return render(request, f"buddies/requests/{page}.html", {"support": support, **context})


@require_safe
@coordinators_only
def requests(request: SchoolRequest) -> HttpResponse:
    """The work list: open requests by state; closed ones behind a link."""
    today, only = clock.today(), request.GET.get("status", "")
    only = only if only in {*progress.STATES, progress.CLOSED} else ""
    found = lists.request_list(request.membership, today, only, request.GET.get(paging.PARAMETER))
    context = {
        "parts": found.parts,
        "pages": found.pages,
        "counts": found.counts,
        "only": only,
        "to_distribute": sum(n for state, _heading, n in found.counts if state in progress.SOUGHT) > 1,
    }
    return render(request, "buddies/requests/list.html", context)


@require_safe
@coordinators_only
def request_detail(request: SchoolRequest, pk: int) -> HttpResponse:
    """One request: who, what about, what happened, and the next step."""
    support, today = opened(request, pk), clock.today()
    visible = Match.objects.visible_to(request.membership, today).filter(request=support)
    matches = list(visible.with_next_call().select_related("buddy_parent").order_by("-proposed_at", "-pk"))
    context: dict[str, Any] = {
        "matches": [(match, progress.standing(match, today)) for match in matches],
        "live": next((match for match in matches if match.ended_at is None), None),
        "signals": list(support.signal_set.select_related("recorded_by__user").order_by("at", "pk")),
        "events": timeline.of_request(support, visible),
        "background": recognition.background(support.parent, today),
        "share_with": could_be_shared_with(support, request.membership, today),
        "refusal": DoNotAsk.objects.about(support, today).first(),
    }
    if support.linked_at is None and support.search_consent_id and support.closed_at is None:
        context |= _who_is_it(request, support)
    return _show(request, "detail", support, **context)


def _who_is_it(request: SchoolRequest, support: SupportRequest) -> dict[str, Any]:
    """Who the typed parent could be, and who was found by name."""
    today = clock.today()
    context: dict[str, Any] = {
        "suggestions": recognition.suggestions(support, request.membership, today),
        "search_form": ParentSearchForm(request.GET or None),
    }
    form = context["search_form"]
    if form.is_valid() and form.cleaned_data["q"]:
        context["found"] = recognition.search(form.cleaned_data["q"], support, request.membership, today)
    return context


@form_page
@coordinators_only
def link_parent(request: SchoolRequest, pk: int) -> HttpResponse:
    """Say which parent the typed one is: one we know, or nobody we knew."""
    support = opened(request, pk)
    form = LinkForm(_sent(request))
    if not form.is_valid():
        return redirect("buddies:request", request.school.slug, support.pk)
    with attempt(request):
        if form.cleaned_data["parent"] is None:
            actions.confirm_parent(request=support, by=request.membership)
        else:
            known = recognition.could_be(support, request.membership, clock.today())
            parent = get_object_or_404(known, pk=form.cleaned_data["parent"])
            support = actions.link_parent(request=support, parent=parent, by=request.membership)
        messages.success(request, _("It is written down which parent this is."))
    return back(request, support)


@form_page
@coordinators_only
def edit_parent(request: SchoolRequest, pk: int) -> HttpResponse:
    """The parent's name, languages and how to reach them. Who saves over a colleague's change sees both versions."""
    support = opened(request, pk)
    form = ParentForm(_sent(request), parent=support.parent)
    if form.is_valid() and form.outdated:
        yours = ParentForm(on_top_of(request.POST, seen=fingerprint(support.parent)), parent=support.parent)
        rows = versions(form, vars(details_of(support.parent)))
        return _show(request, "parent_changed", support, form=yours, rows=rows)
    if form.is_valid():
        update_parent(parent=support.parent, details=form.details(), by=request.membership)
        messages.success(request, _("Saved."))
        return back(request, support)
    return _show(request, "parent", support, form=form)


@form_page
@coordinators_only
def choose_theme(request: SchoolRequest, pk: int) -> HttpResponse:
    """What the request is about, its note and the parent's wish."""
    support, member = opened(request, pk), request.membership
    themes = themes_in_use(member)
    form = ThemeForm(_sent(request), request=support, themes=themes, membership=member, on=clock.today())
    if form.is_valid():
        with attempt(request, form):
            actions.choose_theme(request=support, wanted=form.wanted(), by=member)
            messages.success(request, _("Saved."))
            return back(request, support)
    return _show(request, "theme", support, form=form)


@form_page
@coordinators_only
def discussed(request: SchoolRequest, pk: int) -> HttpResponse:
    """It has been discussed with the parent after all: they want us to look, or they do not."""
    support, member = opened(request, pk), request.membership
    if support.search_consent_id is not None:
        return back(request, support)
    form = DiscussedForm(_sent(request), themes=themes_in_use(member))
    if form.is_valid():
        with attempt(request, form):
            wanted = form.wanted()
            actions.discussed(request=support, wanted=wanted, by=member)
            messages.success(request, _discussed_words(wanted))
            return back(request, support)
    return _show(request, "discussed", support, form=form, search_text=consent_texts.text(Purpose.SEARCH))


def _discussed_words(wanted: actions.Wanted | None) -> str:
    if wanted is None:
        return _("Written down. The signal is erased; we do not ask this parent again for a year.")
    return _("Written down. Now you can look for a buddy.")


@form_page
@coordinators_only
def close(request: SchoolRequest, pk: int) -> HttpResponse:
    """The request ends without a match under way."""
    support = opened(request, pk)
    form = CloseForm(_sent(request))
    if form.is_valid():
        with attempt(request, form):
            actions.close(request=support, reason=form.cleaned_data["reason"], by=request.membership)
            messages.success(request, _("Closed. The colleague who signalled sees that it is done."))
            return back(request, support)
    return _show(request, "close", support, form=form)


@form_page
@coordinators_only
def withdraw(request: SchoolRequest, pk: int) -> HttpResponse:
    """The parent does not want us to look any more: one page that says what goes, and it goes."""
    support = opened(request, pk)
    consent = support.search_consent
    if consent is None or consent.withdrawn_at is not None:
        return back(request, support)
    if request.method == "POST":
        with attempt(request):
            consents.withdraw(consent=consent, by=request.membership)
            messages.success(request, _("Erased. We do not look any further for this parent."))
        return back(request, support)
    live = support.match_set.live().select_related("buddy_parent").first()
    return _show(request, "withdraw", support, live=live)

"""Signals, and what becomes of the requests."""

from __future__ import annotations

from dataclasses import replace

from buddies.actions import consents, requests
from buddies.models import CloseReason, Signal
from school.actions import update_parent
from school.models import Membership, Parent
from school.roles import Permission

from ..world import Nothing, World
from .register import step


def _about(w: World, by: Membership) -> requests.About:
    child = w.child(by.school_id)
    return requests.About(w.details(), child, None, "" if child else "Kind")


def _wanted(w: World, by: Membership) -> requests.Wanted:
    theme = w.theme(by.school_id) if w.flip(0.85) else None
    wish = w.any_of(["", "mother", "father"])
    return requests.Wanted(theme, "wil graag praten" if w.flip() else "", wish, w.method())


def _signaller(w: World) -> Membership:
    return w.anybody(lambda eyes: Permission.SIGNAL in eyes.may)


@step
def signal(w: World) -> object:
    by = _signaller(w)
    wanted = _wanted(w, by) if w.flip(0.75) else None
    return requests.signal(about=_about(w, by), wanted=wanted, by=by, submission=w.number())


@step
def refuse(w: World) -> object:
    by = _signaller(w)
    return requests.refuse(about=_about(w, by), by=by, submission=w.number())


@step
def send_a_signal_again(w: World) -> object:
    """The same form once more: nothing changes."""
    sent = w.some("signal")
    row, by = Signal.objects.get(pk=sent.id), w.member(sent.recorded_by_id)
    return requests.signal(about=_about(w, by), wanted=None, by=by, submission=row.submission)


@step
def discuss(w: World) -> object:
    undiscussed = w.now.of("supportrequest", search_consent_id=None, closed_at=None)
    open_ones = {row.id for row in undiscussed}
    signalled = w.some("signal", lambda s: s.request_id in open_ones and w.sight.seers("signal", s.id))
    by = w.member(signalled.recorded_by_id)
    wanted = _wanted(w, by) if w.flip(0.8) else None
    return requests.discussed(request=w.row("supportrequest", signalled.request_id), wanted=wanted, by=by)


@step
def discuss_as_coordinator(w: World) -> object:
    request, by = w.seen("request", "supportrequest", lambda r: r.search_consent_id is None)
    return requests.discussed(request=request, wanted=_wanted(w, by) if w.flip() else None, by=by)


@step
def take_up(w: World) -> object:
    request, by = w.seen("request", "supportrequest")
    return requests.take_up(request=request, by=by)


@step
def choose_theme(w: World) -> object:
    """Now and then one about which the same parent has a request already."""
    request, by = w.seen("request", "supportrequest")
    wanted = _wanted(w, by)
    others = w.now.of("supportrequest", parent_id=request.parent_id, closed_at=None)
    taken = [row.theme_id for row in others if row.theme_id]
    if taken and w.flip(0.3):
        wanted = replace(wanted, theme=w.row("theme", w.any_of(taken)))
    return requests.choose_theme(request=request, wanted=wanted, by=by)


@step
def link_parent(w: World) -> object:
    request, by = w.seen("request", "supportrequest", lambda r: r.linked_at is None)
    known = w.some("parent", lambda p: p.school_id == by.school_id and by.pk in w.sight.seers("parent", p.id))
    return requests.link_parent(request=request, parent=Parent.objects.get(pk=known.id), by=by)


@step
def confirm_parent(w: World) -> object:
    request, by = w.seen("request", "supportrequest", lambda r: r.linked_at is None)
    return requests.link_parent(request=request, parent=request.parent, by=by)


@step
def close_request(w: World) -> object:
    request, by = w.seen("request", "supportrequest")
    reasons = [reason for reason in CloseReason if reason]
    return requests.close(request=request, reason=w.any_of(reasons), by=by)


@step
def change_parent(w: World) -> object:
    parent, by = w.seen("parent", "parent")
    return update_parent(parent=parent, details=w.details(), by=by)


@step
def withdraw_search(w: World) -> object:
    request, by = w.seen("request", "supportrequest", lambda r: r.search_consent_id)
    if request.search_consent is None:  # as somebody still has it on their screen
        raise Nothing
    return consents.withdraw(consent=request.search_consent, by=by)

"""All that wait, of all themes, in one go: whom each could get, and what is missing for the others."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from school import clock, paging
from school.access import SchoolRequest
from school.converters import key_of
from school.views.answers import attempt, form_page

from ..access import coordinators_only
from ..actions import matches, requests
from ..actions.errors import WrongMoment
from ..forms.distribute import PUT_OFF, AcceptForm, ParkForm, plan_of, plan_text
from ..models import Buddy, ClickReason, SupportRequest
from ..naming import request_title
from ..reading import distributing
from ..reading import lacking as reading
from .requests import opened


@form_page
@coordinators_only
def distribute(request: SchoolRequest) -> HttpResponse:
    """The plan for all that wait. Accepting is the one thing that stores something; the plan itself is made anew each
    time, around what was decided."""
    if request.method == "POST":
        return _accept(request)
    division = distributing.divide(request.membership, clock.today())
    before = plan_of(request.GET.get("eerder", ""))
    board = distributing.board(division, before, request.GET.get(paging.PARAMETER))
    context = {
        "board": board,
        "pages": board.pages,
        "rows": [(line, AcceptForm(auto_id=False)) for line in board.proposals],
        "click_reasons": ClickReason.choices,
        "put_off": PUT_OFF,
        "plan": plan_text(board.shown),
    }
    return render(request, "buddies/distribute/board.html", context)


def _accept(request: SchoolRequest) -> HttpResponse:
    """Propose the buddy of one row. When that is refused, the plan as it is now says what can be."""
    form, today = AcceptForm(request.POST), clock.today()
    if not form.is_valid():
        messages.error(request, _("Tap why you expect a click."))
        return _plan_again(request)
    data, member = form.cleaned_data, request.membership
    support = SupportRequest.objects.visible_to(member, today).filter(pk=data["request"]).first()
    buddy = Buddy.objects.visible_to(member, today).select_related("parent").filter(pk=data["buddy"]).first()
    with attempt(request):
        if support is None or buddy is None:
            raise WrongMoment
        matches.propose(
            request=support,
            buddy=buddy,
            click_reasons=data["click_reasons"],
            click_words=data["click_words"],
            by=member,
            submission=data["submission"],
        )
        words = {"buddy": buddy, "parent": request_title(support)}
        messages.success(request, _("%(buddy)s is proposed for %(parent)s. You now ask the parent.") % words)
    return _plan_again(request)


def _plan_again(request: SchoolRequest) -> HttpResponse:
    """The plan as it is now, beside the one from which the member acted, and on the same page of it."""
    query = {}
    if before := plan_of(request.POST.get("plan", "")):
        query["eerder"] = plan_text(before)
    if page := key_of(request.GET.get(paging.PARAMETER)):
        query[paging.PARAMETER] = str(page)
    address = reverse("buddies:distribute", args=[request.school.slug])
    return redirect(f"{address}?{urlencode(query)}" if query else address)


@require_POST
@coordinators_only
def park(request: SchoolRequest, pk: int) -> HttpResponse:
    """Not now: look for nobody until a day, or look again after all."""
    support, form = opened(request, pk), ParkForm(request.POST)
    if form.is_valid():
        with attempt(request):
            until = form.day(clock.today())
            requests.park(request=support, until=until, by=request.membership)
            words = _("%(parent)s waits again.") if until is None else _("%(parent)s is put off for a while.")
            messages.success(request, words % {"parent": distributing.title(support)})
    return _plan_again(request)


@require_safe
@coordinators_only
def lacking(request: SchoolRequest) -> HttpResponse:
    """What is missing: for whom there is nobody, and which buddies leave, run out or sit idle."""
    parts, pages = reading.parts(request.membership, clock.today(), request.GET.get(paging.PARAMETER))
    return render(request, "buddies/distribute/lacking.html", {"parts": parts, "pages": pages})

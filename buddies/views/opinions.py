"""What staff say about matching: not these two, what they think of a proposal, and how the school weighs."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from school import clock
from school.access import SchoolRequest, allow
from school.roles import Permission
from school.views.answers import attempt, both_versions, form_page, posted

from ..access import coordinators_only
from ..actions import opinions as actions
from ..candidates import weighing as weights_of
from ..forms.opinions import JudgeForm, KeepApartForm, WeighingForm
from ..models import Buddy, KeptApart
from ..reading.opinions import effect
from .matches import candidates, elsewhere
from .requests import opened


def _buddy(request: SchoolRequest, pk: int) -> Buddy:
    """The buddy `pk` as this member may see them. Raises Http404."""
    visible = Buddy.objects.visible_to(request.membership, clock.today())
    return get_object_or_404(visible.select_related("parent"), pk=pk)


@require_POST
@coordinators_only
def judge(request: SchoolRequest, pk: int) -> HttpResponse:
    """What this member thinks of a proposed buddy."""
    support, form = opened(request, pk), JudgeForm(request.POST)
    if not form.is_valid():
        raise Http404
    buddy, verdict = _buddy(request, form.cleaned_data["buddy"]), form.cleaned_data["verdict"]
    with attempt(request):
        actions.judge(request=support, buddy=buddy, verdict=verdict, by=request.membership)
        words = {"buddy": buddy, "verdict": verdict.label}
        messages.success(request, _("Written down about %(buddy)s: %(verdict)s.") % words)
    return redirect("buddies:find", request.school.slug, support.pk)


@require_POST
@coordinators_only
def keep_apart(request: SchoolRequest, pk: int) -> HttpResponse:
    """Not these two. What is not filled in yet is asked for on the page of the candidates."""
    support, form = opened(request, pk), KeepApartForm(request.POST)
    if not form.is_valid():
        return elsewhere(request, support) or candidates(request, support, apart=form)
    buddy, until = _buddy(request, form.cleaned_data["buddy"]), form.until(clock.today())
    with attempt(request):
        actions.keep_apart(
            request=support,
            buddy=buddy,
            reason=form.cleaned_data["reason"],
            until=until,
            by=request.membership,
        )
        messages.success(
            request, _("Written down. We do not propose %(buddy)s to this parent.") % {"buddy": buddy}
        )
    return redirect("buddies:find", request.school.slug, support.pk)


@require_POST
@coordinators_only
def take_back(request: SchoolRequest, pk: int, kept: int) -> HttpResponse:
    """These two may be matched after all."""
    support, visible = opened(request, pk), KeptApart.objects.visible_to(request.membership, clock.today())
    found = get_object_or_404(visible.about(support.parent), pk=kept)
    actions.take_back(kept=found, by=request.membership)
    messages.success(request, _("Taken back. These two can be proposed to each other again."))
    return redirect("buddies:find", request.school.slug, support.pk)


@form_page
@allow(Permission.THEME_SETTINGS)
def weighing(request: SchoolRequest) -> HttpResponse:
    """How much the school cares about each preference. What would change today is shown before it is saved."""
    member = request.membership
    seen = weights_of(request.school.pk)
    form, changes = WeighingForm(posted(request), weighing=seen), None
    if form.is_valid():
        if form.outdated:
            return both_versions(request, form, _("How we propose pairs"))
        if form.confirmed:
            with attempt(request, form):
                actions.weigh(chosen=form.chosen(), seen=seen, by=member)
                messages.success(request, _("Saved. From now on we propose pairs like this."))
                return redirect("buddies:weighing", request.school.slug)
        else:
            changes = effect(member, seen, form.chosen(), clock.today())
            form.show()
    return render(request, "buddies/matches/weighing.html", {"form": form, "effect": changes})

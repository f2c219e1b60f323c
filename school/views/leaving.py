"""When a colleague works here, who takes over from them, and what a substitute sees."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import actions, audit, clock
from ..access import SchoolRequest, allow
from ..errors import Changed
from ..forms.leaving import StayForm
from ..models import Membership
from ..reading import leaving
from ..roles import Permission
from .answers import attempt, both_versions, form_page, posted
from .team import back, show, somebody


def _form(request: SchoolRequest, colleague: Membership) -> StayForm:
    choices = leaving.choices(colleague, request.membership, clock.today())
    return StayForm(posted(request), stay=actions.stay_of(colleague), choices=choices)


@form_page
@allow(Permission.MANAGE_STAFF)
def days(request: SchoolRequest, pk: int) -> HttpResponse:
    """From when until when a colleague works here, and who takes over. Who was overtaken sees both versions."""
    found = somebody(request, pk)
    was, form = actions.stay_of(found), _form(request, found)
    if form.is_valid():
        if form.outdated:
            return _both_versions(request, found, form)
        with attempt(request, form):
            try:
                actions.change_days(membership=found, stay=form.stay(), by=request.membership, was=was)
            except Changed:
                return _overtaken(request, found)
            messages.success(request, _("Saved."))
            return back(request, found)
    on = clock.today()
    left_to_director = leaving.for_a_director(found, request.membership, on)
    return show(request, "days", found, form=form, left_to_director=left_to_director)


def _overtaken(request: SchoolRequest, colleague: Membership) -> HttpResponse:
    """Somebody saved between reading and saving."""
    colleague.refresh_from_db()
    form = _form(request, colleague)
    if not form.is_valid():
        return show(request, "days", colleague, form=form)
    return _both_versions(request, colleague, form)


def _both_versions(request: SchoolRequest, colleague: Membership, form: StayForm) -> HttpResponse:
    audit.record("membership.look", colleague, by=request.membership)
    return both_versions(request, form, str(colleague))


@require_POST
@allow(Permission.GIVE_ROLES)
def earlier(request: SchoolRequest, pk: int) -> HttpResponse:
    """Whether a substitute sees what was there before their first day: `shown` is yes or no."""
    found, shown = somebody(request, pk), request.POST.get("shown")
    if shown not in ("yes", "no"):
        raise Http404
    with attempt(request):
        actions.show_what_was_before(membership=found, shown=shown == "yes", by=request.membership)
        messages.success(request, _("Saved. It holds from now on."))
    return back(request, found)

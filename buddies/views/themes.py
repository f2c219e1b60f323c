"""Who arranges which theme (R6)."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from school import clock
from school.access import SchoolRequest, allow
from school.roles import Permission

from ..actions.schools import set_coordinator
from ..forms.themes import CoordinatorsForm
from ..reading.arranging import arrangements, who_could


@require_http_methods(["GET", "POST"])
@allow(Permission.GIVE_ROLES)
def coordinators(request: SchoolRequest) -> HttpResponse:
    """For each theme who arranges it and who stands in; one theme is saved at a time."""
    forms = _forms(request)
    if request.method == "POST":
        form = forms.get(request.POST.get("theme", ""))
        if form is None:
            raise Http404
        if form.is_valid():
            return _save(request, form)
    return render(request, "buddies/themes/coordinators.html", {"forms": forms.values()})


def _forms(request: SchoolRequest) -> dict[str, CoordinatorsForm]:
    """A form for each theme, by its number; the one that was sent holds what was filled in."""
    on, by, sent = clock.today(), request.membership, request.POST.get("theme")
    choices = who_could(request.school, on, by=by)
    found = {}
    for arrangement in arrangements(request.school, on):
        key = str(arrangement.theme.pk)
        data = request.POST if key == sent else None
        found[key] = CoordinatorsForm(data, arrangement=arrangement, by=by, choices=choices)
    return found


@transaction.atomic
def _save(request: SchoolRequest, form: CoordinatorsForm) -> HttpResponse:
    theme, said = form.arrangement.theme, []
    for member, deputy in form.changes():
        set_coordinator(theme=theme, membership=member, deputy=deputy, by=request.membership)
        stands_in, arranges = (
            _("%(name)s stands in for %(theme)s."),
            _("%(name)s arranges %(theme)s from now on."),
        )
        said.append((stands_in if deputy else arranges) % {"name": member, "theme": theme})
    messages.success(request, " ".join(said) or _("Nothing has changed."))
    return redirect("buddies:coordinators", request.school.slug)

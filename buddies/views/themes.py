"""The themes of the school (R16), and who arranges which (R6)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from school import clock
from school.access import SchoolRequest, allow
from school.roles import Permission
from school.views.answers import attempt, both_versions, form_page, posted

from ..actions import schools as actions
from ..forms.themes import CoordinatorsForm, ThemeFields, ThemeForm
from ..reading.arranging import arrangements, who_could


@form_page
@allow(Permission.GIVE_ROLES)
def coordinators(request: SchoolRequest) -> HttpResponse:
    """For each theme who arranges it and who stands in. One theme has its form open, so that nothing that was chosen
    elsewhere is lost: `?theme=`. Who was overtaken sees both versions."""
    forms = _forms(request)
    chosen = forms.get(_asked(request))
    if request.method == "POST":
        if chosen is None:
            raise Http404
        if chosen.is_valid():
            return _save(request, chosen)
    context = {"forms": forms.values(), "chosen": chosen}
    return render(request, "buddies/themes/coordinators.html", context)


def _asked(request: SchoolRequest) -> str:
    """The number of the theme that the address, or what was sent, is about."""
    return request.GET.get("theme") or request.POST.get("theme", "")


def _forms(request: SchoolRequest) -> dict[str, CoordinatorsForm]:
    """A form for each theme, by its number; the one that was sent holds what was filled in."""
    on, by, sent = clock.today(), request.membership, _asked(request)
    choices = who_could(request.school, on, by=by)
    found = {}
    for arrangement in arrangements(request.school, on):
        key = str(arrangement.theme.pk)
        data = posted(request) if key == sent else None
        found[key] = CoordinatorsForm(data, arrangement=arrangement, by=by, choices=choices)
    return found


def _save(request: SchoolRequest, form: CoordinatorsForm) -> HttpResponse:
    theme, places = form.arrangement.theme, list(form.changes())
    if form.outdated:
        return both_versions(request, form, _("Who arranges what?"))
    with attempt(request):
        actions.name_coordinators(theme=theme, places=places, was=form.was, by=request.membership)
        said = [_said(member, deputy) % {"name": member, "theme": theme} for member, deputy in places]
        messages.success(request, " ".join(said) or _("Nothing has changed."))
    return redirect("buddies:coordinators", request.school.slug)


def _said(member: object, deputy: bool) -> str:
    """What happened to one place."""
    if member is None:
        return (
            _("Nobody stands in for %(theme)s any more.")
            if deputy
            else _("Nobody is named for %(theme)s any more.")
        )
    if deputy:
        return _("%(name)s stands in for %(theme)s.")
    return _("%(name)s arranges %(theme)s from now on.")


@require_safe
@allow(Permission.THEME_SETTINGS)
def themes(request: SchoolRequest) -> HttpResponse:
    """Every theme of the school, in its order; those it hides come last."""
    found = request.school.theme_set.order_by("hidden", "position", "pk")
    return render(request, "buddies/themes/themes.html", {"themes": found})


@form_page
@allow(Permission.THEME_SETTINGS)
def add(request: SchoolRequest) -> HttpResponse:
    """A theme of the school's own."""
    form = ThemeFields(posted(request))
    if form.is_valid():
        with attempt(request, form):
            made = actions.add_theme(
                name=form.cleaned_data["name"], sensitive=form.is_sensitive, by=request.membership
            )
            messages.success(
                request, _("%(theme)s can be chosen from now on.") % {"theme": capfirst(str(made))}
            )
            return redirect("buddies:themes", request.school.slug)
    return render(request, "buddies/themes/add.html", {"form": form})


@form_page
@allow(Permission.THEME_SETTINGS)
def theme(request: SchoolRequest, pk: int) -> HttpResponse:
    """What the school decides about one theme. Who was overtaken sees both versions."""
    found = get_object_or_404(request.school.theme_set, pk=pk)
    name, form = str(found), ThemeForm(posted(request), theme=found)
    if form.is_valid():
        if form.outdated:
            return both_versions(request, form, capfirst(name))
        with attempt(request, form):
            actions.change_theme(theme=found, details=form.details(), by=request.membership)
            messages.success(request, _("Saved."))
            return redirect("buddies:themes", request.school.slug)
    arranged_by = found.arranged_by(clock.today()) if request.membership.may(Permission.GIVE_ROLES) else None
    context = {"form": form, "theme": found, "name": capfirst(name), "arranged_by": arranged_by}
    return render(request, "buddies/themes/theme.html", context)


@require_POST
@allow(Permission.GIVE_ROLES)
def close(request: SchoolRequest, pk: int) -> HttpResponse:
    """Whether the intern begeleider sees the parents of this theme: `closed` is yes or no."""
    found = get_object_or_404(request.school.theme_set, pk=pk)
    closed = request.POST.get("closed")
    if closed not in ("yes", "no"):
        raise Http404
    with attempt(request):
        actions.hide_from_intern_begeleider(theme=found, hidden=closed == "yes", by=request.membership)
        text = (
            _("The intern begeleider no longer sees who is in %(theme)s.")
            if closed == "yes"
            else _("The intern begeleider sees %(theme)s again.")
        )
        messages.success(request, text % {"theme": found})
    return redirect("buddies:theme", request.school.slug, found.pk)

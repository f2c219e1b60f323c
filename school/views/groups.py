"""The groups of this school year, and who teaches them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from .. import actions, clock
from ..access import SchoolRequest, allow
from ..forms.groups import GroupForm
from ..models import Group
from ..models.people import school_year
from ..reading.groups import with_teachers
from ..reading.staff import in_order, staying
from ..roles import Permission
from .answers import attempt, both_versions, form_page, posted


@require_safe
@allow(Permission.MANAGE_STAFF)
def groups(request: SchoolRequest) -> HttpResponse:
    """Every group of this school year, with its teachers and how many pupils it has."""
    on = clock.today()
    year = school_year(on)
    context = {"groups": with_teachers(request.school, on), "school_year": f"{year}–{year + 1}"}
    return render(request, "school/settings/groups.html", context)


@form_page
@allow(Permission.MANAGE_STAFF)
def add_group(request: SchoolRequest) -> HttpResponse:
    """A group that was not there yet."""
    form = _form(request)
    if form.is_valid():
        with attempt(request, form):
            made = actions.add_group(
                details=form.details(), teachers=form.chosen_teachers(), by=request.membership
            )
            messages.success(request, _("Group %(name)s is there.") % {"name": made.name})
            return redirect("groups", request.school.slug)
    return render(request, "school/settings/group.html", {"form": form})


@form_page
@allow(Permission.MANAGE_STAFF)
def group(request: SchoolRequest, pk: int) -> HttpResponse:
    """Change a group. Who was overtaken sees both versions."""
    found = get_object_or_404(with_teachers(request.school, clock.today()), pk=pk)
    name, form = found.name, _form(request, found)
    if form.is_valid():
        if form.outdated:
            return both_versions(request, form, _("Group %(name)s") % {"name": name})
        with attempt(request, form):
            teachers = form.chosen_teachers()
            actions.change_group(
                group=found, details=form.details(), teachers=teachers, by=request.membership
            )
            messages.success(request, _("Saved."))
            return redirect("groups", request.school.slug)
    return render(request, "school/settings/group.html", {"form": form, "group": found, "name": name})


@require_POST
@allow(Permission.MANAGE_STAFF)
def remove_group(request: SchoolRequest, pk: int) -> HttpResponse:
    """A group without pupils goes."""
    found = get_object_or_404(request.school.group_set.current(clock.today()), pk=pk)
    with attempt(request):
        actions.remove_group(group=found, by=request.membership)
        messages.success(request, _("Removed: group %(name)s.") % {"name": found.name})
    return redirect("groups", request.school.slug)


def _form(request: SchoolRequest, group: Group | None = None) -> GroupForm:
    people = in_order(staying(request.school, clock.today()))
    return GroupForm(posted(request), group=group, people=people)

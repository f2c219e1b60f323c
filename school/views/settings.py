"""Instellingen: what a member may arrange, and what the school decides for itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from .. import actions, clock
from ..access import SchoolRequest, allow
from ..forms.schools import HolidayForm, SchoolForm
from ..roles import Permission
from .answers import attempt, both_versions, form_page, posted


@require_safe
@allow(Permission.SCHOOL_SETTINGS, Permission.THEME_SETTINGS, Permission.MANAGE_STAFF, Permission.GIVE_ROLES)
def index(request: SchoolRequest) -> HttpResponse:
    """What this member may arrange, and how it stands."""
    school, on = request.school, clock.today()
    context = {
        "colleagues": school.membership_set.active(on).count(),
        "groups": school.group_set.current(on).count(),
    }
    return render(request, "school/settings/index.html", context)


@form_page
@allow(Permission.SCHOOL_SETTINGS)
def school_settings(request: SchoolRequest) -> HttpResponse:
    """u or je, the terms, and the holidays. Who was overtaken sees both versions."""
    form = SchoolForm(posted(request), school=request.school)
    if form.is_valid():
        if form.outdated:
            return both_versions(request, form, _("Agreements and holidays"))
        with attempt(request, form):
            actions.change_school(school=request.school, settings=form.settings(), by=request.membership)
            messages.success(request, _("Saved. What runs already keeps the day it had."))
            return redirect("school_settings", request.school.slug)
    holidays = request.school.holiday_set.order_by("first_day", "pk")
    to_come = holidays.filter(last_day__gte=clock.today())
    past = holidays.filter(last_day__lt=clock.today())
    return render(request, "school/settings/school.html", {"form": form, "holidays": to_come, "past": past})


@form_page
@allow(Permission.SCHOOL_SETTINGS)
def add_holiday(request: SchoolRequest) -> HttpResponse:
    """Days on which nobody is at school."""
    form = HolidayForm(posted(request))
    if form.is_valid():
        actions.add_holiday(details=form.details(), by=request.membership)
        messages.success(request, _("Saved. No reminder falls in these days any more."))
        return redirect("school_settings", request.school.slug)
    return render(request, "school/settings/holiday.html", {"form": form})


@form_page
@allow(Permission.SCHOOL_SETTINGS)
def holiday(request: SchoolRequest, pk: int) -> HttpResponse:
    """Change a holiday. Who was overtaken sees both versions."""
    found = get_object_or_404(request.school.holiday_set, pk=pk)
    form = HolidayForm(posted(request), holiday=found)
    if form.is_valid():
        if form.outdated:
            return both_versions(request, form, found.name)
        with attempt(request):
            actions.change_holiday(holiday=found, details=form.details(), by=request.membership)
            messages.success(request, _("Saved."))
        return redirect("school_settings", request.school.slug)
    return render(request, "school/settings/holiday.html", {"form": form, "holiday": found})


@require_POST
@allow(Permission.SCHOOL_SETTINGS)
def remove_holiday(request: SchoolRequest, pk: int) -> HttpResponse:
    """School is open on these days after all."""
    found = get_object_or_404(request.school.holiday_set, pk=pk)
    actions.remove_holiday(holiday=found, by=request.membership)
    messages.success(request, _("Removed: %(name)s.") % {"name": found.name})
    return redirect("school_settings", request.school.slug)

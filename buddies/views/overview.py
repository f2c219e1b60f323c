"""Overzicht: how the school year goes, in numbers without names."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from school import audit, clock
from school.access import SchoolRequest, allow
from school.roles import Permission

from ..reading.overview import read


@require_safe
@allow(Permission.REPORT)
def overview(request: SchoolRequest) -> HttpResponse:
    """This school year, or the one asked for."""
    audit.record("overview.look", by=request.membership)
    today = clock.today()
    page = read(request.school, today, request.GET.get("jaar", ""))
    return render(request, "buddies/overview/overview.html", {"page": page, "today": today})

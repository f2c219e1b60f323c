"""Pages of the whole site, and Vandaag."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from .. import clock, paging, worklist
from ..access import SchoolRequest, SignedInRequest, allow
from ..models import Membership


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """To the member's school, or the choice between them."""
    memberships = list(
        Membership.objects.active(clock.today())
        .filter(user_id=request.user.pk)
        .select_related("school")
        .order_by("school__name")
    )
    if len(memberships) == 1:
        return redirect("today", memberships[0].school.slug)
    return render(request, "school/home.html", {"memberships": memberships})


@require_safe
@allow()
def today(request: SchoolRequest) -> HttpResponse:
    """Vandaag: what waits on me, most urgent first."""
    items = worklist.collect(request.membership, clock.today())
    pages = paging.page(items, request.GET.get(paging.PARAMETER))
    return render(request, "school/today.html", {"pages": pages})


@require_safe
@login_not_required
def about(request: HttpRequest) -> HttpResponse:
    """What Ouderbuddy is, and the texts it is built from (R38)."""
    return render(request, "school/about.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long, or cookies are off: say so, and that nothing was saved."""
    return render(request, "403_csrf.html", status=403)

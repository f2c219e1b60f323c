"""What every page about one match shares: opening it, showing it, and going back to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from school import audit, clock
from school.access import SchoolRequest

from ..actions.errors import WrongMoment
from ..models import Match


def opened(request: SchoolRequest, pk: int) -> Match:
    """The match `pk` as this member may see it. Raises Http404."""
    visible = Match.objects.visible_to(request.membership, clock.today())
    return get_object_or_404(
        visible.select_related(
            "parent",
            "buddy__parent",
            "buddy_parent",
            "parent_yes",
            "buddy_yes",
            "school",
            "request__parent",
            "request__child__group",
            "request__group",
            "request__theme",
        ),
        pk=pk,
    )


def back(request: SchoolRequest, match: Match) -> HttpResponse:
    """To the page of `match`; to the list when it is not this member's any more."""
    if Match.objects.visible_to(request.membership, clock.today()).filter(pk=match.pk).exists():
        return redirect("buddies:match", request.school.slug, match.pk)
    return redirect("buddies:matches", request.school.slug)


def show(request: SchoolRequest, page: str, match: Match, **context: Any) -> HttpResponse:
    """The template `page` about `match`. Who sees it leaves a trace; the card alone is there to be printed."""
    if page == "card":
        audit.record("match.print", match, by=request.membership)
    else:
        audit.record("match.look", match, by=request.membership)
    return render(request, f"buddies/matches/{page}.html", {"match": match, **context})


def stale(request: SchoolRequest, match: Match) -> HttpResponse:
    """The page of this step makes no sense now: somebody took it, or one before it is still to be taken."""
    messages.error(request, str(WrongMoment.message))
    return back(request, match)

"""Opening the pages of those who arrange a theme."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from school.access import SchoolRequest, allow
from school.models import Membership
from school.roles import Permission

from .models import BuiltIn, Theme, own_themes


def coordinates(membership: Membership) -> bool:
    """Whether this member arranges at least one theme (R6, R7)."""
    return membership.may(Permission.ALL_THEMES) or bool(own_themes(membership))


def newcomer_theme(membership: Membership) -> Theme | None:
    """The theme of new families at this member's school, if it is in use and theirs."""
    themes = own_themes(membership)
    return next((theme for theme in themes if theme.code == BuiltIn.NEWCOMER and not theme.hidden), None)


def coordinators_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The decorated view opens for members who arrange at least one theme. What they see in it is for
    `visible_to` to say."""

    @allow(Permission.OWN_THEMES, Permission.ALL_THEMES)
    @wraps(view)
    def guarded(request: SchoolRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not coordinates(request.membership):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def newcomers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The decorated view opens for members whose theme the new families are (R6), and gets that theme after the
    request."""

    @allow(Permission.OWN_THEMES, Permission.ALL_THEMES)
    @wraps(view)
    def guarded(request: SchoolRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        theme = newcomer_theme(request.membership)
        if theme is None:
            raise PermissionDenied
        return view(request, theme, *args, **kwargs)

    return guarded

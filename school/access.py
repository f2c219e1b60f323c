"""The one place where school and permission are checked.

A view of a school says with `allow` which permission opens it. `enter` finds the member and checks; a view
under a school's address that says nothing is a fault and opens for nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from . import clock
from .actions.leaving import carry_out_due
from .models import Membership, School, Succession, User
from .models.base import annotated
from .roles import Permission

View = TypeVar("View", bound=Callable[..., HttpResponse])


class SignedInRequest(HttpRequest):
    """A request by somebody who has signed in."""

    user: User


class SchoolRequest(SignedInRequest):
    """A request under a school's address, by somebody who works there."""

    school: School
    membership: Membership
    htmx: HtmxDetails


def allow(*permissions: Permission) -> Callable[[View], View]:
    """The decorated view opens for members who hold one of `permissions`; for every member when none is given.

    What is sent to it is done in turn: of two forms of one school that are sent at the same moment, the second waits
    until the first was answered. So what a view reads, and compares with what was on the page, stays true until it has
    saved.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def in_turn(request: SchoolRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method != "POST":
                return view(request, *args, **kwargs)
            with transaction.atomic():
                School.objects.select_for_update(no_key=True).get(pk=request.school.pk)
                return view(request, *args, **kwargs)

        in_turn.allowed = frozenset(permissions)  # type: ignore[attr-defined]  # functions take attributes
        return cast(View, in_turn)

    return mark


def enter(request: SignedInRequest, slug: str, view: Callable[..., HttpResponse]) -> None:
    """Let the user of `request` into the school with `slug`, to open `view`.

    Raises Http404 when they do not work there (the same as when there is no such school), PermissionDenied when
    they do but may not open this view.
    """
    allowed: frozenset[Permission] | None = getattr(view, "allowed", None)
    if allowed is None:
        raise ImproperlyConfigured(f"{view.__module__}.{view.__qualname__} does not say who may open it.")
    today = clock.today()
    waiting = Succession.objects.due(today).filter(school=OuterRef("school"))
    own = Membership.objects.active(today).filter(user_id=request.user.pk)
    here = own.filter(school__slug=slug).select_related("school", "user", "parent")
    membership = annotated(
        here.prefetch_related("rolegrant_set"),
        handover_due=Exists(waiting),
        works_elsewhere=Exists(own.exclude(school__slug=slug)),
    ).first()
    if membership is None:
        raise Http404
    if allowed and not allowed & membership.permissions:
        raise PermissionDenied
    # Whoever comes in first after somebody's last day: what is theirs from now on is there at once.
    if membership.handover_due:
        carry_out_due(today, membership.school)
    entered = cast(SchoolRequest, request)
    entered.school, entered.membership = membership.school, membership

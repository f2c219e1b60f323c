"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import clock, demo
from .models import Membership, User
from .roles import Permission, Role

ROLE_LABELS: dict[Role, Promise] = {
    Role.TEACHER: _("teacher"),
    Role.INTERN_BEGELEIDER: _("intern begeleider"),
    Role.DIRECTOR: _("director"),
    Role.BOUWCOORDINATOR: _("bouwcoordinator"),
    Role.ADMINISTRATOR: _("administrator"),
}


def school(request: HttpRequest) -> dict[str, Any]:
    """`school`, `membership` and `may` (the names of the member's permissions), on pages of a school; in demo mode
    `demo` and `demo_accounts`. What costs a query is asked only where a template shows it."""
    membership = getattr(request, "membership", None)
    return {
        "demo": settings.DEMO,
        "demo_accounts": demo_accounts,
        "account_mark": lambda: account_mark(request),
        "school": getattr(request, "school", None),
        "several_schools": lambda: works_at_several(request),
        "membership": membership,
        "may": {p.name.lower(): membership.may(p) for p in Permission} if membership else {},
    }


def account_mark(request: HttpRequest) -> str:
    """Who is signed in, in a word that says nothing: "" for nobody."""
    user = getattr(request, "user", None)  # none on the page about a wrong host
    if user is None or not user.is_authenticated:
        return ""
    return salted_hmac("school.account", str(user.pk)).hexdigest()[:20]


def works_at_several(request: HttpRequest) -> bool:
    """Whether the user can choose between schools."""
    membership: Membership | None = getattr(request, "membership", None)
    if membership is not None:
        return membership.works_elsewhere
    return Membership.objects.active(clock.today()).filter(user=request.user.pk).count() > 1


def demo_accounts() -> list[dict[str, Any]]:
    """The demo accounts: `email`, `name` and the label of the `role`. None outside demo mode."""
    if not settings.DEMO:
        return []
    names = dict(User.objects.filter(email__in=dict(demo.ACCOUNTS)).values_list("email", "name"))
    return [
        {"email": email, "name": names[email], "role": ROLE_LABELS[role]}
        for email, role in demo.ACCOUNTS
        if email in names
    ]

"""Signing in with one click. In the address list in demo mode only, and for seeded accounts only."""

from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_POST

from .models import User
from .roles import Role

DOMAIN = "@demo.invalid"
# The account shown for each role; the seeded school has them all.
ACCOUNTS: tuple[tuple[str, Role], ...] = (
    ("ib@demo.invalid", Role.INTERN_BEGELEIDER),
    ("leerkracht@demo.invalid", Role.TEACHER),
    ("directeur@demo.invalid", Role.DIRECTOR),
    ("bouwcoordinator@demo.invalid", Role.BOUWCOORDINATOR),
    ("beheer@demo.invalid", Role.ADMINISTRATOR),
)


class DemoSignInForm(forms.Form):
    """Which of the demo accounts."""

    email = forms.EmailField()


@require_POST
@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as a demo account. 404 for any other."""
    form = DemoSignInForm(request.POST)
    if not settings.DEMO or not form.is_valid() or not form.cleaned_data["email"].endswith(DOMAIN):
        raise Http404
    user = get_object_or_404(User, email=form.cleaned_data["email"], is_active=True)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("home")


urlpatterns = [path("inloggen/", sign_in, name="demo_sign_in")]

"""How people get in: accounts are made by the school, nobody signs up, and nobody goes on guessing.

A wrong password counts for the account and for the visitor's address; one from a browser in which that account
signed in before counts for that browser only. Each attempt is counted before the password is looked at, and given
back when it was right.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from . import known_browsers
from .limits import Limit, address

PERIOD = timedelta(minutes=15)
BY_BROWSER = Limit("sign in, known browser", times=10, period=PERIOD)
BY_ACCOUNT = Limit("sign in, account", times=10, period=PERIOD)
BY_ADDRESS = Limit("sign in, address", times=50, period=PERIOD)
CHANGES = Limit("change password", times=10, period=PERIOD)
RESETS_OF_ACCOUNT = Limit("reset password, account", times=3, period=timedelta(hours=1))
RESETS_BY_ADDRESS = Limit("reset password, address", times=20, period=timedelta(hours=1))

Count = tuple[Limit, str]


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """allauth, without open sign-up and with limits of our own (its are read first and written later)."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("This e-mail address or password is not right."),
        "too_many_login_attempts": _(
            "There were too many wrong passwords. Wait a quarter of an hour, or choose a new password with "
            "“Forgot your password?”."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        if not take_all(sign_in_counts(request, credentials["email"])):
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is not None:
            give_back(sign_in_counts(request, credentials["email"]))
        return user

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().post_login(request, user, **more)
        known_browsers.remember(request, response, user.email)
        return response


def sign_in_counts(request: HttpRequest, email: str) -> list[Count]:
    """What a password for the account of `email` counts for."""
    account = _account(email)
    if browser := known_browsers.known(request, email):
        return [(BY_BROWSER, f"{browser} {account}")]
    return [(BY_ADDRESS, address(request)), (BY_ACCOUNT, account)]


def take_all(counts: list[Count]) -> bool:
    """Count one attempt for each, or for none when one of them is full."""
    for number, (limit, subject) in enumerate(counts):
        if not limit.take(subject):
            give_back(counts[:number])
            return False
    return True


def give_back(counts: list[Count]) -> None:
    """The attempt was fine."""
    for limit, subject in counts:
        limit.give_back(subject)


def open_again(*, user: Any, request: HttpRequest, **_signal: Any) -> None:
    """Whoever chose a new password by mail gets in at once, whatever was guessed before."""
    account = _account(user.email)
    BY_ACCOUNT.lift(account)
    BY_BROWSER.lift(f"{known_browsers.known(request, account)} {account}")


def resets(request: HttpRequest) -> list[Count]:
    """What asking for a new password counts for; the same whether the account exists."""
    account = _account(request.POST.get("email", ""))
    return [(RESETS_BY_ADDRESS, address(request)), (RESETS_OF_ACCOUNT, account)]


def changes(request: HttpRequest) -> list[Count]:
    """What filling in one's present password counts for: whoever found an open screen may not go on guessing."""
    return [(CHANGES, str(request.user.pk))]


View = Callable[..., HttpResponseBase]


def limited(view: View, counts: Callable[[HttpRequest], list[Count]]) -> View:
    """`view`, with each form that is sent to it counted; one too many gets a page that says to wait."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not take_all(counts(request)):
            return too_often(request)
        return view(request, *args, **kwargs)

    return answer


def too_often(request: HttpRequest) -> HttpResponse:
    """The page that says to wait."""
    return render(request, "429.html", status=429)


def _account(email: str) -> str:
    return email.strip().lower()

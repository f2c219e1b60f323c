"""Signing in and out, and passwords, in the log: a receiver for each thing Django and allauth say has happened, so that
every way in leaves its event. What was typed is not in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account import signals as account
from django.contrib.auth import signals

from .audit import record_account
from .models import User


def connect() -> None:
    """Listen from now on."""
    signals.user_logged_in.connect(_signed_in, dispatch_uid="log")
    signals.user_logged_out.connect(_signed_out, dispatch_uid="log")
    signals.user_login_failed.connect(_failed, dispatch_uid="log")
    account.password_changed.connect(_changed, dispatch_uid="log")
    account.password_set.connect(_changed, dispatch_uid="log")
    account.password_reset.connect(_reset, dispatch_uid="log")


def _signed_in(*, user: User, **kwargs: Any) -> None:
    record_account("account.sign_in", user, by=user)


def _signed_out(*, user: User | None, **kwargs: Any) -> None:
    if user is not None:  # nobody had signed in
        record_account("account.sign_out", user, by=user)


def _failed(*, credentials: Mapping[str, Any], **kwargs: Any) -> None:
    """Somebody tried; who it was nobody knows. For an address without an account it is written down just the same, at
    no school, so that how long it takes does not say whether there is one."""
    address = str(credentials.get("email") or credentials.get("username") or "")
    record_account("account.sign_in_failed", User.objects.filter(email=address.lower()).first(), by=None)


def _changed(*, user: User, **kwargs: Any) -> None:
    record_account("account.password_changed", user, by=user)


def _reset(*, user: User, **kwargs: Any) -> None:
    record_account("account.password_reset", user, by=user)

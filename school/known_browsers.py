"""Browsers in which an account signed in before.

Wrong passwords from anywhere else count for the whole account, so that nobody can go on guessing; without this,
whoever knows a colleague's e-mail address could keep them out that way. A browser that is known has a count of its own.
It shows so by a signed cookie, which says of whom to nobody but us.
"""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import get_random_string, salted_hmac

COOKIE = settings.KNOWN_BROWSER_COOKIE
MAX_AGE = 180 * 24 * 60 * 60
# Of a computer that many share, the last ones.
ACCOUNTS = 5
SALT = "school.known_browsers"


def known(request: HttpRequest, email: str) -> str:
    """The name of this browser, if the account of `email` signed in with it before; else ""."""
    browser, accounts = _read(request)
    return browser if _account(email) in accounts else ""


def remember(request: HttpRequest, response: HttpResponseBase, email: str) -> None:
    """Let `response` tell the browser that the account of `email` signed in with it."""
    browser, accounts = _read(request)
    others = [account for account in accounts if account != _account(email)]
    value = [browser or get_random_string(22), _account(email), *others[: ACCOUNTS - 1]]
    response.set_cookie(
        COOKIE,
        signing.dumps(value, salt=SALT),
        max_age=MAX_AGE,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    """The browser's name and its accounts; nothing when the cookie is not ours or too old."""
    try:
        browser, *accounts = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return "", []
    return browser, accounts


def _account(email: str) -> str:
    return salted_hmac(SALT, email.strip().lower(), algorithm="sha256").hexdigest()[:20]

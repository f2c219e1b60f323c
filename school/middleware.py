"""What happens around every view: the headers of an answer, and who may come in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect
from whitenoise.middleware import WhiteNoiseFileResponse

from . import access

Answer = Callable[[HttpRequest], HttpResponseBase]

# Nothing but our own files; forms go home; nobody frames us. Bootstrap's marks in form fields are data: images.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# A static file, a part of one, and "yours is still right".
KEPT = {200, 206, 304}
if settings.SECURE_HSTS_SECONDS:
    HEADERS["Strict-Transport-Security"] = (
        f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
    )


class SecurityHeadersMiddleware:
    """The headers of every answer, whoever gives it: also of what Django's own middleware refuses."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        # A static file may be kept; all else may be personal and stays out of every cache.
        if not (isinstance(response, WhiteNoiseFileResponse) and response.status_code in KEPT):
            response.headers["Cache-Control"] = "no-store"
        return response


class OnlyUtf8Middleware:
    """Nobody's browser sends our forms in another encoding; what claims to is refused before anything reads it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if (request.encoding or "utf-8").lower().replace("-", "") != "utf8":
            return HttpResponseBadRequest(render_to_string("400.html"))
        return self.get_response(request)


class WholeCookiesMiddleware:
    """A cookie with a NUL in it, which no browser sends, counts as none: PostgreSQL cannot look for it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        for name in [name for name, value in request.COOKIES.items() if "\x00" in value]:
            del request.COOKIES[name]
        return self.get_response(request)


class SignedInMiddleware(LoginRequiredMiddleware):
    """Everything needs a login unless it says otherwise. Whoever was signed out meanwhile hears what that means."""

    def handle_no_permission(  # type: ignore[override]  # the stubs know redirects only
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        """To the sign-in page, and from there back to where one was: a form that was sent is not saved."""
        ended = settings.SESSION_COOKIE_NAME in request.COOKIES
        if getattr(request, "htmx", False):
            # The page as a whole, or the sign-in page would stand inside it.
            return HttpResponseClientRedirect(_sign_in(_page_of(request)))
        if request.method != "POST" or not ended:
            return super().handle_no_permission(request, view_func)
        return HttpResponseRedirect(_sign_in(_page_of(request), niet_opgeslagen="1"))


def _sign_in(goal: str, **more: str) -> str:
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': goal} | more, safe='/')}"


def _page_of(request: HttpRequest) -> str:
    """The page from which `request` was sent, if it is one of ours; else the first page."""
    said = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    host = request.get_host()
    if not url_has_allowed_host_and_scheme(said, host) or urlsplit(said).netloc != host:
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    page = urlsplit(said)._replace(scheme="", netloc="", fragment="").geturl() or "/"
    # "//elsewhere/" is a path of ours for as long as our name stands before it.
    return page if not page.startswith("//") else resolve_url(settings.LOGIN_REDIRECT_URL)


class WrongVerbMiddleware:
    """A page instead of Django's empty answer when a form's address is opened as a page."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            response.content = render_to_string("405.html", request=request)
        return response


class SchoolMiddleware:
    """Opens `/<school>/…` for those who work there; the views themselves get no slug."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: access.SignedInRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> None:
        if "school" in kwargs and request.user.is_authenticated:  # else the login page comes first
            access.enter(request, kwargs.pop("school"), view)

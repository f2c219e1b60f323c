"""What happens around every view: the headers of an answer, and who may come in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

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


class SecurityHeadersMiddleware:
    """Headers that Django does not set by itself, on every answer."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        # Static files set their own; all else may be personal and stays out of every cache.
        response.headers.setdefault("Cache-Control", "no-store")
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

"""The headers of every kind of answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from school import urls, worklist
from school.access import allow
from school.accounts import RESETS_OF_ACCOUNT
from school.models import Membership, School, User
from school.views import site

from ..cast import ClientOf

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
# The stubs keep the type of a test client's answer to themselves.
Answer = Any
Visit = Callable[[Client], Answer]


def get(address: str) -> Visit:
    """Open `address`."""
    return lambda browser: browser.get(address)


def post(address: str) -> Visit:
    """Send an empty form to `address`."""
    return lambda browser: browser.post(address)


SIGNAL = "/de-wilgen/signaleren/"


def _too_often(_browser: Client) -> Answer:
    """Ask for a new password once more than may be."""
    for _ in range(RESETS_OF_ACCOUNT.times):
        post_reset(Client())
    return post_reset(Client())


def post_reset(browser: Client) -> Answer:
    """Ask for a new password."""
    return browser.post("/account/password/reset/", {"email": "olga@de-wilgen.invalid"})


KINDS: dict[str, tuple[int, Visit]] = {
    "page of a school": (200, get("/de-wilgen/")),
    "page for everybody": (200, get("/over/")),
    "redirect": (302, get("/")),
    "not allowed": (403, get("/de-wilgen/instellingen/onderwerpen/")),
    "not there": (404, get("/de-eik/")),
    "not there at all": (404, get("/de-wilgen/geen/pagina/")),
    "wrong verb": (405, post("/de-wilgen/")),
    "sign-in page": (200, lambda _browser: Client().get("/account/login/")),
    "form without its token": (
        403,
        lambda _browser: Client(enforce_csrf_checks=True).post("/account/login/"),
    ),
    "administration site": (302, get("/beheer/")),
    "page of the library's": (200, get("/account/password/reset/")),
    "parent's link": (404, get("/o/niets/")),
    "without content": (200, lambda browser: browser.head("/de-wilgen/")),
    "options": (405, lambda browser: browser.options("/de-wilgen/")),
    "address without its slash": (301, get("/over")),
    "wrong host": (400, lambda _browser: Client().get("/over/", HTTP_HOST="elders.example")),
    "other encoding": (400, lambda _browser: Client().get("/over/", CONTENT_TYPE="a/b; charset=latin-1")),
    "too large": (400, lambda browser: browser.post(SIGNAL, {"called": "x" * 2_700_000})),
    "too many fields": (400, lambda browser: browser.post(SIGNAL, {f"a{n}": "" for n in range(1001)})),
    "tried too often": (429, _too_often),
    "fragment when signed out": (200, lambda _browser: Client().get(SIGNAL, headers={"HX-Request": "true"})),
    "demo sign-in when there is no demo": (404, post("/demo/inloggen/")),
}


def check(response: Answer) -> None:
    """Fails unless `response` is closed to other sites."""
    headers = response.headers
    assert set(headers["Content-Security-Policy"].split("; ")) == POLICY
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Permissions-Policy"] == "camera=(), geolocation=(), microphone=()"


@pytest.mark.parametrize("kind", KINDS)
def test_answer_is_closed_and_kept_nowhere(
    kind: str, teacher: Membership, other_school: School, client_of: ClientOf
) -> None:
    status, visit = KINDS[kind]
    response = visit(client_of(teacher))
    assert response.status_code == status
    check(response)
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("where", ["SignedInMiddleware.process_view", "OnlyUtf8Middleware.__call__"])
def test_failure_before_any_view_is_closed_and_kept_nowhere(
    db: None, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def fail(*_args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(f"school.middleware.{where}", fail)
    response = Client(raise_request_exception=False).get("/over/")
    assert response.status_code == 500
    check(response)
    assert response["Cache-Control"] == "no-store"


def test_failure_is_closed_and_kept_nowhere(
    teacher: Membership, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(worklist, "collect", fail)
    browser = client_of(teacher)
    browser.raise_request_exception = False
    response = browser.get("/de-wilgen/")
    assert response.status_code == 500
    check(response)
    assert "no-store" in response["Cache-Control"]


def test_static_file_is_closed_and_may_be_kept(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a {}")
    settings.STATIC_ROOT = tmp_path
    response = Client().get("/static/a.css")
    assert response.status_code == 200
    check(response)
    assert "no-store" not in response["Cache-Control"]


def test_page_may_not_ask_for_inline_scripts_or_styles() -> None:
    assert "unsafe" not in "; ".join(POLICY)


def test_login_is_needed_unless_a_view_says_otherwise(db: None, settings: Settings) -> None:
    """A view that somebody adds and forgets about is closed."""

    def forgotten(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("open")

    _serve(settings, forgotten, "vergeten/")
    assert Client().get("/vergeten/").status_code == 302


def test_school_view_that_says_nothing_opens_for_nobody(
    teacher: Membership, client_of: ClientOf, settings: Settings
) -> None:
    def forgotten(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("open")

    _serve(settings, forgotten, "<slug:school>/")
    browser = client_of(teacher)
    browser.raise_request_exception = False
    assert browser.get("/de-wilgen/").status_code == 500


def test_member_without_a_role_opens_what_asks_for_no_permission(school: School, client_of: ClientOf) -> None:
    user = User.objects.create_user("nieuw@de-wilgen.invalid", "Nieuw")
    nobody = Membership.objects.create(school=school, user=user)
    assert client_of(nobody).get("/de-wilgen/").status_code == 200
    assert client_of(nobody).get("/de-wilgen/signaleren/").status_code == 403


def _serve(settings: Settings, view: Callable[..., HttpResponse], route: str) -> None:
    """Let `view` answer at `route`, before everything else."""
    module = ModuleType("urls_with_one_more")
    module.urlpatterns = [path(route, view), *urls.urlpatterns]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = module


def test_marked_view_keeps_its_mark_below_other_decorators() -> None:
    assert allow()(lambda request: HttpResponse()).allowed == frozenset()  # type: ignore[attr-defined]
    assert site.today.allowed == frozenset()  # type: ignore[attr-defined]

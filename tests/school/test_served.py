"""As it really runs: limits over several processes, and the headers of what never reaches our own code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from pytest_django import Settings

from school.accounts import BY_ACCOUNT, RESETS_OF_ACCOUNT
from school.models import Attempts, User

from ..served import HOST, Answer, Browser, Served, collect_static, serve

PASSWORD = "een lang wachtwoord"
EMAIL = "tom@de-wilgen.invalid"
LOGIN, RESET = "/account/login/", "/account/password/reset/"
TOO_MANY = "te vaak een verkeerd wachtwoord"
WRONG = "wachtwoord klopt niet"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Served]:
    """Two processes of four threads."""
    folder = tmp_path_factory.mktemp("served")
    collect_static(folder)
    with serve(folder, workers=2) as running:
        yield running


@pytest.fixture
def served(server: Served, transactional: None, settings: Settings) -> Served:
    """The server, and Tom."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    User.objects.create_user(EMAIL, "Tom", PASSWORD)
    return server


def at_once(browsers: list[Browser], password: str, email: str = EMAIL) -> list[Answer]:
    """Each tries the same password at the same moment."""
    with ThreadPoolExecutor(len(browsers)) as pool:
        form = {"login": email, "password": password}
        return list(pool.map(lambda browser: browser.post(LOGIN, form), browsers))


def tried(answers: list[Answer]) -> int:
    """How many passwords were looked at; the others must have been told to wait."""
    wrong = sum(WRONG in answer.text for answer in answers)
    waiting = sum(TOO_MANY in answer.text for answer in answers)
    assert wrong + waiting == len(answers), [(answer.status, answer.text[:2000]) for answer in answers]
    return wrong


def test_account_is_never_tried_more_often_than_its_limit(served: Served) -> None:
    home = Browser(served)
    assert home.post(LOGIN, {"login": EMAIL, "password": PASSWORD}).status == 302
    strangers = [Browser(served, f"198.51.100.{number}") for number in range(BY_ACCOUNT.times + 14)]
    assert tried(at_once(strangers, "verkeerd wachtwoord")) == BY_ACCOUNT.times
    # Not even the right one from there, but the colleague's own browser comes in.
    assert TOO_MANY in strangers[0].post(LOGIN, {"login": EMAIL, "password": PASSWORD}).text
    del home.cookies["__Host-session"]
    assert home.post(LOGIN, {"login": EMAIL, "password": PASSWORD}).status == 302
    log = served.log.read_text()
    assert EMAIL not in log
    assert "wachtwoord" not in log
    assert {len(key) for key in Attempts.objects.values_list("pk", flat=True)} == {64}


def test_new_password_is_asked_for_no_more_often_than_its_limit(served: Served) -> None:
    browsers = [Browser(served, f"198.51.100.{number}") for number in range(9)]
    with ThreadPoolExecutor(len(browsers)) as pool:
        # Somebody unknown, so that nothing is mailed; the count is the same.
        form = {"email": "olga@de-wilgen.invalid"}
        statuses = [answer.status for answer in pool.map(lambda each: each.post(RESET, form), browsers)]
    assert sorted(statuses) == [302] * RESETS_OF_ACCOUNT.times + [429] * (9 - RESETS_OF_ACCOUNT.times)


HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
FORM = "application/x-www-form-urlencoded"
# What a form comes with that is read at all.
SENT = {"Content-Type": FORM, "Cookie": f"__Host-csrf={'a' * 32}", "Referer": f"https://{HOST}/"}
# What is asked, and the status of the answer: (method, address, body, headers).
Request = tuple[str, str, bytes | None, dict[str, str]]
REQUESTS: list[tuple[int, Request]] = [
    (200, ("GET", "/over/", None, {})),
    (200, ("HEAD", "/account/login/", None, {})),
    (302, ("GET", "/", None, {})),
    (302, ("OPTIONS", "/", None, {})),
    (301, ("GET", "/over", None, {})),
    (301, ("GET", "/over/", None, {"X-Forwarded-Proto": "http"})),
    (400, ("GET", "/over/", None, {"Host": "elders.example"})),
    (400, ("GET", "/over/", None, {"Host": "elders.example", "X-Forwarded-Proto": "http"})),
    *[
        (400, (verb, "/account/login/?next=/x", None, {"Content-Type": f"{FORM}; charset={charset}"}))
        for charset in ("hex", "undefined", "punycode", "zip", "utf-16", "latin-1")
        for verb in ("GET", "POST")
    ],
    (400, ("GET", "/over/", None, {"Content-Type": "a/b; c=" + "x" * 4000 + "; charset=hex"})),
    (400, ("POST", "/account/login/", b"a=" + b"x" * 2_700_000, SENT)),
    (400, ("POST", "/account/login/", b"a=1&" * 1100, SENT)),
    (403, ("POST", "/account/login/", b"a=1", {"Content-Type": FORM})),
    (403, ("POST", "/account/login/", b"--x\r\n", {"Content-Type": "multipart/form-data; boundary=x"})),
    (404, ("GET", "/account/niets/", None, {})),
    (404, ("GET", "/%00/", None, {})),
    (404, ("GET", "/o/niets/", None, {})),
    (404, ("GET", "/static/niets.css", None, {})),
    (404, ("GET", "/robots.txt", None, {})),
    (404, ("GET", "/favicon.ico", None, {})),
    (403, ("PUT", "/account/wie/", None, {})),
    (405, ("OPTIONS", "/account/wie/", None, {})),
    (405, ("TRACE", "/over/", None, {})),
    (302, ("GET", "/", None, {"Cookie": '__Host-session="\\000bcdefghijk"; __Host-known-browser="\\000"'})),
]


def closed(answer: Answer, *, kept: bool = False) -> None:
    """Fails unless every header is there."""
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert answer.headers["Cache-Control"] == "no-store" or kept
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_whatever_is_asked_the_answer_is_closed(served: Served) -> None:
    for status, request in REQUESTS:
        answer = served.ask(*request)
        assert answer.status == status, (request[0], request[1], request[3])
        closed(answer)
    assert "Error handling request" not in served.log.read_text()


def test_static_file_is_closed_and_may_be_kept(served: Served) -> None:
    [address] = re.findall(r'"(/static/css/ouderbuddy\.\w+\.css)"', served.ask("GET", "/over/").text)
    for encoding in ("", "gzip", "br"):
        file = served.ask("GET", address, headers={"Accept-Encoding": encoding})
        assert (file.status, file.headers["Content-Encoding"] or "") == (200, encoding)
        closed(file, kept=True)
        assert "immutable" in file.headers["Cache-Control"]
        again = served.ask("GET", address, headers={"If-Modified-Since": file.headers["Last-Modified"]})
        assert again.status == 304
        closed(again, kept=True)
    closed(served.ask("GET", address, headers={"Range": "bytes=999999-"}))
    closed(served.ask("POST", address))


def test_cookies_are_for_this_host_over_https_only(served: Served) -> None:
    browser = Browser(served)
    page, entered = browser.get(LOGIN), browser.post(LOGIN, {"login": EMAIL, "password": PASSWORD})
    lines = [*page.headers.get_all("Set-Cookie", []), *entered.headers.get_all("Set-Cookie", [])]
    assert {line.partition("=")[0] for line in lines} == {
        "__Host-csrf",
        "__Host-session",
        "__Host-known-browser",
    }
    for line in lines:
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(line.split("; ")), line
        assert "Domain" not in line

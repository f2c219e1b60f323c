"""Nonsense on every address: never a fault of ours, and what is refused changes nothing."""

from __future__ import annotations

from copy import copy
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from hypothesis import given
from hypothesis import strategies as st

from tests.addresses import Row, every_pattern, rows
from tests.test_urls import site_address

from .fuzz import (
    ASKED_FOR,
    Attacked,
    Sent,
    Values,
    bodies,
    encoded,
    hostile,
    nothing_happened,
    send,
    tries,
)

pytestmark = pytest.mark.django_db

# Pages that answer a form that was right with a page: the key of a link is stored nowhere, so it stands in the answer.
SAVES_WITH_A_PAGE = {"buddies:make_link"}
SITE = sorted(
    name for name, route, _view in every_pattern() if "<slug:school>" not in route and name != "parent_page"
)

asked_for: st.SearchStrategy[Values] = st.fixed_dictionaries(
    {}, optional={name: st.lists(hostile, min_size=1, max_size=2) for name in ASKED_FOR}
)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.name)
def test_school_page_survives_nonsense(attacked: Attacked, row: Row) -> None:
    """In its form, its query string and its body, from who may open it."""

    @tries(5)
    @given(st.sampled_from(row.verbs), asked_for, bodies(attacked.form_of(row)), st.booleans())
    def attack(verb: str, asked: Values, sent: Sent, swapped: bool) -> None:
        headers = {"HTTP_HX_REQUEST": "true"} if swapped else {}
        seen = send(attacked.insider(row), verb, f"{attacked.address(row)}?{encoded(asked)}", sent, headers)
        may_have_saved = (swapped or row.name in SAVES_WITH_A_PAGE) and seen.response.status_code == 200
        if verb == "GET" or (seen.refused and not may_have_saved):
            nothing_happened(seen, attacked.before)

    attack()


@pytest.mark.once
@pytest.mark.parametrize("row", rows(), ids=lambda row: row.name)
def test_school_page_stays_closed_whatever_is_sent(attacked: Attacked, row: Row) -> None:
    """To a colleague who may not open it, to another school and to a stranger: nothing is even looked at."""
    closed = [browser for column, browser in attacked.browsers.items() if row.marks.get(column) != "x"]
    outsiders = st.sampled_from([*closed, attacked.outsider(row), Client()])

    @tries(2)
    @given(outsiders, st.sampled_from(row.verbs), bodies(attacked.form_of(row)))
    def attack(browser: Client, verb: str, sent: Sent) -> None:
        seen = send(browser, verb, attacked.address(row), sent)
        assert seen.response.status_code in (302, 400, 403, 404)
        assert seen.response.headers.get("Location", "/account/login/").startswith("/account/login/")
        assert (seen.after, seen.events) == (attacked.before, [])

    attack()


@pytest.mark.parametrize("name", SITE)
def test_page_outside_a_school_survives_nonsense(attacked: Attacked, name: str) -> None:
    """The pages of allauth and the administration site, from a stranger, a teacher and whoever installed it."""
    address = site_address(name)
    browsers = [Client(), attacked.browsers["teacher"], attacked.administrator]
    offered: dict[str, list[str]] = {}
    for browser in browsers:
        offered |= attacked.offered(browser, address)

    @tries(4)
    @given(
        st.sampled_from(browsers),
        st.sampled_from(["GET", "POST"]),
        asked_for,
        bodies(attacked.filled_in(offered)),
    )
    def attack(browser: Client, verb: str, asked: Values, sent: Sent) -> None:
        cookies = copy(browser.cookies)
        seen = send(browser, verb, f"{address}?{encoded(asked)}", sent)
        browser.cookies = cookies  # also after signing out
        if verb == "GET" or seen.response.status_code != 302:
            nothing_happened(seen, attacked.before)

    attack()


@tries(40)
@given(st.data())
def test_page_of_a_link_survives_nonsense(attacked: Attacked, data: st.DataObject) -> None:
    """What is no answer to its question changes nothing, and looking at it never does."""
    cache.clear()
    verb, asked = data.draw(st.sampled_from(["GET", "POST"])), data.draw(asked_for)
    sent = data.draw(bodies(attacked.filled_in({"answer": ["yes", "no", "talk", "stop", "share", "keep"]})))
    key = data.draw(st.just(attacked.key) | hostile.map(lambda text: quote(text, safe="")))
    seen = send(Client(enforce_csrf_checks=True), verb, f"/o/{key}/?{encoded(asked)}", sent)
    if verb == "GET" or key != attacked.key or seen.response.status_code != 302:
        nothing_happened(seen, attacked.before)


ADDRESSES = [
    "/",
    "/over/",
    "/account/login/",
    "/de-wilgen/",
    "/de-wilgen/signalen/",
    "/beheer/",
    "/static/css/base.css",
    "/o/geen-sleutel/",
    "/bestaat-niet/",
]
parts = hostile.map(lambda text: quote(text, safe="")) | st.sampled_from(
    ["..", ".", "", "%2e%2e", "%2f", "..%5c", "a%00b", "%ff", "\u202e"]
)


@tries(60)
@given(st.sampled_from(ADDRESSES), st.lists(parts, max_size=4), st.sampled_from(["GET", "HEAD", "POST"]))
def test_unknown_address_is_answered(attacked: Attacked, start: str, more: list[str], verb: str) -> None:
    cache.clear()
    for browser in (Client(), attacked.browsers["IB'er"]):
        seen = send(browser, verb, "/".join([start.rstrip("/"), *more]))
        nothing_happened(seen, attacked.before)


VERBS = ["OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "POST\x00", "X" * 500, "PUT", "DELETE", "PATCH"]
HEADERS = [
    "HTTP_HOST",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_COOKIE",
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_REFERER",
    "HTTP_ORIGIN",
    "HTTP_HX_REQUEST",
    "HTTP_HX_CURRENT_URL",
    "HTTP_HX_TARGET",
    "HTTP_HX_TRIGGER",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_RANGE",
    "HTTP_AUTHORIZATION",
    "HTTP_X_CSRFTOKEN",
    "HTTP_USER_AGENT",
    "REMOTE_ADDR",
]
# A server gives what came in as latin-1.
in_a_header = hostile.map(
    lambda text: (text if isinstance(text, bytes) else text.encode()).decode("latin-1")
) | st.sampled_from(
    [
        "testserver:99999",
        "example.com",
        "[::1",
        "::1%eth0",
        "10.0.0.1, 10.0.0.2",
        'sessionid="abcdefgh\\000"',
        "sessionid=" + "a" * 5000,
        "csrftoken=\x80; sessionid=; =; ;;",
        "messages=x9k",
        "nl;q=1e400,*;q=" + "9" * 500,
        "bytes=-1-",
        "https://example.com:port/",
        "null",
    ]
)


@tries(80)
@given(
    st.sampled_from(ADDRESSES),
    st.dictionaries(st.sampled_from(HEADERS), in_a_header, max_size=4),
    st.sampled_from(["GET", "POST", *VERBS]),
    st.integers(0, 2),
)
def test_headers_and_verbs_of_any_kind_are_answered(
    attacked: Attacked, address: str, headers: dict[str, str], verb: str, proxies: int
) -> None:
    cache.clear()
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=proxies):
        for browser in (Client(enforce_csrf_checks=True), attacked.browsers["IB'er"]):
            nothing_happened(send(browser, verb, address, headers=headers), attacked.before)

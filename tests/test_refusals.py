"""What is not yours is answered exactly as what does not exist."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from school.views.site import csrf_failure

from .addresses import ROLES, Row, rows
from .pages import differences, without_tokens
from .world import World, answer, text_of

# Two answers are compared: what refuses is the same on every database.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

WITH_AN_OBJECT = [row for row in rows() if row.kind != "none"]
NOWHERE = 10**12
# Looking for something in two steps where there is one, and no more.
ALIKE = 2


def asked(browser: Client, verb: str, address: str, form: str) -> tuple[HttpResponse, int]:
    """The answer, and how often it asked the database."""
    with CaptureQueriesContext(connection) as captured:
        response = answer(browser, verb, address, form)
    return response, len(captured)


def told(response: HttpResponse) -> tuple[int, dict[str, str]]:
    """Status and headers; not the cookie, which is anew each time."""
    headers = {name: value for name, value in response.headers.items() if name != "Content-Length"}
    return response.status_code, headers


@pytest.mark.parametrize("row", WITH_AN_OBJECT, ids=lambda row: row.name)
def test_what_is_not_yours_is_answered_as_what_does_not_exist(world: World, row: Row) -> None:
    """By status, by headers, by every word, and nearly by the number of queries."""
    theirs, form = world.address(row), world.form(row)
    nowhere = reverse(row.name, args=["de-wilgen", *(NOWHERE + number for number in world.ids[row.kind])])
    for column in [column for column in ROLES if row.marks[column] == "-"]:
        for verb in row.verbs:
            (one, one_queries), (other, other_queries) = (
                asked(world.browsers[column], verb, address, form) for address in (theirs, nowhere)
            )
            assert told(one) == told(other)
            assert differences(*(without_tokens(text_of(each)) for each in (one, other))) == []
            assert abs(one_queries - other_queries) <= ALIKE, (column, verb)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.name)
def test_other_school_is_answered_as_a_school_that_does_not_exist(world: World, row: Row) -> None:
    """And a number of another school, at one's own, as one of no school."""
    outsider = world.outsider(row)
    pairs = [(world.address(row), world.address(row, "geen-school"))]
    if row.kind != "none":
        nowhere = [NOWHERE + number for number in world.ids[row.kind]]
        pairs.append((world.address(row, "de-eik"), reverse(row.name, args=["de-eik", *nowhere])))
    for verb in row.verbs:
        for ours, nowhere_at_all in pairs:
            (one, one_queries), (other, other_queries) = (
                asked(outsider, verb, address, world.form(row)) for address in (ours, nowhere_at_all)
            )
            assert one.status_code == 404
            assert told(one) == told(other)
            assert differences(*(without_tokens(text_of(each)) for each in (one, other))) == []
            assert abs(one_queries - other_queries) <= ALIKE, verb


def test_refused_and_not_there_read_the_same(world: World) -> None:
    """What a role may not do, and what is not there, is told in the same words."""
    teacher = world.browsers["teacher"]
    refused, gone = teacher.get("/de-wilgen/instellingen/"), teacher.get("/de-wilgen/signalen/999999999/")
    missing = teacher.get("/de-wilgen/gesprekken/999999999/voor/")
    assert (refused.status_code, gone.status_code, missing.status_code) == (403, 403, 404)
    mains = {page.content.decode().partition("<main")[2] for page in (refused, gone, missing)}
    assert len(mains) == 1
    assert "Deze pagina" in mains.pop()


@pytest.mark.parametrize("key", ["geen-sleutel", "x" * 43])
def test_key_that_never_was_is_told_what_to_do(world: World, key: str) -> None:
    page = answer(Client(), "GET", reverse("parent_page", args=[key]))
    assert page.status_code == 404
    assert "Deze link werkt niet meer" in page.content.decode()


def test_every_refusal_says_what_happened_and_what_to_do(world: World) -> None:
    """In Dutch, with a way on, and never what it was about."""
    teacher = world.browsers["teacher"]
    pages: dict[int, Any] = {
        403: teacher.get("/de-wilgen/instellingen/"),
        404: teacher.get("/de-wilgen/gesprekken/999999999/voor/"),
        405: teacher.post("/de-wilgen/"),
        400: teacher.generic("POST", "/de-wilgen/signaleren/", "a", "text/plain; charset=hex"),
        0: csrf_failure(RequestFactory().post("/")),
    }
    for status, page in pages.items():
        body = page.content.decode()
        assert status in (0, page.status_code)
        assert '<html lang="nl">' in body
        assert 'class="btn btn-primary" href="/"' in body
        assert "Er is niets" in body or "niets veranderd" in body or "niet opgeslagen" in body, status

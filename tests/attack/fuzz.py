"""Nonsense of every kind, sent to every address; and what must hold whatever was sent.

`FUZZ_EXAMPLES` says how often each address is tried; without it a few times, and always the same.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from html.parser import HTMLParser
from operator import or_
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django import forms
from django.contrib.messages import ERROR, get_messages
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from buddies.actions import links
from buddies.links.keys import new_key
from buddies.models import Match, Person
from school import clock
from school.models import AuditEvent, User
from tests.addresses import Row, rows
from tests.buddies.watch import Rows, contents
from tests.world import World, answer, text_of

Values = dict[str, list[str | bytes]]

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))


def tries(few: int) -> settings:
    """How often hypothesis tries: `few` times in the suite, half of them again on PostgreSQL, for what that cannot
    store."""
    again = connection.vendor == "postgresql"
    return settings(
        max_examples=EXAMPLES or ((few + 1) // 2 if again else few),
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        # Looking for a shorter one to show takes minutes.
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


# If this comes back as it was sent, a browser would run it.
CANARY = "'\"><svg onload=x9k>"
HOSTILE: list[str | bytes] = [
    "",
    " ",
    "0",
    "-1",
    "1e400",
    "NaN",
    "1_000",
    "٣",
    "１２",
    "9" * 5000,
    str(2**31),
    str(2**63),
    str(10**18),
    "\x00",
    "a\x00b",
    "\r\nSet-Cookie: x9k=1",
    b"\xff\xfe",
    b"\xed\xa0\x80",  # half a surrogate pair
    "\u202eomgekeerd",
    "\u200b\u2060\ufeff",
    "Z" + "\u0301" * 400,
    "😀" * 90,
    "İıſẞ",
    "zo lang " * 3000,
    "javascript:alert(1)",
    "{{7*7}}{% debug %}%s%n${x}",
    "../../../etc/passwd",
    "//example.com/",
    "[1, 2]",
    '{"pk": 1}',
    "' OR 1=1 --",
    "00000000-0000-0000-0000-000000000000",
    "{12345678-1234-5678-1234-567812345678}",
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "2027-02-30",
    "2027-03-28",  # the clocks go forward in the night before
    "2027-10-31",  # and back
    "02:30",
    "24:00",
    "12:00:60",
    "true",
    "yes",
    "no",
    "not_yet",
]
hostile = (
    st.just(CANARY)
    | st.sampled_from(HOSTILE)
    | st.text(max_size=40).map(lambda text: text.encode(errors="surrogatepass"))
)


# What could stand in an empty field, by its type.
FITTING = {
    "date": str(clock.today() + timedelta(days=7)),
    "time": "10:15",
    "email": "iemand@demo.invalid",
    "tel": "06-00000009",
    "number": "3",
}


class Fields(HTMLParser):
    """The fields of the forms on a page: by name, the values they hold or offer, the one that is set first."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.offered: dict[str, list[str]] = defaultdict(list)
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "select":
            self._select = name
            self.offered[name]
        elif tag == "option":
            self._offer(self._select, given.get("value", ""), first="selected" in given)
        elif tag in ("input", "textarea", "button") and name:
            value = given.get("value") or FITTING.get(given.get("type", ""), "")
            self._offer(name, value, first="checked" in given)

    def _offer(self, name: str, value: str, *, first: bool) -> None:
        self.offered[name].insert(0 if first else len(self.offered[name]), value)


def every_field_name() -> list[str]:
    """The names of the fields of every form of ours."""
    found, classes = set(), [forms.Form]
    while classes:
        each = classes.pop()
        classes += each.__subclasses__()
        found |= set(getattr(each, "base_fields", {}))
    return sorted(found)


# Names that are looked for in a query string.
ASKED_FOR = [
    "q",
    "ouder",
    "buddy",
    "group",
    "status",
    "reason",
    "home",
    "jaar",
    "taal",
    "onderwerp",
    "kind",
    "na",
    "soort",
    "van",
    "contact",
    "card",
    "aanbod",
    "next",
]


class Attacked(World):
    """The world of the address table, with a personal link; and what is stored before anything was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.key = new_key()
        match = Match.objects.get(pk=self.ids["match"][0])
        links.make_link(
            match=match,
            person=Person.PARENT,
            language="nl",
            ticket=links.Ticket(self.key),
            by=self.members["IB'er"],
        )
        self.administrator = Client()
        self.administrator.force_login(User.objects.create_superuser("installer@demo.invalid"))
        # Signing in is remembered, so all of that comes first.
        self.before = contents()
        self.names = every_field_name()
        # Numbers of everything there is, so that one lands where another is meant.
        self.numbers = sorted({str(row[0]) for table in self.before.values() for row in table})
        self._fields: dict[tuple[Client, str], dict[str, list[str]]] = {}

    def insider(self, row: Row) -> Client:
        """Somebody who may open `row`."""
        return next(self.browsers[column] for column, mark in row.marks.items() if mark == "x")

    def form_of(self, row: Row) -> st.SearchStrategy[Values]:
        """The form that is sent to `row`: on its own page, or else on that of what it is about."""
        pages = [each for each in rows() if each.kind == row.kind and "GET" in each.verbs]
        page = row if "GET" in row.verbs else next(iter(pages), None)
        # With a group chosen, the children are there to choose from.
        query = f"?group={self.ids['group'][0]}"
        offered = self.offered(self.insider(page), self.address(page) + query) if page else {}
        for name, values in parse_qs(self.form(row)).items():
            offered[name] = [*values, *offered.get(name, [])]
        return self.filled_in(offered)

    def offered(self, browser: Client, address: str) -> dict[str, list[str]]:
        """The fields on a page, and what stands in them."""
        if (browser, address) not in self._fields:
            cookies = copy(browser.cookies)
            page = answer(browser, "GET", address)
            browser.cookies = cookies
            found = Fields(text_of(page)).offered
            found.pop("csrfmiddlewaretoken", None)
            self._fields[browser, address] = dict(found)
        return dict(self._fields[browser, address])

    def filled_in(self, offered: Mapping[str, list[str]]) -> st.SearchStrategy[Values]:
        """A form as a browser would send it, but for a few fields."""
        as_shown: Values = {name: [next(filter(None, values), "Tekst")] for name, values in offered.items()}
        names = st.sampled_from(sorted(offered) or self.names) | st.sampled_from(self.names)
        elsewhere = [value for values in offered.values() for value in values if value]
        value = hostile | st.sampled_from(self.numbers + elsewhere)
        several = st.lists(value, max_size=3) | value.map(lambda each: [each] * 60)
        wrong = st.dictionaries(names, value.map(lambda each: [each]) | several, max_size=4)
        other = {name: st.sampled_from(values).map(lambda each: [each]) for name, values in offered.items()}
        starts: st.SearchStrategy[Values] = st.sampled_from([as_shown, as_shown, {}])
        return st.builds(
            lambda *parts: reduce(or_, parts), starts, st.fixed_dictionaries({}, optional=other), wrong
        )


@dataclass(frozen=True)
class Sent:
    """A body and what it says it is."""

    body: bytes
    kind: str = "application/x-www-form-urlencoded"
    more: tuple[tuple[str, str], ...] = ()


def encoded(values: Values) -> str:
    return urlencode(values, doseq=True)


def multipart(values: Values, *, file: bytes | None) -> Sent:
    """The form as a browser sends it when there may be files."""
    parts = []
    for name, each in values.items():
        for value in each:
            raw = value if isinstance(value, bytes) else value.encode(errors="replace")
            parts.append(
                b'--x9k\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), raw)
            )
        if file is not None:
            parts.append(
                b'--x9k\r\nContent-Disposition: form-data; name="%s"; filename="../a\x00.svg"\r\n'
                b"Content-Type: image/svg+xml\r\n\r\n%s\r\n" % (name.encode(), file)
            )
    return Sent(b"".join(parts) + b"--x9k--\r\n", "multipart/form-data; boundary=x9k")


@st.composite
def bodies(draw: st.DrawFn, values: st.SearchStrategy[Values]) -> Sent:
    """A form in the usual way, in another, or no form at all."""
    filled, how = draw(values), draw(st.integers(0, 9))
    if how < 6:
        return Sent(encoded(filled).encode())
    if how == 6:
        return multipart(filled, file=draw(st.none() | st.binary(max_size=200)))
    whole = multipart(filled, file=b"x")
    if how == 7:
        return Sent(whole.body[: draw(st.integers(0, len(whole.body)))], whole.kind)
    kind = draw(st.sampled_from(KINDS))
    body = draw(st.binary(max_size=200)) if how == 8 else encoded(filled).encode()
    return Sent(body, kind, draw(st.sampled_from(((), (("HTTP_CONTENT_ENCODING", "gzip"),)))))


KINDS = [
    "application/json",
    "text/plain",
    "",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=\u00e9",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=no-such",
    "application/x-www-form-urlencoded; charset=UTF-8",
    "nonsense/; ;=",
    "application/x-www-form-urlencoded" * 50,
]


NOTHING = Sent(b"")


@dataclass(frozen=True)
class Seen:
    """An answer, and what it did."""

    response: HttpResponse
    after: Rows
    events: list[str]

    @property
    def refused(self) -> bool:
        """Whether the product said that it did nothing: a page that is no success, or an error on the next page."""
        if self.response.status_code == 204:  # saved, for a page that goes on by itself
            return False
        if self.response.status_code != 302:
            return True
        said = get_messages(self.response.wsgi_request)  # type: ignore[attr-defined]  # of the test client's response
        return any(message.level == ERROR for message in said)


def send(
    browser: Client, verb: str, address: str, sent: Sent = NOTHING, headers: Mapping[str, str] | None = None
) -> Seen:
    """What happens; nothing of it stays. Whatever a view raises comes out here, and what would at commit too.
    `headers` are named as a server hands them over."""
    with transaction.atomic():
        last = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        environ: dict[str, Any] = {**dict(sent.more), **(headers or {})}
        response = browser.generic(verb, address, sent.body, sent.kind, **environ)
        connection.check_constraints()
        events = AuditEvent.objects.filter(pk__gt=last).values_list("action", flat=True)
        seen = Seen(response, contents(), list(events))  # type: ignore[arg-type]  # it is a response
        transaction.set_rollback(True)
    decent(seen.response)
    return seen


# What an event is called of which nothing is different: a look, at whatever; or who did not get in.
LOOKS = ("look", "search", "print", "calendar", "sign_in_failed")


def decent(response: HttpResponse) -> None:
    """No fault of ours, and nothing that a browser would run."""
    assert response.status_code < 500
    page = b"" if response.streaming else response.content
    assert b"<svg onload" not in page
    assert b"Traceback" not in page
    assert "x9k" not in response.cookies
    assert urlsplit(response.headers.get("Location", "")).netloc in ("", "testserver")


def nothing_happened(seen: Seen, before: Rows) -> None:
    """No row is different, and the log has at most that somebody looked or did not get in."""
    assert seen.after == before
    assert [action for action in seen.events if action.rpartition(".")[2] not in LOOKS] == []

"""How long staff pages take beside an empty view behind the same middleware and sign-in, and how often they ask the
database, with 1, 30 and 300 rows on them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from statistics import median
from time import process_time
from types import ModuleType
from typing import TYPE_CHECKING

import django
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.runner import DiscoverRunner
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import path, reverse

from tools.process import run_tool, say

if TYPE_CHECKING:
    from school.models import User

ROWS = (1, 30, 300)
TURNS = 11


def main() -> int:
    warnings.simplefilter("ignore")  # WhiteNoise: no static files were collected
    django.setup()
    # The databases of the tests, without the rest of their environment: that makes templates slower.
    runner = DiscoverRunner(verbosity=0, interactive=False)
    say("Staff pages beside an empty view (×: median times of the processor, in turns).")
    for rows in ROWS:
        databases = runner.setup_databases()
        try:
            for page, (ratio, queries) in _measure(rows).items():
                say(f"{rows:>4} rows  {page:<28} {ratio:>6.1f}×  {queries:>3} queries")
        finally:
            runner.teardown_databases(databases)
    return 0


def _measure(rows: int) -> dict[str, tuple[float, int]]:
    """For each page how many times the empty view it takes, and its queries."""
    with _with_an_empty_page():
        pages = _school(rows)
        clients = {user.pk: Client(SERVER_NAME="localhost") for user, _ in pages.values()}
        for user, _ in pages.values():
            clients[user.pk].force_login(user)
        return {name: _page(clients[user.pk], address) for name, (user, address) in pages.items()}


def _page(client: Client, address: str) -> tuple[float, int]:
    def open_it(where: str) -> None:
        answer = client.get(where)
        assert answer.status_code == 200, (where, answer.status_code)

    empty = reverse("empty", args=["de-wilgen"])
    open_it(address)
    with CaptureQueriesContext(connection) as asked:
        open_it(address)
    queries = len(asked)
    taken, nothing = [], []
    for _ in range(TURNS):
        taken.append(_seconds(lambda: open_it(address)))
        nothing.append(_seconds(lambda: open_it(empty)))
    return median(taken) / median(nothing), queries


def _seconds(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began


@contextmanager
def _with_an_empty_page() -> Iterator[None]:
    """All addresses, and one whose view does nothing."""
    from school import urls
    from school.access import allow

    @allow()
    def empty(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    with_empty = ModuleType("with_empty")
    with_empty.urlpatterns = [path("<slug:school>/leeg/", empty, name="empty"), *urls.urlpatterns]  # type: ignore[attr-defined]
    with override_settings(ROOT_URLCONF=with_empty):
        yield


@transaction.atomic
def _school(rows: int) -> dict[str, tuple[User, str]]:
    """De Wilgen with `rows` of everything: the pages to measure, and who opens them."""
    from buddies.actions.schools import open_school, set_coordinator
    from buddies.models import Theme
    from school import clock
    from school.actions import ClassListRow, load_class_list
    from school.models import Group
    from school.roles import Role
    from tests import cast

    made = open_school(name="De Wilgen", slug="de-wilgen", brin="99ZZ")
    starting = clock.today() + timedelta(days=10)
    class_list = [ClassListRow(f"Kind {number}", "1/2A", (1, 2), starting) for number in range(rows)]
    load_class_list(school=made, rows=class_list, by=None)
    ib = cast.member(made, "Ineke", Role.INTERN_BEGELEIDER)
    director = cast.member(made, "Dirkje", Role.DIRECTOR)
    teacher = cast.member(made, "Tom", Role.TEACHER, groups=Group.objects.filter(school=made))
    newcomers = Theme.objects.get(school=made, code="newcomer")
    set_coordinator(theme=newcomers, membership=director, by=None)
    add_buddy, signalled = cast.AddBuddy(ib), cast.Signalled(teacher, ib)
    proposed = cast.Proposed(add_buddy, signalled, ib)
    for number in range(rows):
        add_buddy(["reading", "newcomer"], languages=("nl", "tr"), grades=(number % 8 + 1,))
        open_request = signalled("reading", languages=("tr",))
        proposed()
    child = made.child_set.order_by("pk")[0]

    def page(name: str, *arguments: int) -> str:
        return reverse(name, args=["de-wilgen", *arguments])

    return {
        "Vandaag, intern begeleider": (ib.user, page("today")),
        "Vandaag, director": (director.user, page("today")),
        "Vandaag, teacher": (teacher.user, page("today")),
        "Signalen": (ib.user, page("buddies:requests")),
        "Koppelingen": (ib.user, page("buddies:matches")),
        "Buddy's": (ib.user, page("buddies:buddies")),
        "Buddy zoeken": (ib.user, page("buddies:find", open_request.pk)),
        "Kleuters": (director.user, page("buddies:newcomers")),
        "Offering a buddy": (director.user, page("buddies:offer_newcomer", child.pk)),
    }


if __name__ == "__main__":
    run_tool(main)

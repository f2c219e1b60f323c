"""How long staff pages take beside an empty view on the same server, behind the same middleware and sign-in, and how
often they ask the database, with 1, 30 and 300 rows on them.

A time is what the server's processor worked on one request (Linux counts it in nanoseconds), so that other work on the
machine hardly counts.
"""

from __future__ import annotations

import warnings
from contextlib import suppress
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import django
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.runner import DiscoverRunner
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tools.process import run_tool, say

if TYPE_CHECKING:
    from school.models import User
    from tests.served import Served

ROWS = (1, 30, 300)
TURNS = 21
EMPTY = "/de-wilgen/leeg/"  # see urls.py


def main() -> int:
    warnings.simplefilter("ignore")  # WhiteNoise: no static files were collected
    django.setup()
    # The databases of the tests, without the rest of their environment: that makes templates slower.
    runner = DiscoverRunner(verbosity=0, interactive=False)
    say("Staff pages beside an empty view, over HTTP from one gunicorn worker (medians, in turns).")
    for rows in ROWS:
        databases = runner.setup_databases()
        try:
            for page, (taken, ratio, queries) in _measure(rows).items():
                say(
                    f"{rows:>4} rows  {page:<28} {taken * 1000:>6.1f} ms {ratio:>6.1f}×  {queries:>3} queries"
                )
        finally:
            runner.teardown_databases(databases)
    return 0


def _measure(rows: int) -> dict[str, tuple[float, float, int]]:
    """For each page its time in seconds, how many times the empty view that is, and its queries."""
    from tests.served import collect_static, serve

    pages = _school(rows)
    browsers = {user.pk: Client(SERVER_NAME="localhost") for user, _ in pages.values()}
    for user, _ in pages.values():
        browsers[user.pk].force_login(user)
    with TemporaryDirectory() as folder:
        collect_static(Path(folder))
        keys = {"SECRET_KEY": settings.SECRET_KEY, "FIELD_KEYS": ",".join(settings.FIELD_KEYS)}
        with serve(
            Path(folder), workers=1, DJANGO_SETTINGS_MODULE="tools.bench.served_settings", **keys
        ) as served:
            return {
                name: (*_times(served, browsers[user.pk], address), _queries(browsers[user.pk], address))
                for name, (user, address) in pages.items()
            }


def _queries(browser: Client, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as asked:
        browser.get(address)
    return len(asked)


def _times(served: Served, browser: Client, address: str) -> tuple[float, float]:
    """The median time of the page at `address` in seconds, and how many times that of the empty view it is."""
    from tests.served import HOST

    line = HTTPConnection("127.0.0.1", served.port, timeout=60)
    [worker] = _children(served.pid)
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    headers = {
        "Host": HOST,
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "192.0.2.1",
        "Cookie": f"__Host-session={session}",
    }

    def open_it(where: str) -> float:
        began = _worked(worker)
        line.request("GET", where, headers=headers)
        answer = line.getresponse()
        answer.read()
        assert answer.status == 200, (where, answer.status)
        return _worked(worker) - began

    open_it(address)
    open_it(EMPTY)
    taken, nothing = [], []
    for _ in range(TURNS):
        taken.append(open_it(address))
        nothing.append(open_it(EMPTY))
    line.close()
    return median(taken), median(taken) / median(nothing)


def _children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def _worked(process: int) -> float:
    """So many seconds all threads of `process` together had a processor."""
    threads = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


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

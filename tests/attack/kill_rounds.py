"""Rounds in which the server is killed. In each, staff send real forms to a real server; at a random moment its whole
process group gets SIGKILL, on PostgreSQL now and then one of the database's own processes, upon which the whole
database stops at once and starts again from its log.

Then whatever a browser was told is saved must be there exactly once; what got no answer must be there wholly or not at
all and, sent once more, exactly once; nobody is signed out, and every promise still stands on Vandaag.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import IO

from django.core.management import call_command
from django.db import OperationalError, connection, connections

from buddies.actions.schools import open_school
from buddies.models import Theme
from school.actions import ClassListRow, load_class_list
from school.models import Group
from school.roles import Role
from tests.cast import member
from tests.world import PASSWORD
from tools.process import end, start

from .kill_checks import half_done, is_there, lost
from .kill_clients import (
    Browser,
    Colleague,
    NoAnswer,
    Story,
    Unexpected,
    around_the_table,
    consents_withdrawn,
    from_signal_to_connected,
    new_family,
)
from .scratch import free_port, server

# A database does not grow for ever: after so many kills the next begins with an empty one.
ROUNDS_PER_DATABASE = 25
LONGEST_ROUND = 1.2  # seconds
PATIENCE = 60  # seconds within which the server answers again
# Who works at each school, and what they do over and over.
WORK: list[tuple[Role, list[Story]]] = [
    (Role.INTERN_BEGELEIDER, [from_signal_to_connected]),
    (Role.INTERN_BEGELEIDER, [new_family, consents_withdrawn]),
    (Role.TEACHER, [around_the_table]),
]


@dataclass
class Tally:
    """What a run saw."""

    kills: int = 0
    database_kills: int = 0
    acknowledged: int = 0
    there: int = 0
    absent: int = 0
    slowest: float = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills ({self.database_kills} of them of the database), {self.acknowledged} acknowledged "
            f"writes; in flight {self.there} there and {self.absent} not; writing again within "
            f"{self.slowest:.1f} s; {len(self.wrong)} wrong"
        )


@dataclass
class Site:
    """A server, and who works there, on one database."""

    dice: random.Random
    tally: Tally
    output: IO[str]
    staff: list[Colleague]
    port: int
    running: subprocess.Popen[str] | None = None

    def serve(self) -> None:
        """Start the server and wait until it answers."""
        self.running = start(server(self.port), env=os.environ, output=self.output)
        self.wait()

    def wait(self) -> None:
        """Until a page that needs the database opens."""
        colleague = self.staff[0]
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                colleague.browser.send("GET", f"/{colleague.slug}/")
            except NoAnswer:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the server did not come back")

    def stop(self) -> None:
        """SIGKILL for the server and all it started."""
        assert self.running is not None
        end(self.running, signal.SIGKILL)

    def round(self) -> None:
        """Everybody works, the server dies, and all is looked over."""
        stop = Event()
        threads = [Thread(target=who.work, args=(stop,)) for who in self.staff]
        for thread in threads:
            thread.start()
        time.sleep(self.dice.uniform(0.05, LONGEST_ROUND))
        stop.set()
        self._kill()
        for thread in threads:
            thread.join()
        self._look_over()

    def _kill(self) -> None:
        self.tally.kills += 1
        if connection.vendor == "postgresql" and self.dice.random() < 0.5:
            self.tally.database_kills += 1
            _kill_database(self.dice)
            if self.dice.random() < 0.5:
                return
        self.stop()

    def _look_over(self) -> None:
        """What was saved, what is half done; then what got no answer is sent once more."""
        _wait_for_database()
        wrong = self.tally.wrong
        wrong += [f"lost: {each}" for who in self.staff for each in lost(who.saved)]
        wrong += [f"half done: {each}" for each in half_done()]
        in_flight = [is_there(write) for who in self.staff for write in who.unsure]
        self.tally.there += in_flight.count(True)
        self.tally.absent += in_flight.count(False)
        connections.close_all()
        if self.running is None or self.running.poll() is not None:
            self.serve()
        self.wait()
        for who in self.staff:
            self._go_on(who)
        connections.close_all()

    def _go_on(self, who: Colleague) -> None:
        """What got no answer is sent once more; no lock is left, so that is answered soon."""
        began = time.monotonic()
        try:
            who.send_again()
        except (NoAnswer, Unexpected) as error:
            self.tally.wrong.append(f"cannot be sent again: {who.unsure} {error}")
            who.unsure = []
        self.tally.slowest = max(self.tally.slowest, time.monotonic() - began)
        self.tally.wrong += [f"lost or twice: {each}" for each in lost(who.saved)]
        self.tally.wrong += [f"not on Vandaag: {each}" for each in _forgotten(who)]
        self.tally.wrong += who.wrong
        who.wrong = []


def run(kills: int, dice: random.Random, log: Path) -> Tally:
    """Kill the server `kills` times, on scratch databases."""
    tally = Tally()
    with log.open("a") as output:
        while tally.kills < kills:
            port = free_port()
            site = Site(dice, tally, output, _begin_anew(port), port)
            connections.close_all()
            try:
                site.serve()
                for who in site.staff:
                    who.browser.sign_in(who.email)
                for _round in range(min(ROUNDS_PER_DATABASE, kills - tally.kills)):
                    site.round()
            finally:
                site.stop()
            tally.acknowledged += sum(len(who.saved) for who in site.staff)
    return tally


def _begin_anew(port: int) -> list[Colleague]:
    """An empty database with two schools, and who works there."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    else:
        name = Path(str(connection.settings_dict["NAME"]))
        for file in name.parent.glob(f"{name.name}*"):
            file.unlink()
    connections.close_all()
    call_command("migrate", verbosity=0)
    return [each for slug in ("de-wilgen", "de-eik") for each in staff_of(slug, Browser(port))]


def staff_of(slug: str, browser: Browser) -> list[Colleague]:
    """Who works at a new school, each with a browser like `browser`."""
    school = open_school(name=slug.title(), slug=slug, brin="99ZZ" if slug == "de-wilgen" else "99YY")
    class_list = [ClassListRow("Sem", "1/2A", (1, 2)), ClassListRow("Lina", "4B", (4, 4))]
    load_class_list(school=school, rows=class_list, by=None)
    themes = {theme.code: str(theme.pk) for theme in Theme.objects.filter(school=school)}
    groups = {group.name: str(group.pk) for group in Group.objects.filter(school=school)}
    staff = []
    for number, (role, stories) in enumerate(WORK):
        user = member(school, f"Collega {number}", role).user
        user.set_password(PASSWORD)
        user.save()
        own = type(browser)(browser.port)
        staff.append(Colleague(slug, user.email, own, themes, groups, stories))
    return staff


def _kill_database(dice: random.Random) -> None:
    """SIGKILL for one of the processes that serve our server: PostgreSQL then ends all others and recovers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        numbers = [pid for (pid,) in cursor.fetchall()]
    connections.close_all()
    if numbers:
        os.kill(dice.choice(numbers), signal.SIGKILL)


def _wait_for_database() -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            connection.ensure_connection()
        except OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _forgotten(who: Colleague) -> list[str]:
    """The promises of `who` for today that are not on their Vandaag, on whatever page of it."""
    promised = [write.key for write in who.saved if write.kind == "promise"]
    pages = [who.look("")] if promised else []
    while pages and 'rel="next"' in pages[-1]:
        pages.append(who.look(f"?pagina={len(pages) + 1}"))
    return [key for key in promised if not any(key in page for page in pages)]

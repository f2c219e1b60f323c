"""The program that kills the server sees what is lost and what is half done; the killing itself is for the night."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from buddies.models import CheckIn, Experience, Match, Signal
from meetings.models import FollowUp
from school.models import Child, User

from .kill_checks import half_done, lost
from .kill_clients import Answer, Browser, Colleague, Form
from .kill_rounds import staff_of

pytestmark = pytest.mark.django_db


class InProcess(Browser):
    """A browser without a network."""

    def sign_in(self, email: str) -> None:
        self.client = Client()
        self.client.force_login(User.objects.get(email=email))

    def send(self, verb: str, address: str, form: Form | None = None) -> Answer:
        sent = urlencode(form or {}, doseq=True)
        response = self.client.generic(verb, address, sent, "application/x-www-form-urlencoded")
        return Answer(response.status_code, response.headers.get("Location", ""), response.content.decode())


@pytest.fixture(scope="module")
def staff(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Colleague]]:
    """Three colleagues who took every story to its end, once for all tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        staff = staff_of("de-wilgen", InProcess(0))
        for who in staff:
            who.browser.sign_in(who.email)
            for story in who.stories:
                for write in story(who):
                    who.unsure.append(write)
                    who.send_again()
        yield staff
        transaction.set_rollback(True)


def test_whole_stories_leave_nothing_lost_or_half_done(staff: list[Colleague]) -> None:
    saved = [write for who in staff for write in who.saved]
    assert {write.kind for write in saved} >= {
        "match.complete",
        "consent.withdraw",
        "offer",
        "promise",
        "refusal",
    }
    assert (lost(saved), half_done()) == ([], [])


@pytest.mark.parametrize(
    ("half", "said"),
    [
        (lambda: CheckIn.objects.earliest("pk").delete(), "check-ins"),
        (lambda: Experience.objects.earliest("pk").delete(), "experiences"),
        (lambda: Signal.objects.earliest("pk").delete(), "signals of one request"),
        (lambda: FollowUp.objects.earliest("pk").delete(), "meeting.promise"),
        (
            lambda: Child.objects.create(school=Match.objects.earliest("pk").school, first_name="Kleuter x"),
            "child.add",
        ),
    ],
)
def test_half_a_write_is_seen(staff: list[Colleague], half: Callable[[], object], said: str) -> None:
    half()
    assert [what for what in half_done() if what.startswith(said)]


def test_write_that_is_gone_is_seen(staff: list[Colleague]) -> None:
    FollowUp.objects.earliest("pk").delete()
    assert [what for who in staff for what in lost(who.saved) if what.startswith("promise")]

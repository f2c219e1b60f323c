"""Counting attempts: exactly, whatever comes at the same moment, and without saying whose they are."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from school import accounts, clock
from school.accounts import BY_ACCOUNT, BY_ADDRESS, BY_BROWSER, CHANGES, RESETS_BY_ADDRESS, RESETS_OF_ACCOUNT
from school.limits import Limit
from school.models import Attempts, User

from ..buddies.test_concurrency import at_once

LIMIT = Limit("test", times=7, period=timedelta(minutes=10))
PASSWORD = "een lang wachtwoord"
EMAIL = "tom@de-wilgen.invalid"
LOGIN = {"login": EMAIL, "password": PASSWORD}
WAIT = "te vaak een verkeerd wachtwoord"


@pytest.fixture
def user(db: None) -> User:
    """Tom, with a password."""
    return User.objects.create_user(EMAIL, "Tom", PASSWORD)


def test_of_twenty_at_once_no_more_than_the_limit_come_through(transactional: None) -> None:
    for round_ in range(4):
        taken = at_once(*[partial(LIMIT.take, f"iemand {round_}")] * 20)
        assert sorted(map(str, taken)) == ["False"] * 13 + ["True"] * 7
    # A period that is over starts once, however many come at that moment.
    with clock.at(clock.now() - timedelta(days=1)):
        assert LIMIT.take("eerder")
    assert sorted(map(str, at_once(*[partial(LIMIT.take, "eerder")] * 20))) == ["False"] * 13 + ["True"] * 7


def test_period_begins_with_the_first_attempt_and_ends(db: None) -> None:
    begin = clock.now()
    for minute in range(7):
        with clock.at(begin + timedelta(minutes=minute)):
            assert not LIMIT.full("iemand")
            assert LIMIT.take("iemand")
    with clock.at(begin + timedelta(minutes=9)):
        assert LIMIT.full("iemand")
        assert not LIMIT.take("iemand")
        assert LIMIT.take("een ander")
    with clock.at(begin + timedelta(minutes=10)):
        assert not LIMIT.full("iemand")
        assert LIMIT.take("iemand")


def test_attempt_that_was_fine_is_given_back(db: None) -> None:
    for _ in range(20):
        assert LIMIT.take("iemand")
        LIMIT.give_back("iemand")
    LIMIT.give_back("niemand")
    assert list(Attempts.objects.values_list("count", flat=True)) == [0]


def test_whom_it_is_about_cannot_be_read(user: User) -> None:
    Client().post(reverse("account_login"), {"login": EMAIL, "password": "verkeerd wachtwoord"})
    Client().post(reverse("account_reset_password"), {"email": EMAIL})
    keys = set(Attempts.objects.values_list("pk", flat=True))
    assert len(keys) == 4
    assert {len(key) for key in keys} == {64}
    assert not any("tom" in key or "127" in key for key in keys)


def test_counts_go_when_their_period_is_long_over(db: None) -> None:
    with clock.at(clock.now() - timedelta(hours=2)):
        LIMIT.take("lang geleden")
    LIMIT.take("net")
    call_command("run_due")
    assert Attempts.objects.count() == 1


# Signing in


def wrong(browser: Client, email: str = EMAIL) -> str:
    """The page after a wrong password."""
    form = {"login": email, "password": "verkeerd wachtwoord"}
    return browser.post(reverse("account_login"), form).content.decode()


def test_stranger_who_guesses_is_stopped_and_keeps_no_colleague_out(user: User) -> None:
    own = Client()
    own.post(reverse("account_login"), LOGIN)
    own.post(reverse("account_logout"))
    for number in range(BY_ACCOUNT.times):
        assert WAIT not in wrong(Client(REMOTE_ADDR=f"192.0.2.{number}"))
    assert WAIT in wrong(Client(REMOTE_ADDR="192.0.2.99"))
    page = Client().post(reverse("account_login"), LOGIN)
    assert WAIT in page.content.decode()
    assert own.post(reverse("account_login"), LOGIN).status_code == 302


def test_known_browser_may_not_guess_for_ever_either(user: User) -> None:
    own = Client()
    own.post(reverse("account_login"), LOGIN)
    own.post(reverse("account_logout"))
    for _ in range(BY_BROWSER.times):
        assert WAIT not in wrong(own)
    assert WAIT in wrong(own)
    assert Client().post(reverse("account_login"), LOGIN).status_code == 302, "the account itself is open"


def test_browser_is_known_for_the_accounts_that_signed_in_with_it_only(user: User) -> None:
    own = Client()
    own.post(reverse("account_login"), LOGIN)
    cookie = own.cookies["known-browser"]
    assert cookie["httponly"]
    assert "tom" not in cookie.value
    own.post(reverse("account_logout"))
    other = User.objects.create_user("olga@de-wilgen.invalid", "Olga", PASSWORD)
    for _ in range(BY_ACCOUNT.times):
        wrong(Client(), other.email)
    assert WAIT in wrong(own, other.email)
    forged = Client()
    forged.cookies["known-browser"] = cookie.value[:-2] + "xx"
    for _ in range(BY_ACCOUNT.times):
        wrong(Client())
    assert WAIT in wrong(forged)


def test_address_that_tries_many_accounts_is_stopped(user: User) -> None:
    for number in range(BY_ADDRESS.times):
        assert WAIT not in wrong(Client(), f"iemand{number}@de-wilgen.invalid")
    assert WAIT in wrong(Client())
    assert Client(REMOTE_ADDR="192.0.2.9").post(reverse("account_login"), LOGIN).status_code == 302


def test_right_password_never_counts(user: User) -> None:
    for _ in range(BY_ADDRESS.times + 1):
        assert Client().post(reverse("account_login"), LOGIN).status_code == 302


def test_waiting_is_over_after_a_quarter_of_an_hour(user: User) -> None:
    for _ in range(BY_ACCOUNT.times + 1):
        wrong(Client())
    with clock.at(clock.now() + accounts.PERIOD):
        assert Client().post(reverse("account_login"), LOGIN).status_code == 302


def test_new_password_by_mail_opens_the_account_at_once(user: User) -> None:
    own = Client()
    own.post(reverse("account_login"), LOGIN)
    own.post(reverse("account_logout"))
    for browser in [own] * (BY_BROWSER.times + 1) + [Client()] * (BY_ACCOUNT.times + 1):
        wrong(browser)
    own.post(reverse("account_reset_password"), {"email": EMAIL})
    [link] = re.findall(r"http://testserver(\S+)", str(mail.outbox[0].body))
    page = own.get(link, follow=True)
    new = "nog een langer wachtwoord"
    own.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    for browser in (own, Client()):
        assert browser.post(reverse("account_login"), LOGIN | {"password": new}).status_code == 302


# Asking for, and changing, a password


def test_new_password_is_asked_for_a_few_times_only(user: User) -> None:
    def asked(email: str, address: str = "127.0.0.1") -> int:
        browser = Client(REMOTE_ADDR=address)
        return browser.post(reverse("account_reset_password"), {"email": email}).status_code

    for email in (EMAIL, "olga@de-wilgen.invalid"):
        statuses = [
            asked(email.upper() if number else email) for number in range(RESETS_OF_ACCOUNT.times + 1)
        ]
        assert statuses == [302] * RESETS_OF_ACCOUNT.times + [429]
    for number in range(RESETS_BY_ADDRESS.times):
        asked(f"iemand{number}@de-wilgen.invalid", "192.0.2.1")
    assert asked("nieuw@de-wilgen.invalid", "192.0.2.1") == 429
    assert asked("nieuw@de-wilgen.invalid", "192.0.2.2") == 302


@pytest.mark.parametrize("page", ["account_change_password", "admin:password_change"])
def test_open_screen_is_no_way_to_guess_the_password(user: User, client: Client, page: str) -> None:
    User.objects.update(is_staff=True)
    client.force_login(user)
    form = {"oldpassword": "gok", "old_password": "gok", "password1": PASSWORD, "new_password1": PASSWORD}
    statuses = [client.post(reverse(page), form).status_code for _ in range(CHANGES.times + 1)]
    assert statuses == [200] * CHANGES.times + [429]
    assert "Dit is te vaak geprobeerd" in client.post(reverse(page), form).content.decode()

"""When a session ends, what happens to what was typed, and the page of one's own sessions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from school import clock
from school.models import Membership, Session, User
from school.sessions import SessionStore

from ..cast import ClientOf, member

BEGIN = clock.now()
PASSWORD = "een lang wachtwoord"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:141.0) Gecko/20100101 Firefox/141.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Safari/604.1"
)
SIGNAL = "/de-wilgen/signaleren/"
PAGE = "/account/sessies/"


def after(**time: float) -> Any:
    """So long after everybody signed in."""
    return clock.at(BEGIN + timedelta(**time))


def opens(browser: Client) -> bool:
    """Whether the browser is signed in."""
    return bool(browser.get(SIGNAL).status_code == 200)


@pytest.fixture
def tom(teacher: Membership) -> User:
    """Tom, with a password."""
    teacher.user.set_password(PASSWORD)
    teacher.user.save()
    return teacher.user


@pytest.fixture
def enter(tom: User) -> Callable[..., Client]:
    """`enter(FIREFOX)` is a browser in which Tom signs in at the beginning."""

    def sign_in(agent: str = "", email: str = tom.email) -> Client:
        browser = Client(headers={"User-Agent": agent})
        with clock.at(BEGIN):
            form = {"login": email, "password": PASSWORD}
            assert browser.post(reverse("account_login"), form).status_code == 302
        return browser

    return sign_in


# When it ends


def test_session_ends_when_it_is_not_used(enter: Callable[..., Client]) -> None:
    browser = enter()
    with after(minutes=29):
        assert opens(browser)
    with after(minutes=58):
        assert opens(browser), "it was used"
    with after(minutes=58 + 30):
        assert not opens(browser)
    with after(minutes=59):
        assert not opens(browser), "it does not come back"


def test_session_ends_after_a_working_day_however_much_it_is_used(enter: Callable[..., Client]) -> None:
    browser = enter()
    for minutes in range(20, 12 * 60, 20):
        with after(minutes=minutes):
            assert opens(browser)
            # Writing to the session puts its end off no more than looking does.
            browser.post(PAGE, {"end": "others"})
    with after(hours=11, minutes=59):
        assert opens(browser)
    with after(hours=12):
        assert not opens(browser)


def test_both_ends_are_set_by_the_school(enter: Callable[..., Client], settings: Settings) -> None:
    settings.SESSION_IDLE, settings.SESSION_COOKIE_AGE = 600, 3600
    browser = enter()
    for minutes in range(9, 60, 9):
        with after(minutes=minutes):
            assert opens(browser)
    with after(minutes=60):
        assert not opens(browser)
    browser = enter()
    with after(minutes=10):
        assert not opens(browser)


def test_use_is_written_down_once_a_minute(
    enter: Callable[..., Client], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = enter()
    with after(seconds=59), django_assert_num_queries(2):  # the session and the user
        assert browser.get("/account/wie/").status_code == 200
    with after(seconds=60), django_assert_num_queries(3):
        assert browser.get("/account/wie/").status_code == 200


def test_cookie_of_anything_is_nobodys(db: None) -> None:
    for value in ('"\\000bcdefghijk"', "x" * 5000, "é" * 32, "' OR 1=1 --"):
        browser = Client()
        assert browser.get("/", headers={"Cookie": f"sessionid={value}"}).status_code == 302


def test_what_is_over_is_deleted(enter: Callable[..., Client]) -> None:
    enter()
    with after(minutes=29):
        call_command("run_due")
        assert Session.objects.count() == 1
    with after(minutes=30):
        call_command("run_due")
        assert not Session.objects.exists()


# What was sent when it was over


def test_form_sent_too_late_is_not_saved_and_says_so(enter: Callable[..., Client]) -> None:
    browser = enter()
    with after(hours=1):
        page = f"http://testserver{SIGNAL}?deel=1"
        response = browser.post(SIGNAL, {"called": "Mevrouw Geheim"}, headers={"Referer": page})
        assert response["Location"] == f"/account/login/?next={SIGNAL}%3Fdeel%3D1&niet_opgeslagen=1"
        signing_in = browser.get(response["Location"]).content.decode()
        assert "Wat je net verstuurde is niet opgeslagen." in signing_in
        assert "Geheim" not in signing_in
        answer = browser.post(
            reverse("account_login"),
            {"login": "tom@de-wilgen.invalid", "password": PASSWORD, "next": f"{SIGNAL}?deel=1"},
            follow=True,
        )
        assert answer.status_code == 200
        assert "Geheim" not in answer.content.decode()
        assert "Geheim" not in str(list(Session.objects.values()))


@pytest.mark.parametrize(
    "referer",
    [
        "https://elders.example/x",
        "",
        "//elders.example",
        "niets",
        "http://[",
        "http://testserver//elders.example/x",
    ],
)
def test_form_of_an_unknown_page_leads_to_the_first_one(enter: Callable[..., Client], referer: str) -> None:
    browser = enter()
    with after(hours=1):
        response = browser.post(SIGNAL, headers={"Referer": referer})
    assert response["Location"] == "/account/login/?next=/&niet_opgeslagen=1"


def test_page_asked_for_too_late_says_nothing_about_saving(enter: Callable[..., Client]) -> None:
    browser = enter()
    with after(hours=1):
        assert browser.get(SIGNAL)["Location"] == f"/account/login/?next={SIGNAL}"


def test_fragment_asked_for_too_late_opens_the_sign_in_page_as_a_whole(enter: Callable[..., Client]) -> None:
    browser = enter()
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{SIGNAL}"}
    with after(hours=1):
        for response in (browser.get(SIGNAL, headers=headers), browser.post(SIGNAL, headers=headers)):
            assert response.status_code == 200
            assert response["HX-Redirect"] == f"/account/login/?next={SIGNAL}"
            assert response.content == b""


def test_page_learns_who_is_signed_in_before_it_sends(enter: Callable[..., Client], tom: User) -> None:
    other = member(tom.membership_set.get().school, "Olga").user
    other.set_password(PASSWORD)
    other.save()
    own, again, someone = enter(), enter(), enter(email=other.email)
    with clock.at(BEGIN):
        said = [browser.get("/account/wie/").json() for browser in (own, again, someone, Client())]
        assert f'data-account="{said[0]["account"]}"' in own.get(SIGNAL).content.decode()
    names = [answer["account"] for answer in said]
    assert names[0] == names[1] != ""
    assert names[2] not in ("", names[0])
    assert names[3] == ""
    with after(hours=1):
        assert own.get("/account/wie/").json()["account"] == ""


def test_token_that_is_learned_sends_the_form_after_signing_in_again(tom: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    token = browser.get("/account/wie/").json()["token"]
    form = {"login": tom.email, "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert browser.post(reverse("account_login"), form).status_code == 302
    assert browser.post(SIGNAL, {"csrfmiddlewaretoken": token}).status_code == 403
    fresh = browser.get("/account/wie/").json()["token"]
    assert browser.post(SIGNAL, {"csrfmiddlewaretoken": fresh}).status_code == 200


# One's own sessions


def test_own_sessions_are_listed_in_words_and_without_addresses(enter: Callable[..., Client]) -> None:
    own, phone = enter(FIREFOX), enter(PHONE)
    with after(minutes=5):
        phone.get(SIGNAL)
    with after(minutes=6):
        page = " ".join(own.get(PAGE).content.decode().split())
    assert page.index("Firefox op Windows") < page.index("Safari op iPhone")
    assert page.count("status-done") == 1
    for hidden in ("127.0.0.1", "141.0", *Session.objects.values_list("pk", flat=True)):
        assert hidden not in page
    assert f'class="back" href="{reverse("home")}"' in page
    assert "127.0.0.1" not in str([SessionStore().decode(row.session_data) for row in Session.objects.all()])


def test_ended_session_opens_nothing_any_more(enter: Callable[..., Client]) -> None:
    own, phone, third = enter(FIREFOX), enter(PHONE), enter()
    handle = Session.objects.get(system="iPhone").handle
    with after(minutes=1):
        assert opens(phone)
        own.post(PAGE, {"end": handle})
        assert [opens(browser) for browser in (own, phone, third)] == [True, False, True]
        assert "1 browser is uitgelogd." not in own.post(PAGE, {"end": handle}, follow=True).content.decode()


def test_all_other_sessions_end_at_once(enter: Callable[..., Client]) -> None:
    own, phone, third = enter(FIREFOX), enter(PHONE), enter()
    with after(minutes=1):
        page = own.post(PAGE, {"end": "others"}, follow=True).content.decode()
        assert "2 browsers zijn uitgelogd." in page
        assert [opens(browser) for browser in (own, phone, third)] == [True, False, False]


def test_nobody_sees_or_ends_the_session_of_a_colleague(
    enter: Callable[..., Client], director: Membership, client_of: ClientOf
) -> None:
    phone = enter(PHONE)
    with clock.at(BEGIN):
        browser = client_of(director)
        handle = Session.objects.get(system="iPhone").handle
        assert "iPhone" not in browser.get(PAGE).content.decode()
        for which in (handle, "others", "", "niets"):
            browser.post(PAGE, {"end": which})
        assert opens(phone)


def test_changed_password_ends_the_other_sessions(enter: Callable[..., Client]) -> None:
    own, phone = enter(FIREFOX), enter(PHONE)
    new = "nog een langer wachtwoord"
    with after(minutes=1):
        form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
        assert own.post(reverse("account_change_password"), form).status_code == 302
        assert [opens(browser) for browser in (own, phone)] == [True, False]
        assert [row.browser for row in Session.objects.all()] == ["Firefox"]


def test_account_that_is_closed_is_out_at_once(enter: Callable[..., Client], tom: User) -> None:
    browser = enter()
    tom.is_active = False
    tom.save()
    with after(minutes=1):
        assert not opens(browser)


def test_session_says_when_it_began_and_was_last_used(enter: Callable[..., Client]) -> None:
    browser = enter()
    with after(minutes=10):
        assert opens(browser)
    row = Session.objects.get()
    assert (row.began_at, row.seen_at) == (BEGIN, BEGIN + timedelta(minutes=10))
    assert isinstance(row.expire_date, datetime)
    assert row.expire_date == BEGIN + timedelta(minutes=40)

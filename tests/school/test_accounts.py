"""Getting in: accounts are made by the school, known by e-mail, and give nothing away."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from school.models import User

PASSWORD = "een lang wachtwoord"
EMAIL = "tom@de-wilgen.invalid"


@pytest.fixture
def user(db: None) -> User:
    """Tom, with a password."""
    return User.objects.create_user(EMAIL, "Tom", PASSWORD)


def sign_in(browser: Client, email: str, password: str = PASSWORD, **more: str) -> str:
    """Fill in the sign-in page. Gives where it leads; "" when it stays."""
    response = browser.post(reverse("account_login"), {"login": email, "password": password, **more})
    return response.headers.get("Location", "")


def signed_in(browser: Client) -> bool:
    """Whether the browser is signed in."""
    return browser.get(reverse("home")).status_code == 200


@pytest.mark.parametrize("email", [EMAIL, "Tom@De-Wilgen.invalid", "TOM@DE-WILGEN.INVALID", f" {EMAIL} "])
def test_sign_in_knows_the_address_in_any_case(user: User, client: Client, email: str) -> None:
    assert sign_in(client, email) == reverse("home")
    assert signed_in(client)


def test_sign_in_says_the_same_of_a_wrong_password_and_an_unknown_account(user: User) -> None:
    pages = []
    for email in (EMAIL, "olga@de-wilgen.invalid"):
        response = Client().post(
            reverse("account_login"), {"login": email, "password": "verkeerd wachtwoord"}
        )
        pages.append(_without_what_was_typed(response.content.decode(), email))
        assert response.status_code == 200
    assert pages[0] == pages[1]


def _without_what_was_typed(page: str, email: str) -> str:
    """`page` without the address that was typed and the token of the form."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.replace(email, ""))


def test_disabled_account_cannot_sign_in(user: User, client: Client) -> None:
    user.is_active = False
    user.save()
    assert sign_in(client, EMAIL) == reverse("account_inactive")
    assert not signed_in(client)


@pytest.mark.parametrize("goal", ["https://elders.example/", "//elders.example/", "javascript:alert(1)"])
def test_sign_in_leads_to_no_other_site(user: User, client: Client, goal: str) -> None:
    assert sign_in(client, EMAIL, next=goal) == reverse("home")


def test_sign_in_goes_on_to_the_page_that_was_asked_for(user: User, client: Client) -> None:
    assert sign_in(client, EMAIL, next="/de-wilgen/signaleren/") == "/de-wilgen/signaleren/"


def test_nobody_signs_up(db: None, client: Client) -> None:
    form = {"email": "nieuw@de-wilgen.invalid", "password1": PASSWORD, "password2": PASSWORD}
    for answer in (client.get(reverse("account_signup")), client.post(reverse("account_signup"), form)):
        assert (answer.status_code, answer.headers.get("Location")) == (302, reverse("account_login"))
    assert not User.objects.exists()


def test_signing_out_takes_a_form(user: User, client: Client) -> None:
    sign_in(client, EMAIL)
    assert client.get(reverse("account_logout")).status_code == 200
    assert signed_in(client)
    assert client.post(reverse("account_logout")).status_code == 302
    assert not signed_in(client)


def test_forgotten_password_says_the_same_whether_the_account_exists(user: User) -> None:
    answers = []
    for email in (EMAIL, "olga@de-wilgen.invalid"):
        response = Client().post(reverse("account_reset_password"), {"email": email})
        answers.append((response.status_code, response.headers.get("Location")))
    assert answers[0] == answers[1] == (302, reverse("account_reset_password_done"))
    assert [message.to for message in mail.outbox] == [[EMAIL]]


@pytest.mark.parametrize("name", ["account_login", "account_reset_password"])
def test_address_is_called_by_one_word(name: str) -> None:
    page = Client().get(reverse(name)).content.decode()
    assert page.count("E-mailadres") == page.count("E-mail") == 1


def test_forgotten_password_can_be_chosen_anew(user: User, client: Client) -> None:
    client.post(reverse("account_reset_password"), {"email": EMAIL.upper()})
    [link] = re.findall(r"http://testserver(\S+)", str(mail.outbox[0].body))
    page = client.get(link, follow=True)
    assert page.status_code == 200
    new = "nog een langer wachtwoord"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    browser = Client()
    assert sign_in(browser, EMAIL) == ""
    assert sign_in(browser, EMAIL, new) == reverse("home")
    assert Client().get(link, follow=True).context.get("token_fail", False)


@pytest.mark.parametrize("password", ["kort", "123456789012345", "password1234", "tom@de-wilgen"])
def test_weak_password_is_refused(user: User, client: Client, password: str) -> None:
    client.force_login(user)
    form = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert client.post(reverse("account_change_password"), form).status_code == 200
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_page_that_was_asked_for_comes_after_signing_in(user: User, client: Client) -> None:
    response = client.get("/de-wilgen/signaleren/")
    assert response.headers["Location"] == "/account/login/?next=/de-wilgen/signaleren/"

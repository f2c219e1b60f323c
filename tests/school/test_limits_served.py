"""Limits on guessing, with several server processes that are asked at the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pytest_django import Settings

from school.accounts import BY_ACCOUNT, RESETS_OF_ACCOUNT
from school.models import Attempts, User

from ..served import Answer, Browser, Served, collect_static, serve

PASSWORD = "een lang wachtwoord"
EMAIL = "tom@de-wilgen.invalid"
LOGIN, RESET = "/account/login/", "/account/password/reset/"
TOO_MANY = "te vaak een verkeerd wachtwoord"
WRONG = "niet correct"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Path:
    """Static files, collected once."""
    made = tmp_path_factory.mktemp("served")
    collect_static(made)
    return made


@pytest.fixture
def served(folder: Path, transactional: None, settings: Settings) -> Iterator[Served]:
    """Two processes of four threads, and Tom."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    User.objects.create_user(EMAIL, "Tom", PASSWORD)
    with serve(folder, workers=2) as server:
        yield server


def at_once(browsers: list[Browser], password: str, email: str = EMAIL) -> list[Answer]:
    """Each tries the same password at the same moment."""
    with ThreadPoolExecutor(len(browsers)) as pool:
        form = {"login": email, "password": password}
        return list(pool.map(lambda browser: browser.post(LOGIN, form), browsers))


def tried(answers: list[Answer]) -> int:
    """How many passwords were looked at; the others must have been told to wait."""
    wrong = sum(WRONG in answer.text for answer in answers)
    waiting = sum(TOO_MANY in answer.text for answer in answers)
    assert wrong + waiting == len(answers), [(answer.status, answer.text[:2000]) for answer in answers]
    return wrong


def test_account_is_never_tried_more_often_than_its_limit(served: Served) -> None:
    home = Browser(served)
    assert home.post(LOGIN, {"login": EMAIL, "password": PASSWORD}).status == 302
    strangers = [Browser(served, f"198.51.100.{number}") for number in range(BY_ACCOUNT.times + 14)]
    assert tried(at_once(strangers, "verkeerd wachtwoord")) == BY_ACCOUNT.times
    # Not even the right one from there, but the colleague's own browser comes in.
    assert TOO_MANY in strangers[0].post(LOGIN, {"login": EMAIL, "password": PASSWORD}).text
    del home.cookies["__Host-session"]
    assert home.post(LOGIN, {"login": EMAIL, "password": PASSWORD}).status == 302
    log = served.log.read_text()
    assert EMAIL not in log
    assert "wachtwoord" not in log
    assert {len(key) for key in Attempts.objects.values_list("pk", flat=True)} == {64}


def test_new_password_is_asked_for_no_more_often_than_its_limit(served: Served) -> None:
    browsers = [Browser(served, f"198.51.100.{number}") for number in range(9)]
    with ThreadPoolExecutor(len(browsers)) as pool:
        # Somebody unknown, so that nothing is mailed; the count is the same.
        form = {"email": "olga@de-wilgen.invalid"}
        statuses = [answer.status for answer in pool.map(lambda each: each.post(RESET, form), browsers)]
    assert sorted(statuses) == [302] * RESETS_OF_ACCOUNT.times + [429] * (9 - RESETS_OF_ACCOUNT.times)

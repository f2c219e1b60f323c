"""What the fuzzers found, one by one."""

from __future__ import annotations

import logging
import tempfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages"])
def test_cookie_with_a_nul_counts_as_none(name: str) -> None:
    """PostgreSQL refuses to look for a session of that name, which was a fault of the server."""
    answer = Client(HTTP_COOKIE=f'{name}="abcdefgh\\000"').get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=/")


def test_file_that_nobody_asked_for_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even in a temporary file, which anybody who can reach a form could fill the disk with."""
    monkeypatch.setattr(
        tempfile, "NamedTemporaryFile", lambda *args, **kwargs: pytest.fail("a file was made")
    )
    large = SimpleUploadedFile("a.bin", b"x" * 3_000_000)
    answer = Client().post("/account/login/", {"login": "iemand@demo.invalid", "file": large})
    assert answer.status_code == 200
    assert answer.context["form"]["login"].value() == "iemand@demo.invalid"
    assert not answer.wsgi_request.FILES


def test_request_for_another_host_is_refused_without_a_word_in_the_log() -> None:
    """It would be a page of stack trace for each, with what a stranger typed."""
    assert Client().get("/over/", HTTP_HOST="example.com").status_code == 400
    assert not logging.getLogger("django.security.DisallowedHost").isEnabledFor(logging.ERROR)

"""Opening a real school from the command line: whole, or not at all."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from buddies.models import BuiltIn, Theme, ThemeCoordinator
from school.models import Membership, School, User
from school.roles import Role

OPTIONS = {
    "name": "De Linde",
    "slug": "de-linde",
    "brin": "12ab",
    "director_email": "Dora@Linde.nl",
    "director_name": "Dora  Dijk",
    "ib_email": "ida@linde.nl",
    "ib_name": "Ida",
}


def create(**changes: str) -> str:
    output = StringIO()
    options: dict[str, Any] = OPTIONS | changes
    call_command("create_school", stdout=output, **options)
    return output.getvalue()


def arranging() -> dict[str, str]:
    """E-mail address of who arranges each theme, by its code."""
    return dict(ThemeCoordinator.objects.values_list("theme__code", "membership__user__email"))


@pytest.mark.django_db
def test_create_school_opens_a_whole_school() -> None:
    output = create()
    school = School.objects.get()
    assert (school.name, school.slug, school.brin, school.vestiging) == ("De Linde", "de-linde", "12AB", "00")
    assert Theme.objects.in_use().count() == len([code for code in BuiltIn if code])
    members = {each.user.email: (each.user.name, each.roles) for each in Membership.objects.all()}
    assert members == {
        "dora@linde.nl": ("Dora Dijk", frozenset({Role.DIRECTOR})),
        "ida@linde.nl": ("Ida", frozenset({Role.INTERN_BEGELEIDER})),
    }
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert arranging() == {"newcomer": "dora@linde.nl", "language": "ida@linde.nl"}
    assert "/de-linde/" in output
    assert reverse("account_reset_password") in output


@pytest.mark.django_db
def test_create_school_without_intern_begeleider_says_what_is_missing() -> None:
    assert "no intern begeleider yet" in create(ib_email="", ib_name="")
    assert arranging() == {"newcomer": "dora@linde.nl", "language": "dora@linde.nl"}


@pytest.mark.django_db
def test_create_school_knows_one_person_in_two_roles() -> None:
    create(ib_email="dora@linde.nl", ib_name="Dora Dijk")
    assert Membership.objects.get().roles == {Role.DIRECTOR, Role.INTERN_BEGELEIDER}


@pytest.mark.django_db
def test_create_school_gives_themes_to_whom_was_named() -> None:
    create(newcomers="Ida@linde.nl", language="dora@linde.nl")
    assert arranging() == {"newcomer": "ida@linde.nl", "language": "dora@linde.nl"}


@pytest.mark.django_db
def test_create_school_asks_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"newcomers": "ida@linde.nl", "language": ""}
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: answers[question.split()[2].rstrip("?")])
    create()
    assert arranging() == {"newcomer": "ida@linde.nl", "language": "ida@linde.nl"}


@pytest.mark.django_db
def test_create_school_knows_somebody_who_works_at_another_school() -> None:
    create()
    create(slug="de-iep", brin="12AC", name="De Iep", director_name="Iemand anders")
    dora = User.objects.get(email="dora@linde.nl")
    assert dora.name == "Dora Dijk"
    assert dora.membership_set.count() == 2


@pytest.mark.django_db
def test_director_chooses_a_first_password_by_mail() -> None:
    create()
    Client().post(reverse("account_reset_password"), {"email": "dora@linde.nl"})
    assert [message.to for message in mail.outbox] == [["dora@linde.nl"]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"slug": "beheer"}, "--slug: This word is used by the site itself"),
        ({"slug": "De Linde"}, "--slug: .* Small letters, digits and hyphens"),
        ({"slug": "de-eik"}, "--slug: School with this .* already exists"),
        ({"brin": "1234"}, "--brin: .* Two digits and two letters"),
        ({"brin": "99YY"}, "School with this BRIN and Location number already exists"),
        ({"vestiging": "1"}, "--vestiging: .* Two digits"),
        ({"name": "  "}, "--name: This field cannot be blank"),
        ({"name": "x" * 121}, "--name: Ensure this value has at most 120"),
        ({"director_email": "dora"}, "--director-email: Enter a valid email address"),
        ({"director_name": " "}, "--director-name: This field cannot be blank"),
        ({"ib_email": "ida@"}, "--ib-email: Enter a valid email address"),
        ({"ib_name": ""}, "both --ib-email and --ib-name"),
        ({"newcomers": "kees@linde.nl"}, "--newcomers: kees@linde.nl is not the director"),
        ({"language": "kees@linde.nl"}, "--language: kees@linde.nl is not the director"),
    ],
)
def test_create_school_refuses_and_makes_nothing(
    other_school: School, changes: dict[str, str], complaint: str
) -> None:
    with pytest.raises(CommandError, match=complaint):
        create(**changes)
    assert list(School.objects.all()) == [other_school]
    assert not User.objects.exists()

"""Open a school: the school itself, its director and intern begeleider, and who arranges what."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.management.base import BaseCommand, CommandError, no_translations
from django.db import transaction
from django.urls import reverse

from buddies.actions.schools import open_school, set_coordinator
from buddies.models import BuiltIn, Theme
from school.actions import add_member
from school.models import School, User
from school.roles import Role
from school.text import tidy

# What Django's own messages leave out.
HINTS = {
    "brin": " Two digits and two letters.",
    "vestiging": " Two digits.",
    "slug": " Small letters, digits and hyphens.",
}


@dataclass(frozen=True)
class Staff:
    """Somebody to begin with; `option` is what their options begin with."""

    option: str
    email: str
    name: str
    roles: tuple[Role, ...]


class Command(BaseCommand):
    """Everything or nothing: whatever is wrong is said, and then there is no school."""

    help = f"{__doc__} They choose a password through the page “Wachtwoord vergeten?”."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help="De Linde")
        parser.add_argument("--slug", required=True, help="the first part of its web addresses: de-linde")
        parser.add_argument("--brin", required=True, help="12AB")
        parser.add_argument("--vestiging", default="00", help="number of the location: 00 if there is one")
        parser.add_argument("--director-email", required=True)
        parser.add_argument("--director-name", required=True)
        parser.add_argument("--ib-email", default="", help="of the intern begeleider, if there is one")
        parser.add_argument("--ib-name", default="")
        parser.add_argument(
            "--newcomers", metavar="EMAIL", help="who of these arranges buddies for new families"
        )
        parser.add_argument("--language", metavar="EMAIL", help="who of these arranges buddies for language")

    @no_translations
    def handle(self, **options: Any) -> None:
        staff = staff_of(options)
        director, intern_begeleider = staff[0].email, staff[-1].email
        arranging = {
            BuiltIn.NEWCOMER: self.choose("newcomers", options["newcomers"], staff, director),
            BuiltIn.LANGUAGE: self.choose("language", options["language"], staff, intern_begeleider),
        }
        school = open_with(options, staff, arranging)
        self.stdout.write(f"{school} is open, at /{school.slug}/.")
        self.stdout.write(f"A first password is chosen at {reverse('account_reset_password')}, by:")
        for colleague in staff:
            self.stdout.write(f"  {colleague.email}")
        if not any(Role.INTERN_BEGELEIDER in colleague.roles for colleague in staff):
            self.stdout.write(
                "There is no intern begeleider yet: until then nobody arranges the other themes."
            )

    def choose(self, option: str, given: str | None, staff: list[Staff], default: str) -> str:
        """The e-mail address of who arranges this (R6): as given, as answered at the terminal, or `default`.
        Raises CommandError when that is nobody of `staff`."""
        if given is None and sys.stdin.isatty():
            given = input(f"Who arranges {option}? [{default}] ")
        email = (given or default).strip().lower()
        if email not in {colleague.email for colleague in staff}:
            raise CommandError(
                f"--{option}: {email} is not the director or intern begeleider. Choose one of them; "
                "the director can give it to a colleague later."
            )
        return email


def staff_of(options: Mapping[str, Any]) -> list[Staff]:
    """The director and the intern begeleider, who may be one person. Raises CommandError."""
    director, ib = (
        Staff(option, options[f"{option}_email"].strip().lower(), tidy(options[f"{option}_name"]), (role,))
        for option, role in (("director", Role.DIRECTOR), ("ib", Role.INTERN_BEGELEIDER))
    )
    if bool(ib.email) != bool(ib.name):
        raise CommandError("Give both --ib-email and --ib-name, or neither.")
    if ib.email == director.email:
        return [Staff("director", director.email, director.name, director.roles + ib.roles)]
    return [director, ib] if ib.email else [director]


@transaction.atomic
def open_with(options: Mapping[str, Any], staff: list[Staff], arranging: Mapping[BuiltIn, str]) -> School:
    """The school, with `staff` and who arranges which theme (e-mail address by code). Raises CommandError."""
    try:
        school = open_school(
            name=tidy(options["name"]),
            slug=options["slug"],
            brin=options["brin"].upper(),
            vestiging=options["vestiging"],
        )
    except ValidationError as error:
        raise CommandError("\n".join(complaints(error))) from error
    members = {
        colleague.email: add_member(school=school, user=user_of(colleague), roles=colleague.roles, by=None)
        for colleague in staff
    }
    for code, email in arranging.items():
        theme = Theme.objects.get(school=school, code=code)
        set_coordinator(theme=theme, membership=members[email], by=None)
    return school


def user_of(colleague: Staff) -> User:
    """The account with this e-mail address: somebody may work at another school already. Raises CommandError."""
    user = User.objects.filter(email=colleague.email).first()
    if user is None:
        user = User(email=colleague.email, name=colleague.name)
        user.set_unusable_password()
        try:
            user.full_clean()
        except ValidationError as error:
            raise CommandError("\n".join(complaints(error, f"{colleague.option}-"))) from error
        user.save()
    return user


def complaints(error: ValidationError, prefix: str = "") -> Iterator[str]:
    """Each thing that is wrong, after the option it is about."""
    for field, messages in error.message_dict.items():
        for message in messages:
            yield (
                message
                if field == NON_FIELD_ERRORS
                else f"--{prefix}{field}: {message}{HINTS.get(field, '')}"
            )

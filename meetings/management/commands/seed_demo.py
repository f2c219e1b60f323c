"""Fill an empty database with demo schools."""

from __future__ import annotations

import time
from argparse import ArgumentParser, ArgumentTypeError
from io import StringIO
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from meetings.demo import school as demo_school
from school.context import ROLE_LABELS
from school.demo import ACCOUNTS, DOMAIN
from school.models import School, User


def positive(text: str) -> int:
    """`text` as a whole number above 0."""
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise ArgumentTypeError(f"{text!r} is not a number of schools")
    return int(text)


class Command(BaseCommand):
    """Makes the demo schools that are not there yet and shows the accounts. Run again, it changes nothing."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--schools", type=positive, default=1, help="how many schools in total")
        parser.add_argument("--password", help="for everybody at the new schools; without it nobody has one")
        parser.add_argument("--quiet", action="store_true", help="say nothing")

    def handle(self, *, schools: int, password: str | None, quiet: bool, **options: Any) -> None:
        missing = [number for number in range(1, schools + 1) if not demo_school.exists(number)]
        if missing:
            refuse_real_data()
        hashed = make_password(password)
        for number in missing:
            began = time.monotonic()
            made = demo_school.build(number, hashed)
            if not quiet:
                self.stdout.write(f"Made {made} in {time.monotonic() - began:.1f} s.")
        if missing:
            # What would have been let go by now, is.
            call_command("run_due", stdout=StringIO())
        if quiet:
            return
        if not missing:
            self.stdout.write("The demo school is there already, with what was entered since.")
        self.stdout.write("Demo accounts:")
        names = dict(User.objects.filter(email__in=dict(ACCOUNTS)).values_list("email", "name"))
        for email, role in ACCOUNTS:
            self.stdout.write(f"  {email:32}{names.get(email, ''):24}{ROLE_LABELS[role]}")


def refuse_real_data() -> None:
    """Raises CommandError when somebody works in this database already."""
    if (
        User.objects.exclude(email__endswith=DOMAIN).exists()
        or School.objects.exclude(brin__startswith="99").exists()
    ):
        raise CommandError("This database holds real schools or users: nothing was added.")

"""`manage.py rotate_keys`: after a new key came first in FIELD_KEYS, so that the old one can be dropped."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from school.encryption import Tally, look_through


class Command(BaseCommand):
    """Says per field how many values were renewed and how many were up to date; fails when something is left."""

    help = "Encrypt everything anew with the newest of FIELD_KEYS. Safe to stop and to run again, also under load."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail unless all is up to date"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        for tally in look_through(renew=not check):
            if not check:
                self.stdout.write(f"{tally}: {tally.renewed} renewed, {tally.up_to_date} up to date")
            elif not tally.unreadable and not tally.old:
                self.stdout.write(f"{tally}: {tally.up_to_date} up to date")
        # What was written with an older key while this ran counts too, so the last word is a look at all of it.
        left = [tally for tally in look_through(renew=False) if tally.old or tally.unreadable]
        if left:
            raise CommandError("\n".join(map(_what_is_left, left)))


def _what_is_left(tally: Tally) -> str:
    said = []
    if tally.unreadable:
        said.append(f"{tally.unreadable} cannot be read with any of FIELD_KEYS, and were left as they are")
    if tally.old:
        said.append(
            f"{tally.old} still need an older key; does every server process have the new one? Run again"
        )
    return f"{tally}: {'; '.join(said)}."

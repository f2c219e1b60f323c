"""`make messages`: bring the Dutch catalogue in line with the code, with as small a change as possible."""

import os
import re
import shutil

import django
from django.core.management import call_command
from django.core.management.commands.makemessages import Command

from tools.environment import CATALOGUE
from tools.process import ROOT, Problem, run_tool


class MessagesCommand(Command):
    """makemessages that leaves a new text empty instead of guessing at it, and keeps no dead ones."""

    msgmerge_options = ["-q", "--backup=none", "--update", "--no-fuzzy-matching"]
    msgattrib_options = ["--no-obsolete"]


def main() -> int:
    if shutil.which("xgettext") is None:
        raise Problem("gettext is missing: ask for `apt-get install gettext`, as root.")
    os.chdir(ROOT)
    os.environ |= {"OUDERBUDDY_TEST": "1", "DJANGO_SETTINGS_MODULE": "school.settings"}
    django.setup()
    elsewhere = [".venv", "node_modules", "var", "tests", "tools"]
    call_command(
        MessagesCommand(), locale=["nl"], no_location=True, no_obsolete=True, ignore_patterns=elsewhere
    )
    # The moment it was made says nothing, and would change the file every time.
    text = CATALOGUE.read_text(encoding="utf-8")
    CATALOGUE.write_text(
        re.sub(r'^"(?:POT-Creation-Date|Report-Msgid-Bugs-To): .*\n', "", text, flags=re.MULTILINE),
        encoding="utf-8",
    )
    return 0


if __name__ == "__main__":
    run_tool(main)

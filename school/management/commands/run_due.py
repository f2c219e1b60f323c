"""`manage.py run_due`: do what is due today."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

from school import clock


class Command(BaseCommand):
    """Runs every job of the apps once. Put it on a timer, hourly or daily: running it again does no harm."""

    help = "Erase what is past its term. Safe to run at any time, any number of times."

    def handle(self, *args: Any, **options: Any) -> None:
        for path in settings.DUE_JOBS:
            count = import_string(path)(clock.today())
            self.stdout.write(f"{path.rpartition('.')[2]}: {count}")

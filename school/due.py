"""What goes by itself. Run by `manage.py run_due`; each job may run any number of times."""

from __future__ import annotations

from datetime import date, timedelta

from . import clock
from .models import Attempts, Session


def forget_sessions(_on: date) -> int:
    """Delete sessions that are over. Gives how many."""
    return Session.objects.over().delete()[0]


def forget_attempts(_on: date) -> int:
    """Delete counts whose period is over. Gives how many."""
    # Not at once: a count that is just being started again may not be taken away from under it.
    return Attempts.objects.filter(ends_at__lte=clock.now() - timedelta(hours=1)).delete()[0]

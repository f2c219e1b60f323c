"""What is due in this app: what goes when its term is over, and what somebody left behind. Run by
`manage.py run_due`; each job may run any number of times."""

from __future__ import annotations

from datetime import UTC, date, timedelta

from django.db import transaction
from django.db.models.functions import Now, TruncDate

from . import audit, clock
from .actions.leaving import carry_out_again, carry_out_due
from .models import Attempts, AuditEvent, School, Session


def forget_sessions(_on: date) -> int:
    """Delete sessions that are over. Gives how many."""
    return Session.objects.over().delete()[0]


def forget_attempts(_on: date) -> int:
    """Delete counts whose period is over. Gives how many."""
    # Not at once: a count that is just being started again may not be taken away from under it.
    return Attempts.objects.filter(ends_at__lte=clock.now() - timedelta(hours=1)).delete()[0]


def forget_events(on: date) -> int:
    """Erase events that were kept long enough (invariant 9), and leave of each school one that says how many. Gives how
    many."""
    # The triggers let go by the day of the database, in UTC, which may be a day behind ours.
    due = AuditEvent.objects.filter(keep_until__lt=on).filter(keep_until__lt=TruncDate(Now(), tzinfo=UTC))
    total = 0
    for school in [*School.objects.order_by("pk"), None]:
        with transaction.atomic():
            count, _rows = due.filter(school_id=school.pk if school else None).delete()
            if count:
                audit.record("log.forget", school, by=None, school=school, count=count)
        total += count
    return total


def hand_over(on: date) -> int:
    """Give what colleagues left behind to who takes over. Gives how many things went over."""
    return carry_out_due(on) + carry_out_again(on)

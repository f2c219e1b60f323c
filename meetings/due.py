"""What goes when its term is over. Run by `manage.py run_due`; the job may run any number of times.

What a term hides is hidden from that day by the querysets already; this job merely erases it.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from school import audit

from .models import Meeting


def forget_meetings(on: date) -> int:
    """Erase meetings whose term is over, with everything that belongs to them (invariant 9). Gives how many."""
    due = Meeting.objects.filter(forget_on__lte=on)
    count = 0
    for pk in due.values_list("pk", flat=True):
        with transaction.atomic():
            # Read again: something may have been promised a moment ago.
            meeting = due.select_for_update(of=("self",)).select_related("school").filter(pk=pk).first()
            if meeting is None:
                continue
            count += 1
            audit.record("meeting.forget", meeting, by=None)
            meeting.delete()
    return count

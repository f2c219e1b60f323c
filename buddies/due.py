"""What goes when its term is over. Run by `manage.py run_due`; each job may run any number of times.

What a term hides is hidden from that day by the querysets already; these jobs merely erase it.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from school import audit

from .actions import pool
from .actions.consents import erase_experiences
from .actions.locking import lock
from .actions.parents import forget_if_nothing_holds
from .models import Buddy, Experience, SupportRequest
from .models.buddies import EXPIRED_GRACE


def forget_undiscussed(on: date) -> int:
    """Erase signals that were not discussed with the parent within the school's term. Gives how many."""
    due = SupportRequest.objects.filter(forget_on__lte=on, search_consent=None)
    count = 0
    for pk in due.values_list("pk", flat=True):
        with transaction.atomic():
            # Read again: it may have been discussed a moment ago.
            request = (
                due.select_for_update(of=("self",)).select_related("parent", "school").filter(pk=pk).first()
            )
            if request is None:
                continue
            count += 1
            audit.record("request.forget", request, by=None)
            parent = request.parent
            request.delete()
            forget_if_nothing_holds(parent)
    return count


def forget_suggestions(on: date) -> int:
    """Erase suggested buddies whom nobody asked within the school's term. Gives how many."""
    due = Buddy.objects.filter(forget_on__lte=on)
    count = 0
    for pk in due.values_list("pk", flat=True):
        with transaction.atomic():
            # Read again: they may have been asked a moment ago.
            buddy = (
                due.select_for_update(of=("self",)).select_related("parent", "school").filter(pk=pk).first()
            )
            if buddy is None:
                continue
            count += 1
            audit.record("buddy.forget", buddy, by=None)
            pool.forget(buddy)
    return count


def erase_expired_experiences(on: date) -> int:
    """Erase experiences whose consent ran out and was not renewed for 30 days. Running matches go on.
    Gives how many."""
    due = Experience.objects.filter(consent__valid_until__lt=on - EXPIRED_GRACE)
    count = 0
    for found in due.select_related("buddy"):
        with transaction.atomic():
            lock(found.buddy)
            # Read again: it may have been renewed a moment ago.
            experience = due.filter(pk=found.pk).select_related("school").first()
            if experience is None:
                continue
            count += 1
            audit.record("experience.forget", experience, by=None)
            erase_experiences(due.filter(pk=experience.pk), by=None, wind_down=False)
    return count

"""What goes when its term is over. Run by `manage.py run_due`; each job may run any number of times.

What a term hides is hidden from that day by the querysets already; these jobs merely erase it.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from school import audit

from .actions import pool
from .actions.consents import EXPIRED_GRACE, erase_experiences
from .actions.locking import lock
from .models import Buddy, Experience, SupportRequest


def forget_undiscussed(on: date) -> int:
    """Erase signals that were not discussed with the parent within the school's term. Gives how many."""
    requests = SupportRequest.objects.filter(forget_on__lte=on, search_consent=None).select_related(
        "parent", "school"
    )
    for request in requests:
        with transaction.atomic():
            audit.record("request.forget", request, by=None)
            parent = request.parent
            request.delete()
            if not (
                parent.buddy_set.exists()
                or parent.supportrequest_set.exists()
                or parent.donotask_set.exists()
            ):
                parent.delete()
    return len(requests)


def forget_suggestions(on: date) -> int:
    """Erase suggested buddies whom nobody asked within the school's term. Gives how many."""
    suggestions = Buddy.objects.filter(forget_on__lte=on).select_related("parent", "school")
    for buddy in suggestions:
        with transaction.atomic():
            audit.record("buddy.forget", buddy, by=None)
            pool.forget(buddy)
    return len(suggestions)


def erase_expired_experiences(on: date) -> int:
    """Erase experiences whose consent ran out and was not renewed for 30 days. Running matches go on.
    Gives how many."""
    expired = Experience.objects.filter(consent__valid_until__lt=on - EXPIRED_GRACE).select_related("buddy")
    count = 0
    for experience in expired:
        with transaction.atomic():
            lock(experience.buddy)
            erase_experiences(Experience.objects.filter(pk=experience.pk), by=None, wind_down=False)
            count += 1
    return count

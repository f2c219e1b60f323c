"""Personal links past their term. Run by `manage.py run_due`; may run any number of times."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from school import audit

from .models import PersonalLink


def forget_links(on: date) -> int:
    """Erase links that ran out a month ago; the answer stands with the match. Gives how many."""
    due = PersonalLink.objects.due(on)
    count = 0
    for pk in due.values_list("pk", flat=True):
        with transaction.atomic():
            # Read again: a new one may have taken its place a moment ago.
            link = due.select_for_update(of=("self",)).select_related("school").filter(pk=pk).first()
            if link is None:
                continue
            count += 1
            audit.record("link.forget", link, by=None)
            link.delete()
    return count

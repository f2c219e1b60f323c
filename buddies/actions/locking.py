"""The one row that everything about a buddy's places queues for."""

from django.db.models import F

from ..models import Buddy


def lock(buddy: Buddy) -> None:
    """Hold `buddy` until the transaction ends and read it afresh. Whoever changes its places, pause, consents or
    capacity does this first, so that what is read after it stays true (invariant 4)."""
    Buddy.objects.filter(pk=buddy.pk).update(revision=F("revision") + 1)
    buddy.refresh_from_db()

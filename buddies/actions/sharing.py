"""Sharing what is older with a substitute, and having seen who was given access."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from school import audit
from school.models import Membership

from ..models import AccessSeen, SharedRequest, SupportRequest


@transaction.atomic
def share_request(*, request: SupportRequest, to: Membership, by: Membership) -> None:
    """From now on `request` is there for `to`, as far as its theme is theirs. Said twice, it is shared once."""
    _shared, new = SharedRequest.objects.get_or_create(
        school_id=request.school_id, request=request, membership=to
    )
    if new:
        audit.record("request.share", request, by=by)


@transaction.atomic
def see_access(*, until: datetime, by: Membership) -> None:
    """`by` has seen who was given access up to and including `until`."""
    seen, new = AccessSeen.objects.get_or_create(
        membership=by, defaults={"school_id": by.school_id, "until": until}
    )
    if not new:
        AccessSeen.objects.filter(pk=seen.pk, until__lt=until).update(until=until)

"""Sharing an older meeting with a substitute."""

from __future__ import annotations

from django.db import transaction

from school import audit
from school.models import Membership

from ..models import Meeting, SharedMeeting


@transaction.atomic
def share(*, meeting: Meeting, to: Membership, by: Membership) -> None:
    """From now on `meeting` is there for `to`, as far as its group is theirs. Said twice, it is shared once."""
    _shared, new = SharedMeeting.objects.get_or_create(
        school_id=meeting.school_id, meeting=meeting, membership=to
    )
    if new:
        audit.record("meeting.share", meeting, by=by)

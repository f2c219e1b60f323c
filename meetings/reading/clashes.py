"""Which appointments of a teacher overlap: said, and never in the way of planning."""

from __future__ import annotations

from datetime import timedelta

from school import clock
from school.models import Membership

from ..models import Meeting
from ..workflow import MeetingStatus
from .meetings import told
from .practical import practical

# No meeting takes as long, whatever the school agreed.
NEAR = timedelta(hours=12)


def clashing(meeting: Meeting, membership: Membership) -> list[Meeting]:
    """The other meetings of this member in the time that `meeting` asks for, the first first. Only of who planned it:
    what else a colleague does at that hour is not for others to know."""
    if meeting.recorded_by_id != membership.pk or meeting.state is not MeetingStatus.PREPARE:
        return []
    own = (
        Meeting.objects.visible_to(membership, clock.today())
        .filter(recorded_by=membership, status=MeetingStatus.PREPARE)
        .filter(at__range=(meeting.at - NEAR, meeting.at + NEAR))
        .exclude(pk=meeting.pk)
    )
    needs = practical(meeting)
    return [
        other
        for other in told(own).order_by("at", "pk")
        if practical(other).begins < needs.until and needs.begins < practical(other).until
    ]

"""Holding a meeting while one of its rows changes, so that two colleagues do not write past each other."""

from buddies.actions.errors import WrongMoment

from ..models import Meeting


def lock(meeting: Meeting) -> Meeting:
    """`meeting` as it is now, held until the transaction ends. Raises WrongMoment when it is gone."""
    rows = Meeting.objects.select_for_update(of=("self",), no_key=True)
    fresh = rows.select_related("child", "group", "school").filter(pk=meeting.pk).first()
    if fresh is None:
        raise WrongMoment
    return fresh

"""A colleague who leaves, for the tests: what is theirs, and ending it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import uuid4

from django.utils.timezone import make_aware

from buddies.models import Match, Signal, SupportRequest, ThemeCoordinator
from meetings.actions import meetings as actions
from meetings.models import FollowUp, FollowUpKind, Meeting
from school import clock
from school.actions import Days, Stay, change_days
from school.handover import kinds, open_work
from school.models import Membership
from school.worklist import collect

DAY = timedelta(days=1)


@dataclass
class Left:
    """What Tom leaves behind: a meeting, a promise, a signal and a tip, and a theme for which he stands in."""

    meeting: Meeting
    promise: FollowUp
    undiscussed: SupportRequest
    tip: Match
    place: ThemeCoordinator


def promised(meeting: Meeting, by: Membership) -> FollowUp:
    return actions.promise(
        meeting=meeting,
        kind=FollowUpKind.PROMISE,
        words="Ik zoek het uit.",
        due_on=clock.today() + 3 * DAY,
        by=by,
        submission=uuid4(),
    )


def end(leaver: Membership, on: date | None, by: Membership, to: Membership | None = None) -> None:
    """`leaver` leaves after `on`, and `to` takes over everything about which `by` decides."""
    work = open_work([leaver], clock.today())[leaver.pk]
    successors = {kind.key: to for kind in kinds() if to and kind.key in work and kind.for_who_may(by)}
    change_days(membership=leaver, stay=Stay(Days(None, on), successors), by=by)


def titles(membership: Membership, on: date | None = None) -> list[str]:
    """The addresses on the Vandaag of `membership`, as they are on a later day."""
    fresh = Membership.objects.select_related("school", "user", "parent").get(pk=membership.pk)
    return [item.url for item in collect(fresh, on or clock.today())]


def later(days: int) -> datetime:
    """Noon, so many days from now."""
    return make_aware(datetime.combine(clock.today() + days * DAY, time(12)))


def owners(left: Left) -> set[int]:
    """Whose everything in `left` is."""
    return {
        Meeting.objects.get(pk=left.meeting.pk).recorded_by_id,
        FollowUp.objects.get(pk=left.promise.pk).recorded_by_id,
        Signal.objects.get(request=left.undiscussed).recorded_by_id,
        Signal.objects.get(request=left.tip.request).recorded_by_id,
        ThemeCoordinator.objects.get(pk=left.place.pk).membership_id,
    }

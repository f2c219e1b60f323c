"""After one meeting: what to do now, and what this member said they would do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import cached_property
from django.utils.timezone import localdate

from school.models import Membership

from ..checklist import Phase, in_order
from ..models import FollowUp, FollowUpKind, Meeting
from ..workflow import MeetingStatus
from .agreements import list_of
from .checklists import Line, items_for, situation_of
from .meetings import Promised, promised


@dataclass(frozen=True)
class LookingBack:
    """What the page after `meeting` shows `membership` on day `on`."""

    meeting: Meeting
    membership: Membership
    on: date

    @property
    def is_cancelled(self) -> bool:
        """Whether it did not take place."""
        return self.meeting.state is MeetingStatus.CANCELLED

    @property
    def is_still_to_come(self) -> bool:
        """Whether there is nothing to look back on yet."""
        return localdate(self.meeting.at) > self.on

    @property
    def is_evaluated(self) -> bool:
        """Whether it was written down how everybody said it was."""
        return self.meeting.state is MeetingStatus.EVALUATED

    @property
    def may_be_left(self) -> bool:
        """Whether nobody said yet that it has been."""
        return self.meeting.state is MeetingStatus.PREPARE

    @cached_property
    def _points(self) -> dict[str, Line]:
        return {line.id: line for line in items_for(self.meeting, Phase.AFTER, self.membership)}

    @property
    def round(self) -> Line | None:
        """How to look back together (N1), unless the school hid it."""
        return self._points.get("N1")

    @property
    def own_first(self) -> list[Line]:
        """The school's own points that come before looking back."""
        return [line for line in self._points.values() if line.own and line.id in self._before_round]

    @property
    def own_then(self) -> list[Line]:
        """The school's other points for afterwards."""
        return [line for line in self._points.values() if line.own and line.id not in self._before_round]

    @cached_property
    def _before_round(self) -> frozenset[str]:
        order = in_order(Phase.AFTER, list_of(self.meeting.school).arrangement.own)
        return frozenset(order[: order.index("N1")])

    @property
    def talk_later(self) -> Line | None:
        """What to do when it was not pleasant (N2)."""
        return self._points.get("N2")

    @property
    def was_unpleasant(self) -> bool:
        """Whether somebody said that it was not pleasant (R36), whatever the school made of the list."""
        return situation_of(self.meeting).unpleasant

    @property
    def meet_again(self) -> Line | None:
        """What to do when another meeting is needed (N3)."""
        return self._points.get("N3")

    @cached_property
    def next_meeting(self) -> Meeting | None:
        """The meeting that follows on this one, if this member may look into it."""
        following = Meeting.objects.visible_to(self.membership, self.on).filter(previous=self.meeting)
        return following.exclude(status=MeetingStatus.CANCELLED).order_by("at", "pk").first()

    @cached_property
    def promised(self) -> list[Promised]:
        """What this member said they would do: what is open first."""
        own = FollowUp.objects.filter(meeting=self.meeting, recorded_by=self.membership)
        return sorted((promised(each, self.on) for each in own), key=lambda each: each.is_done)

    @property
    def shows_promises(self) -> bool:
        """Whether there is anything to show or to ask about what this member will do."""
        return not self.is_cancelled and (self.is_evaluated or bool(self.promised))

    @property
    def is_talk_planned(self) -> bool:
        """Whether there is a day on which this member talks about how it was, or did."""
        return any(each.kind is FollowUpKind.TALK for each in self.promised)

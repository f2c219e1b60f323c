"""Meetings of a teacher with parents, what comes of them, and what a school agreed about them."""

from .agreements import Agreements, HiddenPoint, OwnPoint
from .followups import FollowUp, FollowUpKind, Question, Tick
from .meetings import Audience, BuddyComes, Impression, Meeting, MeetingParent
from .sharing import SharedMeeting

__all__ = [
    "Agreements",
    "Audience",
    "BuddyComes",
    "FollowUp",
    "FollowUpKind",
    "HiddenPoint",
    "Impression",
    "Meeting",
    "MeetingParent",
    "OwnPoint",
    "Question",
    "SharedMeeting",
    "Tick",
]

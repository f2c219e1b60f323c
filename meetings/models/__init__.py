"""Meetings of a teacher with parents, and what comes of them."""

from .followups import FollowUp, FollowUpKind, Question, Tick
from .meetings import Audience, BuddyComes, Impression, Meeting, MeetingParent
from .sharing import SharedMeeting

__all__ = [
    "Audience",
    "BuddyComes",
    "FollowUp",
    "FollowUpKind",
    "Impression",
    "Meeting",
    "MeetingParent",
    "Question",
    "SharedMeeting",
    "Tick",
]

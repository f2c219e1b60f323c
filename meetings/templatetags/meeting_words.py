"""How a meeting and its moment are called, in templates."""

from __future__ import annotations

from datetime import datetime

from django import template

from .. import naming
from ..models import Meeting
from ..reading import meetings

register = template.Library()


@register.filter
def meeting_title(meeting: Meeting) -> str:
    """Whom a meeting is about and with."""
    return naming.meeting_title(meeting)


@register.filter
def when(at: datetime) -> str:
    """A moment as people say it."""
    return meetings.when(at)

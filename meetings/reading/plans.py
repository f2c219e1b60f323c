"""A meeting as it is planned: to start a form with, and in words beside what somebody else filled in."""

from __future__ import annotations

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from school.models import ParentKind

from ..actions.meetings import ParentComing, Plan
from ..models import Audience, BuddyComes, Meeting
from .meetings import when


def plan_of(meeting: Meeting) -> Plan:
    """What was planned for `meeting`."""
    return Plan(
        at=meeting.at,
        parents=tuple(
            ParentComing(parent.kind, parent.name, BuddyComes(parent.buddy))
            for parent in meeting.parents.all()
        ),
        child=meeting.child,
        child_name=meeting.child_name,
        group=meeting.group,
        base_minutes=meeting.base_minutes,
        room=meeting.room,
        interpreter=meeting.interpreter,
        sensitive_news=meeting.sensitive_news,
        audience=Audience(meeting.audience),
    )


def in_words(plan: Plan) -> dict[str, str]:
    """`plan` line by line, by label; what was not filled in is ""."""
    parents = [_parent(parent) for parent in plan.parents] + ["", ""]
    return {
        _("Child"): plan.child.first_name if plan.child else plan.child_name,
        _("First parent"): parents[0],
        _("Second parent"): parents[1],
        _("When"): capfirst(when(plan.at)),
        _("Minutes you usually take"): str(plan.base_minutes),
        _("Room"): plan.room,
        _("An interpreter comes"): _yes_or_no(plan.interpreter),
        _("Sensitive news"): _yes_or_no(plan.sensitive_news),
        _("Who may look into it?"): capfirst(str(Audience(plan.audience).label)),
    }


def _parent(parent: ParentComing) -> str:
    kind = str(ParentKind(parent.kind).label) if parent.kind else ""
    words = [word for word in (kind, parent.name, str(BuddyComes(parent.buddy).label)) if word]
    return capfirst(", ".join(words))


def _yes_or_no(value: bool) -> str:
    return _("Yes") if value else _("No")

"""How a meeting is called on the pages: a child may be unknown, and a parent may have no name."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from school.models import ParentKind

from .models import Meeting, MeetingParent

_KINDS: dict[str, str | Promise] = {
    ParentKind.MOTHER: gettext_lazy("the mother"),
    ParentKind.FATHER: gettext_lazy("the father"),
    ParentKind.CARER: gettext_lazy("the carer"),
    ParentKind.UNKNOWN: gettext_lazy("the parent"),
}


def parent_called(parent: MeetingParent) -> str:
    """The name of `parent`, or "the mother"."""
    return parent.name or str(_KINDS[parent.kind])


def meeting_title(meeting: Meeting) -> str:
    """Whom `meeting` is about and with: "Lina, with Samira and the father". Reads the child and the parents."""
    names = [parent_called(parent) for parent in meeting.parents.all()]
    with_whom = {"child": meeting.child_called, "first": names[0], "second": names[-1]}
    if len(names) > 1:
        words = (
            _("%(child)s, with %(first)s and %(second)s")
            if meeting.child_called
            else _("Meeting with %(first)s and %(second)s")
        )
    else:
        words = _("%(child)s, with %(first)s") if meeting.child_called else _("Meeting with %(first)s")
    return words % with_whom

"""What a teacher sends to each parent themselves. Every invitation is for one parent; a buddy stands only in that of
the parent whose buddy it is, and gets none (R24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.template.defaultfilters import date as day_words
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from school import clock

from ..models import BuddyComes, Meeting, MeetingParent
from ..models.meetings import MAY_BE_THERE
from ..naming import parent_called
from .practical import Practical, practical


@dataclass(frozen=True)
class Invitation:
    """The words for one parent: the `number` of their row, how they are `called`, and the `text` to send."""

    number: int
    called: str
    text: str


def invitations(meeting: Meeting, *, with_child: bool) -> list[Invitation]:
    """An invitation for each parent of `meeting`, with the first name of the child only when the teacher wants that."""
    needs = practical(meeting)
    child = meeting.child_called if with_child else ""
    return [
        Invitation(parent.pk, parent_called(parent), _text(meeting, parent, needs, child))
        for parent in meeting.parents.all()
    ]


def _text(meeting: Meeting, parent: MeetingParent, needs: Practical, child: str) -> str:
    formal = meeting.school.formal_address
    about = _("%(day)s, from %(begins)s until about %(until)s") % {
        "day": _day(needs.begins),
        "begins": _time(needs.begins),
        "until": _time(needs.until),
    }
    lines = [_("When: %(moment)s.") % {"moment": about}]
    if meeting.room:
        lines.append(_("Where: %(room)s.") % {"room": meeting.room})
    company = _company(parent, needs, formal)
    cannot = (
        pgettext("formal", "Does this moment not suit you? Let me know, and we look for another one.")
        if formal
        else _("Does this moment not suit you? Let me know, and we look for another one.")
    )
    parts = [
        _greeting(parent),
        _opening(child, formal),
        "\n".join(lines),
        *([company] if company else []),
        cannot,
        _("Kind regards,") + f"\n{meeting.recorded_by}\n{meeting.school.name}",
    ]
    return "\n\n".join(parts)


def _greeting(parent: MeetingParent) -> str:
    return _("Dear %(name)s,") % {"name": parent.name} if parent.name else _("Dear parent,")


def _opening(child: str, formal: bool) -> str:
    if child:
        words = (
            pgettext("formal", "I would like to invite you to a meeting at school about %(child)s.")
            if formal
            else _("I would like to invite you to a meeting at school about %(child)s.")
        )
        return words % {"child": child}
    if formal:
        return pgettext("formal", "I would like to invite you to a meeting at school.")
    return _("I would like to invite you to a meeting at school.")


def _company(parent: MeetingParent, needs: Practical, formal: bool) -> str:
    """Whom this parent may bring (R23), and from when where that is later. Of whom it is not known that they have a
    buddy, it is not said that they do."""
    if parent.buddy == BuddyComes.NONE:
        return ""
    if parent.buddy == BuddyComes.UNKNOWN:
        words = (
            pgettext("formal", "Do bring somebody who supports you, if you like.")
            if formal
            else _("Do bring somebody who supports you, if you like.")
        )
        later = (
            pgettext("formal", "Whoever comes along with you is welcome from %(at)s.")
            if formal
            else _("Whoever comes along with you is welcome from %(at)s.")
        )
    else:
        words = (
            pgettext(
                "formal", "Your buddy is welcome too. Talk together beforehand about what you want to ask."
            )
            if formal
            else _("Your buddy is welcome too. Talk together beforehand about what you want to ask.")
        )
        later = (
            pgettext("formal", "Your buddy is welcome from %(at)s.")
            if formal
            else _("Your buddy is welcome from %(at)s.")
        )
    if needs.alone_first and parent.buddy in MAY_BE_THERE:
        words += " " + later % {"at": _time(needs.at)}
    return words


def _day(moment: datetime) -> str:
    here = localtime(moment)
    return day_words(here, "l j F" if here.year == clock.today().year else "l j F Y")


def _time(moment: datetime) -> str:
    return day_words(localtime(moment), "H:i")

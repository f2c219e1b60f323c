"""What goes on paper as PDF: a meeting, the guide for the staff room, and slips on which everybody says how it was. The
shapes are those that the templates in `documents` take."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.template.defaultfilters import date as day_words
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from school.models import School

from ..checklist import Phase, in_order
from ..models import Impression, Meeting
from ..naming import meeting_title
from ..texts import SCHOOL_DOES
from ..wording import Said, Voice, said_of
from .agreements import PHASES, condition_of, list_of
from .attending import attending
from .checklists import items_on_paper
from .meetings import when
from .practical import practical

Data = dict[str, Any]
# A blank to fill in by hand.
BLANK = "…"


def sheet_of(meeting: Meeting) -> Data:
    """`meeting` on one A4: its points, the round, the parent's questions, and room to write."""
    child = meeting.child_called
    does = _("What does school already do for %(child)s?") % {"child": child} if child else _without_child()
    return {
        "title": capfirst(meeting_title(meeting)),
        "head": _head(meeting),
        "phases": [_phase(phase, map(_point, lines)) for phase, lines in items_on_paper(meeting)],
        "round": {
            "title": _("How did everybody say it was?"),
            "answers": _answers(),
            "who": list(_who(meeting)),
        },
        "questions": {
            "title": _("Questions of the parent"),
            "items": [question.words for question in meeting.question_set.all()],
        },
        "areas": {"title": does, "items": [str(area) for area in SCHOOL_DOES]},
        "notes": _("Notes and promises"),
        "credit": _credit(),
    }


def guide_of(school: School) -> Data:
    """The whole list as `school` uses it, without any meeting or person, for the wall of the staff room."""
    return {
        "title": _("A meeting with a parent and a buddy"),
        "head": [_("What to think of before, during and after it.")],
        "phases": [_phase(phase, _whole(school, phase)) for phase in Phase],
        "round": None,
        "questions": {"title": "", "items": []},
        "areas": None,
        "notes": "",
        "credit": _credit(),
    }


def slips_of(school: School) -> Data:
    """Slips on which parent, buddy and teacher say how it was (R35). No names on them, and nothing is kept of them."""
    formal = school.formal_address
    return {
        "title": _("How was the meeting?"),
        "question": pgettext("formal", "How was the meeting for you?")
        if formal
        else _("How was the meeting for you?"),
        "answers": _answers(),
        "who": [capfirst(_("parent")), _("Buddy"), capfirst(_("teacher"))],
        "hint": pgettext("formal", "Tick how it was, and who you are. No need to put your name on it.")
        if formal
        else _("Tick how it was, and who you are. No need to put your name on it."),
    }


def _head(meeting: Meeting) -> list[str]:
    needs = practical(meeting)
    begins, at, until = (_clock(moment) for moment in (needs.begins, needs.at, needs.until))
    facts = [
        capfirst(when(meeting.at)),
        _("reserve %(from)s until %(until)s") % {"from": begins, "until": until},
        ngettext("%(chairs)s chair", "%(chairs)s chairs", needs.chairs) % {"chairs": needs.chairs},
    ]
    facts += [meeting.room] if meeting.room else []
    facts += [_("interpreter")] if meeting.interpreter else []
    lines = [" · ".join(facts)]
    if needs.alone_first:
        alone = ngettext(
            "First with the parent alone: the parent comes at %(from)s, the buddy at %(at)s.",
            "First with the parents alone: the parents come at %(from)s, the buddy at %(at)s.",
            len(meeting.parents.all()),
        )
        lines.append(alone % {"from": begins, "at": at})
    return lines


def _who(meeting: Meeting) -> Iterable[str]:
    for each in attending(meeting):
        yield capfirst(each.called)
        if each.expected:
            yield _("Buddy")
    yield _("Yourself")


def _phase(phase: Phase, points: Iterable[Data]) -> Data:
    return {"title": str(PHASES[phase]), "points": list(points)}


def _point(words: Any, when: str = "") -> Data:
    return {"do": words.do, "say": words.say, "when": when, "stress": getattr(words, "stress", False)}


def _whole(school: School, phase: Phase) -> Iterable[Data]:
    mine = list_of(school)
    voice = Voice("", 1, school.formal_address, BLANK)
    for code in in_order(phase, mine.arrangement.own):
        if code not in mine.arrangement.hidden:
            own = mine.points.get(code)
            words = Said(own.do, own.why, own.say) if own else said_of(code, voice)
            yield _point(words, str(condition_of(code, phase, own)))


def _answers() -> list[str]:
    return [capfirst(str(each.label)) for each in Impression if each is not Impression.NOT_ASKED]


def _clock(moment: Any) -> str:
    return str(day_words(localtime(moment), "H:i"))


def _without_child() -> str:
    return _("What does school already do for this child?")


def _credit() -> str:
    return _("After the guide for teachers, with suggestions by Afke Persoon, orthopedagoog.")

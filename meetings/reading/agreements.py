"""What a school agreed about its meetings, as planning and the checklist take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from school.models import School

from ..checklist import FIRST, Arrangement, Phase, When, in_order
from ..models import OwnPoint
from ..wording import Voice, said_of

# What a meeting's checklist reads of its school, to fetch along.
LIST_OF_SCHOOL = ("school__ownpoint_set", "school__hiddenpoint_set")

PHASES: Mapping[Phase, str | Promise] = {
    Phase.BEFORE: _("Before"),
    Phase.DURING: _("During"),
    Phase.AFTER: _("After"),
}
CONDITIONS: Mapping[When, str | Promise] = {
    When.ALWAYS: _("for every meeting"),
    When.BUDDY: _("when the parent has a buddy"),
    When.ALONG: _("when the buddy comes along, or may come"),
    When.SENSITIVE: _("when there is sensitive news"),
    When.WISH_UNMET: _("when the wish cannot be met"),
    When.UNPLEASANT: _("when it was not pleasant"),
    When.FOLLOW_UP: _("when another appointment is needed"),
}
# When the points of the guide apply that do not for every meeting.
_OF_THE_GUIDE: Mapping[tuple[str, Phase], str | Promise] = {
    **dict.fromkeys(((code, Phase.BEFORE) for code in ("V1", "V2", "V3")), CONDITIONS[When.BUDDY]),
    **dict.fromkeys(((code, Phase.BEFORE) for code in ("V4", "V5")), CONDITIONS[When.ALONG]),
    ("T4", Phase.BEFORE): CONDITIONS[When.SENSITIVE],
    **dict.fromkeys(((code, Phase.DURING) for code in ("T2", "T3", "T9")), CONDITIONS[When.ALONG]),
    ("T4", Phase.DURING): _("when there is sensitive news, and the buddy comes along or may come"),
    ("T10", Phase.DURING): _("when the buddy comes along, or the wish cannot be met"),
    ("N2", Phase.AFTER): CONDITIONS[When.UNPLEASANT],
    ("N3", Phase.AFTER): CONDITIONS[When.FOLLOW_UP],
}


def condition_of(code: str, phase: Phase, own: OwnPoint | None) -> str | Promise:
    """For which meetings the point called `code` is there; `own` when it is the school's own."""
    if own is not None:
        return CONDITIONS[When(own.when)]
    return _OF_THE_GUIDE.get((code, phase), CONDITIONS[When.ALWAYS])


@dataclass(frozen=True)
class SchoolList:
    """What a school made of the checklist: its `arrangement`, and its own points by their code."""

    arrangement: Arrangement
    points: Mapping[str, OwnPoint]


def list_of(school: School) -> SchoolList:
    """What `school` made of the checklist."""
    points = {point.code: point for point in school.ownpoint_set.all()}
    hidden = frozenset(each.item for each in school.hiddenpoint_set.all())
    return SchoolList(Arrangement(tuple(point.own for point in points.values()), hidden), points)


@dataclass(frozen=True)
class Listed:
    """One point on the page where a school arranges its list: its `code`, what to `do`, `when`, whether it is `hidden`;
    `point` when it is the school's own, and whether it can be hidden or moved."""

    code: str
    do: str
    when: str | Promise
    hidden: bool
    may_be_hidden: bool
    point: OwnPoint | None
    may_go_up: bool
    may_go_down: bool


def listed(school: School) -> list[tuple[str | Promise, list[Listed]]]:
    """Every point of `school`, by phase and in order, hidden ones too."""
    mine = list_of(school)
    voice = Voice("", 1, school.formal_address, "")
    found = []
    for phase in Phase:
        order = in_order(phase, mine.arrangement.own)
        rows = []
        for place, code in enumerate(order):
            point = mine.points.get(code)
            rows.append(
                Listed(
                    code,
                    point.do if point else said_of(code, voice).do,
                    condition_of(code, phase, point),
                    code in mine.arrangement.hidden,
                    code != FIRST,
                    point,
                    point is not None and place > 0,
                    point is not None and place < len(order) - 1,
                )
            )
        found.append((PHASES[phase], rows))
    return found

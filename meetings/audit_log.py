"""What the log can say about meetings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from school.log import Action, Kind, Numbers, Part, Record, Target
from school.models import Child, Membership

from .models import FollowUp, Meeting
from .naming import meeting_title

ACTIONS = {
    "meeting.look": Action(Kind.LOOK, _("looked at a meeting")),
    "meeting.print": Action(Kind.PRINT, _("opened a meeting to print it")),
    "meeting.plan": Action(Kind.CHANGE, _("planned a meeting")),
    "meeting.change": Action(Kind.CHANGE, _("changed a meeting")),
    "meeting.cancel": Action(Kind.CHANGE, _("cancelled a meeting")),
    "meeting.restore": Action(Kind.CHANGE, _("recorded that a meeting takes place after all")),
    "meeting.held": Action(Kind.CHANGE, _("recorded that a meeting was held")),
    "meeting.evaluate": Action(Kind.CHANGE, _("looked back on a meeting")),
    "meeting.ask": Action(Kind.CHANGE, _("added a question to a meeting")),
    "meeting.drop_question": Action(Kind.CHANGE, _("removed a question from a meeting")),
    "meeting.turned_out": Action(Kind.CHANGE, _("recorded that a meeting went otherwise than planned")),
    "meeting.promise": Action(Kind.CHANGE, _("recorded a promise in a meeting")),
    "meeting.kept": Action(Kind.CHANGE, _("recorded that a promise was kept")),
    "meeting.reopen": Action(Kind.CHANGE, _("recorded that a promise is not kept yet")),
    "meeting.share": Action(Kind.CHANGE, _("shared a meeting with a substitute")),
    "meeting.hand_over": Action(Kind.CHANGE, _("handed over a meeting")),
    "meeting.calendar": Action(Kind.PRINT, _("saved a meeting as a calendar file")),
    "promise.hand_over": Action(Kind.CHANGE, _("handed over a promise")),
    "agreements.minutes": Action(Kind.SETTINGS, _("changed how many minutes meetings take")),
    "point.add": Action(Kind.SETTINGS, _("added a point to the checklist")),
    "point.change": Action(Kind.SETTINGS, _("changed a point of the checklist")),
    "point.move": Action(Kind.SETTINGS, _("moved a point of the checklist")),
    "point.remove": Action(Kind.SETTINGS, _("removed a point from the checklist")),
    "point.hide": Action(Kind.SETTINGS, _("hid a point of the checklist")),
    "point.show": Action(Kind.SETTINGS, _("showed a point of the checklist again")),
    "meeting.forget": Action(Kind.ERASED, _("erased a meeting")),
}


def records(membership: Membership, on: date, numbers: Numbers) -> dict[Target, Record]:
    """Meetings this member may look into on `on`."""
    if not (wanted := numbers.get("meeting")):
        return {}
    rows = Meeting.objects.visible_to(membership, on).filter(pk__in=wanted)
    slug = membership.school.slug
    return {
        ("meeting", row.pk): Record(
            capfirst(meeting_title(row)), reverse("meetings:before", args=[slug, row.pk])
        )
        for row in rows.select_related("child").prefetch_related("parents")
    }


def others(membership: Membership) -> Mapping[str, QuerySet[Any]]:
    """Meetings of this school that are about no child of `membership`, or of its other guardian."""
    own = Child.objects.filter(guardianship__parent__in=membership.parties)
    meetings = Meeting.objects.filter(school=membership.school_id).exclude(child__in=own)
    return {"meeting": meetings, "followup": FollowUp.objects.filter(meeting__in=meetings)}


part = Part(
    actions=ACTIONS, records=records, others=others, about_no_family=frozenset({"agreements", "ownpoint"})
)

"""The log as its readers may see it: who did what, when, and with whom only to those who may open that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from ..log import ADMINISTRATION, Kind, Record, Target, actions, parts
from ..models import AuditEvent, Membership
from ..roles import Permission
from ..text import search_key

PAGE = 50
# Who is no colleague of this school, but has an account: only who looks after the whole site.
PLATFORM = _("Administrator of the site")
WITH_LINK = _("Somebody with a personal link")
UNKNOWN = _("did something this version does not know any more")
# The values of "who" beside the numbers of colleagues.
BY_LINK, BY_ITSELF, ELSEWHERE = "link", "itself", "elsewhere"


@dataclass(frozen=True)
class Line:
    """One event in words. `record` is what it is about, for a reader who may open that; `count` how many rows it
    concerned. What reads the same in the same minute is one line, with how many `times` it happened."""

    at: datetime
    who: str | Promise
    what: str | Promise
    record: Record | None
    count: int | None
    times: int = 1


@dataclass(frozen=True)
class Page:
    """A page of the log: its lines by day, newest first, and the number from which the older ones go on."""

    days: list[tuple[date, list[Line]]]
    older: int | None


@dataclass(frozen=True)
class Wanted:
    """What a reader looks for; all empty for everything. Days are in Amsterdam, both included."""

    who: str = ""
    kind: str = ""
    about: Target | None = None
    since: date | None = None
    until: date | None = None


def seen_by(membership: Membership, on: date) -> QuerySet[AuditEvent]:
    """What this member may read on `on`: everything of their school, or what is administration (see
    `school.log.ADMINISTRATION`). A reader who is a parent here sees nothing of what may concern their own family, not
    even that it happened: of events about families only those about rows in which they are no party, and not those of
    which the row is gone."""
    events = AuditEvent.objects.filter(school_id=membership.school_id, keep_until__gte=on)
    if not membership.may(Permission.AUDIT):
        events = events.filter(action__in=of_kinds(ADMINISTRATION))
    if membership.parties:
        theirs = Q()
        for part in parts():
            theirs |= Q(target_type__in=part.about_no_family)
            for name, rows in part.others(membership).items():
                theirs |= Q(target_type=name, target_id__in=rows.values("pk"))
        events = events.filter(theirs)
    return events


def kinds_for(membership: Membership) -> list[Kind]:
    """The kinds of events this member may read."""
    return [kind for kind in Kind if membership.may(Permission.AUDIT) or kind in ADMINISTRATION]


def of_kinds(kinds: Iterable[Kind]) -> list[str]:
    """The actions of these kinds."""
    chosen = set(kinds)
    return [name for name, action in actions().items() if action.kind in chosen]


def colleagues(membership: Membership) -> list[Membership]:
    """Everybody who works or worked at this member's school, by name."""
    everybody = Membership.objects.filter(school=membership.school_id).select_related("user")
    return sorted(everybody, key=lambda each: search_key(str(each)))


def matching(
    events: QuerySet[AuditEvent], wanted: Wanted, everybody: Iterable[Membership]
) -> QuerySet[AuditEvent]:
    """Those of `events` that answer to `wanted`; `everybody` are the colleagues."""
    if wanted.who == BY_LINK:
        events = events.filter(by_link=True)
    elif wanted.who == BY_ITSELF:
        events = events.filter(actor_id=None, by_link=False)
    elif wanted.who == ELSEWHERE:
        events = events.exclude(actor_id__in=[each.user_id for each in everybody]).exclude(actor_id=None)
    elif wanted.who:
        events = events.filter(actor_id__in=[e.user_id for e in everybody if str(e.pk) == wanted.who])
    if wanted.kind:
        events = events.filter(action__in=of_kinds([Kind(wanted.kind)]))
    if wanted.about:
        events = events.filter(target_type=wanted.about[0], target_id=wanted.about[1])
    if wanted.since:
        events = events.filter(at__date__gte=wanted.since)
    if wanted.until:
        events = events.filter(at__date__lte=wanted.until)
    return events


def page(
    events: QuerySet[AuditEvent],
    membership: Membership,
    on: date,
    everybody: Iterable[Membership],
    before: int | None = None,
) -> Page:
    """A page of `events`, from the one after the number `before` on. Not by page number: events that come in while
    somebody reads do not move the others."""
    events = events.order_by("-at", "-pk")
    if before is not None and (last := events.filter(pk=before).first()):
        events = events.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    rows = list(events[: PAGE + 1])
    shown, more = rows[:PAGE], len(rows) > PAGE
    lines = _lines(shown, membership, on, everybody)
    days = [(day, list(found)) for day, found in groupby(lines, key=lambda line: line.at.date())]
    return Page(days, shown[-1].pk if more else None)


def _lines(
    rows: list[AuditEvent], membership: Membership, on: date, everybody: Iterable[Membership]
) -> list[Line]:
    names = {each.user_id: str(each) for each in everybody}
    records = may_open(
        {(row.target_type, row.target_id) for row in rows if row.target_id is not None}, membership, on
    )
    lines = [
        Line(_minute(row), _who(row, names), _what(row), _record(row, records), row.count) for row in rows
    ]
    runs = [list(same) for _line, same in groupby(lines)]
    return [replace(run[0], times=len(run)) for run in runs]


def _minute(row: AuditEvent) -> datetime:
    return localtime(row.at).replace(second=0, microsecond=0)


def may_open(targets: Iterable[Target], membership: Membership, on: date) -> dict[Target, Record]:
    """Those of `targets` that this member may open on `on`."""
    numbers: dict[str, set[int]] = {}
    for name, pk in targets:
        numbers.setdefault(name, set()).add(pk)
    wanted = {name: frozenset(found) for name, found in numbers.items()}
    return {
        target: record for part in parts() for target, record in part.records(membership, on, wanted).items()
    }


def _who(row: AuditEvent, names: dict[int, str]) -> str | Promise:
    if row.by_link:
        return WITH_LINK
    if row.actor_id is None:
        known = actions().get(row.action)
        return known.nobody if known else ""
    return names.get(row.actor_id, PLATFORM)


def _what(row: AuditEvent) -> str | Promise:
    known = actions().get(row.action)
    return known.text if known else UNKNOWN


def _record(row: AuditEvent, records: dict[Target, Record]) -> Record | None:
    """What `row` is about, unless that is somebody's own account, which says no more than who did it."""
    if row.target_id is None or (row.target_type, row.target_id) == ("user", row.actor_id):
        return None
    return records.get((row.target_type, row.target_id))

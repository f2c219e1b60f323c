"""What must hold after the server was killed: what was acknowledged is there once, and nothing is there by half."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet

from buddies.models import (
    Buddy,
    CheckIn,
    Consent,
    DoNotAsk,
    Experience,
    Match,
    NewcomerOffer,
    Purpose,
    Signal,
    SupportRequest,
)
from buddies.workflow import MatchStatus
from meetings.models import FollowUp, Meeting, MeetingParent, Question
from school.models import AuditEvent, Child, Parent

from .kill_clients import Write


def _column(rows: QuerySet[Any], column: str = "pk") -> Counter[str]:
    return Counter(str(value) for value in rows.values_list(column, flat=True))


def _events(action: str) -> Counter[str]:
    return _column(AuditEvent.objects.filter(action=action), "target_id")


# What is there of each kind of write that was saved, by its key: how often.
SAVED: dict[str, Callable[[], Counter[str]]] = {
    "signal": lambda: _column(Signal.objects.all(), "submission"),
    "discussed": lambda: _events("request.discussed"),
    "buddy": lambda: _column(Buddy.objects.all(), "submission"),
    "match": lambda: _column(Match.objects.all(), "submission"),
    "match.ask_parent": lambda: _events("match.ask_parent"),
    "match.parent_yes": lambda: _events("match.parent_yes"),
    "match.buddy_yes": lambda: _events("match.buddy_yes"),
    "match.connect": lambda: _events("match.connect"),
    "match.complete": lambda: _events("match.complete"),
    "consent.withdraw": lambda: _events("consent.withdraw"),
    "request.close": lambda: _events("request.close"),
    "child": lambda: _column(Child.objects.all(), "first_name"),
    "offer": lambda: _column(NewcomerOffer.objects.all(), "submission"),
    "meeting": lambda: _column(Meeting.objects.all(), "submission"),
    "question": lambda: _column(Question.objects.all(), "submission"),
    "promise": lambda: _column(FollowUp.objects.all(), "submission"),
    "refusal": lambda: _column(DoNotAsk.objects.all(), "submission"),
}

# Every event of this kind has its row and every such row its event: one written without the other is half a write.
ROWS_OF_EVENTS: dict[str, Callable[[], Counter[str]]] = {
    "request.signal": lambda: _column(SupportRequest.objects.all()),
    "request.discussed": lambda: _column(SupportRequest.objects.filter(origin="signal", forget_on=None)),
    "request.close": lambda: _column(SupportRequest.objects.exclude(closed_at=None)),
    "request.refuse": lambda: _column(DoNotAsk.objects.all(), "parent_id"),
    "buddy.add": lambda: _column(Buddy.objects.all()),
    "buddy.stop": lambda: _column(Buddy.objects.filter(status="stopped")),
    "consent.give": lambda: _column(Consent.objects.all()),
    "consent.withdraw": lambda: _column(Consent.objects.exclude(withdrawn_at=None)),
    "match.propose": lambda: _column(Match.objects.all()),
    "match.ask_parent": lambda: _column(Match.objects.exclude(tip_giver="")),
    "match.parent_yes": lambda: _column(Match.objects.exclude(parent_yes=None)),
    "match.buddy_yes": lambda: _column(Match.objects.exclude(buddy_yes=None)),
    "match.connect": lambda: _column(Match.objects.exclude(connected_at=None)),
    "match.complete": lambda: _column(Match.objects.filter(status=MatchStatus.COMPLETED)),
    "child.add": lambda: _column(Child.objects.filter(first_name__startswith="Kleuter ")),
    "newcomer.offer": lambda: _column(NewcomerOffer.objects.all()),
    "newcomer.yes": lambda: _column(NewcomerOffer.objects.filter(answer="yes")),
    "meeting.plan": lambda: _column(Meeting.objects.all()),
    "meeting.ask": lambda: _column(Question.objects.all(), "meeting_id"),
    "meeting.promise": lambda: _column(FollowUp.objects.all(), "meeting_id"),
}


def lost(writes: Iterable[Write]) -> list[str]:
    """Which of `writes` are not there exactly once."""
    writes = list(writes)
    there = {kind: SAVED[kind]() for kind in {write.kind for write in writes}}
    counted = ((write, there[write.kind][write.key]) for write in writes)
    return [f"{write.kind} {write.key}: {count} times" for write, count in counted if count != 1]


def is_there(write: Write) -> bool:
    """Whether `write` is saved."""
    return SAVED[write.kind]()[write.key] > 0


def half_done() -> list[str]:
    """What is there by half, in the whole database."""
    found = [
        f"{action} without its row or the other way round: {sorted((events - rows) + (rows - events))}"
        for action, rows_of in ROWS_OF_EVENTS.items()
        if (events := _events(action)) != (rows := rows_of())
    ]
    found += [f"{what}: {sorted(map(str, rows))}" for what, rows in _loose_ends() if rows]
    return found + _database()


def _loose_ends() -> Iterator[tuple[str, Iterable[Any]]]:
    """Rows that one action writes together, of which one is missing."""
    signals = Counter(Signal.objects.values_list("request_id", flat=True))
    yield "signals of one request", [pk for pk in _numbers(SupportRequest.objects.all()) if signals[pk] != 1]
    standing = Consent.objects.filter(withdrawn_at=None)
    searching = SupportRequest.objects.filter(search_consent__in=standing)
    yield (
        "search consents",
        _numbers(standing.filter(purpose=Purpose.SEARCH)) ^ _numbers(searching, "search_consent_id"),
    )
    yield "requests without the theme that was said", _numbers(searching.filter(theme=None))
    shared = standing.filter(purpose=Purpose.SHARE_EXPERIENCE)
    yield "experiences", _numbers(shared) ^ _numbers(Experience.objects.all(), "consent_id")
    said = Match.objects.exclude(parent_yes=None), Match.objects.exclude(buddy_yes=None)
    yeses = _numbers(said[0], "parent_yes_id") | _numbers(said[1], "buddy_yes_id")
    yield "yeses to a match", _numbers(standing.filter(purpose=Purpose.MATCH)) ^ yeses
    connected = Match.objects.exclude(connected_at=None)
    calls = Counter(CheckIn.objects.values_list("match_id", flat=True))
    yield "check-ins", [pk for pk in _numbers(connected) if calls[pk] != 2]
    asked = Consent.objects.filter(purpose__in=(Purpose.SHARE_CONTACT, Purpose.TELL_TEACHER))
    agreed = {row["match"]: row["n"] for row in asked.values("match").annotate(n=Count("pk"))}
    yield "what was agreed for a connection", [pk for pk in _numbers(connected) if agreed.get(pk) != 3]
    open_still = Match.objects.filter(status=MatchStatus.COMPLETED, request__closed_at=None)
    yield "requests of completed matches", _numbers(open_still)
    offers = NewcomerOffer.objects.filter(answer="yes")
    yield (
        "offers without a match",
        [
            offer.pk
            for offer in offers
            if not Match.objects.filter(request=offer.request).exclude(parent_yes=None).exists()
        ],
    )
    parents = Counter(MeetingParent.objects.values_list("meeting_id", flat=True))
    yield "parents of meetings", [pk for pk in _numbers(Meeting.objects.all()) if parents[pk] != 2]
    held = [
        _numbers(model._default_manager.exclude(parent=None), "parent_id")
        for model in (SupportRequest, Buddy, DoNotAsk, NewcomerOffer)
    ]
    yield "parents of nothing", _numbers(Parent.objects.all()) - set().union(*held)


def _numbers(rows: QuerySet[Any], column: str = "pk") -> set[int]:
    return set(rows.values_list(column, flat=True))


def _database() -> list[str]:
    """What the database itself says is broken."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        whole = [str(line) for (line,) in cursor.fetchall() if line != "ok"]
        cursor.execute("PRAGMA foreign_key_check")
        return whole + [f"broken key: {row}" for row in cursor.fetchall()]

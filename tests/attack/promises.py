"""The invariants of the product, each as a question to the raw rows: what breaks it is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache

from django.db import models

from buddies.workflow import BEFORE_AGREED, LIVE, NEEDS_BUDDY_YES, NEEDS_PARENT_YES, MatchStatus
from school.models import SchoolOwned

from .eyes import ended_on
from .snapshot import Row, Snapshot, ours

Promise = Callable[[Snapshot], Iterator[str]]


def no_content_without_consent(s: Snapshot) -> Iterator[str]:
    """Invariant 1: an experience, a background, and what a parent asks for, rest on a consent of that person."""
    for row in s["experience"].values():
        about = (row.parent_id, "share_experience", row.theme_id)
        consent = s["consent"][row.consent_id]
        if (consent.parent_id, consent.purpose, consent.theme_id) != about or consent.withdrawn_at:
            yield f"experience {row.id} without consent"
        if s["buddy"][row.buddy_id].parent_id != row.parent_id:
            yield f"experience {row.id} of somebody else"
    for row in s["background"].values():
        consent = s["consent"][row.consent_id]
        if (consent.parent_id, consent.purpose) != (row.parent_id, "same_background") or consent.withdrawn_at:
            yield f"background {row.id} without consent"
    for row in s["supportrequest"].values():
        if row.theme_id or row.note or row.wish:
            search = s["consent"].get(row.search_consent_id)
            about = (row.parent_id, "search", row.id)
            if search is None or (search.parent_id, search.purpose, search.request_id) != about:
                yield f"request {row.id} says something without consent"
            elif search.withdrawn_at:
                yield f"request {row.id} keeps what was withdrawn"


def _yes(s: Snapshot, match: Row, person: int, consent: int | None) -> bool:
    row = s["consent"].get(consent or 0)
    return row is not None and (row.parent_id, row.purpose, row.match_id) == (person, "match", match.id)


def parent_before_buddy(s: Snapshot) -> Iterator[str]:
    """Invariants 2 and 3: nobody is asked or told out of turn, and each yes is that person's."""
    for row in s["match"].values():
        if row.status in NEEDS_PARENT_YES and not _yes(s, row, row.parent_id, row.parent_yes_id):
            yield f"match {row.id} is {row.status} without the parent's yes"
        if row.status in NEEDS_BUDDY_YES and not _yes(s, row, row.buddy_parent_id, row.buddy_yes_id):
            yield f"match {row.id} is {row.status} without the buddy's yes"
        if row.buddy_asked_at is not None:
            parent_yes = s["consent"].get(row.parent_yes_id)
            if parent_yes is None or parent_yes.given_at > row.buddy_asked_at:
                yield f"the buddy of match {row.id} was asked before the parent's yes"
        if row.way == "parent_contacts":
            shared = s.of("consent", match_id=row.id, parent_id=row.buddy_parent_id, purpose="share_contact")
            if not shared:
                yield f"contact details of match {row.id} were given without consent"
    for row in s["personallink"].values():
        match = s["match"][row.match_id]
        if row.person == "buddy" and match.parent_yes_id is None:
            yield f"link {row.id} asks the buddy before the parent's yes"


def one_place_each(s: Snapshot) -> Iterator[str]:
    """Invariant 4: no live matches above capacity, none twice in a place, one for a request."""
    live = [row for row in s["match"].values() if row.status in LIVE]
    helped = Counter(row.buddy_id for row in live)
    yield from (f"buddy {pk} is full" for pk, count in helped.items() if count > s["buddy"][pk].capacity)
    for what in ("request_id", "slot"):
        places = Counter((row.buddy_id if what == "slot" else 0, getattr(row, what)) for row in live)
        yield from (f"{what} {place} is taken twice" for place, count in places.items() if count > 1)
    for row in live:
        if row.parent_id == row.buddy_parent_id:
            yield f"match {row.id} is of somebody with themselves"
        if not 1 <= (row.slot or 0) <= s["buddy"][row.buddy_id].capacity:
            yield f"match {row.id} has no place"


def one_open_request_each(s: Snapshot) -> Iterator[str]:
    """A second signal for the same parent and theme joins the first; a closed one has no match under way but one that
    is to be rounded off; a match is about the parent of its request."""
    rows = s["supportrequest"].values()
    asked = Counter((r.parent_id, r.theme_id) for r in rows if r.theme_id and r.closed_at is None)
    yield from (f"parent and theme {key} have two requests" for key, count in asked.items() if count > 1)
    for match in s["match"].values():
        request = s["supportrequest"][match.request_id]
        if (
            match.parent_id != request.parent_id
            or match.buddy_parent_id != s["buddy"][match.buddy_id].parent_id
        ):
            yield f"match {match.id} is about somebody else"
        under_way = match.status in LIVE and not match.winding_down
        if request.closed_at is not None and under_way:
            yield f"match {match.id} goes on for a closed request"
    signalled = {row.request_id for row in s["signal"].values()}
    yield from (f"request {r.id} was signalled by nobody" for r in rows if r.id not in signalled)


def asked_once(s: Snapshot) -> Iterator[str]:
    """Nobody is offered a buddy twice, and nobody is a buddy twice."""
    offered = Counter((row.child_id, row.home) for row in s["newcomeroffer"].values())
    yield from (f"child and home {key} were asked twice" for key, count in offered.items() if count > 1)
    helping = Counter(row.parent_id for row in s["buddy"].values())
    yield from (f"parent {pk} is a buddy twice" for pk, count in helping.items() if count > 1)


def withdrawn_at_once(s: Snapshot) -> Iterator[str]:
    """Invariant 7: nothing is under way on a consent that was taken back."""
    offers = {(row.buddy_id, row.theme_id) for row in s["experience"].values()}
    for row in s["match"].values():
        if row.status not in LIVE:
            continue
        yeses = [s["consent"][pk] for pk in (row.parent_yes_id, row.buddy_yes_id) if pk is not None]
        taken_back = any(consent.withdrawn_at for consent in yeses)
        if taken_back and (row.status != MatchStatus.CONNECTED or not row.winding_down):
            yield f"match {row.id} goes on without a yes"
        if row.status in BEFORE_AGREED:
            search = s["consent"].get(s["supportrequest"][row.request_id].search_consent_id)
            if search is None or search.withdrawn_at:
                yield f"match {row.id} goes on without a search"
            if (row.buddy_id, row.theme_id) not in offers:
                yield f"match {row.id} goes on without an experience to share"
    for row in s["newcomeroffer"].values():
        themes = s.of("theme", school_id=row.school_id, code="newcomer")
        if row.buddy_id and not {(row.buddy_id, theme.id) for theme in themes} & offers:
            yield f"offer {row.id} has in mind who took it back"
        if row.answer == "no" and (row.parent_id or row.buddy_id):
            yield f"offer {row.id} was refused and remembers who"


def stopped_means_stopped(s: Snapshot) -> Iterator[str]:
    """Who is no buddy any more has nothing to share, and is asked for nobody."""
    for row in s["buddy"].values():
        if row.status != "offered":
            if s.of("experience", buddy_id=row.id):
                yield f"buddy {row.id} is {row.status} and shares an experience"
            if any(m.status in BEFORE_AGREED for m in s.of("match", buddy_id=row.id)):
                yield f"buddy {row.id} is {row.status} and is being asked"


@cache
def _keys() -> list[tuple[str, str, str]]:
    """Every key from one row of a school to another: table, column, table."""
    return [
        (name, field.attname, field.related_model._meta.model_name or "")
        for name, model in ours().items()
        if issubclass(model, SchoolOwned)
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and isinstance(field.related_model, type)
        and issubclass(field.related_model, SchoolOwned)
    ]


def one_school(s: Snapshot) -> Iterator[str]:
    """Invariant 5: a row and all it points at are of one school."""
    for table, column, target in _keys():
        rows, targets = s[table].values(), s[target]
        for row in rows:
            pk = getattr(row, column)
            if pk is not None and (pk not in targets or targets[pk].school_id != row.school_id):
                yield f"{table} {row.id} points across schools with {column}"


def every_row_has_its_day(s: Snapshot) -> Iterator[str]:
    """Invariant 9: what was not agreed to has a day on which it goes, and nobody is kept whom nothing concerns."""
    for row in s["supportrequest"].values():
        if row.search_consent_id is None and row.forget_on is None:
            yield f"request {row.id} was not discussed and stays"
    for row in s["buddy"].values():
        if (row.status == "suggested") != (row.forget_on is not None):
            yield f"buddy {row.id} is {row.status} until {row.forget_on}"
    holds = (
        {row.parent_id for row in s["membership"].values()}
        | {row.parent_id for name in ("buddy", "supportrequest", "donotask") for row in s[name].values()}
        | {pk for row in s["match"].values() for pk in (row.parent_id, row.buddy_parent_id)}
        | {row.parent_id for row in s["newcomeroffer"].values() if row.answer == ""}
    )
    yield from (f"parent {pk} is kept for nothing" for pk in s["parent"] if pk not in holds)


ALWAYS: tuple[Promise, ...] = (
    no_content_without_consent,
    parent_before_buddy,
    one_place_each,
    one_open_request_each,
    asked_once,
    withdrawn_at_once,
    stopped_means_stopped,
    one_school,
    every_row_has_its_day,
)


def gone_after_its_term(s: Snapshot) -> Iterator[str]:
    """Invariant 9, once `run_due` has run: nothing is left that is past its day."""
    day = s.day
    for name in ("supportrequest", "buddy", "meeting", "newcomeroffer"):
        for row in s[name].values():
            if row.forget_on is not None and row.forget_on <= day:
                yield f"{name} {row.id} should have gone on {row.forget_on}"
    for row in s["supportrequest"].values():
        over = ended_on(s, row)
        if over is not None and over <= day - timedelta(days=183):
            yield f"request {row.id} ended on {over}"
        elif over is not None and over <= day - timedelta(days=30) and (row.theme_id or row.note or row.wish):
            yield f"request {row.id} ended on {over} and still says what about"
    for row in s["donotask"].values():
        if row.until <= day:
            yield f"refusal {row.id} was until {row.until}"
    for row in s["personallink"].values():
        if row.valid_until < day - timedelta(days=30):
            yield f"link {row.id} was until {row.valid_until}"
    for row in s["experience"].values():
        until = s["consent"][row.consent_id].valid_until
        if until < day - timedelta(days=30):
            yield f"experience {row.id} was agreed to until {until}"
    used = {row.consent_id for name in ("experience", "background") for row in s[name].values()}
    for row in s["consent"].values():
        if row.match_id or row.request_id or row.id in used:
            continue
        if row.valid_until is not None and row.valid_until <= day - timedelta(days=365):
            yield f"consent {row.id} was until {row.valid_until}"


def is_valid(consent: Row, s: Snapshot) -> bool:
    """Whether something new may rest on `consent` today."""
    return not consent.withdrawn_at and (consent.valid_until is None or consent.valid_until >= s.day)


def valid_consents(s: Snapshot, buddy: int, theme: int) -> bool:
    """Whether `buddy` agrees today to share an experience in `theme`."""
    rows = s.of("experience", buddy_id=buddy, theme_id=theme)
    return any(is_valid(s["consent"][row.consent_id], s) for row in rows)

"""From a proposal to two parents who help each other: one function per step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from school import audit, clock
from school.models import Membership
from school.submissions import once

from .. import candidates
from ..models import (
    Buddy,
    BuiltIn,
    CheckAnswer,
    CheckIn,
    ClickReason,
    CloseReason,
    Consent,
    EndReason,
    Match,
    Method,
    Outcome,
    Person,
    Purpose,
    SupportRequest,
    TipGiver,
    Way,
)
from ..workflow import LIVE, MatchStatus, StepRefused, check_step
from . import consents, requests
from .errors import BuddyFull, ContactNotShared, NotACandidate, NoTheme, RequestHasMatch, WrongMoment
from .locking import hold_buddy, lock, lock_match, lock_request

LANGUAGE_MATCH = timedelta(days=182)  # language help is temporary (R14)
ATTENTION = timedelta(days=14)


@dataclass(frozen=True)
class Connection:
    """How the two meet, and what both agreed to for it. A first meeting date only if they made one."""

    way: Way
    buddy_shares_contact: bool = False
    parent_shares_contact: bool = False
    teacher_may_know: bool = False
    first_meeting_on: date | None = None


@transaction.atomic
def propose(
    *,
    request: SupportRequest,
    buddy: Buddy,
    click_reasons: Sequence[ClickReason],
    by: Membership,
    submission: UUID,
    click_words: str = "",
) -> Match:
    """Propose `buddy` for `request`, because staff expect a click (R2, R4). Takes one place of the buddy.

    Every hard rule is checked again under the buddy's lock. Sent twice, it is one match. Raises NoTheme,
    NotACandidate, BuddyFull, RequestHasMatch, ForeignSubmission; ValueError without a reason.
    """
    if not click_reasons:
        raise ValueError("a proposal says why a click is expected")

    def make() -> Match:
        fresh = lock_request(request)
        if fresh.theme is None or fresh.closed_at is not None:
            raise NoTheme
        if Match.objects.live().filter(request=fresh).exists():
            raise RequestHasMatch
        slot = free_slot(buddy)
        excluded = candidates.exclusion(fresh, buddy, clock.today())
        if excluded is not None:
            raise NotACandidate
        now = clock.now()
        match = Match.objects.create(
            school_id=by.school_id,
            submission=submission,
            recorded_by=by,
            request=fresh,
            theme=fresh.theme,
            parent=fresh.parent,
            buddy=buddy,
            buddy_parent=buddy.parent,
            status=MatchStatus.PROPOSED,
            slot=slot,
            click_reasons=list(click_reasons),
            click_words=click_words,
            proposed_at=now,
            changed_at=now,
        )
        requests.take_up(request=fresh, by=by)
        # Should it come to nothing, the request waits again at once.
        SupportRequest.objects.filter(pk=fresh.pk).update(parked_until=None)
        audit.record("match.propose", match, by=by)
        return match

    # Before `once` looks: the same form, sent again while this one runs, waits here and then finds its match.
    lock(buddy)
    return once(Match, submission, by, make)[0]


def free_slot(buddy: Buddy) -> int:
    """The lowest free place of `buddy`, who is locked. Raises BuddyFull."""
    taken = set(Match.objects.filter(buddy=buddy, slot__isnull=False).values_list("slot", flat=True))
    for slot in range(1, buddy.capacity + 1):
        if slot not in taken:
            return slot
    raise BuddyFull


@transaction.atomic
def ask_parent(*, match: Match, tip_giver: TipGiver, by: Membership) -> None:
    """Decide who tells the parent that somebody is available (R3). Raises WrongMoment."""
    match = lock_match(match)
    match.tip_giver = tip_giver
    _move(match, MatchStatus.WAITING_FOR_PARENT, "match.ask_parent", by)


@transaction.atomic
def record_parent_yes(*, match: Match, method: Method, by: Membership, language: str = "nl") -> None:
    """The parent wants to meet this other parent (R2), and agreed to the text in `language`. Straight after a proposal
    it counts as asked, too. Raises WrongMoment."""
    match = lock_match(match)
    if match.state is MatchStatus.PROPOSED:
        ask_parent(match=match, tip_giver=TipGiver.COORDINATOR, by=by)
        match = lock_match(match)
    _check(match, MatchStatus.WAITING_FOR_BUDDY)
    match.parent_yes = consents.give(
        parent=match.parent, purpose=Purpose.MATCH, method=method, by=by, match=match, language=language
    )
    _move(match, MatchStatus.WAITING_FOR_BUDDY, "match.parent_yes", by)


@transaction.atomic
def ask_buddy(*, match: Match, by: Membership) -> None:
    """The buddy has been asked, after the parent's yes (invariant 2). Raises WrongMoment."""
    match = lock_match(match)
    if match.state is not MatchStatus.WAITING_FOR_BUDDY:
        raise WrongMoment
    if match.buddy_asked_at is None:
        _tell_buddy(match)
        match.changed_at = clock.now()
        match.save()
        audit.record("match.ask_buddy", match, by=by)


@transaction.atomic
def record_buddy_yes(*, match: Match, method: Method, by: Membership, language: str = "nl") -> None:
    """The buddy wants to help this parent, and agreed to the text in `language`. Raises WrongMoment, before the
    parent's yes as well."""
    match = lock_match(match)
    _check(match, MatchStatus.AGREED)
    _tell_buddy(match)
    match.buddy_yes = consents.give(
        parent=match.buddy_parent, purpose=Purpose.MATCH, method=method, by=by, match=match, language=language
    )
    _move(match, MatchStatus.AGREED, "match.buddy_yes", by)


def _tell_buddy(match: Match) -> None:
    """The moment a buddy first hears of a parent; the first time ever they get the card, too."""
    match.buddy_asked_at = match.buddy_asked_at or clock.now()
    Buddy.objects.filter(pk=match.buddy_id, card_given_on=None).update(card_given_on=clock.today())


@transaction.atomic
def connect(*, match: Match, connection: Connection, method: Method, by: Membership) -> None:
    """Both said yes: the school introduces them, or the parent makes contact (R5). Plans a check-in with each.

    Raises ContactNotShared when the parent is to make contact and the buddy does not share how, WrongMoment.
    """
    match = lock_match(match)
    _check(match, MatchStatus.CONNECTED)
    if match.winding_down:
        raise WrongMoment  # one of the two wants to stop
    if connection.way is Way.PARENT_CONTACTS and not connection.buddy_shares_contact:
        raise ContactNotShared
    agreed = [
        (match.buddy_parent, Purpose.SHARE_CONTACT, connection.buddy_shares_contact),
        (match.parent, Purpose.SHARE_CONTACT, connection.parent_shares_contact),
        (match.parent, Purpose.TELL_TEACHER, connection.teacher_may_know),
    ]
    # What somebody agreed to through their personal link stands already.
    standing = set(match.consents.filter(withdrawn_at=None).values_list("parent_id", "purpose"))
    for person, purpose, said_yes in agreed:
        if said_yes and (person.pk, purpose) not in standing:
            consents.give(parent=person, purpose=purpose, method=method, by=by, match=match)
    today = clock.today()
    match.way, match.connected_at = connection.way, clock.now()
    match.first_meeting_on = connection.first_meeting_on
    if match.request.theme is not None and match.request.theme.code == BuiltIn.LANGUAGE:
        match.review_on = today + LANGUAGE_MATCH
    due = match.school.first_working_day(today + timedelta(days=match.school.checkin_days))
    CheckIn.objects.bulk_create(
        CheckIn(school_id=match.school_id, match=match, person=person, due_on=due) for person in Person
    )
    _move(match, MatchStatus.CONNECTED, "match.connect", by)


@transaction.atomic
def all_discussed(*, match: Match, connection: Connection, method: Method, by: Membership) -> None:
    """Parent and buddy have both said yes already, and how they meet is clear: record it, in that order.
    Raises ContactNotShared, WrongMoment."""
    if lock_match(match).state in (MatchStatus.PROPOSED, MatchStatus.WAITING_FOR_PARENT):
        record_parent_yes(match=match, method=method, by=by)
    if lock_match(match).state is MatchStatus.WAITING_FOR_BUDDY:
        record_buddy_yes(match=match, method=method, by=by)
    connect(match=match, connection=connection, method=method, by=by)


@transaction.atomic
def did_not_proceed(*, match: Match, reason: EndReason, by: Membership) -> None:
    """The match ends before the two were connected; the request searches on without this buddy.
    Raises WrongMoment."""
    match = lock_match(match)
    match.end_reason = reason
    _move(match, MatchStatus.DID_NOT_PROCEED, "match.did_not_proceed", by)


@transaction.atomic
def undo(*, match: Match, by: Membership) -> None:
    """Take back the step that led to where `match` stood when it was read (see `Match.previous`). A yes recorded by
    mistake is deleted; a match that was ended by mistake takes a place of its buddy again. Raises WrongMoment, also
    after a later step, and BuddyFull or RequestHasMatch when that is gone."""
    hold_buddy(match)
    request = lock_request(match.request)
    seen, match = match.state, lock_match(match)
    if match.state is not seen:
        raise WrongMoment
    try:
        before = match.previous(clock.today())
    except StepRefused as error:
        raise WrongMoment from error
    mistaken: Consent | None = None
    if match.state is MatchStatus.AGREED:
        mistaken, match.buddy_yes = match.buddy_yes, None
    elif match.state is MatchStatus.WAITING_FOR_BUDDY:
        mistaken, match.parent_yes = match.parent_yes, None
    elif match.state is MatchStatus.DID_NOT_PROCEED:
        match.slot, match.end_reason = _place_again(match, request), ""
        match.ended_at = match.ended_by = None
    match.status, match.changed_at = before, clock.now()
    match.save()
    if mistaken is not None:
        mistaken.delete()
    audit.record("match.undo", match, by=by)


def _place_again(match: Match, request: SupportRequest) -> int:
    """A place of the buddy for `match`, ended by mistake, if every rule still allows it and `request` is what it was.
    Raises WrongMoment, BuddyFull, RequestHasMatch."""
    if request.match_set.live().exists():
        raise RequestHasMatch
    if request.closed_at is not None or request.theme is None or request.theme != match.theme:
        raise WrongMoment
    slot = free_slot(match.buddy)
    # An end by mistake says nothing about the two, so the rules are asked as if it had not been.
    Match.objects.filter(pk=match.pk).update(end_reason=EndReason.TAKEN_BACK)
    if candidates.exclusion(request, match.buddy, clock.today()) is not None:
        raise WrongMoment
    return slot


@transaction.atomic
def complete(*, match: Match, outcome: Outcome, close_request: bool, by: Membership) -> None:
    """A connected match is rounded off. The request closes with it, or searches on. Raises WrongMoment."""
    hold_buddy(match)
    request = lock_request(match.request)
    match = lock_match(match)
    match.outcome = outcome
    _move(match, MatchStatus.COMPLETED, "match.complete", by)
    if close_request and request.closed_at is None:
        helped = outcome in (Outcome.HELPED, Outcome.PARTLY)
        reason = CloseReason.HELPED if helped else CloseReason.NOT_NEEDED
        requests.close(request=request, reason=reason, by=by)


@transaction.atomic
def record_checkin(*, checkin: CheckIn, answer: CheckAnswer, by: Membership) -> None:
    """What the parent or the buddy said when asked how it goes. "Needs attention" plans another call; "wants to
    stop" asks to round off. Raises WrongMoment when it was recorded before."""
    now = clock.now()
    done = CheckIn.objects.filter(pk=checkin.pk, done_at=None).update(
        answer=answer, done_at=now, recorded_by=by
    )
    if not done:
        raise WrongMoment
    if answer == CheckAnswer.ATTENTION:
        # A call made ahead of its day may be two weeks before that very day.
        after = max(clock.today() + ATTENTION, checkin.due_on + timedelta(days=1))
        due = checkin.school.first_working_day(after)
        CheckIn.objects.create(
            school_id=checkin.school_id, match_id=checkin.match_id, person=checkin.person, due_on=due
        )
    elif answer == CheckAnswer.STOP:
        Match.objects.filter(pk=checkin.match_id, status__in=LIVE).update(winding_down=True, changed_at=now)
    audit.record("checkin.record", checkin, by=by)


def _check(match: Match, new: MatchStatus) -> None:
    try:
        check_step(match.state, new)
    except StepRefused as error:
        raise WrongMoment from error


def _move(match: Match, new: MatchStatus, action: str, by: Membership) -> None:
    """Take the step to `new`, unless somebody else took one since `match` was read. Raises WrongMoment."""
    _check(match, new)
    old, now = match.status, clock.now()
    # select_for_update does nothing on SQLite; there the claim on the status is what keeps two from both stepping.
    if not Match.objects.filter(pk=match.pk, status=old).update(changed_at=now):
        raise WrongMoment
    match.status, match.changed_at = new, now
    if new not in LIVE:
        match.slot, match.ended_at, match.ended_by = None, now, by
    match.save()
    audit.record(action, match, by=by)

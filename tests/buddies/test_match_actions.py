"""The order of the conversation: nothing out of turn, and what can be taken back (R2 to R5)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from buddies.actions import consents, matches
from buddies.actions.errors import (
    BuddyFull,
    ContactNotShared,
    Refused,
    RequestHasMatch,
    WrongMoment,
)
from buddies.actions.matches import Connection
from buddies.models import (
    CheckIn,
    CloseReason,
    Consent,
    EndReason,
    Match,
    Method,
    Outcome,
    Purpose,
    TipGiver,
    Way,
)
from buddies.workflow import LIVE, NEEDS_BUDDY_YES, NEEDS_PARENT_YES, MatchStatus
from school import clock
from school.models import Membership
from tests.cast import ORDER, AddBuddy, Proposed, Signalled

from .steps import INTRODUCED, STEPS, in_status, propose
from .watch import everything, recorded, refused

# The order of the conversation


@pytest.mark.parametrize("status", MatchStatus)
@pytest.mark.parametrize("step", STEPS)
def test_step_from_every_status(proposed: Proposed, ib: Membership, step: str, status: MatchStatus) -> None:
    """In its turn each step is taken; out of turn it is refused and nothing is different."""
    take, allowed = STEPS[step]
    match = in_status(proposed, ib, status)
    if status in allowed:
        take(match, ib)
    else:
        with refused(WrongMoment):
            take(match, ib)


def test_the_whole_way_in_order(signalled: Signalled, add_buddy: AddBuddy, ib: Membership) -> None:
    request, buddy = signalled(), add_buddy()
    with recorded() as log:
        match = propose(request, buddy, ib)
        matches.ask_parent(match=match, tip_giver=TipGiver.SIGNALLER, by=ib)
        matches.record_parent_yes(match=match, method=Method.CONVERSATION, by=request.recorded_by)
        matches.ask_buddy(match=match, by=ib)
        matches.record_buddy_yes(match=match, method=Method.PHONE, by=ib)
        matches.connect(match=match, connection=INTRODUCED, method=Method.PHONE, by=ib)
        matches.complete(match=match, outcome=Outcome.HELPED, close_request=True, by=ib)
    assert log.actions == [
        *("request.take_up", "match.propose", "match.ask_parent"),
        *("consent.give", "match.parent_yes", "match.ask_buddy"),
        *("consent.give", "match.buddy_yes", "match.connect"),
        *("match.complete", "request.close"),
    ]
    match.refresh_from_db()
    assert match.parent_yes is not None
    assert match.buddy_yes is not None
    assert (match.parent_yes.method, match.parent_yes.recorded_by) == (
        Method.CONVERSATION,
        request.recorded_by,
    )
    assert (match.buddy_yes.parent, match.buddy_yes.purpose) == (buddy.parent, Purpose.MATCH)
    assert (match.state, match.outcome, match.slot) == (MatchStatus.COMPLETED, Outcome.HELPED, None)
    request.refresh_from_db()
    assert request.close_reason == CloseReason.HELPED


def test_events_hold_numbers_and_our_own_words_only(proposed: Proposed) -> None:
    with recorded() as log:
        match = proposed(status=MatchStatus.CONNECTED)
    names = {
        str(match.parent),
        str(match.buddy_parent),
        match.parent.first_name,
        match.buddy_parent.last_name,
    }
    for event in log.events:
        assert event.school_id == match.school_id
        assert event.actor_id is not None
        texts = f"{event.action} {event.target_type}"
        assert not any(name in texts for name in names)
        assert texts.replace(".", "").replace("_", "").replace(" ", "").isalpha()


@pytest.mark.parametrize("status", [status for status in MatchStatus if status is not MatchStatus.PROPOSED])
def test_database_refuses_a_status_without_its_yes(proposed: Proposed, status: MatchStatus) -> None:
    """Invariants 2 and 3, past every action: no status that rests on a yes without that yes."""
    match = proposed()
    everything_else: dict[str, Any] = {"slot": 1 if status in LIVE else None}
    if status in (MatchStatus.CONNECTED, MatchStatus.COMPLETED):
        everything_else |= {"connected_at": clock.now(), "way": Way.INTRODUCED}
    if status is MatchStatus.COMPLETED:
        everything_else |= {"ended_at": clock.now(), "outcome": Outcome.HELPED}
    if status is MatchStatus.DID_NOT_PROCEED:
        everything_else |= {"ended_at": clock.now(), "end_reason": EndReason.NO_CLICK}
    row = Match.objects.filter(pk=match.pk)
    if status in NEEDS_PARENT_YES or status in NEEDS_BUDDY_YES:
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(status=status, **everything_else)
    else:
        row.update(status=status, **everything_else)


def test_database_refuses_that_the_buddy_hears_first(proposed: Proposed) -> None:
    match = proposed(status=MatchStatus.WAITING_FOR_PARENT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Match.objects.filter(pk=match.pk).update(buddy_asked_at=clock.now())


def test_buddy_hears_when_asked_and_gets_the_card_once(
    signalled: Signalled, add_buddy: AddBuddy, proposed: Proposed, ib: Membership
) -> None:
    buddy = add_buddy(capacity=2)
    match = proposed(signalled(), buddy, status=MatchStatus.WAITING_FOR_BUDDY)
    assert (match.buddy_asked_at, match.buddy.card_given_on) == (None, None)
    matches.ask_buddy(match=match, by=ib)
    match.refresh_from_db()
    asked = match.buddy_asked_at
    assert asked is not None
    with recorded() as log, clock.at(clock.now() + timedelta(days=2)):
        matches.ask_buddy(match=match, by=ib)
        later = proposed(signalled(), buddy, status=MatchStatus.AGREED)
    assert log.actions.count("match.ask_buddy") == 0
    match.refresh_from_db()
    assert match.buddy_asked_at == asked
    assert later.buddy.card_given_on == clock.today()


def test_parent_yes_straight_after_the_proposal_counts_as_asked(proposed: Proposed, ib: Membership) -> None:
    match = proposed()
    matches.record_parent_yes(match=match, method=Method.PHONE, by=ib)
    match.refresh_from_db()
    assert (match.state, match.tip_giver) == (MatchStatus.WAITING_FOR_BUDDY, TipGiver.COORDINATOR)


@pytest.mark.parametrize("status", ORDER[:4])
def test_all_discussed_gives_what_the_steps_give(
    proposed: Proposed, signalled: Signalled, ib: Membership, status: MatchStatus
) -> None:
    connection = Connection(Way.PARENT_CONTACTS, True, True, True, date(2030, 1, 8))
    by_steps, at_once = proposed(status=MatchStatus.AGREED), proposed(signalled(), status=status)
    matches.connect(match=by_steps, connection=connection, method=Method.PHONE, by=ib)
    matches.all_discussed(match=at_once, connection=connection, method=Method.PHONE, by=ib)

    def result(match: Match) -> list[Any]:
        match.refresh_from_db()
        own = (
            "status",
            "slot",
            "tip_giver",
            "way",
            "first_meeting_on",
            "review_on",
            "winding_down",
            "end_reason",
        )
        given = Consent.objects.filter(match=match).order_by("purpose", "pk")
        return [
            *(getattr(match, name) for name in own),
            [(c.purpose, c.parent_id == match.parent_id, c.valid_until, c.withdrawn_at) for c in given],
            list(
                CheckIn.objects.filter(match=match)
                .order_by("person")
                .values_list("person", "due_on", "answer")
            ),
            match.buddy_asked_at is not None,
            match.buddy.card_given_on,
        ]

    assert result(at_once) == result(by_steps)


def test_all_discussed_refused_leaves_the_yeses_unrecorded(proposed: Proposed, ib: Membership) -> None:
    match = proposed()
    with refused(ContactNotShared):
        matches.all_discussed(
            match=match, connection=Connection(Way.PARENT_CONTACTS), method=Method.PHONE, by=ib
        )


# Taking a step back


def again(match: Match) -> Match:
    """As a page reads it when it is opened."""
    return Match.objects.get(pk=match.pk)


def test_undo_deletes_the_mistaken_yes(proposed: Proposed, ib: Membership) -> None:
    match = proposed(status=MatchStatus.AGREED)
    with recorded() as log:
        matches.undo(match=again(match), by=ib)
    match.refresh_from_db()
    assert (match.state, match.buddy_yes) == (MatchStatus.WAITING_FOR_BUDDY, None)
    assert Consent.objects.get(match=match) == match.parent_yes
    assert log.actions == ["match.undo"]
    with refused(WrongMoment):  # the buddy has heard of the parent by now
        matches.undo(match=again(match), by=ib)


def test_undo_back_to_the_proposal_while_the_buddy_knows_nothing(proposed: Proposed, ib: Membership) -> None:
    match = proposed(status=MatchStatus.WAITING_FOR_BUDDY)
    matches.undo(match=again(match), by=ib)
    match.refresh_from_db()
    assert (match.state, match.parent_yes) == (MatchStatus.WAITING_FOR_PARENT, None)
    assert not Consent.objects.filter(match=match).exists()
    matches.undo(match=again(match), by=ib)
    match.refresh_from_db()
    assert match.state is MatchStatus.PROPOSED
    with refused(WrongMoment):
        matches.undo(match=again(match), by=ib)


def test_undo_takes_back_the_step_that_was_seen_and_no_later_one(proposed: Proposed, ib: Membership) -> None:
    """Meanwhile the parent said yes, through their link."""
    match = proposed(status=MatchStatus.WAITING_FOR_PARENT)
    matches.record_parent_yes(match=Match.objects.get(pk=match.pk), method=Method.PHONE, by=ib)
    with refused(WrongMoment):
        matches.undo(match=match, by=ib)
    assert Consent.objects.filter(match=match).exists()


def test_undo_refused_once_the_buddy_was_asked(proposed: Proposed, ib: Membership) -> None:
    match = proposed(status=MatchStatus.WAITING_FOR_BUDDY)
    matches.ask_buddy(match=match, by=ib)
    with refused(WrongMoment):
        matches.undo(match=again(match), by=ib)


@pytest.mark.parametrize("status", ORDER[:4])
def test_undo_of_an_end_goes_back_to_where_it_stood(
    proposed: Proposed, ib: Membership, status: MatchStatus
) -> None:
    match = proposed(status=status)
    matches.did_not_proceed(match=match, reason=EndReason.PRACTICAL, by=ib)
    with recorded() as log:
        matches.undo(match=again(match), by=ib)
    match.refresh_from_db()
    assert (match.state, match.slot, match.ended_at, match.end_reason) == (status, 1, None, "")
    assert log.actions == ["match.undo"]


def test_undo_of_an_end_is_for_the_same_day(proposed: Proposed, ib: Membership) -> None:
    match = proposed()
    matches.did_not_proceed(match=match, reason=EndReason.PARENT_NO, by=ib)
    with clock.at(clock.now() + timedelta(days=1)), refused(WrongMoment):
        matches.undo(match=again(match), by=ib)


def test_undo_of_an_end_only_while_buddy_and_request_are_free(
    proposed: Proposed, signalled: Signalled, add_buddy: AddBuddy, ib: Membership
) -> None:
    request, buddy = signalled(), add_buddy()
    match = proposed(request, buddy)
    matches.did_not_proceed(match=match, reason=EndReason.PARENT_NO, by=ib)
    elsewhere = proposed(buddy=buddy)
    with refused(BuddyFull):
        matches.undo(match=again(match), by=ib)
    matches.did_not_proceed(match=elsewhere, reason=EndReason.TAKEN_BACK, by=ib)
    proposed(request, add_buddy())
    with refused(RequestHasMatch):
        matches.undo(match=again(match), by=ib)


def test_undo_never_brings_back_what_a_consent_ended(proposed: Proposed, ib: Membership) -> None:
    match = proposed(status=MatchStatus.AGREED)
    assert match.buddy_yes is not None
    consents.withdraw(consent=match.buddy_yes, by=ib)
    with refused(WrongMoment):
        matches.undo(match=again(match), by=ib)


# Every refusal has words


@pytest.mark.parametrize("error", Refused.__subclasses__())
def test_refusal_says_why_to_the_member(error: type[Refused]) -> None:
    assert str(error.message).strip()
    assert error.message != Refused.message


def test_refused_step_of_a_stale_page_changes_nothing(
    proposed: Proposed, ib: Membership, director: Membership
) -> None:
    """Two colleagues have the same page open: the second is told, and the first one's work stands."""
    match = proposed()
    stale = Match.objects.get(pk=match.pk)
    matches.did_not_proceed(match=match, reason=EndReason.PRACTICAL, by=ib)
    before = everything()
    for take, allowed in STEPS.values():
        if MatchStatus.DID_NOT_PROCEED not in allowed:
            with pytest.raises(WrongMoment):
                take(stale, director)
    assert everything() == before


@pytest.mark.parametrize("with_buddy", [True, False])
def test_step_of_a_match_that_has_gone_is_refused(
    proposed: Proposed, ib: Membership, with_buddy: bool
) -> None:
    """Its term ended, or the parents were forgotten, while somebody had the page open: they are told."""
    match = proposed(status=MatchStatus.CONNECTED)
    yes = match.buddy_yes
    assert yes is not None
    stale = Match.objects.select_related("request").get(pk=match.pk)
    match.request.delete()
    if with_buddy:
        match.buddy.delete()
    for take, _allowed in STEPS.values():
        with refused(WrongMoment):
            take(stale, ib)
    before = everything()
    consents.withdraw(consent=yes, by=ib)
    assert everything() == before

"""A match from proposal to close-out: the order of the conversation, and nothing out of turn (R2 to R5)."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from buddies import candidates
from buddies.actions import consents, matches, pool, requests
from buddies.actions.errors import (
    BuddyFull,
    ContactNotShared,
    NotACandidate,
    NoTheme,
    Refused,
    RequestHasMatch,
    WrongMoment,
)
from buddies.actions.matches import Connection
from buddies.models import (
    Buddy,
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
from buddies.workflow import LIVE, NEEDS_BUDDY_YES, NEEDS_PARENT_YES, MatchStatus
from school import clock
from school.models import Child, Holiday, Membership, Parent, School
from school.submissions import ForeignSubmission
from tests.cast import ORDER, AddBuddy, Proposed, Signalled

from .watch import everything, recorded, refused

INTRODUCED = Connection(Way.INTRODUCED)
CLICK = (ClickReason.SAME_EXPERIENCE, ClickReason.KNOW_BOTH)
Step = Callable[[Match, Membership], None]

# Every step of a match, and the statuses from which it may be taken.
STEPS: dict[str, tuple[Step, tuple[MatchStatus, ...]]] = {
    "ask_parent": (
        lambda m, by: matches.ask_parent(match=m, tip_giver=TipGiver.SIGNALLER, by=by),
        (MatchStatus.PROPOSED,),
    ),
    "record_parent_yes": (
        lambda m, by: matches.record_parent_yes(match=m, method=Method.PHONE, by=by),
        (MatchStatus.PROPOSED, MatchStatus.WAITING_FOR_PARENT),
    ),
    "ask_buddy": (lambda m, by: matches.ask_buddy(match=m, by=by), (MatchStatus.WAITING_FOR_BUDDY,)),
    "record_buddy_yes": (
        lambda m, by: matches.record_buddy_yes(match=m, method=Method.PHONE, by=by),
        (MatchStatus.WAITING_FOR_BUDDY,),
    ),
    "connect": (
        lambda m, by: matches.connect(match=m, connection=INTRODUCED, method=Method.PHONE, by=by),
        (MatchStatus.AGREED,),
    ),
    "all_discussed": (
        lambda m, by: matches.all_discussed(match=m, connection=INTRODUCED, method=Method.PHONE, by=by),
        ORDER[:4],
    ),
    "did_not_proceed": (
        lambda m, by: matches.did_not_proceed(match=m, reason=EndReason.NO_CLICK, by=by),
        ORDER[:4],
    ),
    "undo": (
        lambda m, by: matches.undo(match=m, by=by),
        (
            MatchStatus.WAITING_FOR_PARENT,
            MatchStatus.WAITING_FOR_BUDDY,
            MatchStatus.AGREED,
            MatchStatus.DID_NOT_PROCEED,
        ),
    ),
    "complete": (
        lambda m, by: matches.complete(match=m, outcome=Outcome.HELPED, close_request=True, by=by),
        (MatchStatus.CONNECTED,),
    ),
}


def in_status(proposed: Proposed, ib: Membership, status: MatchStatus) -> Match:
    """A match brought to any status, the two last ones too."""
    if status in ORDER:
        return proposed(status=status)
    match = proposed(status=MatchStatus.CONNECTED if status is MatchStatus.COMPLETED else MatchStatus.AGREED)
    if status is MatchStatus.COMPLETED:
        matches.complete(match=match, outcome=Outcome.PARTLY, close_request=False, by=ib)
    else:
        matches.did_not_proceed(match=match, reason=EndReason.PRACTICAL, by=ib)
    match.refresh_from_db()
    return match


def propose(
    request: SupportRequest,
    buddy: Buddy,
    by: Membership,
    click_reasons: Sequence[ClickReason] = CLICK,
    submission: UUID | None = None,
    click_words: str = "",
) -> Match:
    return matches.propose(
        request=request,
        buddy=buddy,
        click_reasons=click_reasons,
        click_words=click_words,
        by=by,
        submission=submission or uuid4(),
    )


# Proposing


def test_propose_takes_a_place_and_says_why(
    signalled: Signalled, add_buddy: AddBuddy, ib: Membership
) -> None:
    request, buddy = signalled(), add_buddy(capacity=2)
    with recorded() as log:
        match = propose(request, buddy, ib, click_words="Allebei rustig")
    match.refresh_from_db()
    assert (match.state, match.slot) == (MatchStatus.PROPOSED, 1)
    assert (match.click_reasons, match.click_words) == (["same_experience", "know_both"], "Allebei rustig")
    assert (match.parent, match.buddy_parent) == (request.parent, buddy.parent)
    assert (match.parent_yes, match.buddy_yes, match.buddy_asked_at) == (None, None, None)
    assert log.actions == ["request.take_up", "match.propose"]
    request.refresh_from_db()
    assert request.taken_up_at is not None


def test_propose_without_a_reason_is_a_fault(
    signalled: Signalled, add_buddy: AddBuddy, ib: Membership
) -> None:
    request, buddy = signalled(), add_buddy()
    with refused(ValueError):
        propose(request, buddy, ib, click_reasons=[])


def test_propose_sent_twice_is_one_match(
    signalled: Signalled, add_buddy: AddBuddy, ib: Membership, other_teacher: Membership
) -> None:
    request, buddy, submission = signalled(), add_buddy(), uuid4()
    match = propose(request, buddy, ib, submission=submission)
    assert propose(request, buddy, ib, submission=submission) == match
    assert Match.objects.count() == 1
    with refused(ForeignSubmission):
        propose(request, buddy, other_teacher, submission=submission)


def test_propose_takes_the_lowest_free_place_until_full(
    signalled: Signalled, add_buddy: AddBuddy, proposed: Proposed, ib: Membership
) -> None:
    buddy = add_buddy(capacity=2)
    first, second = proposed(signalled(), buddy), proposed(signalled(), buddy)
    assert (first.slot, second.slot) == (1, 2)
    third = signalled()
    with refused(BuddyFull):
        propose(third, buddy, ib)
    matches.did_not_proceed(match=first, reason=EndReason.PRACTICAL, by=ib)
    assert propose(third, buddy, ib).slot == 1


def test_propose_a_second_buddy_for_one_request_is_refused(
    proposed: Proposed, add_buddy: AddBuddy, ib: Membership
) -> None:
    request, other = proposed().request, add_buddy()
    with refused(RequestHasMatch):
        propose(request, other, ib)


def test_propose_without_a_theme_or_after_closing_is_refused(
    signalled: Signalled, add_buddy: AddBuddy, ib: Membership
) -> None:
    buddy, unknown, undiscussed, closed = (
        add_buddy(),
        signalled(None),
        signalled(discussed=False),
        signalled(),
    )
    requests.close(request=closed, reason=CloseReason.NOT_NEEDED, by=ib)
    for request in (unknown, undiscussed, closed):
        with refused(NoTheme):
            propose(request, buddy, ib)


def test_propose_checks_every_hard_rule_again(
    signalled: Signalled, add_buddy: AddBuddy, ib: Membership, parents: dict[str, Parent]
) -> None:
    request = signalled(parent=parents["Fatma"])
    paused, stopped = add_buddy(), add_buddy()
    pool.pause(buddy=paused, until=clock.today() + timedelta(days=1), by=ib)
    pool.stop(buddy=stopped, by=ib)
    excluded = [
        paused,
        stopped,
        add_buddy("divorce"),  # experience with something else
        add_buddy(taken_up=False),
        add_buddy(parent=parents["Kemal"]),  # the other parent of Sem
        add_buddy(parent=parents["Fatma"]),  # themselves
    ]
    for buddy in excluded:
        with refused(NotACandidate):
            propose(request, buddy, ib)


def test_did_not_proceed_request_searches_on_without_that_buddy(
    proposed: Proposed, add_buddy: AddBuddy, ib: Membership
) -> None:
    match, other = proposed(), add_buddy()
    request = match.request
    with recorded() as log:
        matches.did_not_proceed(match=match, reason=EndReason.NO_CLICK, by=ib)
    match.refresh_from_db()
    assert (match.state, match.end_reason, match.slot) == (
        MatchStatus.DID_NOT_PROCEED,
        EndReason.NO_CLICK,
        None,
    )
    assert log.actions == ["match.did_not_proceed"]
    assert SupportRequest.objects.with_state().get(pk=request.pk).state == "searching"  # type: ignore[attr-defined]
    ranking = candidates.ranking(request, clock.today())
    assert [c.buddy for c in ranking.candidates] == [other.pk]
    assert [(e.buddy, e.reason.code) for e in ranking.excluded] == [(match.buddy_id, "not_refused")]
    with refused(NotACandidate):
        propose(request, match.buddy, ib)
    assert propose(request, other, ib).state is MatchStatus.PROPOSED


def test_proposed_by_mistake_excludes_nobody(proposed: Proposed, ib: Membership) -> None:
    match = proposed()
    matches.did_not_proceed(match=match, reason=EndReason.TAKEN_BACK, by=ib)
    assert propose(match.request, match.buddy, ib).state is MatchStatus.PROPOSED


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


def test_undo_deletes_the_mistaken_yes(proposed: Proposed, ib: Membership) -> None:
    match = proposed(status=MatchStatus.AGREED)
    with recorded() as log:
        matches.undo(match=match, by=ib)
    match.refresh_from_db()
    assert (match.state, match.buddy_yes) == (MatchStatus.WAITING_FOR_BUDDY, None)
    assert Consent.objects.get(match=match) == match.parent_yes
    assert log.actions == ["match.undo"]
    with refused(WrongMoment):  # the buddy has heard of the parent by now
        matches.undo(match=match, by=ib)


def test_undo_back_to_the_proposal_while_the_buddy_knows_nothing(proposed: Proposed, ib: Membership) -> None:
    match = proposed(status=MatchStatus.WAITING_FOR_BUDDY)
    matches.undo(match=match, by=ib)
    match.refresh_from_db()
    assert (match.state, match.parent_yes) == (MatchStatus.WAITING_FOR_PARENT, None)
    assert not Consent.objects.filter(match=match).exists()
    matches.undo(match=match, by=ib)
    match.refresh_from_db()
    assert match.state is MatchStatus.PROPOSED
    with refused(WrongMoment):
        matches.undo(match=match, by=ib)


def test_undo_refused_once_the_buddy_was_asked(proposed: Proposed, ib: Membership) -> None:
    match = proposed(status=MatchStatus.WAITING_FOR_BUDDY)
    matches.ask_buddy(match=match, by=ib)
    with refused(WrongMoment):
        matches.undo(match=match, by=ib)


@pytest.mark.parametrize("status", ORDER[:4])
def test_undo_of_an_end_goes_back_to_where_it_stood(
    proposed: Proposed, ib: Membership, status: MatchStatus
) -> None:
    match = proposed(status=status)
    matches.did_not_proceed(match=match, reason=EndReason.PRACTICAL, by=ib)
    with recorded() as log:
        matches.undo(match=match, by=ib)
    match.refresh_from_db()
    assert (match.state, match.slot, match.ended_at, match.end_reason) == (status, 1, None, "")
    assert log.actions == ["match.undo"]


def test_undo_of_an_end_is_for_the_same_day(proposed: Proposed, ib: Membership) -> None:
    match = proposed()
    matches.did_not_proceed(match=match, reason=EndReason.PARENT_NO, by=ib)
    with clock.at(clock.now() + timedelta(days=1)), refused(WrongMoment):
        matches.undo(match=match, by=ib)


def test_undo_of_an_end_only_while_buddy_and_request_are_free(
    proposed: Proposed, signalled: Signalled, add_buddy: AddBuddy, ib: Membership
) -> None:
    request, buddy = signalled(), add_buddy()
    match = proposed(request, buddy)
    matches.did_not_proceed(match=match, reason=EndReason.PARENT_NO, by=ib)
    elsewhere = proposed(buddy=buddy)
    with refused(BuddyFull):
        matches.undo(match=match, by=ib)
    matches.did_not_proceed(match=elsewhere, reason=EndReason.TAKEN_BACK, by=ib)
    proposed(request, add_buddy())
    with refused(RequestHasMatch):
        matches.undo(match=match, by=ib)


def test_undo_never_brings_back_what_a_consent_ended(proposed: Proposed, ib: Membership) -> None:
    match = proposed(status=MatchStatus.AGREED)
    assert match.buddy_yes is not None
    consents.withdraw(consent=match.buddy_yes, by=ib)
    with refused(WrongMoment):
        matches.undo(match=match, by=ib)


# Connecting


def test_connect_by_the_parent_needs_the_buddys_contact_details(proposed: Proposed, ib: Membership) -> None:
    """Invariant 3."""
    match = proposed(status=MatchStatus.AGREED)
    contacts = Connection(Way.PARENT_CONTACTS, parent_shares_contact=True, teacher_may_know=True)
    with refused(ContactNotShared):
        matches.connect(match=match, connection=contacts, method=Method.PHONE, by=ib)


@pytest.mark.parametrize(
    ("connection", "given_for"),
    [
        (INTRODUCED, []),
        (Connection(Way.INTRODUCED, teacher_may_know=True), [("tell_teacher", "parent")]),
        (Connection(Way.INTRODUCED, parent_shares_contact=True), [("share_contact", "parent")]),
        (Connection(Way.PARENT_CONTACTS, buddy_shares_contact=True), [("share_contact", "buddy")]),
    ],
)
def test_connect_records_each_further_yes_apart(
    proposed: Proposed, ib: Membership, connection: Connection, given_for: list[tuple[str, str]]
) -> None:
    match = proposed(status=MatchStatus.AGREED)
    with recorded() as log:
        matches.connect(match=match, connection=connection, method=Method.LETTER, by=ib)
    found = Consent.objects.filter(match=match).exclude(purpose=Purpose.MATCH)
    assert [(c.purpose, "parent" if c.parent_id == match.parent_id else "buddy") for c in found] == given_for
    assert all(consent.method == Method.LETTER for consent in found)
    assert log.actions == ["consent.give"] * len(given_for) + ["match.connect"]


def test_connect_language_help_is_looked_at_after_half_a_year(
    proposed: Proposed, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    """R14: it is temporary."""
    request = signalled("language", languages=("ti",))
    match = proposed(request, add_buddy("language", languages=("nl", "ti")), status=MatchStatus.CONNECTED)
    assert match.review_on == clock.today() + timedelta(days=182)
    assert proposed(status=MatchStatus.CONNECTED).review_on is None


@pytest.mark.parametrize(
    ("connected_on", "due_on"),
    [
        (date(2027, 3, 1), date(2027, 4, 12)),  # a Monday six weeks on
        (date(2027, 3, 6), date(2027, 4, 19)),  # a Saturday: Monday
        (date(2027, 3, 12), date(2027, 5, 3)),  # a Friday in the holiday: the Monday after it
    ],
)
def test_connect_plans_a_checkin_with_each_on_the_first_working_day(
    proposed: Proposed, ib: Membership, school: School, connected_on: date, due_on: date
) -> None:
    Holiday.objects.create(school=school, name="Mei", first_day=date(2027, 4, 23), last_day=date(2027, 5, 1))
    with clock.at(datetime(connected_on.year, connected_on.month, connected_on.day, 10, tzinfo=UTC)):
        match = proposed(status=MatchStatus.CONNECTED)
    planned = CheckIn.objects.filter(match=match).order_by("person")
    assert [(c.person, c.due_on) for c in planned] == [(Person.BUDDY, due_on), (Person.PARENT, due_on)]


# Afterwards


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome])
@pytest.mark.parametrize("close", [True, False])
def test_complete_closes_the_request_or_searches_on(
    proposed: Proposed, ib: Membership, outcome: Outcome, close: bool
) -> None:
    match = proposed(status=MatchStatus.CONNECTED)
    with recorded() as log:
        matches.complete(match=match, outcome=outcome, close_request=close, by=ib)
    match.refresh_from_db()
    assert (match.state, match.outcome, match.slot) == (MatchStatus.COMPLETED, outcome, None)
    request = SupportRequest.objects.get(pk=match.request_id)
    helped = outcome in (Outcome.HELPED, Outcome.PARTLY)
    assert request.close_reason == (
        (CloseReason.HELPED if helped else CloseReason.NOT_NEEDED) if close else ""
    )
    assert log.actions == ["match.complete", *(["request.close"] if close else [])]


@pytest.mark.parametrize("answer", [answer for answer in CheckAnswer if answer])
def test_checkin_answers(proposed: Proposed, ib: Membership, answer: CheckAnswer) -> None:
    match = proposed(status=MatchStatus.CONNECTED)
    checkin = CheckIn.objects.get(match=match, person=Person.BUDDY)
    with clock.at(datetime(2027, 3, 6, 10, tzinfo=UTC)), recorded() as log:
        matches.record_checkin(checkin=checkin, answer=answer, by=ib)
    match.refresh_from_db()
    checkin.refresh_from_db()
    assert (checkin.answer, checkin.recorded_by) == (answer, ib)
    assert log.actions == ["checkin.record"]
    another = CheckIn.objects.filter(match=match, person=Person.BUDDY, done_at=None)
    due = [date(2027, 3, 22)] if answer is CheckAnswer.ATTENTION else []  # two weeks on is a Saturday
    assert [c.due_on for c in another] == due
    assert match.winding_down is (answer is CheckAnswer.STOP)
    assert match.state is MatchStatus.CONNECTED
    with refused(WrongMoment):
        matches.record_checkin(checkin=checkin, answer=CheckAnswer.FINE, by=ib)


def test_checkin_made_early_that_needs_attention_plans_another_on_another_day(
    proposed: Proposed, ib: Membership
) -> None:
    match = proposed(status=MatchStatus.CONNECTED)
    checkin = CheckIn.objects.get(match=match, person=Person.PARENT)
    early = datetime(
        checkin.due_on.year, checkin.due_on.month, checkin.due_on.day, 10, tzinfo=UTC
    ) - timedelta(days=14)
    with clock.at(early):
        matches.record_checkin(checkin=checkin, answer=CheckAnswer.ATTENTION, by=ib)
    [another] = CheckIn.objects.filter(match=match, person=Person.PARENT, done_at=None)
    assert another.due_on > checkin.due_on


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


# Who can be asked: the rules see what the database holds


def test_no_match_now_or_before_with_another_guardian_of_the_child(
    proposed: Proposed, signalled: Signalled, add_buddy: AddBuddy, ib: Membership, parents: dict[str, Parent]
) -> None:
    buddy = add_buddy(capacity=2)
    match = proposed(signalled(parent=parents["Fatma"]), buddy, status=MatchStatus.CONNECTED)
    request = signalled("reading", parent=parents["Kemal"])
    for _ in range(2):
        [excluded] = candidates.ranking(request, clock.today()).excluded
        assert (excluded.buddy, excluded.reason.code, excluded.reason.params) == (
            buddy.pk,
            "not_suitable",
            {},
        )
        match.refresh_from_db()
        if match.state is MatchStatus.CONNECTED:
            matches.complete(match=match, outcome=Outcome.HELPED, close_request=True, by=ib)


def test_consent_withdrawn_between_look_and_proposal(
    signalled: Signalled, add_buddy: AddBuddy, ib: Membership
) -> None:
    request, buddy = signalled(), add_buddy()
    assert candidates.ranking(request, clock.today()).candidates
    consent = Consent.objects.get(parent=buddy.parent, purpose=Purpose.SHARE_EXPERIENCE)
    consents.withdraw(consent=consent, by=ib)
    with refused(NotACandidate):
        propose(request, buddy, ib)


def test_two_parents_of_one_child_are_never_matched(
    signalled: Signalled,
    add_buddy: AddBuddy,
    ib: Membership,
    children: dict[str, Child],
    parents: dict[str, Parent],
) -> None:
    """Also when the asking parent was only just written down, without a name."""
    buddy = add_buddy(parent=parents["Samira"])
    request = signalled(child=children["Lina"], first_name="", last_name="", kind="father")
    with refused(NotACandidate):
        propose(request, buddy, ib)

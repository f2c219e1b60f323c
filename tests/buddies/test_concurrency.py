"""Two, or twenty, at the same moment: one wins, the others are told, nothing is half done (invariant 4)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections

from buddies.actions import consents, matches, pool, requests
from buddies.actions.errors import (
    AlreadyABuddy,
    BuddyFull,
    HasLiveMatch,
    NotACandidate,
    NoTheme,
    RequestHasMatch,
    WrongMoment,
)
from buddies.actions.requests import About, Wanted
from buddies.models import (
    Buddy,
    ClickReason,
    CloseReason,
    Consent,
    DoNotAsk,
    Match,
    Method,
    Outcome,
    Purpose,
    Signal,
    SupportRequest,
    Theme,
    Way,
)
from buddies.workflow import BEFORE_AGREED, MatchStatus
from school import clock
from school.actions import ParentDetails
from school.models import AuditEvent, Membership, Parent
from tests.cast import AddBuddy, Proposed, Signalled

pytestmark = pytest.mark.usefixtures("transactional")

THREADS = 20
ROUNDS = 3
Result = object | Exception


def at_once(*actions: Callable[[], object]) -> list[Result]:
    """Start all `actions` at the same moment, each with its own connection; what each gave or raised, in order."""
    start = threading.Barrier(len(actions))
    outcomes: list[Result] = [None] * len(actions)

    def run(number: int, action: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=30)
            outcomes[number] = action()
        except Exception as error:
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def kinds(outcomes: Sequence[Result]) -> list[str]:
    """The types of `outcomes`, sorted; a message when one was an error nobody should see."""
    return sorted(type(outcome).__name__ for outcome in outcomes)


def fresh(row: Any) -> Any:
    """A copy of `row` for one thread alone: actions read a buddy afresh in place."""
    return type(row).objects.get(pk=row.pk)


def proposing(
    request: SupportRequest, buddy: Buddy, by: Membership, submission: UUID | None = None
) -> Callable[[], Match]:
    return partial(
        matches.propose,
        request=fresh(request),
        buddy=fresh(buddy),
        click_reasons=[ClickReason.SAME_EXPERIENCE],
        by=by,
        submission=submission or uuid4(),
    )


# The last place of a buddy


def test_twenty_claim_the_last_place_at_once(
    signalled: Signalled, add_buddy: AddBuddy, ib: Membership
) -> None:
    buddy = add_buddy(capacity=1)
    claims = [proposing(signalled(), buddy, ib) for _ in range(THREADS)]
    outcomes = at_once(*claims)
    refusals = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert [type(error) for error in refusals if not isinstance(error, BuddyFull | NotACandidate)] == []
    assert len(refusals) == THREADS - 1
    assert Match.objects.live().get().slot == 1
    assert AuditEvent.objects.filter(action="match.propose").count() == 1
    assert SupportRequest.objects.filter(taken_up_at__isnull=False).count() == 1


@contextmanager
def without_the_guard() -> Iterator[None]:
    """The database without the constraint that gives each place of a buddy to one match."""
    every = Match._meta.constraints
    [guard] = [constraint for constraint in every if constraint.name == "match_slot_once"]
    # SQLite makes the table anew from what the model says.
    Match._meta.constraints = [constraint for constraint in every if constraint is not guard]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Match, guard)
    try:
        yield
    finally:
        Match.objects.all().delete()
        Match._meta.constraints = every
        with connection.schema_editor() as editor:
            editor.add_constraint(Match, guard)


def reading_then_inserting(
    requests: Sequence[SupportRequest], buddy: Buddy, by: Membership
) -> list[Callable[[], object]]:
    """What `propose` would be without lock and transaction: everybody reads, and only then everybody inserts."""
    all_have_read = threading.Barrier(len(requests))

    def claim(request: SupportRequest) -> Match:
        slot = matches.free_slot(buddy)
        all_have_read.wait(timeout=30)
        return Match.objects.create(
            school_id=by.school_id,
            recorded_by=by,
            request=request,
            parent_id=request.parent_id,
            buddy=buddy,
            buddy_parent_id=buddy.parent_id,
            status=MatchStatus.PROPOSED,
            slot=slot,
            proposed_at=clock.now(),
            changed_at=clock.now(),
        )

    return [partial(claim, request) for request in requests]


def test_control_without_the_guard_the_last_place_goes_more_than_once(
    signalled: Signalled, add_buddy: AddBuddy, ib: Membership
) -> None:
    """It is the constraint that keeps the promise: the same careless claims with and without it."""
    buddy, asking = add_buddy(capacity=1), [signalled() for _ in range(5)]
    outcomes = at_once(*reading_then_inserting(asking, buddy, ib))
    assert kinds(outcomes) == ["IntegrityError"] * 4 + ["Match"]
    Match.objects.all().delete()
    with without_the_guard():
        outcomes = at_once(*reading_then_inserting(asking, buddy, ib))
        assert kinds(outcomes) == ["Match"] * 5
        assert Match.objects.live().filter(buddy=buddy).count() == 5 > buddy.capacity
    outcomes = at_once(*reading_then_inserting(asking, buddy, ib))
    assert kinds(outcomes) == ["IntegrityError"] * 4 + ["Match"]


# One request, two colleagues


def test_two_propose_two_buddies_for_one_request(
    signalled: Signalled, add_buddy: AddBuddy, ib: Membership, director: Membership
) -> None:
    for _ in range(ROUNDS):
        request = signalled()
        outcomes = at_once(*(proposing(request, add_buddy(), by) for by in (ib, director)))
        assert kinds(outcomes) == sorted(["Match", RequestHasMatch.__name__])
        assert Match.objects.live().filter(request=request).count() == 1


def test_the_same_proposal_sent_twice_is_one_match(
    signalled: Signalled, add_buddy: AddBuddy, ib: Membership
) -> None:
    for _ in range(ROUNDS):
        request, buddy, submission = signalled(), add_buddy(capacity=1), uuid4()
        outcomes = at_once(*(proposing(request, buddy, ib, submission=submission) for _ in range(3)))
        assert outcomes == [Match.objects.get(request=request)] * 3


def test_the_same_signal_sent_twice_is_one_row(teacher: Membership, themes: dict[str, Theme]) -> None:
    about, wanted = About(ParentDetails("Amina")), Wanted(themes["reading"])
    for number in range(1, ROUNDS + 1):
        submission = uuid4()
        send = partial(requests.signal, about=about, wanted=wanted, by=teacher, submission=submission)
        outcomes = at_once(*[send] * 3)
        assert kinds(outcomes) == ["Signal"] * 3
        assert {signal.pk for signal in Signal.objects.filter(submission=submission)} == {
            outcome.pk for outcome in outcomes if isinstance(outcome, Signal)
        }
        for model in (Signal, SupportRequest, Parent, Consent):
            assert model.objects.count() == number


def test_the_same_buddy_sent_twice_is_one_row(ib: Membership, parents: dict[str, Parent]) -> None:
    answers = pool.Answers({}, name_may_be_known=True)
    for person in (parents["Linda"], ParentDetails("Eva")):
        before, submission = Buddy.objects.count(), uuid4()

        def add(person: Parent | ParentDetails = person, submission: Any = submission) -> Buddy:
            return pool.add_buddy(
                parent=person, offer=pool.Offer(), answers=answers, by=ib, submission=submission
            )

        assert kinds(at_once(*[add] * 3)) == ["Buddy"] * 3
        assert Buddy.objects.count() == before + 1


def test_two_colleagues_add_the_same_parent(
    ib: Membership, teacher: Membership, parents: dict[str, Parent]
) -> None:
    answers = pool.Answers({}, name_may_be_known=True)

    def adding(by: Membership) -> Callable[[], Buddy]:
        offer, submission = pool.Offer(), uuid4()
        return lambda: pool.add_buddy(
            parent=parents["Linda"], offer=offer, answers=answers, by=by, submission=submission
        )

    assert kinds(at_once(adding(ib), adding(teacher))) == sorted([AlreadyABuddy.__name__, "Buddy"])
    assert Consent.objects.filter(parent=parents["Linda"]).count() == 1


# One match, two colleagues


def test_two_record_the_parents_yes_at_once(proposed: Proposed, ib: Membership, teacher: Membership) -> None:
    for _ in range(ROUNDS):
        match = proposed(status=MatchStatus.WAITING_FOR_PARENT)
        record = partial(matches.record_parent_yes, match=match, method=Method.PHONE)
        outcomes = at_once(partial(record, by=ib), partial(record, by=teacher))
        assert kinds(outcomes) == ["NoneType", WrongMoment.__name__]
        match.refresh_from_db()
        assert Consent.objects.get(match=match) == match.parent_yes


def test_two_record_the_discussion_at_once(
    signalled: Signalled, teacher: Membership, themes: dict[str, Theme]
) -> None:
    """One says the parent wants it, the other that they do not: one of the two is what happened."""
    for _ in range(ROUNDS):
        request = signalled(discussed=False)
        parent = request.parent_id
        record = partial(requests.discussed, request=request, by=teacher)
        outcomes = at_once(
            partial(record, wanted=Wanted(themes["reading"], "Leest")), partial(record, wanted=None)
        )
        assert kinds(outcomes) == ["NoneType", WrongMoment.__name__]
        said_yes = SupportRequest.objects.filter(pk=request.pk).exists()
        assert Consent.objects.filter(parent=parent).exists() is said_yes
        assert DoNotAsk.objects.filter(parent=parent).exists() is not said_yes


# Against withdrawing (invariant 7)


def withdrawing(parent: Parent, purpose: Purpose, by: Membership) -> Callable[[], None]:
    consent = Consent.objects.get(parent=parent, purpose=purpose, withdrawn_at=None)
    return lambda: consents.withdraw(consent=consent, by=by)


def open_proposals_on_a_withdrawn_consent() -> list[Match]:
    """Live matches before agreed of which the search, or the sharing of this experience, was withdrawn."""
    return [
        match
        for match in Match.objects.filter(status__in=BEFORE_AGREED).select_related("request__search_consent")
        if match.request.search_consent is None
        or match.request.search_consent.withdrawn_at is not None
        or not match.buddy.experience_set.filter(
            theme=match.request.theme, consent__withdrawn_at=None
        ).exists()
    ]


@pytest.mark.parametrize("purpose", [Purpose.SHARE_EXPERIENCE, Purpose.SEARCH])
def test_withdraw_against_propose(
    signalled: Signalled, add_buddy: AddBuddy, ib: Membership, director: Membership, purpose: Purpose
) -> None:
    for _ in range(ROUNDS):
        request, buddy = signalled(), add_buddy()
        who = buddy.parent if purpose is Purpose.SHARE_EXPERIENCE else request.parent
        made, withdrawn = at_once(proposing(request, buddy, ib), withdrawing(who, purpose, director))
        assert withdrawn is None, withdrawn
        assert isinstance(made, Match | NotACandidate | NoTheme), made
        assert open_proposals_on_a_withdrawn_consent() == []


WITHDRAWN = [
    ("parent", Purpose.SEARCH),
    ("parent", Purpose.MATCH),
    ("buddy_parent", Purpose.MATCH),
    ("buddy_parent", Purpose.SHARE_EXPERIENCE),
]


def test_withdraw_against_each_step(proposed: Proposed, ib: Membership, director: Membership) -> None:
    """The step was taken before the withdrawal or refused after it; either way nothing fails half-way."""
    connection_made = matches.Connection(Way.INTRODUCED)
    steps: list[tuple[MatchStatus, Callable[[Match], object]]] = [
        (
            MatchStatus.WAITING_FOR_PARENT,
            lambda m: matches.record_parent_yes(match=m, method=Method.PHONE, by=ib),
        ),
        (
            MatchStatus.WAITING_FOR_BUDDY,
            lambda m: matches.record_buddy_yes(match=m, method=Method.PHONE, by=ib),
        ),
        (
            MatchStatus.AGREED,
            lambda m: matches.connect(match=m, connection=connection_made, method=Method.PHONE, by=ib),
        ),
        (MatchStatus.AGREED, lambda m: matches.undo(match=m, by=ib)),
        (
            MatchStatus.CONNECTED,
            lambda m: matches.complete(match=m, outcome=Outcome.HELPED, close_request=True, by=ib),
        ),
    ]
    for status, step in steps:
        for who, purpose in WITHDRAWN:
            match = proposed(status=status)
            if not Consent.objects.filter(parent=getattr(match, who), purpose=purpose).exists():
                continue  # not given yet
            taken, withdrawn = at_once(
                partial(step, match),
                withdrawing(getattr(match, who), purpose, director),
            )
            assert withdrawn is None, withdrawn
            assert taken is None or isinstance(taken, WrongMoment), taken
            assert open_proposals_on_a_withdrawn_consent() == []


def test_close_against_propose(
    signalled: Signalled, add_buddy: AddBuddy, ib: Membership, director: Membership
) -> None:
    """A closed request never has a live match."""
    for _ in range(ROUNDS):
        request = signalled()
        made, closed = at_once(
            proposing(request, add_buddy(), ib),
            partial(requests.close, request=request, reason=CloseReason.NOT_NEEDED, by=director),
        )
        assert (isinstance(made, Match) and isinstance(closed, HasLiveMatch)) or (
            isinstance(made, NoTheme) and closed is None
        ), (made, closed)
        assert not Match.objects.live().filter(request__closed_at__isnull=False).exists()


def test_choose_theme_against_withdrawing_the_search(
    signalled: Signalled, ib: Membership, director: Membership, themes: dict[str, Theme]
) -> None:
    """Invariant 1: what was withdrawn does not come back with a page that was open."""
    for _ in range(ROUNDS):
        request, wanted = signalled(), Wanted(themes["divorce"], "Twee huizen")
        outcomes = at_once(
            partial(requests.choose_theme, request=request, wanted=wanted, by=ib),
            withdrawing(request.parent, Purpose.SEARCH, director),
        )
        assert isinstance(outcomes[0], WrongMoment | None), outcomes
        request.refresh_from_db()
        assert (request.theme, request.note, request.closed_at is not None) == (None, "", True)


def test_capacity_lowered_against_propose(
    signalled: Signalled, add_buddy: AddBuddy, proposed: Proposed, ib: Membership, director: Membership
) -> None:
    for _ in range(ROUNDS):
        buddy = add_buddy(capacity=2)
        proposed(signalled(), buddy)
        copy = fresh(buddy)
        outcomes = at_once(
            proposing(signalled(), buddy, ib),
            partial(pool.update_offer, buddy=copy, offer=pool.Offer(1), revision=copy.revision, by=director),
        )
        assert any(outcome is None or isinstance(outcome, Match) for outcome in outcomes), outcomes
        buddy.refresh_from_db()
        assert Match.objects.live().filter(buddy=buddy).count() <= buddy.capacity

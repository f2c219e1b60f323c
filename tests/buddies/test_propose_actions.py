"""Proposing a buddy: every hard rule is checked again, on what the database holds (R2, R4)."""

from datetime import timedelta
from uuid import uuid4

from buddies import candidates
from buddies.actions import consents, matches, pool, requests
from buddies.actions.errors import (
    BuddyFull,
    NotACandidate,
    NoTheme,
    RequestHasMatch,
)
from buddies.models import (
    CloseReason,
    Consent,
    EndReason,
    Match,
    Outcome,
    Purpose,
    SupportRequest,
)
from buddies.workflow import MatchStatus
from school import clock
from school.models import Child, Membership, Parent
from school.submissions import ForeignSubmission
from tests.cast import AddBuddy, Proposed, Signalled

from .steps import propose
from .watch import recorded, refused

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
    assert SupportRequest.objects.with_state().get(pk=request.pk).state == "searching"
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

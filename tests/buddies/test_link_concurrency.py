"""A parent answers through the link at the very moment a colleague takes the step by hand: one of the two is what
happened, and nothing is half done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from buddies.actions import consents, links, matches
from buddies.actions.errors import WrongMoment
from buddies.links.keys import fingerprint, new_key
from buddies.models import (
    Consent,
    EndReason,
    LinkAnswer,
    Match,
    Method,
    Person,
    PersonalLink,
    Purpose,
    Way,
)
from buddies.reading.links import behind
from buddies.workflow import MatchStatus
from school.errors import Changed
from school.models import Membership
from tests.cast import Proposed

from .test_concurrency import ROUNDS, at_once, kinds

pytestmark = pytest.mark.usefixtures("transactional")

YES, NO, TALK = LinkAnswer.YES, LinkAnswer.NO, LinkAnswer.TALK


def handed_out(match: Match, by: Membership) -> str:
    """The key of a new link for the parent of `match`."""
    ticket = links.Ticket(new_key())
    links.make_link(match=match, person=Person.PARENT, language="nl", ticket=ticket, by=by)
    return ticket.key


def answering(key: str, answer: LinkAnswer) -> Callable[[], None]:
    link = behind(key)
    assert link is not None
    return partial(links.answer_by_link, link=link, answer=answer, text="nl")


def stopping(key: str) -> Callable[[], None]:
    link = behind(key)
    assert link is not None
    return partial(links.stop, link=link)


def standing(match: Match) -> list[Consent]:
    """The yeses to `match` that nobody took back."""
    return list(Consent.objects.filter(match=match, purpose=Purpose.MATCH, withdrawn_at=None))


def test_the_parent_and_a_colleague_record_the_yes_at_once(proposed: Proposed, ib: Membership) -> None:
    for _ in range(ROUNDS):
        match = proposed(status=MatchStatus.WAITING_FOR_PARENT)
        by_hand = partial(matches.record_parent_yes, match=match, method=Method.PHONE, by=ib)
        outcomes = at_once(answering(handed_out(match, ib), YES), by_hand)
        assert kinds(outcomes) == ["NoneType", WrongMoment.__name__]
        match.refresh_from_db()
        assert standing(match) == [match.parent_yes]
        assert match.state is MatchStatus.WAITING_FOR_BUDDY


@pytest.mark.parametrize("answer", [YES, NO, TALK])
def test_the_parent_answers_while_a_colleague_ends_it(
    proposed: Proposed, ib: Membership, answer: LinkAnswer
) -> None:
    for _ in range(ROUNDS):
        match = proposed(status=MatchStatus.WAITING_FOR_PARENT)
        by_hand = partial(matches.did_not_proceed, match=match, reason=EndReason.PRACTICAL, by=ib)
        said, ended = at_once(answering(handed_out(match, ib), answer), by_hand)
        assert isinstance(said, WrongMoment | None), said
        assert isinstance(ended, WrongMoment | None), ended
        match.refresh_from_db()
        assert match.state is MatchStatus.DID_NOT_PROCEED
        assert (match.parent_yes is not None) is (answer is YES and said is None)


@pytest.mark.parametrize("answer", [YES, NO, TALK])
def test_three_taps_at_once_are_one_answer(proposed: Proposed, ib: Membership, answer: LinkAnswer) -> None:
    for _ in range(ROUNDS):
        match = proposed(status=MatchStatus.WAITING_FOR_PARENT)
        key = handed_out(match, ib)
        assert at_once(*(answering(key, answer) for _ in range(3))) == [None] * 3
        assert len(standing(match)) == (1 if answer is YES else 0)


def test_yes_and_no_at_once_leave_one_answer(proposed: Proposed, ib: Membership) -> None:
    for _ in range(ROUNDS):
        match = proposed(status=MatchStatus.WAITING_FOR_PARENT)
        key = handed_out(match, ib)
        for outcome in at_once(answering(key, YES), answering(key, NO)):
            assert isinstance(outcome, WrongMoment | None), outcome
        link = PersonalLink.objects.get(match=match)
        match.refresh_from_db()
        wants = {YES: MatchStatus.WAITING_FOR_BUDDY, NO: MatchStatus.DID_NOT_PROCEED}
        assert match.state is wants[LinkAnswer(link.answer)]
        assert len(standing(match)) == (1 if link.answer == YES else 0)


def test_stopping_holds_against_every_step_of_a_colleague(proposed: Proposed, ib: Membership) -> None:
    """Whoever is first: the parent's yes is gone, and nobody goes on as if it were there."""
    introduced = matches.Connection(Way.INTRODUCED)
    steps: list[tuple[MatchStatus, Callable[[Match], object]]] = [
        (MatchStatus.WAITING_FOR_BUDDY, lambda m: matches.undo(match=m, by=ib)),
        (
            MatchStatus.WAITING_FOR_BUDDY,
            lambda m: matches.record_buddy_yes(match=m, method=Method.PHONE, by=ib),
        ),
        (
            MatchStatus.AGREED,
            lambda m: matches.connect(match=m, connection=introduced, method=Method.PHONE, by=ib),
        ),
    ]
    for status, step in steps:
        for _ in range(ROUNDS):
            match = proposed(status=MatchStatus.WAITING_FOR_PARENT)
            key = handed_out(match, ib)
            answering(key, YES)()
            match.refresh_from_db()
            if status is MatchStatus.AGREED:
                matches.record_buddy_yes(match=match, method=Method.PHONE, by=ib)
            stopped, taken = at_once(stopping(key), partial(step, match))
            assert stopped is None, stopped
            assert isinstance(taken, WrongMoment | None), taken
            match.refresh_from_db()
            assert match.state is MatchStatus.DID_NOT_PROCEED or match.winding_down
            assert not [consent for consent in standing(match) if consent.parent_id == match.parent_id]


def test_the_search_is_withdrawn_while_the_parent_says_yes(
    proposed: Proposed, ib: Membership, director: Membership
) -> None:
    for _ in range(ROUNDS):
        match = proposed(status=MatchStatus.WAITING_FOR_PARENT)
        search = match.request.search_consent
        assert search is not None
        said, withdrawn = at_once(
            answering(handed_out(match, ib), YES), partial(consents.withdraw, consent=search, by=director)
        )
        assert withdrawn is None, withdrawn
        assert isinstance(said, WrongMoment | None), said
        match.refresh_from_db()
        assert match.state is MatchStatus.DID_NOT_PROCEED


def test_contact_details_are_agreed_to_once(proposed: Proposed, ib: Membership) -> None:
    for _ in range(ROUNDS):
        match = proposed(status=MatchStatus.WAITING_FOR_PARENT)
        key = handed_out(match, ib)
        answering(key, YES)()
        link = behind(key)
        assert link is not None
        share = partial(links.share_contact, link=link, share=True, text="nl")
        assert at_once(share, share, share) == [None] * 3
        assert match.consents.filter(purpose=Purpose.SHARE_CONTACT).count() == 1


def test_two_make_a_link_at_once(proposed: Proposed, ib: Membership, director: Membership) -> None:
    """Two colleagues: the second is told. One page sent twice: one link, the same both times."""
    make = partial(links.make_link, person=Person.PARENT, language="nl")
    for _ in range(ROUNDS):
        match = proposed(status=MatchStatus.WAITING_FOR_PARENT)
        two = [partial(make, match=match, ticket=links.Ticket(new_key()), by=by) for by in (ib, director)]
        assert kinds(at_once(*two)) == sorted([Changed.__name__, PersonalLink.__name__])
        match, ticket = proposed(status=MatchStatus.WAITING_FOR_PARENT), links.Ticket(new_key())
        outcomes = at_once(*(partial(make, match=match, ticket=ticket, by=ib) for _ in range(3)))
        assert outcomes == [PersonalLink.objects.get(match=match)] * 3


def test_a_new_link_while_the_old_one_is_answered(proposed: Proposed, ib: Membership) -> None:
    """The answer counts, or the link it came through was just replaced: never an answer through a dead link."""
    for _ in range(ROUNDS):
        match = proposed(status=MatchStatus.WAITING_FOR_PARENT)
        old = PersonalLink.objects.get(token_hash=fingerprint(handed_out(match, ib)))
        newer = links.Ticket(new_key(), old.token_hash)
        link = PersonalLink.objects.select_related("match").get(pk=old.pk)
        said, made = at_once(
            partial(links.answer_by_link, link=link, answer=YES, text="nl"),
            partial(links.make_link, match=match, person=Person.PARENT, language="nl", ticket=newer, by=ib),
        )
        assert kinds([said, made]) in (
            ["NoneType", WrongMoment.__name__],
            [PersonalLink.__name__, WrongMoment.__name__],
        ), (said, made)
        assert len(standing(match)) == (1 if said is None else 0)

"""Two, or twenty, who offer a buddy at the same moment: one offer a home, one family a place, one answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID, uuid4

import pytest

from buddies.actions import consents, newcomers
from buddies.actions.errors import AlreadyOffered, BuddyFull, NotACandidate, WrongMoment
from buddies.actions.newcomers import InMind
from buddies.models import Buddy, Consent, Match, Method, NewcomerOffer, SupportRequest
from school.models import Child, Membership, Parent
from tests.cast import AddBuddy

from .newcomers import CLICK, offered, starts
from .test_concurrency import THREADS, Result, at_once, fresh

pytestmark = pytest.mark.usefixtures("transactional")


def offering(
    child: Child, by: Membership, buddy: Buddy | None = None, submission: UUID | None = None
) -> Callable[[], NewcomerOffer]:
    in_mind = fresh(buddy) if buddy else None
    return partial(offered, fresh(child), by, in_mind, submission=submission or uuid4())


def refusals(outcomes: list[Result]) -> list[type]:
    """What was raised, by type."""
    return [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)]


def test_twenty_offer_to_one_family(director: Membership) -> None:
    nine = starts("Nine", director)
    outcomes = at_once(*[offering(nine, director) for _ in range(THREADS)])
    assert refusals(outcomes) == [AlreadyOffered] * (THREADS - 1)
    assert NewcomerOffer.objects.count() == 1
    assert Parent.objects.count() == 1, "of who was second nothing stays"


def test_twenty_have_one_buddy_in_mind(director: Membership, add_buddy: AddBuddy) -> None:
    buddy = add_buddy("newcomer")
    outcomes = at_once(
        *[offering(starts(f"Nine{number}", director), director, buddy) for number in range(THREADS)]
    )
    assert refusals(outcomes) == [BuddyFull] * (THREADS - 1)
    assert NewcomerOffer.objects.filter(buddy=buddy).count() == 1


def test_form_sent_twenty_times_is_one_offer(director: Membership, add_buddy: AddBuddy) -> None:
    nine, buddy, number = starts("Nine", director), add_buddy("newcomer"), uuid4()
    outcomes = at_once(*[offering(nine, director, buddy, number) for _ in range(THREADS)])
    assert refusals(outcomes) == []
    assert NewcomerOffer.objects.count() == 1


def test_child_sent_twenty_times_is_one_child(director: Membership) -> None:
    before = Child.objects.count()
    outcomes = at_once(*[partial(starts, "Nine", director) for _ in range(THREADS)])
    assert refusals(outcomes) == []
    assert Child.objects.count() == before + 1


def test_yes_and_no_at_once_are_one_answer(director: Membership, add_buddy: AddBuddy) -> None:
    buddy = add_buddy("newcomer")
    offer = offered(starts("Nine", director), director, buddy)
    yes = partial(newcomers.accept, method=Method.PHONE, by=director)
    outcomes = at_once(
        partial(yes, offer=fresh(offer), in_mind=InMind(fresh(buddy), CLICK), submission=uuid4()),
        partial(newcomers.decline, offer=fresh(offer), by=director),
        partial(yes, offer=fresh(offer), in_mind=None, submission=uuid4()),
    )
    assert refusals(outcomes) == [WrongMoment] * 2
    offer.refresh_from_db()
    assert (offer.answer == "yes") == (SupportRequest.objects.count() == 1)


def test_withdrawing_while_a_family_is_offered_leaves_nobody_in_mind(
    director: Membership, ib: Membership, add_buddy: AddBuddy
) -> None:
    """Whoever is first: no waiting offer and no match rests on a consent that was withdrawn (invariant 7)."""
    buddy = add_buddy("newcomer")
    waiting = offered(starts("Lou", director), director, buddy)
    consent = Consent.objects.get(parent=buddy.parent, theme__code="newcomer")
    outcomes = at_once(
        partial(consents.withdraw, consent=fresh(consent), by=ib),
        partial(
            newcomers.accept,
            offer=fresh(waiting),
            in_mind=InMind(fresh(buddy), CLICK),
            method=Method.PHONE,
            by=director,
            submission=uuid4(),
        ),
        offering(starts("Nine", director), director, buddy),
    )
    assert set(refusals(outcomes)) <= {NotACandidate, BuddyFull}
    assert not NewcomerOffer.objects.exclude(buddy=None).exists()
    assert not Match.objects.live().exists()

"""Two who divide at the same moment: no buddy and no parent is given away twice, and who is second sees the plan of
now."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from buddies.actions import requests
from buddies.models import Buddy, Match, SupportRequest
from school import clock
from school.models import Membership
from school.roles import Role
from tests.cast import AddBuddy, ClientOf, Signalled, member

from .phone import text, url
from .test_concurrency import ROUNDS, THREADS, at_once, fresh, kinds, proposing

pytestmark = pytest.mark.usefixtures("transactional")


@pytest.fixture
def other_ib(ib: Membership) -> Membership:
    """A second intern begeleider of De Wilgen."""
    return member(ib.school, "Iris", Role.INTERN_BEGELEIDER)


def proposals(page: str) -> list[tuple[int, int]]:
    """Which buddy `page` proposes for which request. Read from the page itself: what the test client keeps of a page
    gets mixed up between threads."""
    found = re.findall(r'name="(?:request|buddy)" value="(\d+)"', page)
    return [(int(support), int(buddy)) for support, buddy in zip(found[::2], found[1::2], strict=True)]


def tapping(client_of: ClientOf, by: Membership, support: SupportRequest, buddy: Buddy) -> Callable[[], Any]:
    """A browser that has the page open, and the tap on it."""
    browser = client_of(by)
    plan = browser.get(url("distribute")).context["plan"]
    answers = {
        "submission": str(uuid4()),
        "request": support.pk,
        "buddy": buddy.pk,
        "plan": plan,
        "click_reasons": "know_both",
    }
    return partial(browser.post, url("distribute"), answers, follow=True)


PROPOSED = "is voorgesteld voor"


def test_two_give_the_last_place_to_two_parents(
    client_of: ClientOf, ib: Membership, other_ib: Membership, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    wanted, spare = add_buddy(first_name="Gewild"), add_buddy(first_name="Ander")
    first, second = signalled(first_name="Eerste"), signalled(first_name="Tweede")
    taps = [tapping(client_of, ib, first, wanted), tapping(client_of, other_ib, second, wanted)]
    one, other = (text(page) for page in at_once(*taps))
    match = Match.objects.get()
    assert match.buddy == wanted
    won, lost = (one, other) if match.request == first else (other, one)
    assert PROPOSED in won
    assert "Deze buddy is net voor een andere ouder gevraagd. Kies iemand anders." in lost
    left = second if match.request == first else first
    assert proposals(lost) == [(left.pk, spare.pk)]


def test_two_give_one_parent_to_two_buddies(
    client_of: ClientOf, ib: Membership, other_ib: Membership, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    support, one, other = signalled(), add_buddy(), add_buddy()
    taps = [tapping(client_of, ib, support, one), tapping(client_of, other_ib, support, other)]
    pages = [text(page) for page in at_once(*taps)]
    assert Match.objects.get().request == support
    assert sum(PROPOSED in page for page in pages) == 1
    assert sum("Voor deze vraag is al iemand voorgesteld." in page for page in pages) == 1
    assert [proposals(page) for page in pages] == [[], []]


def test_put_off_while_somebody_is_proposed_is_never_both(
    ib: Membership, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    """Whoever is first: a request with a proposal is not put off."""
    tomorrow = clock.today() + timedelta(days=1)
    for _ in range(ROUNDS):
        support, buddy = signalled(), add_buddy()
        # Putting off is quicker than proposing: of many, some come while the proposal is being made.
        putting_off = [
            partial(requests.park, request=fresh(support), until=tomorrow, by=ib) for _ in range(THREADS)
        ]
        proposed, *others = at_once(proposing(support, buddy, ib), *putting_off)
        assert kinds([proposed]) == ["Match"]
        assert set(kinds(others)) <= {"NoneType", "WrongMoment"}
        support.refresh_from_db()
        assert support.parked_until is None

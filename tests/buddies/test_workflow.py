"""The steps of a match and of a buddy: every pair of statuses, and every way through them."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buddies.workflow import (
    BEFORE_AGREED,
    BUDDY_STEPS,
    LIVE,
    NEEDS_BUDDY_YES,
    NEEDS_PARENT_YES,
    STEPS,
    UNDO,
    BuddyStatus,
    MatchStatus,
    StepRefused,
    check_buddy_step,
    check_step,
    step_back,
)

M, B = MatchStatus, BuddyStatus

# Written out once more, so that a change of the table is a change somebody meant.
FORWARD = {
    (M.PROPOSED, M.WAITING_FOR_PARENT),
    (M.WAITING_FOR_PARENT, M.WAITING_FOR_BUDDY),
    (M.WAITING_FOR_BUDDY, M.AGREED),
    (M.AGREED, M.CONNECTED),
    (M.CONNECTED, M.COMPLETED),
    (M.PROPOSED, M.DID_NOT_PROCEED),
    (M.WAITING_FOR_PARENT, M.DID_NOT_PROCEED),
    (M.WAITING_FOR_BUDDY, M.DID_NOT_PROCEED),
    (M.AGREED, M.DID_NOT_PROCEED),
}
BACK = {
    (M.WAITING_FOR_PARENT, M.PROPOSED),
    (M.WAITING_FOR_BUDDY, M.WAITING_FOR_PARENT),
    (M.AGREED, M.WAITING_FOR_BUDDY),
}
BUDDY_FORWARD = {
    (B.SUGGESTED, B.ASKED),
    (B.SUGGESTED, B.OFFERED),
    (B.SUGGESTED, B.STOPPED),
    (B.ASKED, B.OFFERED),
    (B.ASKED, B.STOPPED),
    (B.OFFERED, B.STOPPED),
    (B.STOPPED, B.ASKED),
    (B.STOPPED, B.OFFERED),
}


@pytest.mark.parametrize(("old", "new"), list(product(M, M)))
def test_match_step_every_pair(old: MatchStatus, new: MatchStatus) -> None:
    if (old, new) in FORWARD:
        check_step(old, new)
    else:
        with pytest.raises(StepRefused):
            check_step(old, new)


@pytest.mark.parametrize(("old", "left"), list(product(M, (False, True))))
def test_undo_every_status(old: MatchStatus, left: bool) -> None:
    before = dict(BACK).get(old)
    if before is None or left:
        with pytest.raises(StepRefused):
            step_back(old, left_the_school=left)
    else:
        assert step_back(old, left_the_school=left) is before


@pytest.mark.parametrize(("old", "new"), list(product(B, B)))
def test_buddy_step_every_pair(old: BuddyStatus, new: BuddyStatus) -> None:
    if (old, new) in BUDDY_FORWARD:
        check_buddy_step(old, new)
    else:
        with pytest.raises(StepRefused):
            check_buddy_step(old, new)


def test_tables_name_every_status() -> None:
    assert set(STEPS) == set(M)
    assert set(BUDDY_STEPS) == set(B)


def test_live_is_everything_that_can_still_move() -> None:
    assert set(LIVE) == {status for status in M if STEPS[status]}


def test_undo_takes_back_a_step_that_can_be_taken() -> None:
    assert all(old in STEPS[before] for old, before in UNDO.items())


def test_consents_needed_follow_the_order_of_the_conversation() -> None:
    """Invariants 2 and 3: what needs the buddy's yes needs the parent's too; before agreed neither counts."""
    assert set(NEEDS_BUDDY_YES) < set(NEEDS_PARENT_YES)
    assert not set(BEFORE_AGREED) & set(NEEDS_BUDDY_YES)
    assert set(BEFORE_AGREED) < set(LIVE)


@settings(deadline=None)
@given(st.lists(st.integers(0, 5), max_size=12))
def test_no_way_leads_to_the_buddy_before_the_parent(choices: list[int]) -> None:
    """Whatever is stepped and taken back, a match that needs a yes has passed the moment at which it is given."""
    status, passed = M.PROPOSED, [M.PROPOSED]
    for choice in choices:
        ways = sorted(STEPS[status]) + ([UNDO[status]] if status in UNDO else [])
        if not ways:
            break
        status = ways[choice % len(ways)]
        passed.append(status)
        if status in NEEDS_PARENT_YES:
            assert M.WAITING_FOR_PARENT in passed
        if status in NEEDS_BUDDY_YES:
            assert passed.index(M.WAITING_FOR_PARENT) < passed.index(M.WAITING_FOR_BUDDY) < len(passed) - 1

"""Two colleagues at the same moment, at everything that takes more than one row: an allowed state, at most a kind
refusal for one of the two, and nothing half done."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from buddies.actions.schools import set_coordinator
from buddies.models import Theme
from school import clock
from school.models import Membership, School
from school.roles import Role

from ..buddies.test_concurrency import at_once
from ..cast import AddBuddy, Proposed, Signalled, member
from . import deeds, promises
from .pairs import PAIRS, Hands
from .snapshot import take
from .workflow_machine import DECLARED

pytestmark = pytest.mark.usefixtures("transactional")

# `make nightly` asks for more: what goes wrong at once does not always do so.
ROUNDS = int(os.environ.get("ATTACK_ROUNDS", "1"))


@pytest.fixture
def hands(
    school: School,
    ib: Membership,
    director: Membership,
    teacher: Membership,
    themes: dict[str, Theme],
    add_buddy: AddBuddy,
    signalled: Signalled,
    proposed: Proposed,
) -> Hands:
    babs = member(school, "Babs", Role.BOUWCOORDINATOR)
    for code in ("reading", "divorce"):
        set_coordinator(theme=themes[code], membership=babs, by=None)
    other = member(school, "Dirk", Role.DIRECTOR)
    return Hands(school, ib, babs, director, other, teacher, add_buddy, signalled, proposed, themes)


def wrong_with(name: str, hands: Hands) -> list[str]:
    """What is wrong after the two did what `name` says."""
    start = take(clock.today())
    acts, allowed = PAIRS[name](hands)
    before = take(clock.today(), start)
    outcomes = at_once(*acts)
    after = take(clock.today(), before)
    found = [
        f"{outcome!r}"
        for outcome in outcomes
        if isinstance(outcome, Exception) and not isinstance(outcome, DECLARED)
    ]
    if all(isinstance(outcome, Exception) for outcome in outcomes):
        found.append("neither of the two did it")
    logged = Counter(event.action for event in (*before.events, *after.events))
    for action, times in allowed.items():
        if logged[action] not in times:
            found.append(f"{action} happened {logged[action]} times")
    found += deeds.logged(before, after)
    for promise in promises.ALWAYS:
        found += promise(after)
    closed = [t for t in after["theme"].values() if t.hidden_from_intern_begeleider]
    arranged = {row.theme_id for row in after["themecoordinator"].values()}
    found += [f"theme {theme.id} is closed to everybody" for theme in closed if theme.id not in arranged]
    return [f"{name}: {each}" for each in found]


def test_two_at_once_leave_one_story(hands: Hands) -> None:
    wrong = [each for name in PAIRS for _ in range(ROUNDS) for each in wrong_with(name, hands)]
    assert not wrong, "\n".join(wrong)

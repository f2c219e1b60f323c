"""Two colleagues who have the same page open and send it at the same moment, at every address of a school that changes
something: it ends as if one of the two had been a moment later, nobody gets an empty page or a fault of ours, and the
same form sent twice is done once."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from school import clock
from tests.acts import ROWS

from .desks import Desks
from .sending import Answer, Sent, Story, one_by_one, together
from .snapshot import Snapshot, take

pytestmark = pytest.mark.usefixtures("transactional")

# `make nightly` sends every form, many times; here those that go wrong when `school.access.allow` lets two in at once.
ROUNDS = int(os.environ.get("ATTACK_ROUNDS", "0"))
FEW = (
    "buddies:edit_parent",
    "buddies:add_buddy",
    "buddies:name_consent",
    "buddies:undo",
    "buddies:theme",
    "meetings:point",
    "colleague_roles",
    "remove_holiday",
)
FEW_BESIDE = (("buddies:find", "buddies:close_request"), ("buddies:all_discussed", "buddies:did_not_proceed"))
ALL = [row for row in ROWS.values() if "POST" in row.verbs]
SENT = ALL if ROUNDS else [ROWS[name] for name in FEW]
# What somebody may send about one thing while a colleague sends something else about it.
BESIDE = [
    (one, other)
    for one in ALL
    for other in ALL
    if one is not other and one.kind == other.kind != "none" and one.opens == other.opens
    if ROUNDS or (one.name, other.name) in FEW_BESIDE
]
FINE = (200, 204, 302, 404)


@pytest.fixture
def desks(transactional: None) -> Iterator[Desks]:
    with Desks.laid() as laid:
        yield laid


def wrong_with(desks: Desks, first: Sent, second: Sent) -> Iterator[str]:
    """What is wrong when the two are sent at once."""
    before = take(clock.today())
    orders = [(first, second)] if first is second else [(first, second), (second, first)]
    allowed = [_afterwards(desks, before, *order) for order in orders]
    if first is second and _afterwards(desks, before, first).in_the_end != allowed[0].in_the_end:
        yield "is done twice"
    for nth in range(max(ROUNDS, 1)):
        story = together(first, second, moment=desks.moment, before=before, meet=nth == 0)
        desks.back()
        yield from _not_fine(story)
        if story.in_the_end not in [each.in_the_end for each in allowed]:
            yield f"ends otherwise than one after the other: {_more(story, allowed[0])}"


def _afterwards(desks: Desks, before: Snapshot, *sent: Sent) -> Story:
    story = one_by_one(*sent, moment=desks.moment, before=before)
    desks.back()
    return story


def _not_fine(story: Story) -> Iterator[str]:
    yield from story.broken
    for answer in story.answers:
        if not isinstance(answer, Answer):
            yield f"{answer!r}"
        elif answer.status not in FINE or not answer.decent:
            yield f"was answered {answer.status}: {answer.words[:80]!r}"


def _more(story: Story, other: Story) -> str:
    """What there is in `story` that is not in `other`, and the other way round."""
    mine, theirs = story.different + story.logged, other.different + other.logged
    return f"+ {list(mine - theirs)}, - {list(theirs - mine)}"


def test_form_sent_twice_at_once_is_done_once(desks: Desks) -> None:
    wrong = []
    for row in SENT:
        sent = desks.opened(row, desks.pair(row).first)
        wrong += [f"{row.name}: {each}" for each in wrong_with(desks, sent, sent)]
    assert not wrong, "\n".join(wrong)


def test_same_page_sent_by_two_at_once_ends_as_one_after_the_other(desks: Desks) -> None:
    wrong = []
    for row in SENT:
        pair = desks.pair(row)
        sent = desks.opened(row, pair.first), desks.opened_otherwise(row, pair.second)
        wrong += [f"{row.name}: {each}" for each in wrong_with(desks, *sent)]
    assert not wrong, "\n".join(wrong)


def test_two_forms_about_one_thing_sent_at_once_end_as_one_after_the_other(desks: Desks) -> None:
    wrong = []
    for one, other in BESIDE:
        pair = desks.pair(one)
        with desks.about(one, other):
            sent = desks.opened(one, pair.first), desks.opened(other, pair.second)
        wrong += [f"{one.name} and {other.name}: {each}" for each in wrong_with(desks, *sent)]
    assert not wrong, "\n".join(wrong)

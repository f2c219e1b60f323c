"""Two parents are connected: asking how it goes, rounding off, and their consents."""

from __future__ import annotations

import pytest
from django.test import Client

from buddies.actions.consents import withdraw
from buddies.models import (
    CheckAnswer,
    CheckIn,
    Outcome,
    Person,
)
from buddies.workflow import MatchStatus
from school.actions import ParentDetails, update_parent
from school.models import Membership
from tests.cast import Proposed

from .phone import text, url
from .watch import now

# Asking how it goes, and rounding off


@pytest.mark.parametrize("person", Person)
def test_checkin_says_whom_to_call_and_records_the_answer(
    ineke: Client, ib: Membership, proposed: Proposed, person: Person
) -> None:
    match = proposed(status=MatchStatus.CONNECTED)
    update_parent(parent=match.parent, details=ParentDetails("Ama", phone="06-22222222"), by=ib)
    update_parent(parent=match.buddy_parent, details=ParentDetails("Bo", phone="06-33333333"), by=ib)
    call = match.checkin_set.get(person=person)
    page = text(ineke.get(url("checkin", call.pk)))
    assert ("06-33333333" in page) == (person is Person.BUDDY)
    assert ("06-22222222" in page) == (person is Person.PARENT)
    assert "answer" in ineke.post(url("checkin", call.pk)).context["form"].errors
    ineke.post(url("checkin", call.pk), {"answer": "attention"})
    call.refresh_from_db()
    assert call.answer == CheckAnswer.ATTENTION
    assert CheckIn.objects.filter(match=match, person=person, done_at=None).count() == 1
    again = ineke.post(url("checkin", call.pk), {"answer": "fine"}, follow=True)
    assert again.redirect_chain[-1][0] == url("match", match.pk)
    call.refresh_from_db()
    assert call.answer == CheckAnswer.ATTENTION


def test_checkin_stop_asks_to_round_off(ineke: Client, proposed: Proposed) -> None:
    match = proposed(status=MatchStatus.CONNECTED)
    ineke.post(url("checkin", match.checkin_set.all()[0].pk), {"answer": "stop"})
    page = text(ineke.get(url("match", match.pk)))
    assert "Rond deze koppeling af" in page
    [part] = ineke.get(url("matches")).context["parts"]
    assert (part.key, part.rows[0].action) == ("mine", "Rond af")


@pytest.mark.parametrize(("choice", "closed"), [("close", True), ("search", False)])
def test_complete_closes_the_question_or_searches_on(
    ineke: Client, proposed: Proposed, choice: str, closed: bool
) -> None:
    match = proposed(status=MatchStatus.CONNECTED)
    page = ineke.post(url("complete", match.pk), {"outcome": "helped"})
    assert "request" in page.context["form"].errors
    ineke.post(url("complete", match.pk), {"outcome": "helped", "request": choice})
    assert now(match) is MatchStatus.COMPLETED
    assert match.outcome == Outcome.HELPED
    match.request.refresh_from_db()
    assert (match.request.closed_at is not None) is closed
    again = ineke.post(url("complete", match.pk), {"outcome": "not_helped", "request": choice})
    assert again["Location"] == url("match", match.pk)
    assert now(match) is MatchStatus.COMPLETED
    assert match.outcome == Outcome.HELPED
    assert ineke.get(url("match", match.pk)).status_code == 200


def test_complete_after_the_parent_stopped_asks_nothing_about_the_question(
    ineke: Client, ib: Membership, proposed: Proposed
) -> None:
    match = proposed(status=MatchStatus.CONNECTED)
    assert match.request.search_consent is not None
    withdraw(consent=match.request.search_consent, by=ib)
    assert ineke.get(url("match", match.pk)).status_code == 200
    assert "request" not in ineke.get(url("complete", match.pk)).context["form"].fields
    ineke.post(url("complete", match.pk), {"outcome": "unknown"})
    assert now(match) is MatchStatus.COMPLETED


# Consents of a match


def test_consents_stand_with_text_method_day_and_who(ineke: Client, proposed: Proposed) -> None:
    match = proposed(status=MatchStatus.AGREED)
    page = text(ineke.get(url("match", match.pk)))
    for words in ("2026-1", "in een gesprek", "aan de telefoon", "Ineke"):
        assert words in page


@pytest.mark.parametrize(
    ("status", "after"),
    [
        (MatchStatus.WAITING_FOR_BUDDY, MatchStatus.DID_NOT_PROCEED),
        (MatchStatus.CONNECTED, MatchStatus.CONNECTED),
    ],
)
def test_withdraw_shows_the_words_and_takes_effect_at_once(
    ineke: Client, proposed: Proposed, status: MatchStatus, after: MatchStatus
) -> None:
    match = proposed(status=status)
    assert match.parent_yes is not None
    address = url("withdraw_match_consent", match.pk, match.parent_yes.pk)
    assert "U zegt ja tegen contact met deze ouder." in text(ineke.get(address))
    assert now(match) is status
    ineke.post(address)
    assert now(match) is after
    assert match.winding_down is (after is MatchStatus.CONNECTED)
    assert ineke.post(address)["Location"] == url("match", match.pk)
    assert "ingetrokken op" in text(ineke.get(url("match", match.pk)))


def test_withdraw_of_another_matchs_consent_is_not_there(ineke: Client, proposed: Proposed) -> None:
    match, other = proposed(), proposed(status=MatchStatus.AGREED)
    assert other.parent_yes is not None
    assert ineke.post(url("withdraw_match_consent", match.pk, other.parent_yes.pk)).status_code == 404
    other.parent_yes.refresh_from_db()
    assert other.parent_yes.withdrawn_at is None

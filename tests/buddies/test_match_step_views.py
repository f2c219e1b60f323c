"""Every step from a proposal to two parents who are connected, on its page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from buddies.actions import matches
from buddies.actions.consents import withdraw
from buddies.actions.errors import WrongMoment
from buddies.actions.matches import record_checkin
from buddies.models import (
    Buddy,
    CheckAnswer,
    Consent,
    EndReason,
    Method,
    Purpose,
    TipGiver,
    Way,
)
from buddies.workflow import MatchStatus
from school import clock
from school.actions import ParentDetails, update_parent
from school.models import Membership
from tests.cast import AddBuddy, Proposed, Signalled
from tests.filling import filled_in

from .phone import said, text, told, url
from .watch import contents, everything, now, recorded

CONNECT = {"way": "introduced", "method": "conversation"}


# First the parent


def test_proposed_shows_word_for_word_what_the_parent_hears(
    ineke: Client, signalled: Signalled, add_buddy: AddBuddy, proposed: Proposed
) -> None:
    support = signalled("language", languages=("tr",))
    buddy = add_buddy("language", first_name="Özlem", languages=("nl", "tr"), name_may_be_known=False)
    page = ineke.get(url("match", proposed(support, buddy).pk))
    assert "ook Turks spreekt" in page.context["tip"]
    assert "Özlem" not in page.context["tip"]
    assert "Noem de naam nog niet" in text(page)


def test_name_may_be_told_only_with_the_buddys_valid_consent(
    ineke: Client, ib: Membership, add_buddy: AddBuddy, proposed: Proposed
) -> None:
    buddy = add_buddy("reading", first_name="Noem", name_may_be_known=True)
    match = proposed(buddy=buddy)
    assert "Dan mag je de naam noemen: Noem Bakker" in text(ineke.get(url("match", match.pk)))
    withdraw(consent=Consent.objects.get(purpose=Purpose.DISCLOSE_NAME), by=ib)
    assert "Noem de naam nog niet" in text(ineke.get(url("match", match.pk)))


def test_ask_parent_by_the_coordinator_or_the_signaller(ineke: Client, proposed: Proposed) -> None:
    for giver in TipGiver:
        match = proposed()
        assert "Tom" in text(ineke.get(url("match", match.pk)))
        ineke.post(url("ask_parent", match.pk), {"tip_giver": giver.value})
        assert now(match) is MatchStatus.WAITING_FOR_PARENT
        assert match.tip_giver == giver


def test_ask_parent_by_a_signaller_who_cannot_is_refused(
    ineke: Client, teacher: Membership, ib: Membership, proposed: Proposed, signalled: Signalled
) -> None:
    """Somebody who left, the coordinator themselves, or a party cannot give the tip."""
    left, own, party = proposed(), proposed(signalled(by=ib)), proposed()
    Membership.objects.filter(pk=teacher.pk).update(parent=party.buddy_parent)
    for match in (own, party):
        assert ineke.post(url("ask_parent", match.pk), {"tip_giver": "signaller"}).status_code == 200
        assert now(match) is MatchStatus.PROPOSED
    Membership.objects.filter(pk=teacher.pk).update(parent=None, ends_on=clock.today() - timedelta(days=1))
    ineke.post(url("ask_parent", left.pk), {"tip_giver": "signaller"})
    assert now(left) is MatchStatus.PROPOSED


@pytest.mark.parametrize("status", [MatchStatus.PROPOSED, MatchStatus.WAITING_FOR_PARENT])
def test_spoken_yes_of_the_parent_is_one_click(
    ineke: Client, ib: Membership, proposed: Proposed, status: MatchStatus
) -> None:
    match = proposed(status=status)
    form = ineke.get(url("match", match.pk)).context["form"]
    sent = {"answer": "yes", "method": form["method"].value()}
    ineke.post(url("parent_answer", match.pk), sent)
    assert now(match) is MatchStatus.WAITING_FOR_BUDDY
    assert match.parent_yes is not None
    assert (match.parent_yes.method, match.parent_yes.recorded_by) == (Method.CONVERSATION, ib)
    page = ineke.post(url("parent_answer", match.pk), sent, follow=True)
    assert told(page)[-1] == "Iemand heeft deze stap al gezet. Zo staat het er nu voor."
    assert Consent.objects.filter(purpose=Purpose.MATCH).count() == 1


def test_no_of_the_parent_is_confirmed_on_its_own_page(ineke: Client, proposed: Proposed) -> None:
    match = proposed(status=MatchStatus.WAITING_FOR_PARENT)
    answer = ineke.post(url("parent_answer", match.pk), {"answer": "no", "method": "conversation"})
    assert now(match) is MatchStatus.WAITING_FOR_PARENT, "a slip of the finger ends nothing"
    page = ineke.get(answer["Location"])
    assert page.context["form"]["reason"].value() == EndReason.PARENT_NO
    ineke.post(answer["Location"], {"reason": "parent_no"})
    assert now(match) is MatchStatus.DID_NOT_PROCEED
    outside = ineke.get(url("find", match.request_id)).context["found"].outside
    assert [person.why for person in outside] == ["Ging eerder niet door"]


@pytest.mark.parametrize(
    "sent", [{}, {"answer": "misschien", "method": "phone"}, {"answer": "yes", "method": "link"}]
)
def test_answer_that_is_none_changes_nothing(ineke: Client, proposed: Proposed, sent: dict[str, str]) -> None:
    match = proposed(status=MatchStatus.WAITING_FOR_PARENT)
    page = ineke.post(url("parent_answer", match.pk), sent)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert now(match) is MatchStatus.WAITING_FOR_PARENT


# Then the buddy


@pytest.mark.parametrize("status", [MatchStatus.PROPOSED, MatchStatus.WAITING_FOR_PARENT])
def test_buddy_cannot_be_asked_before_the_parents_yes(
    ineke: Client, proposed: Proposed, status: MatchStatus
) -> None:
    match = proposed(status=status)
    page = text(ineke.get(url("match", match.pk)))
    assert url("ask_buddy", match.pk) not in page
    assert url("buddy_answer", match.pk) not in page
    for step, sent in (("ask_buddy", {}), ("buddy_answer", {"answer": "yes", "method": "phone"})):
        answer = ineke.post(url(step, match.pk), sent, follow=True)
        assert len(told(answer)) == 1
    assert now(match) is status
    assert match.buddy_asked_at is None
    answer = ineke.post(url("did_not_proceed", match.pk), {"reason": "buddy_no"})
    assert "reason" in answer.context["form"].errors
    connected = ineke.post(url("connect", match.pk), CONNECT)
    assert connected.status_code == 302
    assert now(match) is status


def test_ask_buddy_shows_words_and_card_the_first_time(
    ineke: Client, proposed: Proposed, signalled: Signalled
) -> None:
    match = proposed(status=MatchStatus.WAITING_FOR_BUDDY)
    page = ineke.get(url("match", match.pk))
    assert "Het gaat over leren lezen." in page.context["question"]
    assert "klassenouder" in text(page)
    card = text(ineke.get(url("match", match.pk) + "?card=1"))
    assert "klassenouder" in card
    assert str(match.parent) not in card
    Buddy.objects.update(card_given_on=clock.today())
    assert "klassenouder" not in text(ineke.get(url("match", match.pk)))
    ineke.post(url("ask_buddy", match.pk))
    assert now(match) is MatchStatus.WAITING_FOR_BUDDY
    assert match.buddy_asked_at is not None


def test_spoken_yes_of_the_buddy_is_one_click(ineke: Client, proposed: Proposed) -> None:
    match = proposed(status=MatchStatus.WAITING_FOR_BUDDY)
    ineke.post(url("buddy_answer", match.pk), {"answer": "yes", "method": "phone"})
    assert now(match) is MatchStatus.AGREED
    assert match.buddy_yes is not None
    assert match.buddy_yes.method == Method.PHONE


def test_no_of_the_buddy_is_confirmed_on_its_own_page(ineke: Client, proposed: Proposed) -> None:
    match = proposed(status=MatchStatus.WAITING_FOR_BUDDY)
    answer = ineke.post(url("buddy_answer", match.pk), {"answer": "no", "method": "phone"})
    assert ineke.get(answer["Location"]).context["form"]["reason"].value() == EndReason.BUDDY_NO
    assert now(match) is MatchStatus.WAITING_FOR_BUDDY


# Taking back


def test_undo_is_offered_while_it_can_be_done(ineke: Client, proposed: Proposed) -> None:
    for status, before in (
        (MatchStatus.WAITING_FOR_PARENT, MatchStatus.PROPOSED),
        (MatchStatus.WAITING_FOR_BUDDY, MatchStatus.WAITING_FOR_PARENT),
        (MatchStatus.AGREED, MatchStatus.WAITING_FOR_BUDDY),
    ):
        match = proposed(status=status)
        assert url("undo", match.pk) in text(ineke.get(url("match", match.pk)))
        ineke.post(url("undo", match.pk), {"status": status})
        assert now(match) is before


def test_undo_sent_twice_takes_back_one_step(ineke: Client, proposed: Proposed) -> None:
    match = proposed(status=MatchStatus.WAITING_FOR_BUDDY)
    sent = filled_in(text(ineke.get(url("match", match.pk))), url("undo", match.pk), {})
    ineke.post(url("undo", match.pk), sent)
    assert said(ineke.post(url("undo", match.pk), sent))[-1] == str(WrongMoment.message)
    assert now(match) is MatchStatus.WAITING_FOR_PARENT


@pytest.mark.parametrize("status", [MatchStatus.PROPOSED, MatchStatus.CONNECTED])
def test_undo_is_refused_otherwise(ineke: Client, proposed: Proposed, status: MatchStatus) -> None:
    match = proposed(status=status)
    assert url("undo", match.pk) not in text(ineke.get(url("match", match.pk)))
    assert len(told(ineke.post(url("undo", match.pk), {"status": status}, follow=True))) == 1
    assert now(match) is status


def test_undo_is_over_once_the_buddy_has_been_asked(
    ineke: Client, ib: Membership, proposed: Proposed
) -> None:
    match = proposed(status=MatchStatus.WAITING_FOR_BUDDY)
    matches.ask_buddy(match=match, by=ib)
    assert url("undo", match.pk) not in text(ineke.get(url("match", match.pk)))
    ineke.post(url("undo", match.pk), {"status": match.status})
    assert now(match) is MatchStatus.WAITING_FOR_BUDDY


def test_proposal_by_mistake_leaves_the_buddy_to_be_asked(ineke: Client, proposed: Proposed) -> None:
    match = proposed()
    ineke.post(url("did_not_proceed", match.pk), {"reason": "taken_back"})
    assert now(match) is MatchStatus.DID_NOT_PROCEED
    [card] = ineke.get(url("find", match.request_id)).context["cards"]
    assert card.choice.buddy == match.buddy


# Connecting


def test_connect_asks_each_consent_apart_and_sets_none(ineke: Client, proposed: Proposed) -> None:
    match = proposed(status=MatchStatus.AGREED)
    form = ineke.get(url("match", match.pk)).context["form"]
    ticks = ("buddy_shares_contact", "parent_shares_contact", "teacher_may_know")
    assert not any(form[name].value() for name in ticks)
    ineke.post(url("connect", match.pk), CONNECT)
    assert now(match) is MatchStatus.CONNECTED
    assert {c.purpose for c in match.consents.all()} == {Purpose.MATCH}


def test_connect_by_the_parent_needs_the_buddys_contact_details(ineke: Client, proposed: Proposed) -> None:
    match = proposed(status=MatchStatus.AGREED)
    sent = CONNECT | {"way": "parent_contacts", "teacher_may_know": "on", "first_meeting_on": "2027-01-12"}
    page = ineke.post(url("connect", match.pk), sent)
    assert "buddy_shares_contact" in page.context["form"].errors
    assert "2027-01-12" in text(page)
    assert now(match) is MatchStatus.AGREED
    first = clock.today() + timedelta(days=9)
    ineke.post(
        url("connect", match.pk), sent | {"buddy_shares_contact": "on", "first_meeting_on": first.isoformat()}
    )
    assert now(match) is MatchStatus.CONNECTED
    assert (match.way, match.first_meeting_on) == (Way.PARENT_CONTACTS, first)
    shares = match.consents.filter(purpose=Purpose.SHARE_CONTACT)
    assert [consent.parent for consent in shares] == [match.buddy_parent]
    assert match.consents.filter(purpose=Purpose.TELL_TEACHER, parent=match.parent).exists()


@pytest.mark.parametrize("day", ["morgen", "0001-01-01", "9999-12-31"])
def test_connect_with_a_day_that_cannot_be_is_refused(ineke: Client, proposed: Proposed, day: str) -> None:
    match = proposed(status=MatchStatus.AGREED)
    page = ineke.post(url("connect", match.pk), CONNECT | {"first_meeting_on": day})
    assert "first_meeting_on" in page.context["form"].errors
    assert now(match) is MatchStatus.AGREED


def test_contact_details_are_handed_over_only_with_that_persons_yes(
    ineke: Client, ib: Membership, proposed: Proposed
) -> None:
    match = proposed(status=MatchStatus.CONNECTED, way=Way.PARENT_CONTACTS)
    update_parent(
        parent=match.buddy_parent, details=ParentDetails("Bo", "Bakker", phone="06-11111111"), by=ib
    )
    buddy, parent = ineke.get(url("match", match.pk)).context["hand_overs"]
    assert (buddy.person, buddy.allowed, buddy.details.phone) == ("Bo Bakker", True, "06-11111111")
    assert parent.allowed is False
    withdraw(consent=match.consents.get(purpose=Purpose.SHARE_CONTACT), by=ib)
    assert not any(hand.allowed for hand in ineke.get(url("match", match.pk)).context["hand_overs"])


def test_match_to_round_off_hands_over_nothing_and_plans_no_calls(
    ineke: Client, ib: Membership, proposed: Proposed
) -> None:
    match = proposed(status=MatchStatus.CONNECTED, way=Way.PARENT_CONTACTS)
    page, rounding = text(ineke.get(url("match", match.pk))), text(ineke.get(url("complete", match.pk)))
    assert "<h3>Contactgegevens</h3>" in page
    assert page.count(url("checkin", 0).removesuffix("0/")) == 2
    assert "Vraag allebei hoe het was." in rounding
    call = match.checkin_set.order_by("pk")[0]
    record_checkin(checkin=call, answer=CheckAnswer.STOP, by=ib)
    page, rounding = text(ineke.get(url("match", match.pk))), text(ineke.get(url("complete", match.pk)))
    assert "<h3>Contactgegevens</h3>" not in page
    assert url("checkin", 0).removesuffix("0/") not in page
    assert "wil stoppen" in page
    assert "Vraag allebei hoe het was." not in rounding
    assert "Vertel de ander alleen dat het stopt." in rounding


def test_all_discussed_records_everything_in_order(ineke: Client, proposed: Proposed) -> None:
    match = proposed()
    sent = CONNECT | {"parent_yes": "on", "buddy_yes": "on", "parent_shares_contact": "on"}
    with recorded() as log:
        ineke.post(url("all_discussed", match.pk), sent)
    assert now(match) is MatchStatus.CONNECTED
    steps = [action for action in log.actions if action.startswith("match.")]
    assert steps == ["match.ask_parent", "match.parent_yes", "match.buddy_yes", "match.connect"]


@pytest.mark.parametrize("missing", ["parent_yes", "buddy_yes", "way"])
def test_all_discussed_needs_every_answer(ineke: Client, proposed: Proposed, missing: str) -> None:
    match = proposed()
    sent = CONNECT | {"parent_yes": "on", "buddy_yes": "on"}
    del sent[missing]
    before = contents()
    page = ineke.post(url("all_discussed", match.pk), sent)
    assert missing in page.context["form"].errors
    assert contents() == before


def test_all_discussed_asks_only_what_is_not_recorded_yet(ineke: Client, proposed: Proposed) -> None:
    match = proposed(status=MatchStatus.WAITING_FOR_BUDDY)
    form = ineke.get(url("all_discussed", match.pk)).context["form"]
    assert "parent_yes" not in form.fields
    assert "buddy_yes" in form.fields
    ineke.post(url("all_discussed", match.pk), CONNECT | {"buddy_yes": "on"})
    assert now(match) is MatchStatus.CONNECTED


@pytest.mark.parametrize("name", ["connect", "all_discussed", "did_not_proceed"])
def test_page_of_a_step_that_was_taken_leads_back(ineke: Client, proposed: Proposed, name: str) -> None:
    """A stale page in a second window, or of a second coordinator: said so, and nothing is lost."""
    match = proposed(status=MatchStatus.CONNECTED)
    sent = CONNECT | {"parent_yes": "on", "buddy_yes": "on", "reason": "practical"}
    before = everything()
    for answer in (ineke.get(url(name, match.pk)), ineke.post(url(name, match.pk), sent)):
        assert answer["Location"] == url("match", match.pk)
    assert everything()["buddies_match"] == before["buddies_match"]
    assert everything()["buddies_consent"] == before["buddies_consent"]

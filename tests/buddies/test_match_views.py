"""Whom to propose, and every step of a match, for who arranges its theme."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from buddies.actions import matches, pool
from buddies.actions.consents import give, withdraw
from buddies.models import (
    Background,
    Buddy,
    CheckAnswer,
    CheckIn,
    Consent,
    EndReason,
    Match,
    Method,
    Outcome,
    Person,
    Purpose,
    Theme,
    TipGiver,
    Way,
)
from buddies.workflow import MatchStatus
from school import clock
from school.actions import ParentDetails, update_parent
from school.models import Child, Membership, Parent
from school.roles import Role
from tests.cast import ORDER, AddBuddy, ClientOf, Proposed, Signalled, member

from .phone import text, told, url
from .watch import everything, recorded


@pytest.fixture
def ineke(client_of: ClientOf, ib: Membership) -> Client:
    return client_of(ib)


@pytest.fixture
def babs(client_of: ClientOf, bouwcoordinator: Membership) -> Client:
    return client_of(bouwcoordinator)


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def now(match: Match) -> MatchStatus:
    match.refresh_from_db()
    return match.state


PAGES = ("match", "connect", "all_discussed", "did_not_proceed", "complete")
STEPS = ("ask_parent", "parent_answer", "ask_buddy", "buddy_answer", "undo")
CONNECT = {"way": "introduced", "method": "conversation"}


# Who may open what


@pytest.mark.parametrize("name", [*PAGES, *STEPS])
def test_match_is_not_there_for_others(
    babs: Client, ib: Membership, other_ib: Membership, client_of: ClientOf, proposed: Proposed, name: str
) -> None:
    """Of another theme, of another school, or a party in it: as if it did not exist, and nothing changes."""
    match = proposed()
    party = member(ib.school, "Petra", Role.INTERN_BEGELEIDER)
    Membership.objects.filter(pk=party.pk).update(parent=match.buddy_parent)
    before = everything()
    for client in (babs, client_of(party), client_of(other_ib)):
        assert client.post(url(name, match.pk), {"answer": "yes", "method": "phone"}).status_code in (
            404,
            405,
        )
        if name in PAGES:
            assert client.get(url(name, match.pk)).status_code == 404
    assert everything()["buddies_match"] == before["buddies_match"]
    assert client_of(other_ib).get(url("match", match.pk, school="de-eik")).status_code == 404


@pytest.mark.parametrize("name", [*PAGES, *STEPS])
def test_match_is_refused_to_who_arranges_nothing(
    client_of: ClientOf, teacher: Membership, proposed: Proposed, name: str
) -> None:
    method = "get" if name in PAGES else "post"
    assert getattr(client_of(teacher), method)(url(name, proposed().pk)).status_code == 403


@pytest.mark.parametrize("name", STEPS)
def test_step_is_never_taken_by_opening_an_address(ineke: Client, proposed: Proposed, name: str) -> None:
    assert ineke.get(url(name, proposed().pk)).status_code == 405


@pytest.mark.parametrize("status", ORDER)
def test_looking_at_a_match_leaves_a_trace_and_changes_nothing(
    ineke: Client, proposed: Proposed, status: MatchStatus
) -> None:
    match = proposed(status=status)
    before = everything()["buddies_match"]
    with recorded() as log:
        ineke.get(url("match", match.pk))
    assert [(event.action, event.target_id) for event in log.events] == [("match.look", match.pk)]
    assert everything()["buddies_match"] == before


def test_checkin_of_others_is_not_there(
    babs: Client, client_of: ClientOf, other_ib: Membership, proposed: Proposed
) -> None:
    call = proposed(status=MatchStatus.CONNECTED).checkin_set.first()
    assert call is not None
    for client in (babs, client_of(other_ib)):
        assert client.get(url("checkin", call.pk)).status_code == 404
        assert client.post(url("checkin", call.pk), {"answer": "fine"}).status_code == 404


# Whom to propose


def propose_form(client: Client, pk: int, buddy: Buddy, **answers: Any) -> dict[str, Any]:
    cards = client.get(url("find", pk)).context["cards"]
    form = next(form for choice, form in cards if choice.buddy == buddy)
    return {
        "submission": str(form["submission"].value()),
        "buddy": buddy.pk,
        "click_reasons": ["same_experience", "know_both"],
    } | answers


def test_find_shows_reasons_in_words_and_no_score(
    ineke: Client, signalled: Signalled, add_buddy: AddBuddy, children: dict[str, Child]
) -> None:
    support = signalled("reading", child=children["Lina"], languages=("tr",), wish="father")
    add_buddy(
        "reading",
        first_name="Peter",
        kind="father",
        languages=("tr", "nl"),
        grades=(4,),
        words="Het kwam goed.",
    )
    add_buddy("reading", first_name="Anna", kind="mother", languages=("nl",), grades=(8,))
    page = ineke.get(url("find", support.pk))
    first, second = page.context["found"].first
    assert first.name == "Peter Bakker"
    assert first.reasons == (
        "Spreekt ook Turks",
        "Heeft een kind in groep 4",
        "Is vader, zoals de ouder graag wil",
    )
    assert first.words == "Het kwam goed."
    assert "Geen gemeenschappelijke taal bekend" in second.attention
    main = text(page).partition("<main")[2].partition("</main>")[0]
    assert "%" not in main
    assert "score" not in main.lower()
    assert "Het kwam goed." in main


def test_find_shows_five_in_full_and_the_rest_folded(
    ineke: Client, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    for number in range(7):
        add_buddy("reading", first_name=f"Ouder{number}")
    support = signalled("reading")
    page = ineke.get(url("find", support.pk))
    assert (len(page.context["cards"]), len(page.context["found"].rest)) == (5, 2)
    last = page.context["found"].rest[-1]
    chosen = ineke.get(url("find", support.pk) + f"?buddy={last.buddy.pk}")
    assert chosen.context["cards"][0][0].buddy == last.buddy
    for nonsense in ("x", "-1", "9" * 50, "²"):
        assert len(ineke.get(url("find", support.pk), {"buddy": nonsense}).context["cards"]) == 5


def test_find_says_why_others_cannot_be_asked_and_keeps_private_reasons(
    ineke: Client,
    ib: Membership,
    signalled: Signalled,
    add_buddy: AddBuddy,
    proposed: Proposed,
    parents: dict[str, Parent],
    children: dict[str, Child],
) -> None:
    """The other parent of Sem is a buddy, and a buddy helped him before: the reader learns neither."""
    support = signalled("reading", parent=parents["Fatma"], child=children["Sem"])
    add_buddy("reading", parent=parents["Kemal"])
    helped = add_buddy("divorce", first_name="Hielp", capacity=2)
    pool.add_experience(buddy=helped, theme=support.theme, words="", method=Method.PHONE, by=ib)  # type: ignore[arg-type]
    proposed(signalled("divorce", parent=parents["Kemal"], child=children["Sem"]), helped)
    full = add_buddy("reading", first_name="Vol")
    proposed(signalled("reading", first_name="Ander"), full)
    paused = add_buddy("reading", first_name="Pauze")
    pool.pause(buddy=paused, until=clock.today() + timedelta(days=30), by=ib)
    expired = add_buddy("reading", first_name="Verlopen")
    Consent.objects.filter(parent=expired.parent).update(valid_until=clock.today() - timedelta(days=1))
    before = add_buddy("reading", first_name="Eerder")
    matches.did_not_proceed(match=proposed(support, before), reason=EndReason.NO_CLICK, by=ib)

    page = ineke.get(url("find", support.pk))

    why = {person.name: person.why for person in page.context["found"].outside}
    assert why == {
        "Kemal Yılmaz": "Niet passend voor deze ouder",
        "Hielp Bakker": "Niet passend voor deze ouder",
        "Vol Bakker": "Heeft nu geen plek",
        "Pauze Bakker": "Doet nu niet mee: nog niet opgenomen, op pauze of gestopt",
        "Verlopen Bakker": "Toestemming is verlopen",
        "Eerder Bakker": "Ging eerder niet door",
    }
    main = text(page).partition("<main")[2].lower()
    for secret in ("scheiding", "gezin", "familie", "vader van", "andere ouder van sem", "ander tesfay"):
        assert secret not in main, secret


def test_find_shows_nobody_whom_the_member_may_not_see(
    ineke: Client, ib: Membership, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    own = add_buddy("reading", first_name="Ikzelf")
    Membership.objects.filter(pk=ib.pk).update(parent=own.parent)
    assert "Ikzelf" not in text(ineke.get(url("find", signalled("reading").pk)))


def test_find_shows_background_only_when_both_have_one(
    ineke: Client, ib: Membership, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    support, buddy = signalled("culture"), add_buddy("culture")

    def says(parent: Parent, words: str) -> None:
        consent = give(parent=parent, purpose=Purpose.SAME_BACKGROUND, method=Method.PHONE, by=ib)
        Background.objects.create(school=ib.school, parent=parent, consent=consent, words=words)

    says(buddy.parent, "Uit Paramaribo.")
    assert "Paramaribo" not in text(ineke.get(url("find", support.pk)))
    says(support.parent, "Uit Nickerie.")
    page = text(ineke.get(url("find", support.pk)))
    assert "Paramaribo" in page
    assert "Nickerie" in page


def test_find_without_candidates_says_what_to_do(ineke: Client, signalled: Signalled) -> None:
    page = text(ineke.get(url("find", signalled("reading").pk)))
    assert "Home-Start" in page
    assert url("add_buddy") in page


def test_find_for_language_asks_for_the_language_first(ineke: Client, signalled: Signalled) -> None:
    support = signalled("language")
    assert url("edit_parent", support.pk) in text(ineke.get(url("find", support.pk)))


def test_find_asks_as_much_of_the_database_for_one_buddy_as_for_thirty(
    ineke: Client, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    support = signalled("reading")
    add_buddy("reading")
    one = queries(ineke, url("find", support.pk))
    for _number in range(29):
        add_buddy("reading")
    assert queries(ineke, url("find", support.pk)) == one
    assert one <= 22


def test_propose_needs_why_a_click_is_expected(
    ineke: Client, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    support, buddy, _other = signalled("reading"), add_buddy("reading"), add_buddy("reading")
    sent = propose_form(ineke, support.pk, buddy, click_reasons=[], click_words="Allebei nuchter")
    before = everything()["buddies_match"]
    page = ineke.post(url("find", support.pk), sent)
    assert page.status_code == 200
    cards = {choice.buddy.pk: form for choice, form in page.context["cards"]}
    assert "click_reasons" in cards[buddy.pk].errors
    assert sum(bool(form.errors) for form in cards.values()) == 1
    assert "Allebei nuchter" in text(page)
    assert everything()["buddies_match"] == before


@pytest.mark.parametrize(
    "wrong", [{"click_reasons": ["liefde"]}, {"click_words": "x" * 81}, {"submission": "x"}, {"buddy": "x"}]
)
def test_propose_with_nonsense_changes_nothing(
    ineke: Client, signalled: Signalled, add_buddy: AddBuddy, wrong: dict[str, Any]
) -> None:
    support, buddy = signalled("reading"), add_buddy("reading")
    sent = propose_form(ineke, support.pk, buddy) | wrong
    assert ineke.post(url("find", support.pk), sent).status_code == 200
    assert not Match.objects.exists()


def test_propose_makes_one_match_however_often_it_is_sent(
    ineke: Client, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    support, buddy = signalled("reading"), add_buddy("reading")
    sent = propose_form(ineke, support.pk, buddy, click_words="Zelfde humor")
    answers = [ineke.post(url("find", support.pk), sent) for _time in range(3)]
    match = Match.objects.get()
    assert {answer["Location"] for answer in answers} == {url("match", match.pk)}
    assert match.click_reasons == ["same_experience", "know_both"]
    assert match.click_words == "Zelfde humor"


def test_propose_with_somebody_elses_number_is_not_there(
    ineke: Client, director: Membership, client_of: ClientOf, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    sent = propose_form(ineke, signalled("reading").pk, add_buddy("reading"))
    ineke.post(url("find", Match.objects.count() or signalled("reading").pk), sent)
    theirs, buddy = signalled("newcomer"), add_buddy("newcomer")
    used = str(Match.objects.get().submission)
    answer = client_of(director).post(url("find", theirs.pk), sent | {"submission": used, "buddy": buddy.pk})
    assert answer.status_code == 404


def test_propose_a_buddy_of_another_theme_or_school_is_not_there(
    babs: Client, signalled: Signalled, add_buddy: AddBuddy, other_ib: Membership
) -> None:
    support = signalled("language", languages=("tr",))
    for buddy in (add_buddy("reading"), add_buddy("reading", by=other_ib)):
        sent = {"submission": str(uuid4()), "buddy": buddy.pk, "click_reasons": ["know_both"]}
        assert babs.post(url("find", support.pk), sent).status_code == 404
    assert not Match.objects.exists()


def test_propose_when_somebody_was_first_gives_a_fresh_list(
    ineke: Client, signalled: Signalled, add_buddy: AddBuddy, proposed: Proposed
) -> None:
    support, buddy, other = signalled("reading"), add_buddy("reading"), add_buddy("reading")
    sent = propose_form(ineke, support.pk, buddy)
    proposed(signalled("reading", first_name="Eerder"), buddy)
    page = ineke.post(url("find", support.pk), sent, follow=True)
    assert told(page) == ["Deze buddy is net voor een andere ouder gevraagd. Kies iemand anders."]
    assert [choice.buddy for choice, _form in page.context["cards"]] == [other]


def test_propose_a_second_one_leads_to_the_first(
    ineke: Client, signalled: Signalled, add_buddy: AddBuddy, proposed: Proposed
) -> None:
    support, buddy, other = signalled("reading"), add_buddy("reading"), add_buddy("reading")
    sent = propose_form(ineke, support.pk, other)
    match = proposed(support, buddy)
    page = ineke.post(url("find", support.pk), sent, follow=True)
    assert page.redirect_chain[-1][0] == url("match", match.pk)
    assert len(told(page)) == 1


# The list


def test_list_is_by_whose_turn_it_is(ineke: Client, proposed: Proposed, ib: Membership) -> None:
    mine = proposed()
    theirs = proposed(status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)
    going = proposed(status=MatchStatus.CONNECTED)
    over = proposed()
    matches.did_not_proceed(match=over, reason=EndReason.PRACTICAL, by=ib)
    parts = {part.key: part.rows for part in ineke.get(url("matches")).context["parts"]}
    assert {key: [row.action_url for row in rows] for key, rows in parts.items()} == {
        "mine": [url("match", mine.pk)],
        "theirs": [url("match", theirs.pk)],
        "nobody": [url("match", going.pk)],
    }
    ended = ineke.get(url("matches") + "?status=ended").context["parts"]
    assert [row.url for part in ended for row in part.rows] == [url("match", over.pk)]


def test_list_says_call_after_a_week_of_silence(ineke: Client, proposed: Proposed) -> None:
    proposed(status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)
    with clock.at(clock.now() + timedelta(days=8)):
        [part] = ineke.get(url("matches")).context["parts"]
    assert part.key == "mine"
    assert "Bel" in part.rows[0].text


def test_list_says_what_to_do_when_it_is_empty(ineke: Client, babs: Client, proposed: Proposed) -> None:
    assert url("requests") in text(ineke.get(url("matches")))
    assert ineke.get(url("matches") + "?status=ended").status_code == 200
    proposed()
    assert babs.get(url("matches")).context["parts"] == []
    assert ineke.post(url("matches")).status_code == 405


def test_pages_ask_as_much_of_the_database_for_one_match_as_for_three(
    ineke: Client, proposed: Proposed
) -> None:
    match = proposed(status=MatchStatus.CONNECTED)
    addresses = [url("matches"), url("matches") + "?status=ended", url("match", match.pk)]
    one = [queries(ineke, address) for address in addresses]
    for status in (MatchStatus.PROPOSED, MatchStatus.CONNECTED):
        proposed(status=status)
    assert [queries(ineke, address) for address in addresses] == one
    assert max(one) <= 12, one


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
    assert "Het gaat over lezen" in page.context["question"]
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
        ineke.post(url("undo", match.pk))
        assert now(match) is before


@pytest.mark.parametrize("status", [MatchStatus.PROPOSED, MatchStatus.CONNECTED])
def test_undo_is_refused_otherwise(ineke: Client, proposed: Proposed, status: MatchStatus) -> None:
    match = proposed(status=status)
    assert url("undo", match.pk) not in text(ineke.get(url("match", match.pk)))
    assert len(told(ineke.post(url("undo", match.pk), follow=True))) == 1
    assert now(match) is status


def test_undo_is_over_once_the_buddy_has_been_asked(
    ineke: Client, ib: Membership, proposed: Proposed
) -> None:
    match = proposed(status=MatchStatus.WAITING_FOR_BUDDY)
    matches.ask_buddy(match=match, by=ib)
    assert url("undo", match.pk) not in text(ineke.get(url("match", match.pk)))
    ineke.post(url("undo", match.pk))
    assert now(match) is MatchStatus.WAITING_FOR_BUDDY


def test_proposal_by_mistake_leaves_the_buddy_to_be_asked(ineke: Client, proposed: Proposed) -> None:
    match = proposed()
    ineke.post(url("did_not_proceed", match.pk), {"reason": "taken_back"})
    assert now(match) is MatchStatus.DID_NOT_PROCEED
    [card] = ineke.get(url("find", match.request_id)).context["cards"]
    assert card[0].buddy == match.buddy


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
    before = everything()
    page = ineke.post(url("all_discussed", match.pk), sent)
    assert missing in page.context["form"].errors
    assert everything() == before


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


# Names


def test_parent_without_a_name_is_called_after_the_child(
    ineke: Client, proposed: Proposed, signalled: Signalled, children: dict[str, Child]
) -> None:
    match = proposed(signalled(first_name="", last_name="", child=children["Sem"]))
    assert "Moeder van Sem en" in text(ineke.get(url("match", match.pk)))
    assert "Moeder van Sem" in text(ineke.get(url("matches")))


def test_odd_names_are_shown_safely(
    ineke: Client, proposed: Proposed, add_buddy: AddBuddy, themes: dict[str, Theme]
) -> None:
    buddy = add_buddy("reading", first_name="<b>Bo</b>", last_name="O'Neill & ı🙂")
    page = text(ineke.get(url("match", proposed(buddy=buddy).pk)))
    assert "&lt;b&gt;Bo&lt;/b&gt; O&#x27;Neill &amp; ı🙂" in page
    assert "<b>Bo" not in page

"""Whom to propose: who is shown with what reasons, and the proposal itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from buddies.actions import matches, pool
from buddies.actions.consents import give
from buddies.models import (
    Background,
    Buddy,
    Consent,
    EndReason,
    Match,
    Method,
    Purpose,
)
from school import clock
from school.models import Child, Membership, Parent
from tests.cast import AddBuddy, ClientOf, Proposed, Signalled

from .phone import text, told, url
from .watch import everything, queries


def propose_form(client: Client, pk: int, buddy: Buddy, **answers: Any) -> dict[str, Any]:
    cards = client.get(url("find", pk)).context["cards"]
    form = next(card.form for card in cards if card.choice.buddy == buddy)
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
    chosen = ineke.get(url("find", support.pk) + f"?buddy={last.number}")
    assert chosen.context["cards"][0].choice.buddy.pk == last.number
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
    """The other parent of Sem is a buddy, and a buddy helped him before: the reader learns neither, and he is not
    named."""
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
        "Hielp Bakker": "Niet passend voor deze ouder",
        "Vol Bakker": "Heeft nu geen plek",
        "Pauze Bakker": "Doet nu niet mee: nog niet opgenomen, op pauze of gestopt",
        "Verlopen Bakker": "Toestemming is verlopen",
        "Eerder Bakker": "Ging eerder niet door",
    }
    main = text(page).partition("<main")[2].lower()
    for secret in (
        "scheiding",
        "gezin",
        "familie",
        "vader van",
        "andere ouder van sem",
        "ander tesfay",
        "kemal",
    ):
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
    cards = {card.choice.buddy.pk: card.form for card in page.context["cards"]}
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
    assert [card.choice.buddy for card in page.context["cards"]] == [other]


def test_propose_a_second_one_leads_to_the_first(
    ineke: Client, signalled: Signalled, add_buddy: AddBuddy, proposed: Proposed
) -> None:
    support, buddy, other = signalled("reading"), add_buddy("reading"), add_buddy("reading")
    sent = propose_form(ineke, support.pk, other)
    match = proposed(support, buddy)
    page = ineke.post(url("find", support.pk), sent, follow=True)
    assert page.redirect_chain[-1][0] == url("match", match.pk)
    assert len(told(page)) == 1

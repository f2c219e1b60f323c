"""Offering a buddy to one family, and what they say."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from buddies.actions import pool
from buddies.models import (
    Buddy,
    Match,
    NewcomerOffer,
    OfferAnswer,
    SupportRequest,
)
from school import clock
from school.models import AuditEvent, Child, Membership, School
from tests.cast import AddBuddy

from .newcomers import form, offered, starts
from .phone import said, text, url
from .watch import contents, everything

YES, NO = OfferAnswer.YES, OfferAnswer.NO
COHORT = url("newcomers")

pytestmark = pytest.mark.usefixtures("nobody_starts")


# The offer


def test_offer_page_proposes_what_the_list_does_and_names_nobody_to_the_parent(
    dirkje: Client, nine: Child, guide: Buddy, add_buddy: AddBuddy, ib: Membership
) -> None:
    add_buddy("newcomer", first_name="Femke", grades=(8,))
    pool.pause(
        buddy=add_buddy("newcomer", first_name="Pauze"), until=clock.today() + timedelta(days=9), by=ib
    )
    page = dirkje.get(url("offer_newcomer", nine.pk))
    found = page.context["page"]
    assert [found.first.name, *(other.name for other in found.others)] == ["Saskia Bakker", "Femke Bakker"]
    assert found.proposed == guide.pk
    assert [(person.name, person.why) for person in found.outside] == [
        ("Pauze Bakker", "Doet nu niet mee: nog niet opgenomen, op pauze of gestopt")
    ]
    assert "Vraag maar." in text(page)
    assert "Zou u dat prettig vinden?" in text(page)
    assert "Saskia" not in page.context["words"]
    assert AuditEvent.objects.filter(action="newcomer.look", target_id=nine.pk).count() == 1


def test_offer_page_says_why_a_buddy_in_mind_for_another_family_cannot_be_offered(
    dirkje: Client, director: Membership, nine: Child, guide: Buddy
) -> None:
    offered(starts("Moos", director), director, guide)
    [person] = dirkje.get(url("offer_newcomer", nine.pk)).context["page"].outside
    assert person.why == "Je denkt aan deze buddy voor een ander gezin"


def test_offer_page_stands_open(dirkje: Client, nine: Child) -> None:
    """What is asked of the parent, and what they say yes to, is there without a tap."""
    page = text(dirkje.get(url("offer_newcomer", nine.pk)))
    for words in ("Meer over de ouder", "Waar de ouder ja op zegt"):
        assert re.search(rf"<details[^>]* open>\s*<summary>{words}", page)


def test_offer_page_says_je_where_the_school_does(dirkje: Client, nine: Child, school: School) -> None:
    School.objects.update(formal_address=False)
    page = dirkje.get(url("offer_newcomer", nine.pk))
    assert "Zou je dat prettig vinden?" in text(page)
    assert "Wat zegt de ouder?" in text(page)


def test_offer_is_recorded_and_can_be_taken_back(dirkje: Client, nine: Child, guide: Buddy) -> None:
    """One tap for the click, one for the answer: everything else may stay as it is."""
    filled = form(guide)
    first, second = (dirkje.post(url("offer_newcomer", nine.pk), filled) for _ in range(2))
    made = NewcomerOffer.objects.get()
    assert (made.child, made.buddy, made.answer) == (nine, guide, OfferAnswer.OPEN)
    assert first["Location"] == second["Location"] == f"{COHORT}?aanbod={made.pk}"
    assert said(second) == []
    page = text(dirkje.get(first["Location"]))
    assert "Genoteerd: de ouder van Nine denkt nog na." in page
    assert url("take_back_offer", made.pk) in page
    undone = dirkje.post(url("take_back_offer", made.pk))
    assert undone["Location"] == COHORT
    assert not NewcomerOffer.objects.exists()


def test_yes_leads_to_asking_the_buddy(dirkje: Client, nine: Child, guide: Buddy) -> None:
    filled = form(
        guide, "yes", kind="mother", first_name="Mirjam", languages=["nl", "tr"], siblings="no", homes="two"
    )
    first, second = (dirkje.post(url("offer_newcomer", nine.pk), filled) for _ in range(2))
    match = Match.objects.get()
    assert first["Location"] == second["Location"] == url("match", match.pk)
    assert said(first) == ["De ouder wil graag een buddy. Jij vraagt nu Saskia Bakker."]
    assert (match.parent.kind, match.parent.languages) == ("mother", ["nl", "tr"])
    made = NewcomerOffer.objects.get()
    assert (made.two_homes, made.siblings) == (True, "no")
    assert dirkje.get(first["Location"]).status_code == 200


@pytest.mark.parametrize("there_is_a_buddy", [True, False])
def test_yes_without_a_buddy_leads_to_the_search(
    dirkje: Client, nine: Child, add_buddy: AddBuddy, there_is_a_buddy: bool
) -> None:
    if there_is_a_buddy:
        add_buddy("newcomer")
    page = dirkje.post(url("offer_newcomer", nine.pk), form(None, "yes"))
    assert page["Location"] == url("find", SupportRequest.objects.get().pk)
    assert said(page) == ["De ouder wil graag een buddy. Zoek nu iemand die past."]


def test_no_keeps_nothing_that_was_typed(dirkje: Client, nine: Child, guide: Buddy) -> None:
    """Not even what is wrong in it is looked at."""
    filled = form(
        None, "no", buddy="999", click_reasons=["love"], first_name="Mirjam", phone="abc", siblings="yes"
    )
    first, second = (dirkje.post(url("offer_newcomer", nine.pk), filled) for _ in range(2))
    made = NewcomerOffer.objects.get()
    assert first["Location"] == second["Location"] == f"{COHORT}?aanbod={made.pk}"
    assert (made.answer, made.parent, made.siblings) == (NO, None, "")
    assert "zodat niemand het nog eens vraagt" in text(dirkje.get(first["Location"]))
    assert url("take_back_offer", made.pk) in text(dirkje.get(url("newcomer_answer", made.pk)))


def test_offer_keeps_what_was_typed_and_changes_nothing(
    dirkje: Client,
    director: Membership,
    nine: Child,
    guide: Buddy,
    add_buddy: AddBuddy,
    other_ib: Membership,
) -> None:
    reader, elsewhere = add_buddy("reading"), AddBuddy(other_ib)("newcomer")
    before = contents()
    for changed, wrong in (
        ({"click_reasons": []}, {"click_reasons"}),
        ({"click_reasons": ["love"]}, {"click_reasons"}),
        ({"buddy": str(reader.pk)}, {"buddy"}),
        ({"buddy": str(elsewhere.pk)}, {"buddy"}),
        ({"buddy": "²"}, {"buddy"}),
        ({"answer": ""}, {"answer"}),
        ({"answer": "maybe"}, {"answer"}),
        ({"siblings": "two"}, {"siblings"}),
        ({"homes": "three"}, {"homes"}),
        ({"phone": "abc"}, {"phone"}),
        ({"submission": "x"}, {"submission"}),
    ):  # fmt: skip
        page = dirkje.post(url("offer_newcomer", nine.pk), form(guide, first_name="Mirjam") | changed)
        assert set(page.context["form"].errors) == wrong, changed
        assert page.context["form"]["first_name"].value() == "Mirjam"
    assert contents() == before


def test_there_are_two_homes_at_most_and_the_second_after_the_first(
    dirkje: Client, director: Membership, nine: Child
) -> None:
    page = url("offer_newcomer", nine.pk)
    for home in ("2", "3", "0", "x", "-1"):
        assert dirkje.get(page, {"home": home}).status_code == 404
    offered(nine, director, answer=NO)
    second = dirkje.get(page, {"home": "2"})
    assert "tweede ouder van Nine" in text(second)
    assert {"homes", "siblings"} & set(second.context["form"].fields) == set()
    dirkje.post(f"{page}?home=2", form(None, "later"))
    assert list(NewcomerOffer.objects.order_by("home").values_list("home", "two_homes")) == [
        (1, True),
        (2, False),
    ]


def test_colleague_who_was_first_is_said(dirkje: Client, ib: Membership, nine: Child, guide: Buddy) -> None:
    offered(nine, ib)
    before = everything()
    page = dirkje.post(url("offer_newcomer", nine.pk), form(guide))
    assert page["Location"] == url("newcomer_answer", NewcomerOffer.objects.get().pk)
    assert said(page) == ["Hier is al een buddy aangeboden. Zo staat het er nu voor."]
    assert everything() == before


def test_offer_to_somebody_without_a_buddy_left_says_so(
    dirkje: Client, director: Membership, nine: Child, guide: Buddy
) -> None:
    later = starts("Later", director, 300)
    page = dirkje.get(url("offer_newcomer", later.pk))
    assert page.context["page"].proposed is None
    assert "al voorgesteld bij een gezin dat eerder begint" in text(page)
    offered(nine, director, guide)
    page = dirkje.get(url("offer_newcomer", later.pk))
    assert not page.context["page"].somebody
    assert "Er is nu geen buddy die past." in text(page)


# The answer


@pytest.mark.parametrize(("answer", "stored"), [("yes", YES), ("no", NO)])
def test_answer_is_recorded_once(
    dirkje: Client, director: Membership, nine: Child, guide: Buddy, answer: str, stored: OfferAnswer
) -> None:
    made = offered(nine, director, guide)
    page = dirkje.get(url("newcomer_answer", made.pk))
    sent = page.context["form"]
    assert (sent["buddy"].value(), sent["click_reasons"].value()) == (str(guide.pk), ["know_both"])
    filled = form(guide, answer)
    first, second = (dirkje.post(url("newcomer_answer", made.pk), filled) for _ in range(2))
    made.refresh_from_db()
    assert made.answer == stored
    assert first["Location"] == second["Location"]
    assert SupportRequest.objects.count() == (1 if stored is YES else 0)
    other = dirkje.post(url("newcomer_answer", made.pk), form(None, "no" if answer == "yes" else "yes"))
    assert said(other)[-1:] == ["Iemand heeft deze stap al gezet. Zo staat het er nu voor."]
    assert dirkje.get(url("newcomer_answer", made.pk)).status_code == 200


def test_answer_later_may_change_who_is_in_mind(
    dirkje: Client, director: Membership, nine: Child, guide: Buddy, add_buddy: AddBuddy
) -> None:
    made, other = offered(nine, director, guide), add_buddy("newcomer")
    dirkje.post(url("newcomer_answer", made.pk), form(guide))
    assert not AuditEvent.objects.filter(action="newcomer.choose").exists()
    dirkje.post(url("newcomer_answer", made.pk), form(other))
    made.refresh_from_db()
    assert made.buddy == other
    dirkje.post(url("newcomer_answer", made.pk), form(None))
    made.refresh_from_db()
    assert made.buddy is None


def test_answer_page_says_that_the_buddy_is_lost(
    dirkje: Client, director: Membership, ib: Membership, nine: Child, guide: Buddy, add_buddy: AddBuddy
) -> None:
    other, made = add_buddy("newcomer", first_name="Femke"), offered(nine, director, guide)
    pool.pause(buddy=guide, until=clock.today() + timedelta(days=9), by=ib)
    page = dirkje.get(url("newcomer_answer", made.pk))
    assert "Saskia Bakker kun je niet meer vragen." in text(page)
    assert page.context["form"]["buddy"].value() == str(other.pk)
    assert page.context["form"]["click_reasons"].value() == []
    before = contents()
    again = dirkje.post(url("newcomer_answer", made.pk), form(guide, "yes"))
    assert set(again.context["form"].errors) == {"buddy"}
    assert contents() == before


def test_take_back_is_for_today(dirkje: Client, director: Membership, nine: Child) -> None:
    made = offered(nine, director)
    NewcomerOffer.objects.update(offered_at=clock.now() - timedelta(days=2))
    assert url("take_back_offer", made.pk) not in text(dirkje.get(COHORT, {"aanbod": made.pk}))
    page = dirkje.post(url("take_back_offer", made.pk))
    assert said(page) == ["Iemand heeft deze stap al gezet. Zo staat het er nu voor."]
    assert NewcomerOffer.objects.exists()

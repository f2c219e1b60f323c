"""A new family may say that they would rather have nobody of the same class."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from buddies.actions import newcomers
from buddies.actions.errors import NotACandidate
from buddies.actions.newcomers import InMind
from buddies.candidates import asker
from buddies.models import Buddy, Match, Method, NewcomerOffer, OfferAnswer, SupportRequest
from school import clock
from school.models import Child, Membership
from tests.cast import AddBuddy

from .newcomers import CLICK, form, offered
from .phone import text, url
from .watch import contents

pytestmark = pytest.mark.usefixtures("nobody_starts")
SAME_CLASS = "{} heeft een kind in dezelfde klas. Kies iemand anders, of nog niemand."


@pytest.fixture
def classmate(add_buddy: AddBuddy, children: dict[str, Child]) -> Buddy:
    """Klara, with three children here of whom one in the class of Nine: proposed first."""
    return add_buddy(
        "newcomer", first_name="Klara", children_count=3, grades=(1, 4, 7), child=children["Noor"]
    )


@pytest.fixture
def elsewhere(add_buddy: AddBuddy) -> Buddy:
    """Femke, whose child is in grade 8."""
    return add_buddy("newcomer", first_name="Femke", grades=(8,))


def wish(in_mind: Buddy | None, answer: str = "yes", **more: str) -> dict[str, object]:
    return form(in_mind, answer, outside_class="on", **more)


def test_offer_with_the_wish_refuses_the_classmate_in_words_and_proposes_another(
    dirkje: Client, nine: Child, classmate: Buddy, elsewhere: Buddy
) -> None:
    address, before = url("offer_newcomer", nine.pk), contents()
    assert dirkje.get(address).context["page"].proposed == classmate.pk
    for answer in ("yes", "later"):
        page = dirkje.post(address, wish(classmate, answer, ticked_for=str(classmate.pk)))
        filled = page.context["form"]
        assert filled.errors == {"buddy": [SAME_CLASS.format("Klara Bakker")]}
        assert (filled["buddy"].value(), filled["outside_class"].value()) == (str(elsewhere.pk), True)
        assert not filled["click_reasons"].value(), "that was said of somebody else (R4)"
        assert "Kind in dezelfde groep; dat wil de ouder liever niet" in text(page)
    assert contents() == before
    dirkje.post(address, wish(elsewhere))
    assert Match.objects.get().buddy == elsewhere
    assert SupportRequest.objects.get().outside_class


def test_classmate_is_fine_for_who_wishes_nothing(dirkje: Client, nine: Child, classmate: Buddy) -> None:
    dirkje.post(url("offer_newcomer", nine.pk), form(classmate, "yes"))
    assert Match.objects.get().buddy == classmate
    assert not SupportRequest.objects.get().outside_class


def test_with_only_classmates_nobody_is_proposed(dirkje: Client, nine: Child, classmate: Buddy) -> None:
    address = url("offer_newcomer", nine.pk)
    page = dirkje.post(address, wish(classmate))
    assert page.context["form"].non_field_errors() == [SAME_CLASS.format("Klara Bakker")]
    assert "Er is nu geen buddy die past." in text(page)
    assert not NewcomerOffer.objects.exists()
    dirkje.post(address, wish(None))
    request = SupportRequest.objects.get()
    assert asker(request, clock.today()).outside_class


def test_of_a_no_the_wish_is_not_looked_at(dirkje: Client, nine: Child, classmate: Buddy) -> None:
    dirkje.post(url("offer_newcomer", nine.pk), wish(classmate, "no"))
    assert NewcomerOffer.objects.get().answer == OfferAnswer.NO


def test_answer_with_the_wish_refuses_the_classmate_in_mind(
    dirkje: Client, director: Membership, nine: Child, classmate: Buddy, elsewhere: Buddy
) -> None:
    """They thought about it, and say it with their yes."""
    made = offered(nine, director, classmate)
    address = url("newcomer_answer", made.pk)
    page = dirkje.post(address, wish(classmate))
    assert page.context["form"].errors == {"buddy": [SAME_CLASS.format("Klara Bakker")]}
    assert page.context["form"]["buddy"].value() == str(elsewhere.pk)
    assert "kun je niet meer vragen" not in text(page), "she can be asked, but not for this parent"
    dirkje.post(address, wish(elsewhere))
    assert Match.objects.get().buddy == elsewhere
    assert SupportRequest.objects.get().outside_class


def test_wish_holds_whatever_the_page_said(director: Membership, nine: Child, classmate: Buddy) -> None:
    """The classmate came along between the page and the answer: the offer is refused, a yes stands without them."""
    before = contents()
    with pytest.raises(NotACandidate):
        offered(nine, director, classmate, outside_class=True)
    assert contents() == before
    newcomers.accept(
        offer=offered(nine, director, classmate),
        in_mind=InMind(classmate, CLICK),
        method=Method.PHONE,
        outside_class=True,
        by=director,
        submission=uuid4(),
    )
    assert SupportRequest.objects.get().outside_class
    assert not Match.objects.exists()

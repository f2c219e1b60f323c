"""What becomes of the offer of a buddy to a new family: later a yes, a no, two homes, a child who starts late (R12)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from buddies.models import Match, NewcomerOffer, OfferAnswer
from buddies.workflow import MatchStatus
from school import clock
from school.models import Child, Group, Membership, Parent
from tests.buddies.newcomers import starts
from tests.cast import AddBuddy

from .conftest import Visitor


@pytest.fixture
def mees(director: Membership, groups: dict[str, Group]) -> Child:
    """Mees, who starts in three weeks, in a school where nobody else does."""
    Child.objects.update(start_date=None)
    return starts("Mees", director, days=20, group=groups["1/2A"])


def test_a_family_thinks_about_it_and_later_says_yes(
    visitor: Visitor, director: Membership, mees: Child, add_buddy: AddBuddy
) -> None:
    fatma = add_buddy("newcomer", first_name="Fatma", last_name="Yılmaz", children_count=3)
    visitor.arrive(director)
    visitor.press("Kleuters")
    visitor.sees("Voorstel: Fatma Yılmaz.")
    visitor.press("Bied buddy aan: Mees")
    visitor.choose("zelfde ervaring")
    visitor.press("Denkt nog na")
    visitor.sees("Genoteerd: de ouder van Mees denkt nog na.", "Je denkt aan Fatma Yılmaz.")
    assert not Match.objects.exists(), "the buddy hears nothing before the family's yes"

    NewcomerOffer.objects.update(offered_at=clock.now() - timedelta(days=8))
    visitor.go("")
    visitor.sees("Kreeg een buddy aangeboden en heeft nog niet geantwoord. Bel even.")
    visitor.look("vandaag-kleuter-bellen")
    visitor.press("Leg antwoord vast: Ouder van Mees")
    visitor.press("Ja, graag")
    visitor.sees("De ouder wil graag een buddy. Jij vraagt nu Fatma Yılmaz.", "Zeg tegen de buddy")
    visitor.look("kleuters-ja")
    match = Match.objects.get()
    assert (match.buddy, match.status) == (fatma, MatchStatus.WAITING_FOR_BUDDY)
    visitor.go("kleuters/")
    visitor.sees("Wil graag een buddy.", "Elk gezin heeft een buddy aangeboden gekregen.")
    visitor.has_no("Bied buddy aan: Mees")


def test_a_no_is_forgotten_and_nobody_asks_again(
    at_phone: Visitor, director: Membership, mees: Child
) -> None:
    at_phone.arrive(director, f"kleuters/{mees.pk}/")
    at_phone.type("Voornaam", "Nadia")
    at_phone.press("Nee, dank u")
    at_phone.sees("Genoteerd: de ouder van Mees wil geen buddy.", "dát het gevraagd is")
    at_phone.has_no("Bied buddy aan: Mees")
    at_phone.look("kleuters-nee")
    assert not Parent.objects.exists(), "nothing typed of a no is kept"
    at_phone.go(f"kleuters/{mees.pk}/")
    at_phone.sees("Wil geen buddy.")
    at_phone.has_no("Ja, graag")
    at_phone.look("kleuters-nee-een-gezin")


def test_a_child_who_starts_late_and_lives_at_two_homes(at_phone: Visitor, director: Membership) -> None:
    Child.objects.update(start_date=None)
    at_phone.arrive(director, "kleuters/")
    at_phone.sees("Er begint nog niemand")
    at_phone.look("kleuters-leeg")
    at_phone.press("Kind toevoegen")
    at_phone.type("Voornaam van het kind", "Jip")
    at_phone.type("Eerste schooldag", (clock.today() - timedelta(days=21)).isoformat())
    at_phone.choose("1/2A")
    at_phone.press("Voeg toe")
    at_phone.sees("Jip staat in de lijst.", "begonnen op")
    at_phone.choose("Twee adressen")
    at_phone.press("Denkt nog na")
    at_phone.look("kleuters-twee-adressen")
    at_phone.press("Bied buddy aan: Tweede ouder van Jip")
    at_phone.press("Nee, dank u")
    at_phone.sees("Denkt nog na", "Wil geen buddy.")
    answers = dict(NewcomerOffer.objects.values_list("home", "answer"))
    assert answers == {1: OfferAnswer.OPEN, 2: OfferAnswer.NO}

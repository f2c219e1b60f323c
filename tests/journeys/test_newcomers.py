"""The director offers new families a buddy."""

from datetime import timedelta

import pytest

from buddies.models import Match, NewcomerOffer
from buddies.workflow import MatchStatus
from school import clock
from school.models import Child, Membership
from tests.buddies.newcomers import starts
from tests.cast import AddBuddy

from .conftest import AT_BOTH, Visitor

MOST_CLICKS = 3


@pytest.fixture(autouse=True)
def nobody_starts(served: str, children: dict[str, Child]) -> None:
    """Everybody in the class list has been at school for years."""
    Child.objects.update(start_date=clock.today() - timedelta(days=900))


@AT_BOTH
def test_from_vandaag_a_family_takes_three_clicks(
    visitor: Visitor, director: Membership, add_buddy: AddBuddy
) -> None:
    add_buddy("newcomer", first_name="Saskia", children_count=3, grades=(1, 4, 7), words="Vraag maar.")
    for name in ("Nine", "Moos"):
        starts(name, director, days=5)
    visitor.arrive(director)
    visitor.sees("Nog geen buddy aangeboden.")

    visitor.taps = 0
    visitor.press("Bied buddy aan: Moos")
    visitor.is_at("Een buddy voor een ouder van Moos")
    visitor.sees("Saskia Bakker", "Zeg tegen de ouder", "Vraag maar.")
    visitor.look("kleuters-aanbod")
    visitor.choose("zelfde manier van doen")
    visitor.press("Ja, graag")
    visitor.sees("De ouder wil graag een buddy. Jij vraagt nu Saskia Bakker.")
    assert visitor.taps == MOST_CLICKS
    assert Match.objects.get().status == MatchStatus.WAITING_FOR_BUDDY

    visitor.go("kleuters/")
    visitor.sees("Nog geen buddy aangeboden: 1 van de 2 gezinnen.", "Voor dit gezin is er nu geen buddy.")
    visitor.look("kleuters")
    visitor.press("Bied buddy aan: Nine")
    visitor.sees("Er is nu geen buddy die past.")
    visitor.look("kleuters-aanbod-zonder-buddy")
    visitor.press("Denkt nog na")
    visitor.sees("Genoteerd: de ouder van Nine denkt nog na.")
    visitor.look("kleuters-genoteerd")
    visitor.press("Leg antwoord vast: Nine")
    visitor.sees("Hoe bereik je de ouder?")
    visitor.look("kleuters-antwoord")
    visitor.press("Nee, dank u")
    visitor.sees("Genoteerd: de ouder van Nine wil geen buddy.")
    visitor.press("Terugnemen")
    visitor.sees("Teruggenomen.")
    assert NewcomerOffer.objects.count() == 1

    visitor.press("Kind toevoegen")
    visitor.press("Voeg toe")
    visitor.sees("Er klopt nog iets niet")
    visitor.look("kleuters-kind")


def test_without_a_reason_the_answer_is_kept_and_asked_again(
    at_desk: Visitor, director: Membership, add_buddy: AddBuddy
) -> None:
    add_buddy("newcomer", first_name="Saskia")
    moos = starts("Moos", director, days=5)
    at_desk.arrive(director, f"kleuters/{moos.pk}/")
    at_desk.type("Voornaam", "Mirjam")
    at_desk.press("Ja, graag")
    at_desk.sees("Er klopt nog iets niet", "Tik aan waarom je een klik verwacht.")
    at_desk.look("kleuters-aanbod-zonder-reden")
    assert at_desk.field("Voornaam").input_value() == "Mirjam"
    assert not NewcomerOffer.objects.exists()
    # The Enter key decides nothing.
    at_desk.choose("ik ken ze allebei")
    at_desk.field("Voornaam").press("Enter")
    at_desk.sees("denkt nog na")


def test_new_families_without_javascript(
    without_javascript: Visitor, director: Membership, add_buddy: AddBuddy
) -> None:
    someone = without_javascript
    add_buddy("newcomer", first_name="Saskia")
    starts("Moos", director, days=5)
    someone.arrive(director, "kleuters/")
    someone.press("Bied buddy aan: Moos")
    someone.unfold("Iemand anders, of nog niemand")
    someone.choose("Nog niemand: we gaan zoeken")
    someone.press("Ja, graag")
    someone.sees("Zoek nu iemand die past.")


def test_all_new_families_in_one_go(
    without_javascript: Visitor, director: Membership, add_buddy: AddBuddy
) -> None:
    """One tap for the click of all proposals, then family by family: an answer, or skipped."""
    someone = without_javascript
    for buddy in ("Saskia", "Femke"):
        add_buddy("newcomer", first_name=buddy)
    for days, child in enumerate(("Moos", "Nine", "Pien"), start=5):
        starts(child, director, days=days)
    someone.arrive(director, "kleuters/")
    someone.taps = 0
    someone.press("zelfde manier van doen")
    someone.press("Verder met Moos")
    someone.press("Denkt nog na")
    someone.sees("Genoteerd: de ouder van Moos denkt nog na.")
    someone.press("Verder met Nine")
    assert someone.taps == 4
    someone.press("Sla dit gezin nu over")
    someone.is_at("Een buddy voor een ouder van Pien")
    someone.sees("Dit voorstel stond er nog niet toen je voor alle gezinnen tikte.")
    someone.look("kleuters-ander-voorstel")
    someone.press("Ja, graag")
    someone.sees("Tik aan waarom je een klik verwacht.")
    someone.choose("ik ken ze allebei")
    someone.press("Ja, graag")
    someone.sees("De ouder wil graag een buddy.", "Overgeslagen")
    someone.look("kleuters-overgeslagen")
    someone.press("Neem het overgeslagen gezin weer mee")
    someone.press("Verder met Nine")
    someone.is_at("Een buddy voor een ouder van Nine")

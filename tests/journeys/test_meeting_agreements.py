"""A school makes the list its own; a teacher plans with it, invites each parent, and types on the paper."""

from __future__ import annotations

from meetings.actions.meetings import ParentComing
from meetings.models import BuddyComes, OwnPoint
from school.models import Child, Membership
from tests.meetings.conftest import Planned

from .conftest import Visitor

TYPED = "Op dinsdag tien minuten apart lezen"


def test_a_school_makes_the_list_its_own(
    visitor: Visitor, director: Membership, teacher: Membership, children: dict[str, Child]
) -> None:
    visitor.arrive(director, "instellingen/")
    visitor.press("Bekijk: Afspraken over gesprekken")
    visitor.look("afspraken-gesprekken")
    visitor.type("Voor elke buddy", "90")
    visitor.press("Opslaan")
    visitor.sees("Er klopt nog iets niet")
    visitor.look("afspraken-gesprekken-fout")
    visitor.type("Voor elke buddy", "15")
    visitor.press("Opslaan")
    visitor.sees("Opgeslagen. Wat al gepland is, houdt zijn minuten.")
    visitor.press("Voeg een eigen punt toe")
    visitor.press("Opslaan")
    visitor.sees("Vul dit in.")
    visitor.look("eigen-punt-fout")
    visitor.type("Wat doe je?", "Zet thee klaar.")
    visitor.choose("Voor", "Wanneer lees je het?")
    visitor.press("Opslaan")
    visitor.sees("Het punt staat op de lijst")
    visitor.press("Omhoog: Zet thee klaar.")
    visitor.press("Verberg: Laat de ouder vragen voorbereiden met de buddy.")
    visitor.sees("Het punt komt niet meer op de lijst.")
    visitor.look("afspraken-gesprekken-eigen")
    assert OwnPoint.objects.get().after == "V5"

    parents = (
        ParentComing("mother", "Samira", BuddyComes.ALONG),
        ParentComing("father", "Karim", BuddyComes.NONE),
    )
    plan = Planned(teacher)
    first = plan(parents=parents, child=children["Lina"], sensitive_news=True, interpreter=True)
    plan(at=first.at, child=children["Daan"])
    visitor.arrive(teacher, f"gesprekken/{first.pk}/voor/")
    visitor.sees(
        "Je hebt nog iets anders in de tijd die dit gesprek vraagt:", "Zet thee klaar.", "50 minuten"
    )
    visitor.does_not_see("Laat de ouders vragen voorbereiden met de buddy.")
    visitor.look("gesprek-voor-eigen-punt")
    visitor.press("Uitnodigen")
    visitor.sees("Voor Samira", "Uw buddy is ook welkom.", "Voor Karim")
    visitor.look("gesprek-uitnodigen")
    visitor.press("Zet de naam erin")
    visitor.sees("Ik nodig u graag uit voor een gesprek op school over Lina.")

    visitor.go(f"gesprekken/{first.pk}/print/")
    blank = visitor.page.get_by_role("textbox", name="Lezen en leren")
    blank.click()
    visitor.page.keyboard.type(TYPED)
    visitor.look("gesprek-op-papier-getypt")
    visitor.page.emulate_media(media="print")
    visitor.sees(TYPED)
    assert visitor.page.evaluate("document.querySelector('form [data-keep]')") is None

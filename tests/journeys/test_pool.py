"""The intern begeleider keeps the pool of buddies."""

from datetime import timedelta
from uuid import uuid4

from django.utils.formats import date_format

from buddies.actions import pool
from buddies.models import Consent, Experience, Match, Purpose, SupportRequest, Theme
from buddies.workflow import MatchStatus
from school import clock
from school.actions import ParentDetails
from school.models import Child, Membership, Parent, ParentKind
from tests.cast import AddBuddy, Proposed, Signalled

from .conftest import AT_BOTH, Visitor


@AT_BOTH
def test_add_the_first_buddy_with_both_consents_asked_apart(
    visitor: Visitor, ib: Membership, director: Membership
) -> None:
    # With a director who arranges the new families, nothing waits on the intern begeleider yet.
    visitor.page.goto(visitor.base)
    visitor.look("inloggen")
    visitor.type("E-mailadres", ib.user.email)
    visitor.press("Inloggen")
    visitor.sees("Er klopt nog iets niet")
    visitor.look("inloggen-fout")
    visitor.sign_in(ib)
    visitor.is_at("Dag Ineke")
    visitor.sees("Er wacht niets op je")
    visitor.look("vandaag-leeg")
    visitor.press("Buddy’s")
    visitor.sees("Nog geen buddy’s")
    visitor.look("buddys-leeg")
    visitor.press("Voeg een buddy toe")
    visitor.look("buddy-nieuw")

    visitor.press("Voeg een buddy toe")
    visitor.sees("Er klopt nog iets niet", "Kies wat de ouder wil delen.", "Maak een keuze.")
    visitor.look("buddy-nieuw-fout")
    assert not Parent.objects.exists()
    visitor.type("Voornaam", "Zoë")
    visitor.type("Achternaam", "van 't Hoff")
    visitor.choose("Türkçe")
    visitor.choose("lezen, dyslexie")
    visitor.press("Voeg een buddy toe")
    # A yes to sharing is no yes to being named: that is a question of its own.
    visitor.sees("Er klopt nog iets niet")
    visitor.does_not_see("Kies wat de ouder wil delen.")
    visitor.choose("Ja, de naam mag genoemd worden")
    visitor.choose("aan de telefoon", "Hoe zei de ouder dit?")
    visitor.press("Voeg een buddy toe")

    visitor.is_at("Zoë van 't Hoff")
    today = date_format(clock.today(), "j F Y")
    for consent in Consent.objects.order_by("pk"):
        assert consent.recorded_by == ib
        visitor.sees(f"tekst {consent.text_version}")
    facts = visitor.page.get_by_text(f"Ja gezegd op {today}, aan de telefoon. Vastgelegd door Ineke, tekst")
    assert facts.count() == 2
    visitor.look("buddy")
    assert sorted(Consent.objects.values_list("purpose", flat=True)) == sorted(
        [Purpose.SHARE_EXPERIENCE, Purpose.DISCLOSE_NAME]
    )
    assert Parent.objects.get(last_name="van 't Hoff").languages == ["tr"]


def test_withdraw_one_consent_and_everything_that_rests_on_it_goes_at_once(
    visitor: Visitor, add_buddy: AddBuddy, proposed: Proposed, signalled: Signalled, ib: Membership
) -> None:
    fatma = add_buddy("reading", first_name="Fatma", last_name="Yılmaz", words="Zelf dyslexie in het gezin")
    match = proposed(signalled("reading"), fatma, status=MatchStatus.WAITING_FOR_PARENT)
    visitor.arrive(ib, "buddys/")
    visitor.look("buddys")
    visitor.press("Fatma Yılmaz")
    visitor.sees("Zelf dyslexie in het gezin", "Amina Tesfay")
    visitor.look("buddy-met-voorstel")
    visitor.press("Intrekken: lezen, dyslexie")
    visitor.sees("Dit voorstel vervalt; voor deze ouder zoeken we verder:", "Zelf dyslexie in het gezin")
    visitor.look("buddy-intrekken")
    assert Experience.objects.exists(), "opening the page withdraws nothing"
    visitor.press("Intrekken en wissen")

    visitor.sees("De ervaring is gewist.")
    visitor.does_not_see("Zelf dyslexie in het gezin")
    visitor.look("buddy-ingetrokken")
    assert not Experience.objects.exists()
    match.refresh_from_db()
    assert match.ended_at
    visitor.go("buddys/")
    visitor.does_not_see("Fatma")
    visitor.go("koppelingen/")
    visitor.does_not_see("Fatma")
    visitor.go("signalen/")
    visitor.press("Zoek buddy: Amina Tesfay")
    visitor.does_not_see("Fatma")
    visitor.sees("Er is nu niemand om te vragen")
    visitor.look("buddy-zoeken-leeg")


def test_change_pause_and_stop(visitor: Visitor, add_buddy: AddBuddy, ib: Membership) -> None:
    buddy = add_buddy("divorce", first_name="Kemal", last_name="El Amrani", phone="06-00000002")
    visitor.arrive(ib, f"buddys/{buddy.pk}/")

    visitor.press("Wijzigen")
    visitor.look("buddy-aanbod")
    visitor.choose("2", "Hoeveel ouders tegelijk?")
    visitor.press("Opslaan")
    visitor.sees("Opgeslagen.")
    buddy.refresh_from_db()
    assert buddy.capacity == 2

    visitor.press("Gegevens wijzigen")
    visitor.type("Telefoonnummer", "geen nummer")
    visitor.press("Opslaan")
    visitor.sees("Dit lijkt geen telefoonnummer.")
    visitor.look("buddy-gegevens-fout")
    assert visitor.field("Telefoonnummer").input_value() == "geen nummer"
    visitor.type("Telefoonnummer", "06-00000003")
    visitor.press("Opslaan")
    visitor.sees("06-00000003")

    visitor.press("Pauze")
    visitor.press("Pauze starten")
    visitor.sees("Vul dit in.")
    visitor.look("buddy-pauze-fout")
    visitor.type("Vraag weer vanaf", (clock.today() + timedelta(days=30)).isoformat())
    visitor.press("Pauze starten")
    visitor.sees("Niemand vraagt Kemal El Amrani")
    visitor.look("buddy-op-pauze")
    visitor.press("Kan weer gevraagd worden")
    visitor.sees("Kemal El Amrani kan weer gevraagd worden.")

    visitor.press("Stoppen als buddy")
    visitor.sees("Stoppen mag zonder reden.")
    visitor.look("buddy-stoppen")
    visitor.press("Stop en wis")
    visitor.sees("Gedaan: Kemal El Amrani is geen buddy meer.")
    visitor.look("buddy-gestopt")
    assert not Experience.objects.exists()
    visitor.go("buddys/")
    visitor.does_not_see("Kemal")


def test_one_more_theme_the_name_and_the_background(
    visitor: Visitor, add_buddy: AddBuddy, ib: Membership
) -> None:
    buddy = add_buddy("reading", first_name="Samira", name_may_be_known=False)
    visitor.arrive(ib, f"buddys/{buddy.pk}/")
    visitor.press("Onderwerp toevoegen")
    visitor.look("buddy-onderwerp")
    visitor.choose("scheiding")
    visitor.type("In een paar woorden", "Twee huizen, één schema")
    visitor.press("De ouder zegt ja")
    visitor.sees("Vastgelegd: de ouder wil dit delen.", "Twee huizen, één schema")
    visitor.press("Ja vastleggen")
    visitor.look("buddy-naam")
    visitor.press("De ouder zegt ja")
    visitor.sees("Vastgelegd: de naam mag genoemd worden.")
    visitor.press("Opschrijven wat de ouder zegt")
    visitor.press("De ouder zegt ja")
    visitor.sees("Vul dit in.")
    visitor.look("buddy-achtergrond-fout")
    visitor.type("In de woorden van de ouder", "Opgegroeid in twee culturen")
    visitor.press("De ouder zegt ja")
    visitor.sees("Opgegroeid in twee culturen")
    visitor.look("buddy-alles")
    assert Consent.objects.filter(parent=buddy.parent, withdrawn_at=None).count() == 4


def test_take_up_what_colleagues_put_forward(
    visitor: Visitor,
    ib: Membership,
    teacher: Membership,
    themes: dict[str, Theme],
    children: dict[str, Child],
    parents: dict[str, Parent],
    add_buddy: AddBuddy,
) -> None:
    add_buddy("divorce", parent=parents["Samira"])
    yes = pool.Answers({themes["reading"]: ""}, name_may_be_known=True)
    typed = ParentDetails("Peter", "de Wit", ParentKind.FATHER)
    nominated = pool.add_buddy(
        parent=typed,
        child=None,
        offer=pool.Offer(),
        answers=yes,
        by=teacher,
        submission=uuid4(),
        taken_up=False,
    )
    suggested = pool.suggest(
        details=ParentDetails(kind=ParentKind.MOTHER), child=children["Ömer"], by=teacher, submission=uuid4()
    )
    visitor.arrive(ib)
    visitor.sees("Nieuwe buddy via Tom.")
    visitor.look("vandaag-voordrachten")
    visitor.go("buddys/")
    visitor.look("buddys-voordrachten")
    visitor.go(f"buddys/{nominated.pk}/")
    visitor.look("buddy-voorgedragen")
    visitor.press("Deze ouder kennen we al")
    visitor.look("buddy-dezelfde-ouder")
    visitor.type("Naam van de ouder", "amrani")
    visitor.press("Zoek")
    visitor.look("buddy-dezelfde-ouder-gevonden")
    visitor.go(f"buddys/{nominated.pk}/")
    visitor.press("Opnemen")
    visitor.sees("Peter de Wit staat nu bij de buddy’s.")

    visitor.go(f"buddys/{suggested.pk}/")
    visitor.look("buddy-nog-niet-gevraagd")
    visitor.press("Gevraagd, denkt na")
    visitor.sees("Het is gevraagd en de ouder denkt erover na.")
    visitor.look("buddy-denkt-na")
    visitor.press("Ja, doet mee")
    visitor.press("Leg vast")
    visitor.sees("Kies wat de ouder wil delen.")
    visitor.look("buddy-ja-vastleggen-fout")
    visitor.choose("nieuwe kleuter")
    visitor.choose("Nee, nu niet")
    visitor.press("Leg vast")
    visitor.sees("is nu buddy.")
    visitor.go("buddys/")
    visitor.look("buddys-gevuld")


def test_look_up_a_parent_and_add_who_is_known(
    visitor: Visitor, ib: Membership, signalled: Signalled, parents: dict[str, Parent]
) -> None:
    signalled("divorce", parent=parents["Linda"])
    visitor.arrive(ib, "ouders/")
    visitor.look("ouders-leeg")
    visitor.type("Naam van de ouder", "Bestaat niet")
    visitor.press("Zoek")
    visitor.sees("Niemand gevonden")
    visitor.look("ouders-niemand")
    visitor.type("Naam van de ouder", "JONG")
    visitor.press("Zoek")
    visitor.sees("Linda de Jong")
    visitor.look("ouders-gevonden")
    visitor.press("Toevoegen als buddy: Linda de Jong")
    visitor.look("buddy-nieuw-bekende-ouder")
    visitor.go("buddys/nieuw/")
    visitor.type("Voornaam", "Linda")
    visitor.type("Achternaam", "de Jong")
    visitor.choose("scheiding")
    visitor.choose("Nee, nu niet")
    visitor.press("Voeg een buddy toe")
    visitor.sees("De school kent al een ouder met deze naam.")
    visitor.look("buddy-nieuw-zelfde-naam")
    assert Match.objects.count() == 0
    assert SupportRequest.objects.count() == 1

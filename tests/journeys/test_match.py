"""The intern begeleider brings two parents together, step by step or in one go."""

from buddies.models import CheckIn, EndReason, Match, Method, Purpose, SupportRequest
from buddies.workflow import MatchStatus
from school.models import Child, Membership, Parent, ParentKind
from tests.cast import AddBuddy, Proposed, Signalled

from .conftest import AT_BOTH, Visitor

# To record what a parent said on the phone, from Vandaag.
MOST_CLICKS = 3


@AT_BOTH
def test_from_a_signal_to_two_parents_who_help_each_other(
    visitor: Visitor,
    ib: Membership,
    add_buddy: AddBuddy,
    signalled: Signalled,
    children: dict[str, Child],
    parents: dict[str, Parent],
) -> None:
    fatma = add_buddy(
        "reading",
        first_name="Fatma",
        last_name="Yılmaz",
        phone="06-00000011",
        grades=(4,),
        words="Zelf dyslectisch",
    )
    add_buddy("reading", first_name="Kees", last_name="de Groot", grades=(8,), kind=ParentKind.FATHER)
    add_buddy("reading", parent=parents["Linda"])
    signalled(
        "reading", child=children["Noor"], first_name="Linda", last_name="de Jong", note="Vraagt om tips"
    )
    visitor.arrive(ib)
    visitor.sees("Nieuw signaal: lezen, dyslexie.")
    visitor.look("vandaag-signaal")
    visitor.press("Signalen")
    visitor.look("signalen")
    visitor.press("Bekijk: Linda de Jong")
    visitor.sees("Is dit dezelfde ouder?", "Vraagt om tips")
    visitor.look("signaal-bekende-ouder")
    visitor.press("Ja, dit is Linda de Jong")
    visitor.sees("Genoteerd welke ouder dit is.")
    visitor.look("signaal-gekoppeld")
    assert SupportRequest.objects.get().parent == parents["Linda"]

    visitor.press("Zoek buddy")
    visitor.sees("Fatma Yılmaz", "Kees de Groot", "Zelf dyslectisch", "Verwacht je een klik? Waarom?")
    visitor.unfold("die nu niet kan, en waarom")
    visitor.sees("Niet passend voor deze ouder")
    visitor.look("buddy-zoeken")
    assert "%" not in visitor.page.locator("main").inner_text(), "reasons in words, no scores"

    visitor.press("Stel Fatma Yılmaz voor")
    visitor.sees("Er klopt nog iets niet", "Tik aan waarom je een klik verwacht.")
    visitor.look("buddy-zoeken-zonder-reden")
    assert not Match.objects.exists()
    card = visitor.page.get_by_role("article", name="Fatma Yılmaz")
    card.get_by_text("zelfde ervaring", exact=True).click()
    visitor.press("Stel Fatma Yılmaz voor")
    visitor.sees("Fatma Yılmaz is voorgesteld. Nu eerst de ouder.", "Vertel de ouder dat er iemand is")
    visitor.look("koppeling-voorgesteld")
    match = Match.objects.get()
    assert match.buddy == fatma

    # The buddy hears nothing before the parent's yes: no button, and no way round it.
    visitor.has_no("Ja, wil graag")
    visitor.has_no("Ik heb de buddy gevraagd; het antwoord komt nog")
    visitor.press("Ik vertel het de ouder")
    visitor.sees("De buddy weet nog van niets.")
    visitor.has_no("Ja, wil graag")
    visitor.look("koppeling-wacht-op-ouder")

    visitor.go("")
    visitor.look("vandaag-antwoord-ouder")
    visitor.taps = 0
    visitor.press("Leg antwoord vast: Linda de Jong")
    visitor.press("Ja, graag")
    assert visitor.taps <= MOST_CLICKS
    visitor.sees("De ouder zei ja. Nu vraag jij Fatma Yılmaz.", "Zeg tegen de buddy")
    visitor.look("koppeling-vraag-buddy")
    match.refresh_from_db()
    assert match.parent_yes is not None
    assert match.parent_yes.recorded_by == ib

    visitor.press("Ik heb de buddy gevraagd; het antwoord komt nog")
    visitor.sees("Genoteerd. Nu is Fatma Yılmaz aan zet.")
    visitor.look("koppeling-wacht-op-buddy")
    visitor.unfold("Op een andere manier gezegd?")
    visitor.choose("aan de telefoon")
    visitor.press("Ja, wil graag")
    visitor.sees("Allebei ja.")
    match.refresh_from_db()
    assert match.buddy_yes is not None
    assert match.buddy_yes.method == Method.PHONE

    visitor.press("Verbind")
    visitor.sees("Maak een keuze.")
    visitor.look("koppeling-verbinden-fout")
    visitor.choose("De ouder neemt zelf contact op")
    visitor.press("Verbind")
    visitor.sees("De ouder kan alleen contact opnemen als de buddy contactgegevens wil delen.")
    visitor.choose("Fatma Yılmaz: mijn telefoonnummer of e-mailadres mag naar de ouder")
    visitor.look("koppeling-verbinden")
    visitor.press("Verbind")
    visitor.sees("Ze zijn verbonden.", "06-00000011", "Nabellen")
    visitor.look("koppeling-verbonden")
    match.refresh_from_db()
    assert match.status == MatchStatus.CONNECTED
    assert match.consents.filter(purpose=Purpose.SHARE_CONTACT).count() == 1

    visitor.press("Vraag hoe het gaat")
    visitor.press("Leg vast")
    visitor.sees("Maak een keuze.")
    visitor.look("nabellen-fout")
    visitor.choose("Gaat goed")
    visitor.press("Leg vast")
    visitor.sees("Genoteerd.")
    assert CheckIn.objects.exclude(done_at=None).count() == 1

    visitor.press("Rond af")
    visitor.press("Rond af")
    visitor.sees("Maak een keuze.")
    visitor.look("afronden-fout")
    visitor.choose("Het heeft geholpen")
    visitor.choose("Sluiten")
    visitor.press("Rond af")
    visitor.sees("Afgerond.")
    visitor.look("koppeling-afgerond")
    visitor.go("koppelingen/?status=ended")
    visitor.look("koppelingen-beeindigd")
    match.refresh_from_db()
    assert match.status == MatchStatus.COMPLETED
    assert SupportRequest.objects.get().closed_at is not None
    visitor.go("signalen/?status=closed")
    visitor.look("signalen-gesloten")


def test_everything_discussed_already_in_one_screen(
    visitor: Visitor, ib: Membership, proposed: Proposed
) -> None:
    match = proposed()
    visitor.arrive(ib, f"koppelingen/{match.pk}/")
    visitor.press("Alles is al besproken")
    visitor.look("alles-al-besproken")
    visitor.press("Leg vast en verbind")
    visitor.sees(
        "Ga alleen verder als de ouder ja heeft gezegd.", "Ga alleen verder als de buddy ja heeft gezegd."
    )
    visitor.look("alles-al-besproken-fout")
    visitor.choose("Amina Tesfay wil contact met deze buddy")
    visitor.choose("Buddy1 Bakker wil deze ouder helpen")
    visitor.choose("School stelt ze aan elkaar voor")
    visitor.choose("Amina Tesfay: de leerkracht van mijn kind mag weten dat ik een buddy heb")
    visitor.press("Leg vast en verbind")
    visitor.sees("Ze zijn verbonden.")
    match.refresh_from_db()
    assert match.status == MatchStatus.CONNECTED
    assert set(match.consents.values_list("purpose", flat=True)) == {Purpose.MATCH, Purpose.TELL_TEACHER}
    visitor.press("Intrekken: Amina Tesfay, de leerkracht mag van de buddy weten")
    visitor.look("toestemming-intrekken")
    visitor.press("Intrekken")
    visitor.sees("De toestemming is ingetrokken.")


def test_did_not_proceed_and_searching_again_without_that_buddy(
    visitor: Visitor, ib: Membership, proposed: Proposed, add_buddy: AddBuddy
) -> None:
    add_buddy("reading", first_name="Kees", last_name="de Groot")
    match = proposed(status=MatchStatus.WAITING_FOR_PARENT)
    name = str(match.buddy_parent)
    visitor.arrive(ib, f"koppelingen/{match.pk}/")
    visitor.press("Nee, liever niet")
    visitor.is_at("Het gaat niet door")
    visitor.look("gaat-niet-door")
    visitor.press("Leg vast")
    visitor.sees("Genoteerd. We zoeken weer verder voor deze ouder.")
    visitor.look("signaal-zoekt-weer")
    match.refresh_from_db()
    assert match.end_reason == EndReason.PARENT_NO
    visitor.press("Zoek buddy")
    visitor.sees("Kees de Groot")
    visitor.has_no(f"Stel {name} voor")
    visitor.unfold("die nu niet kan, en waarom")
    visitor.sees("Ging eerder niet door")
    visitor.look("buddy-zoeken-zonder-de-vorige")
    visitor.go(f"koppelingen/{match.pk}/")
    visitor.look("koppeling-niet-doorgegaan")


def test_take_the_last_step_back(visitor: Visitor, ib: Membership, proposed: Proposed) -> None:
    match = proposed(status=MatchStatus.WAITING_FOR_BUDDY)
    visitor.arrive(ib, f"koppelingen/{match.pk}/")
    visitor.press("Laatste stap terugnemen")
    visitor.sees("De laatste stap is teruggenomen.", "Wat zegt de ouder?")
    match.refresh_from_db()
    assert match.status == MatchStatus.WAITING_FOR_PARENT
    assert match.parent_yes is None


def test_the_rest_of_a_signal(
    visitor: Visitor, ib: Membership, signalled: Signalled, parents: dict[str, Parent]
) -> None:
    """Everything that can be changed about a request besides the main road."""
    visitor.arrive(ib, "signalen/")
    visitor.sees("Geen open signalen")
    visitor.look("signalen-leeg")
    visitor.go("koppelingen/")
    visitor.sees("Geen koppelingen onderweg")
    visitor.look("koppelingen-leeg")
    open_question = signalled(None, first_name="Nadia", last_name="D'Olyrook")
    undiscussed = signalled(None, discussed=False, first_name="", last_name="Nguyen")
    visitor.go("signalen/")
    visitor.look("signalen-gevuld")
    visitor.go(f"signalen/{open_question.pk}/match/")
    visitor.look("buddy-zoeken-zonder-onderwerp")
    visitor.go(f"signalen/{open_question.pk}/")
    visitor.unfold("Zoek een andere ouder")
    visitor.type("Zoek op naam", "niemand")
    visitor.press("Zoek")
    visitor.look("signaal-zoek-ouder")
    visitor.press("Dit is een nieuwe ouder")
    visitor.press("Naam en contactgegevens wijzigen")
    visitor.type("E-mailadres", "geen adres")
    visitor.press("Opslaan")
    visitor.sees("Dit lijkt geen e-mailadres.")
    visitor.look("signaal-gegevens-fout")
    visitor.type("E-mailadres", "nadia@demo.invalid")
    visitor.press("Opslaan")
    visitor.sees("nadia@demo.invalid")
    visitor.press("Kies het onderwerp")
    visitor.look("signaal-onderwerp")
    visitor.choose("taal")
    visitor.press("Opslaan")
    visitor.press("Zoek buddy")
    visitor.sees("Er staat nog niet bij welke taal de ouder spreekt")
    visitor.look("buddy-zoeken-taal-onbekend")
    visitor.go(f"signalen/{open_question.pk}/sluiten/")
    visitor.press("Sluit")
    visitor.sees("Maak een keuze.")
    visitor.look("signaal-sluiten-fout")
    visitor.go(f"signalen/{open_question.pk}/")
    visitor.press("De ouder wil stoppen")
    visitor.look("signaal-intrekken")
    visitor.press("Stop en wis")
    visitor.sees("Gewist.")
    visitor.look("signaal-gesloten")

    visitor.go(f"signalen/{undiscussed.pk}/")
    visitor.sees("Nog niet besproken met de ouder")
    visitor.look("signaal-nog-niet-besproken")
    visitor.press("Ik heb het met de ouder besproken")
    visitor.press("Opslaan")
    visitor.sees("Maak een keuze.")
    visitor.look("signaal-besproken-fout")

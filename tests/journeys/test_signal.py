"""A teacher signals a parent, proposes a buddy, and follows what becomes of it."""

from io import BytesIO

from playwright.sync_api import expect
from pypdf import PdfReader

from buddies.actions import requests
from buddies.models import Buddy, CloseReason, DoNotAsk, Signal, SupportRequest, TipGiver
from buddies.models.requests import NOTE_LENGTH
from buddies.workflow import BuddyStatus, MatchStatus
from school.models import Child, Membership, Parent, ParentKind
from tests.cast import AddBuddy, Proposed, Signalled

from .conftest import AT_BOTH, PHONE, Visitor

# What the product lets a teacher do, counted from Vandaag.
MOST_TAPS = 7
NOTE = "Wil graag horen hoe het de eerste weken ging."


@AT_BOTH
def test_is_there_somebody_and_signal_a_parent_in_seven_taps(
    visitor: Visitor, teacher: Membership, add_buddy: AddBuddy
) -> None:
    add_buddy("reading", first_name="Fatma", last_name="Yılmaz")
    visitor.arrive(teacher)
    visitor.look("vandaag-leerkracht")
    visitor.press("Signaleren")
    visitor.look("signaleren")
    if visitor.page.viewport_size == PHONE:
        visitor.unfold("Is er iemand? Kijk per onderwerp")
        visitor.look("is-er-iemand")
    there = visitor.page.locator(".somebody li").filter(visible=True)
    assert "Ja" in there.filter(has_text="Lezen, dyslexie").inner_text()
    assert "Nog niet" in there.filter(has_text="Scheiding").inner_text()
    visitor.does_not_see("Fatma", "Yılmaz")
    assert not SupportRequest.objects.exists(), "looking stores nothing"

    visitor.press("Verstuur het signaal")
    visitor.sees("Er klopt nog iets niet", "Maak een keuze.")
    visitor.look("signaleren-fout")
    assert not SupportRequest.objects.exists()

    visitor.go("")
    visitor.taps = 0
    visitor.press("Signaleren")
    visitor.pick("Kind", "Lina")
    visitor.choose("Moeder")
    visitor.choose("Ja, wil dat we zoeken")
    visitor.choose("Lezen, dyslexie")
    visitor.press("Verstuur het signaal")
    assert visitor.taps <= MOST_TAPS, visitor.taps
    visitor.is_at("Mijn signalen")
    visitor.sees(
        "Dank je.", "gaat hiermee verder. Jij hoeft nu niets te doen.", "Moeder van Lina", "ontvangen"
    )
    visitor.look("mijn-signalen-ontvangen")
    signalled = SupportRequest.objects.select_related("theme", "parent").get()
    assert signalled.theme is not None
    assert (signalled.theme.code, signalled.parent.kind) == ("reading", ParentKind.MOTHER)
    assert signalled.search_consent is not None


def test_everything_that_can_be_said_about_a_parent(visitor: Visitor, teacher: Membership) -> None:
    visitor.arrive(teacher, "signaleren/")
    visitor.unfold("Andere groep")
    visitor.choose("1/2A")
    expect(visitor.page.get_by_label("Kind", exact=True).locator("option", has_text="Sem")).to_be_attached()
    visitor.pick("Kind", "Staat er niet bij")
    visitor.type("Voornaam van het kind", "Jip")
    visitor.choose("Andere verzorger")
    visitor.unfold("Naam van de ouder")
    visitor.type("Voornaam van de ouder", "Ömür")
    visitor.type("Achternaam van de ouder", "D'Olyrook")
    visitor.choose("Ja, wil dat we zoeken")
    visitor.choose("Scheiding")
    visitor.type("Korte notitie, als dat helpt", NOTE)
    visitor.sees(f"nog {NOTE_LENGTH - len(NOTE)} tekens")
    visitor.unfold("Liever met een moeder of een vader?")
    visitor.choose("Een vader")
    visitor.unfold("Op een andere manier gezegd?")
    visitor.choose("Aan de telefoon")
    visitor.unfold("Waar de ouder ja op zegt")
    visitor.look("signaleren-alles")
    visitor.press("Verstuur het signaal")
    visitor.sees("Dank je.")
    said = SupportRequest.objects.select_related("parent", "group", "theme").get()
    assert (said.child_name, said.group and said.group.name, said.wish) == ("Jip", "1/2A", ParentKind.FATHER)
    assert str(said.parent) == "Ömür D'Olyrook"


def test_not_discussed_yet_and_later_it_is(
    visitor: Visitor, teacher: Membership, signalled: Signalled, children: dict[str, Child]
) -> None:
    visitor.arrive(teacher, "signalen/mijn/")
    visitor.sees("Je hebt nog geen signaal gegeven")
    visitor.look("mijn-signalen-leeg")
    visitor.press("Geef een signaal")
    visitor.pick("Kind", "Daan")
    visitor.choose("Vader")
    visitor.choose("Nog niet")
    # What comes after a yes is not asked before one.
    visitor.has_no("Scheiding")
    visitor.press("Verstuur het signaal")
    visitor.sees("Bespreek het eerst met de ouder.", "Vader van Daan", "Hoe breng je het ter sprake?")
    visitor.look("mijn-signalen-nog-bespreken")
    kept = SupportRequest.objects.get()
    assert (kept.theme, kept.note, kept.search_consent, bool(kept.forget_on)) == (None, "", None, True)

    visitor.go("")
    visitor.sees("Vader van Daan")
    visitor.look("vandaag-nog-bespreken")
    visitor.press("Besproken?: Vader van Daan")
    visitor.press("Opslaan")
    visitor.sees("Maak een keuze.")
    visitor.look("alsnog-besproken-fout")
    visitor.choose("Ja, wil dat we zoeken")
    visitor.choose("Scheiding")
    visitor.look("alsnog-besproken")
    visitor.press("Opslaan")
    visitor.sees("Dank je.", "ontvangen")
    kept.refresh_from_db()
    assert kept.search_consent is not None
    assert kept.theme is not None


def test_the_parent_does_not_want_it(visitor: Visitor, teacher: Membership) -> None:
    visitor.arrive(teacher, "signaleren/")
    visitor.pick("Kind", "Ömer")
    visitor.choose("Moeder")
    visitor.choose("Ja, maar wil het niet")
    visitor.look("signaleren-wil-niet")
    visitor.press("Verstuur het signaal")
    visitor.sees("We bewaren alleen dat we het deze ouder")
    visitor.does_not_see("Ömer")
    visitor.look("mijn-signalen-wil-niet")
    assert not SupportRequest.objects.exists()
    assert not Signal.objects.exists()
    assert DoNotAsk.objects.count() == 1


def test_follow_own_signals_and_give_the_tip(
    visitor: Visitor,
    teacher: Membership,
    ib: Membership,
    signalled: Signalled,
    proposed: Proposed,
    children: dict[str, Child],
    add_buddy: AddBuddy,
) -> None:
    fatma = add_buddy("reading", first_name="Fatma", last_name="Yılmaz", phone="06-00000009")
    new = signalled("divorce", child=children["Daan"], first_name="", last_name="")
    searching = signalled("busy", child=children["Ömer"], first_name="", last_name="")
    requests.take_up(request=searching, by=ib)
    requests.take_up(request=new, by=ib)
    requests.close(request=new, reason=CloseReason.NOT_NEEDED, by=ib)
    asked = signalled("reading", child=children["Lina"], first_name="", last_name="")
    match = proposed(asked, fatma, status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)
    visitor.arrive(teacher)
    visitor.sees("Er is iemand beschikbaar. Jij geeft de ouder de tip.")
    visitor.look("vandaag-tip")
    visitor.press("Mijn signalen")
    visitor.sees("opgepakt", "klaar", "Geef de tip", "Zeg tegen de ouder")
    visitor.does_not_see("Fatma", "Yılmaz", "06-00000009")
    visitor.look("mijn-signalen-gevuld")

    visitor.press("Wil eerst praten")
    visitor.sees("Spreek een moment af om te praten.")
    visitor.taps = 0
    visitor.press("Ja, wil kennismaken")
    assert visitor.taps == 1
    visitor.sees("Dank je.", "wil graag kennismaken")
    visitor.look("mijn-signalen-tip-ja")
    match.refresh_from_db()
    assert match.status == MatchStatus.WAITING_FOR_BUDDY
    visitor.press("Terugnemen")
    visitor.sees("Teruggenomen.")
    match.refresh_from_db()
    assert match.status == MatchStatus.WAITING_FOR_PARENT
    visitor.go(f"signalen/mijn/tip/{match.pk}/")
    visitor.does_not_see("Fatma", "Yılmaz")
    visitor.look("tip")
    visitor.press("Nee, liever niet")
    visitor.sees("Dank je.")
    match.refresh_from_db()
    assert match.status == MatchStatus.DID_NOT_PROCEED


def test_propose_a_buddy_who_said_yes_and_one_who_was_not_asked(
    visitor: Visitor, teacher: Membership
) -> None:
    visitor.arrive(teacher, "signaleren/")
    visitor.press("Kan buddy zijn")
    visitor.look("voordragen")
    visitor.press("Draag deze ouder voor")
    visitor.sees("Maak een keuze.")
    visitor.look("voordragen-fout")
    visitor.pick("Kind", "Lina")
    visitor.choose("Moeder")
    visitor.choose("Ja, wil buddy zijn")
    visitor.press("Draag deze ouder voor")
    visitor.sees("Kies minstens één onderwerp.")
    visitor.look("voordragen-wil-fout")
    visitor.choose("Lezen, dyslexie")
    visitor.choose("Nee", "Mag de naam bekend worden?")
    visitor.press("Draag deze ouder voor")
    visitor.sees("Dank je.", "Kan buddy zijn", "ontvangen")

    visitor.go("signaleren/buddy/")
    visitor.pick("Kind", "Daan")
    visitor.choose("Vader")
    visitor.choose("Nog niet")
    visitor.press("Draag deze ouder voor")
    visitor.sees("Vraag het eerst aan de ouder.", "nog niet gevraagd")
    visitor.look("mijn-signalen-voorgedragen")
    offered, suggested = Buddy.objects.order_by("pk")
    assert (offered.status, suggested.status) == (BuddyStatus.OFFERED, BuddyStatus.SUGGESTED)
    assert offered.taken_up_at is None
    assert suggested.parent.consent_set.count() == 0


def test_a_teacher_finds_nothing_about_buddies_anywhere(
    at_phone: Visitor,
    teacher: Membership,
    ib: Membership,
    signalled: Signalled,
    proposed: Proposed,
    add_buddy: AddBuddy,
    parents: dict[str, Parent],
) -> None:
    """Not on any page they can come to by links, and not by address (check 17)."""
    buddy = add_buddy(
        "reading",
        first_name="Geheime",
        last_name="Buddymoeder",
        phone="06-99999999",
        email="geheim@demo.invalid",
    )
    match = proposed(
        signalled("reading", parent=parents["Linda"]),
        buddy,
        status=MatchStatus.WAITING_FOR_PARENT,
        tip_giver=TipGiver.SIGNALLER,
    )
    signalled(None, discussed=False)
    secrets = ("Geheime", "Buddymoeder", "06-99999999", "geheim@demo.invalid")
    at_phone.arrive(teacher)
    inside, seen = f"{at_phone.base}{at_phone.at}", set[str]()
    waiting = [at_phone.page.url]
    while waiting:
        address = waiting.pop()
        seen.add(address)
        if address.endswith(".pdf"):
            paper = PdfReader(BytesIO(at_phone.page.request.get(address).body()))
            words = " ".join(page.extract_text() for page in paper.pages)
            assert words
            assert not any(secret in words for secret in secrets), address
            continue
        at_phone.go(address.removeprefix(inside))
        at_phone.does_not_see(*secrets)
        links = at_phone.page.evaluate("[...document.links].map(link => link.href.split('#')[0])")
        waiting += sorted({link for link in links if link.startswith(inside)} - seen - set(waiting))
    assert len(seen) >= 6, seen
    assert f"{inside}signalen/mijn/tip/{match.pk}/" in seen

    for path in (
        "buddys/",
        "buddys/nieuw/",
        "ouders/",
        "koppelingen/",
        "signalen/",
        "instellingen/onderwerpen/",
    ):
        at_phone.go(path, answer=403)
        at_phone.does_not_see(*secrets)
    at_phone.look("niet-voor-jou")
    for path in (
        f"buddys/{buddy.pk}/",
        f"buddys/{buddy.pk}/gegevens/",
        f"koppelingen/{match.pk}/",
        f"signalen/{match.request_id}/",
        f"signalen/{match.request_id}/match/",
    ):
        response = at_phone.page.request.get(f"{inside}{path}")
        assert response.status in (403, 404), path
        assert not any(secret in response.text() for secret in secrets), path

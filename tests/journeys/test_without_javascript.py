"""The main jobs with scripts turned off: slower, and all of it possible."""

from datetime import timedelta

from buddies.models import Match, SupportRequest
from buddies.workflow import MatchStatus
from meetings.models import FollowUp, Impression, Meeting, Tick
from school import clock
from school.models import Child, Membership, ParentKind
from tests.cast import AddBuddy

from .conftest import Visitor


def test_a_signal_for_a_child_of_another_group(without_javascript: Visitor, teacher: Membership) -> None:
    visitor = without_javascript
    visitor.arrive(teacher, "signaleren/")
    visitor.look("zonder-javascript-signaleren")
    visitor.unfold("Andere groep")
    visitor.choose("1/2A")
    visitor.choose("Vader")
    visitor.press("Toon de kinderen van deze groep")
    assert not SupportRequest.objects.exists()
    visitor.pick("Kind", "Noor")
    visitor.choose("Ja, wil dat we zoeken")
    visitor.press("Verstuur het signaal")
    visitor.is_at("Mijn signalen")
    visitor.sees("Vader van Noor", "ontvangen")
    visitor.look("zonder-javascript-mijn-signalen")
    signalled = SupportRequest.objects.select_related("child", "parent").get()
    assert signalled.child is not None
    assert (signalled.child.first_name, signalled.parent.kind) == ("Noor", ParentKind.FATHER)


def test_from_a_signal_to_a_match(
    without_javascript: Visitor, teacher: Membership, ib: Membership, add_buddy: AddBuddy
) -> None:
    visitor = without_javascript
    add_buddy("divorce", first_name="Kemal", last_name="El Amrani")
    visitor.arrive(teacher, "signaleren/")
    visitor.press("Verstuur het signaal")
    visitor.sees("Er klopt nog iets niet")
    visitor.pick("Kind", "Lina")
    visitor.choose("Moeder")
    visitor.choose("Ja, wil dat we zoeken")
    visitor.choose("Scheiding")
    visitor.press("Verstuur het signaal")
    visitor.sees("Dank je.")

    visitor.arrive(ib)
    visitor.press("Bekijk: Moeder van Lina")
    visitor.press("Dit is een nieuwe ouder")
    visitor.press("Zoek buddy")
    visitor.press("Stel Kemal El Amrani voor")
    visitor.sees("Tik aan waarom je een klik verwacht.")
    visitor.choose("ik ken ze allebei")
    visitor.press("Stel Kemal El Amrani voor")
    visitor.press("Ik vertel het de ouder")
    visitor.press("Ja, graag")
    visitor.press("Ja, wil graag")
    visitor.choose("School stelt ze aan elkaar voor")
    visitor.press("Verbind")
    visitor.sees("Ze zijn verbonden.")
    visitor.look("zonder-javascript-verbonden")
    assert Match.objects.get().status == MatchStatus.CONNECTED


def test_a_meeting_before_during_and_after(
    without_javascript: Visitor, teacher: Membership, children: dict[str, Child]
) -> None:
    visitor = without_javascript
    tomorrow = clock.today() + timedelta(days=1)
    visitor.arrive(teacher, "gesprekken/nieuw/")
    visitor.pick("Kind", "Lina")
    visitor.type("Datum", tomorrow.isoformat())
    visitor.type("Tijd", "15:30")
    visitor.choose("Geen buddy")
    visitor.choose("Ja", "Is er gevoelig nieuws")
    visitor.press("Gesprek plannen")
    visitor.page.locator("#tick-T4").click()
    visitor.page.locator("#tick-T4[aria-pressed=true]").wait_for()
    visitor.type("Vraag van de ouder", "Hoe gaat het met lezen?")
    visitor.press("Voeg de vraag toe")
    visitor.sees("Hoe gaat het met lezen?")
    visitor.press("Naar het gesprek")
    visitor.press("Buddy komt onverwacht mee")
    visitor.sees("Praat eerst met de ouder alleen.")
    visitor.press("Ik kom erop terug")
    visitor.type("Waar kom je op terug?", "Uitzoeken wie er met Lina leest")
    visitor.press("Herinner me eraan")
    Meeting.objects.update(at=clock.now() - timedelta(hours=2))
    visitor.press("Kijk samen terug")
    visitor.choose("Prettig", "De ouder")
    visitor.press("Opslaan")
    visitor.sees("Opgeslagen.")
    visitor.look("zonder-javascript-gesprek-na")
    assert Meeting.objects.get().parents.get().said == Impression.PLEASANT
    assert (Tick.objects.count(), FollowUp.objects.count()) == (1, 1)

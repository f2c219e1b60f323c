"""The main job with scripts turned off: slower, and all of it possible."""

from buddies.models import Match, SupportRequest
from buddies.workflow import MatchStatus
from school.models import Membership, ParentKind
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

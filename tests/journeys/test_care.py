"""What a hurried hand, a bad connection, a strange name and a small screen do to the pages."""

import pytest
from playwright.sync_api import Page, expect

from buddies.models import Match, SupportRequest
from buddies.workflow import MatchStatus
from school.models import Child, Membership, ParentKind
from tests.cast import AddBuddy, Proposed, Signalled

from .conftest import PHONE, Open, Visitor

TARGET = 44
STRANGE = (
    "<script>document.title='hacked'</script>",
    "👪 O'Brien & <b>Zoë</b>",
    "محمد الأمراني",
    "\u202eNguyễn",
)


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_a_double_tap_makes_one_signal(visit: Open, teacher: Membership, javascript: bool) -> None:
    visitor = visit(viewport=PHONE, java_script_enabled=javascript)
    visitor.arrive(teacher, "signaleren/")
    visitor.pick("Kind", "Lina")
    visitor.choose("Moeder")
    visitor.choose("Ja, wil dat we zoeken")
    visitor.called("Verstuur het signaal").dblclick()
    visitor.is_at("Mijn signalen")
    visitor.sees("Dank je.")
    assert SupportRequest.objects.count() == 1
    assert visitor.page.get_by_role("heading", name="Moeder van Lina").count() == 1


def test_a_double_tap_makes_one_proposal(
    at_phone: Visitor, ib: Membership, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    add_buddy("reading", first_name="Fatma", last_name="Yılmaz")
    request = signalled("reading")
    at_phone.arrive(ib, f"signalen/{request.pk}/match/")
    at_phone.choose("zelfde ervaring")
    at_phone.called("Stel Fatma Yılmaz voor").dblclick()
    at_phone.sees("Vertel de ouder dat er iemand is")
    assert Match.objects.count() == 1


def test_a_lost_connection_keeps_the_input(at_phone: Visitor, teacher: Membership) -> None:
    at_phone.arrive(teacher, "signaleren/")
    at_phone.pick("Kind", "Lina")
    at_phone.choose("Moeder")
    at_phone.choose("Ja, wil dat we zoeken")
    at_phone.type("Korte notitie, als dat helpt", "Blijft staan")
    at_phone.context.set_offline(True)
    at_phone.press("Verstuur het signaal")
    at_phone.sees("Er is geen verbinding. Wat je invulde staat er nog")
    at_phone.look("geen-verbinding")
    assert at_phone.field("Korte notitie, als dat helpt").input_value() == "Blijft staan"
    assert not SupportRequest.objects.exists()
    at_phone.context.set_offline(False)
    at_phone.press("Verstuur het signaal")
    at_phone.sees("Dank je.")
    assert SupportRequest.objects.get().note == "Blijft staan"


def test_bad_input_is_kept_and_changes_nothing(at_phone: Visitor, teacher: Membership) -> None:
    name, note = "x" * 200, "Te lang. " * 30
    at_phone.arrive(teacher, "signaleren/")
    at_phone.pick("Kind", "Lina")
    at_phone.choose("Moeder")
    at_phone.unfold("Naam van de ouder")
    at_phone.field("Voornaam van de ouder").evaluate("field => field.removeAttribute('maxlength')")
    at_phone.type("Voornaam van de ouder", name)
    at_phone.choose("Ja, wil dat we zoeken")
    at_phone.choose("Scheiding")
    at_phone.type("Korte notitie, als dat helpt", note)
    at_phone.sees("tekens te veel")
    at_phone.press("Verstuur het signaal")
    expect(at_phone.page.get_by_role("alert")).to_be_focused()
    at_phone.look("signaleren-te-lang")
    assert at_phone.page.get_by_role("alert").get_by_role("link").count() == 2
    assert at_phone.field("Voornaam van de ouder").input_value() == name
    assert at_phone.field("Korte notitie, als dat helpt").input_value().strip() == note.strip()
    expect(at_phone.page.get_by_role("radio", name="Moeder")).to_be_checked()
    expect(at_phone.page.get_by_role("radio", name="Scheiding")).to_be_checked()
    assert at_phone.page.locator("select option:checked").inner_text() == "Lina"
    assert not SupportRequest.objects.exists()


def test_a_strange_name_is_only_a_name(at_phone: Visitor, ib: Membership) -> None:
    for number, name in enumerate(STRANGE):
        at_phone.arrive(ib, "buddys/nieuw/")
        at_phone.type("Voornaam", name)
        at_phone.type("Achternaam", f"Vreemd{number}")
        at_phone.choose("scheiding")
        at_phone.choose("Nee, nu niet")
        at_phone.press("Voeg een buddy toe")
        # What turns the direction of a text is not part of a name.
        shown = name.replace("\u202e", "")
        at_phone.is_at(f"{shown} Vreemd{number}")
        assert "hacked" not in at_phone.page.title().removesuffix("· De Wilgen").replace(STRANGE[0], "")
    at_phone.go("buddys/")
    for name in STRANGE:
        at_phone.sees(name.replace("\u202e", ""))
    assert at_phone.page.locator("main script, main b").count() == 0
    at_phone.look("vreemde-namen")


def test_small_screens_enlarged_pages_and_large_targets(
    at_phone: Visitor,
    ib: Membership,
    teacher: Membership,
    add_buddy: AddBuddy,
    signalled: Signalled,
    proposed: Proposed,
    children: dict[str, Child],
) -> None:
    """Nothing scrolls sideways at 320 px or at 200 % on a small laptop; on a phone a finger hits everything."""
    long = "Wilhelmina-Alexandrina"
    buddy = add_buddy(
        ["reading", "divorce", "language"],
        first_name=long,
        last_name="van Oldenbarneveldt-Düsseldorffer",
        email=f"{long.lower()}.van.oldenbarneveldt.dusseldorffer@demo.invalid",
        phone="06-00000001",
        languages=("nl", "ar", "ti", "tr"),
        capacity=3,
    )
    add_buddy("reading", first_name="Kees", kind=ParentKind.FATHER)
    searching = signalled("reading", first_name=long, last_name="D'Olyrook", child=children["Lina"])
    match = proposed(signalled("divorce"), buddy)
    connected = proposed(signalled("language", languages=("tr",)), buddy, status=MatchStatus.CONNECTED)
    signalled(None, discussed=False, by=ib)
    paths = {
        ib: [
            "",
            "buddys/",
            "buddys/nieuw/",
            f"buddys/{buddy.pk}/",
            "ouders/?q=a",
            "signalen/",
            f"signalen/{searching.pk}/",
            f"signalen/{searching.pk}/match/",
            "koppelingen/",
            f"koppelingen/{match.pk}/",
            f"koppelingen/{match.pk}/alles-besproken/",
            f"koppelingen/{connected.pk}/",
        ],
        teacher: ["", "signaleren/", "signaleren/buddy/", "signalen/mijn/"],
    }
    for member, theirs in paths.items():
        at_phone.arrive(member)
        for path in theirs:
            at_phone.go(path)
            at_phone.page.evaluate(
                "document.querySelectorAll('main details').forEach(fold => fold.open = true)"
            )
            at_phone.page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
            assert not too_small(at_phone.page), path
            for width, height in ((320, 568), (683, 384)):
                at_phone.page.set_viewport_size({"width": width, "height": height})
                assert not sticking_out(at_phone.page), f"{path} at {width}"


def too_small(page: Page) -> list[str]:
    """What can be tapped but is smaller than a fingertip, with its size."""
    script = """least => [...document.querySelectorAll(
        "button, .btn, label.chip, a.chip, label.check, select, textarea, summary, nav a, " +
        "input:not([type=hidden], [type=radio], [type=checkbox])"
    )].map(one => [one, one.getBoundingClientRect()])
      .filter(([one, box]) => box.width && (box.width < least - .5 || box.height < least - .5))
      .map(([one, box]) => `${one.outerHTML.slice(0, 80)}: ${box.width} x ${box.height}`)"""
    found: list[str] = page.evaluate(script, TARGET)
    return found


def sticking_out(page: Page) -> list[str]:
    """What makes the page wider than the screen."""
    script = """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
        [...document.querySelectorAll("body *")]
            .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth)
            .map(one => one.outerHTML.slice(0, 80))"""
    found: list[str] = page.evaluate(script)
    return found

"""What holds on every screen: what to do next, a way back, nothing out of reach and no list without an explanation."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from buddies.actions.schools import open_school
from buddies.models import Match, PersonalLink
from buddies.workflow import MatchStatus
from meetings.models import BuddyComes
from school import clock
from school.models import Child, Membership
from school.roles import Role
from tests.buddies.newcomers import offered, starts
from tests.cast import AddBuddy, Proposed, member
from tests.meetings.conftest import Planned
from tools.process import ROOT

from .conftest import PHONE, Open, Visitor
from .test_care import sticking_out, too_small

# A phone of 360 x 740 of which the keyboard takes the lower half.
KEYBOARD_OPEN = {"width": 360, "height": 380}
# Lists that are never empty: whoever looks at them is on one, or the product fills it.
NEVER_EMPTY = {"instellingen/", "instellingen/team/", "instellingen/onderwerpen/lijst/"}
LISTS = {
    Role.TEACHER: {"", "signalen/mijn/", "gesprekken/"},
    Role.INTERN_BEGELEIDER: {
        "",
        "signalen/",
        "signalen/?status=closed",
        "buddys/",
        "koppelingen/",
        "koppelingen/?status=ended",
        "gesprekken/",
        "kleuters/",
        "signalen/mijn/",
        "overzicht/",
    },
    Role.DIRECTOR: {"", "overzicht/", "gesprekken/", "instellingen/groepen/"},
    Role.BOUWCOORDINATOR: {"", "gesprekken/", "signalen/mijn/"},
    Role.ADMINISTRATOR: {"", "instellingen/groepen/"},
}


@pytest.mark.parametrize("role", list(Role))
def test_every_list_of_an_empty_school_says_what_to_do(
    at_desk: Visitor, transactional: None, role: Role
) -> None:
    """Check 18, for everybody: also whatever the navigation leads to."""
    school = open_school(name="De Berk", slug="de-berk", brin="99XX", by=None)
    at_desk.arrive(member(school, "Nieuw", role))
    entries = at_desk.page.locator("nav a").evaluate_all("links => links.map(link => link.href)")
    reached = {entry.removeprefix(f"{at_desk.base}{at_desk.at}") for entry in entries}
    forms = {"signaleren/"}
    for path in sorted(LISTS[role] | reached - forms - NEVER_EMPTY):
        at_desk.go(path)
        rows = at_desk.page.locator(".work-item, tbody tr")
        empty = at_desk.page.locator(".empty")
        assert rows.count() or empty.count(), f"{path} says nothing"
        for one in empty.all():
            assert one.get_by_role("heading").inner_text(), path
            assert one.locator("p").inner_text(), path


def test_sending_is_in_reach_with_the_keyboard_open(
    visit: Open, teacher: Membership, ib: Membership, director: Membership
) -> None:
    """Check 4: from the field one types in, the button can be scrolled to and nothing lies over either."""
    phone = visit(viewport=KEYBOARD_OPEN)
    for somebody, path, field, button in (
        (teacher, "signaleren/", "Korte notitie, als dat helpt", "Verstuur het signaal"),
        (teacher, "gesprekken/nieuw/", "Ruimte", "Gesprek plannen"),
        (ib, "buddys/nieuw/", "Achternaam", "Voeg een buddy toe"),
        (director, "kleuters/nieuw/", "Voornaam van het kind", "Voeg toe"),
    ):
        phone.arrive(somebody, path)
        if path == "signaleren/":
            phone.choose("Ja, wil dat we zoeken")
        phone.field(field).focus()
        phone.page.keyboard.type("Iets")
        for one in (phone.field(field), phone.called(button).last):
            one.evaluate("one => one.scrollIntoView({block: 'nearest'})")
            expect(one).to_be_in_viewport(ratio=0.99)
            on_top = """one => { const box = one.getBoundingClientRect();
                return one.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)); }"""
            assert one.evaluate(on_top), f"{path}: something lies over it"


def test_an_undo_waits_for_who_hesitates(at_desk: Visitor, ib: Membership, proposed: Proposed) -> None:
    """Check 15: a step can be taken back after ten seconds, and after ten minutes; no notice goes by itself."""
    match = proposed(status=MatchStatus.WAITING_FOR_PARENT)
    at_desk.page.clock.install()
    at_desk.arrive(ib, f"koppelingen/{match.pk}/")
    at_desk.press("Ja, graag")
    at_desk.sees("De ouder zei ja.")
    at_desk.page.clock.fast_forward("10:00")
    Match.objects.update(changed_at=clock.now() - timedelta(minutes=10))
    at_desk.sees("De ouder zei ja.")
    at_desk.press("Laatste stap terugnemen")
    at_desk.sees("De laatste stap is teruggenomen.")
    match.refresh_from_db()
    assert match.status == MatchStatus.WAITING_FOR_PARENT


def test_what_a_parent_will_read_is_shown_before_there_is_a_link(
    at_desk: Visitor, visit: Open, ib: Membership, proposed: Proposed
) -> None:
    """Check 16: word for word, and until the button is pressed there is nothing to give."""
    match = proposed(status=MatchStatus.WAITING_FOR_PARENT)
    at_desk.arrive(ib, f"koppelingen/{match.pk}/")
    at_desk.press("Maak een persoonlijke link")
    shown = at_desk.page.locator(".letter p:not(.letter-head)").all_inner_texts()
    assert not PersonalLink.objects.exists()
    at_desk.press("Maak de link")
    address = at_desk.field("Om zelf te sturen").input_value()
    parent = visit(viewport=PHONE)
    parent.open(address)
    assert len(shown) >= 4
    for sentence in (line for text in shown for line in text.splitlines()):
        parent.sees(sentence)


def test_the_newer_pages_on_small_screens(
    at_phone: Visitor,
    ib: Membership,
    teacher: Membership,
    director: Membership,
    add_buddy: AddBuddy,
    proposed: Proposed,
    children: dict[str, Child],
) -> None:
    """As the pages in `test_care`: at 320 px and at 200 % on a small laptop, and fingertips on a phone."""
    buddy = add_buddy("newcomer", first_name="Wilhelmina-Alexandrina", last_name="van Oldenbarneveldt")
    new, thinking = starts("Maximiliaan-Christoffel", director, 5), starts("Mees", director, 9)
    offer = offered(thinking, director, buddy)
    meeting = Planned(teacher)(child=children["Lina"], buddy=BuddyComes.ALONG, sensitive_news=True)
    match = proposed(status=MatchStatus.WAITING_FOR_PARENT)
    meeting_pages = [
        f"gesprekken/{meeting.pk}/{page}/" for page in ("voor", "tijdens", "na", "print", "wijzigen")
    ]
    paths = {
        teacher: ["gesprekken/", "gesprekken/nieuw/", *meeting_pages],
        director: [
            "",
            "kleuters/",
            "kleuters/nieuw/",
            f"kleuters/{new.pk}/",
            f"kleuters/aanbod/{offer.pk}/",
            "overzicht/",
            "instellingen/",
            "instellingen/team/",
            "instellingen/team/nieuw/",
            f"instellingen/team/{teacher.pk}/",
            "instellingen/groepen/",
            "instellingen/school/",
            "instellingen/onderwerpen/lijst/",
        ],
        ib: [f"koppelingen/{match.pk}/link/"],
    }
    for somebody, theirs in paths.items():
        at_phone.arrive(somebody)
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


def test_every_answer_in_the_list_of_checks_names_a_test_that_exists() -> None:
    """docs/checks.md is kept by hand; what it points at may be renamed."""
    said = (ROOT / "docs/checks.md").read_text(encoding="utf-8")
    numbers = [int(number) for number in re.findall(r"^\| (\d+) \|", said, flags=re.MULTILINE)]
    assert numbers == list(range(1, 27))
    named = set(re.findall(r"`(test_\w+)`", said))
    there = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    }
    assert not named - there
    assert all((ROOT / "docs" / path).exists() for path in re.findall(r"\]\(([\w/-]+\.png)\)", said))

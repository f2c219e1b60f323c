"""The parent's page on a phone, from the link a coordinator makes to stopping again, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import FloatRect, Page

from buddies.links.speech import WRITTEN
from buddies.models import Consent, Match, Purpose
from buddies.workflow import MatchStatus
from school.models import Membership, School
from tests.cast import Proposed

from .conftest import PHONE, Open, Visitor


@pytest.fixture
def match(proposed: Proposed, school: School) -> Match:
    """A match that waits for the parent, at a school that offers every language."""
    School.objects.filter(pk=school.pk).update(languages=[])
    return proposed(status=MatchStatus.WAITING_FOR_PARENT)


def link_by(coordinator: Visitor, ib: Membership, match: Match) -> str:
    """The link that a coordinator makes and copies."""
    coordinator.arrive(ib, f"koppelingen/{match.pk}/")
    coordinator.press("Maak een persoonlijke link")
    coordinator.look("link-maken")
    coordinator.choose("العربية")
    coordinator.press("Maak de link")
    coordinator.look("link-gemaakt")
    return coordinator.page.get_by_label("Om zelf te sturen").input_value()


def status(match: Match) -> MatchStatus:
    match.refresh_from_db()
    return match.state


def boxes(page: Page) -> list[FloatRect]:
    """Where each button stands, and how large it is."""
    found = [button.bounding_box() for button in page.get_by_role("button").all()]
    return [box for box in found if box is not None]


def test_parent_answers_and_stops_on_a_phone(
    at_desk: Visitor, visit: Open, ib: Membership, match: Match
) -> None:
    link = link_by(at_desk, ib, match)
    parent = visit(viewport=PHONE)
    parent.page.goto(f"{link}?taal=nl")
    parent.is_at("Wilt u contact met een andere ouder?")
    parent.look("ouderpagina-vraag")

    answers = boxes(parent.page)
    assert len({(box["width"], box["height"]) for box in answers}) == 1, "as large as each other"
    assert len(answers) == 3
    assert all(box["height"] >= 44 and box["y"] + box["height"] <= PHONE["height"] for box in answers)
    targets = [link.bounding_box() for link in parent.page.get_by_role("link").all()]
    assert all(box and box["height"] >= 44 and box["width"] >= 44 for box in targets)

    parent.press("Ik wil eerst praten")
    parent.sees("De school belt u.")
    parent.look("ouderpagina-eerst-praten")
    parent.press("Nee")
    parent.is_at("U hebt nee gezegd")
    parent.look("ouderpagina-nee")
    parent.press("Ja")
    parent.is_at("U hebt ja gezegd")
    assert status(match) is MatchStatus.WAITING_FOR_BUDDY
    assert not Consent.objects.filter(purpose=Purpose.SHARE_CONTACT).exists(), "a question of its own"
    parent.look("ouderpagina-ja")
    yes, no, stop = boxes(parent.page)
    assert (yes["width"], yes["height"]) == (no["width"], no["height"]) == (stop["width"], stop["height"])
    parent.press("Ja")
    parent.sees("Uw antwoord is nu: ja.")
    parent.press("Nee")
    parent.sees("Uw antwoord is nu: nee.")
    parent.look("ouderpagina-gegevens")
    parent.press("Ik wil stoppen")
    parent.is_at("U bent gestopt")
    parent.look("ouderpagina-gestopt")
    assert status(match) is MatchStatus.DID_NOT_PROCEED
    assert parent.context.cookies() == []


def test_page_in_every_language_by_keyboard_and_without_javascript(
    at_desk: Visitor, visit: Open, ib: Membership, match: Match
) -> None:
    link = link_by(at_desk, ib, match)
    parent = visit(viewport=PHONE)
    parent.page.goto(link)
    assert parent.page.locator("html").get_attribute("dir") == "rtl"
    for code in WRITTEN:
        parent.page.locator(f"nav a[lang={code}]").click()
        assert parent.page.locator("html").get_attribute("lang") == code
        parent.look(f"ouderpagina-{code}")
        parent.page.set_viewport_size({"width": 320, "height": 256})
        assert parent.page.evaluate("document.documentElement.scrollWidth") <= 320
        parent.page.set_viewport_size({"width": 360, "height": 740})
    assert status(match) is MatchStatus.WAITING_FOR_PARENT, "reading is no answer"
    plain = visit(viewport=PHONE, java_script_enabled=False)
    plain.page.goto(f"{link}?taal=nl")
    while plain.page.locator("button:focus").count() == 0:
        plain.page.keyboard.press("Tab")
    plain.page.keyboard.press("Enter")
    plain.is_at("U hebt ja gezegd")
    assert status(match) is MatchStatus.WAITING_FOR_BUDDY


def test_link_that_does_not_work_is_a_kind_page(at_phone: Visitor, served: str, school: School) -> None:
    at_phone.at = "/o/"
    at_phone.go("niets/", answer=404)
    at_phone.is_at("Deze link werkt niet meer")
    at_phone.look("ouderpagina-link-werkt-niet")


def test_link_is_copied_and_only_the_letter_is_printed(
    visit: Open, served: str, ib: Membership, match: Match
) -> None:
    coordinator = visit(
        viewport={"width": 1366, "height": 768}, permissions=["clipboard-read", "clipboard-write"]
    )
    link = link_by(coordinator, ib, match)
    coordinator.press("Kopieer")
    coordinator.called("Gekopieerd").wait_for()
    assert coordinator.page.evaluate("navigator.clipboard.readText()") == link
    coordinator.page.emulate_media(media="print")
    for gone in (".site-header", "#link", ".actions"):
        assert not coordinator.page.locator(gone).first.is_visible(), gone
    assert coordinator.page.locator(".paper").is_visible()

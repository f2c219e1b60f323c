"""Signed out in the middle of something: nothing that was typed is lost, and nobody else sends it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from buddies.models import Signal, SupportRequest
from school import clock
from school.accounts import BY_ACCOUNT
from school.models import Membership, Session
from tests.cast import ClientOf

from .conftest import PASSWORD, Visitor

NOTE = "Half getypt."


def half_typed(visitor: Visitor, teacher: Membership) -> None:
    """The teacher signed in, filled in a signal, and was away for too long."""
    visitor.sign_in(teacher)
    visitor.press("Signaleren")
    visitor.pick("Kind", "Lina")
    visitor.choose("Moeder")
    visitor.choose("Ja, wil dat we zoeken")
    visitor.choose("Lezen, dyslexie")
    visitor.type("Korte notitie, als dat helpt", NOTE)
    Session.objects.update(expire_date=clock.now())


def sign_in_beside(visitor: Visitor, member: Membership) -> None:
    """Follow the link, which opens a tab of its own, and sign in there."""
    member.user.set_password(PASSWORD)
    member.user.save()
    with visitor.context.expect_page() as opened:
        visitor.press("Inloggen in een nieuw tabblad")
    tab: Page = opened.value
    tab.get_by_label("E-mailadres").fill(member.user.email)
    tab.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    tab.get_by_role("button", name="Inloggen").click()
    tab.wait_for_url(f"**/{member.school.slug}/")
    tab.close()


def test_half_a_signal_survives_signing_in_again(
    visitor: Visitor, teacher: Membership, director: Membership
) -> None:
    half_typed(visitor, teacher)
    visitor.press("Verstuur het signaal")
    visitor.sees("Je bent intussen uitgelogd. Wat je invulde staat er nog en is nog niet opgeslagen.")
    visitor.look("uitgelogd")
    sign_in_beside(visitor, director)
    visitor.press("Verstuur het signaal")
    visitor.sees("Intussen is iemand anders ingelogd in deze browser; daarom is dit niet verstuurd.")
    assert not SupportRequest.objects.exists()
    stored = visitor.page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert NOTE not in stored
    Session.objects.all().delete()
    sign_in_beside(visitor, teacher)
    assert visitor.field("Korte notitie, als dat helpt").input_value() == NOTE
    visitor.press("Verstuur het signaal")
    visitor.sees("Dank je.", "Moeder van Lina")
    assert SupportRequest.objects.get().note == NOTE
    assert Signal.objects.get().recorded_by == teacher


def test_without_scripts_the_page_says_what_was_not_saved(
    without_javascript: Visitor, teacher: Membership
) -> None:
    visitor = without_javascript
    half_typed(visitor, teacher)
    visitor.press("Verstuur het signaal")
    visitor.sees("Wat je net verstuurde is niet opgeslagen.")
    visitor.look("zonder-javascript-uitgelogd")
    visitor.type("E-mailadres", teacher.user.email)
    visitor.type("Wachtwoord", PASSWORD)
    visitor.press("Inloggen")
    visitor.is_at("Signaleren")
    assert not SupportRequest.objects.exists()


def test_list_changes_as_a_whole_when_signed_out(at_desk: Visitor, teacher: Membership) -> None:
    """A part of the page is asked for: the sign-in page does not come inside it."""
    at_desk.arrive(teacher, "signaleren/")
    Session.objects.all().delete()
    at_desk.unfold("Andere groep")
    at_desk.page.locator("main").get_by_text("1/2A", exact=True).click()
    expect(at_desk.page).to_have_url(f"{at_desk.base}/account/login/?next=/{teacher.school.slug}/signaleren/")
    expect(at_desk.page.locator("header.site-header")).to_have_count(1)


def test_own_sessions_can_be_ended(visitor: Visitor, teacher: Membership) -> None:
    visitor.sign_in(teacher)
    for _ in range(2):
        elsewhere = ClientOf()(teacher)
    visitor.unfold(teacher.user.name.split()[0])
    visitor.press("Waar je bent ingelogd")
    visitor.sees("Chrome op", "deze browser", "Een onbekende browser", "laatst gebruikt")
    visitor.look("ingelogd")
    visitor.page.get_by_role("button", name="Een onbekende browser").first.click()
    visitor.sees("1 browser is uitgelogd.")
    visitor.press("Overal elders uitloggen")
    visitor.sees("1 browser is uitgelogd.")
    visitor.has_no("Overal elders uitloggen")
    assert elsewhere.get("/").status_code == 302


def test_too_many_wrong_passwords_say_what_to_do(visitor: Visitor, teacher: Membership) -> None:
    for _ in range(BY_ACCOUNT.times):
        BY_ACCOUNT.take(teacher.user.email)
    visitor.page.goto(visitor.base)
    visitor.type("E-mailadres", teacher.user.email)
    visitor.type("Wachtwoord", "verkeerd wachtwoord")
    visitor.press("Inloggen")
    visitor.sees("Er is te vaak een verkeerd wachtwoord ingevuld.", "Wachtwoord vergeten?")
    visitor.look("te-vaak")

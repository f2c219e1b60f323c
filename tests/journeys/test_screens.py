"""The screens beside the main road, each looked at once in the states it can have."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from buddies.actions import matches
from buddies.models import Buddy, CheckAnswer, TipGiver
from buddies.workflow import MatchStatus
from school import clock
from school.actions import add_member
from school.models import Membership, School
from school.roles import Role
from tests.cast import AddBuddy, Proposed, Signalled

from .conftest import AT_BOTH, PASSWORD, Visitor


def test_pages_of_an_account(visitor: Visitor, teacher: Membership, other_school: School) -> None:
    add_member(school=other_school, user=teacher.user, roles=[Role.TEACHER], groups=[], by=None)
    visitor.page.goto(f"{visitor.base}/account/password/reset/")
    visitor.look("wachtwoord-vergeten")
    visitor.type("E-mailadres", teacher.user.email)
    visitor.press("Stuur de link")
    visitor.is_at("Kijk in je mail")
    visitor.look("wachtwoord-vergeten-verstuurd")
    teacher.user.set_password(PASSWORD)
    teacher.user.save()
    visitor.arrive(teacher)
    visitor.page.goto(f"{visitor.base}/")
    visitor.sees("De Eik", "De Wilgen")
    visitor.look("school-kiezen")
    visitor.page.goto(f"{visitor.base}/over/")
    visitor.look("over")
    visitor.page.goto(f"{visitor.base}/account/password/change/")
    visitor.look("wachtwoord-wijzigen")
    visitor.page.locator("main button[type=submit]").click()
    visitor.sees("Er klopt nog iets niet")
    visitor.look("wachtwoord-wijzigen-fout")
    visitor.page.locator("summary.menu-caret").click()
    visitor.look("account-menu")
    visitor.go("bestaat-niet/", answer=404)
    visitor.look("niet-gevonden")
    visitor.page.goto(f"{visitor.base}/account/logout/")
    visitor.look("uitloggen")


@AT_BOTH
def test_today_when_it_is_busy(
    visitor: Visitor,
    ib: Membership,
    director: Membership,
    admin_member: Membership,
    add_buddy: AddBuddy,
    signalled: Signalled,
    proposed: Proposed,
) -> None:
    with clock.at(timezone.now() - timedelta(days=40)):
        connected = proposed(
            signalled("language", languages=("tr",)),
            add_buddy("language", languages=("nl", "tr")),
            status=MatchStatus.CONNECTED,
        )
    with clock.at(timezone.now() - timedelta(days=9)):
        signalled("divorce", first_name="Nadia")
        proposed(status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)
        proposed(signalled("busy"), status=MatchStatus.WAITING_FOR_BUDDY)
    proposed(signalled("newcomer"), add_buddy("newcomer"), by=director)
    agreed = proposed(signalled("culture"), status=MatchStatus.AGREED)
    visitor.arrive(ib)
    visitor.sees("Wacht te lang", "Voor vandaag")
    rows = visitor.page.locator(".work-item")
    late = visitor.page.get_by_role("region", name="Wacht te lang").locator(".work-item")
    expect(rows.first, "the most urgent one, without scrolling").to_be_in_viewport(ratio=1)
    assert rows.first.inner_text() == late.first.inner_text()
    for row in rows.all():
        expect(row.locator("a, button"), "one obvious next step a row").to_have_count(1)
    visitor.look("vandaag-druk")
    visitor.go("signalen/")
    visitor.look("signalen-druk")
    visitor.go("koppelingen/")
    visitor.look("koppelingen-druk")
    visitor.go(f"koppelingen/{agreed.pk}/verbinden/")
    visitor.look("verbinden")
    visitor.go(f"koppelingen/{connected.pk}/")
    call = connected.checkin_set.order_by("pk")[0]
    matches.record_checkin(checkin=call, answer=CheckAnswer.STOP, by=ib)
    visitor.go(f"koppelingen/{connected.pk}/")
    visitor.sees("een van de twee wil stoppen")
    visitor.look("koppeling-af-te-ronden")
    visitor.go(f"koppelingen/{agreed.pk}/?card=1")
    visitor.look("buddykaart")
    visitor.arrive(director)
    visitor.look("vandaag-directeur")
    visitor.arrive(admin_member)
    visitor.look("vandaag-beheer")


def test_who_arranges_what(visitor: Visitor, director: Membership, ib: Membership) -> None:
    visitor.arrive(director, "instellingen/onderwerpen/")
    visitor.look("wie-regelt-wat")
    visitor.press("Wijzigen: lezen, dyslexie")
    theme = visitor.page.get_by_role("region", name="lezen, dyslexie")
    for name in ("Regelt het", "Vervangt"):
        theme.get_by_label(name, exact=True).select_option(label="Ineke")
    theme.get_by_role("button").click()
    visitor.sees("Kies iemand anders als vervanger.")
    visitor.look("wie-regelt-wat-fout")


def test_somebody_was_first(visitor: Visitor, ib: Membership, add_buddy: AddBuddy) -> None:
    """Two colleagues at one buddy: nothing is overwritten unseen."""
    buddy = add_buddy(phone="06-00000001")
    visitor.arrive(ib, f"buddys/{buddy.pk}/aanbod/")
    Buddy.objects.filter(pk=buddy.pk).update(capacity=2, revision=buddy.revision + 1)
    visitor.choose("3", "Hoeveel ouders tegelijk?")
    visitor.press("Opslaan")
    visitor.is_at("Iemand was je voor")
    visitor.look("iemand-was-je-voor")
    buddy.refresh_from_db()
    assert buddy.capacity == 2
    visitor.press("Mijn versie opslaan")
    visitor.is_at("Buddy1 Bakker")
    buddy.refresh_from_db()
    assert buddy.capacity == 3

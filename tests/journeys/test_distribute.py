"""The intern begeleider divides all that wait in one go."""

from datetime import timedelta

import pytest

from buddies.models import Match, SupportRequest
from school import clock
from school.models import Child, Membership
from tests.cast import AddBuddy, Signalled

from .conftest import Visitor


@pytest.fixture(autouse=True)
def three_wait(served: str, children: dict[str, Child], signalled: Signalled, add_buddy: AddBuddy) -> None:
    """Three parents, of whom there is nobody for the last, and two buddies."""
    Child.objects.update(start_date=clock.today() - timedelta(days=900))
    add_buddy("reading", first_name="Fatma", last_name="Yılmaz", languages=("nl", "tr"), grades=(4,))
    add_buddy(("reading", "divorce"), first_name="Kees", last_name="de Groot", kind="father", grades=(8,))
    signalled("reading", first_name="Linda", child=children["Noor"], languages=("nl",))
    signalled("divorce", first_name="Samira", child=children["Lina"], wish="mother")
    signalled("language", first_name="Amina", languages=("ti",))


def test_accept_change_and_put_off_without_scripts(without_javascript: Visitor, ib: Membership) -> None:
    visitor = without_javascript
    visitor.arrive(ib)
    visitor.press("Verdelen: 3 ouders wachten op een buddy")
    visitor.is_at("Verdelen")
    visitor.sees("Linda Tesfay", "Fatma Yılmaz", "Samira Tesfay", "Kees de Groot")
    visitor.sees("Voor 1 ouder is er nu niemand.", "Is vader; de ouder praat liever met een moeder")

    visitor.press("Iemand anders: Samira Tesfay")
    visitor.is_at("Zoek buddy")
    visitor.go("verdelen/")
    visitor.press("Nu niet, over een week: Linda Tesfay")
    visitor.sees("Linda Tesfay is even uitgesteld.")
    visitor.has_no("Iemand anders: Linda Tesfay")
    visitor.unfold("Uitgesteld: 1 ouder")
    visitor.press("Zoek weer: Linda Tesfay")
    visitor.sees("Linda Tesfay wacht weer mee.")

    visitor.taps = 0
    visitor.press("ik ken ze allebei")
    assert visitor.taps == 1
    visitor.sees("Fatma Yılmaz is voorgesteld voor Linda Tesfay. Jij vraagt nu de ouder.")
    visitor.look("zonder-javascript-verdelen")
    assert Match.objects.get().click_reasons == ["know_both"]
    assert not SupportRequest.objects.exclude(parked_until=None).exists()


def test_divide_and_what_is_missing(visitor: Visitor, ib: Membership) -> None:
    visitor.arrive(ib, "signalen/")
    visitor.press("Verdelen")
    visitor.look("verdelen")
    row = visitor.page.get_by_role("article", name="Linda Tesfay")
    row.get_by_role("button", name="zelfde ervaring").focus()
    visitor.page.keyboard.press("Enter")
    visitor.sees("Fatma Yılmaz is voorgesteld voor Linda Tesfay.")
    visitor.press("Bekijk wat ontbreekt")
    visitor.is_at("Wat ontbreekt")
    visitor.sees("Er is geen buddy voor dit onderwerp. 1 ouder wacht.", "Laatste kind in groep 8")
    visitor.look("wat-ontbreekt")
    visitor.press("Amina Tesfay")
    visitor.is_at("Zoek buddy")

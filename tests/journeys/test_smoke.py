"""The shortest way through the product, on every database it runs on."""

import pytest

from buddies.models import SupportRequest
from school.models import Membership

from .conftest import DESKTOP, PHONE, Open


@pytest.mark.postgres_smoke
def test_sign_in_signal_and_open_it(visit: Open, teacher: Membership, ib: Membership) -> None:
    tom = visit(viewport=PHONE)
    tom.sign_in(teacher)
    tom.press("Geef een signaal")
    tom.pick("Kind", "Lina")
    tom.choose("Moeder")
    tom.choose("Ja, wil dat we zoeken")
    tom.choose("Lezen, dyslexie")
    tom.press("Verstuur het signaal")
    tom.sees("Moeder van Lina")

    ineke = visit(viewport=DESKTOP)
    ineke.sign_in(ib)
    ineke.sees("Nieuw signaal: lezen, dyslexie.")
    ineke.press("Bekijk: Moeder van Lina")
    ineke.sees("De ouder wil dat we zoeken. Jij bent aan zet.", "Gesignaleerd door", "Tom")
    assert SupportRequest.objects.get().parent.kind

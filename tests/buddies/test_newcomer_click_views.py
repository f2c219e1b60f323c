"""One tap for the click of all new families to whom a buddy is proposed: it saves ticking, and decides nothing."""

from __future__ import annotations

import pytest
from django.test import Client

from buddies.models import Buddy, NewcomerOffer
from school.models import Child, Group, Membership
from tests.cast import AddBuddy

from .newcomers import form, offered, starts
from .phone import text, url
from .watch import contents

pytestmark = pytest.mark.usefixtures("nobody_starts")
ONCE = "Zeg één keer waarom je een klik verwacht"


@pytest.fixture
def moos(
    nine: Child, director: Membership, groups: dict[str, Group], guide: Buddy, add_buddy: AddBuddy
) -> Child:
    """Moos, who starts after Nine; there is a buddy for each."""
    add_buddy("newcomer", first_name="Femke", grades=(8,))
    return starts("Moos", director, days=40, group=groups["1/2A"])


def links(client: Client, click: str) -> dict[str, str]:
    """Where a buddy is offered to each family, from the list with `click`."""
    found = client.get(url("newcomers"), {"klik": click}).context["found"]
    return {line.title: line.action_url for month in found.months for line in month.rows}


def ticked(client: Client, address: str) -> object:
    return client.get(address).context["form"]["click_reasons"].value()


def test_one_tap_ticks_the_reason_for_every_family(dirkje: Client, nine: Child, moos: Child) -> None:
    before = contents()
    found = links(dirkje, "know_both")
    assert [ticked(dirkje, found[name]) for name in ("Nine", "Moos")] == [["know_both"]] * 2
    assert contents() == before, "nothing is kept of it"
    assert ticked(dirkje, url("offer_newcomer", nine.pk)) == []


def test_reason_stays_for_the_next_family_and_is_recorded_as_sent(
    dirkje: Client, nine: Child, moos: Child, guide: Buddy
) -> None:
    address = links(dirkje, "know_both")["Nine"]
    back = dirkje.post(address, form(guide, click_reasons=["same_humour"]))
    made = NewcomerOffer.objects.get()
    assert (made.buddy, made.click_reasons) == (guide, ["same_humour"])
    assert back["Location"] == url("newcomers", query=f"?aanbod={made.pk}&klik=know_both")


def test_reason_for_one_buddy_is_not_that_for_another(
    dirkje: Client, nine: Child, moos: Child, guide: Buddy, director: Membership
) -> None:
    """The list was opened, and then a colleague had the buddy in mind for another family."""
    address = links(dirkje, "know_both")["Nine"]
    offered(moos, director, guide)
    page = dirkje.get(address)
    assert page.context["page"].proposed not in (None, guide.pk)
    assert page.context["form"]["click_reasons"].value() == []


@pytest.mark.parametrize("nonsense", ["", "x", "know_both,x"])
def test_no_reason_ticks_nothing(dirkje: Client, nine: Child, moos: Child, nonsense: str) -> None:
    assert links(dirkje, nonsense)["Nine"] == url("offer_newcomer", nine.pk)
    assert ticked(dirkje, url("offer_newcomer", nine.pk, query=f"?klik={nonsense}")) == []


def test_one_proposal_needs_no_tap_for_all(
    dirkje: Client, nine: Child, guide: Buddy, add_buddy: AddBuddy
) -> None:
    assert ONCE not in text(dirkje.get(url("newcomers")))


def test_two_proposals_can_have_one(dirkje: Client, nine: Child, moos: Child) -> None:
    assert ONCE in text(dirkje.get(url("newcomers")))

"""The crib sheet in the pocket: opened once, it needs no connection any more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from meetings.actions.meetings import ParentComing
from meetings.models import BuddyComes, FollowUp, Meeting
from school import clock
from school.models import Child, Membership
from tests.meetings.conftest import Planned

from .conftest import Visitor

PROMISE = "Vragen wie er op dinsdag met Lina leest"


@pytest.fixture
def planned(teacher: Membership) -> Planned:
    """`planned(buddy=BuddyComes.NONE)`: Tom meets one parent tomorrow."""
    return Planned(teacher)


def test_crib_sheet_goes_on_without_a_connection(
    at_phone: Visitor, teacher: Membership, planned: Planned, children: dict[str, Child]
) -> None:
    parents = (
        ParentComing("mother", buddy=BuddyComes.NONE),
        ParentComing("father", buddy=BuddyComes.NONE),
    )
    meeting = planned(
        at=clock.now() - timedelta(minutes=3), parents=parents, child=children["Lina"], sensitive_news=True
    )
    at_phone.arrive(teacher, f"gesprekken/{meeting.pk}/tijdens/")
    page = at_phone.page
    clock_says = page.locator("[data-clock]")
    expect(clock_says).to_contain_text("nog 12 min")
    points = page.locator(".crib-points > li")
    expect(page.locator("#T4")).to_have_count(0)

    at_phone.context.set_offline(True)
    at_phone.press("Buddy komt onverwacht mee (de moeder)")
    expect(points.first).to_have_attribute("id", "T4")
    expect(points.first).to_be_in_viewport()
    at_phone.sees("Er is geen verbinding.", "Praat eerst met de ouder alleen.")
    expect(clock_says).to_contain_text("nog 22 min")
    at_phone.press("De wens lukt niet")
    expect(page.locator("#T10")).to_be_in_viewport()
    at_phone.press("Buddy komt onverwacht mee (de vader)")
    at_phone.press("Buddy komt toch niet (de vader)")
    at_phone.press("Ik kom erop terug")
    at_phone.type("Waar kom je op terug?", PROMISE)
    at_phone.press("Herinner me eraan")
    at_phone.sees(f"Onthouden: {PROMISE}")
    at_phone.press("Kijk samen terug")
    expect(page).to_have_url(f"{at_phone.base}/de-wilgen/gesprekken/{meeting.pk}/tijdens/#terugkomen")
    at_phone.look("gesprek-tijdens-zonder-verbinding")
    assert stored(meeting) == (["none", "none"], False, 0)

    at_phone.context.set_offline(False)
    expect(page.locator("[data-unsaved]")).to_be_hidden(timeout=15000)
    assert stored(meeting) == (["along", "prepares"], True, 1)
    assert FollowUp.objects.get().words == PROMISE
    page.reload()
    expect(points.first).to_have_attribute("id", "T4")
    expect(clock_says).to_contain_text("nog 22 min")
    expect(at_phone.called("De wens lukt toch wel")).to_be_visible()
    at_phone.press("Eén punt tegelijk")
    at_phone.look("gesprek-tijdens-per-punt")
    not_its_fault(at_phone, "ERR_INTERNET_DISCONNECTED")


def not_its_fault(visitor: Visitor, text: str) -> None:
    """The browser complains about each request that got no answer, or a refusal: here that was to be."""
    visitor.faults = [fault for fault in visitor.faults if text not in fault]


def stored(meeting: Meeting) -> tuple[list[str], bool, int]:
    """What the school has: whether each parent's buddy comes, whether the wish is unmet, and how many promises."""
    meeting.refresh_from_db()
    return (
        list(meeting.parents.values_list("buddy", flat=True)),
        meeting.wish_unmet,
        FollowUp.objects.filter(meeting=meeting).count(),
    )


def test_crib_sheet_of_who_signed_out_is_saved_after_signing_in(
    at_phone: Visitor, teacher: Membership, planned: Planned
) -> None:
    meeting = planned(at=clock.now(), buddy=BuddyComes.NONE)
    at_phone.arrive(teacher, f"gesprekken/{meeting.pk}/tijdens/")
    at_phone.context.clear_cookies()
    at_phone.press("Buddy komt onverwacht mee")
    at_phone.sees("Je bent uitgelogd.", "Zeg dat jij nooit zelf contact zoekt met de buddy.")
    again = at_phone.context.new_page()
    mine, at_phone.page = at_phone.page, again
    at_phone.sign_in(teacher)
    at_phone.page = mine
    expect(mine.locator("[data-unsaved]")).to_be_hidden(timeout=15000)
    assert stored(meeting) == (["along"], False, 0)
    not_its_fault(at_phone, "status of 403")

"""The director sees in one click how the year goes, in numbers and without names."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from buddies.actions import totals
from buddies.models import BuiltIn, Measure, Theme
from school import clock
from school.models import Membership, School
from school.models.people import school_year

from .conftest import Visitor

SIGNALS = {BuiltIn.LANGUAGE: 12, BuiltIn.READING: 8, BuiltIn.BUSY: 7, BuiltIn.DIVORCE: 2}
CONNECTED = {BuiltIn.LANGUAGE: 7, BuiltIn.READING: 6}


@pytest.fixture
def a_year(school: School, themes: dict[str, Theme]) -> None:
    """A school year in which much happened."""
    year = school_year(clock.today())
    for measure, counts in ((Measure.SIGNALS, SIGNALS), (Measure.CONNECTED, CONNECTED)):
        for code, amount in counts.items():
            totals.count(school=school, year=year, measure=measure, theme=themes[code], amount=amount)
    for measure, amount in (
        (Measure.WEEK, 7),
        (Measure.TWO_WEEKS, 6),
        (Measure.OFFERED, 19),
        (Measure.ACCEPTED, 12),
    ):
        totals.count(school=school, year=year, measure=measure, amount=amount)


def test_how_the_year_goes_in_one_click_and_on_paper(
    visitor: Visitor, director: Membership, a_year: None
) -> None:
    visitor.arrive(director)
    visitor.taps = 0
    visitor.press("Overzicht")
    assert visitor.taps == 1
    visitor.sees("Alleen aantallen, geen namen.", "29", "ouders kregen een buddy", "Kleine aantallen")
    for chart in visitor.page.get_by_role("img").all():
        assert chart.evaluate("chart => chart.textContent.trim().length") > 0
    visitor.look("overzicht")
    visitor.unfold("Dezelfde getallen in een tabel")
    table = visitor.page.get_by_role("table").filter(visible=True).first
    expect(table.get_by_role("row").filter(has_text="Taal")).to_contain_text("12")
    # Two parents are somebody you know: their theme stands with another one.
    visitor.does_not_see("Scheiding")

    visitor.page.emulate_media(media="print")
    expect(visitor.page.get_by_role("navigation")).to_have_count(0)
    expect(visitor.called("Afdrukken")).to_have_count(0)
    expect(visitor.page.get_by_role("contentinfo")).to_have_count(0)
    visitor.sees("Waar de signalen over gingen")


def test_a_year_of_which_there_is_too_little_to_tell(visitor: Visitor, director: Membership) -> None:
    visitor.arrive(director, "overzicht/")
    visitor.sees("Dit schooljaar is nog jong", "Vanaf 5 zie je hier hoe het gaat.")
    visitor.look("overzicht-leeg")

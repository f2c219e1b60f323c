"""A teacher prepares a meeting with a parent and a buddy, has it at hand during it, and looks back together."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from meetings.actions import preparing
from meetings.actions.agreements import MOST_POINTS, PointDetails, add_point
from meetings.actions.meetings import ParentComing
from meetings.checklist import Phase, When
from meetings.models import BuddyComes, FollowUp, FollowUpKind, Meeting
from meetings.reading.checklists import items_on_paper
from meetings.workflow import MeetingStatus
from school import clock
from school.models import Child, Membership
from tests.meetings.conftest import Planned

from .conftest import AT_BOTH, Visitor

QUESTION = "Krijgt Lina extra leestijd?"
PROMISE = "Vragen wie er op dinsdag met Lina leest"
# A sheet the parent's questions must fit on too.
LONG_POINT = (
    "Zeg {number} keer dat bellen mag, ook na schooltijd, en schrijf het nummer op een briefje voor thuis."
)
LONG_QUESTION = (
    "Kan {number} keer per week iemand met mijn kind lezen, en mag dat ook met een boek van thuis erbij?"
)
# The bar above the points, on a screen of 740: enough to go back and to see how long there is.
HIGHEST_BAR = 64
SMALLEST_LETTER = 17


@pytest.fixture
def planned(teacher: Membership) -> Planned:
    """`planned(buddy=BuddyComes.NONE)`: Tom meets one parent tomorrow."""
    return Planned(teacher)


@AT_BOTH
def test_a_meeting_from_planning_to_the_promise_that_was_kept(
    visitor: Visitor, teacher: Membership, children: dict[str, Child]
) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    visitor.arrive(teacher)
    visitor.press("Gesprekken")
    visitor.sees("Nog geen gesprekken gepland")
    visitor.look("gesprekken-leeg")
    visitor.press("Gesprek plannen")
    visitor.press("Gesprek plannen")
    visitor.sees("Er klopt nog iets niet")
    visitor.look("gesprek-plannen-fout")
    visitor.pick("Kind", "Lina")
    visitor.choose("Moeder", "Wie komt er?")
    visitor.choose("Helpt alleen voorbereiden", "Heeft deze ouder een buddy?")
    visitor.type("Datum", tomorrow.isoformat())
    visitor.type("Tijd", "15:30")
    visitor.choose("Ja", "Is er gevoelig nieuws")
    visitor.look("gesprek-plannen")
    visitor.press("Gesprek plannen")
    visitor.sees("Het gesprek is gepland.", "Komt er onverwacht een buddy mee?")
    meeting = Meeting.objects.get()

    # Before: ticks for oneself, questions of the parent.
    visitor.press("Gedaan: Vraag of de buddy meekomt. Zeg dat dit altijd mag.")
    expect(visitor.page.locator("#tick-V1")).to_have_attribute("aria-pressed", "true")
    visitor.press("Voeg de vraag toe")
    visitor.sees("Vul dit in.")
    visitor.look("gesprek-vraag-fout")
    visitor.type("Vraag van de ouder", QUESTION)
    visitor.press("Voeg de vraag toe")
    visitor.sees(QUESTION)
    visitor.look("gesprek-voor")
    visitor.go("gesprekken/")
    visitor.look("gesprekken")

    # During: an unexpected buddy, and news to tell the parent alone first (R28).
    visitor.press("Bereid voor: Lina, met de moeder")
    visitor.press("Naar het gesprek")
    nothing_in_the_way(visitor.page)
    visitor.sees("Fijn dat u er bent.", QUESTION)
    visitor.does_not_see("eerst apart met de ouder")
    visitor.look("gesprek-tijdens")
    visitor.press("Buddy komt onverwacht mee")
    visitor.sees("Praat eerst met de ouder alleen.", "Fijn dat u er allebei bent.")
    first = visitor.page.locator(".crib-points > li").first
    expect(first).to_contain_text("Praat over gevoelig nieuws eerst apart met de ouder.")
    expect(first).to_be_in_viewport()
    nothing_in_the_way(visitor.page)
    visitor.look("gesprek-tijdens-onverwacht")
    visitor.press("De wens lukt niet")
    visitor.sees("Wees eerlijk over wat kan.")
    visitor.press("Ik kom erop terug")
    visitor.press("Herinner me eraan")
    visitor.sees("Vul dit in.")
    visitor.look("gesprek-toezegging-fout")
    visitor.type("Waar kom je op terug?", PROMISE)
    visitor.type("Uiterlijk wanneer?", tomorrow.isoformat())
    visitor.press("Herinner me eraan")
    visitor.sees("Onthouden.", QUESTION)

    # After: how it was for everybody; one of them did not like it (R36).
    Meeting.objects.update(at=clock.now() - timedelta(hours=2))
    visitor.go("")
    visitor.sees(f"Toegezegd: {PROMISE}", "Kijk terug: hoe was het gesprek voor iedereen?")
    visitor.look("vandaag-gesprek")
    visitor.press("Kijk terug: Lina, met de moeder")
    visitor.look("gesprek-na")
    visitor.choose("Niet prettig", "De moeder")
    visitor.choose("Prettig", "De buddy")
    visitor.press("Opslaan")
    visitor.sees("Ging het niet prettig? Dan mag je er later met de ouder op terugkomen.")
    visitor.look("gesprek-na-niet-prettig")
    visitor.press("Onthoud deze dag")
    visitor.sees("Met de ouder praten over hoe het ging")
    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.EVALUATED
    assert set(FollowUp.objects.values_list("kind", flat=True)) == set(FollowUpKind.values)

    visitor.go("")
    visitor.press("Bekijk: Lina, met de moeder")
    row = visitor.page.get_by_role("listitem").filter(has_text=PROMISE)
    row.get_by_role("button", name="Gedaan").click()
    visitor.sees("Gedaan. Het is van je lijst af.")
    visitor.go("")
    visitor.does_not_see(PROMISE)


def nothing_in_the_way(page: Page) -> None:
    """No menu, no footer, nothing that lies over the points but a low bar; letters to read at arm's length."""
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("contentinfo")).to_have_count(0)
    stuck = """[...document.querySelectorAll("body *")]
        .filter(one => ["fixed", "sticky"].includes(getComputedStyle(one).position))
        .map(one => one.getBoundingClientRect().height)"""
    assert all(height <= HIGHEST_BAR for height in page.evaluate(stuck))
    letters = """[...document.querySelectorAll(".crib-points p")]
        .map(one => parseFloat(getComputedStyle(one).fontSize))"""
    assert min(page.evaluate(letters)) >= SMALLEST_LETTER


def test_everything_fits_on_one_sheet_of_paper(
    at_desk: Visitor, teacher: Membership, planned: Planned, children: dict[str, Child]
) -> None:
    """Fifteen long questions, two parents with long names and both their buddies, all points that may hold and as many
    of the school's own as there can be, as long as they can be."""
    for number in range(MOST_POINTS):
        details = PointDetails(
            Phase.DURING, When.ALWAYS, LONG_POINT.format(number=number), say="“" + 39 * "Ja. " + "”"
        )
        add_point(details=details, by=teacher)
    parents = (
        ParentComing("mother", "Wilhelmina-Alexandrina van Oldenbarneveldt-Düsseldorffer", BuddyComes.ALONG),
        ParentComing("father", "Christiaan Maximiliaan van Oldenbarneveldt-Düsseldorffer", BuddyComes.ALONG),
    )
    meeting = planned(parents=parents, child=children["Lina"], sensitive_news=True, interpreter=True)
    for number in range(preparing.MOST_QUESTIONS):
        words = LONG_QUESTION.format(number=number)
        preparing.ask(meeting=meeting, words=words, by=teacher, submission=uuid4())
    at_desk.arrive(teacher, f"gesprekken/{meeting.pk}/voor/")
    at_desk.press("Afdrukken")
    at_desk.look("gesprek-op-papier")
    page = at_desk.page
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1

    page.emulate_media(media="print")
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(at_desk.called("Terug")).to_have_count(0)
    points = [line for _phase, lines in items_on_paper(meeting) for line in lines]
    for point in points:
        at_desk.sees(point.do)
    assert len({point.id for point in points}) >= 18
    for number in range(preparing.MOST_QUESTIONS):
        at_desk.sees(LONG_QUESTION.format(number=number))
    at_desk.sees("Afke Persoon")
    assert colours(page) <= {"black", "white"}


def colours(page: Page) -> set[str]:
    """What the letters and grounds of what is printed are made of; each shade of grey is black."""
    script = """() => [...document.querySelectorAll(".paper, .paper *")]
        .filter(one => one.checkVisibility())
        .flatMap(one => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor])"""
    found = set()
    for colour in page.evaluate(script):
        red, green, blue, *alpha = (float(part) for part in re.findall(r"[\d.]+", colour))
        if alpha == [0.0]:
            continue
        white = red == green == blue == 255
        found.add("white" if white else "black" if red == green == blue else colour)
    return found


def test_a_meeting_that_is_off_and_takes_place_after_all(
    at_phone: Visitor, teacher: Membership, planned: Planned, children: dict[str, Child]
) -> None:
    meeting = planned(child=children["Lina"])
    at_phone.arrive(teacher, f"gesprekken/{meeting.pk}/voor/")
    at_phone.press("Wijzigen")
    at_phone.look("gesprek-wijzigen")
    at_phone.press("Het gesprek gaat niet door")
    at_phone.sees("Ouderbuddy stuurt niemand bericht.")
    at_phone.look("gesprek-afzeggen")
    at_phone.press("Zeg het gesprek af")
    at_phone.sees("Vertel het zelf aan de ouder; de ouder vertelt het aan de buddy.")
    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.CANCELLED
    at_phone.unfold("Eerder")
    at_phone.look("gesprekken-afgezegd")
    at_phone.press("Gaat toch door: Lina, met de moeder")
    at_phone.sees("Het gesprek gaat toch door.")
    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.PREPARE

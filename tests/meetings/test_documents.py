"""Paper as PDF, read back by another library: one page, tagged, black on white, and nobody on what hangs on a wall."""

from __future__ import annotations

import re
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from pypdf import PdfReader

from meetings.actions import preparing
from meetings.actions.meetings import ParentComing
from meetings.documents import Template, pdf, set_in
from meetings.models import BuddyComes
from meetings.reading.checklists import items_on_paper
from meetings.reading.sheets import guide_of, sheet_of, slips_of
from school.models import Child, Membership, School
from tests.buddies.watch import recorded

from .conftest import Planned
from .pages import url

LONG = (
    "Kan {number} keer per week iemand met mijn kind lezen, en mag dat ook met een boek van thuis erbij? Wie is dat, "
    "en hoe lang blijft dat zo, ook na de zomer, als de groep een andere leerkracht krijgt?"
)
PARENTS = (
    ParentComing("mother", "Wilhelmina-Alexandrina van Oldenbarneveldt-Düsseldorffer", BuddyComes.ALONG),
    ParentComing("father", "Christiaan Maximiliaan van Oldenbarneveldt-Düsseldorffer", BuddyComes.ALONG),
)


def words(file: bytes) -> str:
    """What can be read in `file`, with every white space as one space and words that were broken off whole."""
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(file)).pages)
    return re.sub(r"\s+", " ", re.sub(r"[-\u00ad]\s*\n", "", text))


def test_meeting_on_paper_is_one_tagged_page_with_everything(
    tom: Client, planned: Planned, teacher: Membership, children: dict[str, Child]
) -> None:
    meeting = planned(child=children["Lina"], sensitive_news=True, interpreter=True, room="Lokaal 4")
    preparing.ask(meeting=meeting, words="Mag #dat *wel*? <b>$x$</b>", by=teacher, submission=uuid4())
    with recorded() as found:
        answer = tom.get(url("pdf", meeting.pk))
    assert found.actions.count("meeting.print") == 1
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="gesprek.pdf"'
    file = PdfReader(BytesIO(answer.content))
    assert len(file.pages) == 1
    about = str(file.root_object)
    for tag in ("'/Marked': True", "'/Lang': 'nl'", "'/StructTreeRoot'"):
        assert tag in about
    read = words(answer.content)
    for _phase, lines in items_on_paper(meeting):
        for line in lines:
            assert line.do.split(".")[0][:30] in read, line.do
    assert "Mag #dat *wel*? <b>$x$</b>" in read
    assert "Lokaal 4" in read
    assert "Afke Persoon" in read


def test_fifteen_long_questions_and_long_names_fit_on_one_page(
    planned: Planned, teacher: Membership, children: dict[str, Child]
) -> None:
    meeting = planned(parents=PARENTS, child=children["Lina"], sensitive_news=True, interpreter=True)
    for number in range(preparing.MOST_QUESTIONS):
        preparing.ask(meeting=meeting, words=LONG.format(number=number), by=teacher, submission=uuid4())
    data = sheet_of(meeting)
    assert len(PdfReader(BytesIO(pdf(Template.SHEET, data))).pages) == 1
    how = set_in(data)
    assert how["fits"]
    assert how["letter"] >= 7.5
    assert "Kan 14 keer" in words(pdf(Template.SHEET, data))


def test_meeting_without_much_is_set_in_large_letters_with_its_sentences(planned: Planned) -> None:
    how = set_in(sheet_of(planned(buddy=BuddyComes.NONE)))
    assert (how["letter"], how["say"]) == (10.5, True)


def test_what_does_not_fit_says_so(planned: Planned) -> None:
    data = sheet_of(planned())
    data["questions"]["items"] = ["woord " * 400] * 15
    assert not set_in(data)["fits"]


def test_guide_holds_all_points_and_nobody(
    tom: Client, planned: Planned, school: School, children: dict[str, Child]
) -> None:
    planned(child=children["Lina"], parents=PARENTS)
    data = guide_of(school)
    points = [point for phase in data["phases"] for point in phase["points"]]
    assert len(points) == 20  # T4 stands before and during
    file = tom.get(url("guide_pdf")).content
    assert len(PdfReader(BytesIO(file)).pages) == 1
    assert set_in(data)["say"]
    page = tom.get(url("guide")).content.decode()
    for text in (words(file), page):
        assert "Afke Persoon" in text
        assert not re.search("Lina|Wilhelmina|Tom|4B", text)


def test_slips_say_nobodys_name_and_come_six_on_a_page(tom: Client, school: School) -> None:
    file = tom.get(url("slips_pdf")).content
    assert len(PdfReader(BytesIO(file)).pages) == 1
    assert words(file).count("Hoe vond u het gesprek?") == 6
    assert tom.get(url("slips")).content.decode().count("Hoe vond u het gesprek?") == 6


@pytest.mark.parametrize("formal", [True, False])
def test_slips_speak_as_the_school_does(school: School, formal: bool) -> None:
    school.formal_address = formal
    assert ("Hoe vond u" in slips_of(school)["question"]) is formal


def test_paper_reaches_nobody_but_who_printed_it(tom: Client, planned: Planned) -> None:
    """No address in it: nothing to send it to (R24)."""
    file = PdfReader(BytesIO(tom.get(url("pdf", planned().pk)).content))
    assert all("/Annots" not in page for page in file.pages)

"""Overzicht: who may look, what it tells of a year, and that nobody is in it."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.test import Client

from buddies.actions import totals
from buddies.models import Measure, Theme, YearTotal
from buddies.reading.overview import read
from buddies.workflow import MatchStatus
from school import clock
from school.models import Membership, School, User
from school.models.people import school_year
from school.roles import Role
from tests.cast import AddBuddy, ClientOf, Proposed, Signalled, member

from .phone import text, url
from .watch import contents, queries, recorded

PAGE = url("overview")
SPEEDS = (Measure.WEEK, Measure.TWO_WEEKS, Measure.MONTH, Measure.LONGER)


@pytest.fixture
def dirkje(client_of: ClientOf, director: Membership) -> Client:
    """The director's browser."""
    return client_of(director)


def remember(
    school: School,
    year: int,
    signals: dict[str, int],
    connected: dict[str, int],
    speed: tuple[int, ...],
    *offers: int,
) -> None:
    """Totals of one year, by theme code; `offers` are those made and those accepted."""
    themes = {theme.code: theme for theme in Theme.objects.filter(school=school)}
    for measure, counts in ((Measure.SIGNALS, signals), (Measure.CONNECTED, connected)):
        for code, amount in counts.items():
            totals.count(school=school, year=year, measure=measure, theme=themes.get(code), amount=amount)
    numbers = [
        *zip(SPEEDS, speed, strict=False),
        *zip((Measure.OFFERED, Measure.ACCEPTED), offers, strict=False),
    ]
    for measure, amount in numbers:
        totals.count(school=school, year=year, measure=measure, amount=amount)


@pytest.fixture
def this_year(school: School) -> int:
    """A year with something of everything."""
    year = school_year(clock.today())
    signals = {"language": 12, "reading": 8, "busy": 4, "divorce": 2, "": 1}
    remember(school, year, signals, {"language": 7, "reading": 4}, (6, 5, 0, 0), 19, 12)
    return year


def numbers(page: str) -> set[int]:
    """Every number that can be read in the page, years and days left out."""
    words = re.sub(r"<[^>]*>", " ", page[page.index("<main") : page.index("</main")])
    words = re.sub(r"\d{4}–\d{4}|\d{1,2} [a-z]+ \d{4}", "", words)
    return {int(found) for found in re.findall(r"\d+", words)}


# Who may look


@pytest.mark.parametrize("role", [Role.TEACHER, Role.BOUWCOORDINATOR, Role.ADMINISTRATOR])
def test_overview_is_for_who_reports(school: School, client_of: ClientOf, role: Role) -> None:
    assert client_of(member(school, "Anders", role)).get(PAGE).status_code == 403


def test_overview_of_another_school_is_not_there(
    school: School, client_of: ClientOf, other_ib: Membership, this_year: int
) -> None:
    browser = client_of(other_ib)
    assert browser.get(PAGE).status_code == 404
    assert 27 not in numbers(text(browser.get(url("overview", school="de-eik"))))


def test_look_leaves_a_trace_and_changes_nothing(dirkje: Client, ineke: Client, this_year: int) -> None:
    before = contents()
    with recorded() as log:
        assert dirkje.get(PAGE).status_code == 200
        assert ineke.get(PAGE).status_code == 200
    assert log.actions == ["overview.look"] * 2
    assert log.events[0].target_id is None
    assert contents() == before
    assert dirkje.post(PAGE).status_code == 405


# What it tells


def test_page_tells_how_the_year_goes(dirkje: Client, this_year: int) -> None:
    page = text(dirkje.get(PAGE))
    for number in (27, 11, 19, 12, 8, 7, 6, 5):
        assert number in numbers(page), number
    # Four, two, one and the themes of nobody are together; nothing under five stands anywhere.
    assert min(numbers(page) - {5}) > 5
    assert page.count("<svg") >= 2


def test_erased_and_still_there_count_together(
    dirkje: Client, school: School, proposed: Proposed, signalled: Signalled, themes: dict[str, Theme]
) -> None:
    year = school_year(clock.today())
    for measure in (Measure.SIGNALS, Measure.CONNECTED):
        totals.count(school=school, year=year, measure=measure, theme=themes["reading"], amount=7)
    totals.count(school=school, year=year, measure=Measure.WEEK, amount=7)
    for _ in range(9):
        signalled()
    proposed(status=MatchStatus.CONNECTED)
    signalled(discussed=False)
    page = read(school, clock.today())
    assert [figure.number for figure in page.signals] == ["17", "8"]


def test_years_before_can_be_looked_at(dirkje: Client, school: School, this_year: int) -> None:
    remember(school, this_year - 1, {"language": 41}, {"language": 23}, (23,))
    remember(school, this_year - 2, {"language": 4}, {}, ())
    remember(school, this_year - 3, {"language": 77}, {}, ())
    page = text(dirkje.get(PAGE))
    assert {27, 41, 23} <= numbers(page)
    assert 77 not in numbers(page)
    assert f"?jaar={this_year - 1}" in page
    # Of a year with too little to show it is not even told that there was something.
    assert f"?jaar={this_year - 2}" not in page
    last = text(dirkje.get(PAGE, {"jaar": this_year - 1}))
    assert f"{this_year - 1}–{this_year}" in last
    assert read(school, clock.today(), str(this_year - 1)).signals[0].number == "41"


@pytest.mark.parametrize("typed", ["", "x", "2019", "-1", "9" * 400, "２０２６", "\0", "2026 "])
def test_nonsense_gives_this_year(dirkje: Client, school: School, this_year: int, typed: str) -> None:
    assert dirkje.get(PAGE, {"jaar": typed}).status_code == 200
    assert read(school, clock.today(), typed) == read(school, clock.today())


def test_quiet_year_looks_the_same_as_an_empty_one(
    dirkje: Client, school: School, signalled: Signalled
) -> None:
    empty = read(school, clock.today())
    assert empty.empty
    for _ in range(4):
        signalled()
    assert read(school, clock.today()) == empty
    signalled()
    assert not read(school, clock.today()).empty


@pytest.mark.parametrize(
    ("connected", "speed", "said"),
    [
        (20, (3, 11, 3, 3), ["25", "20", "Binnen twee weken"]),
        (20, (2, 3, 4, 11), ["25", "20", "Langer dan twee weken"]),
        (20, (20, 0, 0, 0), ["25", "20"]),
        (23, (20, 3, 0, 0), ["25", "Ongeveer evenveel"]),
        (3, (3, 0, 0, 0), ["25", "Minder dan 5"]),
    ],
)
def test_sentences(school: School, connected: int, speed: tuple[int, ...], said: list[str]) -> None:
    remember(school, school_year(clock.today()), {"language": 25}, {"language": connected}, speed)
    page = read(school, clock.today())
    assert [figure.number for figure in page.signals] == said


@pytest.mark.parametrize(
    ("offers", "said"),
    [
        ((19, 12), ["19", "12"]),
        ((19, 17), ["19", "Bijna allemaal"]),
        ((19, 2), ["19", "Minder dan 5"]),
        ((7, 4), ["7", "Niet getoond"]),
        ((4, 4), ["Minder dan 5"]),
    ],
)
def test_sentences_about_new_families(school: School, offers: tuple[int, int], said: list[str]) -> None:
    remember(school, school_year(clock.today()), {"language": 25}, {}, (), *offers)
    assert [figure.number for figure in read(school, clock.today()).newcomers] == said


def test_every_chart_has_its_numbers_in_words_and_in_a_table(school: School, this_year: int) -> None:
    charts = read(school, clock.today()).charts
    assert [chart.name for chart in charts] == ["themes", "speed"]
    for chart in charts:
        for row, bar in zip(chart.rows, chart.bars, strict=True):
            assert bar.number in row
            assert f": {bar.number}" in chart.words
        assert all(len(row) == len(chart.head) for row in chart.rows)
        assert max(float(bar.width.removesuffix("%")) for bar in chart.bars) == 100


def test_long_and_strange_names_of_themes_fit(school: School, this_year: int, dirkje: Client) -> None:
    own = Theme.objects.create(
        school=school, name="<b>Rouw & verlies in het gezin, ook van een opa of oma</b>"
    )
    totals.count(school=school, year=this_year, measure=Measure.SIGNALS, theme=own, amount=9)
    page = text(dirkje.get(PAGE))
    assert "<b>" not in page
    bar = next(bar for bar in read(school, clock.today()).charts[0].bars if bar.number == "9")
    assert all(len(line.text) <= 30 for line in bar.lines)
    assert len(bar.lines) == 3


# Nobody is in it


def test_no_name_is_on_the_page(
    dirkje: Client,
    director: Membership,
    school: School,
    proposed: Proposed,
    add_buddy: AddBuddy,
    signalled: Signalled,
    this_year: int,
) -> None:
    for name in ("Amina", "Selam", "Yusra"):
        proposed(
            signalled(first_name=name, note="Zittenblijven", child_name=f"Kind{name}"),
            add_buddy(words="Bakfiets"),
            status=MatchStatus.CONNECTED,
        )
    page = text(dirkje.get(PAGE))
    page = page.replace(str(director), "").replace(
        director.user.email, ""
    )  # who is signed in stands in the menu
    names = {
        str(value)
        for model in [
            *apps.get_app_config("school").get_models(),
            *apps.get_app_config("buddies").get_models(),
        ]
        for field in model._meta.concrete_fields
        if field.name in ("first_name", "last_name", "called", "child_name", "words", "note", "email")
        for value in model._default_manager.values_list(field.name, flat=True)
        if value
    } | {user.name for user in User.objects.exclude(pk=director.user_id)}
    assert len(names) > 12
    assert {name for name in names if re.search(rf"\b{re.escape(name)}\b", page)} == set()


def test_it_counts_the_whole_school_for_every_reader(
    dirkje: Client, ineke: Client, school: School, this_year: int
) -> None:
    Theme.objects.filter(school=school).update(hidden_from_intern_begeleider=True)
    one, other = (numbers(text(browser.get(PAGE))) for browser in (dirkje, ineke))
    assert one == other


def test_page_asks_as_often_for_many_as_for_few(dirkje: Client, proposed: Proposed, school: School) -> None:
    proposed(status=MatchStatus.CONNECTED)
    few = queries(dirkje, PAGE)
    for _ in range(6):
        proposed(status=MatchStatus.CONNECTED)
    year = school_year(clock.today())
    remember(school, year, {"language": 25, "reading": 9}, {"language": 7}, (7,), 9, 4)
    remember(school, year - 1, {"language": 25}, {"language": 7}, (7,))
    assert YearTotal.objects.count() > 5
    assert queries(dirkje, PAGE) == few
    assert few <= 12

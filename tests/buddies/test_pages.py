"""Lists come a page at a time: what a page costs and shows does not grow with the school, and nothing gets lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from math import ceil
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from buddies.actions import matches, requests
from buddies.models import CloseReason, EndReason, NewcomerOffer, Theme, TipGiver
from buddies.reading import shortlist
from buddies.workflow import MatchStatus
from school import paging
from school.models import Child, Group, Membership, School
from school.roles import Role
from tests.cast import AddBuddy, ClientOf, Proposed, Signalled, member

from .newcomers import form, offered, starts
from .phone import text, url
from .watch import queries

SIZE = 2
NONSENSE = ("x", "-1", "0", "²", "9" * 5000, "<b>", "1.5", "%00")
ROW = re.compile(r'class="(?:work-item|sheet)|<th scope="row">')
# Where a row leads.
LINK = re.compile(r'href="(/de-wilgen/[^"?]*\d/?)"')
LISTS = {
    "today": ("Ineke", reverse("today", args=["de-wilgen"])),
    "requests": ("Ineke", url("requests")),
    "closed requests": ("Ineke", url("requests", query="?status=closed")),
    "matches": ("Ineke", url("matches")),
    "ended matches": ("Ineke", url("matches", query="?status=ended")),
    "buddies": ("Ineke", url("buddies")),
    "distribute": ("Ineke", url("distribute")),
    "lacking": ("Ineke", url("lacking")),
    "own signals": ("Tom", url("own_signals")),
    "newcomers": ("Dirkje", url("newcomers")),
    "team": ("Dirkje", reverse("team", args=["de-wilgen"])),
}

Grow = Callable[[int], None]


@pytest.fixture
def grow(
    nobody_starts: None,
    school: School,
    ib: Membership,
    director: Membership,
    groups: dict[str, Group],
    add_buddy: AddBuddy,
    signalled: Signalled,
    proposed: Proposed,
) -> Grow:
    """Adds so many of everything that a list can show."""

    def once(number: int) -> None:
        signalled("reading", group=groups["4B"])
        requests.close(request=signalled("divorce"), reason=CloseReason.NOT_NEEDED, by=ib)
        signalled("reading", discussed=False)
        for status in (MatchStatus.PROPOSED, MatchStatus.CONNECTED):
            proposed(signalled("divorce", group=groups["4B"]), add_buddy("divorce"), status=status)
        ended = proposed(signalled("divorce"), add_buddy("divorce"))
        matches.did_not_proceed(match=ended, reason=EndReason.NO_CLICK, by=ib)
        proposed(status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)
        add_buddy(("busy", "newcomer"), grades=(8,), languages=("nl", "tr"))
        signalled("busy", languages=("tr",))
        offered(starts(f"Lou{number}", director, number), director, add_buddy("newcomer"))
        starts(f"Nine{number}", director, number)
        member(school, f"Collega {number}", Role.TEACHER)

    numbers = count()

    def many(times: int) -> None:
        for _ in range(times):
            once(next(numbers))

    return many


@pytest.fixture
def visit(client_of: ClientOf, ib: Membership, teacher: Membership, director: Membership) -> Any:
    """The browser of who opens a list, by name."""
    people = {"Ineke": ib, "Tom": teacher, "Dirkje": director}
    return lambda name: client_of(people[name])


def to(address: str, page: object) -> str:
    return f"{address}{'&' if '?' in address else '?'}pagina={page}"


def main(response: Any) -> str:
    """The page without its frame."""
    assert response.status_code == 200
    return text(response).partition("<main")[2].partition("</main>")[0]


def test_pages_ask_the_database_as_often_for_many_rows_as_for_one(
    grow: Grow, visit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", SIZE)
    grow(1)
    few = {name: queries(visit(who), address) for name, (who, address) in LISTS.items()}
    grow(SIZE)
    for name, (who, address) in LISTS.items():
        assert visit(who).get(address).context["pages"].has_next(), name
        assert queries(visit(who), address) <= few[name], name
        assert queries(visit(who), to(address, 2)) <= few[name], name


def test_pages_show_no_more_than_a_page_and_together_everything_whatever_is_asked(
    grow: Grow, visit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(SIZE + 1)
    for name, (who, address) in LISTS.items():
        monkeypatch.setattr(paging, "PAGE_SIZE", 10**6)
        whole = main(visit(who).get(address))
        total = len(ROW.findall(whole))
        monkeypatch.setattr(paging, "PAGE_SIZE", SIZE)
        links = []
        for number in range(1, ceil(total / SIZE) + 1):
            page = main(visit(who).get(to(address, number)))
            first, last = (number - 1) * SIZE + 1, min(number * SIZE, total)
            assert f"{first}–{last} van {total}" in page, name
            assert len(ROW.findall(page)) == last - first + 1, name
            assert ('rel="prev"' in page, 'rel="next"' in page) == (number > 1, last < total), name
            links += LINK.findall(page)
        assert sorted(links) == sorted(LINK.findall(whole)), name
        for asked in NONSENSE:
            pages = visit(who).get(to(address, asked)).context["pages"]
            assert pages.number in (1, pages.paginator.num_pages), (name, asked)


def test_pages_keep_what_was_chosen_and_choosing_starts_at_the_first(
    ineke: Client, add_buddy: AddBuddy, themes: dict[str, Theme], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", 1)
    for number in range(3):
        add_buddy("reading", first_name=f"Lezen{number}", languages=("nl", "tr"))
        add_buddy("divorce")
    chosen = f"?onderwerp={themes['reading'].pk}&taal=tr"
    page = main(ineke.get(url("buddies", query=f"{chosen}&pagina=2")))
    assert "2–2 van 3" in page
    kept = chosen.replace("&", "&amp;")
    assert f'href="{kept}&amp;pagina=1"' in page
    assert f'href="{kept}&amp;pagina=3"' in page
    assert all("pagina" not in link for link in re.findall(r'class="chip[^>]*href="([^"]*)"', page))
    found = [
        re.findall(r"Lezen\d", main(ineke.get(url("buddies", query=f"{chosen}&pagina={n}"))))
        for n in (1, 2, 3)
    ]
    assert found == [["Lezen0"], ["Lezen1"], ["Lezen2"]]


def test_pages_count_only_what_the_member_may_see(
    babs: Client,
    add_buddy: AddBuddy,
    signalled: Signalled,
    proposed: Proposed,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Babs arranges language: of the others not even a number."""
    monkeypatch.setattr(paging, "PAGE_SIZE", 1)
    for theme in ("reading", "divorce", "language"):
        add_buddy(theme, languages=("nl", "tr"))
        proposed(signalled(theme, languages=("tr",)), add_buddy(theme, languages=("nl", "tr")))
    support = signalled("language", first_name="Taal", languages=("tr",))
    counts = {
        name: babs.get(url(name)).context["pages"].paginator.count
        for name in ("requests", "matches", "buddies")
    }
    assert counts == {"requests": 2, "matches": 1, "buddies": 2}
    assert babs.get(url("find", support.pk)).context["pages"].paginator.count == 2


# The candidates


def test_candidates_come_best_first_over_all_pages_and_then_who_cannot_be_asked(
    ineke: Client,
    signalled: Signalled,
    add_buddy: AddBuddy,
    proposed: Proposed,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", 3)
    monkeypatch.setattr(shortlist, "FIRST", 1)
    support = signalled("reading", wish="father")
    proposed(buddy=add_buddy("reading", first_name="Vol"))
    best = [add_buddy("reading", first_name=f"Ouder{number}", kind="mother") for number in range(4)]
    best.insert(0, add_buddy("reading", first_name="Vader", kind="father"))
    pages = [ineke.get(url("find", support.pk), {"pagina": number}) for number in (1, 2)]
    assert [card.choice.buddy for page in pages for card in page.context["cards"]] == best[:1]
    assert [other.number for page in pages for other in page.context["found"].rest] == [
        b.pk for b in best[1:]
    ]
    assert [[person.name for person in page.context["found"].outside] for page in pages] == [
        [],
        ["Vol Bakker"],
    ]
    assert all("Nog 4 buddy’s die je kunt vragen" in text(page) for page in pages)
    assert 'href="?pagina=2">1 buddy die nu niet kan, en waarom' in re.sub(r">\s+", ">", text(pages[0]))
    few = queries(ineke, url("find", support.pk))
    assert queries(ineke, url("find", support.pk, query="?pagina=2")) <= few
    chosen = ineke.get(url("find", support.pk), {"buddy": best[4].pk})
    assert [card.choice.buddy for card in chosen.context["cards"]] == [best[4]]


def test_family_is_offered_a_buddy_of_a_later_page(
    dirkje: Client, nine: Child, add_buddy: AddBuddy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proposed one is there on every page; a form that is not right yet shows the chosen one as well."""
    monkeypatch.setattr(paging, "PAGE_SIZE", 1)
    first, _second, last = (add_buddy("newcomer", first_name=f"Ouder{number}") for number in range(3))
    address = url("offer_newcomer", nine.pk, query="?pagina=2")
    page = dirkje.get(address).context["page"]
    assert (page.first.buddy, [other.number for other in page.others]) == (first, [last.pk])
    again = dirkje.post(address, form(last, click_reasons=[]))
    assert again.context["form"]["buddy"].value() == str(last.pk)
    assert again.context["page"].first.buddy == last
    assert dirkje.post(address, form(last)).status_code == 302
    assert NewcomerOffer.objects.get().buddy == last

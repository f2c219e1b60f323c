"""Going through all new families in one go: one tap for the click of all who are proposed, each family changed or
skipped. It saves ticking, decides nothing, and nothing of it is kept."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from buddies.models import Buddy, Match, NewcomerOffer
from school.models import Child, Group, Membership
from tests.cast import AddBuddy

from .newcomers import form, offered, starts
from .phone import said, text, url
from .watch import contents

pytestmark = pytest.mark.usefixtures("nobody_starts")
ALL = "Verwacht je in al deze voorstellen een klik?"
LIST = url("newcomers")


@pytest.fixture
def moos(
    nine: Child, director: Membership, groups: dict[str, Group], guide: Buddy, add_buddy: AddBuddy
) -> Child:
    """Moos, who starts after Nine; there is a buddy for each."""
    add_buddy("newcomer", first_name="Femke", grades=(8,))
    return starts("Moos", director, days=40, group=groups["1/2A"])


@pytest.fixture
def femke(moos: Child) -> Buddy:
    """The buddy who is proposed to Moos."""
    return Buddy.objects.get(parent__first_name="Femke")


def found(client: Client, address: str = LIST) -> Any:
    return client.get(address).context["found"]


def lines(client: Client, address: str = LIST) -> dict[str, Any]:
    """The rows of the list, by the name of the child."""
    return {line.title: line for month in found(client, address).months for line in month.rows}


def tap(client: Client, click: str = "know_both", address: str = LIST) -> str:
    """The list after one tap on the reason."""
    return {value: str(where) for value, _, where in found(client, address).clicks}[click]


def links(client: Client, address: str) -> dict[str, str]:
    return {name: line.action_url for name, line in lines(client, address).items()}


def ticked(client: Client, address: str) -> object:
    return client.get(address).context["form"]["click_reasons"].value() or []


def skip(client: Client, address: str) -> str:
    """Where the link to skip a family, on its page, leads to."""
    link = re.search(r'href="([^"]*)">\s*Sla dit gezin nu over', text(client.get(address)))
    assert link
    return unescape(link[1])


# One tap for all


def test_one_tap_ticks_the_reason_for_every_family(dirkje: Client, nine: Child, moos: Child) -> None:
    before = contents()
    address = links(dirkje, tap(dirkje))
    assert [ticked(dirkje, address[name]) for name in ("Nine", "Moos")] == [["know_both"]] * 2
    assert contents() == before, "nothing is kept of it"
    assert ticked(dirkje, url("offer_newcomer", nine.pk)) == []


def test_reason_is_recorded_with_each_family_and_then_comes_the_next(
    dirkje: Client, nine: Child, moos: Child, guide: Buddy, femke: Buddy
) -> None:
    """One tap for the click, and then for each family one for the answer and one to go on."""
    address = found(dirkje, tap(dirkje)).following[1]
    for buddy in (guide, femke):
        page = dirkje.get(address).context["form"]
        sent = {name: page[name].value() for name in ("buddy", "click_reasons", "ticked_for")}
        back = dirkje.post(address, form(None, "later", **sent))
        made = NewcomerOffer.objects.latest("pk")
        assert (made.buddy, made.click_reasons) == (buddy, ["know_both"])
        assert back["Location"].startswith(f"{LIST}?aanbod={made.pk}&klik=know_both&")
        address = (found(dirkje, back["Location"]).following or ["", ""])[1]
    assert address == "", "everybody was asked"


def test_after_a_yes_the_next_family_comes_too(
    dirkje: Client, nine: Child, moos: Child, guide: Buddy
) -> None:
    address = found(dirkje, tap(dirkje)).following[1]
    back = dirkje.post(address, form(guide, "yes"))
    assert said(back) == ["De ouder wil graag een buddy. Jij vraagt nu Saskia Bakker."]
    assert urlsplit(back["Location"]).path == LIST
    assert lines(dirkje, back["Location"])["Nine"].action_url == url("match", Match.objects.get().pk)
    assert found(dirkje, back["Location"]).following == ("Moos", links(dirkje, back["Location"])["Moos"])
    assert "Verder met Moos" in text(dirkje.get(back["Location"]))


def test_take_back_comes_back_to_where_it_was(dirkje: Client, nine: Child, moos: Child, guide: Buddy) -> None:
    back = dirkje.post(links(dirkje, tap(dirkje))["Nine"], form(guide))
    undo = dirkje.get(back["Location"]).context["take_back_url"]
    assert dirkje.post(undo)["Location"] == tap(dirkje)


def test_one_proposal_needs_no_tap_for_all(
    dirkje: Client, nine: Child, guide: Buddy, add_buddy: AddBuddy
) -> None:
    assert ALL not in text(dirkje.get(LIST))


def test_two_proposals_can_have_one(dirkje: Client, nine: Child, moos: Child) -> None:
    assert ALL in text(dirkje.get(LIST))


# Of whom it was not said (R4)


def test_reason_for_one_buddy_is_not_that_for_another(
    dirkje: Client, nine: Child, moos: Child, guide: Buddy, director: Membership
) -> None:
    """The reason was tapped, and then a colleague had the buddy in mind for another family."""
    listed = tap(dirkje)
    address = links(dirkje, listed)["Nine"]
    offered(moos, director, guide)
    assert lines(dirkje, listed)["Nine"].status == "Nieuw voorstel"
    page = dirkje.get(address)
    assert page.context["page"].proposed not in (None, guide.pk)
    assert ticked(dirkje, address) == []
    assert "Dit voorstel stond er nog niet" in text(page)


def test_reason_that_was_ticked_beforehand_is_asked_anew_for_somebody_else(
    dirkje: Client, nine: Child, moos: Child, guide: Buddy, femke: Buddy
) -> None:
    """Somebody else was chosen, and the tick that stood there stayed. Tapped on purpose it counts."""
    address, before = links(dirkje, tap(dirkje))["Nine"], contents()
    sent = form(femke, languages=["nl", "tr"], first_name="Mirjam", ticked_for=str(guide.pk))
    page = dirkje.post(address, sent)
    filled = page.context["form"]
    assert filled.errors == {
        "click_reasons": [
            "Dat zei je van Saskia Bakker. Tik aan waarom je een klik verwacht met Femke Bakker."
        ]
    }
    assert contents() == before
    assert not filled["click_reasons"].value()
    assert not filled["ticked_for"].value()
    assert (filled["first_name"].value(), filled["languages"].value()) == ("Mirjam", ["nl", "tr"])
    dirkje.post(address, sent | {"ticked_for": ""})
    assert NewcomerOffer.objects.get().buddy == femke


def test_another_reason_for_somebody_else_is_no_mistake(
    dirkje: Client, nine: Child, moos: Child, guide: Buddy, femke: Buddy
) -> None:
    address = links(dirkje, tap(dirkje))["Nine"]
    dirkje.post(address, form(femke, click_reasons=["same_humour"], ticked_for=str(guide.pk)))
    made = NewcomerOffer.objects.get()
    assert (made.buddy, made.click_reasons) == (femke, ["same_humour"])


# Skipping


def test_skipped_family_leaves_its_buddy_to_the_next(
    dirkje: Client, nine: Child, guide: Buddy, director: Membership
) -> None:
    """There is one buddy, for who starts first; when that family comes later, for the next."""
    starts("Moos", director, days=40)
    before = contents()
    onward = skip(dirkje, lines(dirkje)["Nine"].url)
    page = dirkje.get(onward).context["page"]
    assert (page.family.child.first_name, page.proposed) == ("Moos", guide.pk)
    back = skip(dirkje, onward)
    assert urlsplit(back).path == LIST, "everybody was skipped"
    assert {name: line.status for name, line in lines(dirkje, back).items()} == {
        "Nine": "Overgeslagen",
        "Moos": "Overgeslagen",
    }
    assert (found(dirkje, back).following, found(dirkje, back).skipped) == (None, 2)
    assert "Neem de 2 overgeslagen gezinnen weer mee" in text(dirkje.get(back))
    assert dirkje.get(back).context["all_url"] == LIST
    assert contents() == before, "nothing is kept of it"


def test_who_was_seen_stays_and_what_comes_after_a_skip_was_not_tapped_for(
    dirkje: Client, nine: Child, moos: Child, guide: Buddy, femke: Buddy, director: Membership
) -> None:
    """For Pien there is nobody, until Nine is skipped. Of those two nobody said that they would click."""
    starts("Pien", director, days=41)
    onward = skip(dirkje, links(dirkje, tap(dirkje))["Nine"])
    page = dirkje.get(onward).context["page"]
    assert (page.family.child.first_name, page.proposed) == ("Moos", femke.pk)
    assert ticked(dirkje, onward) == ["know_both"]
    listed = dirkje.get(onward).context["list_url"]
    assert (lines(dirkje, listed)["Moos"].status, lines(dirkje, listed)["Pien"].status) == (
        "Nog niet aangeboden",
        "Nieuw voorstel",
    )
    last = skip(dirkje, onward)
    page = dirkje.get(last)
    assert (page.context["page"].family.child.first_name, ticked(dirkje, last)) == ("Pien", [])
    assert "Dit voorstel stond er nog niet toen je voor alle gezinnen tikte." in text(page)


def test_who_was_seen_goes_elsewhere_when_somebody_else_is_offered_them(
    dirkje: Client, nine: Child, moos: Child, guide: Buddy, femke: Buddy
) -> None:
    back = dirkje.post(links(dirkje, tap(dirkje))["Nine"], form(femke, click_reasons=["same_humour"]))
    moos_line = lines(dirkje, back["Location"])["Moos"]
    assert moos_line.status == "Nieuw voorstel"
    assert "Saskia" in moos_line.text
    assert ticked(dirkje, moos_line.action_url) == []


def test_skipped_family_can_be_asked_all_the_same(
    dirkje: Client, nine: Child, moos: Child, guide: Buddy
) -> None:
    listed = skip(dirkje, skip(dirkje, links(dirkje, tap(dirkje))["Nine"]))
    page = dirkje.get(links(dirkje, listed)["Nine"])
    assert page.context["page"].proposed == guide.pk
    assert page.context["form"]["click_reasons"].value() == ["know_both"]


@pytest.mark.parametrize(
    "query",
    [
        {"klik": "know_both"},
        {"klik": "x", "bij": "1-1-1"},
        {"klik": "know_both", "bij": "1-3-1"},
        {"klik": "know_both", "bij": "²-1-1"},
        {"klik": "know_both", "bij": "1-1-1." * 500 + "1-1-1"},
        {"later": "1"},
        {"later": "1-1."},
        {"later": "9" * 40 + "-1"},
    ],
)
def test_nonsense_says_nothing(dirkje: Client, nine: Child, moos: Child, query: dict[str, str]) -> None:
    for page in (LIST, url("offer_newcomer", nine.pk)):
        shown = dirkje.get(page, query)
        assert not shown.context["batch"].started
    assert not parse_qs(urlsplit(lines(dirkje)["Nine"].url).query)

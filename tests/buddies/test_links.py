"""Making a personal link: for whom, by whom, in which language, and that its key is known nowhere but on that page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from buddies import due, match_worklist, worklist
from buddies.actions import links, matches, requests
from buddies.actions.errors import WrongMoment
from buddies.links.keys import fingerprint, new_key
from buddies.links.qr import qr_code
from buddies.links.speech import offered
from buddies.models import (
    CloseReason,
    EndReason,
    LinkAnswer,
    Match,
    Method,
    Person,
    PersonalLink,
    SupportRequest,
    Theme,
)
from buddies.models.links import REMEMBERED, VALID
from buddies.workflow import MatchStatus
from school import clock
from school.errors import Changed
from school.models import Membership, School
from school.roles import Role
from tests.cast import AddBuddy, ClientOf, Proposed, Signalled, member

from .phone import text, told, url
from .steps import propose
from .watch import contents, everything, recorded, refused, tables_holding

KEY = re.compile(r"/o/([\w-]+)/")


def made(browser: Client, match: Match, language: str = "nl") -> tuple[Any, str]:
    """The page with a new link for whoever is asked now, made by hand; and the key on it."""
    form = browser.get(url("make_link", match.pk)).context["form"]
    page = browser.post(url("make_link", match.pk), {"language": language, "ticket": form["ticket"].value()})
    return page, KEY.findall(text(page))[0]


@pytest.fixture
def waiting(proposed: Proposed) -> Match:
    """A match that waits for the parent."""
    return proposed(status=MatchStatus.WAITING_FOR_PARENT)


# Making one


def test_link_is_shown_once_and_only_its_fingerprint_is_stored(ineke: Client, waiting: Match) -> None:
    page, key = made(ineke, waiting)
    assert len(key) == 32
    link = PersonalLink.objects.get()
    assert (link.match, link.person, link.token_hash) == (waiting, Person.PARENT, fingerprint(key))
    assert link.valid_until == clock.today() + timedelta(days=21)
    assert f"http://testserver/o/{key}/" in text(page)
    assert tables_holding(key) == set()
    assert key not in text(ineke.get(url("match", waiting.pk)))
    assert key not in text(ineke.get(url("make_link", waiting.pk)))


def test_making_a_link_leaves_one_event_without_the_key(ineke: Client, waiting: Match) -> None:
    with recorded() as log:
        made(ineke, waiting)
    assert log.actions == ["match.look", "link.make", "link.print"]


@pytest.mark.parametrize(
    ("status", "person"),
    [(MatchStatus.WAITING_FOR_PARENT, Person.PARENT), (MatchStatus.WAITING_FOR_BUDDY, Person.BUDDY)],
)
def test_link_is_for_whoever_is_asked_now(
    ineke: Client, proposed: Proposed, status: MatchStatus, person: Person
) -> None:
    match = proposed(status=status)
    assert url("make_link", match.pk) in text(ineke.get(url("match", match.pk)))
    made(ineke, match)
    assert PersonalLink.objects.get().person == person


def test_link_for_the_buddy_is_asking_the_buddy(ineke: Client, proposed: Proposed) -> None:
    """They hear of it through the link, so the parent's yes cannot be taken back unseen any more (invariant 2)."""
    match = proposed(status=MatchStatus.WAITING_FOR_BUDDY)
    page, _key = made(ineke, match)
    match.refresh_from_db()
    assert match.buddy_asked_at is not None
    assert "klassenouder" in text(page), "the card comes with the first question ever"
    assert url("undo", match.pk) not in text(ineke.get(url("match", match.pk)))


@pytest.mark.parametrize("status", [MatchStatus.PROPOSED, MatchStatus.AGREED, MatchStatus.CONNECTED])
def test_no_link_while_nobody_is_asked(ineke: Client, proposed: Proposed, status: MatchStatus) -> None:
    match = proposed(status=status)
    for answer in (ineke.get(url("make_link", match.pk)), ineke.post(url("make_link", match.pk))):
        assert answer["Location"] == url("match", match.pk)
    assert not PersonalLink.objects.exists()


def test_no_link_for_the_buddy_before_the_parents_yes(ib: Membership, waiting: Match) -> None:
    with refused(WrongMoment):
        links.make_link(
            match=waiting, person=Person.BUDDY, language="nl", ticket=links.Ticket(new_key()), by=ib
        )


@pytest.mark.parametrize("status", [MatchStatus.PROPOSED, MatchStatus.WAITING_FOR_BUDDY, MatchStatus.AGREED])
def test_no_link_for_the_parent_but_while_they_are_asked(
    ib: Membership, proposed: Proposed, status: MatchStatus
) -> None:
    match, ticket = proposed(status=status), links.Ticket(new_key())
    with refused(WrongMoment):
        links.make_link(match=match, person=Person.PARENT, language="nl", ticket=ticket, by=ib)


def test_the_same_page_sent_twice_is_one_link(ineke: Client, waiting: Match) -> None:
    form = ineke.get(url("make_link", waiting.pk)).context["form"]
    sent = {"language": "nl", "ticket": form["ticket"].value()}
    first, second = (ineke.post(url("make_link", waiting.pk), sent) for _ in range(2))
    assert KEY.findall(text(first)) == KEY.findall(text(second))
    assert PersonalLink.objects.count() == 1


def test_a_page_sent_again_leaves_the_answer_alone(ineke: Client, waiting: Match) -> None:
    form = ineke.get(url("make_link", waiting.pk)).context["form"]
    sent = {"language": "nl", "ticket": form["ticket"].value()}
    key = KEY.findall(text(ineke.post(url("make_link", waiting.pk), sent)))[0]
    Client().post(f"/o/{key}/", {"answer": "talk"})
    ineke.post(url("make_link", waiting.pk), sent)
    assert PersonalLink.objects.get().answer == LinkAnswer.TALK


def test_new_link_takes_the_place_of_the_one_before(ineke: Client, waiting: Match) -> None:
    _page, first = made(ineke, waiting)
    assert "Er is een persoonlijke link" in text(ineke.get(url("make_link", waiting.pk)))
    _page, second = made(ineke, waiting)
    assert PersonalLink.objects.count() == 1
    assert Client().get(f"/o/{first}/").status_code == 404
    assert Client().get(f"/o/{second}/").status_code == 200


def test_page_from_before_a_colleagues_link_does_not_replace_it(
    ineke: Client, ib: Membership, client_of: ClientOf, waiting: Match
) -> None:
    """Nor does an old page, sent again, bring a dead link back to life."""
    old = ineke.get(url("make_link", waiting.pk)).context["form"]["ticket"].value()
    _page, key = made(client_of(member(ib.school, "Iris", Role.INTERN_BEGELEIDER)), waiting)
    page = ineke.post(url("make_link", waiting.pk), {"language": "nl", "ticket": old}, follow=True)
    assert told(page) == [str(Changed.message)]
    assert PersonalLink.objects.get().token_hash == fingerprint(key)


@pytest.mark.parametrize("ticket", ["", "x", "9" * 5000, "\x00"])
def test_ticket_that_is_none_makes_nothing(ineke: Client, waiting: Match, ticket: str) -> None:
    before = contents()
    page = ineke.post(url("make_link", waiting.pk), {"language": "nl", "ticket": ticket})
    assert page.status_code == 200
    assert "ticket" in page.context["form"].errors
    assert contents() == before
    again = page.context["form"]["ticket"].value()
    assert ineke.post(url("make_link", waiting.pk), {"language": "nl", "ticket": again}).status_code == 200
    assert PersonalLink.objects.exists()


def test_ticket_of_another_match_or_colleague_makes_nothing(
    ineke: Client, ib: Membership, client_of: ClientOf, proposed: Proposed, waiting: Match
) -> None:
    """Else somebody could give two people one key."""
    other = proposed(status=MatchStatus.WAITING_FOR_PARENT)
    iris = client_of(member(ib.school, "Iris", Role.INTERN_BEGELEIDER))
    for browser, match in ((ineke, other), (iris, waiting)):
        ticket = browser.get(url("make_link", match.pk)).context["form"]["ticket"].value()
        page = ineke.post(url("make_link", waiting.pk), {"language": "nl", "ticket": ticket})
        assert "ticket" in page.context["form"].errors
    assert not PersonalLink.objects.exists()


def test_two_with_one_page_open_make_one_link_each_refused_after_the_first(
    ib: Membership, teacher: Membership, waiting: Match
) -> None:
    links.make_link(match=waiting, person=Person.PARENT, language="nl", ticket=links.Ticket(new_key()), by=ib)
    with refused(Changed):
        links.make_link(
            match=waiting, person=Person.PARENT, language="nl", ticket=links.Ticket(new_key()), by=teacher
        )


# Who may


def test_link_cannot_be_made_by_others(
    babs: Client,
    ib: Membership,
    other_ib: Membership,
    client_of: ClientOf,
    teacher: Membership,
    waiting: Match,
) -> None:
    """Of another theme, another school, a party in it: as if it did not exist; who arranges nothing is refused."""
    party = member(ib.school, "Petra", Role.INTERN_BEGELEIDER)
    Membership.objects.filter(pk=party.pk).update(parent=waiting.buddy_parent)
    ilse = client_of(other_ib)
    closed = [(babs, 404), (client_of(party), 404), (ilse, 404), (client_of(teacher), 403)]
    before = everything()
    for browser, status in closed:
        assert browser.get(url("make_link", waiting.pk)).status_code == status
        assert browser.post(url("make_link", waiting.pk), {"language": "nl"}).status_code == status
    assert ilse.get(url("make_link", waiting.pk, school="de-eik")).status_code == 404
    assert everything() == before


# Languages


@pytest.mark.parametrize(
    ("chosen", "codes"),
    [
        ([], ["nl", "en", "tr", "ar", "pl"]),
        (["nl"], ["nl"]),
        (["tr", "zgh"], ["nl", "tr"]),
        (["ar", "nl", "pl"], ["nl", "ar", "pl"]),
    ],
)
def test_languages_are_those_the_school_offers_and_we_write(chosen: list[str], codes: list[str]) -> None:
    assert offered(chosen) == codes


def test_language_the_parent_speaks_is_chosen_beforehand(
    ineke: Client, school: School, proposed: Proposed, signalled: Signalled
) -> None:
    School.objects.filter(pk=school.pk).update(languages=["nl", "tr"])
    support = signalled(languages=("ti", "tr", "nl"))
    match = proposed(support, status=MatchStatus.WAITING_FOR_PARENT)
    assert ineke.get(url("make_link", match.pk)).context["form"]["language"].value() == "tr"


def test_language_that_is_not_offered_is_refused(ineke: Client, school: School, waiting: Match) -> None:
    School.objects.filter(pk=school.pk).update(languages=["nl"])
    form = ineke.get(url("make_link", waiting.pk)).context["form"]
    sent = {"language": "tr", "ticket": form["ticket"].value()}
    page = ineke.post(url("make_link", waiting.pk), sent)
    assert "language" in page.context["form"].errors
    assert page.context["form"]["ticket"].value() == sent["ticket"]
    assert not PersonalLink.objects.exists()


def test_letter_has_dutch_beside_the_language_and_the_address_written_out(
    ineke: Client, school: School, waiting: Match
) -> None:
    School.objects.filter(pk=school.pk).update(languages=[])
    page, key = made(ineke, waiting, "ar")
    letter = text(page)
    assert [language.code for language, _words in page.context["letters"]] == ["nl", "ar"]
    assert '<div lang="ar" dir="rtl">' in letter
    assert f'<p class="paper-address" dir="ltr">http://testserver/o/{key}/</p>' in letter
    assert "<svg" in letter
    assert " style=" not in letter
    for name in (str(waiting.parent), str(waiting.buddy_parent), "lezen"):
        assert name not in letter.partition("<article")[2].partition("</article")[0]


def test_dutch_letter_stands_alone(ineke: Client, waiting: Match) -> None:
    page, _key = made(ineke, waiting)
    assert [language.code for language, _words in page.context["letters"]] == ["nl"]


def test_code_is_framed_in_white() -> None:
    code = qr_code("https://school.example/o/abc/")
    columns = [int(x) for x in re.findall(r"M(\d+) ", code.path)]
    assert (min(columns), max(columns)) == (4, code.size - 5)


# Afterwards


def test_page_of_the_match_says_how_it_is_with_the_link(ineke: Client, waiting: Match) -> None:
    _page, key = made(ineke, waiting)
    assert "nog geen antwoord" in text(ineke.get(url("match", waiting.pk)))
    Client().post(f"/o/{key}/", {"answer": "talk"})
    assert "wil eerst praten" in text(ineke.get(url("match", waiting.pk)))
    PersonalLink.objects.update(valid_until=clock.today() - timedelta(days=1), answer="", answered_at=None)
    assert "werkt niet meer" in text(ineke.get(url("match", waiting.pk)))


def test_who_wants_to_talk_waits_on_whoever_arranges_the_theme(
    ineke: Client, ib: Membership, bouwcoordinator: Membership, other_ib: Membership, waiting: Match
) -> None:
    _page, key = made(ineke, waiting)
    talk = "Wil eerst praten: bel even."
    assert talk not in [row.text for row in match_worklist.items(ib, clock.today())]
    Client().post(f"/o/{key}/", {"answer": "talk"})
    [item] = match_worklist.items(ib, clock.today())
    assert (item.title, item.text) == (str(waiting.parent), talk)
    assert item.url == url("match", waiting.pk)
    party = member(ib.school, "Petra", Role.INTERN_BEGELEIDER)
    Membership.objects.filter(pk=party.pk).update(parent=waiting.buddy_parent)
    party = Membership.objects.get(pk=party.pk)
    for other in (bouwcoordinator, other_ib, party):
        assert list(match_worklist.items(other, clock.today())) == []
    matches.record_parent_yes(match=waiting, method=Method.PHONE, by=ib)
    assert talk not in [row.text for row in match_worklist.items(ib, clock.today())]


def rows_of(membership: Membership) -> list[tuple[str, str]]:
    """Where the rows about a request or a link lead, and what they say."""
    found = [*worklist.items(membership, clock.today()), *match_worklist.items(membership, clock.today())]
    return [(row.url, row.text) for row in found]


NO_ROW = "Zei nee via de persoonlijke link. Wil de ouder nog dat we zoeken?"


@pytest.mark.parametrize("answers", [["no"], ["yes", "stop"]])
def test_after_a_no_through_the_link_one_row_asks_whether_to_search_on(
    ineke: Client, ib: Membership, bouwcoordinator: Membership, waiting: Match, answers: list[str]
) -> None:
    _page, key = made(ineke, waiting)
    for answer in answers:
        Client().post(f"/o/{key}/", {"answer": answer})
    assert rows_of(ib) == [(url("request", waiting.request_id), NO_ROW)]
    assert rows_of(bouwcoordinator) == []
    requests.close(request=waiting.request, reason=CloseReason.NOT_NEEDED, by=ib)
    assert rows_of(ib) == []


def test_who_searches_on_after_a_no_through_the_link_has_no_such_row(
    ineke: Client, ib: Membership, waiting: Match, add_buddy: AddBuddy
) -> None:
    _page, key = made(ineke, waiting)
    Client().post(f"/o/{key}/", {"answer": "no"})
    later = propose(waiting.request, add_buddy(), ib)
    assert [address for address, _text in rows_of(ib)] == [url("match", later.pk)]
    matches.did_not_proceed(match=later, reason=EndReason.PRACTICAL, by=ib)
    assert [address for address, _text in rows_of(ib)] == [url("find", waiting.request_id)]


def test_changed_theme_after_a_no_through_the_link_is_looked_for_anew(
    ineke: Client, ib: Membership, waiting: Match, themes: dict[str, Theme]
) -> None:
    _page, key = made(ineke, waiting)
    Client().post(f"/o/{key}/", {"answer": "no"})
    SupportRequest.objects.update(theme=themes["divorce"])
    assert [address for address, _text in rows_of(ib)] == [url("find", waiting.request_id)]


def test_no_that_was_changed_asks_nothing(ineke: Client, ib: Membership, waiting: Match) -> None:
    _page, key = made(ineke, waiting)
    for answer in ("no", "yes"):
        Client().post(f"/o/{key}/", {"answer": answer})
    assert [address for address, _text in rows_of(ib)] == [url("match", waiting.pk)]


def test_link_goes_a_month_after_its_last_day(ineke: Client, waiting: Match) -> None:
    made(ineke, waiting)
    last = clock.today() + VALID + REMEMBERED
    assert due.forget_links(last) == 0
    assert due.forget_links(last + timedelta(days=1)) == 1
    assert due.forget_links(last + timedelta(days=1)) == 0
    assert not PersonalLink.objects.exists()


def test_link_is_reversed_outside_any_school() -> None:
    assert reverse("parent_page", args=["abc"]) == "/o/abc/"

"""The page behind a personal link: what it says, and what each answer does."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from buddies.actions import consents, links, matches
from buddies.links import speech as parent_words
from buddies.models import EndReason, LinkAnswer, Match, Method, Person, Purpose, Way
from buddies.workflow import MatchStatus
from school import clock
from school.models import Membership
from tests.cast import Proposed, Signalled

from .holder import ASKED, PERSONS, HandOut, as_read, buttons, gone, words_on
from .phone import text
from .watch import everything, now, recorded

# Opening it


@pytest.mark.parametrize("person", PERSONS)
def test_opening_changes_nothing_whoever_or_whatever_opens_it(hand_out: HandOut, person: Person) -> None:
    holder = hand_out(person)
    before = everything()
    for verb in ("GET", "HEAD"):
        for extra in ({}, {"Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"}):
            for query in ("", "?taal=tr", "?answer=yes", "?contact=keep"):
                assert holder.phone.generic(verb, holder.address + query, headers=extra).status_code == 200
    for verb in ("OPTIONS", "PUT", "PATCH", "DELETE", "TRACE"):
        assert holder.phone.generic(verb, holder.address, "answer=yes").status_code == 405, verb
    assert everything() == before


@pytest.mark.parametrize("person", PERSONS)
def test_page_asks_in_few_words_and_three_equal_answers(hand_out: HandOut, person: Person) -> None:
    page = hand_out(person).opens()
    assert len(words_on(page).split()) <= 80
    assert buttons(page) == ["yes", "no", "talk"]
    assert len({re.sub(r'value="\w+"', "", tag) for tag in re.findall(r"<button[^>]*>", text(page))}) == 1
    assert not re.search(r"checked|selected|autofocus", text(page))
    assert "Nee is ook goed. Dit heeft geen gevolgen voor uw kind." in words_on(page)


def test_sentences_are_short() -> None:
    """A2: eight to ten words, a few more here and there."""
    for words in parent_words.speech("nl", formal=True).words(school="De Wilgen").values():
        for sentence in re.split(r"[.?!]", words):
            assert len(sentence.split()) <= 12, sentence


@pytest.mark.parametrize("person", PERSONS)
def test_page_says_nothing_of_whom_or_what_it_is_about(
    hand_out: HandOut, proposed: Proposed, signalled: Signalled, person: Person
) -> None:
    """Invariant 3, and somebody else may hold the phone: at every stage, until the buddy's yes and after it."""
    match = proposed(signalled(child_name="Semmie", note="Leest moeilijk"), status=ASKED[person])
    holder = hand_out(person, match)
    pages = [
        holder.opens(),
        holder.taps("talk"),
        holder.taps("yes"),
        holder.taps("share"),
        holder.taps("stop"),
    ]
    private = {"Semmie", "Leest", "lezen", "dyslexie", "Amina", "Tesfay", "Bakker", "Ineke", "Tom"}
    for page in pages:
        assert page.status_code == 200
        assert {word for word in private if word.lower() in text(page).lower()} == set()
        assert "De Wilgen" in text(page)


def test_answer_stays_out_of_caches_other_sites_and_search_engines(hand_out: HandOut) -> None:
    holder = hand_out()
    unknown = Client().get("/o/niets/")
    for page in (holder.opens(), holder.phone.post(holder.address, {"answer": "talk"}), unknown):
        assert page["Cache-Control"] == "no-store"
        assert page["Referrer-Policy"] == "no-referrer"
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert "Set-Cookie" not in page.headers
        assert not page.cookies
    assert re.findall(r'(?:src|href)="(?!\?|/static/)[^"]*"', text(holder.opens())) == []
    assert "<script" not in text(holder.opens())


# Answering


@pytest.mark.parametrize("person", PERSONS)
def test_yes_is_recorded_as_said_through_the_link(hand_out: HandOut, ib: Membership, person: Person) -> None:
    holder = hand_out(person)
    with recorded() as log:
        page = holder.taps("yes")
    after = {Person.PARENT: MatchStatus.WAITING_FOR_BUDDY, Person.BUDDY: MatchStatus.AGREED}
    assert now(holder.match) is after[person]
    yes = holder.given[Purpose.MATCH]
    assert (yes.method, yes.language, yes.recorded_by) == (Method.LINK, "nl", ib)
    assert list(holder.given) == [Purpose.MATCH], "contact details are a question of their own"
    assert buttons(page) == ["share", "keep", "stop"]
    assert log.actions == ["consent.give", f"match.{person}_yes", "link.answer"]


@pytest.mark.parametrize("person", PERSONS)
def test_no_ends_the_match_and_can_be_changed_today(hand_out: HandOut, person: Person) -> None:
    holder = hand_out(person)
    page = holder.taps("no")
    assert now(holder.match) is MatchStatus.DID_NOT_PROCEED
    reason = EndReason.PARENT_NO if person is Person.PARENT else EndReason.BUDDY_NO
    assert holder.match.end_reason == reason
    assert buttons(page) == ["yes", "talk"]
    holder.taps("no")
    holder.taps("yes")
    assert now(holder.match) not in (MatchStatus.DID_NOT_PROCEED, ASKED[person])
    assert list(holder.given) == [Purpose.MATCH]


def test_no_cannot_be_changed_tomorrow(hand_out: HandOut) -> None:
    holder = hand_out()
    holder.taps("no")
    with clock.at(clock.now() + timedelta(days=1)):
        assert holder.opens().status_code == 410
        assert holder.taps("yes").status_code == 410
    assert now(holder.match) is MatchStatus.DID_NOT_PROCEED


def test_no_that_cannot_be_changed_any_more_says_whom_to_call(hand_out: HandOut, proposed: Proposed) -> None:
    """Somebody else has the buddy's only place by now."""
    holder = hand_out()
    holder.taps("no")
    other = proposed(buddy=holder.match.buddy)
    page = holder.taps("yes")
    assert page.status_code == 409
    assert "Bel De Wilgen" in words_on(page)
    assert now(holder.match) is MatchStatus.DID_NOT_PROCEED
    assert now(other) is MatchStatus.PROPOSED


@pytest.mark.parametrize("person", PERSONS)
def test_talk_leaves_the_question_open(hand_out: HandOut, person: Person) -> None:
    holder = hand_out(person)
    page = holder.taps("talk")
    assert now(holder.match) is ASKED[person]
    assert "De school belt u" in words_on(page)
    assert buttons(page) == ["yes", "no", "talk"]
    holder.taps("yes")
    assert holder.link.answer == LinkAnswer.YES


@pytest.mark.parametrize("answer", ["yes", "no", "talk"])
def test_double_tap_is_one_answer(hand_out: HandOut, answer: str) -> None:
    holder = hand_out()
    holder.taps(answer)
    before = everything()
    assert holder.taps(answer).status_code == 200
    assert everything() == before


@pytest.mark.parametrize(
    "sent", [{}, {"answer": "ja"}, {"answer": "\x00"}, {"answer": "9" * 5000}, {"yes": "1"}]
)
def test_answer_that_is_none_changes_nothing(hand_out: HandOut, sent: dict[str, str]) -> None:
    holder = hand_out()
    before = everything()
    assert holder.phone.post(holder.address, sent, follow=True).status_code == 200
    assert everything() == before


@pytest.mark.parametrize("answer", ["share", "keep", "stop"])
def test_nothing_to_share_or_stop_before_the_yes(hand_out: HandOut, answer: str) -> None:
    holder = hand_out()
    before = everything()
    assert holder.taps(answer).status_code == 409
    assert everything() == before


# Contact details, apart


@pytest.mark.parametrize("person", PERSONS)
def test_contact_details_are_a_second_question(hand_out: HandOut, person: Person) -> None:
    holder = hand_out(person)
    holder.taps("yes")
    page = holder.taps("keep")
    assert "Uw antwoord is nu: nee." in words_on(page)
    assert list(holder.given) == [Purpose.MATCH], "a no is not stored"
    for _ in range(2):
        page = holder.taps("share")
    assert "Uw antwoord is nu: ja." in words_on(page)
    assert set(holder.given) == {Purpose.MATCH, Purpose.SHARE_CONTACT}
    assert holder.given[Purpose.SHARE_CONTACT].method == Method.LINK
    holder.taps("keep")
    assert list(holder.given) == [Purpose.MATCH]


def test_connecting_copes_with_what_was_agreed_through_the_link(hand_out: HandOut, ib: Membership) -> None:
    parent = hand_out()
    parent.taps("yes")
    parent.taps("share")
    buddy = hand_out(Person.BUDDY, parent.match)
    buddy.taps("yes")
    buddy.taps("share")
    both = matches.Connection(Way.PARENT_CONTACTS, buddy_shares_contact=True, parent_shares_contact=True)
    matches.connect(match=parent.match, connection=both, method=Method.PHONE, by=ib)
    assert now(parent.match) is MatchStatus.CONNECTED
    assert parent.given[Purpose.SHARE_CONTACT].method == Method.LINK
    assert buddy.given[Purpose.SHARE_CONTACT].method == Method.LINK


# Stopping


@pytest.mark.parametrize("person", PERSONS)
def test_stopping_is_one_tap_and_works_at_once(hand_out: HandOut, person: Person) -> None:
    holder = hand_out(person)
    holder.taps("yes")
    holder.taps("share")
    page = holder.taps("stop")
    assert now(holder.match) is MatchStatus.DID_NOT_PROCEED
    assert holder.given == {}
    assert holder.match.slot is None
    assert "U bent gestopt" in words_on(page)
    assert buttons(page) == []
    before = everything()
    assert holder.taps("stop").status_code == 200
    assert holder.taps("no").status_code == 200
    assert holder.taps("yes").status_code == 409
    assert everything() == before


def test_stopping_when_connected_is_to_be_rounded_off(hand_out: HandOut, ib: Membership) -> None:
    holder = hand_out()
    holder.taps("yes")
    matches.record_buddy_yes(match=holder.match, method=Method.PHONE, by=ib)
    connection = matches.Connection(Way.INTRODUCED)
    matches.connect(match=holder.match, connection=connection, method=Method.PHONE, by=ib)
    assert "in contact gebracht" in words_on(holder.opens())
    holder.taps("stop")
    assert now(holder.match) is MatchStatus.CONNECTED
    assert holder.match.winding_down


def test_link_is_over_when_a_colleague_wrote_down_that_they_stop(hand_out: HandOut, ib: Membership) -> None:
    holder = hand_out()
    holder.taps("yes")
    matches.record_buddy_yes(match=holder.match, method=Method.PHONE, by=ib)
    connection = matches.Connection(Way.INTRODUCED)
    matches.connect(match=holder.match, connection=connection, method=Method.PHONE, by=ib)
    consents.withdraw(consent=holder.given[Purpose.MATCH], by=ib)
    gone(holder, 410)


def test_no_after_a_yes_is_stopping(hand_out: HandOut) -> None:
    """A page from before the yes, in another window."""
    holder = hand_out()
    holder.taps("yes")
    holder.taps("no")
    assert now(holder.match) is MatchStatus.DID_NOT_PROCEED
    assert holder.given == {}


def test_stopping_holds_when_a_colleague_took_the_yes_back_meanwhile(
    hand_out: HandOut, ib: Membership
) -> None:
    holder = hand_out()
    holder.taps("yes")
    stale = as_read(holder)
    matches.undo(match=Match.objects.get(pk=holder.match.pk), by=ib)
    links.stop(link=stale)
    assert now(holder.match) is MatchStatus.DID_NOT_PROCEED

"""Personal links that do not work, guessing at them, and the log: what nobody gets out of one."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from buddies.actions import consents, links, matches
from buddies.actions.errors import WrongMoment
from buddies.links.keys import new_key
from buddies.links.unlogged import WithoutLinks
from buddies.models import Buddy, EndReason, LinkAnswer, Method, PersonalLink, Purpose
from buddies.workflow import MatchStatus
from school import clock
from school.models import Membership, School

from .holder import HandOut, Holder, as_read, gone, words_on
from .phone import text
from .watch import now, refused

# Links that do not work


def test_unknown_link_is_a_kind_page_without_a_school(school: School, hand_out: HandOut) -> None:
    holder = hand_out()
    for key in ("niets", holder.key[:-1], holder.key + "A", holder.key.swapcase(), "%00", "é", "a" * 3000):
        stranger = Holder(holder.match, holder.person, key)
        page = stranger.opens()
        assert page.status_code == 404
        assert "Bel de school van uw kind." in words_on(page)
        assert "De Wilgen" not in text(page)
    gone(Holder(holder.match, holder.person, "niets"), 404)


def test_link_past_its_last_day_is_over(hand_out: HandOut) -> None:
    holder = hand_out()
    PersonalLink.objects.update(valid_until=clock.today())
    assert holder.opens().status_code == 200
    PersonalLink.objects.update(valid_until=clock.today() - timedelta(days=1))
    gone(holder, 410)
    assert "Bel De Wilgen." in words_on(holder.opens())


def test_replaced_link_is_as_unknown(hand_out: HandOut) -> None:
    holder = hand_out()
    again = hand_out(match=holder.match)
    gone(holder, 404)
    assert again.opens().status_code == 200


def test_page_open_since_before_the_link_was_replaced_answers_nothing(hand_out: HandOut) -> None:
    holder = hand_out()
    read = as_read(holder)
    hand_out(match=holder.match)
    with refused(WrongMoment):
        links.answer_by_link(link=read, answer=LinkAnswer.YES, text="nl")


def test_link_is_over_once_the_step_was_taken_in_another_way(hand_out: HandOut, ib: Membership) -> None:
    holder = hand_out()
    matches.record_parent_yes(match=holder.match, method=Method.PHONE, by=ib)
    gone(holder, 410)


def test_link_is_over_when_the_match_ended_or_the_question_was_withdrawn(
    hand_out: HandOut, ib: Membership
) -> None:
    ended, searched = hand_out(), hand_out()
    matches.did_not_proceed(match=ended.match, reason=EndReason.PRACTICAL, by=ib)
    gone(ended, 410)
    consent = searched.match.request.search_consent
    assert consent is not None
    consents.withdraw(consent=consent, by=ib)
    gone(searched, 410)


def test_link_opens_one_match_only(hand_out: HandOut) -> None:
    """Whatever numbers are sent along."""
    mine, other = hand_out(), hand_out()
    sent = {"answer": "yes", "match": other.match.pk, "link": other.link.pk, "person": "buddy"}
    mine.phone.post(mine.address, sent)
    assert now(mine.match) is MatchStatus.WAITING_FOR_BUDDY
    assert now(other.match) is MatchStatus.WAITING_FOR_PARENT


def test_link_works_when_its_maker_has_left(hand_out: HandOut, ib: Membership) -> None:
    holder = hand_out()
    Membership.objects.filter(pk=ib.pk).update(ends_on=clock.today() - timedelta(days=1))
    holder.taps("yes")
    assert holder.given[Purpose.MATCH].recorded_by == ib


def test_parents_link_says_nothing_of_the_buddys_turn(hand_out: HandOut, ib: Membership) -> None:
    """The buddy's key is another one: the parent's never answers for the buddy."""
    holder = hand_out()
    holder.taps("yes")
    holder.taps("yes")
    assert now(holder.match) is MatchStatus.WAITING_FOR_BUDDY
    assert Buddy.objects.get(pk=holder.match.buddy_id).card_given_on is None


# Guessing


def test_who_tries_too_many_links_waits(hand_out: HandOut) -> None:
    holder = hand_out()
    for _ in range(20):
        assert holder.phone.get(f"/o/{new_key()}/").status_code == 404
    for page in (holder.phone.get(f"/o/{new_key()}/"), holder.opens(), holder.taps("yes")):
        assert page.status_code == 429
        assert "Wacht even" in words_on(page)
    assert now(holder.match) is MatchStatus.WAITING_FOR_PARENT
    assert Client(REMOTE_ADDR="192.0.2.7").get(holder.address).status_code == 200


def test_addresses_of_one_ipv6_network_count_together(hand_out: HandOut) -> None:
    holder = hand_out()
    for number in range(20):
        Client(REMOTE_ADDR=f"2001:db8::{number:x}").get("/o/niets/")
    assert Client(REMOTE_ADDR="2001:db8::ffff").get(holder.address).status_code == 429
    for other in ("2001:db8:0:1::1", "192.0.2.7"):
        assert Client(REMOTE_ADDR=other).get(holder.address).status_code == 200


def test_ipv4_addresses_written_as_ipv6_count_apart(hand_out: HandOut) -> None:
    holder = hand_out()
    for _ in range(20):
        Client(REMOTE_ADDR="::ffff:192.0.2.7").get("/o/niets/")
    assert Client(REMOTE_ADDR="::ffff:192.0.2.7").get(holder.address).status_code == 429
    assert Client(REMOTE_ADDR="::ffff:192.0.2.8").get(holder.address).status_code == 200


def test_opening_a_link_that_works_is_never_too_often(hand_out: HandOut) -> None:
    holder = hand_out()
    assert {holder.opens().status_code for _ in range(30)} == {200}


# The log


@pytest.mark.parametrize("answer", [404, 410, 405, 500])
def test_key_is_in_no_line_of_the_log(
    hand_out: HandOut, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, answer: int
) -> None:
    holder = hand_out()
    holder.phone.raise_request_exception = False
    if answer == 404:
        PersonalLink.objects.all().delete()
    elif answer == 410:
        PersonalLink.objects.update(valid_until=clock.today() - timedelta(days=1))
    elif answer == 500:

        def fail(*_args: object) -> None:
            raise ZeroDivisionError(holder.address)

        monkeypatch.setattr("buddies.views.parent_page._show", fail)
    lines: list[str] = []

    class Console(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    console, logger = Console(), logging.getLogger("django")
    console.setFormatter(WithoutLinks())
    logger.addHandler(console)
    try:
        status = holder.phone.generic("DELETE" if answer == 405 else "GET", holder.address).status_code
    finally:
        logger.removeHandler(console)
    assert status == answer
    assert lines, "the control: it was logged"
    assert holder.key not in "\n".join(lines)
    assert "/o/…/" in "\n".join(lines)


def test_rows_and_keys_of_passwords_are_in_no_line_of_the_log() -> None:
    said = (
        "Internal Server Error: /account/password/reset/key/3-c0ffee/\n"
        "IntegrityError: null value violates\nDETAIL:  Failing row contains (1, Fatma,\nYılmaz).\nHINT: nothing"
    )
    written = WithoutLinks().format(logging.LogRecord("django", logging.ERROR, "", 0, said, None, None))
    assert written == (
        "Internal Server Error: /account/password/reset/key/…/\n"
        "IntegrityError: null value violates\nDETAIL: …\nHINT: nothing"
    )


def test_whatever_writes_the_log_leaves_keys_out(settings: Settings) -> None:
    """The server of `runserver` too, which logs every address it is asked for."""
    writers = settings.LOGGING["handlers"]
    assert {writer["formatter"] for writer in writers.values()} == {"without_links"}
    assert settings.LOGGING["formatters"]["without_links"] == {"()": "buddies.links.unlogged.WithoutLinks"}
    assert settings.LOGGING["loggers"]["django.server"]["handlers"] == ["console"]

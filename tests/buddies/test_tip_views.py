"""The tip: there is somebody, and nothing else about them; and the parent's answer in one tap (R3)."""

from __future__ import annotations

import pytest
from django.test import Client

from buddies.actions import matches
from buddies.models import (
    EndReason,
    Match,
    Method,
    TipGiver,
)
from buddies.workflow import MatchStatus
from school.models import AuditEvent, Child, Membership, Parent, ParentKind
from tests.cast import AddBuddy, ClientOf, Proposed, Signalled

from .phone import Answer, text, told, url
from .watch import everything


@pytest.fixture
def match(proposed: Proposed, signalled: Signalled, children: dict[str, Child], add_buddy: AddBuddy) -> Match:
    """Tom is to tell the mother of Lina; the buddy is Marie, mother of two in 7A."""
    request = signalled("reading", first_name="Samira", child=children["Lina"])
    buddy = add_buddy(
        "reading",
        first_name="Marie",
        last_name="Bakker",
        kind=ParentKind.FATHER,
        grades=(7,),
        phone="06-12345678",
    )
    return proposed(request, buddy, status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)


def test_tip_says_that_there_is_somebody_and_nothing_else(tom: Client, match: Match) -> None:
    for page in (tom.get(url("tip", match.pk)), tom.get(url("own_signals"))):
        words = text(page)
        assert page.status_code == 200
        assert "Lina" in words
        for secret in ("Marie", "Bakker", "06-12345678", "groep 7"):
            assert secret not in words
        tip = page.context["tip"] if "tip" in page.context else page.context["tips"][0]
        assert vars(tip).keys() == {"number", "title", "language", "said_no"}


def test_tip_about_language_names_the_language_they_share(
    tom: Client, proposed: Proposed, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    request = signalled("language", languages=("tr", "ar"))
    buddy = add_buddy("language", languages=("nl", "tr", "pl"))
    match = proposed(request, buddy, status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)
    assert tom.get(url("tip", match.pk)).context["tip"].language in {"Turkish", "Turks"}


def test_tip_about_something_else_names_no_language(
    tom: Client, proposed: Proposed, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    match = proposed(
        signalled("divorce", languages=("tr",)),
        add_buddy("divorce", languages=("nl", "tr")),
        status=MatchStatus.WAITING_FOR_PARENT,
        tip_giver=TipGiver.SIGNALLER,
    )
    assert tom.get(url("tip", match.pk)).context["tip"].language == ""


def test_tip_yes_is_recorded_with_how_it_was_said(tom: Client, teacher: Membership, match: Match) -> None:
    tom.post(url("tip", match.pk), {"answer": "yes", "method": "interpreter"})
    match.refresh_from_db()
    assert match.state is MatchStatus.WAITING_FOR_BUDDY
    assert match.buddy_asked_at is None
    assert match.parent_yes is not None
    assert (match.parent_yes.method, match.parent_yes.recorded_by) == (Method.INTERPRETER, teacher)


def test_tip_no_ends_the_match_and_the_request_searches_on(tom: Client, match: Match) -> None:
    tom.post(url("tip", match.pk), {"answer": "no"})
    match.refresh_from_db()
    assert (match.state, match.end_reason) == (MatchStatus.DID_NOT_PROCEED, EndReason.PARENT_NO)
    assert match.request.closed_at is None


def test_tip_wants_to_talk_first_stores_nothing(tom: Client, match: Match) -> None:
    before = everything()
    shown = tom.post(url("tip", match.pk), {"answer": "talk"}, follow=True)
    assert len(told(shown)) == 1
    assert everything() == before


def test_tip_gives_the_same_words_for_yes_and_no(tom: Client, proposed: Proposed) -> None:
    words = []
    for answer in ("yes", "no"):
        match = proposed(status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)
        words.append(told(tom.post(url("tip", match.pk), {"answer": answer}, follow=True)))
    assert words[0] == words[1]
    assert "Ineke" in words[0][0]


def test_tip_answered_twice_is_recorded_once(tom: Client, match: Match) -> None:
    first = tom.post(url("tip", match.pk), {"answer": "yes"}, follow=True)
    after_one = everything()
    second = tom.post(url("tip", match.pk), {"answer": "yes"}, follow=True)
    assert told(first) == told(second)
    assert everything() == after_one


def test_tip_answered_too_late_changes_nothing_and_tells_nothing(
    tom: Client, match: Match, ib: Membership
) -> None:
    matches.did_not_proceed(match=match, reason=EndReason.PRACTICAL, by=ib)
    after = everything()
    words = [
        told(tom.post(url("tip", match.pk), {"answer": answer}, follow=True))
        for answer in ("yes", "no", "take_back")
    ]
    assert words[0] == words[1] == words[2]
    assert everything() == after
    assert tom.get(url("tip", match.pk)).status_code == 404


def test_tip_yes_can_be_taken_back_until_the_buddy_hears_of_it(
    tom: Client, match: Match, ib: Membership
) -> None:
    tom.post(url("tip", match.pk), {"answer": "yes"})
    page = tom.get(url("own_signals"))
    assert page.context["answered"]
    assert not page.context["tips"]
    first = tom.post(url("tip", match.pk), {"answer": "take_back"}, follow=True)
    second = tom.post(url("tip", match.pk), {"answer": "take_back"}, follow=True)
    assert told(first) == told(second)
    match.refresh_from_db()
    assert match.status == MatchStatus.WAITING_FOR_PARENT
    assert match.parent_yes is None
    tom.post(url("tip", match.pk), {"answer": "yes"})
    matches.ask_buddy(match=match, by=ib)
    assert not tom.get(url("own_signals")).context["answered"]
    tom.post(url("tip", match.pk), {"answer": "take_back"})
    match.refresh_from_db()
    assert match.status == MatchStatus.WAITING_FOR_BUDDY


def test_tip_no_can_be_taken_back_too(tom: Client, match: Match) -> None:
    tom.post(url("tip", match.pk), {"answer": "no"})
    page = tom.get(url("own_signals"))
    assert [tip.said_no for tip in page.context["answered"]] == [True]
    tom.post(url("tip", match.pk), {"answer": "take_back"})
    match.refresh_from_db()
    assert match.status == MatchStatus.WAITING_FOR_PARENT
    assert tom.get(url("own_signals")).context["tips"]


@pytest.mark.parametrize(
    "answer", [{}, {"answer": ""}, {"answer": "perhaps"}, {"answer": "yes", "method": "link"}]
)
def test_tip_without_an_answer_asks_again(tom: Client, match: Match, answer: Answer) -> None:
    shown = tom.post(url("tip", match.pk), answer)
    assert shown.status_code == 200
    assert shown.context["form"].errors
    assert "error-summary" in text(shown)
    match.refresh_from_db()
    assert match.state is MatchStatus.WAITING_FOR_PARENT


def test_tip_is_for_the_signaller_who_is_to_give_it(
    client_of: ClientOf,
    tom: Client,
    other_teacher: Membership,
    other_ib: Membership,
    ib: Membership,
    match: Match,
    proposed: Proposed,
) -> None:
    not_his = proposed(status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.COORDINATOR)
    for who in (other_teacher, ib):
        assert client_of(who).get(url("tip", match.pk)).status_code == 404
        assert client_of(who).post(url("tip", match.pk), {"answer": "yes"}).status_code == 404
    assert (
        client_of(other_ib).post(url("tip", match.pk, school="de-eik"), {"answer": "yes"}).status_code == 404
    )
    assert tom.get(url("tip", not_his.pk)).status_code == 404
    assert tom.post(url("tip", not_his.pk), {"answer": "no"}).status_code == 404
    assert tom.get(url("tip", 999999)).status_code == 404
    match.refresh_from_db()
    assert match.state is MatchStatus.WAITING_FOR_PARENT


def test_a_colleague_who_signalled_twice_has_one_tip(
    tom: Client, signalled: Signalled, parents: dict[str, Parent], proposed: Proposed
) -> None:
    first = signalled("reading", parent=parents["Samira"])
    signalled("reading", parent=parents["Samira"])
    match = proposed(first, status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)
    assert len(tom.get(url("own_signals")).context["tips"]) == 1
    assert tom.get(url("tip", match.pk)).status_code == 200


def test_looking_at_a_tip_or_an_undiscussed_signal_is_recorded(
    tom: Client, match: Match, signalled: Signalled, teacher: Membership
) -> None:
    request = signalled(discussed=False)
    tom.get(url("tip", match.pk))
    tom.get(url("discussed", request.pk))
    looks = AuditEvent.objects.filter(action__endswith=".look").values_list("action", "target_id", "actor_id")
    assert list(looks.order_by("pk")) == [
        ("match.look", match.pk, teacher.user_id),
        ("request.look", request.pk, teacher.user_id),
    ]

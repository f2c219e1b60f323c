"""Matches, for who arranges their theme: who may open what, the list, and how people are called."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from buddies.actions import consents, matches
from buddies.match_worklist import ROWS
from buddies.models import Consent, EndReason, Match, Purpose, Theme, TipGiver
from buddies.reading import progress
from buddies.reading.progress import Move, Turn
from buddies.workflow import MatchStatus
from school import clock
from school.models import Child, Membership
from school.roles import Role
from tests.cast import ORDER, AddBuddy, ClientOf, Proposed, Signalled, member

from .phone import text, url
from .watch import everything, queries, recorded

PAGES = ("match", "connect", "all_discussed", "did_not_proceed", "complete")
STEPS = ("ask_parent", "parent_answer", "ask_buddy", "buddy_answer", "undo")


# Who may open what


@pytest.mark.parametrize("name", [*PAGES, *STEPS])
def test_match_is_not_there_for_others(
    babs: Client, ib: Membership, other_ib: Membership, client_of: ClientOf, proposed: Proposed, name: str
) -> None:
    """Of another theme, of another school, or a party in it: as if it did not exist, and nothing changes."""
    match = proposed()
    party = member(ib.school, "Petra", Role.INTERN_BEGELEIDER)
    Membership.objects.filter(pk=party.pk).update(parent=match.buddy_parent)
    before = everything()
    for client in (babs, client_of(party), client_of(other_ib)):
        assert client.post(url(name, match.pk), {"answer": "yes", "method": "phone"}).status_code in (
            404,
            405,
        )
        if name in PAGES:
            assert client.get(url(name, match.pk)).status_code == 404
    assert everything()["buddies_match"] == before["buddies_match"]
    assert client_of(other_ib).get(url("match", match.pk, school="de-eik")).status_code == 404


@pytest.mark.parametrize("name", [*PAGES, *STEPS])
def test_match_is_refused_to_who_arranges_nothing(
    client_of: ClientOf, teacher: Membership, proposed: Proposed, name: str
) -> None:
    method = "get" if name in PAGES else "post"
    assert getattr(client_of(teacher), method)(url(name, proposed().pk)).status_code == 403


@pytest.mark.parametrize("name", STEPS)
def test_step_is_never_taken_by_opening_an_address(ineke: Client, proposed: Proposed, name: str) -> None:
    assert ineke.get(url(name, proposed().pk)).status_code == 405


@pytest.mark.parametrize("status", ORDER)
def test_looking_at_a_match_leaves_a_trace_and_changes_nothing(
    ineke: Client, proposed: Proposed, status: MatchStatus
) -> None:
    match = proposed(status=status)
    before = everything()["buddies_match"]
    with recorded() as log:
        ineke.get(url("match", match.pk))
    assert [(event.action, event.target_id) for event in log.events] == [("match.look", match.pk)]
    assert everything()["buddies_match"] == before


def test_checkin_of_others_is_not_there(
    babs: Client, client_of: ClientOf, other_ib: Membership, proposed: Proposed
) -> None:
    call = proposed(status=MatchStatus.CONNECTED).checkin_set.first()
    assert call is not None
    for client in (babs, client_of(other_ib)):
        assert client.get(url("checkin", call.pk)).status_code == 404
        assert client.post(url("checkin", call.pk), {"answer": "fine"}).status_code == 404


# The list


def test_list_is_by_whose_turn_it_is(ineke: Client, proposed: Proposed, ib: Membership) -> None:
    mine = proposed()
    theirs = proposed(status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)
    going = proposed(status=MatchStatus.CONNECTED)
    over = proposed()
    matches.did_not_proceed(match=over, reason=EndReason.PRACTICAL, by=ib)
    parts = {part.key: part.rows for part in ineke.get(url("matches")).context["parts"]}
    assert {key: [row.action_url for row in rows] for key, rows in parts.items()} == {
        "mine": [url("match", mine.pk)],
        "theirs": [url("match", theirs.pk)],
        "nobody": [url("match", going.pk)],
    }
    ended = ineke.get(url("matches") + "?status=ended").context["parts"]
    assert [row.url for part in ended for row in part.rows] == [url("match", over.pk)]


def test_list_keeps_apart_what_a_colleague_arranges(
    ineke: Client, client_of: ClientOf, director: Membership, proposed: Proposed, signalled: Signalled
) -> None:
    """The intern begeleider sees the theme that the director arranges; the next step is not theirs."""
    match = proposed(signalled("newcomer"))
    step = proposed(signalled("newcomer"), status=MatchStatus.WAITING_FOR_PARENT)
    page = ineke.get(url("matches"))
    [part] = page.context["parts"]
    assert (part.key, part.heading) == ("colleague", "Een collega is aan zet")
    assert [row.action_url for row in part.rows] == [url("match", match.pk), url("match", step.pk)]
    assert part.rows[1].text == "Een collega vraagt of de ouder dit wil."
    assert "btn-primary" not in text(page)
    [part] = client_of(director).get(url("matches")).context["parts"]
    assert (part.key, part.rows[1].text) == ("mine", "Jij vraagt of de ouder dit wil.")
    Match.objects.update(theme=None)
    assert [part.key for part in ineke.get(url("matches")).context["parts"]] == ["mine"]


def test_list_says_call_after_a_week_of_silence(ineke: Client, proposed: Proposed) -> None:
    proposed(status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)
    with clock.at(clock.now() + timedelta(days=8)):
        [part] = ineke.get(url("matches")).context["parts"]
    assert part.key == "mine"
    assert "Bel" in part.rows[0].text


def test_list_says_what_to_do_when_it_is_empty(ineke: Client, babs: Client, proposed: Proposed) -> None:
    assert url("requests") in text(ineke.get(url("matches")))
    assert ineke.get(url("matches") + "?status=ended").status_code == 200
    proposed()
    assert babs.get(url("matches")).context["parts"] == []
    assert ineke.post(url("matches")).status_code == 405


def test_pages_ask_as_much_of_the_database_for_one_match_as_for_three(
    ineke: Client, proposed: Proposed
) -> None:
    match = proposed(status=MatchStatus.CONNECTED)
    addresses = [url("matches"), url("matches") + "?status=ended", url("match", match.pk)]
    one = [queries(ineke, address) for address in addresses]
    for status in (MatchStatus.PROPOSED, MatchStatus.CONNECTED):
        proposed(status=status)
    assert [queries(ineke, address) for address in addresses] == one
    assert max(one) <= 12, one


# Names


def test_parent_without_a_name_is_called_after_the_child(
    ineke: Client, proposed: Proposed, signalled: Signalled, children: dict[str, Child]
) -> None:
    match = proposed(signalled(first_name="", last_name="", child=children["Sem"]))
    assert "Moeder van Sem en" in text(ineke.get(url("match", match.pk)))
    assert "Moeder van Sem" in text(ineke.get(url("matches")))


def test_odd_names_are_shown_safely(
    ineke: Client, proposed: Proposed, add_buddy: AddBuddy, themes: dict[str, Theme]
) -> None:
    buddy = add_buddy("reading", first_name="<b>Bo</b>", last_name="O'Neill & ı🙂")
    page = text(ineke.get(url("match", proposed(buddy=buddy).pk)))
    assert "&lt;b&gt;Bo&lt;/b&gt; O&#x27;Neill &amp; ı🙂" in page
    assert "<b>Bo" not in page


def test_match_whose_buddy_stopped_before_they_met_is_to_be_rounded_off(
    ineke: Client, proposed: Proposed, ib: Membership
) -> None:
    """Both had said yes. Vandaag and the lists say the same."""
    match = proposed(status=MatchStatus.AGREED)
    shared = Consent.objects.get(parent=match.buddy_parent, purpose=Purpose.SHARE_EXPERIENCE)
    consents.withdraw(consent=shared, by=ib)
    for address in (url("matches"), url("requests"), "/de-wilgen/"):
        page = text(ineke.get(address))
        assert "Een van de twee wil stoppen." in page, address
        assert "Breng de ouder in contact" not in page, address


def test_every_move_has_words() -> None:
    """And Vandaag shows all that is the coordinator's; a check-in has a row of its own."""
    assert set(progress.STEPS) == set(Move)
    mine = {move for move, step in progress.STEPS.items() if step.turn is Turn.MINE}
    assert mine == {*ROWS, Move.CHECK_IN}

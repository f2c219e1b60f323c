"""Verdelen: the plan for all that wait, and what becomes of accepting, changing and putting off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from buddies.actions import matches, requests
from buddies.actions.errors import WrongMoment
from buddies.forms.distribute import plan_of, plan_text
from buddies.models import Buddy, CloseReason, EndReason, Match, SupportRequest
from buddies.reading import distributing
from buddies.workflow import MatchStatus
from school import clock, paging
from school.models import Child, Membership, Parent
from tests.cast import AddBuddy, Proposed, Signalled

from .newcomers import offered
from .phone import text, told, url
from .watch import contents, queries, recorded, refused


def pairs(client: Client, query: str = "") -> list[tuple[int, int]]:
    """Which buddy the page proposes for which request, from top to bottom."""
    board = client.get(url("distribute", query=query)).context["board"]
    return [(line.request.pk, line.buddy) for line in board.proposals]


def tap(client: Client, support: SupportRequest, buddy: Buddy, /, query: str = "", **more: Any) -> Any:
    """Accept a row by tapping a reason, with the plan of the page it stands on."""
    page = client.get(url("distribute", query=query))
    answers = {
        "submission": str(uuid4()),
        "request": support.pk,
        "buddy": buddy.pk,
        "plan": page.context["plan"],
        "click_reasons": "know_both",
    }
    return client.post(url("distribute", query=query), answers | more, follow=True)


def test_distribute_serves_as_many_as_can_be_across_themes(
    ineke: Client, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    """Who could help with either is left for the parent for whom there is nobody else."""
    both = add_buddy(("reading", "divorce"), first_name="Allebei")
    only = add_buddy("reading", first_name="Alleen")
    first, second = signalled("reading"), signalled("divorce")
    assert pairs(ineke) == [(first.pk, only.pk), (second.pk, both.pk)]


def test_distribute_shows_words_and_no_score(
    ineke: Client, signalled: Signalled, add_buddy: AddBuddy, children: dict[str, Child]
) -> None:
    signalled("reading", child=children["Lina"], languages=("tr",), wish="father")
    add_buddy("reading", first_name="Peter", kind="mother", languages=("tr", "nl"), grades=(4,))
    main = text(ineke.get(url("distribute"))).partition("<main")[2].partition("</main>")[0]
    for words in (
        "Amina Tesfay",
        "Lina, groep 4B",
        "Spreekt ook Turks",
        "Heeft een kind in groep 4",
        "Peter",
    ):
        assert words in main
    assert "Is moeder; de ouder praat liever met een vader" in main
    assert "%" not in main


def test_distribute_asks_first_to_look_who_the_parent_is(
    ineke: Client, signalled: Signalled, add_buddy: AddBuddy, parents: dict[str, Parent]
) -> None:
    """Somebody who is signalled may be the very buddy: only once that is written down do the rules see it."""
    support = signalled("reading", first_name="Peter", last_name="van 't Hoff")
    add_buddy("reading", parent=parents["Peter"])
    assert "Kijk eerst of we deze ouder kennen" in text(ineke.get(url("distribute")))
    requests.link_parent(request=support, parent=parents["Peter"], by=add_buddy.ib)
    assert pairs(ineke) == []
    add_buddy("reading")
    assert "Kijk eerst of we deze ouder kennen" not in text(ineke.get(url("distribute")))


def test_distribute_is_only_for_own_themes(babs: Client, signalled: Signalled, add_buddy: AddBuddy) -> None:
    add_buddy(("reading", "language"), languages=("nl", "ti"))
    signalled("reading")
    signalled(None)
    mine = signalled("language", languages=("ti",))
    board = babs.get(url("distribute")).context["board"]
    assert [line.request for line in board.proposals] == [mine]
    assert (board.without_buddy, board.without_theme) == (0, 0)


def test_distribute_leaves_out_who_does_not_wait(
    ineke: Client, ib: Membership, signalled: Signalled, proposed: Proposed, add_buddy: AddBuddy
) -> None:
    add_buddy("reading", capacity=5)
    signalled(discussed=False)
    signalled(None)
    proposed(signalled("reading"))
    proposed(signalled("reading"), status=MatchStatus.CONNECTED)
    requests.close(request=signalled("reading"), reason=CloseReason.HELPED, by=ib)
    assert pairs(ineke) == []


def test_tap_on_a_reason_proposes_and_the_rest_is_made_anew(
    ineke: Client, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    one, other = add_buddy("reading"), add_buddy("reading")
    first, second, third = signalled("reading"), signalled("reading"), signalled("reading")
    assert dict(pairs(ineke)).keys() == {first.pk, second.pk}
    page = tap(ineke, first, one)
    match = Match.objects.get()
    assert (match.request, match.buddy, match.click_reasons) == (first, one, ["know_both"])
    assert told(page) == ["Buddy1 Bakker is voorgesteld voor Amina Tesfay. Jij vraagt nu de ouder."]
    assert pairs(ineke) == [(second.pk, other.pk)]
    assert page.context["board"].without_buddy == 1
    assert third.pk not in dict(pairs(ineke))


def test_looking_at_the_plan_stores_nothing(ineke: Client, signalled: Signalled, add_buddy: AddBuddy) -> None:
    add_buddy("reading")
    signalled("reading")
    before = contents()
    ineke.get(url("distribute"))
    ineke.get(url("lacking"))
    assert contents() == before


def test_what_changed_since_the_page_is_marked(
    ineke: Client, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    """Accepting somebody else than proposed moves another parent on: that row is marked, and no other."""
    both = add_buddy(("reading", "divorce"), first_name="Allebei")
    only = add_buddy("reading", first_name="Alleen")
    add_buddy("divorce", first_name="Nog een", kind="father")
    first, second, third = signalled("reading"), signalled("divorce", wish="mother"), signalled("busy")
    add_buddy("busy")
    assert pairs(ineke)[:2] == [(first.pk, only.pk), (second.pk, both.pk)]
    page = tap(ineke, first, both)
    changed = {line.request: line.changed for line in page.context["board"].proposals}
    assert changed == {second: True, third: False}
    assert text(page).count("Nieuw voorstel") == 1
    assert "Nieuw voorstel" not in text(ineke.get(url("distribute")))


@pytest.mark.parametrize(
    "nonsense", ["", "x", "1", "1-", "1-2.", "1-2-3", "²-1", "1-2" + ".1-2" * 2000, "<b>-1", "9" * 19 + "-1"]
)
def test_a_plan_that_is_none_marks_nothing(
    ineke: Client, signalled: Signalled, add_buddy: AddBuddy, nonsense: str
) -> None:
    support, buddy = signalled("reading"), add_buddy("reading")
    signalled("busy")
    add_buddy("busy")
    assert plan_of(nonsense) == {}
    page = tap(ineke, support, buddy, plan=nonsense)
    assert [line.changed for line in page.context["board"].proposals] == [False]


def test_the_longest_plan_is_read_back() -> None:
    longest = {10**6 + number: 10**6 + number for number in range(paging.PAGE_SIZE)}
    assert plan_of(plan_text(longest)) == longest


def test_refused_tap_says_so_and_shows_the_plan_of_now(
    ineke: Client, proposed: Proposed, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    buddy, spare = add_buddy("reading"), add_buddy("reading")
    first, second = signalled("reading"), signalled("reading")
    proposed(first, buddy)
    page = tap(ineke, second, buddy)
    assert told(page) == ["Deze buddy is net voor een andere ouder gevraagd. Kies iemand anders."]
    assert pairs(ineke) == [(second.pk, spare.pk)]
    assert Match.objects.count() == 1
    page = tap(ineke, first, spare)
    assert told(page) == ["Voor deze vraag is al iemand voorgesteld."]
    assert Match.objects.count() == 1


def test_tap_reaches_nobody_whom_the_member_may_not_see(
    babs: Client, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    mine = signalled("language", languages=("ti",))
    hidden, buddy = signalled("reading"), add_buddy(("reading", "language"), languages=("nl", "ti"))
    unseen = add_buddy("reading", languages=("nl", "ti"))
    for support, number in ((hidden, buddy.pk), (mine, unseen.pk), (mine, 10**15)):
        page = tap(babs, support, Buddy(pk=number))
        assert told(page) == ["Iemand heeft deze stap al gezet. Zo staat het er nu voor."]
    assert not Match.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"click_reasons": ""}, {"click_reasons": "x"}, {"buddy": "x"}, {"request": ""}]
)
def test_tap_without_a_reason_proposes_nobody(
    ineke: Client, signalled: Signalled, add_buddy: AddBuddy, wrong: dict[str, str]
) -> None:
    support, buddy = signalled("reading"), add_buddy("reading")
    page = tap(ineke, support, buddy, **wrong)
    assert told(page) == ["Tik aan waarom je een klik verwacht."]
    assert not Match.objects.exists()


def test_same_tap_twice_is_one_proposal(ineke: Client, signalled: Signalled, add_buddy: AddBuddy) -> None:
    support, buddy, number = signalled("reading"), add_buddy("reading"), str(uuid4())
    for _ in range(2):
        page = tap(ineke, support, buddy, submission=number)
        assert told(page) == ["Buddy1 Bakker is voorgesteld voor Amina Tesfay. Jij vraagt nu de ouder."]
    assert Match.objects.count() == 1


def test_who_is_in_mind_for_a_new_family_is_not_proposed_to_another(
    ineke: Client, director: Membership, nine: Child, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    support = signalled("reading")
    buddy = add_buddy(("reading", "newcomer"))
    assert pairs(ineke) == [(support.pk, buddy.pk)]
    offered(nine, director, buddy)
    assert pairs(ineke) == []


# Not now


def test_put_off_until_a_day_and_back_by_itself(
    ineke: Client, ib: Membership, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    support, buddy = signalled("reading"), add_buddy("reading")
    later = signalled("reading")
    page = ineke.post(
        url("park", support.pk), {"until": "next_week", "plan": f"{support.pk}-{buddy.pk}"}, follow=True
    )
    assert told(page) == ["Amina Tesfay is even uitgesteld."]
    [line] = page.context["board"].proposals
    assert (line.request, line.changed) == (later, True)
    assert [request for request, _title in page.context["board"].parked] == [support]
    assert "Uitgesteld tot" in text(ineke.get(url("requests")))
    day = clock.today() + timedelta(days=7)
    assert set(distributing.divide(ib, day - timedelta(days=1)).waiting) == {later.pk}
    assert set(distributing.divide(ib, day).waiting) == {support.pk, later.pk}


def test_put_off_and_taken_up_again(ineke: Client, signalled: Signalled, add_buddy: AddBuddy) -> None:
    support, buddy = signalled("reading"), add_buddy("reading")
    with recorded() as found:
        ineke.post(url("park", support.pk), {"until": "tomorrow"})
        assert pairs(ineke) == []
        page = ineke.post(url("park", support.pk), {"until": "not"}, follow=True)
    assert told(page) == ["Amina Tesfay wacht weer mee."]
    assert pairs(ineke) == [(support.pk, buddy.pk)]
    assert found.actions == ["request.park", "request.resume"]
    story = text(ineke.get(url("request", support.pk)))
    assert "Even uitgesteld" in story
    assert "Wacht weer mee" in story


def test_put_off_by_nonsense_changes_nothing(ineke: Client, signalled: Signalled) -> None:
    support = signalled("reading")
    before = contents()
    ineke.post(url("park", support.pk), {"until": "2199-01-01"})
    assert contents() == before


def test_put_off_only_while_it_waits(ib: Membership, signalled: Signalled, proposed: Proposed) -> None:
    until = clock.today() + timedelta(days=1)
    closed, undiscussed = signalled("busy"), signalled(discussed=False)
    requests.close(request=closed, reason=CloseReason.HELPED, by=ib)
    for support in (closed, undiscussed, proposed().request):
        with refused(WrongMoment):
            requests.park(request=support, until=until, by=ib)


def test_what_comes_to_nothing_waits_again_at_once(
    ineke: Client, ib: Membership, signalled: Signalled, proposed: Proposed, add_buddy: AddBuddy
) -> None:
    support = signalled("reading")
    requests.park(request=support, until=clock.today() + timedelta(days=7), by=ib)
    match = proposed(support)
    other = add_buddy("reading")
    matches.did_not_proceed(match=match, reason=EndReason.NO_CLICK, by=ib)
    assert pairs(ineke) == [(support.pk, other.pk)]


# Nothing to divide


def test_nobody_waits(ineke: Client) -> None:
    page = text(ineke.get(url("distribute")))
    assert "Niemand wacht op een buddy" in page
    assert url("lacking") in page


def test_nobody_can_be_asked(ineke: Client, signalled: Signalled, parents: dict[str, Parent]) -> None:
    signalled("reading")
    signalled(None, parent=parents["Linda"])
    page = text(ineke.get(url("distribute")))
    assert "Er kan nu niemand gevraagd worden" in page
    assert "2 ouders wachten, en er is niemand om voor te stellen." in page


def test_decision_on_a_later_page_leads_back_to_it(
    ineke: Client, signalled: Signalled, add_buddy: AddBuddy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the plan of that page, beside which nothing is new; and from it the links go on without that plan."""
    monkeypatch.setattr(paging, "PAGE_SIZE", 1)
    supports, buddies = zip(*((signalled("reading"), add_buddy("reading")) for _ in range(3)), strict=True)
    page = tap(ineke, supports[1], buddies[1], query="?pagina=2")
    plan = f"eerder={supports[1].pk}-{buddies[1].pk}"
    assert page.redirect_chain == [(url("distribute", query=f"?{plan}&pagina=2"), 302)]
    assert [(line.request, line.changed) for line in page.context["board"].proposals] == [(supports[2], True)]
    assert 'href="?pagina=1"' in text(page)
    assert f'action="{url("distribute")}?pagina=2"' in text(page)


def test_way_in_when_there_is_something_to_divide(ineke: Client, signalled: Signalled) -> None:
    signalled("reading")
    assert url("distribute") not in text(ineke.get(url("requests")))
    signalled("busy")
    assert url("distribute") in text(ineke.get(url("requests")))


def test_distribute_asks_as_many_questions_for_one_row_as_for_thirty(
    ineke: Client, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    counts = []
    made = 0
    for rows in (1, 3, 30):
        for _ in range(rows - made):
            signalled("reading")
            add_buddy("reading")
        made = rows
        assert len(pairs(ineke)) == min(rows, paging.PAGE_SIZE)
        counts.append(queries(ineke, url("distribute")))
    counts.append(queries(ineke, url("distribute", query="?pagina=2")))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 17, counts

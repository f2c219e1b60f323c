"""Wat ontbreekt: for whom there is nobody, which buddies are about to be lost or sit idle, and what to do about it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import Model
from django.test import Client

from buddies.actions import matches, requests
from buddies.models import Buddy, CloseReason, Consent, EndReason, Match, Purpose, Theme
from buddies.reading import lacking
from buddies.reading.lacking import Line
from school import clock, paging
from school.models import Child, Group, Membership, Parent
from tests.cast import AddBuddy, Proposed, Signalled

from .newcomers import starts
from .phone import text, url
from .watch import queries

pytestmark = pytest.mark.usefixtures("nobody_starts")


def missing(membership: Membership, on: date | None = None) -> dict[str, list[Line]]:
    """The lines of each part of the page, by its key."""
    fresh = Membership.objects.get(pk=membership.pk)
    return {part.key: list(part.lines) for part in lacking.parts(fresh, on or clock.today())[0]}


def told(lines: list[Line]) -> list[tuple[str, str]]:
    return [(line.title, line.text) for line in lines]


def test_nothing_is_missing(ineke: Client, signalled: Signalled, add_buddy: AddBuddy) -> None:
    signalled("reading")
    add_buddy("reading")
    page = ineke.get(url("lacking"))
    assert page.context["parts"] == []
    assert "Er ontbreekt niets" in text(page)


def test_empty_pool_says_what_to_do_first(ineke: Client, ib: Membership, signalled: Signalled) -> None:
    [line] = missing(ib)["nobody"]
    assert (line.title, line.url) == ("Er zijn nog geen buddy's", url("nominate"))
    support = signalled("reading")
    _pool, line = missing(ib)["nobody"]
    assert told([line]) == [("Lezen, dyslexie", "Er is geen buddy voor dit onderwerp. 1 ouder wacht.")]
    assert line.people == (("Amina Tesfay", url("find", support.pk)),)
    assert (line.action, line.url) == ("Zoek een nieuwe buddy", url("nominate"))
    assert url("find", support.pk) in text(ineke.get(url("lacking")))


def test_nobody_speaks_a_language(ib: Membership, signalled: Signalled, add_buddy: AddBuddy) -> None:
    add_buddy("language", languages=("nl", "tr"))
    waiting = [signalled("language", first_name=name, languages=("ti",)) for name in ("Eén", "Twee", "Drie")]
    [line] = missing(ib)["nobody"]
    assert line.text == "Geen buddy voor dit onderwerp spreekt Nederlands en Tigrinya. 3 ouders wachten."
    assert [page for _name, page in line.people] == [url("find", support.pk) for support in waiting]


def test_parent_without_a_language(ib: Membership, signalled: Signalled, add_buddy: AddBuddy) -> None:
    add_buddy("language", languages=("nl", "tr"))
    support = signalled("language")
    [line] = missing(ib)["nobody"]
    assert (line.action, line.url) == ("Vul de taal in", url("edit_parent", support.pk))


def test_request_without_a_theme(ib: Membership, signalled: Signalled, add_buddy: AddBuddy) -> None:
    add_buddy("reading")
    support = signalled(None)
    [line] = missing(ib)["nobody"]
    assert told([line]) == [("Nog niet bekend waarover", "1 ouder wacht.")]
    assert line.people == (("Amina Tesfay", url("choose_theme", support.pk)),)


def test_exclusions_that_leave_nobody(
    ib: Membership,
    signalled: Signalled,
    add_buddy: AddBuddy,
    proposed: Proposed,
    parents: dict[str, Parent],
    children: dict[str, Child],
) -> None:
    """Of the two buddies one is the other parent, which nobody learns, and with the other it did not proceed."""
    support = signalled("reading", parent=parents["Fatma"], child=children["Sem"])
    add_buddy("reading", parent=parents["Kemal"])
    [line] = missing(ib)["nobody"]
    assert line.text == "De buddy's voor dit onderwerp passen niet bij deze ouder. 1 ouder wacht."
    match = proposed(support, add_buddy("reading"))
    matches.did_not_proceed(match=match, reason=EndReason.NO_CLICK, by=ib)
    [line] = missing(ib)["nobody"]
    assert line.text == "Met elke buddy die overblijft, ging het eerder niet door. 1 ouder wacht."


def test_places_are_short_and_consents_have_run_out(
    ib: Membership, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    add_buddy("reading", capacity=1)
    expired = add_buddy("busy")
    Consent.objects.filter(parent=expired.parent).update(valid_until=clock.today() - timedelta(days=1))
    signalled("reading"), signalled("reading"), signalled("busy")
    short, ran_out = missing(ib)["nobody"]
    assert short.title == "Lezen, dyslexie"
    assert short.url == url("nominate")
    assert ran_out.url == url("buddies")
    assert "1 ouder wacht." in short.text


def test_counts_only_what_the_member_may_see(
    bouwcoordinator: Membership, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    """Babs arranges language: nothing of reading counts, neither who waits nor who could help."""
    add_buddy("reading", languages=("nl", "ti"), grades=(8,))
    signalled("reading")
    signalled(None)
    signalled("language", languages=("ti",))
    found = missing(bouwcoordinator)
    assert list(found) == ["nobody"]
    assert told(found["nobody"])[1:] == [("Taal", "Er is geen buddy voor dit onderwerp. 1 ouder wacht.")]


def test_put_off_is_not_missing(ib: Membership, signalled: Signalled, add_buddy: AddBuddy) -> None:
    add_buddy("busy")
    until = clock.today() + timedelta(days=1)
    requests.park(request=signalled("reading"), until=until, by=ib)
    assert "nobody" not in missing(ib)
    assert missing(ib, until)["nobody"]


def test_new_families_without_a_buddy(
    director: Membership, ib: Membership, groups: dict[str, Group], add_buddy: AddBuddy
) -> None:
    add_buddy("newcomer")
    for name in ("Nine", "Moos", "Lou"):
        starts(name, director, group=groups["1/2A"])
    for who in (director, ib):
        [line] = missing(who)["nobody"]
        assert line.text == "Voor 2 nieuwe gezinnen is er geen buddy om aan te bieden."
        assert line.people == (("Bekijk", url("newcomers")),)


@pytest.mark.parametrize(
    ("grades", "leaves"), [((8,), True), ((7, 8), False), ((7,), False), ((), False), ((1, 8), False)]
)
def test_last_child_leaves_in_summer(
    ib: Membership, add_buddy: AddBuddy, grades: tuple[int, ...], leaves: bool
) -> None:
    buddy = add_buddy("reading", grades=grades)
    found = missing(ib, date(2026, 11, 25)).get("leaving", [])
    words = "Laatste kind in groep 8: gaat in de zomer van 2027 van school."
    assert [(line.text, line.url) for line in found] == ([(words, url("buddy", buddy.pk))] if leaves else [])


def test_last_child_leaves_in_the_summer_after_they_came_to_the_highest_grade(
    ib: Membership, add_buddy: AddBuddy
) -> None:
    """What was told at the start says it years later, too; and that they have gone."""
    with clock.at(datetime(2024, 11, 25, 12, tzinfo=UTC)):
        add_buddy("reading", grades=(3, 6), children_count=2)
        youngest = add_buddy("reading", grades=(7,))
    with clock.at(datetime(2025, 7, 31, 12, tzinfo=UTC)):
        assert "leaving" not in missing(ib, date(2025, 7, 31))
    for day in (date(2025, 8, 1), date(2026, 7, 31)):
        [line] = missing(ib, day)["leaving"]
        assert line.url == url("buddy", youngest.pk)
        assert line.text == "Laatste kind in groep 8: gaat in de zomer van 2026 van school."
    [line] = missing(ib, date(2026, 8, 1))["leaving"]
    assert (line.url, line.text) == (
        url("buddy", youngest.pk),
        "Voor zover we weten zit er geen kind meer op school.",
    )


@pytest.mark.parametrize(("days", "told_of"), [(31, False), (30, True), (0, True), (-30, True), (-31, False)])
def test_consent_that_runs_out(
    ib: Membership, add_buddy: AddBuddy, themes: dict[str, Theme], days: int, told_of: bool
) -> None:
    buddy = add_buddy("reading")
    shared = Consent.objects.filter(parent=buddy.parent, purpose=Purpose.SHARE_EXPERIENCE)
    shared.update(valid_until=clock.today() + timedelta(days=days))
    renew = url("add_experience", buddy.pk, query=f"?onderwerp={themes['reading'].pk}")
    assert [line.url for line in missing(ib).get("expiring", [])] == ([renew] if told_of else [])


def long_ago(row: Model, **fields: int) -> None:
    """Set the moments `fields` of `row` so many days back."""
    moments = {name: clock.now() - timedelta(days=days) for name, days in fields.items()}
    type(row)._default_manager.filter(pk=row.pk).update(**moments)


def idle(ib: Membership) -> list[str]:
    return [line.title for line in missing(ib).get("idle", [])]


def test_idle_since_taken_up_long_ago(ib: Membership, signalled: Signalled, add_buddy: AddBuddy) -> None:
    old, new, paused = (add_buddy("reading", first_name=name) for name in ("Oud", "Nieuw", "Pauze"))
    for buddy, days in ((old, 91), (new, 88), (paused, 91)):
        long_ago(buddy, taken_up_at=days)
    Buddy.objects.filter(pk=paused.pk).update(paused_until=clock.today() + timedelta(days=9))
    assert idle(ib) == ["Oud Bakker"]
    signalled("reading")
    assert idle(ib) == [], "who is proposed now does not sit idle"


def test_who_is_proposed_to_a_new_family_does_not_sit_idle(
    director: Membership, ib: Membership, groups: dict[str, Group], add_buddy: AddBuddy
) -> None:
    long_ago(add_buddy("newcomer", first_name="Oud"), taken_up_at=400)
    assert idle(ib) == ["Oud Bakker"]
    starts("Nine", director, group=groups["1/2A"])
    assert idle(ib) == []


def test_idle_since_the_last_match(ib: Membership, proposed: Proposed, add_buddy: AddBuddy) -> None:
    buddy = add_buddy("reading", first_name="Oud", capacity=2)
    long_ago(buddy, taken_up_at=400)
    match = proposed(None, buddy)
    assert idle(ib) == [], "helps somebody"
    matches.did_not_proceed(match=match, reason=EndReason.PRACTICAL, by=ib)
    requests.close(request=match.request, reason=CloseReason.NOBODY, by=ib)
    assert idle(ib) == [], "was asked just now"
    Match.objects.update(ended_at=clock.now() - timedelta(days=91))
    assert idle(ib) == ["Oud Bakker"]


def test_lacking_asks_as_many_questions_for_one_row_as_for_thirty(
    ineke: Client,
    director: Membership,
    groups: dict[str, Group],
    signalled: Signalled,
    add_buddy: AddBuddy,
) -> None:
    """Of every kind of line one, then three, then thirty."""
    made, counts = 0, []
    for rows in (1, 3, 30):
        for number in range(made, rows):
            signalled("reading")
            signalled(None)
            long_ago(add_buddy("busy", grades=(8,)), taken_up_at=99)
            starts(f"Nine{number}", director, group=groups["1/2A"])
        made = rows
        Consent.objects.filter(purpose=Purpose.SHARE_EXPERIENCE).update(valid_until=clock.today())
        page = ineke.get(url("lacking"))
        assert page.context["pages"].paginator.count == 3 + 3 * rows
        assert sum(len(part.lines) for part in page.context["parts"]) == min(3 + 3 * rows, paging.PAGE_SIZE)
        [waiting, *_more] = page.context["parts"][0].lines
        assert (len(waiting.people), waiting.more) == (
            min(rows, lacking.PEOPLE),
            max(0, rows - lacking.PEOPLE),
        )
        counts.append(queries(ineke, url("lacking")))
    last = ineke.get(url("lacking") + "?pagina=4")
    assert [(part.key, len(part.lines)) for part in last.context["parts"]] == [("idle", 18)]
    counts.append(queries(ineke, url("lacking") + "?pagina=4"))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 26, counts

"""Mijn signalen: what became of it, never why; and an own signal that was discussed after all."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from buddies.actions import matches, pool, requests
from buddies.models import (
    Buddy,
    CloseReason,
    DoNotAsk,
    Method,
    SupportRequest,
    Theme,
    TipGiver,
)
from buddies.workflow import MatchStatus
from school import clock
from school.models import Child, Group, Guardianship, Membership, Parent, School
from tests.cast import AddBuddy, ClientOf, Proposed, Signalled

from .phone import Answer, text, told, url, wants
from .watch import everything

# Mijn signalen


def test_own_signals_starts_with_what_it_is_for(tom: Client) -> None:
    page = tom.get(url("own_signals"))
    assert "buddies/signals/_nothing_yet.html" in [template.name for template in page.templates]


def test_own_signals_go_from_received_to_taken_up_to_finished(
    tom: Client, signalled: Signalled, ib: Membership, children: dict[str, Child]
) -> None:
    request = signalled("reading", child=children["Lina"])

    def status() -> str:
        return str(tom.get(url("own_signals")).context["discussed"][0].status)

    assert status() == "received"
    requests.take_up(request=request, by=ib)
    assert status() == "taken_up"
    requests.close(request=request, reason=CloseReason.NOBODY, by=ib)
    assert status() == "finished"


def test_own_signals_never_tell_how_it_goes(
    tom: Client,
    signalled: Signalled,
    proposed: Proposed,
    children: dict[str, Child],
    add_buddy: AddBuddy,
    ib: Membership,
) -> None:
    request = signalled(
        "reading", first_name="Samira", last_name="El Amrani", note="slaapt slecht", child=children["Lina"]
    )
    buddy = add_buddy("reading", first_name="Marie", last_name="Bakker")
    match = proposed(request, buddy, status=MatchStatus.CONNECTED)
    lines = tom.get(url("own_signals")).context["discussed"]
    page = text(tom.get(url("own_signals")))
    assert "Samira El Amrani (Lina)" in page
    for secret in ("slaapt", "Marie", "Bakker", "lezen", "reading"):
        assert secret not in page
    matches.complete(match=match, outcome="helped", close_request=True, by=ib)  # type: ignore[arg-type]
    assert [line.status for line in lines] == ["taken_up"]
    assert [line.status for line in tom.get(url("own_signals")).context["discussed"]] == ["finished"]


def test_own_signals_are_ones_own(
    client_of: ClientOf, other_teacher: Membership, signalled: Signalled, children: dict[str, Child]
) -> None:
    signalled("reading", child=children["Lina"])
    page = client_of(other_teacher).get(url("own_signals"))
    assert not page.context["discussed"]
    assert "Lina" not in text(page)


def test_a_signal_that_joined_another_shows_nothing_of_that_one(
    client_of: ClientOf,
    teacher: Membership,
    other_teacher: Membership,
    signalled: Signalled,
    children: dict[str, Child],
    parents: dict[str, Parent],
) -> None:
    """Two colleagues, two children, one parent: the second does not learn of the first."""
    signalled("reading", child=children["Noor"], by=other_teacher, parent=parents["Linda"])
    signalled("reading", child=children["Lina"], by=teacher, parent=parents["Linda"])
    assert SupportRequest.objects.count() == 1
    page = client_of(teacher).get(url("own_signals"))
    assert len(page.context["discussed"]) == 1
    assert "Noor" not in text(page)
    assert "Linda" not in text(page)


def test_undiscussed_signals_say_until_when_and_how_to_raise_it(
    tom: Client, signalled: Signalled, children: dict[str, Child]
) -> None:
    request = signalled(discussed=False, child=children["Lina"])
    page = tom.get(url("own_signals"))
    assert [line.goes for line in page.context["undiscussed"]] == [request.forget_on]
    assert "buddies/signals/_raise.html" in [template.name for template in page.templates]
    assert url("discussed", request.pk) in text(page)


def test_a_signal_is_gone_from_the_day_its_term_ends(tom: Client, signalled: Signalled) -> None:
    request = signalled(discussed=False)
    with clock.at(clock.now() + timedelta(days=14)):
        assert not tom.get(url("own_signals")).context["undiscussed"]
        assert tom.get(url("discussed", request.pk)).status_code == 404


def test_who_is_a_party_sees_nothing_of_it(
    tom: Client,
    teacher: Membership,
    parents: dict[str, Parent],
    children: dict[str, Child],
    signalled: Signalled,
    proposed: Proposed,
    about_lina: Answer,
    ib: Membership,
) -> None:
    """Tom turns out to be the other parent of Lina, of whose mother he wrote down everything below."""
    request = signalled("reading", child=children["Lina"], parent=parents["Samira"])
    undiscussed = signalled(discussed=False, child=children["Lina"])
    match = proposed(request, status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)
    tom.post(url("nominate"), about_lina | {"asked": "not_yet"})
    shown = tom.get(url("own_signals")).context
    assert shown["tips"]
    assert shown["discussed"]
    assert shown["undiscussed"]
    assert shown["nominated"]
    teacher.parent = Parent.objects.create(school=teacher.school, first_name="Tom", created_at=clock.now())
    teacher.save()
    Guardianship.objects.create(school=teacher.school, parent=teacher.parent, child=children["Lina"])
    page = tom.get(url("own_signals"))
    assert not any(
        page.context[part] for part in ("tips", "answered", "undiscussed", "discussed", "nominated")
    )
    assert "Lina" not in text(page)
    assert tom.get(url("discussed", undiscussed.pk)).status_code == 404
    assert tom.get(url("tip", match.pk)).status_code == 404
    assert tom.post(url("tip", match.pk), {"answer": "yes"}).status_code == 404


def test_who_is_the_proposed_buddy_gives_no_tip(
    tom: Client, teacher: Membership, signalled: Signalled, proposed: Proposed, add_buddy: AddBuddy
) -> None:
    buddy = add_buddy("reading")
    match = proposed(
        signalled("reading"), buddy, status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER
    )
    teacher.parent = buddy.parent
    teacher.save()
    assert not tom.get(url("own_signals")).context["tips"]
    assert tom.get(url("tip", match.pk)).status_code == 404


def test_nominations_are_followed_until_a_month_after_they_were_taken_up(
    tom: Client, about_lina: Answer, themes: dict[str, Theme], ib: Membership
) -> None:
    tom.post(
        url("nominate"), about_lina | {"asked": "yes", "themes": [str(themes["busy"].pk)], "name_known": "no"}
    )

    def statuses() -> list[str]:
        return [line.status for line in tom.get(url("own_signals")).context["nominated"]]

    assert statuses() == ["received"]
    pool.take_up(buddy=Buddy.objects.get(), by=ib)
    assert statuses() == ["taken_up"]
    with clock.at(clock.now() + timedelta(days=32)):
        assert statuses() == []


def test_a_suggestion_asks_to_be_asked_until_it_lapses(tom: Client, about_lina: Answer) -> None:
    tom.post(url("nominate"), about_lina | {"asked": "not_yet"})
    assert [line.status for line in tom.get(url("own_signals")).context["nominated"]] == ["to_ask"]
    with clock.at(clock.now() + timedelta(days=30)):
        assert not tom.get(url("own_signals")).context["nominated"]


def test_nominations_show_no_buddy_who_was_added_directly_or_has_stopped(
    client_of: ClientOf,
    tom: Client,
    ib: Membership,
    add_buddy: AddBuddy,
    about_lina: Answer,
    themes: dict[str, Theme],
) -> None:
    add_buddy("reading")
    assert not client_of(ib).get(url("own_signals")).context["nominated"]
    tom.post(
        url("nominate"), about_lina | {"asked": "yes", "themes": [str(themes["busy"].pk)], "name_known": "no"}
    )
    pool.stop(buddy=Buddy.objects.get(recorded_by__user__name="Tom"), by=ib)
    assert not tom.get(url("own_signals")).context["nominated"]


def test_own_signals_asks_the_database_as_often_for_three_as_for_one(
    tom: Client,
    signalled: Signalled,
    proposed: Proposed,
    children: dict[str, Child],
    themes: dict[str, Theme],
    groups: dict[str, Group],
) -> None:
    def add() -> None:
        signalled("divorce", child=children["Lina"])
        signalled(discussed=False, child=children["Daan"])
        request = signalled("language", child=children["Daan"], languages=("tr",))
        buddy = proposed.add_buddy("language", languages=("nl", "tr"))
        proposed(request, buddy, status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)
        done = proposed(status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)
        tom.post(url("tip", done.pk), {"answer": "yes"})
        answer = {
            "submission": str(uuid4()),
            "group": groups["4B"].pk,
            "child": children["Lina"].pk,
            "kind": "mother",
        }
        tom.post(url("nominate"), answer | {"asked": "not_yet"})

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            tom.get(url("own_signals"))
        return len(queries)

    add()
    tom.get(url("own_signals"))
    one = count()
    add()
    add()
    tom.get(url("own_signals"))
    assert count() == one <= 12


@pytest.mark.parametrize("page", ["signal", "nominate"])
def test_form_asks_the_database_as_often_for_many_children_as_for_few(
    tom: Client, page: str, groups: dict[str, Group], school: School, add_buddy: AddBuddy
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            tom.get(url(page))
        return len(queries)

    add_buddy("reading")
    few = count()
    Child.objects.bulk_create(
        Child(school=school, first_name=f"Kind {n}", group=groups["4B"]) for n in range(30)
    )
    for theme in ("reading", "divorce"):
        add_buddy(theme)
    assert count() == few <= 12


# Discussed after all


def test_discussed_records_the_yes_with_what_it_is_about(
    tom: Client, signalled: Signalled, themes: dict[str, Theme]
) -> None:
    request = signalled(discussed=False)
    answer = {"submission": str(request.submission)} | wants(
        themes["busy"], note="Graag een vader", method="phone"
    )
    shown = tom.post(url("discussed", request.pk), answer, follow=True)
    request.refresh_from_db()
    assert (request.theme, request.note, request.forget_on) == (themes["busy"], "Graag een vader", None)
    assert request.search_consent is not None
    assert request.search_consent.method == Method.PHONE
    assert shown.redirect_chain == [(url("own_signals"), 302)]


def test_discussed_with_a_no_erases_it(tom: Client, signalled: Signalled) -> None:
    request = signalled(discussed=False)
    tom.post(
        url("discussed", request.pk),
        {"submission": str(request.submission), "asked": "no", "note": "x" * 300},
    )
    assert not SupportRequest.objects.exists()
    assert DoNotAsk.objects.count() == 1


@pytest.mark.parametrize("asked", ["yes", "no"])
def test_discussed_sent_twice_gives_the_same_answer(tom: Client, signalled: Signalled, asked: str) -> None:
    request = signalled(discussed=False)
    answer = {"submission": str(request.submission), "asked": asked}
    first = tom.post(url("discussed", request.pk), answer, follow=True)
    after_one = everything()
    second = tom.post(url("discussed", request.pk), answer, follow=True)
    assert second.status_code == 200
    assert told(first) == told(second)
    assert everything() == after_one


def test_discussed_is_for_the_signaller_while_it_is_open(
    client_of: ClientOf,
    tom: Client,
    other_teacher: Membership,
    ib: Membership,
    other_ib: Membership,
    signalled: Signalled,
) -> None:
    undiscussed, done = signalled(discussed=False), signalled("reading")
    answer = {"submission": str(uuid4()), "asked": "yes"}
    for who in (other_teacher, ib):
        assert client_of(who).get(url("discussed", undiscussed.pk)).status_code == 404
        assert client_of(who).post(url("discussed", undiscussed.pk), answer).status_code == 404
    assert client_of(other_ib).get(url("discussed", undiscussed.pk, school="de-eik")).status_code == 404
    assert tom.get(url("discussed", done.pk)).status_code == 404
    assert tom.get(url("discussed", 999999)).status_code == 404
    undiscussed.refresh_from_db()
    assert undiscussed.search_consent is None


def test_discussed_tells_nothing_of_what_a_coordinator_recorded(
    tom: Client, signalled: Signalled, ib: Membership
) -> None:
    request = signalled(discussed=False)
    requests.discussed(request=request, wanted=requests.Wanted(), by=ib)
    for asked in ("yes", "no"):
        answer = {"submission": str(request.submission), "asked": asked}
        assert tom.post(url("discussed", request.pk), answer).status_code == 404


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ({"asked": ""}, {"asked"}),
        ({"asked": "not_yet"}, {"asked"}),
        ({"asked": "yes", "note": "x" * 201}, {"note"}),
    ],
)
def test_discussed_says_what_is_wrong_and_changes_nothing(
    tom: Client, signalled: Signalled, answer: Answer, wrong: set[str]
) -> None:
    request = signalled(discussed=False)
    before = SupportRequest.objects.values().get()
    shown = tom.post(url("discussed", request.pk), {"submission": str(request.submission)} | answer)
    assert shown.context["form"].errors.keys() == wrong
    assert SupportRequest.objects.values().get() == before

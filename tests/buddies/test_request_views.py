"""Requests, for who arranges their theme: who may open what, the list, and one request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from buddies.actions import requests
from buddies.actions.consents import give
from buddies.models import (
    Background,
    CloseReason,
    Consent,
    Match,
    Method,
    Purpose,
)
from buddies.workflow import MatchStatus
from school import clock
from school.actions import ParentDetails, update_parent
from school.models import Child, Group, Membership, Parent
from tests.cast import ClientOf, Proposed, Signalled

from .phone import text, url
from .watch import everything, queries, recorded

ONE = (
    "request",
    "link_parent",
    "edit_parent",
    "choose_theme",
    "request_discussed",
    "close_request",
    "withdraw_search",
    "find",
)
FORMS = ("edit_parent", "choose_theme", "close_request", "withdraw_search")


# Who may open what


@pytest.mark.parametrize("name", ONE)
def test_page_of_another_school_is_not_there(
    ineke: Client, other_ib: Membership, client_of: ClientOf, signalled: Signalled, name: str
) -> None:
    support = signalled()
    assert client_of(other_ib).get(url(name, support.pk)).status_code == 404
    assert client_of(other_ib).get(url(name, support.pk, school="de-eik")).status_code == 404


@pytest.mark.parametrize("name", ONE)
def test_page_is_refused_to_who_arranges_nothing(
    client_of: ClientOf, teacher: Membership, signalled: Signalled, name: str
) -> None:
    assert client_of(teacher).get(url(name, signalled().pk)).status_code == 403


@pytest.mark.parametrize("name", ONE)
def test_page_is_not_there_for_who_arranges_another_theme(
    babs: Client, signalled: Signalled, name: str
) -> None:
    before = everything()
    assert babs.get(url(name, signalled().pk)).status_code == 404
    assert babs.post(url(name, 1)).status_code in (404, 405)
    assert everything().keys() == before.keys()


@pytest.mark.parametrize("name", ONE)
def test_page_is_not_there_for_a_party(
    ineke: Client,
    ib: Membership,
    signalled: Signalled,
    parents: dict[str, Parent],
    children: dict[str, Child],
    name: str,
) -> None:
    """Ineke is a parent here too: neither her own matter, nor that of the other guardian of her child, is hers."""
    support = signalled(parent=parents["Kemal"], child=children["Sem"])
    assert ineke.get(url("request", support.pk)).status_code == 200
    Membership.objects.filter(pk=ib.pk).update(parent=parents["Fatma"])
    assert ineke.get(url(name, support.pk)).status_code == 404
    assert "Kemal" not in text(ineke.get(url("requests")))


@pytest.mark.parametrize("name", FORMS)
def test_page_takes_no_other_verb(ineke: Client, signalled: Signalled, name: str) -> None:
    assert ineke.put(url(name, signalled().pk)).status_code == 405


def test_lists_take_no_post(ineke: Client, signalled: Signalled) -> None:
    assert ineke.post(url("requests")).status_code == 405
    assert ineke.post(url("request", signalled().pk)).status_code == 405


@pytest.mark.parametrize(
    "name", ["request", "edit_parent", "choose_theme", "close_request", "withdraw_search", "find"]
)
def test_looking_at_a_page_leaves_a_trace(ineke: Client, signalled: Signalled, name: str) -> None:
    support = signalled()
    with recorded() as log:
        assert ineke.get(url(name, support.pk)).status_code == 200
    assert [(event.action, event.target_id) for event in log.events] == [("request.look", support.pk)]


def test_number_that_is_too_large_is_not_there(ineke: Client, signalled: Signalled) -> None:
    assert ineke.get(url("request", 10**17)).status_code == 404
    assert ineke.post(url("link_parent", signalled().pk), {"parent": "9" * 40}).status_code == 404


# The list


def test_list_is_in_the_order_of_the_work_with_one_step_a_row(
    ineke: Client, signalled: Signalled, proposed: Proposed, ib: Membership
) -> None:
    new = signalled(first_name="Nieuw")
    looking = signalled(first_name="Zoek")
    requests.take_up(request=looking, by=ib)
    proposed(signalled(first_name="Vraag"))
    proposed(signalled(first_name="Samen"), status=MatchStatus.CONNECTED)
    signalled(discussed=False, first_name="Stil")
    closed = signalled(first_name="Dicht")
    requests.close(request=closed, reason=CloseReason.NOT_NEEDED, by=ib)

    parts = ineke.get(url("requests")).context["parts"]

    assert [part.key for part in parts] == ["new", "searching", "matching", "connected", "undiscussed"]
    rows = {part.key: part.rows[0] for part in parts}
    assert rows["new"].action_url == url("request", new.pk)
    assert rows["searching"].action_url == url("find", looking.pk)
    assert rows["matching"].action_url == url("match", Match.objects.get(status="proposed").pk)
    assert all(row.action for row in rows.values())
    assert "Dicht" not in text(ineke.get(url("requests")))
    page = text(ineke.get(url("requests") + "?status=closed"))
    assert "Dicht" in page
    assert "Nieuw Tesfay" not in page


def test_list_narrows_to_a_state_and_survives_nonsense(ineke: Client, signalled: Signalled) -> None:
    signalled(first_name="Nieuw")
    signalled(discussed=False, first_name="Stil")
    page = ineke.get(url("requests") + "?status=undiscussed")
    assert [row.title for part in page.context["parts"] for row in part.rows] == ["Stil Tesfay"]
    assert ineke.get(url("requests") + "?status=referred").status_code == 200
    assert len(ineke.get(url("requests") + "?status=%00<b>").context["parts"]) == 2


def test_list_says_what_to_do_when_it_is_empty(ineke: Client) -> None:
    assert url("signal") in text(ineke.get(url("requests")))


def test_list_shows_of_an_undiscussed_one_only_whom_and_by_whom(
    ineke: Client, signalled: Signalled, groups: dict[str, Group]
) -> None:
    signalled(discussed=False, first_name="", last_name="", group=groups["4B"], child_name="Bram")
    row = ineke.get(url("requests")).context["parts"][0].rows[0]
    assert row.title == "Moeder van Bram"
    assert "Tom" in row.meta
    assert "4B" in row.meta


def test_list_of_another_theme_is_empty(babs: Client, signalled: Signalled) -> None:
    signalled("reading", first_name="Geheim")
    signalled("language", first_name="Taal")
    assert [row.title for part in babs.get(url("requests")).context["parts"] for row in part.rows] == [
        "Taal Tesfay"
    ]


def test_pages_ask_as_much_of_the_database_for_one_row_as_for_three(
    ineke: Client,
    signalled: Signalled,
    proposed: Proposed,
    parents: dict[str, Parent],
    children: dict[str, Child],
) -> None:
    first = signalled(child=children["Sem"], first_name="Fatma", last_name="Yilmaz")
    signalled("divorce", parent=parents["Fatma"])
    proposed()
    addresses = [url("requests"), url("request", first.pk), url("request", first.pk) + "?q=yilmaz"]
    one = [queries(ineke, address) for address in addresses]
    for number in range(2):
        proposed(signalled(first_name=f"Meer{number}"))
        signalled("divorce", first_name="Fatma", last_name="Yılmaz", child=children["Sem"])
    assert [queries(ineke, address) for address in addresses] == one
    assert max(one[:2]) <= 17, one


# One request


def test_detail_shows_what_was_said_and_how_to_reach_the_parent(
    ineke: Client, signalled: Signalled, children: dict[str, Child], ib: Membership
) -> None:
    support = signalled(note="Zoekt rust <b>", wish="father", child=children["Lina"], languages=("ar",))
    details = ParentDetails("Amina", "Tesfay", "mother", "amina@demo.invalid", "06-12345678", ("ar",))
    update_parent(parent=support.parent, details=details, by=ib)
    page = text(ineke.get(url("request", support.pk)))
    for words in (
        "Amina Tesfay",
        "Lina, groep 4B",
        "Zoekt rust &lt;b&gt;",
        "Liever met een vader",
        "amina@demo.invalid",
        "06-12345678",
        "Tom",
    ):
        assert words in page
    assert 'lang="ar" dir="rtl"' in page
    assert url("find", support.pk) in page


def test_detail_of_an_undiscussed_one_stores_and_shows_nothing_more(
    ineke: Client, signalled: Signalled
) -> None:
    support = signalled(discussed=False)
    page = ineke.get(url("request", support.pk))
    assert url("request_discussed", support.pk) in text(page)
    assert url("find", support.pk) not in text(page)
    assert url("close_request", support.pk) not in text(page)
    assert "suggestions" not in page.context
    assert ineke.get(url("find", support.pk))["Location"] == url("request", support.pk)


def test_detail_leads_to_the_match_under_way(ineke: Client, proposed: Proposed) -> None:
    match = proposed()
    page = text(ineke.get(url("request", match.request_id)))
    assert url("match", match.pk) in page
    assert url("choose_theme", match.request_id) not in page
    assert ineke.get(url("find", match.request_id))["Location"] == url("match", match.pk)


def test_detail_has_a_timeline_newest_first_without_looks(ineke: Client, proposed: Proposed) -> None:
    match = proposed(status=MatchStatus.WAITING_FOR_BUDDY)
    ineke.get(url("request", match.request_id))
    events = ineke.get(url("request", match.request_id)).context["events"]
    words = [str(event.text) for event in events]
    assert words == [
        "De ouder zei ja",
        "Afgesproken wie de ouder de tip geeft",
        "Buddy voorgesteld",
        "Opgepakt",
        "Gesignaleerd",
    ]
    assert [event.by for event in events] == ["Ineke"] * 4 + ["Tom"]


def test_detail_shows_background_only_while_its_consent_is_valid(
    ineke: Client, signalled: Signalled, ib: Membership
) -> None:
    support = signalled()
    consent = give(parent=support.parent, purpose=Purpose.SAME_BACKGROUND, method=Method.PHONE, by=ib)
    Background.objects.create(
        school=ib.school, parent=support.parent, consent=consent, words="Wij komen uit Asmara."
    )
    assert "Asmara" in text(ineke.get(url("request", support.pk)))
    Consent.objects.filter(pk=consent.pk).update(valid_until=clock.today() - timedelta(days=1))
    assert "Asmara" not in text(ineke.get(url("request", support.pk)))

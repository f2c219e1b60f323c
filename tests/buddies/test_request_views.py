"""Requests, for who arranges their theme: the list, one request, and everything until a match takes over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from buddies.actions import matches, pool, requests
from buddies.actions.consents import give
from buddies.models import (
    Background,
    CloseReason,
    Consent,
    DoNotAsk,
    EndReason,
    Match,
    Method,
    Purpose,
    Signal,
    SupportRequest,
    Theme,
)
from buddies.workflow import MatchStatus
from school import clock
from school.actions import ParentDetails, create_parent, update_parent
from school.models import AuditEvent, Child, Group, Membership, Parent
from tests.cast import AddBuddy, ClientOf, Proposed, Signalled

from .phone import text, told, url
from .watch import everything, recorded


@pytest.fixture
def ineke(client_of: ClientOf, ib: Membership) -> Client:
    return client_of(ib)


@pytest.fixture
def babs(client_of: ClientOf, bouwcoordinator: Membership) -> Client:
    return client_of(bouwcoordinator)


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


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
    assert ineke.get(url("request", 10**30)).status_code == 404
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
    assert max(one[:2]) <= 15, one


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


# Is this the same parent?


def test_suggestions_are_parents_of_the_same_child_or_called_so(
    ineke: Client, signalled: Signalled, parents: dict[str, Parent], children: dict[str, Child]
) -> None:
    for name in ("Fatma", "Kemal", "Linda"):
        signalled("divorce", parent=parents[name])
    support = signalled(first_name="", last_name="", child=children["Sem"])
    people = ineke.get(url("request", support.pk)).context["suggestions"]
    assert [str(person.known.parent) for person in people] == ["Fatma Yılmaz"], (
        "a mother is not the father of Sem"
    )
    by_name = signalled(first_name="linda", last_name="De Jong")
    people = ineke.get(url("request", by_name.pk)).context["suggestions"]
    assert [str(person.known.parent) for person in people] == ["Linda de Jong"]


def test_suggestions_hold_nobody_whom_the_member_may_not_see(
    ineke: Client,
    babs: Client,
    ib: Membership,
    signalled: Signalled,
    parents: dict[str, Parent],
    children: dict[str, Child],
) -> None:
    signalled("reading", parent=parents["Fatma"])
    support = signalled("language", child=children["Sem"])
    assert ineke.get(url("request", support.pk)).context["suggestions"]
    page = babs.get(url("request", support.pk) + "?q=yilmaz")
    assert not page.context["suggestions"]
    assert not page.context["found"]
    answer = babs.post(url("link_parent", support.pk), {"parent": parents["Fatma"].pk})
    assert answer.status_code == 404
    support.refresh_from_db()
    assert support.linked_at is None


def test_search_finds_without_accents_and_leaves_a_trace(
    ineke: Client, signalled: Signalled, parents: dict[str, Parent]
) -> None:
    signalled("divorce", parent=parents["Fatma"])
    support = signalled()
    with recorded() as log:
        page = ineke.get(url("request", support.pk) + "?q=YILMAZ fat")
    assert [str(person.known.parent) for person in page.context["found"]] == ["Fatma Yılmaz"]
    assert log.actions == ["request.look", "parent.search"]
    assert all(not event.target_type for event in log.events if event.action == "parent.search")
    assert ineke.get(url("request", support.pk) + "?q=" + "x" * 300).status_code == 200
    assert not ineke.get(url("request", support.pk) + "?q=f").context["found"]


def test_link_parent_moves_the_request_and_forgets_the_typed_one(
    ineke: Client, signalled: Signalled, parents: dict[str, Parent]
) -> None:
    signalled("divorce", parent=parents["Fatma"])
    support = signalled("reading")
    typed = support.parent_id
    answer = ineke.post(url("link_parent", support.pk), {"parent": parents["Fatma"].pk}, follow=True)
    support.refresh_from_db()
    assert support.parent == parents["Fatma"]
    assert support.linked_at is not None
    assert not Parent.objects.filter(pk=typed).exists()
    assert told(answer) == ["Genoteerd welke ouder dit is."]


def test_link_parent_joins_a_second_signal_about_the_same(
    ineke: Client, signalled: Signalled, parents: dict[str, Parent]
) -> None:
    first = signalled("reading", parent=parents["Fatma"])
    second = signalled("reading")
    answer = ineke.post(url("link_parent", second.pk), {"parent": parents["Fatma"].pk})
    assert answer["Location"] == url("request", first.pk)
    assert not SupportRequest.objects.filter(pk=second.pk).exists()
    assert Signal.objects.filter(request=first).count() == 2


def test_link_parent_without_a_parent_says_it_is_a_new_one(ineke: Client, signalled: Signalled) -> None:
    support = signalled()
    ineke.post(url("link_parent", support.pk))
    support.refresh_from_db()
    assert support.linked_at is not None
    assert "suggestions" not in ineke.get(url("request", support.pk)).context


def test_link_parent_to_another_school_is_not_there(
    ineke: Client, signalled: Signalled, other_ib: Membership
) -> None:
    elsewhere = create_parent(school=other_ib.school, details=ParentDetails("Elders"))
    support = signalled()
    assert ineke.post(url("link_parent", support.pk), {"parent": elsewhere.pk}).status_code == 404
    assert ineke.post(url("link_parent", support.pk), {"parent": "x"})["Location"] == url(
        "request", support.pk
    )
    support.refresh_from_db()
    assert support.linked_at is None


def test_link_parent_never_to_who_was_proposed_as_buddy(
    ineke: Client, signalled: Signalled, proposed: Proposed, add_buddy: AddBuddy, ib: Membership
) -> None:
    support, buddy = signalled(), add_buddy()
    matches.did_not_proceed(match=proposed(support, buddy), reason=EndReason.NO_CLICK, by=ib)
    assert ineke.post(url("link_parent", support.pk), {"parent": buddy.parent_id}).status_code == 404


def test_link_parent_is_refused_while_somebody_is_being_asked(
    ineke: Client, proposed: Proposed, signalled: Signalled, parents: dict[str, Parent]
) -> None:
    signalled("divorce", parent=parents["Fatma"])
    match = proposed()
    answer = ineke.post(url("link_parent", match.request_id), {"parent": parents["Fatma"].pk}, follow=True)
    assert len(told(answer)) == 1
    match.refresh_from_db()
    assert match.parent != parents["Fatma"]


def test_refusal_still_in_force_is_shown(
    ineke: Client, signalled: Signalled, children: dict[str, Child], teacher: Membership
) -> None:
    about = requests.About(ParentDetails(kind="mother"), child=children["Sem"])
    refusal = requests.refuse(about=about, by=teacher, submission=signalled().submission)
    mother = signalled(first_name="", last_name="", child=children["Sem"])
    father = signalled(first_name="", last_name="", kind="father", child=children["Sem"])
    assert ineke.get(url("request", mother.pk)).context["refusal"] == refusal
    assert ineke.get(url("request", father.pk)).context["refusal"] is None
    DoNotAsk.objects.update(until=clock.today())
    assert ineke.get(url("request", mother.pk)).context["refusal"] is None


def test_refusal_of_a_suggested_parent_is_shown_with_them(
    ineke: Client,
    signalled: Signalled,
    parents: dict[str, Parent],
    children: dict[str, Child],
    ib: Membership,
) -> None:
    known = signalled("divorce", parent=parents["Fatma"])
    until = clock.today() + timedelta(days=300)
    DoNotAsk.objects.create(
        school=ib.school, submission=known.submission, recorded_by=ib, parent=parents["Fatma"], until=until
    )
    support = signalled(child=children["Sem"])
    [person] = ineke.get(url("request", support.pk)).context["suggestions"]
    assert person.not_before == until


# The parent's details


def parent_form(client: Client, address: str, **answers: Any) -> dict[str, Any]:
    form = client.get(address).context["form"]
    return {name: form[name].value() or "" for name in form.fields} | {"languages": []} | answers


def test_edit_parent_saves_names_and_languages(ineke: Client, signalled: Signalled) -> None:
    support = signalled()
    address = url("edit_parent", support.pk)
    assert 'dir="rtl"' in text(ineke.get(address))
    sent = parent_form(ineke, address, first_name="  Âmina ", phone="06 1234 5678", languages=["ti", "nl"])
    assert ineke.post(address, sent)["Location"] == url("request", support.pk)
    support.parent.refresh_from_db()
    assert (support.parent.first_name, support.parent.phone) == ("Âmina", "06 1234 5678")
    assert set(support.parent.languages) == {"ti", "nl"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "geen adres"), ("phone", "bel maar"), ("languages", ["klingon"]), ("first_name", "x" * 200)],
)
def test_edit_parent_keeps_what_was_typed_and_changes_nothing(
    ineke: Client, signalled: Signalled, field: str, value: Any
) -> None:
    support = signalled()
    address = url("edit_parent", support.pk)
    sent = parent_form(ineke, address, last_name="Getypt") | {field: value}
    before = everything()
    page = ineke.post(address, sent)
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert "Getypt" in text(page)
    assert everything() == before


def test_edit_parent_over_somebody_elses_change_shows_both(
    ineke: Client, signalled: Signalled, ib: Membership
) -> None:
    support = signalled()
    address = url("edit_parent", support.pk)
    mine = parent_form(ineke, address, last_name="Mijn naam")
    update_parent(parent=support.parent, details=ParentDetails("Amina", "Hun naam"), by=ib)
    page = ineke.post(address, mine)
    assert "Hun naam" in text(page)
    assert "Mijn naam" in text(page)
    support.parent.refresh_from_db()
    assert support.parent.last_name == "Hun naam"


# What it is about


def test_choose_theme_saves_and_takes_up(
    ineke: Client, signalled: Signalled, themes: dict[str, Theme]
) -> None:
    support = signalled(None)
    sent = {"theme": themes["divorce"].pk, "note": "Rust 🙂", "wish": "mother"}
    assert ineke.post(url("choose_theme", support.pk), sent)["Location"] == url("request", support.pk)
    support.refresh_from_db()
    assert (support.theme, support.note, support.wish) == (themes["divorce"], "Rust 🙂", "mother")
    assert support.taken_up_at is not None


def test_choose_theme_offers_only_ones_own(
    babs: Client, signalled: Signalled, themes: dict[str, Theme]
) -> None:
    support = signalled("language")
    before = everything()
    page = babs.post(url("choose_theme", support.pk), {"theme": themes["reading"].pk, "note": "Getypt"})
    assert "theme" in page.context["form"].errors
    assert "Getypt" in text(page)
    assert everything() == before


def test_choose_theme_not_known_leaves_it_to_the_intern_begeleider(
    babs: Client, ineke: Client, signalled: Signalled
) -> None:
    support = signalled("language")
    assert babs.post(url("choose_theme", support.pk), {"theme": ""})["Location"] == url("requests")
    assert babs.get(url("request", support.pk)).status_code == 404
    assert ineke.get(url("find", support.pk)).templates[0].name == "buddies/matches/find_without_theme.html"


def test_choose_theme_twice_for_one_parent_is_refused(
    ineke: Client, signalled: Signalled, parents: dict[str, Parent], themes: dict[str, Theme]
) -> None:
    signalled("divorce", parent=parents["Fatma"])
    support = signalled("reading", parent=parents["Fatma"])
    page = ineke.post(url("choose_theme", support.pk), {"theme": themes["divorce"].pk})
    assert "theme" in page.context["form"].errors
    support.refresh_from_db()
    assert support.theme == themes["reading"]


def test_choose_theme_with_a_long_note_is_refused(ineke: Client, signalled: Signalled) -> None:
    page = ineke.post(url("choose_theme", signalled().pk), {"theme": "", "note": "é" * 201})
    assert "note" in page.context["form"].errors
    assert "é" * 201 in text(page)


def test_choose_theme_during_a_match_is_refused(
    ineke: Client, proposed: Proposed, themes: dict[str, Theme]
) -> None:
    match = proposed()
    page = ineke.post(url("choose_theme", match.request_id), {"theme": themes["divorce"].pk})
    assert page.context["form"].non_field_errors()
    match.request.refresh_from_db()
    assert match.request.theme == themes["reading"]


# Discussed, closed, stopped


def discussed_form(client: Client, pk: int, **answers: Any) -> dict[str, Any]:
    form = client.get(url("request_discussed", pk)).context["form"]
    return {"submission": form["submission"].value(), **answers}


def test_discussed_yes_stores_the_consent_first(
    ineke: Client, signalled: Signalled, themes: dict[str, Theme]
) -> None:
    support = signalled(discussed=False)
    sent = discussed_form(ineke, support.pk, asked="yes", theme=themes["reading"].pk, method="phone")
    assert ineke.post(url("request_discussed", support.pk), sent)["Location"] == url("request", support.pk)
    support.refresh_from_db()
    assert support.search_consent is not None
    assert support.search_consent.method == Method.PHONE
    assert support.theme == themes["reading"]
    again = ineke.post(url("request_discussed", support.pk), sent)
    assert again["Location"] == url("request", support.pk)
    assert Consent.objects.count() == 1


def test_discussed_no_erases_all_but_do_not_ask(ineke: Client, signalled: Signalled) -> None:
    support = signalled(discussed=False)
    sent = discussed_form(ineke, support.pk, asked="no", note="Dit blijft nergens")
    assert ineke.post(url("request_discussed", support.pk), sent)["Location"] == url("requests")
    assert not SupportRequest.objects.exists()
    assert DoNotAsk.objects.get().until > clock.today()


def test_discussed_without_an_answer_changes_nothing(ineke: Client, signalled: Signalled) -> None:
    support = signalled(discussed=False)
    sent = discussed_form(ineke, support.pk)
    before = everything()
    assert "asked" in ineke.post(url("request_discussed", support.pk), sent).context["form"].errors
    assert everything() == before


def test_close_with_a_reason(ineke: Client, signalled: Signalled) -> None:
    support = signalled()
    assert "reason" in ineke.post(url("close_request", support.pk)).context["form"].errors
    assert (
        "reason"
        in ineke.post(url("close_request", support.pk), {"reason": "withdrawn"}).context["form"].errors
    )
    ineke.post(url("close_request", support.pk), {"reason": "helped"})
    support.refresh_from_db()
    assert support.close_reason == CloseReason.HELPED
    assert (
        ineke.post(url("close_request", support.pk), {"reason": "nobody"}).context["form"].non_field_errors()
    )
    assert ineke.get(url("find", support.pk))["Location"] == url("request", support.pk)


def test_close_during_a_match_is_refused(ineke: Client, proposed: Proposed) -> None:
    match = proposed()
    page = ineke.post(url("close_request", match.request_id), {"reason": "helped"})
    assert page.context["form"].non_field_errors()
    match.request.refresh_from_db()
    assert match.request.closed_at is None


def test_withdraw_says_what_goes_and_erases_it(
    ineke: Client, proposed: Proposed, signalled: Signalled
) -> None:
    match = proposed(signalled(note="Zeer persoonlijk"))
    before = everything()
    assert str(match.buddy_parent) in text(ineke.get(url("withdraw_search", match.request_id)))
    assert everything()["buddies_supportrequest"] == before["buddies_supportrequest"], (
        "looking changes nothing"
    )
    ineke.post(url("withdraw_search", match.request_id))
    match.refresh_from_db()
    assert (match.request.theme, match.request.note, match.request.close_reason) == (
        None,
        "",
        CloseReason.WITHDRAWN,
    )
    assert match.state is MatchStatus.DID_NOT_PROCEED
    assert ineke.post(url("withdraw_search", match.request_id)).status_code == 302
    assert AuditEvent.objects.filter(action="consent.withdraw").count() == 1


def test_withdraw_by_who_arranges_the_theme_ends_on_the_list(babs: Client, signalled: Signalled) -> None:
    support = signalled("language")
    assert babs.post(url("withdraw_search", support.pk))["Location"] == url("requests")


def test_withdraw_of_a_stopped_buddy_does_not_matter(
    ineke: Client, proposed: Proposed, ib: Membership
) -> None:
    match = proposed()
    pool.stop(buddy=match.buddy, by=ib)
    assert ineke.get(url("request", match.request_id)).status_code == 200

"""Who comes into the pool: added by a coordinator, or passed on by a colleague."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from buddies.actions import pool
from buddies.models import Buddy, Consent, Experience, Method, Purpose, Theme
from buddies.workflow import BuddyStatus
from school.actions import ParentDetails
from school.models import AuditEvent, Child, Membership, Parent
from tests.cast import AddBuddy, ClientOf, Signalled

from .phone import said, text, url
from .watch import everything


@pytest.fixture
def form(themes: dict[str, Theme]) -> dict[str, Any]:
    """A parent who says yes to both questions, about reading."""
    return {
        "submission": str(uuid4()),
        "first_name": "Annelies",
        "last_name": "van 't Hoff",
        "kind": "mother",
        "phone": "06 1234 5678",
        "email": "",
        "languages": ["nl", "tr"],
        "capacity": "2",
        "grades": ["3", "6"],
        "children_count": "",
        "here_since": "",
        "child": "",
        "themes": [str(themes["reading"].pk)],
        f"words_{themes['reading'].pk}": "Oudste las lang moeilijk.",
        "name_may_be_known": "yes",
        "method": "conversation",
    }


# Adding


def test_add_makes_a_buddy_with_both_consents(
    ineke: Client, ib: Membership, form: dict[str, Any], children: dict[str, Child]
) -> None:
    answer = ineke.post(url("add_buddy"), form | {"child": str(children["Daan"].pk), "here_since": "2024"})

    buddy = Buddy.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == url("buddy", buddy.pk)
    assert said(answer)
    assert (buddy.parent.first_name, buddy.parent.phone) == ("Annelies", "06 1234 5678")
    assert buddy.parent.languages == ["nl", "tr"]
    assert (buddy.capacity, buddy.children_count, buddy.grades, buddy.here_since) == (2, 2, [3, 6], 2024)
    assert list(buddy.parent.children.all()) == [children["Daan"]]
    consents = Consent.objects.filter(parent=buddy.parent)
    assert {c.purpose for c in consents} == {Purpose.SHARE_EXPERIENCE, Purpose.DISCLOSE_NAME}
    assert {(c.method, c.recorded_by_id, c.text_version) for c in consents} == {
        ("conversation", ib.pk, "2026-1")
    }
    assert Experience.objects.get().words == "Oudste las lang moeilijk."
    page = text(ineke.get(url("buddy", buddy.pk)))
    assert "2026-1" in page
    assert "Ineke" in page


def test_add_without_name_consent_stores_none(ineke: Client, form: dict[str, Any]) -> None:
    ineke.post(url("add_buddy"), form | {"name_may_be_known": "no", "method": "interpreter"})
    consent = Consent.objects.get()
    assert (consent.purpose, consent.method) == (Purpose.SHARE_EXPERIENCE, Method.INTERPRETER)


def test_add_twice_makes_one(ineke: Client, form: dict[str, Any]) -> None:
    first, second = (ineke.post(url("add_buddy"), form) for _ in range(2))
    # The second time the school knows the parent, but it is the same sending of the form.
    assert first.status_code == 302
    assert Buddy.objects.count() == 1
    assert second.status_code == 302
    assert second["Location"] == first["Location"]


def test_add_with_somebody_elses_submission_tells_nothing(
    ineke: Client, client_of: ClientOf, director: Membership, form: dict[str, Any], themes: dict[str, Theme]
) -> None:
    ineke.post(url("add_buddy"), form)
    theirs = form | {"first_name": "Iemand", "themes": [str(themes["newcomer"].pk)]}
    theirs.pop(f"words_{themes['reading'].pk}")
    assert client_of(director).post(url("add_buddy"), theirs).status_code == 404
    assert Buddy.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"first_name": " "}, "first_name"),
        ({"first_name": "x" * 61}, "first_name"),
        ({"phone": "bel maar"}, "phone"),
        ({"email": "geen"}, "email"),
        ({"languages": ["xx"]}, "languages"),
        ({"capacity": "6"}, "capacity"),
        ({"grades": ["9"]}, "grades"),
        ({"grades": ["1", "2"], "children_count": "1"}, "children_count"),
        ({"here_since": "1899"}, "here_since"),
        ({"themes": []}, "themes"),
        ({"themes": ["999999"]}, "themes"),
        ({"name_may_be_known": ""}, "name_may_be_known"),
        ({"method": "link"}, "method"),
        ({"child": "999999"}, "child"),
        ({"submission": "x"}, "submission"),
    ],
)
def test_add_with_bad_input_keeps_it_and_changes_nothing(
    ineke: Client, form: dict[str, Any], wrong: dict[str, Any], field: str
) -> None:
    before = everything()
    page = ineke.post(url("add_buddy"), form | wrong)
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert "van &#x27;t Hoff" in text(page)
    assert "Oudste las lang moeilijk." in text(page)
    assert everything() == before


def test_add_refuses_words_with_a_theme_nobody_said_yes_to(
    ineke: Client, form: dict[str, Any], themes: dict[str, Theme]
) -> None:
    divorce = f"words_{themes['divorce'].pk}"
    page = ineke.post(url("add_buddy"), form | {divorce: "Ook gescheiden."})
    assert divorce in page.context["form"].errors
    assert not Buddy.objects.exists()
    long = ineke.post(url("add_buddy"), form | {f"words_{themes['reading'].pk}": "é" * 201})
    assert f"words_{themes['reading'].pk}" in long.context["form"].errors


def test_add_offers_only_own_themes(babs: Client, form: dict[str, Any], themes: dict[str, Theme]) -> None:
    page = babs.get(url("add_buddy"))
    assert [key for key, _ in page.context["form"].fields["themes"].choices] == [str(themes["language"].pk)]
    smuggled = babs.post(url("add_buddy"), form)
    assert "themes" in smuggled.context["form"].errors
    assert not Buddy.objects.exists()


def test_add_shows_odd_names_safely(ineke: Client, form: dict[str, Any]) -> None:
    ineke.post(url("add_buddy"), form | {"first_name": "<script>Zoë😀\u202e", "last_name": "Żółć"})
    page = text(ineke.get(url("buddies")))
    assert "&lt;script&gt;Zoë😀 Żółć" in page
    assert "<script>Zoë" not in page


def test_add_asks_whether_a_namesake_is_the_same_parent(
    ineke: Client, form: dict[str, Any], signalled: Signalled, parents: dict[str, Parent]
) -> None:
    signalled(parent=parents["Fatma"])
    typed = form | {"first_name": "fatma", "last_name": "YILMAZ"}

    asks = ineke.post(url("add_buddy"), typed)
    assert asks.context["form"].errors.keys() == {"same"}
    assert "Fatma Yılmaz" in text(asks)
    assert not Buddy.objects.exists()

    smuggled = ineke.post(url("add_buddy"), typed | {"same": str(parents["Linda"].pk)})
    assert "same" in smuggled.context["form"].errors

    ineke.post(url("add_buddy"), typed | {"same": str(parents["Fatma"].pk)})
    assert Buddy.objects.get().parent == parents["Fatma"]


def test_add_somebody_else_of_the_same_name(
    ineke: Client, form: dict[str, Any], signalled: Signalled, parents: dict[str, Parent]
) -> None:
    signalled(parent=parents["Fatma"])
    ineke.post(url("add_buddy"), form | {"first_name": "Fatma", "last_name": "Yılmaz", "same": "new"})
    assert Buddy.objects.get().parent != parents["Fatma"]


def test_add_does_not_ask_about_parents_of_other_themes(
    babs: Client,
    form: dict[str, Any],
    signalled: Signalled,
    parents: dict[str, Parent],
    themes: dict[str, Theme],
) -> None:
    signalled("reading", parent=parents["Fatma"])
    typed = form | {"first_name": "Fatma", "last_name": "Yılmaz", "themes": [str(themes["language"].pk)]}
    typed.pop(f"words_{themes['reading'].pk}")
    assert babs.post(url("add_buddy"), typed).status_code == 302


def test_add_a_known_parent(
    ineke: Client, babs: Client, form: dict[str, Any], signalled: Signalled, parents: dict[str, Parent]
) -> None:
    signalled("reading", parent=parents["Linda"])
    query = f"?ouder={parents['Linda'].pk}"
    page = ineke.get(url("add_buddy", query=query))
    assert "Linda de Jong" in text(page)
    assert "first_name" not in page.context["form"].fields
    assert babs.get(url("add_buddy", query=query)).status_code == 404
    assert ineke.get(url("add_buddy", query="?ouder=abc")).status_code == 404
    ineke.post(url("add_buddy", query=query), form)
    assert Buddy.objects.get().parent == parents["Linda"]
    parents["Linda"].refresh_from_db()
    assert parents["Linda"].phone == "06-00000001"


def test_add_a_buddy_again_points_at_them(ineke: Client, form: dict[str, Any], add_buddy: AddBuddy) -> None:
    buddy = add_buddy(first_name="Annelies", last_name="van 't Hoff")
    page = ineke.post(url("add_buddy"), form | {"same": str(buddy.parent_id)})
    assert f'<a href="{url("buddy", buddy.pk)}">' in text(page)
    assert Experience.objects.count() == 1


def test_add_a_buddy_of_other_themes_reveals_nothing(
    babs: Client, form: dict[str, Any], add_buddy: AddBuddy, signalled: Signalled, themes: dict[str, Theme]
) -> None:
    buddy = add_buddy("reading")
    signalled("language", parent=buddy.parent)
    data = form | {"themes": [str(themes["language"].pk)]}
    data.pop(f"words_{themes['reading'].pk}")
    page = babs.post(url("add_buddy", query=f"?ouder={buddy.parent_id}"), data)
    assert page.status_code == 200
    assert url("buddy", buddy.pk) not in text(page)
    assert page.context["form"].non_field_errors()


def test_stopped_buddy_becomes_one_again(
    ineke: Client, ib: Membership, form: dict[str, Any], add_buddy: AddBuddy
) -> None:
    buddy = add_buddy("divorce")
    pool.stop(buddy=buddy, by=ib)
    assert f"?ouder={buddy.parent_id}" in text(ineke.get(url("buddy", buddy.pk)))
    ineke.post(url("add_buddy", query=f"?ouder={buddy.parent_id}"), form)
    buddy.refresh_from_db()
    assert buddy.status == BuddyStatus.OFFERED


# What a colleague passed on


@pytest.fixture
def suggestion(teacher: Membership, children: dict[str, Child]) -> Buddy:
    """Tom thinks of Fatma, and has not asked her."""
    details = ParentDetails("Fatma", "Yılmaz", "mother")
    return pool.suggest(details=details, by=teacher, submission=uuid4(), child=children["Sem"])


def test_take_up_puts_a_nomination_in_the_pool(
    ineke: Client, teacher: Membership, add_buddy: AddBuddy
) -> None:
    buddy = add_buddy(by=teacher, taken_up=False)
    assert url("take_up_buddy", buddy.pk) in text(ineke.get(url("buddy", buddy.pk)))
    for _ in range(2):
        assert ineke.post(url("take_up_buddy", buddy.pk)).status_code == 302
    assert ineke.get(url("buddy", buddy.pk)).context["line"].standing == "available"
    assert AuditEvent.objects.filter(action="buddy.take_up").count() == 1


def test_suggestion_is_asked_and_says_yes(ineke: Client, suggestion: Buddy, form: dict[str, Any]) -> None:
    ineke.post(url("buddy_asked", suggestion.pk))
    assert ineke.get(url("buddy", suggestion.pk)).context["line"].standing == "asked"
    wrong = ineke.post(url("record_offer", suggestion.pk), form | {"name_may_be_known": ""})
    assert "name_may_be_known" in wrong.context["form"].errors
    for _ in range(2):
        assert ineke.post(url("record_offer", suggestion.pk), form).status_code == 302
    suggestion.refresh_from_db()
    assert (suggestion.status, suggestion.capacity) == (BuddyStatus.OFFERED, 2)
    assert Experience.objects.filter(buddy=suggestion).count() == 1


def test_suggestion_says_no_and_is_forgotten(ineke: Client, suggestion: Buddy) -> None:
    assert ineke.get(url("stop_buddy", suggestion.pk)).status_code == 200
    assert ineke.post(url("stop_buddy", suggestion.pk))["Location"] == url("buddies")
    assert not Buddy.objects.exists()
    assert not Parent.objects.filter(last_name="Yılmaz").exists()


def test_suggestion_is_linked_to_the_parent_we_know(
    ineke: Client, suggestion: Buddy, parents: dict[str, Parent], signalled: Signalled
) -> None:
    for name in ("Fatma", "Kemal", "Linda"):
        signalled(parent=parents[name])
    address = url("link_buddy_parent", suggestion.pk)
    page = ineke.get(address)
    # Her name and her child; the father of that child is no mother.
    assert [p.parent for p in page.context["form"].people.values()] == [parents["Fatma"]]
    assert "parent" in ineke.post(address, {}).context["form"].errors
    assert "parent" in ineke.post(address, {"parent": str(parents["Peter"].pk)}).context["form"].errors

    ineke.post(address, {"parent": str(parents["Fatma"].pk)})
    suggestion.refresh_from_db()
    assert suggestion.parent == parents["Fatma"]


def test_parent_to_link_is_searched_and_that_is_logged(
    ineke: Client, suggestion: Buddy, parents: dict[str, Parent], signalled: Signalled
) -> None:
    signalled(parent=parents["Linda"])
    address = url("link_buddy_parent", suggestion.pk, query="?q=JONG")
    page = ineke.get(address)
    assert "Linda de Jong" in text(page)
    assert AuditEvent.objects.filter(action="parent.search").count() == 1
    ineke.post(address, {"parent": str(parents["Linda"].pk)})
    suggestion.refresh_from_db()
    assert suggestion.parent == parents["Linda"]


def test_linking_to_a_buddy_is_refused_in_words(
    ineke: Client, suggestion: Buddy, add_buddy: AddBuddy
) -> None:
    buddy = add_buddy(first_name="Fatma", last_name="Yılmaz")
    answer = ineke.post(url("link_buddy_parent", suggestion.pk), {"parent": str(buddy.parent_id)})
    assert answer.status_code == 302
    assert said(answer)
    suggestion.refresh_from_db()
    assert suggestion.parent != buddy.parent

"""The pool of buddies: who gets in, who stands in it, and looking a parent up."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from buddies.actions import pool
from buddies.models import Experience, Match, Theme
from school import clock
from school.actions import ParentDetails, create_parent
from school.models import AuditEvent, Membership, Parent, School
from tests.cast import AddBuddy, ClientOf, Proposed, Signalled

from .phone import text, url
from .watch import everything, queries

PAGES = (
    "buddy",
    "edit_offer",
    "edit_buddy_parent",
    "link_buddy_parent",
    "record_offer",
    "add_experience",
    "name_consent",
    "background",
    "pause_buddy",
    "stop_buddy",
)
POSTS = ("buddy_asked", "take_up_buddy")


# Who gets in


@pytest.mark.parametrize("name", PAGES)
def test_page_of_another_school_is_not_there(
    name: str, client_of: ClientOf, other_ib: Membership, ineke: Client, add_buddy: AddBuddy
) -> None:
    buddy = add_buddy()
    assert client_of(other_ib).get(url(name, buddy.pk)).status_code == 404
    assert client_of(other_ib).get(url(name, buddy.pk, school="de-eik")).status_code == 404
    assert ineke.get(url(name, buddy.pk + 1000)).status_code == 404
    assert ineke.get(url(name, 10**17)).status_code == 404


@pytest.mark.parametrize("name", [*PAGES, "buddies", "add_buddy", "parents"])
def test_page_is_not_for_who_arranges_no_theme(
    name: str, client_of: ClientOf, teacher: Membership, admin_member: Membership, add_buddy: AddBuddy
) -> None:
    args = [add_buddy().pk] if name in PAGES else []
    for member in (teacher, admin_member):
        assert client_of(member).get(url(name, *args)).status_code == 403


@pytest.mark.parametrize("name", POSTS)
def test_post_is_not_for_others(
    name: str,
    client_of: ClientOf,
    teacher: Membership,
    other_ib: Membership,
    babs: Client,
    add_buddy: AddBuddy,
) -> None:
    buddy = add_buddy(taken_up=False)
    assert client_of(teacher).post(url(name, buddy.pk)).status_code == 403
    assert client_of(other_ib).post(url(name, buddy.pk)).status_code == 404
    assert babs.post(url(name, buddy.pk)).status_code == 404
    buddy.refresh_from_db()
    assert buddy.taken_up_at is None


def test_wrong_verb_is_refused(ineke: Client, add_buddy: AddBuddy) -> None:
    buddy = add_buddy()
    for name in POSTS:
        assert ineke.get(url(name, buddy.pk)).status_code == 405
    for name, args in (("buddies", []), ("parents", []), ("buddy", [buddy.pk])):
        assert ineke.post(url(name, *args)).status_code == 405
    for name in PAGES:
        assert ineke.delete(url(name, buddy.pk)).status_code == 405


@pytest.mark.parametrize("name", PAGES)
def test_coordinator_of_another_theme_does_not_see_the_buddy(
    name: str, babs: Client, add_buddy: AddBuddy
) -> None:
    buddy = add_buddy("reading")
    before = everything()
    assert babs.get(url(name, buddy.pk)).status_code == 404
    assert babs.post(url(name, buddy.pk), {"resume": "yes", "method": "conversation"}).status_code in (
        404,
        405,
    )
    assert everything() == before


def test_coordinator_sees_only_own_theme_of_a_buddy(
    babs: Client, add_buddy: AddBuddy, proposed: Proposed, signalled: Signalled
) -> None:
    buddy = add_buddy(["reading", "language"], words="Geheim over lezen.")
    hidden = Experience.objects.get(buddy=buddy, theme__code="reading")
    proposed(signalled("reading", first_name="Onbekende"), buddy)

    page = babs.get(url("buddy", buddy.pk))

    assert [s.consent.theme.code for s in page.context["page"].experiences] == ["language"]
    assert "lezen" not in text(page).replace("Geheim over lezen.", "", 1)
    assert "Onbekende" not in text(page)
    assert page.context["line"].standing == "busy"
    assert page.context["page"].matches == []
    assert babs.get(url("withdraw_consent", buddy.pk, hidden.consent_id)).status_code == 404
    assert babs.post(url("withdraw_consent", buddy.pk, hidden.consent_id)).status_code == 404
    assert Experience.objects.filter(pk=hidden.pk).exists()


def test_party_sees_nothing_of_their_own_matter(
    client_of: ClientOf, ib: Membership, parents: dict[str, Parent], add_buddy: AddBuddy
) -> None:
    buddy = add_buddy(parent=parents["Kemal"])
    ib.parent = parents["Fatma"]
    ib.save()
    client = client_of(ib)
    assert client.get(url("buddy", buddy.pk)).status_code == 404
    assert "Kemal" not in text(client.get(url("buddies")))
    assert "Yılmaz" not in text(client.get(url("parents", query="?q=kemal")))
    assert client.get(url("add_buddy", query=f"?ouder={buddy.parent_id}")).status_code == 404


def test_every_page_opens_and_leaves_a_trace(ineke: Client, ib: Membership, add_buddy: AddBuddy) -> None:
    buddy = add_buddy()
    for name in PAGES:
        before = AuditEvent.objects.filter(
            action="buddy.look", target_id=buddy.pk, actor_id=ib.user_id
        ).count()
        assert ineke.get(url(name, buddy.pk)).status_code == 200
        after = AuditEvent.objects.filter(
            action="buddy.look", target_id=buddy.pk, actor_id=ib.user_id
        ).count()
        assert after == before + 1, name


# The pool


def test_pool_without_buddies_says_what_to_do(ineke: Client, school: School) -> None:
    page = ineke.get(url("buddies"))
    assert page.status_code == 200
    assert url("add_buddy") in text(page)
    assert "empty" in text(page)


def test_pool_shows_who_waits_first_and_the_rest_by_name(
    ineke: Client, teacher: Membership, add_buddy: AddBuddy, proposed: Proposed, signalled: Signalled
) -> None:
    add_buddy(first_name="Zoë", last_name="van Aken")
    add_buddy(first_name="Éva", last_name="Bos")
    full = add_buddy(first_name="Ali", last_name="Çelik")
    proposed(signalled(), full)
    pool.pause(
        buddy=add_buddy(first_name="Bo", last_name="Dam"), until=clock.today() + timedelta(days=9), by=teacher
    )
    add_buddy(first_name="Nieuw", last_name="Eik", by=teacher, taken_up=False)
    pool.suggest(details=ParentDetails("Nog", "Fris"), by=teacher, submission=uuid4())
    gone = add_buddy(first_name="Weg", last_name="Gaan")
    pool.stop(buddy=gone, by=teacher)

    page = ineke.get(url("buddies"))

    assert [(line.name, line.standing) for line in page.context["waiting"]] == [
        ("Nieuw Eik", "nominated"),
        ("Nog Fris", "suggested"),
    ]
    assert [(line.name, line.standing) for line in page.context["rest"]] == [
        ("Zoë van Aken", "available"),
        ("Éva Bos", "available"),
        ("Ali Çelik", "busy"),
        ("Bo Dam", "paused"),
    ]
    assert "Weg Gaan" not in text(page)
    assert "Tom" in text(page)


def test_pool_narrows_to_theme_and_language(
    ineke: Client, babs: Client, themes: dict[str, Theme], add_buddy: AddBuddy
) -> None:
    add_buddy("language", first_name="Samira", languages=("ar", "nl"))
    add_buddy("language", first_name="Minh", languages=("vi",))
    add_buddy("reading", first_name="Linda")

    def names(client: Client, query: str) -> list[str]:
        return [
            line.buddy.parent.first_name for line in client.get(url("buddies", query=query)).context["rest"]
        ]

    assert names(ineke, f"?onderwerp={themes['language'].pk}") == ["Minh", "Samira"]
    assert names(ineke, f"?onderwerp={themes['language'].pk}&taal=ar") == ["Samira"]
    assert names(ineke, "?taal=nl") == ["Linda", "Samira"]
    assert names(ineke, "?onderwerp=x&taal=<b>") == []
    assert names(babs, f"?onderwerp={themes['reading'].pk}") == ["Minh", "Samira"]
    arabic = text(ineke.get(url("buddies")))
    assert 'lang="ar" dir="rtl"' in arabic


def test_pages_ask_as_much_of_the_database_for_one_buddy_as_for_thirty(
    ineke: Client, add_buddy: AddBuddy, proposed: Proposed, signalled: Signalled
) -> None:
    first = add_buddy(["reading", "language"], last_name="Bakker", capacity=3)
    proposed(signalled("reading"), first)
    addresses = [url("buddies"), url("buddy", first.pk), url("parents", query="?q=bakker"), url("add_buddy")]
    for address in addresses:
        queries(ineke, address)
    one = [queries(ineke, address) for address in addresses]
    for _number in range(2):
        add_buddy(["reading", "divorce"], last_name="Bakker")
    proposed(signalled("reading", first_name="Sara"), first)
    three = [queries(ineke, address) for address in addresses]
    for _number in range(27):
        add_buddy(["reading", "divorce"], last_name="Bakker")
    thirty = [queries(ineke, address) for address in addresses]
    assert one == three == thirty
    assert max(one) <= 13, one


# Looking a parent up


def test_search_finds_own_parents_whatever_the_accents(
    ineke: Client, babs: Client, add_buddy: AddBuddy, signalled: Signalled, parents: dict[str, Parent]
) -> None:
    request = signalled("reading", parent=parents["Fatma"])
    buddy = add_buddy("language", first_name="Zoë", last_name="Yılmaz")
    page = ineke.get(url("parents", query="?q=yilmaz"))
    assert url("request", request.pk) in text(page)
    assert url("buddy", buddy.pk) in text(page)
    assert f"?ouder={parents['Fatma'].pk}" in text(page)
    assert f"?ouder={buddy.parent_id}" not in text(page)
    theirs = text(babs.get(url("parents", query="?q=ZOE")))
    assert "Zoë" in theirs
    assert "Fatma" not in text(babs.get(url("parents", query="?q=yilmaz")))


def test_search_is_logged_without_the_name(ineke: Client, school: School) -> None:
    assert ineke.get(url("parents")).status_code == 200
    assert not AuditEvent.objects.filter(action="parent.search").exists()
    page = ineke.get(url("parents", query="?q=<b>%F0%9F%98%80"))
    assert "&lt;b&gt;" in text(page)
    event = AuditEvent.objects.get(action="parent.search")
    assert (event.target_type, event.target_id) == ("", None)
    assert ineke.get(url("parents", query=f"?q={'x' * 500}")).status_code == 200


def test_parent_of_nothing_is_not_found(ineke: Client, school: School) -> None:
    create_parent(school=school, details=ParentDetails("Los", "Zand"))
    assert "Los Zand" not in text(ineke.get(url("parents", query="?q=zand")))


def test_buddy_card_stands_beside_and_keeps_the_ib_at_hand(
    ineke: Client, school: School, add_buddy: AddBuddy
) -> None:
    buddy = add_buddy()
    formal = text(ineke.get(url("buddy", buddy.pk)))
    school.formal_address = False
    school.save()
    informal = text(ineke.get(url("buddy", buddy.pk)))
    assert "letter-head" in formal
    assert formal != informal


def test_no_match_is_made_by_any_of_these_pages(ineke: Client, add_buddy: AddBuddy) -> None:
    buddy = add_buddy()
    for name in PAGES:
        ineke.get(url(name, buddy.pk))
    assert not Match.objects.exists()

"""The pages about buddies: who gets in, what they show, keep and refuse."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buddies.actions import pool
from buddies.models import Background, Buddy, Consent, Experience, Match, Method, Purpose, Theme
from buddies.workflow import BuddyStatus, MatchStatus
from school import clock
from school.actions import ParentDetails, create_parent
from school.models import AuditEvent, Child, Membership, Parent, School
from tests.cast import AddBuddy, ClientOf, Proposed, Signalled

from .watch import everything

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


def url(name: str, *args: Any, school: str = "de-wilgen", query: str = "") -> str:
    return reverse(f"buddies:{name}", args=[school, *args]) + query


def text(response: Any) -> str:
    return str(response.content.decode())


def said(response: Any) -> list[str]:
    """The messages this answer leaves for the next page."""
    return [str(message) for message in get_messages(response.wsgi_request)]


def experience_consent(buddy: Buddy) -> Consent:
    return Consent.objects.get(parent=buddy.parent, purpose=Purpose.SHARE_EXPERIENCE, withdrawn_at=None)


@pytest.fixture
def ineke(client_of: ClientOf, ib: Membership) -> Client:
    """Ineke's browser."""
    return client_of(ib)


@pytest.fixture
def babs(client_of: ClientOf, bouwcoordinator: Membership) -> Client:
    """The browser of Babs, who arranges language and nothing else."""
    return client_of(bouwcoordinator)


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


# Who gets in


@pytest.mark.parametrize("name", PAGES)
def test_page_of_another_school_is_not_there(
    name: str, client_of: ClientOf, other_ib: Membership, ineke: Client, add_buddy: AddBuddy
) -> None:
    buddy = add_buddy()
    assert client_of(other_ib).get(url(name, buddy.pk)).status_code == 404
    assert client_of(other_ib).get(url(name, buddy.pk, school="de-eik")).status_code == 404
    assert ineke.get(url(name, buddy.pk + 1000)).status_code == 404
    assert ineke.get(url(name, 10**30)).status_code == 404


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


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


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
    assert max(one) <= 12, one


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


# Withdrawing, stopping, pausing


def test_withdrawing_erases_and_leaves_every_list_at_once(
    ineke: Client, add_buddy: AddBuddy, proposed: Proposed, signalled: Signalled, themes: dict[str, Theme]
) -> None:
    buddy = add_buddy(["reading", "divorce"], words="Weet hoe het is.", capacity=3)
    open_proposal = proposed(
        signalled("reading", first_name="Amina"), buddy, status=MatchStatus.WAITING_FOR_BUDDY
    )
    running = proposed(signalled("reading", first_name="Sara"), buddy, status=MatchStatus.CONNECTED)
    other = proposed(signalled("divorce", first_name="Lotte"), buddy)
    consent = Experience.objects.get(buddy=buddy, theme=themes["reading"]).consent
    address = url("withdraw_consent", buddy.pk, consent.pk)

    check = ineke.get(address)
    assert "Weet hoe het is." in text(check)
    assert [r.match.pk for r in check.context["ending"]] == [open_proposal.pk]
    assert [r.match.pk for r in check.context["going_on"]] == [running.pk]
    assert "Lotte" not in text(check)
    assert Experience.objects.filter(buddy=buddy).count() == 2

    done = ineke.post(address, follow=True)
    assert done.redirect_chain[-1][0] == url("buddy", buddy.pk)
    assert not Experience.objects.filter(buddy=buddy, theme=themes["reading"]).exists()
    for match in (open_proposal, running, other):
        match.refresh_from_db()
    assert open_proposal.status == MatchStatus.DID_NOT_PROCEED
    assert (running.status, running.winding_down) == (MatchStatus.CONNECTED, True)
    assert other.status == MatchStatus.PROPOSED
    filtered = ineke.get(url("buddies", query=f"?onderwerp={themes['reading'].pk}"))
    assert filtered.context["rest"] == []
    # A second tap finds it done.
    assert ineke.post(address).status_code == 302
    assert ineke.get(address).status_code == 302


def test_withdrawing_the_only_experience_brings_a_coordinator_back_to_the_pool(
    babs: Client, ib: Membership, bouwcoordinator: Membership, add_buddy: AddBuddy
) -> None:
    buddy = add_buddy("language")
    answer = babs.post(url("withdraw_consent", buddy.pk, experience_consent(buddy).pk))
    assert answer["Location"] == url("buddies")
    buddy.refresh_from_db()
    assert buddy.status == BuddyStatus.STOPPED


def test_withdrawing_the_name_takes_every_yes_to_it(
    ineke: Client, ib: Membership, add_buddy: AddBuddy
) -> None:
    buddy = add_buddy()
    pool.record_name_consent(buddy=buddy, method=Method.PHONE, by=ib)
    names = Consent.objects.filter(parent=buddy.parent, purpose=Purpose.DISCLOSE_NAME, withdrawn_at=None)
    latest = names.latest("given_at")
    assert ineke.get(url("withdraw_consent", buddy.pk, latest.pk)).status_code == 200
    ineke.post(url("withdraw_consent", buddy.pk, latest.pk))
    assert not names.exists()
    assert ineke.get(url("buddy", buddy.pk)).context["page"].name_may_be_known is None
    assert Experience.objects.filter(buddy=buddy).exists()


def test_withdrawing_the_background_erases_it(ineke: Client, ib: Membership, add_buddy: AddBuddy) -> None:
    buddy = add_buddy()
    pool.set_background(parent=buddy.parent, words="Marokkaans", method=Method.CONVERSATION, by=ib)
    consent = Background.objects.get().consent
    assert "Marokkaans" in text(ineke.get(url("withdraw_consent", buddy.pk, consent.pk)))
    ineke.post(url("withdraw_consent", buddy.pk, consent.pk))
    assert not Background.objects.exists()


def test_consent_of_somebody_else_cannot_be_withdrawn_here(ineke: Client, add_buddy: AddBuddy) -> None:
    buddy, other = add_buddy(), add_buddy()
    assert ineke.post(url("withdraw_consent", buddy.pk, experience_consent(other).pk)).status_code == 404
    assert Experience.objects.count() == 2


def test_stopping_says_what_happens_and_does_it(
    ineke: Client, add_buddy: AddBuddy, proposed: Proposed, signalled: Signalled
) -> None:
    buddy = add_buddy(["reading", "divorce"])
    match = proposed(signalled("reading", first_name="Amina"), buddy)
    assert "Amina" in text(ineke.get(url("stop_buddy", buddy.pk)))
    assert Experience.objects.count() == 2
    ineke.post(url("stop_buddy", buddy.pk))
    match.refresh_from_db()
    assert match.status == MatchStatus.DID_NOT_PROCEED
    assert not Experience.objects.exists()
    assert ineke.get(url("buddies")).context["rest"] == []
    # Once more: somebody was first, and nothing breaks.
    assert said(ineke.post(url("stop_buddy", buddy.pk)))


def test_pause_and_resume(ineke: Client, add_buddy: AddBuddy) -> None:
    buddy = add_buddy()
    until = clock.today() + timedelta(days=30)
    ineke.post(url("pause_buddy", buddy.pk), {"until": until.isoformat()})
    buddy.refresh_from_db()
    assert buddy.paused_until == until
    assert ineke.get(url("buddy", buddy.pk)).context["line"].standing == "paused"
    ineke.post(url("pause_buddy", buddy.pk), {"resume": "yes"})
    buddy.refresh_from_db()
    assert buddy.paused_until is None


@pytest.mark.parametrize("until", ["", "gisteren", "2020-01-01", "9999-12-31"])
def test_pause_until_a_wrong_day_changes_nothing(ineke: Client, add_buddy: AddBuddy, until: str) -> None:
    buddy = add_buddy()
    page = ineke.post(url("pause_buddy", buddy.pk), {"until": until})
    assert page.status_code == 200
    assert "until" in page.context["form"].errors
    buddy.refresh_from_db()
    assert buddy.paused_until is None


# Changing


def offer(buddy: Buddy, **changed: Any) -> dict[str, Any]:
    return {
        "capacity": buddy.capacity,
        "grades": buddy.grades,
        "children_count": buddy.children_count,
        "here_since": buddy.here_since or "",
        "revision": buddy.revision,
    } | changed


def test_edit_offer_saves(ineke: Client, add_buddy: AddBuddy) -> None:
    buddy = add_buddy()
    ineke.post(url("edit_offer", buddy.pk), offer(buddy, capacity=3, grades=[1, 2], children_count=2))
    buddy.refresh_from_db()
    assert (buddy.capacity, buddy.grades, buddy.children_count, buddy.here_since) == (3, [1, 2], 2, 2020)


def test_capacity_does_not_go_below_live_matches(
    ineke: Client, add_buddy: AddBuddy, proposed: Proposed, signalled: Signalled
) -> None:
    buddy = add_buddy(capacity=2)
    for name in ("Amina", "Sara"):
        proposed(signalled(first_name=name), buddy)
    buddy.refresh_from_db()
    page = ineke.post(url("edit_offer", buddy.pk), offer(buddy, capacity=1))
    assert page.status_code == 200
    assert "capacity" in page.context["form"].errors
    buddy.refresh_from_db()
    assert buddy.capacity == 2


def test_two_people_editing_an_offer_lose_nothing(ineke: Client, add_buddy: AddBuddy) -> None:
    buddy = add_buddy()
    mine = offer(buddy, capacity=2)
    ineke.post(url("edit_offer", buddy.pk), offer(buddy, capacity=4))

    conflict = ineke.post(url("edit_offer", buddy.pk), mine)
    buddy.refresh_from_db()
    assert conflict.status_code == 200
    assert buddy.capacity == 4
    row = conflict.context["rows"][0]
    assert (row.saved, row.yours, row.differs) == ("4", "2", True)
    # Saving my version over it goes with the revision that is saved now.
    again = conflict.context["form"]
    assert again["revision"].value() == str(buddy.revision)
    ineke.post(url("edit_offer", buddy.pk), dict(again.data.lists()))
    buddy.refresh_from_db()
    assert buddy.capacity == 2


def details(page: Any, **changed: Any) -> dict[str, Any]:
    form = page.context["form"]
    return {name: form[name].value() for name in form.fields} | changed


def test_edit_parent_saves_and_two_people_lose_nothing(ineke: Client, add_buddy: AddBuddy) -> None:
    buddy = add_buddy(first_name="Ann", languages=("so", "nl"))
    address = url("edit_buddy_parent", buddy.pk)
    page = ineke.get(address)
    first, second = details(page, phone="020 123 45 67"), details(page, last_name="Jansen")
    assert ineke.post(address, first).status_code == 302

    conflict = ineke.post(address, second)
    assert conflict.status_code == 200
    buddy.parent.refresh_from_db()
    assert (buddy.parent.phone, buddy.parent.last_name) == ("020 123 45 67", "Bakker")
    assert {row.label for row in conflict.context["rows"] if row.differs} == {
        str(conflict.context["form"].fields[name].label) for name in ("phone", "last_name")
    }
    assert text(conflict).count('type="hidden" name="languages"') == 2
    assert ineke.post(address, dict(conflict.context["form"].data.lists())).status_code == 302
    buddy.parent.refresh_from_db()
    assert buddy.parent.last_name == "Jansen"
    assert sorted(buddy.parent.languages) == ["nl", "so"]


def test_edit_parent_with_bad_input_keeps_it(ineke: Client, add_buddy: AddBuddy) -> None:
    buddy = add_buddy()
    address = url("edit_buddy_parent", buddy.pk)
    page = ineke.post(address, details(ineke.get(address), email="nee", first_name="Nieuw"))
    assert "email" in page.context["form"].errors
    assert "Nieuw" in text(page)
    buddy.parent.refresh_from_db()
    assert buddy.parent.first_name != "Nieuw"


def test_experience_is_added_once(ineke: Client, add_buddy: AddBuddy, themes: dict[str, Theme]) -> None:
    buddy = add_buddy("reading")
    data = {"theme": str(themes["divorce"].pk), "words": "Ook.", "method": "phone"}
    for _ in range(2):
        assert ineke.post(url("add_experience", buddy.pk), data).status_code == 302
    experience = Experience.objects.get(buddy=buddy, theme=themes["divorce"])
    assert (experience.words, experience.consent.method) == ("Ook.", Method.PHONE)
    standing = Consent.objects.filter(parent=buddy.parent, theme=themes["divorce"], withdrawn_at=None)
    assert standing.count() == 1


def test_experience_of_another_theme_is_refused(
    babs: Client, add_buddy: AddBuddy, themes: dict[str, Theme]
) -> None:
    buddy = add_buddy("language")
    data = {"theme": str(themes["divorce"].pk), "words": "Blijft staan.", "method": "phone"}
    page = babs.post(url("add_experience", buddy.pk), data)
    assert "theme" in page.context["form"].errors
    assert "Blijft staan." in text(page)
    assert Experience.objects.count() == 1


def test_consent_that_ends_soon_is_asked_again(
    ineke: Client, add_buddy: AddBuddy, themes: dict[str, Theme]
) -> None:
    buddy = add_buddy("reading", words="Zo was het.")
    again = url("add_experience", buddy.pk, query=f"?onderwerp={themes['reading'].pk}")
    assert again not in text(ineke.get(url("buddy", buddy.pk)))
    consents = Consent.objects.filter(parent=buddy.parent)
    consents.update(valid_until=clock.today() + timedelta(days=60))
    assert again in text(ineke.get(url("buddy", buddy.pk)))
    consents.update(valid_until=clock.today() - timedelta(days=1))
    page = ineke.get(url("buddy", buddy.pk))
    assert again in text(page)
    assert page.context["line"].standing == "lapsed"

    assert ineke.get(again).context["form"]["words"].value() == "Zo was het."
    ineke.post(again, {"theme": str(themes["reading"].pk), "words": "Zo was het.", "method": "phone"})
    ineke.post(url("name_consent", buddy.pk), {"method": "phone"})
    page = ineke.get(url("buddy", buddy.pk))
    assert page.context["line"].standing == "available"
    assert not page.context["page"].name_may_be_known.ended


def test_name_consent_is_recorded_once(ineke: Client, add_buddy: AddBuddy) -> None:
    buddy = add_buddy(name_may_be_known=False)
    for _ in range(2):
        assert ineke.post(url("name_consent", buddy.pk), {"method": "letter"}).status_code == 302
    assert Consent.objects.get(purpose=Purpose.DISCLOSE_NAME).method == Method.LETTER
    assert "method" in ineke.post(url("name_consent", buddy.pk), {"method": "?"}).context["form"].errors


def test_background_is_kept_in_own_words(ineke: Client, add_buddy: AddBuddy) -> None:
    buddy = add_buddy()
    empty = ineke.post(url("background", buddy.pk), {"words": " ", "method": "conversation"})
    assert "words" in empty.context["form"].errors
    for words in ("Turks", "Turks, en daar trots op"):
        ineke.post(url("background", buddy.pk), {"words": words, "method": "conversation"})
    assert Background.objects.get().words == "Turks, en daar trots op"
    assert "daar trots op" in text(ineke.get(url("buddy", buddy.pk)))


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

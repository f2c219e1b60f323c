"""A buddy changes: details, offer and consents; withdrawing, pausing, stopping."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from buddies.actions import pool
from buddies.models import Background, Buddy, Consent, Experience, Method, Purpose, Theme
from buddies.workflow import BuddyStatus, MatchStatus
from school import clock
from school.models import Membership
from tests.cast import AddBuddy, Proposed, Signalled

from .phone import said, text, url


def experience_consent(buddy: Buddy) -> Consent:
    return Consent.objects.get(parent=buddy.parent, purpose=Purpose.SHARE_EXPERIENCE, withdrawn_at=None)


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

"""Proposing a buddy from a phone: the two answers of R1, and nothing that was not said."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from buddies.models import (
    Buddy,
    Consent,
    Experience,
    Method,
    Theme,
)
from buddies.workflow import BuddyStatus
from school import clock
from school.models import Membership

from .phone import Answer, text, told, url
from .watch import everything


def test_nominate_before_asking_stores_who_and_nothing_else(
    tom: Client, teacher: Membership, about_lina: Answer, themes: dict[str, Theme]
) -> None:
    tom.post(
        url("nominate"),
        about_lina | {"asked": "not_yet", "themes": [str(themes["reading"].pk)], "name_known": "yes"},
    )
    buddy = Buddy.objects.get()
    assert (buddy.status, buddy.recorded_by, buddy.taken_up_at) == (BuddyStatus.SUGGESTED, teacher, None)
    assert buddy.forget_on == clock.today() + timedelta(days=30)
    assert not Consent.objects.exists()
    assert not Experience.objects.exists()


@pytest.mark.parametrize(
    ("known", "purposes"), [("yes", {"share_experience", "disclose_name"}), ("no", {"share_experience"})]
)
def test_nominate_keeps_the_two_answers_apart(
    tom: Client, about_lina: Answer, themes: dict[str, Theme], known: str, purposes: set[str]
) -> None:
    chosen = [str(themes["reading"].pk), str(themes["divorce"].pk)]
    tom.post(
        url("nominate"),
        about_lina | {"asked": "yes", "themes": chosen, "name_known": known, "method": "phone"},
    )
    buddy = Buddy.objects.get()
    assert (buddy.status, buddy.taken_up_at) == (BuddyStatus.OFFERED, None)
    assert set(Experience.objects.values_list("theme__code", flat=True)) == {"reading", "divorce"}
    assert set(Consent.objects.values_list("purpose", flat=True)) == purposes
    assert set(Consent.objects.values_list("method", flat=True)) == {Method.PHONE}
    assert not Buddy.objects.available(clock.today(), themes["reading"]).exists()


def test_nominate_stores_nothing_of_a_parent_who_does_not_want_it(tom: Client, about_lina: Answer) -> None:
    before = everything()
    shown = tom.post(url("nominate"), about_lina | {"asked": "no", "first_name": "Samira"}, follow=True)
    assert len(told(shown)) == 1
    assert everything() == before


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"themes": []}, {"themes"}),
        ({"themes": ["999999"]}, {"themes"}),
        ({"name_known": ""}, {"name_known"}),
        ({"name_known": "maybe"}, {"name_known"}),
        ({"method": "link"}, {"method"}),
        ({"asked": ""}, {"asked"}),
        ({"child": "not_listed", "child_name": "Jip"}, {"first_name"}),
        ({"child": "not_listed"}, {"child_name"}),
    ],
)
def test_nominate_says_what_is_wrong_and_changes_nothing(
    tom: Client, about_lina: Answer, themes: dict[str, Theme], change: Answer, wrong: set[str]
) -> None:
    before = everything()
    answer = (
        about_lina | {"asked": "yes", "themes": [str(themes["reading"].pk)], "name_known": "yes"} | change
    )
    shown = tom.post(url("nominate"), answer | {"last_name": "El Amrani"})
    assert shown.context["form"].errors.keys() == wrong
    assert 'value="El Amrani"' in text(shown)
    assert everything() == before


def test_nominate_of_a_child_that_is_not_listed_goes_by_the_parents_name(
    tom: Client, about_lina: Answer
) -> None:
    tom.post(
        url("nominate"),
        about_lina | {"child": "not_listed", "child_name": "Jip", "first_name": "Joke", "asked": "not_yet"},
    )
    assert str(Buddy.objects.get().parent) == "Joke"
    assert "Joke" in text(tom.get(url("own_signals")))


def test_nominate_sent_twice_is_one_buddy_with_the_same_answer(
    tom: Client, about_lina: Answer, themes: dict[str, Theme]
) -> None:
    for asked in ("not_yet", "yes", "no"):
        answer = about_lina | {"submission": str(uuid4()), "asked": asked, "name_known": "no"}
        answer["themes"] = [str(themes["reading"].pk)]
        first = tom.post(url("nominate"), answer, follow=True)
        after_one = everything()
        second = tom.post(url("nominate"), answer, follow=True)
        assert told(first) == told(second)
        assert everything() == after_one


def test_nominate_shows_both_texts(tom: Client) -> None:
    page = text(tom.get(url("nominate")))
    assert "U wilt uw ervaring delen" in page
    assert "De school mag uw naam noemen" in page

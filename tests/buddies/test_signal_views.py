"""Signalling from a phone: who may, whether there is somebody, and which children the page offers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from buddies.actions import pool
from buddies.models import (
    Buddy,
    SupportRequest,
    Theme,
)
from school import clock
from school.actions import ClassListRow, load_class_list
from school.models import Child, Group, Membership, School
from school.roles import Role
from tests.cast import AddBuddy, ClientOf, Proposed, member

from .phone import Answer, text, url
from .watch import everything

PAGES = ("signal", "nominate", "own_signals")


# Who may open what


@pytest.mark.parametrize("page", PAGES)
def test_page_opens_for_a_colleague(tom: Client, page: str) -> None:
    assert tom.get(url(page)).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_page_of_another_school_does_not_exist(
    client_of: ClientOf, teacher: Membership, other_ib: Membership, page: str
) -> None:
    assert client_of(teacher).get(url(page, school="de-eik")).status_code == 404
    assert client_of(other_ib).get(url(page)).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_page_is_not_for_the_administrator(client_of: ClientOf, admin_member: Membership, page: str) -> None:
    assert client_of(admin_member).get(url(page)).status_code == 403


def test_signal_answers_get_and_post_only(tom: Client) -> None:
    assert tom.put(url("signal")).status_code == 405
    assert tom.delete(url("nominate")).status_code == 405
    assert tom.post(url("own_signals")).status_code == 405
    assert tom.put(url("discussed", 1)).status_code == 405
    assert tom.delete(url("tip", 1)).status_code == 405


# Is there somebody?


def test_signal_shows_for_which_themes_somebody_is_available(
    tom: Client, themes: dict[str, Theme], add_buddy: AddBuddy
) -> None:
    add_buddy("reading", first_name="Marie")
    availability = tom.get(url("signal")).context["availability"]
    assert [theme.code for theme, someone in availability if someone] == ["reading"]
    assert [theme.pk for theme, _ in availability] == [theme.pk for theme in themes.values()]


def test_signal_names_no_buddy(tom: Client, add_buddy: AddBuddy) -> None:
    add_buddy("reading", first_name="Marie", last_name="Bakker")
    page = text(tom.get(url("signal")))
    assert "Marie" not in page
    assert "Bakker" not in page


def test_themes_with_someone_agrees_with_available(
    school: School, themes: dict[str, Theme], add_buddy: AddBuddy, proposed: Proposed, ib: Membership
) -> None:
    today = clock.today()
    proposed(buddy=add_buddy("reading"))  # taken
    paused = add_buddy("divorce")
    pool.pause(buddy=paused, until=today + timedelta(days=9), by=ib)
    add_buddy("busy", taken_up=False)
    stopped = add_buddy("culture")
    pool.stop(buddy=stopped, by=ib)
    add_buddy(["language", "newcomer"])
    for on in (today, today + timedelta(days=10), today + timedelta(days=800)):
        someone = Buddy.objects.themes_with_someone(school, on)
        assert someone == {
            theme.pk for theme in themes.values() if Buddy.objects.available(on, theme).exists()
        }
    assert Buddy.objects.themes_with_someone(school, today) == {themes["language"].pk, themes["newcomer"].pk}


def test_themes_with_someone_asks_once_whatever_there_is(
    school: School, add_buddy: AddBuddy, django_assert_num_queries: Any
) -> None:
    for theme in ("reading", "divorce", "busy"):
        add_buddy(theme)
    with django_assert_num_queries(1):
        Buddy.objects.themes_with_someone(school, clock.today())


def test_themes_with_someone_knows_no_other_school(
    other_school: School, other_ib: Membership, add_buddy: AddBuddy, school: School
) -> None:
    add_buddy("reading", by=other_ib)
    assert not Buddy.objects.themes_with_someone(school, clock.today())


# Group and child


def test_signal_starts_with_the_only_own_group(tom: Client, groups: dict[str, Group]) -> None:
    page = tom.get(url("signal"))
    assert page.context["form"].chosen_group == groups["4B"]
    assert "Ömer" in text(page)
    assert "Noor" not in text(page)


def test_signal_offers_own_groups_first(tom: Client, groups: dict[str, Group]) -> None:
    (_, own), (_, others) = tom.get(url("signal")).context["form"].fields["group"].choices
    assert [number for number, _ in own] == [str(groups["4B"].pk)]
    assert [number for number, _ in others] == [str(groups["1/2A"].pk)]


def test_signal_waits_for_a_group_where_there_is_no_obvious_one(client_of: ClientOf, ib: Membership) -> None:
    page = client_of(ib).get(url("signal"))
    assert page.context["form"].needs_group
    assert 'name="child"' not in text(page)


def test_signal_takes_the_group_from_the_address(tom: Client, groups: dict[str, Group]) -> None:
    assert "Noor" in text(tom.get(url("signal"), {"group": groups["1/2A"].pk}))


@pytest.mark.parametrize("group", ["0", "999999", "x", "१"])
def test_signal_pays_no_attention_to_an_unknown_group(
    tom: Client, groups: dict[str, Group], group: str
) -> None:
    page = tom.get(url("signal"), {"group": group})
    assert page.status_code == 200
    assert page.context["form"].chosen_group == groups["4B"]


def test_signal_offers_no_group_of_another_school_or_year(
    tom: Client, other_school: School, school: School
) -> None:
    with clock.at(clock.now() - timedelta(days=400)):
        load_class_list(school=school, rows=[ClassListRow("Oud", "8", (8, 8))], by=None)
    for group in (Group.objects.get(school=other_school), Group.objects.get(school=school, name="8")):
        page = tom.get(url("signal"), {"group": group.pk})
        assert page.context["form"].chosen_group.name == "4B"
        assert str(group.pk) not in page.context["form"].groups


@pytest.mark.parametrize("page", ["signal", "nominate"])
def test_another_group_swaps_only_the_children(tom: Client, groups: dict[str, Group], page: str) -> None:
    part = tom.get(url(page), {"group": groups["1/2A"].pk}, headers={"HX-Request": "true"})
    assert "buddies/signals/_child.html" in [template.name for template in part.templates]
    assert "<html" not in text(part)
    assert "Noor" in text(part)
    assert "Lina" not in text(part)


@pytest.mark.parametrize("page", ["signal", "nominate"])
def test_another_group_without_javascript_keeps_what_was_typed(
    tom: Client, groups: dict[str, Group], about_lina: Answer, page: str
) -> None:
    before = everything()
    answer = {**about_lina, "group": str(groups["1/2A"].pk), "first_name": "Samira", "choose_group": "1"}
    shown = tom.post(url(page), answer)
    assert shown.status_code == 200
    assert not shown.context["form"].errors
    assert "Noor" in text(shown)
    assert 'value="Samira"' in text(shown)
    assert about_lina["submission"] in text(shown)
    assert everything() == before


def test_children_called_the_same_are_told_apart(
    tom: Client, groups: dict[str, Group], school: School
) -> None:
    for day in (3, 4):
        Child.objects.create(
            school=school, first_name="Mila", group=groups["4B"], start_date=clock.today().replace(day=day)
        )
    labels = [str(label) for _, label in tom.get(url("signal")).context["form"].fields["child"].choices]
    milas = [label for label in labels if label.startswith("Mila")]
    assert len(set(milas)) == 2
    assert "Lina" in labels


def test_a_school_without_class_lists_types_the_child(client_of: ClientOf, other_school: School) -> None:
    Group.objects.filter(school=other_school).delete()
    olaf = member(other_school, "Olaf", Role.TEACHER)
    answer = {"submission": str(uuid4()), "child_name": "Fenna", "kind": "father", "asked": "not_yet"}
    page = client_of(olaf).get(url("signal", school="de-eik"))
    assert "group" not in page.context["form"].fields
    client_of(olaf).post(url("signal", school="de-eik"), answer)
    request = SupportRequest.objects.get(school=other_school)
    assert (request.child_name, request.group, request.child) == ("Fenna", None, None)

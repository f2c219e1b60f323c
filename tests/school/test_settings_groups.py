"""The groups of this school year, and what waits on those who look after the team."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from school import clock
from school.models import AuditEvent, Group, GroupTeacher, Membership, School
from school.models.people import school_year
from school.roles import Role
from school.team_worklist import items
from tests.cast import ClientOf, member


def address(name: str, *args: object) -> str:
    """The address of a page of De Wilgen."""
    return reverse(name, args=["de-wilgen", *args])


@pytest.fixture
def ahmed(client_of: ClientOf, admin_member: Membership) -> Client:
    """Ahmed's browser."""
    return client_of(admin_member)


def details(name: str, first: object = 5, last: object = 5, *teachers: Membership) -> dict[str, Any]:
    return {
        "name": name,
        "first_grade": str(first),
        "last_grade": str(last),
        "teachers": [teacher.pk for teacher in teachers],
    }


def change(browser: Client, group: Group, sent: dict[str, Any]) -> Any:
    where = address("group", group.pk)
    return browser.post(where, sent | {"seen": browser.get(where).context["form"].version})


def test_pages_open_for_who_manages_staff(
    client_of: ClientOf,
    ahmed: Client,
    director: Membership,
    ib: Membership,
    teacher: Membership,
    other_ib: Membership,
    groups: dict[str, Group],
) -> None:
    pages = [address("groups"), address("add_group"), address("group", groups["4B"].pk)]
    for page in pages:
        for browser in (ahmed, client_of(director)):
            assert browser.get(page).status_code == 200
        for somebody in (ib, teacher):
            assert client_of(somebody).get(page).status_code == 403
        assert client_of(other_ib).get(page).status_code == 404
    assert client_of(ib).post(address("remove_group", groups["4B"].pk)).status_code == 403


def test_group_is_added_once(
    ahmed: Client, school: School, groups: dict[str, Group], teacher: Membership
) -> None:
    assert ahmed.post(address("add_group"), details(" 5/6 ", 5, 6, teacher)).status_code == 302
    group = Group.objects.get(school=school, name="5/6")
    assert (group.first_grade, group.last_grade) == (5, 6)
    assert group.school_year == school_year(clock.today())
    assert [place.membership for place in group.groupteacher_set.all()] == [teacher]
    assert AuditEvent.objects.filter(action="group.add", target_id=group.pk).count() == 1
    for name in ("5/6", "4b"):
        page = ahmed.post(address("add_group"), details(name))
        assert "name" in page.context["form"].errors
        assert page.context["form"]["name"].value() == name
    assert Group.objects.filter(school=school).count() == 3


def test_name_may_come_back_in_another_year_or_school(
    ahmed: Client, school: School, other_school: School
) -> None:
    """De Eik has a group 5 this year, and De Wilgen had one."""
    Group.objects.create(school=school, name="5", first_grade=5, last_grade=5, school_year=2020)
    assert ahmed.post(address("add_group"), details("5")).status_code == 302


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("name", details("")),
        ("name", details("x" * 21)),
        ("last_grade", details("5", 6, 5)),
        ("first_grade", details("5", 0, 5)),
        ("last_grade", details("5", 5, 9)),
        ("first_grade", details("5", "", 5)),
        ("teachers", details("5") | {"teachers": ["999999"]}),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(
    ahmed: Client, groups: dict[str, Group], field: str, sent: dict[str, Any]
) -> None:
    assert field in ahmed.post(address("add_group"), sent).context["form"].errors
    page = change(ahmed, groups["4B"], sent)
    assert field in page.context["form"].errors
    assert page.context["form"]["name"].value() == sent["name"]
    groups["4B"].refresh_from_db()
    assert (groups["4B"].name, groups["4B"].first_grade) == ("4B", 4)


def test_group_changes(
    ahmed: Client, groups: dict[str, Group], teacher: Membership, other_teacher: Membership
) -> None:
    assert change(ahmed, groups["4B"], details("4b", 4, 5, other_teacher)).status_code == 302
    group = Group.objects.get(pk=groups["4B"].pk)
    assert (group.name, group.last_grade) == ("4b", 5)
    assert [place.membership for place in group.groupteacher_set.all()] == [other_teacher]


def test_who_was_overtaken_sees_both_versions(
    ahmed: Client, groups: dict[str, Group], teacher: Membership
) -> None:
    group, where = groups["4B"], address("group", groups["4B"].pk)
    sent = details("4C", 4, 4) | {"seen": ahmed.get(where).context["form"].version}
    Group.objects.filter(pk=group.pk).update(last_grade=5)
    page = ahmed.post(where, sent)
    assert [row.differs for row in page.context["rows"]] == [True, False, True, True]
    group.refresh_from_db()
    assert (group.name, group.last_grade) == ("4B", 5)
    ahmed.post(where, sent | {"seen": page.context["form"]["seen"].value()})
    group.refresh_from_db()
    assert (group.name, group.last_grade) == ("4C", 4)


def test_teacher_of_another_school_is_no_choice(
    ahmed: Client, groups: dict[str, Group], other_ib: Membership
) -> None:
    assert "teachers" in change(ahmed, groups["4B"], details("4B", 4, 4, other_ib)).context["form"].errors
    assert not GroupTeacher.objects.filter(membership=other_ib).exists()


def test_only_an_empty_group_of_this_school_and_year_goes(
    ahmed: Client, school: School, groups: dict[str, Group], other_school: School
) -> None:
    empty = Group.objects.create(
        school=school, name="7", first_grade=7, last_grade=7, school_year=school_year(clock.today())
    )
    before = Group.objects.create(school=school, name="7", first_grade=7, last_grade=7, school_year=2020)
    for group, answer in (
        (empty, 302),
        (groups["4B"], 302),
        (before, 404),
        (Group.objects.get(school=other_school), 404),
    ):
        assert ahmed.post(address("remove_group", group.pk)).status_code == answer
        assert Group.objects.filter(pk=group.pk).exists() is (group != empty)


# --- Vandaag ----------------------------------------------------------------------------------------------


def waiting(membership: Membership) -> list[str]:
    """Where the rows of Vandaag lead."""
    return [item.url for item in items(Membership.objects.get(pk=membership.pk), clock.today())]


def test_director_gives_a_role_to_who_has_none(
    director: Membership, admin_member: Membership, school: School, other_school: School
) -> None:
    Group.objects.filter(school=school).delete()
    nora, left = member(school, "Nora"), member(school, "Lies")
    left.ends_on = clock.today() - timedelta(days=1)
    left.save()
    member(other_school, "Niels")
    assert waiting(director) == [address("colleague_roles", nora.pk), address("groups")]
    assert waiting(admin_member) == [address("groups")]


def test_group_without_a_teacher_waits(
    director: Membership, admin_member: Membership, ib: Membership, groups: dict[str, Group]
) -> None:
    gone = member(groups["4B"].school, "Lies", Role.TEACHER, groups=[groups["4B"]])
    member(groups["4B"].school, "Olga", Role.TEACHER, groups=[groups["1/2A"]])
    assert waiting(admin_member) == []
    gone.ends_on = clock.today() - timedelta(days=1)
    gone.save()
    assert waiting(admin_member) == waiting(director) == [address("group", groups["4B"].pk)]
    assert waiting(ib) == []


def test_new_school_year_asks_for_groups(
    admin_member: Membership, groups: dict[str, Group], teacher: Membership, other_teacher: Membership
) -> None:
    summer = school_year(clock.today()) + 1
    with clock.at(datetime(summer, 7, 31, 10, tzinfo=UTC)):
        assert waiting(admin_member) == []
    with clock.at(datetime(summer, 8, 1, 10, tzinfo=UTC)):
        assert waiting(admin_member) == [address("groups")]


def test_nobody_puts_themselves_in_front_of_a_group(
    client_of: ClientOf, director: Membership, groups: dict[str, Group]
) -> None:
    """It opens the meetings that are shared with the teachers of the group. Who teaches it already, stays."""
    dirkje, group = client_of(director), groups["4B"]
    own = address("colleague_groups", director.pk)
    sent = {"groups": [group.pk], "seen": dirkje.get(own).context["form"].version}
    for page in (
        dirkje.post(own, sent),
        change(dirkje, group, details("4B", 4, 4, director)),
        dirkje.post(address("add_group"), details("6", 6, 6, director)),
    ):
        assert page.status_code == 200
        assert "Dit kun je niet voor jezelf veranderen" in page.content.decode()
    assert not GroupTeacher.objects.filter(membership=director).exists()
    assert not Group.objects.filter(name="6").exists()
    GroupTeacher.objects.create(school=group.school, group=group, membership=director)
    assert change(dirkje, group, details("4C", 4, 4, director)).status_code == 302

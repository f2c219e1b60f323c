"""The pages of the team: who may add, change and end whom."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buddies.actions.schools import set_coordinator
from buddies.models import Theme
from school import clock
from school.actions import Days, add_colleague, add_member, change_roles, link_child
from school.errors import MayNotGiveRoles
from school.models import AuditEvent, Child, Group, Membership, School, Succession, User
from school.models.people import school_year
from school.roles import Role
from tests.cast import ClientOf, member


def address(name: str, *args: object) -> str:
    """The address of a page of De Wilgen."""
    return reverse(name, args=["de-wilgen", *args])


def roles_of(membership: Membership) -> set[str]:
    return set(membership.rolegrant_set.values_list("role", flat=True))


def seen(browser: Client, where: str) -> str:
    """The version that the form at `where` starts from."""
    return str(browser.get(where).context["form"].version)


def new(**values: Any) -> dict[str, Any]:
    return {"name": "Saar de Wit", "email": "saar@de-wilgen.invalid", "starts_on": "", "ends_on": ""} | values


@pytest.fixture
def dirkje(client_of: ClientOf, director: Membership) -> Client:
    """Dirkje's browser: she gives roles."""
    return client_of(director)


@pytest.fixture
def ahmed(client_of: ClientOf, admin_member: Membership) -> Client:
    """Ahmed's browser: he manages staff, and gives no roles."""
    return client_of(admin_member)


# --- who may come here ------------------------------------------------------------------------------------


def test_pages_open_for_who_manages_staff(
    client_of: ClientOf,
    director: Membership,
    admin_member: Membership,
    ib: Membership,
    teacher: Membership,
    other_ib: Membership,
) -> None:
    pk = teacher.pk
    about_access = [address("colleague_roles", pk), address("remove_colleague_child", pk, 1)]
    for page in [address("team"), address("add_colleague"), *_pages_about(pk)]:
        assert client_of(director).get(page).status_code in (200, 302), page
        assert client_of(admin_member).get(page).status_code == (403 if page in about_access else 200), page
        if page in about_access:
            assert client_of(admin_member).post(page, {"roles": ["director"]}).status_code == 403
        for somebody in (ib, teacher):
            assert client_of(somebody).get(page).status_code == 403, page
            assert client_of(somebody).post(page).status_code in (403, 405), page
        assert client_of(other_ib).get(page).status_code == 404, page


def _pages_about(pk: int) -> list[str]:
    names = ("colleague", "colleague_roles", "colleague_groups", "colleague_days", "add_colleague_child")
    return [*(address(name, pk) for name in names), address("remove_colleague_child", pk, 1)]


def test_colleague_of_another_school_is_not_there(dirkje: Client, other_ib: Membership) -> None:
    for page in _pages_about(other_ib.pk):
        assert dirkje.get(page).status_code == 404, page
        assert dirkje.post(page, {"roles": ["director"]}).status_code in (404, 405), page
    assert roles_of(other_ib) == {"intern_begeleider"}


def test_look_at_a_colleague_leaves_a_trace(dirkje: Client, teacher: Membership) -> None:
    dirkje.get(address("colleague", teacher.pk))
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.target_id) == ("membership.look", teacher.pk)


def test_settings_show_what_a_member_may_arrange(
    client_of: ClientOf, dirkje: Client, ahmed: Client, ib: Membership, teacher: Membership
) -> None:
    def links(browser: Client) -> list[str]:
        page = browser.get(address("settings")).content.decode()
        names = ("team", "groups", "buddies:coordinators", "buddies:themes", "school_settings")
        return [name for name in names if f'href="{address(name)}"' in page]

    assert links(dirkje) == ["team", "groups", "buddies:coordinators", "buddies:themes", "school_settings"]
    assert links(ahmed) == ["team", "groups", "school_settings"]
    assert links(client_of(ib)) == ["buddies:themes", "school_settings"]
    assert client_of(teacher).get(address("settings")).status_code == 403


@pytest.mark.parametrize("page", ["team", "groups"])
def test_list_asks_the_same_of_the_database_for_any_number(
    dirkje: Client, school: School, groups: dict[str, Group], page: str
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert dirkje.get(address(page)).status_code == 200
        return len(captured)

    member(school, "Collega 0", Role.TEACHER, groups=[groups["4B"]])
    year = school_year(clock.today())
    queries()
    few = queries()
    for number in range(1, 4):
        member(school, f"Collega {number}", Role.TEACHER, groups=list(groups.values()))
        Group.objects.create(school=school, name=f"{number}X", first_grade=1, last_grade=1, school_year=year)
    assert queries() == few
    assert few <= 12


# --- adding -----------------------------------------------------------------------------------------------


def test_colleague_is_added(dirkje: Client, school: School, groups: dict[str, Group]) -> None:
    sent = new(
        email=" SAAR@De-Wilgen.invalid ",
        roles=["teacher", "bouwcoordinator"],
        groups=[groups["4B"].pk],
        starts_on="2026-09-01",
        ends_on="2026-12-18",
    )
    answer = dirkje.post(address("add_colleague"), sent, follow=True)
    assert answer.redirect_chain[-1][0] == address("team")
    saar = Membership.objects.get(user__email="saar@de-wilgen.invalid")
    assert (saar.school, saar.user.name) == (school, "Saar de Wit")
    assert (saar.starts_on, saar.ends_on) == (date(2026, 9, 1), date(2026, 12, 18))
    assert roles_of(saar) == {"teacher", "bouwcoordinator"}
    assert [place.group for place in saar.groupteacher_set.all()] == [groups["4B"]]
    assert not saar.user.has_usable_password()
    assert AuditEvent.objects.filter(action="membership.add", target_id=saar.pk).count() == 1


def test_administrator_gives_no_role_along(ahmed: Client) -> None:
    assert "roles" not in ahmed.get(address("add_colleague")).context["form"].fields
    ahmed.post(address("add_colleague"), new(roles=["director"]))
    assert roles_of(Membership.objects.get(user__email="saar@de-wilgen.invalid")) == set()


def test_action_too_leaves_giving_roles_to_who_may(admin_member: Membership, teacher: Membership) -> None:
    sent: dict[str, Any] = {"email": "saar@de-wilgen.invalid", "name": "Saar", "groups": [], "days": Days()}
    with pytest.raises(MayNotGiveRoles):
        add_colleague(**sent, roles=[Role.DIRECTOR], by=admin_member)
    with pytest.raises(MayNotGiveRoles):
        change_roles(membership=teacher, roles=[Role.DIRECTOR], by=admin_member)
    assert not User.objects.filter(email="saar@de-wilgen.invalid").exists()
    assert roles_of(teacher) == {"teacher"}


def test_answer_is_the_same_whether_somebody_has_an_account_elsewhere(
    ahmed: Client, other_ib: Membership, school: School
) -> None:
    def answer(email: str) -> str:
        messages = ahmed.post(address("add_colleague"), new(email=email), follow=True).context["messages"]
        return str(next(iter(messages))).replace(email, "")

    known = other_ib.user
    assert answer(known.email) == answer("niemand@de-wilgen.invalid")
    known.refresh_from_db()
    assert known.name == "Ilse"
    assert Membership.objects.get(school=school, user=known).permissions == frozenset()


def test_account_that_is_switched_off_stays_so(ahmed: Client, other_ib: Membership, school: School) -> None:
    User.objects.filter(pk=other_ib.user_id).update(is_active=False)
    ahmed.post(address("add_colleague"), new(email=other_ib.user.email))
    added = Membership.objects.get(school=school, user=other_ib.user)
    assert not added.user.is_active
    [colleague] = [c for c in ahmed.get(address("team")).context["present"] if c.membership == added]
    assert colleague.switched_off


def test_colleague_is_added_once(ahmed: Client, teacher: Membership) -> None:
    ahmed.post(address("add_colleague"), new())
    page = ahmed.post(address("add_colleague"), new())
    assert "email" in page.context["form"].errors
    assert Membership.objects.filter(user__email="saar@de-wilgen.invalid").count() == 1
    page = ahmed.post(address("add_colleague"), new(email=teacher.user.email.upper()))
    assert "email" in page.context["form"].errors
    assert page.context["form"]["name"].value() == "Saar de Wit"


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("name", {"name": " \u200b "}),
        ("email", {"email": "geen adres"}),
        ("ends_on", {"starts_on": "2026-09-01", "ends_on": "2026-08-31"}),
        ("ends_on", {"ends_on": "9999-12-31"}),
        ("starts_on", {"starts_on": "0001-01-01"}),
        ("roles", {"roles": ["janitor"]}),
        ("groups", {"groups": ["999999"]}),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(dirkje: Client, field: str, sent: dict[str, Any]) -> None:
    count = User.objects.count()
    page = dirkje.post(address("add_colleague"), new(**sent))
    assert field in page.context["form"].errors
    assert page.context["form"]["email"].value() == new(**sent)["email"]
    assert User.objects.count() == count


def test_group_of_another_school_is_no_choice(
    dirkje: Client, other_school: School, teacher: Membership
) -> None:
    theirs = Group.objects.get(school=other_school)
    where = address("colleague_groups", teacher.pk)
    for page in (
        dirkje.post(address("add_colleague"), new(groups=[theirs.pk])),
        dirkje.post(where, {"groups": [theirs.pk], "seen": seen(dirkje, where)}),
    ):
        assert "groups" in page.context["form"].errors
    assert not theirs.groupteacher_set.exists()


# --- groups and children ----------------------------------------------------------------------------------


def test_groups_of_a_colleague_change(ahmed: Client, teacher: Membership, groups: dict[str, Group]) -> None:
    before = Group.objects.create(
        school=teacher.school, name="3", first_grade=3, last_grade=3, school_year=2020
    )
    teacher.groupteacher_set.create(school=teacher.school, group=before)
    where = address("colleague_groups", teacher.pk)
    ahmed.post(where, {"groups": [groups["1/2A"].pk], "seen": seen(ahmed, where)})
    assert {place.group for place in teacher.groupteacher_set.all()} == {before, groups["1/2A"]}


def add_child(browser: Client, membership: Membership, child: object, kind: str = "") -> Any:
    return browser.post(address("add_colleague_child", membership.pk), {"child": child, "kind": kind})


def test_colleague_who_is_a_parent_is_kept_out_of_their_own_matters(
    ahmed: Client, teacher: Membership, children: dict[str, Child], parents: dict[str, Any]
) -> None:
    assert add_child(ahmed, teacher, children["Sem"].pk, "father").status_code == 302
    add_child(ahmed, teacher, children["Sem"].pk)
    add_child(ahmed, teacher, children["Lina"].pk)
    teacher = Membership.objects.get(pk=teacher.pk)
    assert teacher.parent is not None
    assert (teacher.parent.first_name, teacher.parent.kind) == ("Tom", "father")
    assert (teacher.parent.email, teacher.parent.phone) == ("", "")
    assert {child.first_name for child in teacher.parent.children.all()} == {"Sem", "Lina"}
    theirs = {parents[name].pk for name in ("Fatma", "Kemal", "Samira")}
    assert teacher.parties == theirs | {teacher.parent_id}


def test_child_of_another_school_is_no_choice(
    ahmed: Client, teacher: Membership, other_school: School
) -> None:
    theirs = Child.objects.get(school=other_school)
    for child in (theirs.pk, "", "x"):
        assert "child" in add_child(ahmed, teacher, child).context["form"].errors
    teacher.refresh_from_db()
    assert teacher.parent is None


def test_nothing_to_choose_is_said(ahmed: Client, teacher: Membership, school: School) -> None:
    Child.objects.filter(school=school).delete()
    Group.objects.filter(school=school).delete()
    for name in ("add_colleague_child", "colleague_groups"):
        assert b"<form" not in ahmed.get(address(name, teacher.pk)).content.partition(b"<main")[2]
    assert "groups" not in ahmed.get(address("add_colleague")).context["form"].fields


@pytest.mark.parametrize("who", ["sees all themes", "arranges", "takes over", "leaves", "herself"])
def test_only_a_director_links_who_watches_arranges_or_takes_over(
    ahmed: Client,
    dirkje: Client,
    director: Membership,
    teacher: Membership,
    ib: Membership,
    other_teacher: Membership,
    children: dict[str, Child],
    who: str,
) -> None:
    """It would close a matter, or a line of the log, to who should see it."""
    sem, somebody = children["Sem"], teacher
    if who == "sees all themes":
        somebody = ib
    elif who == "arranges":
        theme = Theme.objects.get(school=teacher.school, code="divorce")
        set_coordinator(theme=theme, membership=teacher, by=None)
    elif who == "herself":
        somebody = director
    else:
        leaver, successor = (teacher, other_teacher) if who == "leaves" else (other_teacher, teacher)
        Succession.objects.create(
            school=teacher.school, leaver=leaver, successor=successor, kind="meetings", chosen_by=director
        )
    page = add_child(ahmed, somebody, sem.pk)
    assert "Alleen een directeur" in page.content.decode()
    somebody.refresh_from_db()
    assert somebody.parent is None
    if who == "herself":
        member(director.school, "Dora", Role.DIRECTOR)
        assert "voor jezelf" in add_child(dirkje, director, sem.pk).content.decode()
    else:
        assert add_child(dirkje, somebody, sem.pk).status_code == 302
        somebody.refresh_from_db()
    assert (somebody.parent is None) is (who == "herself")


def test_only_director_says_herself_of_which_child_she_is_a_parent(
    dirkje: Client, director: Membership, children: dict[str, Child]
) -> None:
    """There is nobody else to do it, and it closes something to nobody but her."""
    assert add_child(dirkje, director, children["Sem"].pk).status_code == 302
    director.refresh_from_db()
    assert director.parent is not None


def test_director_corrects_a_child_of_somebody_else_only(
    dirkje: Client,
    director: Membership,
    teacher: Membership,
    children: dict[str, Child],
) -> None:
    sem = children["Sem"]
    for membership in (teacher, director):
        link_child(membership=membership, child=sem, by=director)
        where = address("remove_colleague_child", membership.pk, sem.pk)
        assert dirkje.get(where).status_code == 200
        assert dirkje.post(where).status_code == 302
    teacher.refresh_from_db()
    director.refresh_from_db()
    assert teacher.parent is None
    assert not sem.guardians.filter(first_name="Tom").exists()
    assert director.parent is not None
    assert sem.guardians.filter(pk=director.parent.pk).exists()


def test_colleague_who_is_a_buddy_too_stays_known_as_a_parent(
    dirkje: Client, director: Membership, teacher: Membership, children: dict[str, Child], add_buddy: Any
) -> None:
    """Else they could open their own offer."""
    link_child(membership=teacher, child=children["Sem"], by=director)
    teacher.refresh_from_db()
    parent = teacher.parent
    add_buddy(parent=parent)
    dirkje.post(address("remove_colleague_child", teacher.pk, children["Sem"].pk))
    teacher.refresh_from_db()
    assert teacher.parent == parent
    assert not children["Sem"].guardians.exists()


def test_name_of_any_length_becomes_a_parent(school: School, director: Membership, children: Any) -> None:
    user = User.objects.create_user("lang@de-wilgen.invalid", "x" * 120)
    lang = add_member(school=school, user=user, roles=[], by=None)
    link_child(membership=lang, child=children["Sem"], by=director)
    lang.refresh_from_db()
    assert lang.parent is not None
    assert lang.parent.first_name == "x" * 60

"""Who may do what, and until when: given by who may, never to oneself, and a school keeps a director."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from school import clock
from school.actions import change_roles
from school.models import AuditEvent, Membership, School
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


@pytest.fixture
def dirkje(client_of: ClientOf, director: Membership) -> Client:
    """Dirkje's browser: she gives roles."""
    return client_of(director)


@pytest.fixture
def ahmed(client_of: ClientOf, admin_member: Membership) -> Client:
    """Ahmed's browser: he manages staff, and gives no roles."""
    return client_of(admin_member)


# --- roles ------------------------------------------------------------------------------------------------


def give(browser: Client, membership: Membership, *roles: str) -> Any:
    where = address("colleague_roles", membership.pk)
    return browser.post(where, {"roles": roles, "seen": seen(browser, where)})


def test_roles_change(dirkje: Client, teacher: Membership) -> None:
    assert give(dirkje, teacher, "bouwcoordinator", "administrator").status_code == 302
    assert roles_of(teacher) == {"bouwcoordinator", "administrator"}
    assert AuditEvent.objects.filter(action="membership.roles", target_id=teacher.pk).count() == 1
    give(dirkje, teacher, "bouwcoordinator", "administrator")
    assert AuditEvent.objects.filter(action="membership.roles", target_id=teacher.pk).count() == 1


def test_nobody_changes_their_own_roles(dirkje: Client, director: Membership, school: School) -> None:
    member(school, "Dora", Role.DIRECTOR)
    page = give(dirkje, director, "director", "intern_begeleider")
    assert page.context["form"].errors
    assert roles_of(director) == {"director"}
    assert (
        address("colleague_roles", director.pk)
        not in dirkje.get(address("colleague", director.pk)).content.decode()
    )


def test_school_keeps_a_director(client_of: ClientOf, director: Membership, school: School) -> None:
    """Also when the other one is to leave, or cannot sign in."""
    dora = member(school, "Dora", Role.DIRECTOR)
    doras = client_of(dora)
    assert give(doras, director, "teacher").status_code == 302
    change_roles(membership=director, roles=[Role.DIRECTOR], by=dora)
    dora.ends_on = clock.today() + timedelta(days=30)
    dora.save()
    assert give(doras, director, "teacher").context["form"].errors
    assert roles_of(director) == {"director"}


def test_who_was_overtaken_sees_both_versions(
    dirkje: Client, director: Membership, teacher: Membership, school: School
) -> None:
    where = address("colleague_roles", teacher.pk)
    sent = {"roles": ["bouwcoordinator"], "seen": seen(dirkje, where)}
    change_roles(membership=teacher, roles=[Role.INTERN_BEGELEIDER], by=member(school, "Dora", Role.DIRECTOR))
    page = dirkje.post(where, sent)
    [row] = page.context["rows"]
    assert row.differs
    assert roles_of(teacher) == {"intern_begeleider"}
    assert dirkje.post(where, sent | {"seen": page.context["form"]["seen"].value()}).status_code == 302
    assert roles_of(teacher) == {"bouwcoordinator"}


# --- days -------------------------------------------------------------------------------------------------


def stay(browser: Client, membership: Membership, starts_on: object = "", ends_on: object = "") -> Any:
    where = address("colleague_days", membership.pk)
    sent = {"starts_on": str(starts_on), "ends_on": str(ends_on), "seen": seen(browser, where)}
    return browser.post(where, sent)


def test_membership_ends(client_of: ClientOf, ahmed: Client, teacher: Membership) -> None:
    today = clock.today()
    assert stay(ahmed, teacher, ends_on=today).status_code == 302
    assert client_of(teacher).get(address("today")).status_code == 200
    assert AuditEvent.objects.filter(action="membership.end", target_id=teacher.pk).count() == 1
    stay(ahmed, teacher, ends_on=today - timedelta(days=1))
    assert client_of(teacher).get(address("today")).status_code == 404
    assert [c.membership for c in ahmed.get(address("team")).context["left"]] == [teacher]


def test_who_comes_back_gets_roles_from_a_director(
    ahmed: Client, dirkje: Client, teacher: Membership, other_teacher: Membership
) -> None:
    """Else an administrator could bring back a director who left, with all they may do."""
    for membership in (teacher, other_teacher):
        membership.ends_on = clock.today() - timedelta(days=1)
        membership.save()
    stay(ahmed, teacher)
    stay(dirkje, other_teacher)
    assert roles_of(teacher) == set()
    assert roles_of(other_teacher) == {"teacher"}


def test_nobody_ends_themselves(ahmed: Client, admin_member: Membership) -> None:
    page = stay(ahmed, admin_member, ends_on="2030-01-01")
    assert page.context["form"].errors
    admin_member.refresh_from_db()
    assert admin_member.ends_on is None


@pytest.mark.parametrize(("first", "last"), [(0, 400), (5, None), (0, -1)])
def test_last_director_stays(ahmed: Client, director: Membership, first: int, last: int | None) -> None:
    today = clock.today()
    starts = today + timedelta(days=first or -10)
    ends = "" if last is None else today + timedelta(days=last)
    assert stay(ahmed, director, starts, ends).context["form"].errors
    director.refresh_from_db()
    assert director.ends_on is None


def test_director_leaves_once_another_is_there_the_day_after(
    ahmed: Client, director: Membership, school: School
) -> None:
    dora = member(school, "Dora", Role.DIRECTOR)
    dora.starts_on = clock.today() + timedelta(days=10)
    dora.save()
    assert stay(ahmed, director, ends_on=clock.today() + timedelta(days=8)).context["form"].errors
    assert stay(ahmed, director, ends_on=clock.today() + timedelta(days=9)).status_code == 302

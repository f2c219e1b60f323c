"""Roles and themes are given by a director, to somebody else: by no other form, whatever is sent along in it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from buddies.actions.schools import set_coordinator
from buddies.models import Theme, ThemeCoordinator
from school.actions import add_colleague, change_roles
from school.actions.staff import Days
from school.errors import MayNotGiveRoles, WorksHere, Yourself
from school.models import Membership, RoleGrant, User
from school.roles import Role

from .addresses import ROLES, Row, rows
from .pages import forms_on
from .world import World, answer, browser_of

# Who may give is asked before anything is written: that is the same on every database.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

Given = set[tuple[str, int, object]]


def given(to: Membership | None = None) -> Given:
    """Who holds which role and which theme; of everybody, or of one."""
    roles, themes = RoleGrant.objects.all(), ThemeCoordinator.objects.all()
    if to is not None:
        roles, themes = roles.filter(membership=to), themes.filter(membership=to)
    found = {("role", member, role) for member, role in roles.values_list("membership", "role")}
    return found | {("theme", member, theme) for member, theme in themes.values_list("membership", "theme")}


def everything_sent(world: World, someone: Membership, page: str) -> Iterator[tuple[str, object]]:
    """Every field by which a role or theme is given somewhere, for `someone`; and what the page itself sends."""
    for form in forms_on(page):
        yield from form.filled_in().items()
    theme = Theme.objects.get(school=world.school, code="reading").pk
    yield "submission", str(uuid4())
    yield "roles", [role.value for role in Role]
    yield "role", Role.DIRECTOR.value
    yield "theme", theme
    for field in (
        "membership",
        "coordinator",
        "deputy",
        f"theme-{theme}-coordinator",
        f"theme-{theme}-deputy",
    ):
        yield field, someone.pk
    for field, value in (("name", "Iemand"), ("email", someone.user.email), ("is_staff", "on")):
        yield field, value


def send_everything(world: World, column: str, row: Row, address: str) -> None:
    """Post all of it to `address`."""
    browser = world.browsers[column]
    page = answer(browser, "GET", address) if row.marks[column] == "x" and "GET" in row.verbs else None
    body = page.content.decode() if page and page.status_code == 200 else ""
    browser.post(address, dict(everything_sent(world, world.members[column], body)))


def everywhere(world: World, someone: Membership) -> Iterator[tuple[Row, str]]:
    """Every form of the table; those about a colleague also about `someone` themselves."""
    for row in rows():
        if "POST" in row.verbs:
            yield row, world.address(row)
            if row.kind == "colleague":
                yield row, reverse(row.name, args=["de-wilgen", someone.pk])


@pytest.mark.parametrize("column", [column for column in ROLES if column != "director"])
def test_only_a_director_gives(world: World, column: str) -> None:
    before = given()
    for row, address in everywhere(world, world.members[column]):
        with transaction.atomic():
            send_everything(world, column, row, address)
            assert given() - before == set(), row.name
            transaction.set_rollback(True)


def test_director_gives_nothing_to_herself(world: World) -> None:
    """But to others, with the same forms: else this would prove nothing."""
    director, before, others = world.members["director"], given(world.members["director"]), set()
    everybody = given()
    for row, address in everywhere(world, director):
        with transaction.atomic():
            send_everything(world, "director", row, address)
            assert given(director) - before == set(), row.name
            others |= {row.name} if given() - everybody else set()
            transaction.set_rollback(True)
    assert "colleague_roles" in others


def test_actions_refuse_by_themselves(world: World) -> None:
    """A page that forgets to ask gives nothing either."""
    theme = Theme.objects.get(school=world.school, code="reading")
    teacher, director = world.members["teacher"], world.members["director"]
    for column in ROLES:
        by = world.members[column]
        refusal = Yourself if column == "director" else MayNotGiveRoles
        for deputy in (False, True):
            with pytest.raises(refusal):
                set_coordinator(theme=theme, membership=by, deputy=deputy, by=by)
        with pytest.raises(refusal):
            change_roles(membership=by, roles=list(Role), by=by)
        if column != "director":
            with pytest.raises(MayNotGiveRoles):
                set_coordinator(theme=theme, membership=teacher, by=by)
    with pytest.raises(WorksHere):
        add_colleague(
            email=director.user.email, name="", roles=list(Role), groups=[], days=Days(), by=director
        )


@pytest.mark.parametrize("what", ["change", "add"])
def test_administration_site_gives_no_role_and_lets_nobody_in(world: World, what: str) -> None:
    teacher, before = world.members["teacher"], given()
    address = reverse(
        f"admin:school_membership_{what}", kwargs={"object_id": teacher.pk} if what == "change" else {}
    )
    form = {
        "school": world.school.pk,
        "user": world.root.pk,
        "starts_on": "",
        "ends_on": "2030-01-01",
        "rolegrant_set-TOTAL_FORMS": "1",
        "rolegrant_set-INITIAL_FORMS": "0",
        "rolegrant_set-0-role": Role.DIRECTOR.value,
    }
    with transaction.atomic():
        assert browser_of(world.root).post(address, form).status_code == 403
        assert given() == before
        assert not Membership.objects.filter(user=world.root).exists()
        teacher.refresh_from_db()
        assert teacher.ends_on is None
        transaction.set_rollback(True)


def test_account_on_the_administration_site_holds_no_membership(world: World) -> None:
    """Also not when its fields are sent along."""
    before = given()
    form = {"email": "nieuw@demo.invalid", "name": "Nieuw", "usable_password": "false"}
    sent = form | {"membership_set-TOTAL_FORMS": "1", "membership_set-INITIAL_FORMS": "0"}
    sent |= {"membership_set-0-school": str(world.school.pk), "roles": Role.DIRECTOR.value}
    with transaction.atomic():
        browser_of(world.root).post(reverse("admin:school_user_add"), sent)
        made = User.objects.get(email="nieuw@demo.invalid")
        assert not Membership.objects.filter(user=made).exists()
        assert given() == before
        transaction.set_rollback(True)

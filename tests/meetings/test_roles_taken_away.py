"""A colleague stays but may not do any more what they have open: somebody takes it over, as of who leaves."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from school import clock
from school.actions import change_roles, link_child
from school.errors import CannotTakeOver, NobodyTakesOver
from school.handover import kinds, open_work
from school.models import AuditEvent, Child, Membership
from school.roles import Role
from school.worklist import Urgency, collect
from tests.cast import ClientOf

from .leaving import Left, owners


def address(leaver: Membership) -> str:
    return reverse("colleague_roles", args=["de-wilgen", leaver.pk])


def sends(browser: Client, leaver: Membership, *roles: str, **to: Membership) -> Any:
    """The answer to the form about the roles of `leaver`, opened and sent."""
    seen = browser.get(address(leaver)).context["form"].version
    chosen = {f"to_{kind}": member.pk for kind, member in to.items()}
    return browser.post(address(leaver), {"roles": roles, "seen": seen} | chosen)


def rows(director: Membership) -> list[tuple[Urgency, str]]:
    """What the director's Vandaag says of Tom."""
    fresh = Membership.objects.select_related("school", "user", "parent").get(pk=director.pk)
    return [(item.urgency, item.text) for item in collect(fresh, clock.today()) if item.title == "Tom"]


def test_page_asks_only_when_something_is_left(
    client_of: ClientOf, left: Left, director: Membership, teacher: Membership, other_teacher: Membership
) -> None:
    dirkje = client_of(director)
    assert not dirkje.get(address(teacher)).context["form"].choices
    page = sends(dirkje, teacher, "administrator")
    assert set(page.context["form"].errors) == {f"to_{kind.key}" for kind in kinds()} - {"to_matches"}
    assert owners(left) == {teacher.pk}
    everything = {kind.key: other_teacher for kind in kinds() if kind.key != "matches"}
    assert sends(dirkje, teacher, "administrator", **everything).status_code == 302
    assert owners(left) == {other_teacher.pk}
    assert open_work([teacher], clock.today())[teacher.pk] == {}
    assert AuditEvent.objects.filter(action="membership.hand_over", target_id=teacher.pk).count() == 1
    assert not rows(director)


def test_another_role_takes_nothing_away(
    client_of: ClientOf, left: Left, director: Membership, teacher: Membership
) -> None:
    assert sends(client_of(director), teacher, "bouwcoordinator").status_code == 302
    assert owners(left) == {teacher.pk}
    assert not rows(director)


def test_action_refuses_by_itself(left: Left, director: Membership, teacher: Membership) -> None:
    with pytest.raises(NobodyTakesOver):
        change_roles(membership=teacher, roles=[], by=director)
    for nobody in (director, teacher):
        everything = {kind.key: nobody for kind in kinds()}
        with pytest.raises(CannotTakeOver):
            change_roles(membership=teacher, roles=[], by=director, successors=everything)
    assert teacher.rolegrant_set.get().role == Role.TEACHER
    assert owners(left) == {teacher.pk}


def test_what_nobody_may_have_is_a_row_for_the_director(
    client_of: ClientOf,
    left: Left,
    director: Membership,
    teacher: Membership,
    other_teacher: Membership,
    children: dict[str, Child],
    ib: Membership,
) -> None:
    """Olga and Ineke are both parents of Lina, of whom the meeting and the promise are."""
    for parent in (other_teacher, ib):
        link_child(membership=parent, child=children["Lina"], by=director)
    everything = {kind.key: Membership.objects.get(pk=other_teacher.pk) for kind in kinds()}
    change_roles(membership=teacher, roles=[Role.ADMINISTRATOR], by=director, successors=everything)
    left.meeting.refresh_from_db()
    assert left.meeting.recorded_by_id == teacher.pk
    [(urgency, text)] = rows(director)
    assert urgency is Urgency.WRONG
    assert "2 openstaande punten" in text
    form = client_of(director).get(address(teacher)).context["form"]
    assert {name: choice.number for name, choice in form.choices.items()} == {
        "to_meetings": 1,
        "to_promises": 1,
    }

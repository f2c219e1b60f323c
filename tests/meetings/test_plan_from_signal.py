"""From a signal of one's own to a meeting about that child."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from school.models import Child, Membership, Parent
from school.roles import PERMISSIONS, Permission
from tests.buddies.phone import text
from tests.buddies.watch import queries
from tests.cast import ClientOf, Signalled

from .pages import url

MINE = reverse("buddies:own_signals", args=["de-wilgen"])


def plan(child: Child) -> str:
    """The address of a new meeting about `child`."""
    return url("plan", query=f"?kind={child.pk}")


def test_own_signal_leads_to_a_meeting_about_its_child(
    tom: Client, signalled: Signalled, children: dict[str, Child]
) -> None:
    signalled("reading", child=children["Lina"])
    assert f'href="{plan(children["Lina"])}"' in text(tom.get(MINE))
    assert tom.get(plan(children["Lina"])).context["form"]["child"].value() == children["Lina"].pk


def test_child_that_is_not_in_the_list_has_no_such_way(tom: Client, signalled: Signalled) -> None:
    signalled("reading")
    page = tom.get(MINE)
    assert len(page.context["discussed"]) == 1
    assert "?kind=" not in text(page)


def test_child_of_a_colleagues_signal_is_not_told(
    tom: Client,
    other_teacher: Membership,
    signalled: Signalled,
    children: dict[str, Child],
    parents: dict[str, Parent],
) -> None:
    """Two colleagues, two children, one parent."""
    signalled("reading", child=children["Noor"], by=other_teacher, parent=parents["Linda"])
    signalled("reading", child=children["Lina"], parent=parents["Linda"])
    page = tom.get(MINE)
    assert len(page.context["discussed"]) == 1
    assert "?kind=" not in text(page)


def test_who_holds_no_meetings_has_no_such_way(
    client_of: ClientOf,
    teacher: Membership,
    signalled: Signalled,
    children: dict[str, Child],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    signalled("reading", child=children["Lina"])
    for role, permissions in PERMISSIONS.items():
        monkeypatch.setitem(PERMISSIONS, role, permissions - {Permission.MEETINGS})
    page = client_of(teacher).get(MINE)
    assert len(page.context["discussed"]) == 1
    assert "?kind=" not in text(page)


def test_page_asks_as_many_questions_for_three_children_as_for_one(
    tom: Client, signalled: Signalled, children: dict[str, Child]
) -> None:
    counts = []
    for child in list(children.values())[:3]:
        signalled("reading", child=child)
        counts.append(queries(tom, MINE))
    assert counts[0] == counts[2]

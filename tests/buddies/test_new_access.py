"""Whoever arranges a theme gets to know who was given access to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from buddies.actions.schools import set_coordinator
from buddies.models import Theme
from buddies.reading.access import news
from school import clock
from school.actions import Days, Stay, add_member, change_days, change_roles, show_what_was_before
from school.models import Membership, School, User
from school.roles import Role
from school.worklist import collect
from tests.cast import ClientOf, Signalled, member

PAGE = reverse("buddies:new_access", args=["de-wilgen"])


def fresh(membership: Membership) -> Membership:
    return Membership.objects.select_related("school", "user", "parent").get(pk=membership.pk)


def told(reader: Membership, on: Any = None) -> list[tuple[str, str]]:
    """Who, and what, on the Vandaag of `reader`."""
    rows = collect(fresh(reader), on or clock.today())
    return [(item.title, item.text) for item in rows if item.url == PAGE]


def test_coordinator_and_deputy_hear_of_a_theme_place(
    director: Membership,
    bouwcoordinator: Membership,
    teacher: Membership,
    other_teacher: Membership,
    themes: dict[str, Theme],
) -> None:
    set_coordinator(theme=themes["language"], membership=teacher, by=director, deputy=True)
    [(who, what)] = told(bouwcoordinator)
    assert who == "Tom"
    assert "Dirkje" in what
    assert told(teacher) == told(director) == told(other_teacher) == []


def test_coordinators_hear_of_a_role_that_sees_their_theme(
    director: Membership,
    bouwcoordinator: Membership,
    teacher: Membership,
    ib: Membership,
    themes: dict[str, Theme],
    signalled: Signalled,
) -> None:
    signalled("language", first_name="Selam")
    change_roles(membership=teacher, roles=[Role.TEACHER, Role.BOUWCOORDINATOR], by=director)
    assert told(bouwcoordinator) == []
    change_roles(membership=teacher, roles=[Role.INTERN_BEGELEIDER], by=director)
    assert [who for who, _what in told(bouwcoordinator)] == ["Tom"]
    # Who arranges by default, because nobody was named, hears of it too; who gave it and who got it do not.
    assert [who for who, _what in told(ib)] == ["Tom"]
    assert told(director) == told(teacher) == []
    assert "Selam" not in str(told(bouwcoordinator))
    Theme.objects.update(hidden_from_intern_begeleider=True)
    assert told(bouwcoordinator) == []
    Theme.objects.update(hidden_from_intern_begeleider=False)
    change_roles(membership=fresh(teacher), roles=[Role.TEACHER], by=director)
    assert told(bouwcoordinator) == []


def test_it_goes_once_seen_or_after_two_weeks(
    client_of: ClientOf,
    director: Membership,
    bouwcoordinator: Membership,
    teacher: Membership,
    other_teacher: Membership,
    school: School,
    themes: dict[str, Theme],
) -> None:
    set_coordinator(theme=themes["language"], membership=teacher, by=director, deputy=True)
    assert told(bouwcoordinator, clock.today() + timedelta(days=13))
    assert told(bouwcoordinator, clock.today() + timedelta(days=14)) == []
    babs: Client = client_of(bouwcoordinator)
    page = babs.get(PAGE)
    assert "Tom" in page.content.decode()
    # Given while the page was open: not seen yet.
    change_roles(membership=other_teacher, roles=[Role.INTERN_BEGELEIDER], by=director)
    for _ in range(2):
        assert babs.post(PAGE, {"until": page.context["until"].isoformat()}).status_code == 302
    assert [who for who, _what in told(bouwcoordinator)] == ["Olga"]
    assert [each.who for each in news(fresh(bouwcoordinator), clock.today())] == [other_teacher]


@pytest.mark.parametrize("how", ["the button", "no last day any more"])
def test_coordinators_hear_that_what_is_older_was_opened_to_a_substitute(
    client_of: ClientOf,
    director: Membership,
    bouwcoordinator: Membership,
    ib: Membership,
    school: School,
    themes: dict[str, Theme],
    how: str,
) -> None:
    today = clock.today()
    stand_in, helper = (
        add_member(
            school=school,
            user=User.objects.create_user(f"{name}@de-wilgen.invalid", name),
            roles=[role],
            days=Days(today, today + timedelta(days=9)),
            by=None,
        )
        for name, role in (("ivy", Role.INTERN_BEGELEIDER), ("hans", Role.TEACHER))
    )
    assert told(bouwcoordinator) == told(ib) == []
    for somebody in (stand_in, helper):
        if how == "the button":
            show_what_was_before(membership=somebody, shown=True, by=director)
        else:
            change_days(membership=somebody, stay=Stay(Days(today)), by=director)
    for reader in (bouwcoordinator, ib):
        [(who, what)] = told(reader)
        assert who == "ivy"
        assert "Dirkje" in what
    assert told(director) == told(stand_in) == []
    if how == "the button":
        show_what_was_before(membership=fresh(stand_in), shown=False, by=director)
        assert told(bouwcoordinator) == told(ib) == []
        show_what_was_before(membership=fresh(stand_in), shown=True, by=director)
    babs: Client = client_of(bouwcoordinator)
    until = babs.get(PAGE).context["until"]
    assert babs.post(PAGE, {"until": until.isoformat()}).status_code == 302
    assert told(bouwcoordinator) == []


@pytest.mark.parametrize(
    "until",
    [
        "",
        "gisteren",
        "2999-01-01T00:00:00+00:00",
        "2026-01-01T00:00:00",
        "2026-13-45T00:00:00+00:00",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_nonsense_is_not_seen(client_of: ClientOf, bouwcoordinator: Membership, until: str) -> None:
    assert client_of(bouwcoordinator).post(PAGE, {"until": until}).status_code == 404


def test_what_a_school_begins_with_is_no_news(director: Membership, ib: Membership, school: School) -> None:
    member(school, "Iris", Role.INTERN_BEGELEIDER)
    assert told(ib) == []

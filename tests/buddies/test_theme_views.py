"""Who arranges which theme: chosen by who gives roles, never for oneself."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buddies.actions.schools import set_coordinator
from buddies.forms.themes import NOBODY
from buddies.models import Theme, ThemeCoordinator
from buddies.reading.arranging import duties
from school import clock
from school.conflicts import fingerprint
from school.models import AuditEvent, Membership, School
from school.roles import Role
from tests.cast import ClientOf, member

ADDRESS = reverse("buddies:coordinators", args=["de-wilgen"])


@pytest.fixture
def dirkje(client_of: ClientOf, director: Membership) -> Client:
    """Dirkje's browser."""
    return client_of(director)


def places(theme: Theme) -> dict[bool, int]:
    return dict(ThemeCoordinator.objects.filter(theme=theme).values_list("deputy", "membership"))


def choice(theme: Theme, coordinator: Any = "", deputy: Any = "") -> dict[str, str]:
    def key(value: Any) -> str:
        return str(value.pk) if isinstance(value, Membership) else str(value)

    now = places(theme)
    return {
        "theme": str(theme.pk),
        f"theme-{theme.pk}-seen": fingerprint({"coordinator": now.get(False), "deputy": now.get(True)}),
        f"theme-{theme.pk}-coordinator": key(coordinator),
        f"theme-{theme.pk}-deputy": key(deputy),
    }


def send(browser: Client, sent: dict[str, str]) -> Any:
    """What comes of sending the form of one theme."""
    return browser.post(f"{ADDRESS}?theme={sent['theme']}", sent, follow=True)


def form(page: Any, theme: Theme) -> Any:
    return next(form for form in page.context["forms"] if form.arrangement.theme == theme)


def test_page_is_for_who_gives_roles(
    client_of: ClientOf, dirkje: Client, ib: Membership, teacher: Membership, other_ib: Membership
) -> None:
    assert dirkje.get(ADDRESS).status_code == 200
    assert dirkje.delete(ADDRESS).status_code == 405
    for somebody in (ib, teacher):
        assert client_of(somebody).get(ADDRESS).status_code == 403
        assert client_of(somebody).post(ADDRESS).status_code == 403
    assert client_of(other_ib).get(ADDRESS).status_code == 404


def test_choice_holds_colleagues_who_may_arrange_and_not_oneself(
    dirkje: Client,
    director: Membership,
    ib: Membership,
    teacher: Membership,
    admin_member: Membership,
    other_ib: Membership,
    themes: dict[str, Theme],
) -> None:
    teacher.ends_on = clock.today().replace(year=2020)
    teacher.save()
    assert set(form(dirkje.get(ADDRESS), themes["reading"]).people) == {str(ib.pk)}
    for smuggled in (director, admin_member, other_ib, teacher):
        page = send(dirkje, choice(themes["reading"], smuggled))
        assert form(page, themes["reading"]).errors
    assert places(themes["reading"]) == {}


def test_one_theme_is_saved_at_a_time(
    dirkje: Client, director: Membership, teacher: Membership, ib: Membership, themes: dict[str, Theme]
) -> None:
    answer = send(dirkje, choice(themes["reading"], ib) | choice(themes["language"], teacher, ib))
    assert answer.redirect_chain[-1][0] == ADDRESS
    assert places(themes["language"]) == {False: teacher.pk, True: ib.pk}
    assert places(themes["reading"]) == {}
    assert "Tom" in str(next(iter(answer.context["messages"])))
    assert AuditEvent.objects.filter(action="theme.coordinator", actor_id=director.user_id).count() == 2
    # The same again changes nothing.
    send(dirkje, choice(themes["language"], teacher, ib))
    assert AuditEvent.objects.filter(action="theme.coordinator", actor_id=director.user_id).count() == 2


def test_the_two_can_change_places(
    dirkje: Client, teacher: Membership, ib: Membership, themes: dict[str, Theme]
) -> None:
    send(dirkje, choice(themes["language"], teacher, ib))
    send(dirkje, choice(themes["language"], ib, teacher))
    assert places(themes["language"]) == {False: ib.pk, True: teacher.pk}


def test_nobody_stands_in_for_themselves(
    dirkje: Client, teacher: Membership, themes: dict[str, Theme]
) -> None:
    page = send(dirkje, choice(themes["language"], teacher, teacher))
    sent = form(page, themes["language"])
    assert "deputy" in sent.errors
    assert sent["coordinator"].value() == str(teacher.pk)
    assert places(themes["language"]) == {}


def test_own_place_stays_unless_given_away(
    dirkje: Client, director: Membership, teacher: Membership, ib: Membership, themes: dict[str, Theme]
) -> None:
    newcomer = themes["newcomer"]
    send(dirkje, choice(newcomer, "", ib))
    assert places(newcomer) == {False: director.pk, True: ib.pk}
    send(dirkje, choice(newcomer, teacher, ib))
    assert places(newcomer) == {False: teacher.pk, True: ib.pk}


def test_theme_of_another_school_or_hidden_is_not_there(
    dirkje: Client, teacher: Membership, other_school: School, themes: dict[str, Theme]
) -> None:
    theirs = other_school.theme_set.first()
    assert theirs is not None
    themes["culture"].hidden = True
    themes["culture"].save()
    for theme in (theirs, themes["culture"]):
        assert send(dirkje, choice(theme, teacher)).status_code == 404
    assert send(dirkje, {"theme": "x"}).status_code == 404


def test_theme_without_anybody_is_marked(
    dirkje: Client, teacher: Membership, themes: dict[str, Theme]
) -> None:
    page = dirkje.get(ADDRESS)
    assert form(page, themes["reading"]).arrangement.nobody
    assert not form(page, themes["newcomer"]).arrangement.nobody
    send(dirkje, choice(themes["reading"], teacher))
    assert not form(dirkje.get(ADDRESS), themes["reading"]).arrangement.nobody


def test_default_is_the_intern_begeleider_unless_hidden_from_them(
    dirkje: Client, ib: Membership, themes: dict[str, Theme]
) -> None:
    themes["divorce"].hidden_from_intern_begeleider = True
    themes["divorce"].save()
    page = dirkje.get(ADDRESS)
    assert form(page, themes["reading"]).arrangement.by_default
    assert not form(page, themes["reading"]).arrangement.nobody
    assert not form(page, themes["divorce"]).arrangement.by_default
    assert form(page, themes["divorce"]).arrangement.nobody


def test_who_left_is_shown_as_such(
    dirkje: Client, ib: Membership, teacher: Membership, themes: dict[str, Theme]
) -> None:
    set_coordinator(theme=themes["reading"], membership=teacher, by=None)
    teacher.ends_on = clock.today().replace(year=2020)
    teacher.save()
    labels = [
        str(label) for _, label in form(dirkje.get(ADDRESS), themes["reading"])["coordinator"].field.choices
    ]
    assert any("Tom" in label for label in labels)


def test_page_asks_the_same_of_the_database_for_any_number_of_colleagues(
    dirkje: Client, school: School, teacher: Membership, ib: Membership, themes: dict[str, Theme]
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert dirkje.get(ADDRESS).status_code == 200
        return len(captured)

    queries()
    few = queries()
    for number in range(10):
        somebody = member(school, f"Collega {number}", Role.TEACHER)
        set_coordinator(theme=themes["busy"], membership=somebody, by=None, deputy=True)
    set_coordinator(theme=themes["reading"], membership=teacher, by=None)
    assert queries() == few
    assert few <= 12


def test_place_is_given_back(
    dirkje: Client, director: Membership, ib: Membership, teacher: Membership, themes: dict[str, Theme]
) -> None:
    send(dirkje, choice(themes["language"], teacher, ib))
    send(dirkje, choice(themes["language"], NOBODY, teacher))
    assert places(themes["language"]) == {True: teacher.pk}
    send(dirkje, choice(themes["language"], NOBODY, NOBODY))
    assert places(themes["language"]) == {}
    assert form(dirkje.get(ADDRESS), themes["language"]).arrangement.by_default
    send(dirkje, choice(themes["newcomer"], NOBODY, ""))
    assert places(themes["newcomer"]) == {}


def test_closed_theme_keeps_somebody(dirkje: Client, teacher: Membership, themes: dict[str, Theme]) -> None:
    theme = themes["divorce"]
    send(dirkje, choice(theme, teacher, NOBODY))
    Theme.objects.filter(pk=theme.pk).update(hidden_from_intern_begeleider=True)
    page = send(dirkje, choice(theme, NOBODY, NOBODY))
    assert "coordinator" in form(page, theme).errors
    assert places(theme) == {False: teacher.pk}
    send(dirkje, choice(theme, NOBODY, teacher))
    assert places(theme) == {True: teacher.pk}


def test_duties_say_who_is_next(
    school: School, ib: Membership, director: Membership, teacher: Membership, themes: dict[str, Theme]
) -> None:
    """The deputy, else the intern begeleider unless the theme is closed to them."""
    on = clock.today()

    def after() -> list[tuple[str, Membership | None, bool]]:
        return [(duty.theme.code, duty.then, duty.nobody) for duty in duties(director, on)]

    assert after() == [("newcomer", None, False)]
    set_coordinator(theme=themes["newcomer"], membership=teacher, by=None, deputy=True)
    assert after() == [("newcomer", teacher, False)]
    Membership.objects.filter(pk=teacher.pk).update(ends_on=on.replace(year=2020))
    Theme.objects.filter(pk=themes["newcomer"].pk).update(hidden_from_intern_begeleider=True)
    assert after() == [("newcomer", None, True)]
    assert duties(ib, on) == []


def test_one_form_is_open_at_a_time(dirkje: Client, themes: dict[str, Theme]) -> None:
    """What was chosen in another form would be lost by saving this one."""
    assert b"<select" not in dirkje.get(ADDRESS).content
    page = dirkje.get(ADDRESS, {"theme": themes["reading"].pk})
    assert page.content.count(b"<select") == 2
    assert page.context["chosen"].arrangement.theme == themes["reading"]
    assert b"<select" not in dirkje.get(ADDRESS, {"theme": "999"}).content


def test_who_was_overtaken_sees_both_versions(
    dirkje: Client, teacher: Membership, ib: Membership, themes: dict[str, Theme]
) -> None:
    theme = themes["reading"]
    opened = choice(theme, teacher, NOBODY)
    send(dirkje, choice(theme, ib, NOBODY))
    page = send(dirkje, opened)
    [differs] = [row for row in page.context["rows"] if row.differs]
    assert (differs.saved, differs.yours) == ("Ineke", "Tom")
    assert places(theme) == {False: ib.pk}
    again = {field.html_name: field.value() or "" for field in page.context["form"]}
    dirkje.post(f"{ADDRESS}?theme={theme.pk}", again)
    assert places(theme) == {False: teacher.pk}

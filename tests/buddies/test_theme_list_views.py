"""The themes of a school: its own, hidden ones, and those closed to the intern begeleider."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buddies.actions.schools import ThemeDetails, change_theme, set_coordinator
from buddies.models import SupportRequest, Theme
from school.actions import change_roles
from school.models import AuditEvent, Membership, School
from school.roles import Role
from tests.cast import ClientOf, Signalled, member


def address(name: str, *args: object) -> str:
    """The address of a page of De Wilgen."""
    return reverse(f"buddies:{name}", args=["de-wilgen", *args])


@pytest.fixture
def ineke(client_of: ClientOf, ib: Membership) -> Client:
    """Ineke's browser."""
    return client_of(ib)


@pytest.fixture
def dirkje(client_of: ClientOf, director: Membership) -> Client:
    """Dirkje's browser."""
    return client_of(director)


def change(browser: Client, theme: Theme, **sent: str) -> Any:
    where = address("theme", theme.pk)
    version = browser.get(where).context["form"].version
    return browser.post(where, {"shown": "yes", "sensitive": "yes", "seen": version} | sent)


def close(browser: Client, theme: Theme, closed: str = "yes") -> Any:
    return browser.post(address("close_theme", theme.pk), {"closed": closed})


def is_closed(theme: Theme) -> bool:
    return Theme.objects.filter(pk=theme.pk, hidden_from_intern_begeleider=True).exists()


def test_pages_open_for_who_decides_about_the_themes(
    client_of: ClientOf,
    ib: Membership,
    director: Membership,
    admin_member: Membership,
    teacher: Membership,
    other_ib: Membership,
    themes: dict[str, Theme],
) -> None:
    pages = [address("themes"), address("add_theme"), address("theme", themes["busy"].pk)]
    for page in pages:
        for somebody in (ib, director):
            assert client_of(somebody).get(page).status_code == 200
        for somebody in (teacher, admin_member):
            assert client_of(somebody).get(page).status_code == 403
        assert client_of(other_ib).get(page).status_code == 404
    theirs = reverse("buddies:theme", args=["de-eik", themes["busy"].pk])
    assert client_of(other_ib).post(theirs, {"shown": "no", "sensitive": "no"}).status_code == 404
    for somebody in (ib, admin_member, teacher):
        assert client_of(somebody).post(address("close_theme", themes["newcomer"].pk)).status_code == 403
    assert client_of(director).get(address("close_theme", themes["newcomer"].pk)).status_code == 405


def test_own_theme_is_added_once(ineke: Client, school: School) -> None:
    sent = {"name": " Verhuizen ", "sensitive": "no"}
    assert ineke.post(address("add_theme"), sent).status_code == 302
    theme = school.theme_set.in_use().last()
    assert theme is not None
    assert (theme.name, theme.code, theme.sensitive, theme.hidden) == ("Verhuizen", "", False, False)
    assert theme.position > 5
    assert AuditEvent.objects.filter(action="theme.add", target_id=theme.pk).count() == 1
    page = ineke.post(address("add_theme"), sent | {"name": "verhuizen"})
    assert page.context["form"].errors
    assert page.context["form"]["name"].value() == "verhuizen"
    # Nor what a built-in theme is called.
    assert ineke.post(address("add_theme"), sent | {"name": "Taal"}).context["form"].errors
    assert school.theme_set.count() == 7


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("name", {"name": "", "sensitive": "no"}),
        ("name", {"name": "x" * 61, "sensitive": "no"}),
        ("sensitive", {"name": "Slapen", "sensitive": "misschien"}),
    ],
)
def test_theme_that_cannot_be_is_refused(
    ineke: Client, school: School, field: str, sent: dict[str, str]
) -> None:
    page = ineke.post(address("add_theme"), sent)
    assert field in page.context["form"].errors
    assert school.theme_set.count() == 6


def test_own_theme_is_renamed_and_a_built_in_one_is_not(
    ineke: Client, ib: Membership, school: School, themes: dict[str, Theme]
) -> None:
    own = Theme.objects.create(school=school, name="Slapen", position=9)
    assert change(ineke, own, name="Slaap", sensitive="yes").status_code == 302
    assert change(ineke, own, name="Slaap", sensitive="no").status_code == 302
    own.refresh_from_db()
    assert (own.name, own.sensitive) == ("Slaap", False)
    assert change(ineke, own, name="Taal").context["form"].errors
    assert change(ineke, themes["busy"], name="Anders").status_code == 302
    themes["busy"].refresh_from_db()
    assert themes["busy"].name == ""
    change_theme(theme=themes["busy"], details=ThemeDetails("Anders", False, True), by=ib)
    assert Theme.objects.get(pk=themes["busy"].pk).name == ""


def test_what_runs_goes_on_when_a_theme_is_hidden(
    ineke: Client, client_of: ClientOf, teacher: Membership, themes: dict[str, Theme], signalled: Signalled
) -> None:
    request = signalled("busy")
    change(ineke, themes["busy"], shown="no")
    assert AuditEvent.objects.filter(action="theme.hide").count() == 1
    assert SupportRequest.objects.get(pk=request.pk).theme == themes["busy"]
    assert ineke.get(address("request", request.pk)).status_code == 200
    offered = client_of(teacher).get(address("signal")).context["form"].themes
    assert str(themes["busy"].pk) not in offered
    change(ineke, themes["busy"], shown="yes")
    assert AuditEvent.objects.filter(action="theme.show").count() == 1


def test_who_was_overtaken_sees_both_versions(ineke: Client, themes: dict[str, Theme]) -> None:
    where = address("theme", themes["busy"].pk)
    sent = {"shown": "no", "sensitive": "yes", "seen": ineke.get(where).context["form"].version}
    Theme.objects.filter(pk=themes["busy"].pk).update(sensitive=False)
    page = ineke.post(where, sent)
    assert [row.differs for row in page.context["rows"]] == [True, True]
    themes["busy"].refresh_from_db()
    assert not themes["busy"].hidden


def test_theme_is_closed_to_the_intern_begeleider_and_opened_again(
    dirkje: Client, ib: Membership, teacher: Membership, themes: dict[str, Theme]
) -> None:
    theme = themes["divorce"]
    close(dirkje, theme)
    assert not is_closed(theme), "nobody else was named"
    set_coordinator(theme=theme, membership=teacher, by=None)
    close(dirkje, theme)
    assert is_closed(theme)
    assert theme not in Theme.objects.owned_by(ib)
    close(dirkje, theme, "no")
    assert theme in Theme.objects.owned_by(ib)
    assert list(
        AuditEvent.objects.filter(action__in=["theme.close", "theme.open"]).values_list("action", flat=True)
    ) == ["theme.close", "theme.open"]
    assert close(dirkje, theme, "misschien").status_code == 404


def test_nobody_opens_a_theme_for_themselves(
    client_of: ClientOf, school: School, director: Membership, themes: dict[str, Theme]
) -> None:
    dora = member(school, "Dora", Role.DIRECTOR)
    change_roles(membership=director, roles=[Role.DIRECTOR, Role.INTERN_BEGELEIDER], by=dora)
    theme = themes["language"]
    Theme.objects.filter(pk=theme.pk).update(hidden_from_intern_begeleider=True)
    close(client_of(director), theme, "no")
    assert is_closed(theme)
    close(client_of(dora), theme, "no")
    assert not is_closed(theme)


def test_theme_of_another_school_is_not_there(dirkje: Client, other_school: School) -> None:
    theirs = other_school.theme_set.earliest("pk")
    assert dirkje.get(address("theme", theirs.pk)).status_code == 404
    assert dirkje.post(address("theme", theirs.pk), {"shown": "no"}).status_code == 404
    assert dirkje.post(address("close_theme", theirs.pk), {"closed": "yes"}).status_code == 404


def test_list_asks_the_same_of_the_database_for_any_number(ineke: Client, school: School) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert ineke.get(address("themes")).status_code == 200
        return len(captured)

    queries()
    few = queries()
    for number in range(3):
        Theme.objects.create(school=school, name=f"Eigen {number}", position=9)
    assert queries() == few
    assert few <= 12

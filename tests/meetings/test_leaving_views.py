"""The page on which a colleague's last day is set, and what is closed to them from then on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from buddies.models import Theme
from school import clock
from school.actions import Days, Stay, change_days, stay_of
from school.errors import Changed, NotHereAnyMore
from school.models import Group, Membership, School, Succession
from school.roles import Role
from tests.cast import ClientOf, member

from .conftest import Planned
from .leaving import DAY, Left, end, owners


@pytest.fixture
def dirkje(client_of: ClientOf, director: Membership) -> Client:
    return client_of(director)


@pytest.fixture
def ahmed(client_of: ClientOf, admin_member: Membership) -> Client:
    return client_of(admin_member)


def sends(browser: Client, leaver: Membership, **sent: Any) -> Any:
    """The answer to the form about the days of `leaver`, opened and sent."""
    where = reverse("colleague_days", args=["de-wilgen", leaver.pk])
    seen = browser.get(where).context["form"].version
    values = {key: str(getattr(value, "pk", value)) for key, value in sent.items()}
    return browser.post(where, {"starts_on": "", "seen": seen} | values)


def test_page_counts_and_names_no_theme(
    ahmed: Client, dirkje: Client, left: Left, teacher: Membership
) -> None:
    where = reverse("colleague_days", args=["de-wilgen", teacher.pk])
    for browser, names in [
        (ahmed, ["to_meetings", "to_promises", "to_signals"]),
        (dirkje, ["to_meetings", "to_promises", "to_signals", "to_themes"]),
    ]:
        form = browser.get(where).context["form"]
        assert list(form.choices) == names
        assert [choice.number for choice in form.choices.values()] == [1, 1, 2, 1][: len(names)]
    page = ahmed.get(where).content.decode().casefold()
    assert not [theme for theme in Theme.objects.all() if str(theme) in page]
    assert "lina" not in page
    assert "daan" not in page


def test_page_asks_for_everything_that_is_open(
    dirkje: Client, left: Left, teacher: Membership, other_teacher: Membership
) -> None:
    today = clock.today()
    page = sends(dirkje, teacher, ends_on=today - DAY, to_meetings=other_teacher)
    assert set(page.context["form"].errors) == {"to_promises", "to_signals", "to_themes"}
    everything = dict.fromkeys(["to_meetings", "to_promises", "to_signals", "to_themes"], other_teacher)
    assert sends(dirkje, teacher, ends_on=today - DAY, **everything).status_code == 302
    assert owners(left) == {other_teacher.pk}


def test_sent_twice_it_is_one(
    dirkje: Client, planned: Planned, teacher: Membership, other_teacher: Membership
) -> None:
    planned()
    where = reverse("colleague_days", args=["de-wilgen", teacher.pk])
    seen = dirkje.get(where).context["form"].version
    ends = str(clock.today() + DAY)
    sent = {"starts_on": "", "ends_on": ends, "to_meetings": str(other_teacher.pk), "seen": seen}
    assert dirkje.post(where, sent).status_code == 302
    page = dirkje.post(where, sent)
    assert page.status_code == 200
    assert not [row for row in page.context["rows"] if row.differs]
    assert Succession.objects.count() == 1


def test_who_was_overtaken_sees_both_versions(
    dirkje: Client,
    ahmed: Client,
    planned: Planned,
    teacher: Membership,
    other_teacher: Membership,
    ib: Membership,
) -> None:
    planned()
    where = reverse("colleague_days", args=["de-wilgen", teacher.pk])
    seen = dirkje.get(where).context["form"].version
    ends = str(clock.today() + DAY)
    sends(ahmed, teacher, ends_on=ends, to_meetings=ib)
    sent = {"starts_on": "", "ends_on": ends, "to_meetings": str(other_teacher.pk), "seen": seen}
    page = dirkje.post(where, sent)
    [differs] = [row for row in page.context["rows"] if row.differs]
    assert (differs.saved, differs.yours) == ("Ineke", "Olga")
    assert Succession.objects.get().successor_id == ib.pk
    again = {field.html_name: field.value() or "" for field in page.context["form"]}
    assert dirkje.post(where, again).status_code == 302
    assert Succession.objects.get().successor_id == other_teacher.pk


def test_action_refuses_what_changed_meanwhile(
    planned: Planned, director: Membership, teacher: Membership, other_teacher: Membership
) -> None:
    was = stay_of(teacher)
    end(teacher, clock.today() + DAY, director)
    with pytest.raises(Changed):
        change_days(membership=teacher, stay=Stay(Days()), by=director, was=was)


def test_who_has_no_right_any_more_ends_nobody(
    director: Membership, teacher: Membership, school: School
) -> None:
    dora = member(school, "Dora", Role.DIRECTOR)
    dora.permissions  # noqa: B018  # read before it is taken away, as by a request on its way
    end(dora, clock.today() - DAY, director)
    with pytest.raises(NotHereAnyMore):
        end(teacher, clock.today() - DAY, dora)
    dora.rolegrant_set.all().delete()
    Membership.objects.filter(pk=dora.pk).update(ends_on=None)
    with pytest.raises(NotHereAnyMore):
        end(teacher, clock.today() - DAY, dora)


# --- access ends ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["last day", "account"])
def test_access_ends_on_the_next_request(
    client_of: ClientOf,
    left: Left,
    director: Membership,
    teacher: Membership,
    other_teacher: Membership,
    groups: dict[str, Group],
    how: str,
) -> None:
    tom = client_of(teacher)
    page = reverse("meetings:before", args=["de-wilgen", left.meeting.pk])
    tick = reverse("meetings:tick", args=["de-wilgen", left.meeting.pk])
    ways: list[Callable[[], Any]] = [
        lambda: tom.get(reverse("today", args=["de-wilgen"])),
        lambda: tom.get(page),
        lambda: tom.post(tick, {"item": "V1", "done": "1"}, headers={"HX-Request": "true"}),
        lambda: tom.post(reverse("meetings:cancel", args=["de-wilgen", left.meeting.pk])),
    ]
    assert [way().status_code for way in ways[:3]] == [200, 200, 200]
    if how == "last day":
        end(teacher, clock.today() - DAY, director, other_teacher)
    else:
        teacher.user.is_active = False
        teacher.user.save()
    answers = [way() for way in ways]
    if how == "last day":
        assert {answer.status_code for answer in answers} == {404}
    else:
        onward = [answer.headers.get("Location") or answer["HX-Redirect"] for answer in answers]
        assert all("/login/" in address for address in onward)
    left.meeting.refresh_from_db()
    assert left.meeting.status == "prepare"

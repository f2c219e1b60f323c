"""Signing in and out, and passwords: each leaves one event at every school where somebody works, without what they
typed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from school import clock
from school.actions import add_member
from school.models import AuditEvent, Membership, School, User
from school.roles import Role
from tests.buddies.watch import recorded
from tests.cast import ClientOf

from .test_accounts import EMAIL, PASSWORD, sign_in, signed_in

NEW = "een heel ander wachtwoord"
WRONG = "verkeerd wachtwoord"
Told = list[tuple[str, int | None, int | None, int | None]]


@pytest.fixture
def user(teacher: Membership, other_school: School) -> User:
    """Tom, with a password, who works at De Eik as well."""
    teacher.user.set_password(PASSWORD)
    teacher.user.save()
    add_member(school=other_school, user=teacher.user, roles=[Role.TEACHER], by=None)
    return teacher.user


def told(events: list[AuditEvent]) -> Told:
    """What each event says: what, where, by whom, about whose account."""
    assert {event.target_type for event in events} <= {"", "user"}
    return [(event.action, event.school_id, event.actor_id, event.target_id) for event in events]


def at_both(action: str, user: User, by: User | None) -> Told:
    """One event for each school where `user` works."""
    schools = Membership.objects.filter(user=user).order_by("pk").values_list("school", flat=True)
    assert len(schools) == 2
    return [(action, school, by.pk if by else None, user.pk) for school in schools]


def test_signing_in_and_out_leave_one_event_at_each_school(user: User, client: Client) -> None:
    with recorded() as log:
        sign_in(client, EMAIL)
    assert sorted(told(log.events)) == sorted(at_both("account.sign_in", user, user))
    with recorded() as log:
        client.post(reverse("account_logout"))
    assert sorted(told(log.events)) == sorted(at_both("account.sign_out", user, user))


@pytest.mark.parametrize("typed", [EMAIL, EMAIL.upper()])
def test_failed_sign_in_is_about_the_account_by_nobody_knows_whom(
    user: User, client: Client, typed: str
) -> None:
    with recorded() as log:
        assert sign_in(client, typed, WRONG) == ""
    assert sorted(told(log.events)) == sorted(at_both("account.sign_in_failed", user, None))


def test_failed_sign_in_of_nobody_says_nothing_about_what_was_typed(user: User, client: Client) -> None:
    with recorded() as log:
        sign_in(client, "niemand@de-wilgen.invalid", WRONG)
    assert told(log.events) == [("account.sign_in_failed", None, None, None)]


def test_failed_sign_in_is_written_down_for_nobody_just_the_same(teacher: Membership) -> None:
    """One event for an address without an account as well, so that time does not say whether there is one."""
    counts = []
    for email in (EMAIL, "niemand@de-wilgen.invalid"):
        with recorded() as log:
            sign_in(Client(), email, WRONG)
        counts.append(len(log.events))
    assert counts == [1, 1]


def test_who_left_leaves_no_event_where_they_worked(user: User, school: School, client: Client) -> None:
    yesterday = clock.today() - timedelta(days=1)
    Membership.objects.filter(user=user, school=school).update(ends_on=yesterday)
    with recorded() as log:
        sign_in(client, EMAIL)
    assert [event.school_id for event in log.events] == [
        Membership.objects.get(user=user, ends_on=None).school_id
    ]


def test_signing_out_of_a_browser_where_nobody_is_leaves_no_event(db: None, client: Client) -> None:
    with recorded() as log:
        client.post(reverse("account_logout"))
    assert log.actions == []


def test_changing_the_password_leaves_one_event_at_each_school(user: User, client: Client) -> None:
    sign_in(client, EMAIL)
    with recorded() as log:
        typed = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
        client.post(reverse("account_change_password"), typed)
    assert sorted(told(log.events)) == sorted(at_both("account.password_changed", user, user))
    with recorded() as log:
        client.post(reverse("account_change_password"), typed)
    assert log.actions == []


def test_resetting_the_password_leaves_one_event_at_each_school(user: User, client: Client) -> None:
    with recorded() as log:
        client.post(reverse("account_reset_password"), {"email": EMAIL})
    assert log.actions == []
    link = re.search(r"https?://testserver(/\S+)", str(mail.outbox[0].body))
    assert link
    form = client.get(link[1], follow=True).redirect_chain[-1][0]
    with recorded() as log:
        client.post(form, {"password1": NEW, "password2": NEW})
    assert sorted(told(log.events)) == sorted(at_both("account.password_reset", user, user))
    assert sign_in(Client(), EMAIL, NEW)


def test_administration_site_tells_the_schools_of_an_account(user: User, client_of: ClientOf) -> None:
    root = User.objects.create_superuser("root@demo.invalid")
    browser = Client()
    browser.force_login(root)
    with recorded() as log:
        browser.post(
            reverse("admin:school_user_change", args=[user.pk]),
            {"email": EMAIL, "name": "Tom", "is_staff": ""},
        )
    user.refresh_from_db()
    assert not user.is_active
    assert sorted(told(log.events)) == sorted(at_both("admin.change", user, root))


def test_nobody_is_signed_in_when_it_cannot_be_recorded(
    user: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**values: object) -> None:
        raise DatabaseError("the log is full")

    monkeypatch.setattr(AuditEvent.objects, "create", refuse)
    with pytest.raises(DatabaseError):
        sign_in(client, EMAIL)
    assert not signed_in(client)

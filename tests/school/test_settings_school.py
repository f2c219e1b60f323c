"""What the school decides for itself, and its holidays."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from school.actions import SchoolSettings, change_school
from school.actions.schools import HolidayDetails, change_holiday, remove_holiday
from school.errors import Changed
from school.models import AuditEvent, Holiday, Membership, School
from tests.cast import ClientOf


def address(name: str, *args: object) -> str:
    """The address of a page of De Wilgen."""
    return reverse(name, args=["de-wilgen", *args])


@pytest.fixture
def ineke(client_of: ClientOf, ib: Membership) -> Client:
    """Ineke's browser."""
    return client_of(ib)


@pytest.fixture
def autumn(school: School) -> Holiday:
    """The autumn holiday of De Wilgen."""
    return Holiday.objects.create(
        school=school, name="Herfst", first_day=date(2026, 10, 19), last_day=date(2026, 10, 23)
    )


def decided(**values: Any) -> dict[str, Any]:
    usual = {"address": "informal", "checkin_days": 30, "undiscussed_days": 7, "suggestion_days": 20}
    return usual | {"seen": "0"} | values


def holiday(**values: Any) -> dict[str, Any]:
    return {"name": "Kerst", "first_day": "2026-12-21", "last_day": "2027-01-01"} | values


def terms(school: School) -> tuple[bool, int, int, int, int]:
    school.refresh_from_db()
    return (
        school.formal_address,
        school.checkin_days,
        school.undiscussed_days,
        school.suggestion_days,
        school.revision,
    )


def test_pages_open_for_who_decides_about_the_school(
    client_of: ClientOf,
    ib: Membership,
    director: Membership,
    admin_member: Membership,
    teacher: Membership,
    other_ib: Membership,
    autumn: Holiday,
) -> None:
    pages = [address("school_settings"), address("add_holiday"), address("holiday", autumn.pk)]
    for page in pages:
        for somebody in (ib, director, admin_member):
            assert client_of(somebody).get(page).status_code == 200
        assert client_of(teacher).get(page).status_code == 403
        assert client_of(teacher).post(page).status_code == 403
        assert client_of(other_ib).get(page).status_code == 404
    theirs = reverse("remove_holiday", args=["de-eik", autumn.pk])
    assert client_of(other_ib).post(theirs).status_code == 404
    assert client_of(teacher).post(address("remove_holiday", autumn.pk)).status_code == 403
    assert Holiday.objects.filter(pk=autumn.pk).exists()


def test_school_decides(ineke: Client, school: School, ib: Membership) -> None:
    assert ineke.post(address("school_settings"), decided()).status_code == 302
    assert terms(school) == (False, 30, 7, 20, 1)
    assert AuditEvent.objects.filter(action="school.settings", actor_id=ib.user_id).count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address", "jij"),
        ("checkin_days", 6),
        ("checkin_days", 181),
        ("undiscussed_days", 0),
        ("undiscussed_days", 31),
        ("suggestion_days", 6),
        ("suggestion_days", 61),
        ("suggestion_days", "9" * 400),
        ("checkin_days", "veel"),
    ],
)
def test_term_outside_its_limits_is_refused(ineke: Client, school: School, field: str, value: object) -> None:
    page = ineke.post(address("school_settings"), decided(**{field: value}))
    assert field in page.context["form"].errors
    assert page.context["form"][field].value() == str(value)
    assert terms(school) == (True, 42, 14, 30, 0)


def test_log_is_not_shortened_here(ineke: Client, school: School) -> None:
    ineke.post(address("school_settings"), decided(audit_days=1, name="x", slug="x"))
    school.refresh_from_db()
    assert (school.audit_days, school.name, school.slug) == (548, "De Wilgen", "de-wilgen")


def test_who_was_overtaken_sees_both_versions(ineke: Client, school: School) -> None:
    School.objects.filter(pk=school.pk).update(checkin_days=60, revision=5)
    page = ineke.post(address("school_settings"), decided())
    assert [row.differs for row in page.context["rows"]] == [True] * 4
    assert terms(school) == (True, 60, 14, 30, 5)
    assert page.context["form"]["seen"].value() == "5"
    assert ineke.post(address("school_settings"), decided(seen="5")).status_code == 302
    assert terms(school) == (False, 30, 7, 20, 6)


def test_two_at_once_overwrite_nothing(school: School, ib: Membership) -> None:
    """Between reading and writing somebody else saves."""
    School.objects.filter(pk=school.pk).update(checkin_days=60, revision=1)
    with pytest.raises(Changed):
        change_school(school=school, settings=SchoolSettings(False, 30, 7, 20), by=ib)
    assert terms(school) == (True, 60, 14, 30, 1)


def test_holiday_is_added_once(ineke: Client, school: School) -> None:
    for _ in range(2):
        assert ineke.post(address("add_holiday"), holiday()).status_code == 302
    [kerst] = school.holiday_set.all()
    assert (kerst.name, kerst.last_day) == ("Kerst", date(2027, 1, 1))
    assert AuditEvent.objects.filter(action="holiday.add").count() == 1


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("name", holiday(name="")),
        ("name", holiday(name="x" * 61)),
        ("first_day", holiday(first_day="31 december")),
        ("first_day", holiday(first_day="0001-01-01")),
        ("last_day", holiday(last_day="2026-12-20")),
        ("last_day", holiday(last_day="2028-01-01")),
    ],
)
def test_holiday_that_cannot_be_is_refused(
    ineke: Client, autumn: Holiday, field: str, sent: dict[str, Any]
) -> None:
    for where in (address("add_holiday"), address("holiday", autumn.pk)):
        page = ineke.post(where, sent)
        assert field in page.context["form"].errors
        assert page.context["form"]["first_day"].value() == sent["first_day"]
    assert Holiday.objects.get().name == "Herfst"


def test_holiday_changes_and_goes(ineke: Client, autumn: Holiday) -> None:
    where = address("holiday", autumn.pk)
    sent = holiday(seen=ineke.get(where).context["form"].version)
    assert ineke.post(where, sent).status_code == 302
    autumn.refresh_from_db()
    assert (autumn.name, autumn.first_day) == ("Kerst", date(2026, 12, 21))
    page = ineke.post(where, sent | {"name": "Zomer"})
    assert [row.differs for row in page.context["rows"]] == [True, False, False]
    autumn.refresh_from_db()
    assert autumn.name == "Kerst"
    assert ineke.post(address("remove_holiday", autumn.pk)).status_code == 302
    assert not Holiday.objects.exists()


def test_holiday_of_another_school_is_not_there(ineke: Client, other_school: School) -> None:
    day = date(2026, 12, 21)
    theirs = Holiday.objects.create(school=other_school, name="Kerst", first_day=day, last_day=day)
    assert ineke.get(address("holiday", theirs.pk)).status_code == 404
    assert ineke.post(address("holiday", theirs.pk), holiday()).status_code == 404
    assert ineke.post(address("remove_holiday", theirs.pk)).status_code == 404
    assert Holiday.objects.filter(pk=theirs.pk).exists()


def test_holiday_that_was_removed_does_not_come_back(ib: Membership, autumn: Holiday) -> None:
    """A page from before the removal is sent after it."""
    remove_holiday(holiday=Holiday.objects.get(pk=autumn.pk), by=ib)
    with pytest.raises(Changed):
        change_holiday(
            holiday=autumn, details=HolidayDetails("Herfst", autumn.first_day, autumn.last_day), by=ib
        )
    assert not Holiday.objects.exists()

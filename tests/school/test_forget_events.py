"""The log erases itself when its term is over, and leaves how many went."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from school import audit, clock
from school.due import forget_events
from school.models import AuditEvent, Membership, School


def today_in_utc() -> date:
    """The day by which the database lets go."""
    return datetime.now(UTC).date()


def events(by: Membership, *days_kept: int) -> list[int]:
    """Events that are kept until so many days after today, by the calendar of the database."""
    made = []
    for days in days_kept:
        until = today_in_utc() + timedelta(days=days)
        made.append(
            AuditEvent.objects.create(
                school_id=by.school_id, action="overview.look", at=clock.now(), keep_until=until
            ).pk
        )
    return made


def left() -> set[int]:
    return set(AuditEvent.objects.values_list("pk", flat=True))


def test_events_go_on_the_day_after_their_last(ib: Membership) -> None:
    old, last_day, still = events(ib, -1, 0, 1)
    assert forget_events(clock.today()) == 1
    assert old not in left()
    assert {last_day, still} <= left()


def test_job_leaves_of_each_school_how_many_went_and_nothing_the_second_time(
    ib: Membership, other_ib: Membership
) -> None:
    events(ib, -1, -400)
    events(other_ib, -2)
    AuditEvent.objects.create(
        action="account.sign_in_failed", at=clock.now(), keep_until=today_in_utc() - timedelta(days=1)
    )
    assert forget_events(clock.today()) == 4
    said = AuditEvent.objects.filter(action="log.forget").values_list("school_id", "count", "actor_id")
    assert set(said) == {(ib.school_id, 2, None), (other_ib.school_id, 1, None), (None, 1, None)}
    assert forget_events(clock.today()) == 0
    assert AuditEvent.objects.filter(action="log.forget").count() == 3


@pytest.mark.parametrize("days", [1, 400])
def test_job_does_not_stumble_when_our_day_is_ahead_of_the_database(ib: Membership, days: int) -> None:
    """After midnight in Amsterdam it is still yesterday in UTC; and tests and the demo move the calendar further."""
    kept = events(ib, 0, 200)
    forget_events(clock.today() + timedelta(days=days))
    assert set(kept) <= left()


def test_job_waits_for_the_day_it_is_given(ib: Membership) -> None:
    (old,) = events(ib, -1)
    assert forget_events(today_in_utc() - timedelta(days=1)) == 0
    assert old in left()


def test_time_zone_of_a_session_opens_no_gap(ib: Membership) -> None:
    """Who says they are fourteen hours ahead (which SQLite does not know) deletes no day early."""
    (last_day,) = events(ib, 0)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL TIME ZONE 'Pacific/Kiritimati'")
        with pytest.raises(IntegrityError, match="cannot be deleted yet"), transaction.atomic():
            cursor.execute("DELETE FROM school_auditevent WHERE id = %s", [last_day])
    assert forget_events(clock.today() + timedelta(days=1)) == 0


def test_how_long_is_kept_is_said_when_it_happens(ib: Membership, school: School) -> None:
    """A shorter term holds for what comes after it."""
    audit.record("overview.look", by=ib)
    before = AuditEvent.objects.latest("pk").keep_until
    School.objects.filter(pk=school.pk).update(audit_days=1)
    assert forget_events(clock.today() + timedelta(days=30)) == 0
    assert AuditEvent.objects.latest("pk").keep_until == before

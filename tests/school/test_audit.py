"""The log: it holds numbers only, and nobody changes or deletes what it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.models import QuerySet

from buddies.actions import consents, matches, requests
from buddies.models import EndReason, Match
from buddies.workflow import MatchStatus
from school import audit, clock
from school.actions import ParentDetails, update_parent
from school.models import AuditEvent, Membership, Parent, School, User

from ..cast import AddBuddy, Proposed, Signalled


@pytest.fixture
def event(school: School, ib: Membership) -> AuditEvent:
    """What Ineke did last."""
    audit.record("request.look", school, by=ib)
    return AuditEvent.objects.latest("pk")


def execute(sql: str, *values: int) -> None:
    """Run `sql` as somebody with a database client would."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def emptied(event: AuditEvent) -> None:
    if connection.vendor == "sqlite":
        raise IntegrityError("audit events cannot be deleted yet: SQLite knows no TRUNCATE")
    execute("TRUNCATE school_auditevent")


def keep_until(event: AuditEvent, days_from_today: int) -> AuditEvent:
    """A copy of `event` that may go after a day so many days from today, by the calendar of the database."""
    event.pk = None
    event.keep_until = datetime.now(UTC).date() + timedelta(days=days_from_today)
    event.save()
    return event


def _save(event: AuditEvent) -> None:
    event.action = "nothing.happened"
    event.save()


def _bulk_update(event: AuditEvent) -> None:
    event.actor_id = None
    AuditEvent.objects.bulk_update([event], ["actor_id"])


def _upsert(event: AuditEvent) -> None:
    AuditEvent.objects.bulk_create(
        [event], update_conflicts=True, unique_fields=["id"], update_fields=["keep_until"]
    )


def _replace(event: AuditEvent) -> None:
    if connection.vendor == "postgresql":
        raise IntegrityError("PostgreSQL knows no REPLACE")
    execute(
        "REPLACE INTO school_auditevent (id, action, target_type, at, keep_until)"
        " VALUES (%s, 'x', '', '2020-01-01', '2020-01-01')",
        event.pk,
    )


CHANGES: list[Callable[[AuditEvent], object]] = [
    _save,
    _bulk_update,
    _upsert,
    _replace,
    lambda event: AuditEvent.objects.filter(pk=event.pk).update(action="nothing.happened"),
    lambda event: execute("UPDATE school_auditevent SET keep_until = '2020-01-01' WHERE id = %s", event.pk),
    lambda event: execute("UPDATE school_auditevent SET action = action"),
]
DELETES: list[Callable[[AuditEvent], object]] = [
    lambda event: event.delete(),
    lambda event: AuditEvent.objects.filter(pk=event.pk).delete(),
    lambda event: AuditEvent.objects.all()._raw_delete("default"),
    lambda event: execute("DELETE FROM school_auditevent WHERE id = %s", event.pk),
    lambda event: execute("DELETE FROM school_auditevent"),
    emptied,
]


@pytest.mark.parametrize("change", CHANGES)
def test_event_cannot_be_changed(event: AuditEvent, change: Callable[[AuditEvent], object]) -> None:
    before = list(AuditEvent.objects.order_by("pk").values())
    with pytest.raises(IntegrityError), transaction.atomic():
        change(event)
    assert list(AuditEvent.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("change", [CHANGES[0], CHANGES[4], CHANGES[6]])
def test_event_past_its_term_cannot_be_changed_either(
    event: AuditEvent, change: Callable[[AuditEvent], object]
) -> None:
    old = keep_until(event, -1)
    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        change(old)


@pytest.mark.parametrize("delete", DELETES)
@pytest.mark.parametrize("days", [0, 1, 548])
def test_event_cannot_be_deleted_before_its_term(
    event: AuditEvent, delete: Callable[[AuditEvent], object], days: int
) -> None:
    kept = keep_until(event, days)
    count = AuditEvent.objects.count()
    with pytest.raises(IntegrityError, match="cannot be deleted yet"), transaction.atomic():
        delete(kept)
    assert AuditEvent.objects.count() == count


@pytest.mark.parametrize("delete", [DELETES[0], DELETES[1], DELETES[3]])
def test_event_can_be_deleted_after_its_term(
    event: AuditEvent, delete: Callable[[AuditEvent], object]
) -> None:
    old = keep_until(event, -1)
    count = AuditEvent.objects.count()
    delete(old)
    assert AuditEvent.objects.count() == count - 1


def refuses_change() -> bool:
    """Whether the triggers are in place."""
    try:
        with transaction.atomic():
            execute("UPDATE school_auditevent SET action = action")
    except IntegrityError:
        return True
    return False


def test_triggers_come_back_after_a_migration(event: AuditEvent) -> None:
    audit.remove_triggers()
    assert not refuses_change()
    call_command("migrate", verbosity=0)
    assert refuses_change()


def test_triggers_can_be_installed_twice(event: AuditEvent) -> None:
    audit.install_triggers()
    audit.install_triggers()
    assert refuses_change()


@pytest.mark.usefixtures("transactional")
def test_triggers_come_back_after_the_table_is_rebuilt(event: AuditEvent) -> None:
    """SQLite makes a new table for a changed column, and forgets the triggers of the old one."""
    old = AuditEvent._meta.get_field("action")
    new: models.CharField[str, str] = models.CharField(max_length=61)
    new.set_attributes_from_name("action")
    new.model = AuditEvent
    assert isinstance(old, models.Field)
    with connection.schema_editor() as editor:
        editor.alter_field(AuditEvent, old, new)
    try:
        assert refuses_change() is (connection.vendor == "postgresql")
        call_command("migrate", verbosity=0)
        assert refuses_change()
    finally:
        with connection.schema_editor() as editor:
            editor.alter_field(AuditEvent, new, old)
        audit.install_triggers()


@pytest.mark.usefixtures("transactional")
def test_triggers_refuse_emptying_the_database_and_come_back_after_it(event: AuditEvent) -> None:
    """PostgreSQL empties tables with TRUNCATE, which no row trigger sees."""
    with pytest.raises(CommandError):
        call_command("flush", interactive=False, verbosity=0)
    assert AuditEvent.objects.exists()
    audit.remove_triggers()
    call_command("flush", interactive=False, verbosity=0)
    assert not AuditEvent.objects.exists()
    audit.record("school.open", by=None)
    assert refuses_change()


def test_record_says_who_what_and_when(school: School, ib: Membership, parents: dict[str, Parent]) -> None:
    moment = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    with clock.at(moment):
        audit.record("parent.update", parents["Fatma"], by=ib)
    event = AuditEvent.objects.latest("pk")
    assert (event.school_id, event.actor_id, event.action) == (school.pk, ib.user_id, "parent.update")
    assert (event.target_type, event.target_id, event.at) == ("parent", parents["Fatma"].pk, moment)
    assert event.keep_until == moment.date() + timedelta(days=548)


def test_record_keeps_events_as_long_as_the_school_says(school: School, ib: Membership) -> None:
    School.objects.filter(pk=school.pk).update(audit_days=10)
    ib.school.refresh_from_db()
    audit.record("parent.search", by=ib)
    event = AuditEvent.objects.latest("pk")
    assert event.keep_until == clock.now().date() + timedelta(days=10)
    assert (event.target_type, event.target_id) == ("", None)


def test_record_of_what_runs_by_itself_names_nobody(parents: dict[str, Parent]) -> None:
    audit.record("request.forget", parents["Fatma"], by=None)
    event = AuditEvent.objects.latest("pk")
    assert (event.actor_id, event.school_id) == (None, parents["Fatma"].school_id)


def test_record_of_a_user_outside_any_school(ib: Membership) -> None:
    audit.record("account.sign_in", by=ib.user)
    event = AuditEvent.objects.latest("pk")
    assert (event.actor_id, event.school_id) == (ib.user_id, None)


def test_record_is_undone_with_the_action_it_is_about(ib: Membership) -> None:
    count = AuditEvent.objects.count()
    with transaction.atomic():
        audit.record("parent.update", by=ib)
        transaction.set_rollback(True)
    assert AuditEvent.objects.count() == count


def test_event_outlives_what_it_is_about(school: School, ib: Membership, parents: dict[str, Parent]) -> None:
    audit.record("parent.update", parents["Peter"], by=ib)
    count = AuditEvent.objects.count()
    parents["Peter"].delete()
    assert AuditEvent.objects.count() == count


def test_log_holds_no_name_and_no_word_of_anybody(
    ib: Membership, teacher: Membership, add_buddy: AddBuddy, signalled: Signalled, proposed: Proposed
) -> None:
    """Everything an action of the product writes about people, from the signal to the end."""
    secret = "Xylofoon"
    request = signalled(first_name=secret, last_name=secret, note=secret, child_name=secret)
    buddy = add_buddy(first_name=secret, last_name=secret, words=secret, phone=secret)
    update_parent(parent=request.parent, details=ParentDetails(secret, secret, phone=secret), by=ib)
    match = proposed(request, buddy, status=MatchStatus.AGREED)
    matches.did_not_proceed(match=match, reason=EndReason.NO_CLICK, by=ib)
    proposed(request=None, buddy=None, status=MatchStatus.CONNECTED)
    requests.link_parent(request=signalled(first_name=secret), parent=request.parent, by=ib)
    assert request.search_consent is not None
    consents.withdraw(consent=request.search_consent, by=ib)
    events: QuerySet[AuditEvent] = AuditEvent.objects.all()
    assert events.count() > 20
    kinds = {field.get_internal_type() for field in AuditEvent._meta.concrete_fields}
    numbers = {"BigAutoField", "BigIntegerField", "BooleanField", "PositiveIntegerField"}
    assert kinds == numbers | {"CharField", "DateTimeField", "DateField"}
    models_known = {model._meta.model_name for model in (Match, School, Parent, User)}
    assert models_known & set(events.values_list("target_type", flat=True))
    for action, target in events.values_list("action", "target_type"):
        assert secret.lower() not in f"{action} {target}".lower()
        assert action.replace(".", "").replace("_", "").isalpha()

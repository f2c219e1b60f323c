"""Recording who did what. Every change of status and every look at a person's page leaves one event."""

from datetime import timedelta
from typing import Any

from django.db import connection, models

from . import clock
from .models import AuditEvent, Membership, School, User

TABLE = AuditEvent._meta.db_table

_SQLITE = {
    "audit_no_update": f"""
        CREATE TRIGGER audit_no_update BEFORE UPDATE ON {TABLE}
        BEGIN SELECT RAISE(ABORT, 'audit events cannot be changed'); END""",
    "audit_no_delete": f"""
        CREATE TRIGGER audit_no_delete BEFORE DELETE ON {TABLE} WHEN OLD.keep_until >= date('now')
        BEGIN SELECT RAISE(ABORT, 'audit events cannot be deleted yet'); END""",
    # INSERT OR REPLACE would delete a row without calling the trigger above.
    "audit_no_replace": f"""
        CREATE TRIGGER audit_no_replace BEFORE INSERT ON {TABLE}
        WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'audit events cannot be changed'); END""",  # noqa: S608  # the name of our own table
}
_POSTGRESQL = {
    "audit_no_update": f"""
        CREATE OR REPLACE FUNCTION audit_no_update() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'audit events cannot be changed' USING ERRCODE = '23001'; END $$;
        CREATE TRIGGER audit_no_update BEFORE UPDATE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION audit_no_update()""",
    "audit_no_delete": f"""
        CREATE OR REPLACE FUNCTION audit_no_delete() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'audit events cannot be deleted yet' USING ERRCODE = '23001'; END $$;
        CREATE TRIGGER audit_no_delete BEFORE DELETE ON {TABLE}
        FOR EACH ROW WHEN (OLD.keep_until >= CURRENT_DATE) EXECUTE FUNCTION audit_no_delete()""",
}


def record(
    action: str,
    target: models.Model | None = None,
    *,
    by: Membership | User | None,
    school: School | None = None,
) -> None:
    """Write one event: `by` did `action` with `target`. `by` is None for what runs by itself.

    `action` is a word of ours such as "match.propose", never something somebody typed.
    """
    membership = by if isinstance(by, Membership) else None
    user_id = membership.user_id if membership else by.pk if by else None
    if school is None:
        school = membership.school if membership else getattr(target, "school", None)
    now = clock.now()
    AuditEvent.objects.create(
        school_id=school.pk if school else None,
        actor_id=user_id,
        action=action,
        target_type=(target._meta.model_name or "") if target is not None else "",
        target_id=target.pk if target is not None else None,
        at=now,
        keep_until=now.date() + timedelta(days=school.audit_days if school else 548),
    )


def install_triggers(**kwargs: Any) -> None:
    """Put the triggers in place, again after every migration: SQLite drops them when it rebuilds the table."""
    remove_triggers()
    with connection.cursor() as cursor:
        for statement in (_SQLITE if connection.vendor == "sqlite" else _POSTGRESQL).values():
            cursor.execute(statement)


def remove_triggers() -> None:
    """Take the triggers away. Only a test that empties its whole database needs this."""
    with connection.cursor() as cursor:
        for name in _SQLITE:
            cursor.execute(
                f"DROP TRIGGER IF EXISTS {name}" + ("" if connection.vendor == "sqlite" else f" ON {TABLE}")
            )

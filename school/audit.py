"""Recording who did what. Every change of status and every look at a person's page leaves one event."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

from django.db import connection, models
from django.db.models import Q

from . import clock, log
from .models import AuditEvent, Membership, School, User

TABLE = AuditEvent._meta.db_table
# How long an event is kept that belongs to no school.
WITHOUT_SCHOOL = 548

# The day is that of UTC on both databases, whatever time zone a session says it is in.
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
        FOR EACH ROW WHEN (OLD.keep_until >= (now() AT TIME ZONE 'UTC')::date)
        EXECUTE FUNCTION audit_no_delete()""",
    # TRUNCATE empties a table without calling the trigger above.
    "audit_no_truncate": f"""
        CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {TABLE}
        FOR EACH STATEMENT EXECUTE FUNCTION audit_no_delete()""",
}

_by_link: ContextVar[bool] = ContextVar("by_link", default=False)


@contextmanager
def by_link() -> Iterator[None]:
    """What happens inside the block, somebody with a personal link did: no event of it names a colleague."""
    token = _by_link.set(True)
    try:
        yield
    finally:
        _by_link.reset(token)


def record(
    action: str,
    target: models.Model | None = None,
    *,
    by: Membership | User | None,
    school: School | None = None,
    count: int | None = None,
) -> None:
    """Write one event: `by` did `action` with `target`. `by` is None for what runs by itself, which may say how many
    rows it concerned.

    `action` is a word of `school.log` such as "match.propose", never something somebody typed. Raises ValueError for
    a word that is not in it.
    """
    if action not in log.actions():
        raise ValueError(f"{action!r} is no word of the log")
    membership = by if isinstance(by, Membership) else None
    user_id = membership.user_id if membership else by.pk if by else None
    if school is None:
        school = membership.school if membership else getattr(target, "school", None)
    now, through_link = clock.now(), _by_link.get()
    AuditEvent.objects.create(
        school_id=school.pk if school else None,
        actor_id=None if through_link else user_id,
        by_link=through_link,
        action=action,
        target_type=(target._meta.model_name or "") if target is not None else "",
        target_id=target.pk if target is not None else None,
        count=count,
        at=now,
        keep_until=now.date() + timedelta(days=school.audit_days if school else WITHOUT_SCHOOL),
    )


def record_account(action: str, user: User | None, *, by: User | None) -> None:
    """Something happened to the account of `user`: one event for each school where they work, so that its director
    sees it; one without a school when there is none, or nobody has such an account."""
    staying = Q(ends_on=None) | Q(ends_on__gte=clock.today())
    memberships = Membership.objects.filter(staying, user=user) if user else Membership.objects.none()
    schools = [membership.school for membership in memberships.select_related("school")]
    for school in schools or (None,):
        record(action, user, by=by, school=school)


def install_triggers(**kwargs: Any) -> None:
    """Put the triggers in place, again after every migration: SQLite drops them when it rebuilds the table."""
    remove_triggers()
    with connection.cursor() as cursor:
        for statement in _triggers().values():
            cursor.execute(statement)


def remove_triggers() -> None:
    """Take the triggers away. Only a test that empties its whole database needs this."""
    table = "" if connection.vendor == "sqlite" else f" ON {TABLE}"
    with connection.cursor() as cursor:
        for name in _triggers():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{table}")


def _triggers() -> dict[str, str]:
    return _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL

"""The table of who may do what, written out once more, as the school agreed to it."""

import pytest

from school.roles import PERMISSIONS, Permission, Role, permissions

COLUMNS = (Role.TEACHER, Role.INTERN_BEGELEIDER, Role.DIRECTOR, Role.BOUWCOORDINATOR, Role.ADMINISTRATOR)
TABLE = """
                      teacher  IB'er  director  bouwcoordinator  administrator
SIGNAL                x        x      x         x                .
OWN_THEMES            x        x      x         x                .
ALL_THEMES            .        x      .         .                .
MEETINGS              x        x      x         x                .
SHARED_MEETINGS       .        x      .         .                .
REPORT                .        x      x         .                .
MANAGE_STAFF          .        .      x         .                x
GIVE_ROLES            .        .      x         .                .
SCHOOL_SETTINGS       .        x      x         .                x
THEME_SETTINGS        .        x      x         .                .
DATA_REQUESTS         .        x      x         .                .
AUDIT                 .        .      x         .                .
AUDIT_ADMINISTRATION  .        .      .         .                x
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()[1:]]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_permission_is_held_by_the_roles_of_the_table(row: list[str]) -> None:
    name, *marks = row
    holders = {role for role, mark in zip(COLUMNS, marks, strict=True) if mark == "x"}
    assert {role for role in Role if Permission[name] in PERMISSIONS[role]} == holders


def test_table_names_every_permission_and_every_role() -> None:
    assert {row[0] for row in ROWS} == {permission.name for permission in Permission}
    assert set(COLUMNS) == set(Role) == set(PERMISSIONS)


def test_who_has_several_roles_may_do_what_any_of_them_may() -> None:
    both = permissions([Role.TEACHER, Role.ADMINISTRATOR])
    assert both == PERMISSIONS[Role.TEACHER] | PERMISSIONS[Role.ADMINISTRATOR]


def test_who_has_no_role_may_do_nothing() -> None:
    assert permissions([]) == frozenset()


def test_administrator_reaches_no_theme() -> None:
    assert not permissions([Role.ADMINISTRATOR]) & {
        Permission.SIGNAL,
        Permission.OWN_THEMES,
        Permission.ALL_THEMES,
    }

"""Who may do what: one table from role to permissions. Code asks for permissions, never for roles.

`OWN_THEMES` means the themes a member coordinates (R6); which those are stands in
`buddies.models.ThemeCoordinator`. This module is pure.
"""

from collections.abc import Iterable
from enum import Enum, StrEnum, auto


class Role(StrEnum):
    """The part somebody plays in a school. The Dutch word stays where English has none."""

    TEACHER = "teacher"
    INTERN_BEGELEIDER = "intern_begeleider"
    DIRECTOR = "director"
    BOUWCOORDINATOR = "bouwcoordinator"
    ADMINISTRATOR = "administrator"


class Permission(Enum):
    """Something a member may do in a school."""

    SIGNAL = auto()
    """See whether someone is available for a theme, signal, nominate, follow own signals (R8, R9)."""
    OWN_THEMES = auto()
    """Search parents, see requests, buddies and matches, propose and record: for the themes one coordinates."""
    ALL_THEMES = auto()
    """The same for every theme that the school does not hide from the intern begeleider (R7)."""
    MEETINGS = auto()
    """Prepare meetings of the groups one teaches, and one's own."""
    SHARED_MEETINGS = auto()
    """Look into meetings that a teacher shares with the intern begeleider, too."""
    REPORT = auto()
    """Counts without names."""
    MANAGE_STAFF = auto()
    """Staff accounts, groups, imports."""
    GIVE_ROLES = auto()
    """Give roles and coordinatorships, never to oneself."""
    SCHOOL_SETTINGS = auto()
    """Terms, holidays, and how parents are addressed."""
    THEME_SETTINGS = auto()
    """Which themes the school works with."""
    DATA_REQUESTS = auto()
    """Export or erase everything about one person, at that person's request."""
    AUDIT = auto()
    """All audit events of the school."""
    AUDIT_ADMINISTRATION = auto()
    """Audit events about sign-ins, roles, settings and imports only."""


_STAFF = frozenset({Permission.SIGNAL, Permission.OWN_THEMES, Permission.MEETINGS})

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.TEACHER: _STAFF,
    Role.BOUWCOORDINATOR: _STAFF,
    Role.INTERN_BEGELEIDER: _STAFF
    | {
        Permission.ALL_THEMES,
        Permission.SHARED_MEETINGS,
        Permission.REPORT,
        Permission.SCHOOL_SETTINGS,
        Permission.THEME_SETTINGS,
        Permission.DATA_REQUESTS,
    },
    Role.DIRECTOR: _STAFF
    | {
        Permission.REPORT,
        Permission.MANAGE_STAFF,
        Permission.GIVE_ROLES,
        Permission.SCHOOL_SETTINGS,
        Permission.THEME_SETTINGS,
        Permission.DATA_REQUESTS,
        Permission.AUDIT,
    },
    Role.ADMINISTRATOR: frozenset(
        {Permission.MANAGE_STAFF, Permission.SCHOOL_SETTINGS, Permission.AUDIT_ADMINISTRATION}
    ),
}


def permissions(roles: Iterable[Role]) -> frozenset[Permission]:
    """Everything that at least one of `roles` may do."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))

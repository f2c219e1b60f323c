"""Schools, the people who work there, and the families they know."""

from .audit import AuditEvent
from .base import SchoolOwned, Submission
from .people import Child, Group, GroupTeacher, Guardianship, Parent, ParentKind
from .schools import Holiday, Membership, RoleGrant, School, User
from .security import Attempts, Session
from .succession import Succession

__all__ = [
    "Attempts",
    "AuditEvent",
    "Child",
    "Group",
    "GroupTeacher",
    "Guardianship",
    "Holiday",
    "Membership",
    "Parent",
    "ParentKind",
    "RoleGrant",
    "School",
    "SchoolOwned",
    "Session",
    "Submission",
    "Succession",
    "User",
]

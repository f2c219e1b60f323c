"""How people are called on the pages: a parent may have no name, and a child may be only a first name."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from school.models import Parent, ParentKind

from .models import SupportRequest

_OF_CHILD: dict[str, str | Promise] = {
    ParentKind.MOTHER: gettext_lazy("mother of %(child)s"),
    ParentKind.FATHER: gettext_lazy("father of %(child)s"),
    ParentKind.CARER: gettext_lazy("carer of %(child)s"),
    ParentKind.UNKNOWN: gettext_lazy("parent of %(child)s"),
}
_OF_GROUP: dict[str, str | Promise] = {
    ParentKind.MOTHER: gettext_lazy("mother from group %(group)s"),
    ParentKind.FATHER: gettext_lazy("father from group %(group)s"),
    ParentKind.CARER: gettext_lazy("carer from group %(group)s"),
    ParentKind.UNKNOWN: gettext_lazy("parent from group %(group)s"),
}


def parent_title(parent: Parent, child_first_name: str = "", group: str = "") -> str:
    """The parent's name; without one "mother of Sem", or "mother from group 4" when no child is known either."""
    if parent.first_name or parent.last_name:
        return str(parent)
    if child_first_name:
        return str(_OF_CHILD[parent.kind]) % {"child": child_first_name}
    if group:
        return str(_OF_GROUP[parent.kind]) % {"group": group}
    return str(parent)


def typed_title(parent: Parent, child_first_name: str = "", group: str = "") -> str:
    """Whom a colleague wrote down: "Amina Tesfay (Sem)", or "mother of Sem" without a name."""
    title = parent_title(parent, child_first_name, group)
    named = parent.first_name or parent.last_name
    return f"{title} ({child_first_name})" if named and child_first_name else title


def child_first_name(request: SupportRequest) -> str:
    """The first name of the child that `request` is about, from the class list or as typed; or ""."""
    return request.child.first_name if request.child else request.child_name


def group_name(request: SupportRequest) -> str:
    """The group that the child of `request` is in, or ""."""
    group = request.child.group if request.child else request.group
    return group.name if group else ""


def request_title(request: SupportRequest) -> str:
    """Whom `request` is about. Reads the parent and the child, and only without both names the group."""
    name = child_first_name(request)
    return parent_title(request.parent, name, "" if name else group_name(request))


def child_title(request: SupportRequest) -> str:
    """The child and its group, as far as known: "Sem, group 4", "Sem", "group 4" or ""."""
    group = group_name(request)
    group_words = _("group %(group)s") % {"group": group} if group else ""
    return ", ".join(part for part in (child_first_name(request), group_words) if part)

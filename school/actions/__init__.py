"""What this app writes: one function per write, by subject."""

from .groups import GroupDetails, add_group, change_group, remove_group
from .leaving import Stay, change_days, show_what_was_before, stay_of
from .people import ClassListRow, ParentDetails, create_parent, load_class_list, update_parent
from .roles import change_roles
from .schools import (
    HolidayDetails,
    SchoolSettings,
    add_holiday,
    change_holiday,
    change_school,
    remove_holiday,
)
from .staff import (
    Days,
    add_colleague,
    add_member,
    change_groups,
    link_child,
    unlink_child,
)

__all__ = [
    "ClassListRow",
    "Days",
    "GroupDetails",
    "HolidayDetails",
    "ParentDetails",
    "SchoolSettings",
    "Stay",
    "add_colleague",
    "add_group",
    "add_holiday",
    "add_member",
    "change_days",
    "change_group",
    "change_groups",
    "change_holiday",
    "change_roles",
    "change_school",
    "create_parent",
    "link_child",
    "load_class_list",
    "remove_group",
    "remove_holiday",
    "show_what_was_before",
    "stay_of",
    "unlink_child",
    "update_parent",
]

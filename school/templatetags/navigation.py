"""The main navigation: what this member may open, and where they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

register = template.Library()

# Any of these opens Instellingen.
SETTINGS = ("school_settings", "theme_settings", "manage_staff", "give_roles")
# On a phone four words fit in the bar, at a desk seven; the rest folds behind "More".
BAR, WIDE = 4, 7

# What the entries are called, where they lead, and their icon.
ENTRIES: dict[str, tuple[Any, str, str]] = {
    "today": (_("Today"), "today", "house"),
    "signal": (_("Signal"), "buddies:signal", "chat-left-text"),
    "own_signals": (_("My signals"), "buddies:own_signals", "list-check"),
    "requests": (_("Signals"), "buddies:requests", "envelope"),
    "buddies": (_("Buddies"), "buddies:buddies", "people"),
    "matches": (_("Matches"), "buddies:matches", "link-45deg"),
    "newcomers": (_("Kindergartners"), "buddies:newcomers", "backpack"),
    "meetings": (_("Meetings"), "meetings:meetings", "calendar-event"),
    "overview": (_("Overview"), "buddies:overview", "bar-chart"),
    "settings": (_("Settings"), "settings", "gear"),
}
# Most used first: by who mostly arranges, who leads the school, and who mostly teaches.
ARRANGING = [
    "today",
    "requests",
    "buddies",
    "matches",
    "meetings",
    "newcomers",
    "signal",
    "own_signals",
    "overview",
    "settings",
]
LEADING = [
    "today",
    "newcomers",
    "overview",
    "requests",
    "buddies",
    "matches",
    "meetings",
    "signal",
    "own_signals",
    "settings",
]
TEACHING = [
    "today",
    "signal",
    "own_signals",
    "meetings",
    "requests",
    "buddies",
    "matches",
    "newcomers",
    "overview",
    "settings",
]


@dataclass(frozen=True)
class Place:
    """One entry of the navigation."""

    label: Any
    url: str
    icon: str
    current: bool = False


def places(slug: str, may: dict[str, bool], coordinates: bool, welcomes: bool, path: str) -> list[Place]:
    """The entries for a member of the school `slug` who is looking at `path`, most used first.

    `may` are the member's permissions by name; `coordinates` says whether any theme is theirs, `welcomes` whether the
    new families are. The entry that `path` lies deepest under is the current one.
    """
    shown = {
        "today": True,
        "signal": may.get("signal"),
        "own_signals": may.get("signal"),
        "requests": coordinates,
        "buddies": coordinates,
        "matches": coordinates,
        "newcomers": welcomes,
        "meetings": may.get("meetings"),
        "overview": may.get("report"),
        "settings": any(may.get(permission) for permission in SETTINGS),
    }
    order = ARRANGING if may.get("all_themes") else LEADING if may.get("give_roles") else TEACHING
    found = []
    for key in order:
        if shown[key]:
            label, name, icon = ENTRIES[key]
            found.append((label, reverse(name, args=[slug]), icon))
    home = found[0][1]
    deepest = max(
        (url for _label, url, _icon in found if (path == url if url == home else path.startswith(url))),
        key=len,
        default="",
    )
    return [Place(label, url, icon, url == deepest) for label, url, icon in found]


@register.inclusion_tag("_navigation.html", takes_context=True)
def navigation(context: Context) -> dict[str, Any]:
    """The navigation of `school` for the present member; nothing on pages outside a school."""
    school, request = context.get("school"), context.get("request")
    if not school or not request:
        return {"bar": [], "wide": [], "rest": []}
    arranges = bool(context.get("coordinates")), bool(context.get("welcomes"))
    found = places(school.slug, context["may"], *arranges, request.path)
    # One entry that does not fit needs no fold of its own.
    bar = BAR if len(found) > BAR + 1 else len(found)
    wide = WIDE if len(found) > WIDE + 1 else len(found)
    return {"bar": found[:bar], "wide": found[bar:wide], "rest": found[wide:]}

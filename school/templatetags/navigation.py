"""The main navigation: what this member may open, and where they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

register = template.Library()

# On a phone four words fit in the bar; the rest folds behind "More".
BAR = 4


@dataclass(frozen=True)
class Place:
    """One entry of the navigation."""

    label: Any
    url: str
    icon: str
    current: bool = False


def places(slug: str, may: dict[str, bool], coordinates: bool, path: str) -> list[Place]:
    """The entries for a member of the school `slug` who is looking at `path`, most used first.

    `may` are the member's permissions by name; `coordinates` says whether any theme is theirs. Who has all themes
    mostly arranges; a teacher who has one mostly signals. The entry that `path` lies deepest under is the current
    one.
    """
    arranging = [
        (_("Signals"), "buddies:requests", "envelope"),
        (_("Buddies"), "buddies:buddies", "people"),
        (_("Matches"), "buddies:matches", "link-45deg"),
    ]
    signalling = [
        (_("Signal"), "buddies:signal", "chat-left-text"),
        (_("My signals"), "buddies:own_signals", "list-check"),
    ]
    parts = [(coordinates, arranging), (may.get("signal"), signalling)]
    if not may.get("all_themes"):
        parts.reverse()
    entries = [(_("Today"), "today", "house")]
    entries += [entry for shown, part in parts if shown for entry in part]
    if may.get("give_roles"):
        entries.append((_("Who arranges what"), "buddies:coordinators", "book"))
    found = [(label, reverse(name, args=[slug]), icon) for label, name, icon in entries]
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
        return {"bar": [], "rest": []}
    found = places(school.slug, context["may"], bool(context.get("coordinates")), request.path)
    # One entry that does not fit needs no fold of its own.
    cut = BAR if len(found) > BAR + 1 else len(found)
    return {"bar": found[:cut], "rest": found[cut:]}

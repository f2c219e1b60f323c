"""Who arranges which theme, and who could (R6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from school.models import Membership, School
from school.roles import Permission
from school.text import search_key

from ..models import Theme, ThemeCoordinator


@dataclass(frozen=True)
class Arrangement:
    """One theme in use, who was named for it, and whether `nobody` at work can arrange it."""

    theme: Theme
    coordinator: Membership | None
    deputy: Membership | None
    nobody: bool

    @property
    def by_default(self) -> bool:
        """Whether the intern begeleider arranges it because nobody else was named (R7)."""
        nobody_named = self.coordinator is None and self.deputy is None
        return nobody_named and not self.theme.hidden_from_intern_begeleider


def arrangements(school: School, on: date) -> list[Arrangement]:
    """The themes `school` works with, in its order, as they are arranged on `on`."""
    places = ThemeCoordinator.objects.select_related("membership__user")
    themes = Theme.objects.filter(school=school).in_use()
    nobody = set(Theme.objects.filter(school=school).without_coordinator(on))
    found = []
    for theme in themes.prefetch_related(Prefetch("themecoordinator_set", places)):
        named = {place.deputy: place.membership for place in theme.themecoordinator_set.all()}
        found.append(Arrangement(theme, named.get(False), named.get(True), theme in nobody))
    return found


def who_could(school: School, on: date, *, by: Membership) -> list[Membership]:
    """Members at work on `on` who may arrange a theme, by name; never `by`, who decides about it."""
    at_work = Membership.objects.active(on).filter(school=school).exclude(pk=by.pk)
    people = at_work.select_related("user").prefetch_related("rolegrant_set")
    return sorted(
        (member for member in people if member.may(Permission.OWN_THEMES)),
        key=lambda member: search_key(str(member)),
    )

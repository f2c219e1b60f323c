"""Who arranges which theme, and who could (R6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from school.models import Membership, School
from school.roles import Permission, Role
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


@dataclass(frozen=True)
class Duty:
    """A theme that one colleague arranges or stands in for, and who arranges it once they are gone: `then`, else the
    intern begeleider, else `nobody`."""

    theme: Theme
    deputy: bool
    then: Membership | None
    nobody: bool


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


def duties(membership: Membership, on: date) -> list[Duty]:
    """The themes in use for which `membership` was named."""
    at_work = Membership.objects.active(on).filter(school=membership.school_id).exclude(pk=membership.pk)
    present = set(at_work.values_list("pk", flat=True))
    falls_back = at_work.with_role(Role.INTERN_BEGELEIDER).exists()
    found = []
    for arrangement in arrangements(membership.school, on):
        named = [arrangement.coordinator, arrangement.deputy]
        if membership in named:
            then = next((member for member in named if member is not None and member.pk in present), None)
            by_default = falls_back and not arrangement.theme.hidden_from_intern_begeleider
            deputy = membership == arrangement.deputy
            found.append(Duty(arrangement.theme, deputy, then, then is None and not by_default))
    return found

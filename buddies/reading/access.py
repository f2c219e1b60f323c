"""For whom something older can be shared, and who was given access to themes of late."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from school.context import ROLE_LABELS
from school.models import Membership, RoleGrant
from school.reading.leaving import substitutes
from school.roles import PERMISSIONS, Permission, Role

from ..models import AccessSeen, SupportRequest, ThemeCoordinator, themes_waiting_on

# New access stays on Vandaag this long, unless somebody says that they have seen it.
NEWS = timedelta(days=14)
_SEE_ALL = [role for role in Role if Permission.ALL_THEMES in PERMISSIONS[role]]


def could_be_shared_with(request: SupportRequest, by: Membership, on: date) -> list[Membership]:
    """Substitutes who would see `request` but for their first day."""
    found = []
    for somebody in substitutes(by, on):
        always_here = copy(somebody)
        always_here.sees_from = None
        rows = SupportRequest.objects.filter(pk=request.pk)
        if rows.visible_to(always_here, on).exists() and not rows.visible_to(somebody, on).exists():
            found.append(somebody)
    return found


@dataclass(frozen=True)
class News:
    """Somebody was given access to themes: who, to what, by whom and when."""

    who: Membership
    what: str
    by: Membership | None
    at: datetime

    @property
    def since(self) -> date:
        """From which day it holds."""
        return max(localdate(self.at), self.who.starts_on or localdate(self.at))


def news(reader: Membership, on: date) -> list[News]:
    """Who was given a role or a theme place of late by which they see what is in the themes that `reader` arranges or
    stands in for, or to whom what is older was opened there, the last first; not what `reader` got or gave, nor what
    they have seen."""
    own = themes_waiting_on(reader, on)
    if not own:
        return []
    seen = AccessSeen.objects.filter(membership=reader).values_list("until", flat=True).first()
    fresh = _fresh("given_at", seen, on)
    not_own = ~Q(membership=reader) & (Q(given_by=None) | ~Q(given_by=reader))
    at_work = Membership.objects.active(on).filter(school=reader.school_id)
    places = (
        ThemeCoordinator.objects.filter(fresh & not_own, theme__in=own, membership__in=at_work)
        .select_related("membership__user", "given_by__user", "theme")
        .order_by("pk")
    )
    grants = RoleGrant.objects.filter(fresh & not_own, role__in=_SEE_ALL, membership__in=at_work)
    by_role = Q(Exists(RoleGrant.objects.filter(membership=OuterRef("pk"), role__in=_SEE_ALL)))
    if all(theme.hidden_from_intern_begeleider for theme in own):
        grants, by_role = grants.none(), Q(pk__in=[])
    by_place = ThemeCoordinator.objects.filter(membership=OuterRef("pk"), theme__in=own, handed_over=False)
    opened = (
        at_work.who_may(Permission.OWN_THEMES)
        .filter(Q(Exists(by_place)) | by_role, _fresh("earlier_shown_at", seen, on))
        .exclude(pk=reader.pk)
        .exclude(earlier_shown_by=reader)
    )
    found = [_of_place(place) for place in places]
    found += [_of_grant(grant) for grant in grants.select_related("membership__user", "given_by__user")]
    found += [_of_older(member) for member in opened.select_related("user", "earlier_shown_by__user")]
    return sorted(found, key=lambda each: each.at, reverse=True)


def _fresh(moment: str, seen: datetime | None, on: date) -> Q:
    """What was given at `moment`, a column, of late and after `seen`."""
    fresh = Q(**{f"{moment}__date__gt": on - NEWS})
    return fresh & Q(**{f"{moment}__gt": seen}) if seen is not None else fresh


def _of_place(place: ThemeCoordinator) -> News:
    words = _("Stands in for %(theme)s.") if place.deputy else _("Arranges %(theme)s.")
    assert place.given_at is not None
    return News(place.membership, words % {"theme": place.theme}, place.given_by, place.given_at)


def _of_older(member: Membership) -> News:
    assert member.earlier_shown_at is not None
    words = _("Sees what is older than their first day too, in your themes.")
    return News(member, words, member.earlier_shown_by, member.earlier_shown_at)


def _of_grant(grant: RoleGrant) -> News:
    words = _("Is %(role)s, and so sees your themes.") % {"role": ROLE_LABELS[Role(grant.role)]}
    assert grant.given_at is not None
    return News(grant.membership, words, grant.given_by, grant.given_at)

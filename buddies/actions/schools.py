"""Opening a school, and agreeing on its themes: which there are, and who arranges them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from school import audit, clock
from school.actions.team import hold_the_team
from school.errors import Changed, MayNotGiveRoles, Yourself
from school.models import Membership, School, User
from school.roles import Permission

from ..models import BuiltIn, Organisation, Theme, ThemeCoordinator
from .errors import Refused

# Sensitive within one class: worries one may not want to share at the classroom door.
_SENSITIVE = {BuiltIn.BUSY, BuiltIn.READING, BuiltIn.DIVORCE, BuiltIn.CULTURE}


class ThemeNameTaken(Refused):
    """Two themes of one school have different names."""

    message = _("There is a theme of this name already. It may be hidden.")


class NobodyElse(Refused):
    """The theme would be closed to everybody."""

    message = _("Nobody was named for this theme. First choose who arranges it.")


class OpensForYourself(Refused):
    """Nobody gives themselves access to a theme."""

    message = _("This would open the theme for yourself. Another director does that.")


@dataclass(frozen=True)
class ThemeDetails:
    """What a school decides about a theme. `name` counts for the school's own themes only."""

    name: str
    hidden: bool
    sensitive: bool


@transaction.atomic
def open_school(*, name: str, slug: str, brin: str, vestiging: str = "00", by: User | None = None) -> School:
    """A new school with the six built-in themes (R16) and Home-Start to refer to (R18).

    Raises ValidationError when the slug is taken or reserved, or the BRIN is none.
    """
    school = School(name=name, slug=slug, brin=brin, vestiging=vestiging)
    school.full_clean()
    school.save()
    Theme.objects.bulk_create(
        Theme(school=school, code=code, position=position, sensitive=code in _SENSITIVE)
        for position, code in enumerate(code for code in BuiltIn if code)
    )
    Organisation.objects.create(
        school=school,
        name="Home-Start",
        about="Vrijwilligers met opvoedervaring komen thuis bij gezinnen met jonge kinderen (Humanitas).",
        website="https://www.home-start.nl",
    )
    audit.record("school.open", school, by=by, school=school)
    return school


@transaction.atomic
def set_coordinator(
    *, theme: Theme, membership: Membership, by: Membership | User | None, deputy: bool = False
) -> None:
    """From now on `membership` arranges `theme`, or stands in (R6). Who held that place gives it up; who had the other
    place keeps what came with it.

    Raises MayNotGiveRoles, and Yourself: it opens the theme. `by` is no member only where a school is opened.
    """
    giver = by if isinstance(by, Membership) else None
    if giver is not None:
        if not giver.may(Permission.GIVE_ROLES):
            raise MayNotGiveRoles
        if membership == giver:
            raise Yourself
    _hold(theme)
    own = ThemeCoordinator.objects.filter(theme=theme, membership=membership).first()
    ThemeCoordinator.objects.filter(Q(membership=membership) | Q(deputy=deputy), theme=theme).delete()
    ThemeCoordinator.objects.create(
        school_id=theme.school_id,
        theme=theme,
        membership=membership,
        deputy=deputy,
        handed_over=own is not None and own.handed_over,
        given_at=own.given_at if own else clock.now() if by else None,
        given_by=own.given_by if own else giver,
    )
    audit.record("theme.coordinator", theme, by=by, school=membership.school)


@transaction.atomic
def name_coordinators(
    *, theme: Theme, places: Sequence[tuple[Membership | None, bool]], was: Named, by: Membership
) -> None:
    """Each of `places` (who, and whether as deputy) goes to that member from now on, or to nobody. Raises Changed when
    it is not as it `was` any more, NobodyElse, NotHereAnyMore."""
    hold_the_team(by)
    if named(theme) != was:
        raise Changed
    for membership, deputy in places:
        if membership is None:
            clear_coordinator(theme=theme, deputy=deputy, by=by)
        else:
            set_coordinator(theme=theme, membership=membership, deputy=deputy, by=by)


# By whether as deputy: the membership's number.
Named = Mapping[bool, int]


def named(theme: Theme) -> Named:
    """Who holds the two places of `theme`."""
    return dict(ThemeCoordinator.objects.filter(theme=theme).values_list("deputy", "membership"))


@transaction.atomic
def clear_coordinator(*, theme: Theme, by: Membership, deputy: bool = False) -> None:
    """Nobody is named for this place any more; where nobody is left, the intern begeleider arranges it (R7). Raises
    NobodyElse when the theme is hidden from them and nobody else was named."""
    _hold(theme)
    places = ThemeCoordinator.objects.filter(theme=theme)
    if theme.hidden_from_intern_begeleider and not places.exclude(deputy=deputy).exists():
        raise NobodyElse
    if places.filter(deputy=deputy).delete()[0]:
        audit.record("theme.coordinator", theme, by=by)


@transaction.atomic
def add_theme(*, name: str, sensitive: bool, by: Membership) -> Theme:
    """A theme of the school's own, after the others. Raises ThemeNameTaken."""
    _hold_names(by.school_id)
    themes = Theme.objects.filter(school=by.school_id)
    _check_name(by.school_id, name)
    last = themes.aggregate(last=Max("position"))["last"] or 0
    theme = Theme.objects.create(school=by.school, name=name, sensitive=sensitive, position=last + 1)
    audit.record("theme.add", theme, by=by)
    return theme


@transaction.atomic
def change_theme(*, theme: Theme, details: ThemeDetails, by: Membership) -> None:
    """What is told about `theme`, and whether it can be chosen; what runs goes on. Raises ThemeNameTaken."""
    _hold_names(theme.school_id)
    _hold(theme)
    if not theme.code:
        _check_name(theme.school_id, details.name, besides=theme)
        theme.name = details.name
    turned = theme.hidden != details.hidden
    theme.hidden, theme.sensitive = details.hidden, details.sensitive
    theme.save(update_fields=["name", "hidden", "sensitive"])
    if turned:
        audit.record("theme.hide" if details.hidden else "theme.show", theme, by=by)
    else:
        audit.record("theme.change", theme, by=by)


@transaction.atomic
def hide_from_intern_begeleider(*, theme: Theme, hidden: bool, by: Membership) -> None:
    """Whether an intern begeleider who was not named for `theme` sees the parents in it (R7). Said twice, nothing
    more happens. Raises NobodyElse, and OpensForYourself."""
    _hold(theme)
    if theme.hidden_from_intern_begeleider == hidden:
        return
    if hidden and theme.arranged_by(clock.today()) is None:
        raise NobodyElse
    if not hidden and by.may(Permission.ALL_THEMES):
        raise OpensForYourself
    theme.hidden_from_intern_begeleider = hidden
    theme.save(update_fields=["hidden_from_intern_begeleider"])
    audit.record("theme.close" if hidden else "theme.open", theme, by=by)


def _hold(theme: Theme) -> None:
    """Hold `theme` until the transaction ends, and read it afresh: closing it and taking away who arranges it would
    otherwise both find it all right, and close it to everybody."""
    theme.refresh_from_db(from_queryset=Theme.objects.select_for_update(no_key=True))


def _hold_names(school: int) -> None:
    """Hold the school until the transaction ends, so that two themes do not get one name at the same time."""
    School.objects.select_for_update(no_key=True).get(pk=school)


def _check_name(school: int, name: str, besides: Theme | None = None) -> None:
    """Raises ThemeNameTaken; capitals make no other name."""
    others = {theme for theme in Theme.objects.filter(school=school) if theme != besides}
    if name.casefold() in {str(theme).casefold() for theme in others}:
        raise ThemeNameTaken

"""What parents help each other with, and which colleague arranges it."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from school.asked_once import asked_once
from school.constraints import one_of, same_school
from school.models import Membership, SchoolOwned
from school.models.base import annotated
from school.models.schools import MembershipQuerySet
from school.roles import Permission, Role


class BuiltIn(models.TextChoices):
    """The themes every school starts with: worries and experiences, not diagnoses (R16)."""

    BUSY = "busy", _("busy behaviour, ADHD")
    READING = "reading", _("reading, dyslexia")
    DIVORCE = "divorce", _("divorce")
    LANGUAGE = "language", _("language")
    NEWCOMER = "newcomer", _("new kindergartner")
    CULTURE = "culture", _("culture, referral")
    OWN = "", _("the school's own theme")


class Hands(models.TextChoices):
    """Who arranges a theme: somebody who sees all there is in it, only substitutes, who do not see what is older than
    their first day, or nobody."""

    ALL = "all"
    SUBSTITUTES = "substitutes"
    NOBODY = "nobody"


def arranging(on: date) -> MembershipQuerySet:
    """Members at work on `on` whose roles allow them to arrange the themes for which they are named."""
    return Membership.objects.active(on).who_may(Permission.OWN_THEMES)


class ThemeQuerySet(models.QuerySet["Theme"]):
    """Themes of one school."""

    def in_use(self) -> ThemeQuerySet:
        """Themes the school works with, in the school's order."""
        return self.filter(hidden=False).order_by("position", "pk")

    def owned_by(self, membership: Membership) -> ThemeQuerySet:
        """Themes whose people this member may see: those they coordinate, or all that are not hidden from the
        intern begeleider (R6, R7)."""
        own = Q(themecoordinator__membership=membership)
        if not membership.may(Permission.OWN_THEMES):
            return self.none()
        if membership.may(Permission.ALL_THEMES):
            own |= Q(hidden_from_intern_begeleider=False)
        return self.filter(own, school_id=membership.school_id).distinct()

    def taken_over_by(self, membership: Membership) -> ThemeQuerySet:
        """Themes that this member took over from a colleague who left, and so with all there was in them."""
        return self.filter(themecoordinator__membership=membership, themecoordinator__handed_over=True)

    def with_hands(self, on: date) -> ThemeQuerySet:
        """Each with `hands` (see `Hands`): what those who arrange it on `on` see together."""
        named = ThemeCoordinator.objects.filter(theme=OuterRef("pk"), membership__in=arranging(on))
        by_default = Membership.objects.active(on).with_role(Role.INTERN_BEGELEIDER)
        by_default = by_default.filter(school=OuterRef("school"))
        return annotated(
            self,
            hands=Case(
                When(
                    Exists(named.filter(Q(membership__sees_from=None) | Q(handed_over=True))),
                    then=Value(Hands.ALL),
                ),
                When(Exists(named), then=Value(Hands.SUBSTITUTES)),
                When(hidden_from_intern_begeleider=True, then=Value(Hands.NOBODY)),
                When(Exists(by_default.filter(sees_from=None)), then=Value(Hands.ALL)),
                When(Exists(by_default), then=Value(Hands.SUBSTITUTES)),
                default=Value(Hands.NOBODY),
            ),
        )

    def without_coordinator(self, on: date) -> ThemeQuerySet:
        """Themes in use that nobody at work on `on` can arrange."""
        return self.in_use().with_hands(on).filter(Exact(F("hands"), Hands.NOBODY))

    def without_a_past(self, on: date) -> ThemeQuerySet:
        """Themes in use that only substitutes arrange on `on`."""
        return self.in_use().with_hands(on).filter(Exact(F("hands"), Hands.SUBSTITUTES))


class Theme(SchoolOwned):
    """One subject that parents have experience with."""

    code = models.CharField(_("built-in theme"), max_length=10, choices=BuiltIn.choices, blank=True)
    name = models.CharField(_("name"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    hidden = models.BooleanField(_("hidden"), default=False)
    hidden_from_intern_begeleider = models.BooleanField(_("hidden from the intern begeleider"), default=False)
    # For these it may be awkward to be helped by somebody one meets at the classroom door every morning.
    sensitive = models.BooleanField(_("sensitive within one class"), default=True)

    hands: str  # annotated by `with_hands`

    objects = ThemeQuerySet.as_manager()

    class Meta(SchoolOwned.Meta):
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        constraints = [
            *SchoolOwned.Meta.constraints,
            one_of("code", BuiltIn, "theme_code"),
            models.UniqueConstraint(
                fields=["school", "code"], condition=~Q(code=""), name="theme_built_in_once"
            ),
            models.CheckConstraint(condition=~Q(code="", name=""), name="theme_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name or str(BuiltIn(self.code).label)

    def arranged_by(self, on: date) -> Membership | None:
        """Who arranges this theme on `on`: its coordinator, else the deputy; None leaves it to the intern
        begeleider (R6, R7)."""
        named = arranging(on).filter(themecoordinator__theme=self)
        return named.select_related("user").order_by("themecoordinator__deputy").first()


class ThemeCoordinator(SchoolOwned):
    """The member who arranges a theme, or who stands in for them (R6)."""

    theme = models.ForeignKey(Theme, models.CASCADE)
    membership = models.ForeignKey(Membership, models.CASCADE)
    deputy = models.BooleanField(_("deputy"), default=False)
    # Taken over from a colleague who left: what was there before comes with it (see `there_for`).
    handed_over = models.BooleanField(default=False, editable=False)
    given_at = models.DateTimeField(null=True, editable=False)
    given_by = models.ForeignKey(Membership, models.SET_NULL, null=True, editable=False, related_name="+")

    class Meta(SchoolOwned.Meta):
        constraints = [
            *SchoolOwned.Meta.constraints,
            *same_school("themecoordinator", "theme", "membership", "given_by"),
            models.UniqueConstraint(fields=["theme", "deputy"], name="themecoordinator_one_and_a_deputy"),
            models.UniqueConstraint(fields=["theme", "membership"], name="themecoordinator_once"),
        ]

    def __str__(self) -> str:
        return f"{self.theme_id} – {self.membership_id}"


@asked_once
def own_themes(membership: Membership) -> tuple[Theme, ...]:
    """The themes whose people this member may see, in the school's order."""
    return tuple(Theme.objects.owned_by(membership).order_by("position", "pk"))


def themes_in_use(membership: Membership) -> list[Theme]:
    """The themes of this member that the school works with."""
    return [theme for theme in own_themes(membership) if not theme.hidden]


@asked_once
def themes_waiting_on(membership: Membership, on: date) -> tuple[Theme, ...]:
    """Of the themes this member may see, those whose work is theirs on `on`: named as coordinator or deputy, or as
    intern begeleider where nobody at work is named (R6, R7)."""
    own = own_themes(membership)
    places = ThemeCoordinator.objects.filter(theme__in=own)
    named: dict[int, set[int]] = {}
    for theme, somebody in places.filter(
        Q(membership=membership) | Q(membership__in=arranging(on))
    ).values_list("theme", "membership"):
        named.setdefault(theme, set()).add(somebody)
    return tuple(theme for theme in own if theme.pk not in named or membership.pk in named[theme.pk])

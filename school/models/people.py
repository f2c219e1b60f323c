"""Groups, children and the parents a school has something to do with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..constraints import one_of, same_school
from ..fields import EncryptedTextField, search_key_field, sort_key_field
from ..text import search_key
from .base import SchoolOwned

if TYPE_CHECKING:
    from .schools import Membership


def school_year(on: date) -> int:
    """The year in which the school year of `on` began; it turns on 1 August."""
    return on.year if on.month >= 8 else on.year - 1


class GroupQuerySet(models.QuerySet["Group"]):
    """The groups of a school."""

    def current(self, on: date) -> GroupQuerySet:
        """Groups of the school year that `on` falls in, youngest first."""
        return self.filter(school_year=school_year(on)).order_by("first_grade", "last_grade", "name")


class Group(SchoolOwned):
    """A group of one school year: "1/2A" holds grades 1 and 2."""

    name = models.CharField(_("name"), max_length=20)
    first_grade = models.PositiveSmallIntegerField(_("lowest grade"))
    last_grade = models.PositiveSmallIntegerField(_("highest grade"))
    school_year = models.PositiveSmallIntegerField(_("school year (first year)"))

    objects = GroupQuerySet.as_manager()

    class Meta(SchoolOwned.Meta):
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        constraints = [
            *SchoolOwned.Meta.constraints,
            models.UniqueConstraint(fields=["school", "school_year", "name"], name="group_name_once_a_year"),
            models.CheckConstraint(
                condition=Q(first_grade__gte=1, last_grade__gte=F("first_grade"), last_grade__lte=8),
                name="group_grades_1_to_8",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GroupTeacher(SchoolOwned):
    """A member who teaches a group; two may share one."""

    group = models.ForeignKey(Group, models.CASCADE)
    membership = models.ForeignKey("school.Membership", models.CASCADE)

    class Meta(SchoolOwned.Meta):
        constraints = [
            *SchoolOwned.Meta.constraints,
            *same_school("groupteacher", "group", "membership"),
            models.UniqueConstraint(fields=["group", "membership"], name="groupteacher_once"),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} – {self.group_id}"


class Child(SchoolOwned):
    """A pupil: first name, group and start date, nothing else."""

    first_name = models.CharField(_("first name"), max_length=60)
    group = models.ForeignKey(Group, models.SET_NULL, null=True, blank=True, verbose_name=_("group"))
    start_date = models.DateField(_("first day at school"), null=True, blank=True)
    search_key = search_key_field("first_name")
    sort_key = sort_key_field("first_name")

    class Meta(SchoolOwned.Meta):
        verbose_name = _("child")
        verbose_name_plural = _("children")
        constraints = [*SchoolOwned.Meta.constraints, *same_school("child", "group")]

    def __str__(self) -> str:
        return self.first_name


class ParentKind(models.TextChoices):
    """What a parent is to the child, if said."""

    MOTHER = "mother", _("mother")
    FATHER = "father", _("father")
    CARER = "carer", _("other carer")
    UNKNOWN = "", _("not said")


def full_name(first_name: str, last_name: str) -> str:
    """What a parent is called on a page."""
    return f"{first_name} {last_name}".strip() or gettext("parent without a name")


def spoken(languages: Iterable[str]) -> frozenset[str]:
    """The languages of who says that they speak `languages`; who says nothing speaks Dutch."""
    return frozenset(languages) or frozenset({"nl"})


class ParentQuerySet(models.QuerySet["Parent"]):
    """Parents of one school. Which of them a member may see is decided where the themes are: in buddies."""

    def not_a_party(self, membership: Membership) -> ParentQuerySet:
        """Without the member themselves and the other guardians of their children (invariant 5)."""
        return self.exclude(pk__in=membership.parties)

    def search(self, words: str) -> ParentQuerySet:
        """Parents in whose name every one of `words` occurs, whatever its case and accents; by name. Words of which
        nothing is left to search for find nobody."""
        wanted = search_key(words).split()
        found = self if wanted else self.none()
        for word in wanted:
            found = found.filter(search_key__contains=word)
        return found.order_by("sort_key", "pk")


class Parent(SchoolOwned):
    """A person, never a household (R15); here only because they are involved in something."""

    first_name = models.CharField(_("first name"), max_length=60, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    kind = models.CharField(
        _("mother, father or carer"), max_length=6, choices=ParentKind.choices, blank=True
    )
    email = EncryptedTextField(_("e-mail address"), blank=True)
    phone = EncryptedTextField(_("phone number"), blank=True)
    # Language codes as the parent says them; none said means Dutch.
    languages = models.JSONField(_("languages"), default=list, blank=True)
    search_key = search_key_field("first_name", "last_name")
    sort_key = sort_key_field("last_name", "first_name")
    children: models.ManyToManyField[Child, Guardianship] = models.ManyToManyField(
        Child, through="Guardianship", related_name="guardians"
    )
    created_at = models.DateTimeField(editable=False)

    objects = ParentQuerySet.as_manager()

    class Meta(SchoolOwned.Meta):
        verbose_name = _("parent")
        verbose_name_plural = _("parents")
        constraints = [*SchoolOwned.Meta.constraints, one_of("kind", ParentKind, "parent_kind")]

    def __str__(self) -> str:
        return full_name(self.first_name, self.last_name)

    def co_guardians(self) -> ParentQuerySet:
        """The other guardians of this parent's children."""
        return (
            Parent.objects.filter(guardianship__child__guardianship__parent=self)
            .exclude(pk=self.pk)
            .distinct()
        )

    @property
    def spoken(self) -> frozenset[str]:
        """The languages this parent speaks; who says nothing speaks Dutch."""
        return spoken(self.languages)


class Guardianship(SchoolOwned):
    """A parent of a child."""

    parent = models.ForeignKey(Parent, models.CASCADE)
    child = models.ForeignKey(Child, models.CASCADE)

    class Meta(SchoolOwned.Meta):
        constraints = [
            *SchoolOwned.Meta.constraints,
            *same_school("guardianship", "parent", "child"),
            models.UniqueConstraint(fields=["parent", "child"], name="guardianship_once"),
        ]

    def __str__(self) -> str:
        return f"{self.parent_id} – {self.child_id}"

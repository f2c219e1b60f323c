"""A school, who signs in, and what they are there."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import get_resolver
from django.utils.translation import gettext_lazy as _

from ..constraints import same_school
from ..roles import Permission, Role, permissions
from .base import Rows, SchoolOwned

if TYPE_CHECKING:
    from .people import Parent


def validate_slug(slug: str) -> None:
    """A school's slug is the first part of its addresses, so it may not be a word the site itself uses there.

    Raises ValidationError. The reserved words are read from the root URLconf and STATIC_URL, so that none is
    forgotten.
    """
    addresses = [str(entry.pattern) for entry in get_resolver().url_patterns]
    addresses.append(settings.STATIC_URL.lstrip("/"))
    if slug in {address.partition("/")[0] for address in addresses}:
        raise ValidationError(_("This word is used by the site itself. Choose another one."))


class School(models.Model):
    """One school and its settings. Persons are per school: nothing is matched across schools."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("web address"), max_length=40, unique=True, validators=[validate_slug])
    brin = models.CharField(_("BRIN"), max_length=4, validators=[RegexValidator(r"^\d\d[A-Z]{2}$")])
    vestiging = models.CharField(
        _("location number"), max_length=2, default="00", validators=[RegexValidator(r"^\d\d$")]
    )
    formal_address = models.BooleanField(_("address parents formally (u)"), default=True)
    languages = models.JSONField(_("languages offered"), default=list, blank=True)
    checkin_days = models.PositiveSmallIntegerField(_("days until a check-in"), default=42)
    undiscussed_days = models.PositiveSmallIntegerField(_("days an undiscussed signal is kept"), default=14)
    suggestion_days = models.PositiveSmallIntegerField(
        _("days a suggested buddy is kept unasked"), default=30
    )
    audit_days = models.PositiveSmallIntegerField(_("days the log is kept"), default=548)
    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("school")
        verbose_name_plural = _("schools")
        constraints = [models.UniqueConstraint(fields=["brin", "vestiging"], name="school_brin")]

    def __str__(self) -> str:
        return self.name

    def first_working_day(self, day: date) -> date:
        """`day`, or the first day after it that is no weekend and no holiday of this school.

        Reminders wait for it; dates on which something is erased do not.
        """
        holidays = [(holiday.first_day, holiday.last_day) for holiday in self.holiday_set.all()]
        while day.weekday() >= 5 or any(first <= day <= last for first, last in holidays):
            day += timedelta(days=1)
        return day


class Holiday(SchoolOwned):
    """Days on which nobody is at school."""

    name = models.CharField(_("name"), max_length=60)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

    class Meta(SchoolOwned.Meta):
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        constraints = [
            *SchoolOwned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="holiday_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Users are known by their e-mail address, written in lower case."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())

    def create_user(self, email: str, name: str = "", password: str | None = None, **extra: Any) -> User:
        """A user who can sign in with `email`; without a password only by asking for a new one."""
        user = self.model(email=email.strip().lower(), name=name, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, name: str = "", password: str | None = None) -> User:
        """A user of the Django admin."""
        return self.create_user(email, name, password, is_staff=True, is_superuser=True)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in; works at one school or at several."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may use the administration site"), default=False)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        self.email = self.email.strip().lower()


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Who works where."""

    def active(self, on: date) -> MembershipQuerySet:
        """Memberships that have begun on `on` and have not ended before it, of users who may sign in."""
        return self.filter(
            Q(starts_on=None) | Q(starts_on__lte=on),
            Q(ends_on=None) | Q(ends_on__gte=on),
            user__is_active=True,
        )

    def with_role(self, role: Role) -> MembershipQuerySet:
        """Memberships that hold `role`."""
        return self.filter(rolegrant__role=role)

    def who_may(self, permission: Permission) -> MembershipQuerySet:
        """Memberships one of whose roles holds `permission`."""
        roles = [role for role in Role if permission in permissions([role])]
        return self.filter(Exists(RoleGrant.objects.filter(membership=OuterRef("pk"), role__in=roles)))


class Membership(SchoolOwned):
    """What a user is at one school."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("user"))
    parent = models.ForeignKey(
        "school.Parent",
        # Forgetting the parent would quietly lift the rule that keeps members out of their own matters.
        models.RESTRICT,
        null=True,
        blank=True,
        verbose_name=_("is also a parent here"),
        related_name="memberships",
    )
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    # A substitute: what is older than this day is not there for them, unless it was shared (see `visible_to`).
    sees_from = models.DateField(_("sees what there is from this day"), null=True, blank=True)
    # When what is older was opened to a substitute, and by whom: that is new access to other people's themes.
    earlier_shown_at = models.DateTimeField(null=True, editable=False)
    earlier_shown_by = models.ForeignKey("self", models.SET_NULL, null=True, editable=False, related_name="+")

    # Annotated by `access.enter`.
    handover_due: bool
    works_elsewhere: bool

    objects = MembershipQuerySet.as_manager()

    class Meta(SchoolOwned.Meta):
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            *SchoolOwned.Meta.constraints,
            *same_school("membership", "parent", "earlier_shown_by"),
            models.UniqueConstraint(fields=["school", "user"], name="membership_once_per_school"),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles this member holds."""
        return frozenset(Role(grant.role) for grant in self.rolegrant_set.all())

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """Everything this member may do."""
        return permissions(self.roles)

    def may(self, permission: Permission) -> bool:
        """Whether one of this member's roles holds `permission`."""
        return permission in self.permissions

    @cached_property
    def parties(self) -> frozenset[int]:
        """Primary keys of the parents whose matters are this member's own: themselves as a parent here, and
        the other guardians of their children (invariant 5)."""
        if self.parent_id is None:
            return frozenset()
        parent: Parent = self.parent  # type: ignore[assignment]  # parent_id is set
        return frozenset({parent.pk, *parent.co_guardians().values_list("pk", flat=True)})


def of_no_party(rows: Rows, membership: Membership, *ways: str) -> Rows:
    """Those of `rows` in which `membership` is no party; `ways` are the look-ups that lead from a row to the parents
    whose matter it is (invariant 5)."""
    # Most members are no parent here, and each of these makes a query longer.
    for way in ways if membership.parties else ():
        rows = rows.exclude(**{f"{way}__in": membership.parties})
    return rows


class RoleGrant(SchoolOwned):
    """One role of one member."""

    membership = models.ForeignKey(Membership, models.CASCADE, verbose_name=_("membership"))
    role = models.CharField(_("role"), max_length=20, choices=[(role.value, role.value) for role in Role])
    # Nothing for what a school began with: then there was nobody to tell.
    given_at = models.DateTimeField(null=True, editable=False)
    given_by = models.ForeignKey(Membership, models.SET_NULL, null=True, editable=False, related_name="+")

    class Meta(SchoolOwned.Meta):
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            *SchoolOwned.Meta.constraints,
            *same_school("rolegrant", "membership", "given_by"),
            models.UniqueConstraint(fields=["membership", "role"], name="rolegrant_once"),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="rolegrant_known_role"
            ),
        ]

    def __str__(self) -> str:
        return self.role

"""Buddies: parents who said yes, what they have experience with, and who is available."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.lookups import LessThan
from django.utils.translation import gettext_lazy as _

from school.constraints import TiedKey, same_school
from school.fields import EncryptedTextField
from school.models import Membership, Parent, School, SchoolOwned, Submission
from school.models.base import annotated
from school.models.schools import of_no_party
from school.roles import Permission

from ..workflow import LIVE, BuddyStatus
from .consents import Consent
from .themes import Theme, own_themes

MAX_CAPACITY = 5
# How long who proposed a buddy sees that it was taken up.
FOLLOWED = timedelta(days=30)
# How long an experience waits for its consent to be renewed before it is erased.
EXPIRED_GRACE = timedelta(days=30)


class BuddyQuerySet(models.QuerySet["Buddy"]):
    """Buddies of one school."""

    def visible_to(self, membership: Membership, on: date) -> BuddyQuerySet:
        """Buddies this member may see on `on`: through an experience in a theme of theirs; those without any (not
        asked yet, or stopped) only with all themes. Never a matter in which they are a party (invariant 5)."""
        mine = Experience.objects.filter(buddy=OuterRef("pk"), theme__in=own_themes(membership))
        reachable = Q(Exists(mine))
        if membership.may(Permission.ALL_THEMES):
            reachable |= Q(~Exists(Experience.objects.filter(buddy=OuterRef("pk"))), closed_off=False)
        rows = self.filter(reachable, school_id=membership.school_id).exclude(forget_on__lte=on)
        return of_no_party(rows, membership, "parent").there_for(membership)

    def there_for(self, membership: Membership) -> BuddyQuerySet:
        """For a substitute who came into the pool since their first day, whom they brought in themselves, and all of a
        theme they took over. For others everybody."""
        if membership.sees_from is None:
            return self
        taken_over = Experience.objects.filter(theme__in=Theme.objects.taken_over_by(membership))
        return self.filter(
            Q(created_at__date__gte=membership.sees_from)
            | Q(recorded_by=membership)
            | Q(pk__in=taken_over.values("buddy"))
        )

    def nominated_by(self, membership: Membership, on: date) -> BuddyQuerySet:
        """Whom this member proposed, newest first, as far as they still follow it: until a month after a coordinator
        took it up. Nobody in whose matters they are a party, and nobody a coordinator added to the pool directly."""
        rows = (
            self.filter(recorded_by=membership)
            .exclude(forget_on__lte=on)
            .exclude(status=BuddyStatus.STOPPED)
            .exclude(taken_up_at=F("created_at"))
            .exclude(taken_up_at__date__lt=on - FOLLOWED)
        )
        return of_no_party(rows, membership, "parent").order_by("-created_at", "-pk")

    def with_load(self) -> BuddyQuerySet:
        """Each with `live`, the number of live matches."""
        return annotated(self, live=Count("match", filter=Q(match__status__in=LIVE)))

    def with_a_place(self, on: date) -> BuddyQuerySet:
        """Buddies who could take one more parent on day `on`: offered, not on pause, a place free."""
        return (
            self.filter(status=BuddyStatus.OFFERED, taken_up_at__isnull=False)
            .filter(Q(paused_until=None) | Q(paused_until__lte=on))
            .with_load()
            .filter(LessThan(F("live"), F("capacity")))
        )

    def available(self, on: date, theme: Theme) -> BuddyQuerySet:
        """Buddies who could be asked for `theme` on day `on`: with a place, and a valid consent to share this
        experience."""
        consented = Experience.objects.filter(
            buddy=OuterRef("pk"), theme=theme, consent__in=Consent.objects.valid(on)
        )
        return self.filter(Exists(consented)).with_a_place(on)

    def themes_with_someone(self, school: School, on: date) -> frozenset[int]:
        """Primary keys of the themes of `school` for which somebody is available on `on`. Any colleague may know
        that, without names or numbers: it makes the tip to a parent possible (R3)."""
        buddies = self.filter(school=school).with_a_place(on).values("pk")
        experiences = Experience.objects.filter(buddy__in=buddies, consent__in=Consent.objects.valid(on))
        return frozenset(experiences.values_list("theme_id", flat=True))


class Buddy(Submission):
    """A parent's offer to help another parent (R1)."""

    parent = models.ForeignKey(Parent, models.CASCADE, verbose_name=_("parent"))
    status = models.CharField(_("status"), max_length=9, choices=[(s.value, s.value) for s in BuddyStatus])
    paused_until = models.DateField(_("on pause until"), null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(
        _("how many parents at the same time"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_CAPACITY)],
    )
    children_count = models.PositiveSmallIntegerField(_("children at this school"), default=1)
    grades = models.JSONField(_("grades of the children"), default=list, blank=True)
    # The school year in which the grades and the number of children were told: each summer they are a year older.
    grades_told_in = models.PositiveSmallIntegerField(null=True, editable=False)
    here_since = models.PositiveSmallIntegerField(
        _("parent at this school since (year)"), null=True, blank=True
    )
    # Whom the colleague who passed it on wrote down; see `Signal.called`.
    called = EncryptedTextField(blank=True)
    taken_up_at = models.DateTimeField(null=True)
    card_given_on = models.DateField(null=True)
    forget_on = models.DateField(null=True)
    # As `SupportRequest.closed_off`: one of their erased experiences was hidden from the intern begeleider.
    closed_off = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    live: int  # annotated by `with_load`

    objects = BuddyQuerySet.as_manager()

    class Meta(Submission.Meta):
        verbose_name = _("buddy")
        verbose_name_plural = _("buddies")
        constraints = [
            *Submission.Meta.constraints,
            *same_school("buddy", "parent", "recorded_by"),
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in BuddyStatus]), name="buddy_status"
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=1, capacity__lte=MAX_CAPACITY), name="buddy_capacity_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(status=BuddyStatus.SUGGESTED.value, forget_on__isnull=False)
                | Q(~Q(status=BuddyStatus.SUGGESTED.value), forget_on=None),
                name="buddy_suggestion_lapses",
            ),
            models.UniqueConstraint(fields=["parent"], name="buddy_once_per_parent"),
            models.UniqueConstraint(fields=["parent", "id"], name="buddy_parent_id"),
        ]

    def __str__(self) -> str:
        return str(self.parent)


class ExperienceQuerySet(models.QuerySet["Experience"]):
    """What buddies of one school have been through."""

    def owned_by(self, membership: Membership) -> ExperienceQuerySet:
        """Experiences in a theme of this member's; of a buddy they may see, the only ones they may see."""
        return self.filter(school_id=membership.school_id, theme__in=own_themes(membership))

    def kept(self, on: date) -> ExperienceQuerySet:
        """Without those whose consent ended too long before `on`, whether or not the job that erases them has run."""
        return self.exclude(consent__valid_until__lt=on - EXPIRED_GRACE)

    def for_matching(self, on: date) -> ExperienceQuerySet:
        """Each with `valid`, whether its consent holds on `on`; and of its buddy `live`, the number of live matches,
        and `works_here`, whether a colleague at work on `on` is the same person."""
        return self.annotate(
            valid=Exists(Consent.objects.valid(on).filter(pk=OuterRef("consent"))),
            live=Count("buddy__match", filter=Q(buddy__match__status__in=LIVE)),
            works_here=Exists(Membership.objects.active(on).filter(parent=OuterRef("parent"))),
        )


class Experience(SchoolOwned):
    """What a buddy has been through, by theme. It exists only with that person's consent for that theme: the
    database ties it to one, and withdrawing deletes it (invariant 1)."""

    buddy = models.ForeignKey(Buddy, models.CASCADE)
    parent = models.ForeignKey(Parent, models.CASCADE)
    theme = models.ForeignKey(Theme, models.CASCADE)
    consent = models.ForeignKey(Consent, models.RESTRICT)
    words = EncryptedTextField(_("in a few words"), blank=True)

    objects = ExperienceQuerySet.as_manager()

    class Meta(SchoolOwned.Meta):
        verbose_name = _("experience")
        verbose_name_plural = _("experiences")
        constraints = [
            *SchoolOwned.Meta.constraints,
            *same_school("experience", "buddy", "parent", "theme", "consent"),
            TiedKey(field="buddy", ties={"parent": "parent"}, name="experience_buddy_same_parent"),
            TiedKey(
                field="consent", ties={"parent": "parent", "theme": "theme"}, name="experience_own_consent"
            ),
            models.UniqueConstraint(fields=["buddy", "theme"], name="experience_theme_once"),
        ]

    def __str__(self) -> str:
        return f"{self.buddy_id} – {self.theme_id}"


class Background(SchoolOwned):
    """What a parent wishes to say about their own background, in their own words. Shown beside another parent's
    for a person to compare, never computed with (R17)."""

    parent = models.OneToOneField(Parent, models.CASCADE)
    consent = models.ForeignKey(Consent, models.RESTRICT)
    words = EncryptedTextField(_("background, in the parent's own words"))

    class Meta(SchoolOwned.Meta):
        constraints = [
            *SchoolOwned.Meta.constraints,
            *same_school("background", "parent", "consent"),
            TiedKey(field="consent", ties={"parent": "parent"}, name="background_own_consent"),
        ]

    def __str__(self) -> str:
        return str(self.parent_id)

"""A meeting, and the parents who come."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from school.constraints import one_of, same_school
from school.fields import EncryptedTextField
from school.models import Child, Group, Membership, ParentKind, SchoolOwned, Submission
from school.models.schools import of_no_party
from school.roles import Permission

from ..planning import USUAL, Extra
from ..workflow import MeetingStatus

# What stands in a meeting goes eight weeks after it (invariant 9).
KEPT = timedelta(weeks=8)
SHORTEST, LONGEST = 5, 120


class Audience(models.TextChoices):
    """Who may look into a meeting, besides who planned it."""

    GROUP = "group", _("the teachers of the group")
    INTERN_BEGELEIDER = "ib", _("the teachers of the group and the intern begeleider")
    ONLY_ME = "me", _("only me")


class BuddyComes(models.TextChoices):
    """What a parent says about their buddy (R22): coming along differs from helping to prepare."""

    ALONG = "along", _("comes along")
    PREPARES = "prepares", _("only helps to prepare")
    NONE = "none", _("no buddy")
    UNKNOWN = "unknown", _("not known yet")


# The buddy is there, or may be: whoever does not know, prepares for it.
MAY_BE_THERE = (BuddyComes.ALONG, BuddyComes.UNKNOWN)


class Impression(models.TextChoices):
    """How somebody said it was (R35); no words of parent or buddy are stored."""

    PLEASANT = "pleasant", _("pleasant")
    SO_SO = "so_so", _("so-so")
    UNPLEASANT = "unpleasant", _("not pleasant")
    NOT_ASKED = "", _("not asked")


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Meetings of one school."""

    def visible_to(self, membership: Membership, on: date) -> MeetingQuerySet:
        """Meetings this member may look into on `on`: their own, those after which they promised something, those of a
        group they teach, and those shared with the intern begeleider; never one about their own child, or one of its
        other guardian's (invariant 5). A substitute sees of the others what was planned since their first day, and what
        was shared with them."""
        promised = Meeting.objects.filter(followup__recorded_by=membership)
        theirs = Q(recorded_by=membership) | Q(pk__in=promised.values("pk"))
        others = Q()
        if membership.may(Permission.MEETINGS):
            teaches = Group.objects.filter(groupteacher__membership=membership)
            others |= Q(group__in=teaches) & ~Q(audience=Audience.ONLY_ME)
        if membership.may(Permission.SHARED_MEETINGS):
            others |= Q(audience=Audience.INTERN_BEGELEIDER)
        if others and membership.sees_from is not None:
            shared = Meeting.objects.filter(sharedmeeting__membership=membership)
            others &= Q(created_at__date__gte=membership.sees_from) | Q(pk__in=shared.values("pk"))
        if others:
            theirs |= others
        return self.filter(theirs).reachable(membership, on)

    def planned_by(self, membership: Membership, on: date) -> MeetingQuerySet:
        """Of the meetings this member may look into on `on`, their own."""
        return self.filter(recorded_by=membership).reachable(membership, on)

    def reachable(self, membership: Membership, on: date) -> MeetingQuerySet:
        """What this member could look into on `on` if it is theirs or shared: of their school, not over its term, and
        not about their own family."""
        rows = self.filter(school_id=membership.school_id).kept(on)
        return of_no_party(rows, membership, "child__guardianship__parent")

    def kept(self, on: date) -> MeetingQuerySet:
        """Without those whose term is over on `on`, whether or not the job that erases them has run."""
        return self.filter(forget_on__gt=on)


class Meeting(Submission):
    """A teacher meets one or two parents of a child. What it is about is not stored, and no buddy is told (R24)."""

    child = models.ForeignKey(Child, models.SET_NULL, null=True, blank=True, verbose_name=_("child"))
    child_name = models.CharField(_("first name of the child"), max_length=60, blank=True)
    group = models.ForeignKey(Group, models.SET_NULL, null=True, blank=True, verbose_name=_("group"))
    at = models.DateTimeField(_("when"))
    base_minutes = models.PositiveSmallIntegerField(
        _("minutes you usually take"),
        default=15,
        validators=[MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)],
    )
    # As the school agreed when it was planned: what a parent was told does not move when the agreement does.
    buddy_minutes = models.PositiveSmallIntegerField(default=USUAL.buddy, editable=False)
    interpreter_minutes = models.PositiveSmallIntegerField(default=USUAL.interpreter, editable=False)
    alone_minutes = models.PositiveSmallIntegerField(default=USUAL.alone, editable=False)
    room = models.CharField(_("room"), max_length=40, blank=True)
    interpreter = models.BooleanField(_("with an interpreter"), default=False)
    # Yes or no only: what the news is, stays with the teacher.
    sensitive_news = models.BooleanField(_("sensitive news that the parent does not know yet"), default=False)
    audience = models.CharField(
        _("who may look into it"), max_length=5, choices=Audience.choices, default=Audience.GROUP
    )
    status = models.CharField(_("status"), max_length=9, choices=[(s.value, s.value) for s in MeetingStatus])
    wish_unmet = models.BooleanField(_("the wish cannot be met"), default=False)
    follow_up = models.BooleanField(_("another appointment is needed"), default=False)
    teacher_said = models.CharField(_("you"), max_length=10, choices=Impression.choices, blank=True)
    previous = models.ForeignKey("self", models.SET_NULL, null=True, related_name="followed_by")
    created_at = models.DateTimeField(editable=False)
    changed_at = models.DateTimeField(editable=False)
    forget_on = models.DateField()
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta(Submission.Meta):
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            *Submission.Meta.constraints,
            *same_school("meeting", "child", "group", "previous", "recorded_by"),
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in MeetingStatus]), name="meeting_status"
            ),
            one_of("audience", Audience, "meeting_audience"),
            one_of("teacher_said", Impression, "meeting_teacher_said"),
            models.CheckConstraint(
                condition=Q(base_minutes__gte=SHORTEST, base_minutes__lte=LONGEST),
                name="meeting_base_minutes",
            ),
            models.CheckConstraint(
                condition=Q(teacher_said="") | Q(status=MeetingStatus.EVALUATED.value),
                name="meeting_said_when_evaluated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def state(self) -> MeetingStatus:
        """The status as a member of its enum."""
        return MeetingStatus(self.status)

    @property
    def extra(self) -> Extra:
        """The minutes that others beside the parents take, as agreed when it was planned."""
        return Extra(self.buddy_minutes, self.interpreter_minutes, self.alone_minutes)

    @property
    def child_called(self) -> str:
        """The first name of the child, from the class list or as typed; or ""."""
        return self.child.first_name if self.child else self.child_name


class MeetingParent(SchoolOwned):
    """A parent who comes, as the teacher calls them, and whether their buddy comes along, as that parent said it.

    It points at no `Parent`: a teacher does not learn from it whom the school has written down, nor that there is a
    match.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="parents")
    position = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(
        _("mother, father or carer"), max_length=6, choices=ParentKind.choices, blank=True
    )
    name = EncryptedTextField(_("name"), blank=True)
    buddy = models.CharField(_("buddy"), max_length=8, choices=BuddyComes.choices, default=BuddyComes.UNKNOWN)
    said = models.CharField(_("the parent"), max_length=10, choices=Impression.choices, blank=True)
    buddy_said = models.CharField(_("the buddy"), max_length=10, choices=Impression.choices, blank=True)

    class Meta(SchoolOwned.Meta):
        verbose_name = _("parent at a meeting")
        verbose_name_plural = _("parents at a meeting")
        ordering = ("position",)
        constraints = [
            *SchoolOwned.Meta.constraints,
            *same_school("meetingparent", "meeting"),
            one_of("kind", ParentKind, "meetingparent_kind"),
            one_of("buddy", BuddyComes, "meetingparent_buddy"),
            one_of("said", Impression, "meetingparent_said"),
            one_of("buddy_said", Impression, "meetingparent_buddy_said"),
            models.UniqueConstraint(fields=["meeting", "position"], name="meetingparent_once"),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=2), name="meetingparent_one_or_two"
            ),
            models.CheckConstraint(
                condition=Q(buddy_said="") | Q(buddy__in=[b.value for b in MAY_BE_THERE]),
                name="meetingparent_only_who_was_there",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.position}"

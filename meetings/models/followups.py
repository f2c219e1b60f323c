"""What belongs to one meeting: the parent's questions, what was promised, and the ticks of who prepares."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from school.constraints import one_of, same_school
from school.fields import EncryptedTextField
from school.models import Membership, SchoolOwned, Submission

from .agreements import LONGEST_CODE
from .meetings import Meeting


class Question(Submission):
    """Something the parent wants to ask; it goes with the meeting."""

    meeting = models.ForeignKey(Meeting, models.CASCADE)
    words = EncryptedTextField(_("question"))

    class Meta(Submission.Meta):
        verbose_name = _("question of the parent")
        verbose_name_plural = _("questions of the parent")
        ordering = ("pk",)
        constraints = [*Submission.Meta.constraints, *same_school("question", "meeting", "recorded_by")]

    def __str__(self) -> str:
        return f"{self.pk}"


class FollowUpKind(models.TextChoices):
    """What is still to be done for the parent."""

    PROMISE = "promise", _("a promise: I come back to that")
    TALK = "talk", _("talk with the parent about how it went")


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    """What is to be done after the meetings of one school."""

    def visible_to(self, membership: Membership, on: date) -> FollowUpQuerySet:
        """Follow-ups of the meetings this member may look into."""
        return self.filter(meeting__in=Meeting.objects.visible_to(membership, on))

    def open_for(self, membership: Membership, on: date) -> FollowUpQuerySet:
        """What this member said they would do and has not done yet, first what is due first."""
        meetings = Meeting.objects.reachable(membership, on)
        return self.filter(recorded_by=membership, done_at=None, meeting__in=meetings).order_by(
            "due_on", "pk"
        )


class FollowUp(Submission):
    """A promise to the parent with a date (R32), or a date to talk about how it went (R36). Its maker keeps it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE)
    kind = models.CharField(_("what"), max_length=7, choices=FollowUpKind.choices)
    words = EncryptedTextField(_("what you promised"), blank=True)
    due_on = models.DateField(_("by when"))
    done_at = models.DateTimeField(null=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta(Submission.Meta):
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ("due_on", "pk")
        constraints = [
            *Submission.Meta.constraints,
            *same_school("followup", "meeting", "recorded_by"),
            one_of("kind", FollowUpKind, "followup_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Tick(SchoolOwned):
    """An item of the checklist that one member has done. Nobody else sees it, and nothing counts it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE)
    membership = models.ForeignKey(Membership, models.CASCADE)
    item = models.CharField(max_length=LONGEST_CODE)

    class Meta(SchoolOwned.Meta):
        constraints = [
            *SchoolOwned.Meta.constraints,
            *same_school("tick", "meeting", "membership"),
            models.UniqueConstraint(fields=["meeting", "membership", "item"], name="tick_once"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.item}"

"""The personal link with which a parent or buddy answers without an account."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from school.constraints import one_of, same_school
from school.models import Membership, SchoolOwned

from .matches import Match, Person


class LinkAnswer(models.TextChoices):
    """What somebody answered through their link."""

    YES = "yes", _("yes")
    NO = "no", _("no")
    TALK = "talk", _("would like to talk first")
    OPEN = "", _("no answer yet")


class PersonalLinkQuerySet(models.QuerySet["PersonalLink"]):
    """Links of one school."""

    def visible_to(self, membership: Membership, on: date) -> PersonalLinkQuerySet:
        """Links about the matches this member may see."""
        return self.filter(match__in=Match.objects.visible_to(membership, on))


class PersonalLink(SchoolOwned):
    """One person's key to the page where they answer about one match. Only a hash of the key is stored; who holds
    the key needs no account, so it serves one purpose and runs out. A new one takes the place of the one before."""

    match = models.ForeignKey(Match, models.CASCADE)
    person = models.CharField(_("for"), max_length=6, choices=Person.choices)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=8, default="nl")
    made_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(editable=False)
    valid_until = models.DateField(_("valid until"))
    answer = models.CharField(_("answer"), max_length=4, choices=LinkAnswer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)

    objects = PersonalLinkQuerySet.as_manager()

    class Meta(SchoolOwned.Meta):
        verbose_name = _("personal link")
        verbose_name_plural = _("personal links")
        constraints = [
            *SchoolOwned.Meta.constraints,
            *same_school("personallink", "match", "made_by"),
            one_of("person", Person, "personallink_person"),
            one_of("answer", LinkAnswer, "personallink_answer"),
            models.UniqueConstraint(fields=["match", "person"], name="personallink_one_each"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | Q(~Q(answer=""), answered_at__isnull=False),
                name="personallink_answered_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.match_id} {self.person}"

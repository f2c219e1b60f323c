"""What staff and parents say about matching: who are kept apart, what colleagues think of a proposed buddy, and
how much a school cares about each preference. All of it is read by `buddies.candidates`."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from school.constraints import one_of, same_school
from school.models import Membership, Parent, SchoolOwned

from ..matching import Feedback, Importance
from .buddies import Buddy
from .parents import visible_parents
from .requests import SupportRequest


class WhyApart(models.TextChoices):
    """Why two parents are kept apart: one tap, no words."""

    TOO_CLOSE = "too_close", _("they know each other too well")
    CLASHED = "clashed", _("they clashed before")
    UNWANTED = "unwanted", _("one of the parents does not want it")
    OTHER = "other", _("something else")


class KeptApartQuerySet(models.QuerySet["KeptApart"]):
    """Pairs of parents of one school."""

    def in_force(self, on: date) -> KeptApartQuerySet:
        """Those whose day has not come on `on`, whether or not the job that erases them has run."""
        return self.filter(until__gt=on)

    def over(self, on: date) -> KeptApartQuerySet:
        """Those whose day has come on `on`."""
        return self.filter(until__lte=on)

    def about(self, parent: Parent) -> KeptApartQuerySet:
        """Those in which `parent` is one of the two."""
        return self.filter(Q(parent=parent) | Q(other=parent))

    def of(self, parent: Parent, other: Parent) -> KeptApartQuerySet:
        """The one about these two, whoever of them asked."""
        return self.filter(Q(parent=parent, other=other) | Q(parent=other, other=parent))

    def visible_to(self, membership: Membership, on: date) -> KeptApartQuerySet:
        """Those in force on `on` about two parents this member may see, if they wrote it down themselves or may see
        the request with which it was said: of another theme, it would show that there is one. Once that request is
        erased it shows nothing any more."""
        parents = visible_parents(membership, on).values("pk")
        requests = SupportRequest.objects.visible_to(membership, on).values("pk")
        said = Q(request=None) | Q(request__in=requests) | Q(recorded_by=membership)
        return self.in_force(on).filter(
            said, school_id=membership.school_id, parent__in=parents, other__in=parents
        )


class KeptApart(SchoolOwned):
    """Not these two: of `parent`, who asked, and `other`, who is a buddy, neither is proposed for the other's requests.
    It goes on `until`, or with one of them."""

    parent = models.ForeignKey(Parent, models.CASCADE)
    other = models.ForeignKey(Parent, models.CASCADE, related_name="keptapart_as_other_set")
    # With which it was said, for as long as that is kept.
    request = models.ForeignKey(SupportRequest, models.SET_NULL, null=True)
    reason = models.CharField(_("why not these two"), max_length=9, choices=WhyApart.choices)
    until = models.DateField(_("until"))
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    objects = KeptApartQuerySet.as_manager()

    class Meta(SchoolOwned.Meta):
        verbose_name = _("not these two")
        verbose_name_plural = _("not these two")
        constraints = [
            *SchoolOwned.Meta.constraints,
            *same_school("keptapart", "parent", "other", "request", "recorded_by"),
            one_of("reason", WhyApart, "keptapart_reason"),
            models.CheckConstraint(condition=~Q(parent=F("other")), name="keptapart_two_people"),
            # Whoever of the two asked.
            models.UniqueConstraint(
                Least("parent", "other"), Greatest("parent", "other"), name="keptapart_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parent_id} – {self.other_id}"


class Verdict(models.TextChoices):
    """What a colleague thinks of a buddy for a request, from good to bad."""

    GOOD = Feedback.GOOD.value, pgettext_lazy("verdict", "good")
    DOUBTFUL = Feedback.DOUBTFUL.value, pgettext_lazy("verdict", "doubt")
    NO = Feedback.NO.value, pgettext_lazy("verdict", "no")


class Judgement(SchoolOwned):
    """What a colleague thinks of a buddy for a request, by name; there is one of each colleague, the last."""

    request = models.ForeignKey(SupportRequest, models.CASCADE)
    buddy = models.ForeignKey(Buddy, models.CASCADE)
    verdict = models.CharField(_("judgement"), max_length=8, choices=Verdict.choices)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    class Meta(SchoolOwned.Meta):
        verbose_name = _("judgement")
        verbose_name_plural = _("judgements")
        constraints = [
            *SchoolOwned.Meta.constraints,
            *same_school("judgement", "request", "buddy", "recorded_by"),
            one_of("verdict", Verdict, "judgement_verdict"),
            models.UniqueConstraint(
                fields=["request", "buddy", "recorded_by"], name="judgement_one_of_each_colleague"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} – {self.buddy_id}"


class Care(models.TextChoices):
    """How much a school cares about a preference."""

    IMPORTANT = Importance.IMPORTANT.value, _("important")
    COUNTS = Importance.COUNTS.value, _("counts")
    IGNORED = Importance.IGNORED.value, _("does not count")


class Weight(SchoolOwned):
    """How much a school cares about the preference `code`; one without a row counts. A code that no rule has any more
    says nothing."""

    code = models.CharField(max_length=40)
    importance = models.CharField(max_length=9, choices=Care.choices)

    class Meta(SchoolOwned.Meta):
        verbose_name = _("weight")
        verbose_name_plural = _("weights")
        constraints = [
            *SchoolOwned.Meta.constraints,
            one_of("importance", Care, "weight_importance"),
            models.UniqueConstraint(fields=["school", "code"], name="weight_once"),
        ]

    def __str__(self) -> str:
        return self.code

"""New families: every one of them is offered a buddy, once (R12)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from school.constraints import TiedKey, one_of, same_school
from school.models import Child, Membership, Parent, School, Submission
from school.models.schools import of_no_party

from .buddies import Buddy
from .requests import SupportRequest
from .themes import BuiltIn, Theme, own_themes

# A family is new until its child has been at school for a year. What was offered is kept a little longer: as long as
# the child is among those who start, so that nobody is asked twice, also when the first day moves a few weeks.
NEW = timedelta(days=365)
KEPT = NEW + timedelta(days=30)
HOMES = (1, 2)


class OfferAnswer(models.TextChoices):
    """What a family said to the offer of a buddy."""

    YES = "yes", _("would like a buddy")
    NO = "no", _("no, thank you")
    OPEN = "", _("thinks about it")


class Siblings(models.TextChoices):
    """Whether the family has children at this school already: asked, never assumed."""

    YES = "yes", _("yes")
    NO = "no", _("no, this is the first")
    UNKNOWN = "", _("not asked")


class NewcomerOfferQuerySet(models.QuerySet["NewcomerOffer"]):
    """What was offered to the new families of one school."""

    def visible_to(self, membership: Membership, on: date) -> NewcomerOfferQuerySet:
        """Offers this member may see on `on`: with the theme of the newcomers theirs, and none to their own family
        or with themselves in mind as the buddy (invariant 5)."""
        if not any(theme.code == BuiltIn.NEWCOMER for theme in own_themes(membership)):
            return self.none()
        rows = self.filter(school_id=membership.school_id).exclude(forget_on__lte=on).there_for(membership)
        return of_no_party(
            rows,
            membership,
            "child__guardianship__parent",
            "buddy__parent",
            "request__match__buddy_parent",
        )

    def there_for(self, membership: Membership) -> NewcomerOfferQuerySet:
        """For a substitute what was offered since their first day, what is theirs by now, and everything once they took
        over the theme. For others everything."""
        day = membership.sees_from
        if day is None or Theme.objects.taken_over_by(membership).filter(code=BuiltIn.NEWCOMER).exists():
            return self
        return self.filter(Q(offered_at__date__gte=day) | Q(recorded_by=membership))

    def waiting(self) -> NewcomerOfferQuerySet:
        """Offers without an answer."""
        return self.filter(answer=OfferAnswer.OPEN)

    def due(self, on: date) -> NewcomerOfferQuerySet:
        """Offers that go on `on` or went before it: nobody needs to know any more that this family was asked."""
        return self.filter(forget_on__lte=on)


class NewcomerOffer(Submission):
    """A family was offered a buddy. At two homes each parent is offered one; at one home the contact parent.

    Who says no is forgotten: that the family was asked is all that stays, so that nobody asks again. Of a yes the
    request tells the rest, for as long as that is kept. `buddy` is whom the coordinator has in mind: nobody has heard
    of it, and no place is taken before the family's yes.
    """

    child = models.ForeignKey(Child, models.CASCADE)
    home = models.PositiveSmallIntegerField(default=1)
    two_homes = models.BooleanField(_("the child lives at two homes"), default=False)
    parent = models.ForeignKey(Parent, models.SET_NULL, null=True)
    siblings = models.CharField(
        _("are there children of this family at school already?"),
        max_length=3,
        choices=Siblings.choices,
        blank=True,
    )
    buddy = models.ForeignKey(Buddy, models.SET_NULL, null=True)
    click_reasons = models.JSONField(_("why a click is expected"), default=list)
    offered_at = models.DateTimeField(editable=False)
    answer = models.CharField(_("answer"), max_length=3, choices=OfferAnswer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)
    request = models.ForeignKey(SupportRequest, models.SET_NULL, null=True)
    forget_on = models.DateField()

    objects = NewcomerOfferQuerySet.as_manager()

    class Meta(Submission.Meta):
        verbose_name = _("offer to a new family")
        verbose_name_plural = _("offers to new families")
        constraints = [
            *Submission.Meta.constraints,
            *same_school("newcomeroffer", "child", "parent", "buddy", "request", "recorded_by"),
            one_of("answer", OfferAnswer, "newcomeroffer_answer"),
            one_of("siblings", Siblings, "newcomeroffer_siblings"),
            models.CheckConstraint(condition=Q(home__in=HOMES), name="newcomeroffer_home_1_or_2"),
            # Once, whatever was answered: nobody is asked again.
            models.UniqueConstraint(fields=["child", "home"], name="newcomeroffer_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | Q(~Q(answer=""), answered_at__isnull=False),
                name="newcomeroffer_answered_at",
            ),
            models.CheckConstraint(
                condition=Q(answer="no", parent=None, buddy=None, request=None)
                | Q(answer="", parent__isnull=False)
                | Q(answer="yes"),
                name="newcomeroffer_no_is_forgotten",
            ),
            models.CheckConstraint(
                condition=Q(request=None) | Q(answer="yes"), name="newcomeroffer_request_after_yes"
            ),
            TiedKey(field="request", ties={"parent": "parent"}, name="newcomeroffer_request_same_parent"),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} – {self.home}"


def starting(school: School, on: date) -> models.QuerySet[Child]:
    """Children who start at `school`, or did so less than a year before `on`: first who starts first."""
    return (
        Child.objects.filter(school=school, start_date__gt=on - NEW)
        .select_related("group")
        .order_by("start_date", "sort_key", "pk")
    )


def starting_for(membership: Membership, on: date) -> models.QuerySet[Child]:
    """The children who start at this member's school, of families in whose matters they are no party: not their own
    child, and nobody to whom they are, or the other guardian of their child is, a buddy or the one in mind
    (invariant 5). For a substitute without those whom a colleague asked before their first day."""
    rows = starting(membership.school, on)
    if membership.sees_from is not None:
        offers = NewcomerOffer.objects.filter(school=membership.school_id)
        before = offers.exclude(pk__in=offers.there_for(membership).values("pk"))
        rows = rows.exclude(newcomeroffer__in=before)
    return of_no_party(
        rows,
        membership,
        "guardianship__parent",
        "newcomeroffer__buddy__parent",
        "newcomeroffer__request__match__buddy_parent",
    )

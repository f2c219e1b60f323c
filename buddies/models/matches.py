"""Matches: one request, one buddy, and the yes of both."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from school.constraints import TiedKey, one_of, same_school
from school.fields import EncryptedTextField
from school.models import Membership, Parent, SchoolOwned, Submission
from school.models.base import annotated
from school.models.schools import of_no_party
from school.roles import Permission

from ..workflow import (
    LIVE,
    NEEDS_BUDDY_YES,
    NEEDS_PARENT_YES,
    MatchStatus,
    StepRefused,
    before_the_end,
    step_back,
)
from .buddies import MAX_CAPACITY, Buddy
from .consents import Consent
from .requests import Signal, SupportRequest
from .themes import Theme, own_themes


class ClickReason(models.TextChoices):
    """Why staff expect the two to get on (R2, R4): one tap each."""

    SAME_EXPERIENCE = "same_experience", _("same experience")
    SAME_AGE = "same_age", _("children of the same age")
    KNOW_BOTH = "know_both", _("I know them both")
    SAME_LANGUAGE = "same_language", _("same language")
    SAME_HUMOUR = "same_humour", _("same way of doing")
    OTHER = "other", _("something else")


class TipGiver(models.TextChoices):
    """Who tells the parent that somebody is available (R3)."""

    COORDINATOR = "coordinator", _("I tell the parent")
    SIGNALLER = "signaller", _("the colleague who signalled tells the parent")


class Way(models.TextChoices):
    """How the two meet (R5)."""

    INTRODUCED = "introduced", _("school introduces them")
    PARENT_CONTACTS = "parent_contacts", _("the parent makes contact")


class EndReason(models.TextChoices):
    """Why a match did not proceed."""

    PARENT_NO = "parent_no", _("the parent would rather not")
    BUDDY_NO = "buddy_no", _("the buddy would rather not")
    NO_CLICK = "no_click", _("no click after all")
    PRACTICAL = "practical", _("practical reasons")
    CONSENT_ENDED = "consent_ended", _("consent has ended")
    TAKEN_BACK = "taken_back", _("proposed by mistake")
    RUNNING = "", _("not ended")


class Outcome(models.TextChoices):
    """How a connected match ended."""

    HELPED = "helped", _("it helped")
    PARTLY = "partly", _("it helped a little")
    NOT_HELPED = "not_helped", _("it did not help")
    UNKNOWN = "unknown", _("not known")
    RUNNING = "", _("not ended")


class MatchQuerySet(models.QuerySet["Match"]):
    """Matches of one school."""

    def visible_to(self, membership: Membership, on: date) -> MatchQuerySet:
        """Matches of the requests this member may see, of none in which they are a party (invariant 5). When the
        parent takes back what the request was about, who proposed a live match still sees it, to round it off."""
        mine = Q(theme=None) | Q(theme__in=own_themes(membership))
        visible = Q(mine, request__in=SupportRequest.objects.visible_to(membership, on))
        if membership.may(Permission.OWN_THEMES):
            visible |= Q(theme=None, recorded_by=membership, status__in=LIVE)
        rows = self.filter(visible, school_id=membership.school_id)
        return of_no_party(rows, membership, "parent", "buddy_parent")

    def live(self) -> MatchQuerySet:
        """Matches under way or running."""
        return self.filter(status__in=LIVE)

    def with_next_call(self) -> MatchQuerySet:
        """Each with `next_call`, when the next check-in is due, if there is one to come."""
        calls = CheckIn.objects.filter(match=OuterRef("pk"), done_at=None).order_by("due_on", "pk")
        return annotated(self, next_call=Subquery(calls.values("due_on")[:1]))

    def told_by(self, membership: Membership) -> MatchQuerySet:
        """Matches about which this member, who signalled, tells or told the parent, each with `called`: the parent
        as they wrote them down. Of none are they a party."""
        signalled = Signal.objects.filter(request=OuterRef("request"), recorded_by=membership)
        rows = self.filter(Exists(signalled), tip_giver=TipGiver.SIGNALLER)
        rows = annotated(rows, called=Subquery(signalled.order_by("-pk").values("called")[:1]))
        return of_no_party(rows, membership, "parent", "buddy_parent")

    def tips_of(self, membership: Membership) -> MatchQuerySet:
        """Matches about which this member, who signalled, is to tell the parent."""
        return self.told_by(membership).filter(status=MatchStatus.WAITING_FOR_PARENT)

    def answered_by(self, membership: Membership, on: date) -> MatchQuerySet:
        """Matches for which this member, who signalled, wrote down the parent's answer on day `on`, and of which the
        buddy has not heard: they can still take it back."""
        said_yes = Q(
            status=MatchStatus.WAITING_FOR_BUDDY,
            parent_yes__recorded_by=membership,
            parent_yes__given_at__date=on,
        )
        said_no = Q(
            status=MatchStatus.DID_NOT_PROCEED,
            end_reason=EndReason.PARENT_NO,
            parent_yes=None,
            ended_by=membership,
            ended_at__date=on,
            request__closed_at=None,
        )
        return self.told_by(membership).filter(said_yes | said_no, buddy_asked_at=None)


def _values(statuses: Iterable[MatchStatus]) -> list[str]:
    """`statuses` as they are stored: a constraint, and so a migration, holds plain words."""
    return [status.value for status in statuses]


_LIVE = _values(LIVE)
_CONNECTED = _values([MatchStatus.CONNECTED, MatchStatus.COMPLETED])


class Match(Submission):
    """A buddy proposed for a request, and how it went on (R2 to R5).

    `slot` is the place of the buddy that a live match takes; `parent` and `buddy_parent` repeat who the two people
    are, so that the database can tie each yes to the person who gave it.
    """

    request = models.ForeignKey(SupportRequest, models.CASCADE)
    # What the request was about when this buddy was proposed: who arranges that sees the match, whatever the request
    # is about later. It goes when the request's own theme goes.
    theme = models.ForeignKey(Theme, models.PROTECT, null=True)
    parent = models.ForeignKey(Parent, models.CASCADE, related_name="matches_as_asker")
    buddy = models.ForeignKey(Buddy, models.CASCADE)
    buddy_parent = models.ForeignKey(Parent, models.CASCADE, related_name="matches_as_buddy")
    status = models.CharField(_("status"), max_length=18, choices=[(s.value, s.value) for s in MatchStatus])
    slot = models.PositiveSmallIntegerField(null=True)
    click_reasons = models.JSONField(_("why a click is expected"), default=list)
    click_words = EncryptedTextField(_("in a few words"), blank=True)
    tip_giver = models.CharField(
        _("who tells the parent"), max_length=11, choices=TipGiver.choices, blank=True
    )
    parent_yes = models.ForeignKey(Consent, models.RESTRICT, null=True, related_name="+")
    buddy_yes = models.ForeignKey(Consent, models.RESTRICT, null=True, related_name="+")
    buddy_asked_at = models.DateTimeField(null=True)
    way = models.CharField(_("how they meet"), max_length=15, choices=Way.choices, blank=True)
    proposed_at = models.DateTimeField(editable=False)
    changed_at = models.DateTimeField(editable=False)
    connected_at = models.DateTimeField(null=True)
    first_meeting_on = models.DateField(_("first meeting"), null=True, blank=True)
    review_on = models.DateField(_("ends or is renewed on"), null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(_("why not"), max_length=13, choices=EndReason.choices, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    winding_down = models.BooleanField(_("to be rounded off"), default=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    # Annotated by `with_next_call`, `told_by`, and `links.with_talk`.
    next_call: date | None
    called: str
    talk_since: datetime | None

    objects = MatchQuerySet.as_manager()

    class Meta(Submission.Meta):
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        constraints = [
            *Submission.Meta.constraints,
            *same_school(
                "match",
                "request",
                "theme",
                "parent",
                "buddy",
                "buddy_parent",
                "parent_yes",
                "buddy_yes",
                "recorded_by",
                "ended_by",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in MatchStatus]), name="match_status"
            ),
            one_of("way", Way, "match_way", blank=True),
            one_of("tip_giver", TipGiver, "match_tip_giver", blank=True),
            one_of("end_reason", EndReason, "match_end_reason"),
            one_of("outcome", Outcome, "match_outcome"),
            # Capacity: every live match holds a slot, no slot is held twice, and there are at most five.
            models.CheckConstraint(
                condition=Q(status__in=_LIVE, slot__isnull=False) | Q(~Q(status__in=_LIVE), slot=None),
                name="match_live_holds_a_slot",
            ),
            models.CheckConstraint(
                condition=Q(slot=None) | Q(slot__gte=1, slot__lte=MAX_CAPACITY), name="match_slot_1_to_5"
            ),
            models.UniqueConstraint(fields=["buddy", "slot"], name="match_slot_once"),
            models.UniqueConstraint(
                fields=["request"], condition=Q(status__in=_LIVE), name="match_one_live_per_request"
            ),
            models.CheckConstraint(
                condition=Q(parent_yes__isnull=False) | ~Q(status__in=_values(NEEDS_PARENT_YES)),
                name="match_parent_said_yes",
            ),
            models.CheckConstraint(
                condition=Q(buddy_yes__isnull=False) | ~Q(status__in=_values(NEEDS_BUDDY_YES)),
                name="match_buddy_said_yes",
            ),
            # The buddy hears nothing before the parent's yes (invariant 2).
            models.CheckConstraint(
                condition=Q(buddy_asked_at=None) | Q(parent_yes__isnull=False),
                name="match_parent_before_buddy",
            ),
            models.CheckConstraint(
                condition=Q(status__in=_CONNECTED, connected_at__isnull=False) & ~Q(way="")
                | Q(~Q(status__in=_CONNECTED), connected_at=None, way=""),
                name="match_connected_some_way",
            ),
            models.CheckConstraint(
                condition=Q(status=MatchStatus.DID_NOT_PROCEED.value, ended_at__isnull=False, outcome="")
                & ~Q(end_reason="")
                | Q(status=MatchStatus.COMPLETED.value, ended_at__isnull=False, end_reason="")
                & ~Q(outcome="")
                | Q(status__in=_LIVE, ended_at=None, end_reason="", outcome=""),
                name="match_ended_with_reason",
            ),
            models.CheckConstraint(condition=~Q(parent=models.F("buddy_parent")), name="match_two_people"),
            TiedKey(field="request", ties={"parent": "parent"}, name="match_request_same_parent"),
            TiedKey(field="buddy", ties={"buddy_parent": "parent"}, name="match_buddy_same_parent"),
            TiedKey(
                field="parent_yes", ties={"parent": "parent", "id": "match"}, name="match_own_parent_yes"
            ),
            TiedKey(
                field="buddy_yes", ties={"buddy_parent": "parent", "id": "match"}, name="match_own_buddy_yes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def state(self) -> MatchStatus:
        """The status as a member of its enum."""
        return MatchStatus(self.status)

    def previous(self, on: date) -> MatchStatus:
        """Where taking back the last step leads to, on day `on`: nobody outside the school may have heard of it, and
        an end can be taken back on its own day. Raises StepRefused, also when a consent it rests on has ended."""
        given = [consent for consent in (self.parent_yes, self.buddy_yes) if consent is not None]
        if self.winding_down or any(consent.withdrawn_at for consent in given):
            raise StepRefused("a consent has ended")
        if self.state is MatchStatus.DID_NOT_PROCEED:
            if (
                self.end_reason == EndReason.CONSENT_ENDED
                or self.ended_at is None
                or localdate(self.ended_at) != on
            ):
                raise StepRefused("this end stands")
            return before_the_end(
                told=bool(self.tip_giver),
                parent_yes=self.parent_yes is not None,
                buddy_yes=self.buddy_yes is not None,
            )
        heard = self.state is MatchStatus.WAITING_FOR_BUDDY and self.buddy_asked_at is not None
        return step_back(self.state, left_the_school=heard)


class Person(models.TextChoices):
    """Which of the two a check-in is with."""

    PARENT = "parent", _("the parent")
    BUDDY = "buddy", _("the buddy")


class CheckAnswer(models.TextChoices):
    """How somebody says it goes."""

    FINE = "fine", _("going well")
    ATTENTION = "attention", _("needs attention")
    STOP = "stop", _("wants to stop")
    OPEN = "", _("not asked yet")


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    """Check-ins of one school."""

    def visible_to(self, membership: Membership, on: date) -> CheckInQuerySet:
        """Check-ins of the matches this member may see."""
        return self.filter(match__in=Match.objects.visible_to(membership, on))

    def due(self, on: date) -> CheckInQuerySet:
        """To be done on `on` or before, of matches that still run and are not to be rounded off."""
        return self.filter(
            done_at=None, due_on__lte=on, match__status=MatchStatus.CONNECTED, match__winding_down=False
        )


class CheckIn(SchoolOwned):
    """A short call to ask how it goes."""

    match = models.ForeignKey(Match, models.CASCADE)
    person = models.CharField(_("with"), max_length=6, choices=Person.choices)
    due_on = models.DateField(_("due"))
    answer = models.CharField(_("how it goes"), max_length=9, choices=CheckAnswer.choices, blank=True)
    done_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")

    objects = CheckInQuerySet.as_manager()

    class Meta(SchoolOwned.Meta):
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        constraints = [
            *SchoolOwned.Meta.constraints,
            *same_school("checkin", "match", "recorded_by"),
            one_of("person", Person, "checkin_person"),
            one_of("answer", CheckAnswer, "checkin_answer"),
            models.CheckConstraint(
                condition=Q(done_at=None, answer="", recorded_by=None)
                | Q(Q(done_at__isnull=False, recorded_by__isnull=False), ~Q(answer="")),
                name="checkin_done_with_answer",
            ),
            models.UniqueConstraint(fields=["match", "person", "due_on"], name="checkin_once"),
        ]

    def __str__(self) -> str:
        return f"{self.match_id} {self.person}"

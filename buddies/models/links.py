"""The personal link with which a parent or buddy answers without an account."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from school.constraints import one_of, same_school
from school.models import Membership, Parent, SchoolOwned
from school.models.base import annotated

from ..links.keys import fingerprint
from ..workflow import LIVE, MatchStatus, StepRefused
from .consents import Consent
from .matches import EndReason, Match, MatchQuerySet, Person
from .requests import SupportRequestQuerySet

VALID = timedelta(days=21)
# After its last day a link still says whom to call, for whoever finds the letter back.
REMEMBERED = timedelta(days=30)
# The step of a match in which each of the two is asked, and how it ends when they say no.
ASKED_IN = {
    Person.PARENT: MatchStatus.WAITING_FOR_PARENT,
    Person.BUDDY: MatchStatus.WAITING_FOR_BUDDY,
}
SAYS_NO = {Person.PARENT: EndReason.PARENT_NO, Person.BUDDY: EndReason.BUDDY_NO}


class LinkAnswer(models.TextChoices):
    """What somebody answered through their link."""

    YES = "yes", _("yes")
    NO = "no", _("no")
    TALK = "talk", _("would like to talk first")
    OPEN = "", _("no answer yet")


class LinkStage(StrEnum):
    """What the page behind a link shows."""

    ASKING = "asking"
    SAID_YES = "said_yes"
    SAID_NO = "said_no"
    """Said no today, which can still be changed."""
    STOPPED = "stopped"
    OVER = "over"
    """Run out, or the match is past this step in another way."""


class PersonalLinkQuerySet(models.QuerySet["PersonalLink"]):
    """Links of one school, but for `with_key`."""

    def visible_to(self, membership: Membership, on: date) -> PersonalLinkQuerySet:
        """Links about the matches this member may see."""
        return self.filter(match__in=Match.objects.visible_to(membership, on))

    def with_key(self, key: str) -> PersonalLinkQuerySet:
        """The link that `key` opens, of whatever school: who holds the key is who it was made for."""
        return self.filter(token_hash=fingerprint(key))

    def wanting_to_talk(self) -> PersonalLinkQuerySet:
        """Links of people who would like to talk before they answer, and have not been heard since."""
        waiting = Q()
        for person, status in ASKED_IN.items():
            waiting |= Q(person=person, match__status=status)
        return self.filter(waiting, answer=LinkAnswer.TALK)

    def said_no(self) -> PersonalLinkQuerySet:
        """Links through which the parent said no, or stopped before they were connected, of open requests with which
        nothing happened since: nobody else proposed, no other match live, and still about the same."""
        since = Match.objects.filter(
            Q(pk__gt=OuterRef("match")) | Q(status__in=LIVE), request=OuterRef("match__request")
        )
        return self.filter(
            ~Exists(since),
            person=Person.PARENT,
            answer=LinkAnswer.NO,
            match__status=MatchStatus.DID_NOT_PROCEED,
            match__request__closed_at=None,
            match__theme=F("match__request__theme"),
        )

    def due(self, on: date) -> PersonalLinkQuerySet:
        """Links that may go on day `on`."""
        return self.filter(valid_until__lt=on - REMEMBERED)


def with_talk(matches: MatchQuerySet) -> MatchQuerySet:
    """Each with `talk_since`, since when somebody would like to talk before they answer, if so."""
    talk = PersonalLink.objects.wanting_to_talk().filter(match=OuterRef("pk"))
    return annotated(matches, talk_since=Subquery(talk.values("answered_at")[:1]))


def with_no(requests: SupportRequestQuerySet) -> SupportRequestQuerySet:
    """Each with `said_no_at`, when the parent said no through a link and nothing happened since, if so."""
    said_no = PersonalLink.objects.said_no().filter(match__request=OuterRef("pk"))
    return annotated(requests, said_no_at=Subquery(said_no.values("answered_at")[:1]))


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

    @property
    def of_parent(self) -> bool:
        """Whether it is for the parent who asks; else it is for the buddy."""
        return self.person == Person.PARENT

    @property
    def parent(self) -> Parent:
        """Whom the link is for: the parent who asks, or the buddy."""
        return self.match.parent if self.of_parent else self.match.buddy_parent

    @property
    def own_yes(self) -> Consent | None:
        """Their yes to this match."""
        return self.match.parent_yes if self.of_parent else self.match.buddy_yes

    def stage(self, on: date) -> LinkStage:
        """What the page shows on day `on`. A yes given through the link can be taken back as long as the match lasts
        and the link is valid; a no can be changed on its own day, as everybody's (see `Match.previous`)."""
        match, person = self.match, Person(self.person)
        if on > self.valid_until:
            return LinkStage.OVER
        if match.state is ASKED_IN[person]:
            return LinkStage.ASKING
        taken_back = self.own_yes is not None and self.own_yes.withdrawn_at is not None
        if self.answer == LinkAnswer.YES and match.state in LIVE and self.own_yes and not taken_back:
            return LinkStage.SAID_YES
        if self.answer == LinkAnswer.NO:
            if taken_back:
                return LinkStage.STOPPED
            if match.end_reason == SAYS_NO[person] and _can_go_back(match, on):
                return LinkStage.SAID_NO
        return LinkStage.OVER


def _can_go_back(match: Match, on: date) -> bool:
    try:
        match.previous(on)
    except StepRefused:
        return False
    return True

"""Consent: a dated fact about one person and one purpose, never a tick box in a column."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from school.constraints import TiedKey, one_of, same_school
from school.models import Membership, Parent, SchoolOwned


class Purpose(models.TextChoices):
    """What somebody agrees to."""

    SHARE_EXPERIENCE = "share_experience", _("share experience")
    DISCLOSE_NAME = "disclose_name", _("make the name known")
    SAME_BACKGROUND = "same_background", _("wish about background")
    SEARCH = "search", _("search for a buddy")
    MATCH = "match", _("this match")
    SHARE_CONTACT = "share_contact", _("share contact details")
    TELL_TEACHER = "tell_teacher", _("the teacher may know about the buddy")


class Method(models.TextChoices):
    """How somebody said it."""

    CONVERSATION = "conversation", _("in a conversation")
    INTERPRETER = "interpreter", _("in a conversation with an interpreter")
    PHONE = "phone", _("by phone")
    LETTER = "letter", _("by letter")
    LINK = "link", _("through the personal link")


FOR_A_MATCH = [Purpose.MATCH, Purpose.SHARE_CONTACT, Purpose.TELL_TEACHER]
# How long an ended consent is kept as the proof of what was agreed (invariant 9).
PROOF = timedelta(days=365)


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Consents of the people of one school."""

    def valid(self, on: date) -> ConsentQuerySet:
        """Neither withdrawn nor run out on day `on`: the only ones something new may rest on (invariant 7)."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=on), withdrawn_at=None)

    def proof_no_more(self, on: date) -> ConsentQuerySet:
        """Ended so long before `on` that they need not be proved, about no request or match, and with nothing that
        rests on them."""
        day = on - PROOF
        return self.filter(
            Q(withdrawn_at__date__lte=day) | Q(valid_until__lte=day),
            request=None,
            match=None,
            experience=None,
            background=None,
        )


class Consent(SchoolOwned):
    """Somebody agreed to one purpose, with one version of the text, heard and recorded by a member."""

    parent = models.ForeignKey(Parent, models.CASCADE)
    purpose = models.CharField(_("purpose"), max_length=16, choices=Purpose.choices)
    theme = models.ForeignKey("buddies.Theme", models.CASCADE, null=True)
    request = models.ForeignKey("buddies.SupportRequest", models.CASCADE, null=True, related_name="consents")
    match = models.ForeignKey("buddies.Match", models.CASCADE, null=True, related_name="consents")
    text_version = models.CharField(_("text version"), max_length=12)
    language = models.CharField(_("language"), max_length=8, default="nl")
    method = models.CharField(_("how"), max_length=12, choices=Method.choices)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("given"))
    valid_until = models.DateField(_("valid until"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)

    objects = ConsentQuerySet.as_manager()

    class Meta(SchoolOwned.Meta):
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            *SchoolOwned.Meta.constraints,
            *same_school("consent", "parent", "theme", "request", "match", "recorded_by"),
            one_of("purpose", Purpose, "consent_purpose"),
            one_of("method", Method, "consent_method"),
            # What a consent is about follows from its purpose: so a key that ties a row to a consent of "this theme"
            # or "this match" cannot point at a consent for something else.
            models.CheckConstraint(
                condition=Q(purpose=Purpose.SHARE_EXPERIENCE, theme__isnull=False)
                | Q(~Q(purpose=Purpose.SHARE_EXPERIENCE), theme__isnull=True),
                name="consent_theme_fits_purpose",
            ),
            models.CheckConstraint(
                condition=Q(purpose=Purpose.SEARCH, request__isnull=False)
                | Q(~Q(purpose=Purpose.SEARCH), request__isnull=True),
                name="consent_request_fits_purpose",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=FOR_A_MATCH, match__isnull=False)
                | Q(~Q(purpose__in=FOR_A_MATCH), match__isnull=True),
                name="consent_match_fits_purpose",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_withdrawn_after_given",
            ),
            # A second consent for the same match would make it unclear which yes counts.
            models.UniqueConstraint(
                fields=["match", "parent", "purpose"],
                condition=Q(withdrawn_at=None, match__isnull=False),
                name="consent_once_per_match",
            ),
            # A match or request is asked of the person who asks, or of the buddy, and both say it about that match.
            TiedKey(field="request", ties={"parent": "parent"}, name="consent_request_same_parent"),
            models.UniqueConstraint(fields=["parent", "id"], name="consent_parent_id"),
            models.UniqueConstraint(fields=["parent", "theme", "id"], name="consent_parent_theme_id"),
            models.UniqueConstraint(fields=["parent", "request", "id"], name="consent_parent_request_id"),
            models.UniqueConstraint(fields=["parent", "match", "id"], name="consent_parent_match_id"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.given_at:%Y-%m-%d}"

    def is_valid(self, on: date) -> bool:
        """Whether something new may rest on it on day `on`."""
        return self.withdrawn_at is None and (self.valid_until is None or self.valid_until >= on)

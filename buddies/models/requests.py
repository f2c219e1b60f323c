"""Requests: parents who could use support, who signalled them, and where else they were helped."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.lookups import In
from django.utils.translation import gettext_lazy as _

from school.constraints import TiedKey, one_of, same_school
from school.fields import EncryptedTextField
from school.models import Child, Group, Membership, Parent, ParentKind, SchoolOwned, Submission
from school.models.base import annotated
from school.models.schools import of_no_party
from school.roles import Permission

from ..workflow import LIVE, MatchStatus
from .consents import Consent
from .themes import Theme, own_themes

NOTE_LENGTH = 200
# How long after its end a request keeps what it was about, and is kept at all (invariant 9).
THEME_KEPT = timedelta(days=30)
KEPT = timedelta(days=183)


class Origin(models.TextChoices):
    """How the school came to know of a request."""

    SIGNAL = "signal", _("signalled by a colleague")
    PARENT = "parent", _("asked by the parent")
    INTAKE = "intake", _("intake of a new pupil")


class CloseReason(models.TextChoices):
    """How a request ended."""

    HELPED = "helped", _("the parent was helped")
    NOT_NEEDED = "not_needed", _("no longer needed")
    NOBODY = "nobody", _("nobody fitted")
    REFERRED = "referred", _("helped elsewhere")
    WITHDRAWN = "withdrawn", _("the parent does not want it any more")
    OPEN = "", _("open")


class SupportRequestQuerySet(models.QuerySet["SupportRequest"]):
    """Requests of one school."""

    def visible_to(self, membership: Membership, on: date) -> SupportRequestQuerySet:
        """Requests this member may see on `on`: of their themes, and those without a theme with all themes; never
        one in which they, or the other guardian of their child, are a party (invariant 5)."""
        theirs = Q(theme__in=own_themes(membership))
        if membership.may(Permission.ALL_THEMES):
            theirs |= Q(theme=None, closed_off=False)
        rows = self.filter(theirs, school_id=membership.school_id)
        rows = of_no_party(rows, membership, "parent", "match__buddy_parent")
        return rows.there_for(membership).not_forgotten(on)

    def there_for(self, membership: Membership) -> SupportRequestQuerySet:
        """For a substitute what was signalled, or signalled again, since their first day; and of what is older what was
        shared with them, what is theirs by now, and all of a theme they took over. For others everything."""
        day = membership.sees_from
        if day is None:
            return self
        mine = SupportRequest.objects.filter(
            Q(signal__at__date__gte=day)
            | Q(signal__recorded_by=membership)
            | Q(match__recorded_by=membership)
            | Q(sharedrequest__membership=membership)
        )
        return self.filter(
            Q(signalled_at__date__gte=day)
            | Q(theme__in=Theme.objects.taken_over_by(membership))
            | Q(pk__in=mine.values("pk"))
        )

    def not_forgotten(self, on: date) -> SupportRequestQuerySet:
        """Without those whose term is over on `on`, whether or not the job that erases them has run. One of which only
        the theme is due is not shown until the job has taken that out."""
        over = Q(_ended(on - THEME_KEPT), in_totals=False) | _ended(on - KEPT)
        return self.exclude(forget_on__lte=on).filter(Q(closed_at=None) | ~over)

    def to_let_go(self, on: date) -> SupportRequestQuerySet:
        """Requests that ended too long before `on` to keep what they were about, and still do."""
        return self.filter(_ended(on - THEME_KEPT), in_totals=False)

    def past(self, on: date) -> SupportRequestQuerySet:
        """Requests that ended too long before `on` to be kept."""
        return self.filter(_ended(on - KEPT))

    def open(self) -> SupportRequestQuerySet:
        """Requests that are not closed."""
        return self.filter(closed_at=None)

    def waiting(self) -> SupportRequestQuerySet:
        """Open requests for which a buddy is sought and nobody is proposed, each with `state`; those that were put off
        too."""
        return self.open().with_state().filter(In(F("state"), ["new", "searching"]))

    def with_state(self) -> SupportRequestQuerySet:
        """Each with `state`: undiscussed, new, searching, connected, referred or closed. It is derived, so it
        cannot disagree with what happened."""
        same = SupportRequest.objects.filter(pk=OuterRef("pk"))
        referral = Referral.objects.filter(request=OuterRef("pk")).exclude(
            status__in=[ReferralStatus.COMPLETED, ReferralStatus.DID_NOT_PROCEED]
        )
        return annotated(
            self,
            state=Case(
                When(closed_at__isnull=False, then=Value("closed")),
                When(search_consent=None, then=Value("undiscussed")),
                When(Exists(same.filter(match__status=MatchStatus.CONNECTED)), then=Value("connected")),
                When(Exists(same.filter(match__status__in=LIVE)), then=Value("matching")),
                When(Exists(referral), then=Value("referred")),
                When(taken_up_at=None, then=Value("new")),
                default=Value("searching"),
                output_field=models.CharField(),
            ),
        )


def _ended(day: date) -> Q:
    """Closed on `day` or before, and so is every match."""
    later = Q(match__status__in=LIVE) | Q(match__ended_at__date__gt=day)
    going_on = SupportRequest.objects.filter(later, pk=OuterRef("pk"))
    return Q(~Exists(going_on), closed_at__date__lte=day)


class SupportRequest(Submission):
    """One parent's question for support, about one theme or "don't know yet".

    Without the parent's consent to search it holds no theme and no note and goes on `forget_on` (invariant 1).
    """

    parent = models.ForeignKey(Parent, models.CASCADE, verbose_name=_("parent"))
    child = models.ForeignKey(Child, models.SET_NULL, null=True, blank=True, verbose_name=_("child"))
    group = models.ForeignKey(Group, models.SET_NULL, null=True, blank=True, verbose_name=_("group"))
    child_name = models.CharField(_("first name of the child"), max_length=60, blank=True)
    origin = models.CharField(_("origin"), max_length=6, choices=Origin.choices, default=Origin.SIGNAL)
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, verbose_name=_("theme"))
    note = EncryptedTextField(_("note"), blank=True)
    wish = models.CharField(
        _("rather with a mother or a father"), max_length=6, choices=ParentKind.choices, blank=True
    )
    outside_class = models.BooleanField(_("rather nobody of the same class"), default=False)
    search_consent = models.ForeignKey(Consent, models.RESTRICT, null=True, related_name="+")
    signalled_at = models.DateTimeField(editable=False)
    taken_up_at = models.DateTimeField(null=True)
    linked_at = models.DateTimeField(null=True)
    forget_on = models.DateField(null=True)
    # No buddy is looked for until this day, when it waits again by itself.
    parked_until = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    close_reason = models.CharField(_("outcome"), max_length=10, choices=CloseReason.choices, blank=True)
    # Its numbers stand in the totals of its school year (see `YearTotal`), so it is not counted again.
    in_totals = models.BooleanField(default=False, editable=False)
    # Its theme was hidden from the intern begeleider when it was erased: without a theme it may not become visible.
    closed_off = models.BooleanField(default=False, editable=False)

    # Annotated by `with_state`, and by `links.with_no`.
    state: str
    said_no_at: datetime | None

    objects = SupportRequestQuerySet.as_manager()

    class Meta(Submission.Meta):
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        constraints = [
            *Submission.Meta.constraints,
            *same_school(
                "supportrequest", "parent", "child", "group", "theme", "search_consent", "recorded_by"
            ),
            one_of("origin", Origin, "supportrequest_origin"),
            one_of("close_reason", CloseReason, "supportrequest_close_reason"),
            one_of("wish", ParentKind, "supportrequest_wish"),
            models.CheckConstraint(
                condition=Q(search_consent__isnull=False)
                | Q(theme=None, note="", wish="", outside_class=False),
                name="supportrequest_no_theme_without_consent",
            ),
            models.CheckConstraint(
                condition=Q(search_consent__isnull=False, forget_on=None)
                | Q(search_consent=None, forget_on__isnull=False),
                name="supportrequest_undiscussed_is_forgotten",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, close_reason="")
                | Q(Q(closed_at__isnull=False), ~Q(close_reason="")),
                name="supportrequest_closed_with_reason",
            ),
            TiedKey(
                field="search_consent",
                ties={"parent": "parent", "id": "request"},
                name="supportrequest_own_search_consent",
            ),
            models.UniqueConstraint(fields=["parent", "id"], name="supportrequest_parent_id"),
            # A second signal for the same parent and theme joins the first.
            models.UniqueConstraint(
                fields=["parent", "theme"],
                condition=Q(closed_at=None, theme__isnull=False),
                name="supportrequest_open_theme_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    def is_parked(self, on: date) -> bool:
        """Whether somebody put it off until after `on`."""
        return self.parked_until is not None and self.parked_until > on


class SignalQuerySet(models.QuerySet["Signal"]):
    """Who signalled what."""

    def of(self, membership: Membership, on: date) -> SignalQuerySet:
        """What this member signalled, newest first, for as long as the request is kept."""
        rows = (
            self.filter(recorded_by=membership)
            .exclude(request__forget_on__lte=on)
            .exclude(request__in=SupportRequest.objects.past(on))
        )
        return of_no_party(rows, membership, "request__parent").order_by("-at", "-pk")

    def who_may_tell(self, parents: Iterable[Parent], on: date) -> SignalQuerySet:
        """Signals by colleagues who still work here on `on`, oldest first: they can give the parent the tip (R3).
        None by whom one of `parents`, the two of the match, is themselves or the other guardian of their child."""
        family = Q(recorded_by__parent__in=parents) | Q(
            recorded_by__parent__guardianship__child__guardianship__parent__in=parents
        )
        return self.filter(recorded_by__in=Membership.objects.active(on)).exclude(family).order_by("at", "pk")

    def undiscussed(self) -> SignalQuerySet:
        """Those that were not discussed with the parent yet."""
        return self.filter(request__search_consent=None, request__closed_at=None)


class Signal(Submission):
    """A colleague noticed this parent (R9). A request has one, or more when several colleagues did."""

    request = models.ForeignKey(SupportRequest, models.CASCADE)
    # Whom the colleague wrote down, in their words. All they see of the parent: whom a coordinator found it to be,
    # they are not told.
    called = EncryptedTextField(blank=True)
    at = models.DateTimeField(editable=False)

    objects = SignalQuerySet.as_manager()

    class Meta(Submission.Meta):
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        constraints = [*Submission.Meta.constraints, *same_school("signal", "request", "recorded_by")]

    def __str__(self) -> str:
        return f"{self.request_id}"


class DoNotAskQuerySet(models.QuerySet["DoNotAsk"]):
    """Parents who said no."""

    def in_force(self, on: date) -> DoNotAskQuerySet:
        """Those whose "not again until" is later than `on`."""
        return self.filter(until__gt=on)

    def about(self, request: SupportRequest, on: date) -> DoNotAskQuerySet:
        """In force on `on`, and of the parent of `request` or somebody who must be the same: called the same, or
        without a name the mother, or the father, of the same child. The last to end first."""
        parent = request.parent
        same = Q(parent=parent)
        if parent.search_key:
            same |= Q(parent__search_key=parent.search_key)
        if parent.kind and request.child_id:
            same |= Q(parent__guardianship__child=request.child_id, parent__kind=parent.kind)
        return self.in_force(on).filter(same, school_id=request.school_id).distinct().order_by("-until")

    def sent_as(self, submission: UUID, by: Membership) -> DoNotAskQuerySet:
        """The refusal that `by` recorded with the form of this number: it is one, however often it was sent."""
        return self.filter(submission=submission, recorded_by=by)


class DoNotAsk(Submission):
    """A parent who does not want us to look for them; all else they said is gone."""

    parent = models.ForeignKey(Parent, models.CASCADE)
    until = models.DateField(_("do not ask again until"))

    objects = DoNotAskQuerySet.as_manager()

    class Meta(Submission.Meta):
        constraints = [*Submission.Meta.constraints, *same_school("donotask", "parent", "recorded_by")]

    def __str__(self) -> str:
        return f"{self.parent_id} – {self.until}"


class Organisation(SchoolOwned):
    """Where else parents find support, Home-Start first (R18)."""

    name = models.CharField(_("name"), max_length=80)
    about = models.CharField(_("what they do"), max_length=200, blank=True)
    website = models.URLField(_("website"), blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(SchoolOwned.Meta):
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            *SchoolOwned.Meta.constraints,
            models.UniqueConstraint(fields=["school", "name"], name="organisation_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ReferralStatus(models.TextChoices):
    """How far a referral has come; the parent decides about each step."""

    DISCUSSED = "discussed", _("discussed")
    REGISTERED = "registered", _("registered")
    COMPLETED = "completed", _("completed")
    DID_NOT_PROCEED = "did_not_proceed", _("did not proceed")


class Referral(Submission):
    """Another organisation was discussed with the parent (R18)."""

    request = models.ForeignKey(SupportRequest, models.CASCADE)
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("organisation"))
    status = models.CharField(_("status"), max_length=16, choices=ReferralStatus.choices)
    discussed_at = models.DateTimeField(editable=False)

    class Meta(Submission.Meta):
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        constraints = [
            *Submission.Meta.constraints,
            *same_school("referral", "request", "organisation", "recorded_by"),
            one_of("status", ReferralStatus, "referral_status"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} – {self.organisation_id}"

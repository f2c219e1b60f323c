"""The pool of buddies as its pages show it: what a member may know of it, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.formats import date_format
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from school import paging
from school.models import Child, Membership, Parent
from school.models.people import spoken as languages_of

from .. import consent_texts
from ..children import Children, children_of
from ..languages import Language, spoken
from ..models import Background, Buddy, Consent, Experience, Match, Purpose, Theme, own_themes, themes_in_use
from ..models.buddies import BuddyQuerySet, ExperienceQuerySet
from ..models.consents import ConsentQuerySet
from ..naming import parent_title, request_title
from ..workflow import BEFORE_AGREED, BuddyStatus, MatchStatus
from .known_parents import Known, known, others

# From this long before a consent ends, the page offers to ask again.
RENEW_AHEAD = timedelta(days=60)


class Standing(StrEnum):
    """Where a buddy stands, for who wants to know whether they can be asked. Derived, never stored."""

    SUGGESTED = "suggested"
    NOMINATED = "nominated"
    ASKED = "asked"
    LAPSED = "lapsed"
    PAUSED = "paused"
    BUSY = "busy"
    AVAILABLE = "available"
    STOPPED = "stopped"


# What waits for the coordinator, and the step that does it.
STEPS: dict[Standing, str | Promise] = {
    Standing.NOMINATED: gettext_lazy("Look and take up"),
    Standing.SUGGESTED: gettext_lazy("Ask the parent"),
    Standing.ASKED: gettext_lazy("Record the answer"),
}

# What the member reads once a yes has been taken back.
WITHDRAWN: dict[Purpose, str | Promise] = {
    Purpose.SHARE_EXPERIENCE: gettext_lazy(
        "Withdrawn. The experience has been erased; nobody is proposed on it."
    ),
    Purpose.DISCLOSE_NAME: gettext_lazy(
        "Withdrawn. From now on the name is only mentioned after a yes to a match."
    ),
    Purpose.SAME_BACKGROUND: gettext_lazy("Withdrawn. The words about the background have been erased."),
}

MATCH_STATES: dict[MatchStatus, str | Promise] = {
    MatchStatus.PROPOSED: gettext_lazy("proposed"),
    MatchStatus.WAITING_FOR_PARENT: gettext_lazy("waiting for the parent"),
    MatchStatus.WAITING_FOR_BUDDY: gettext_lazy("waiting for the buddy"),
    MatchStatus.AGREED: gettext_lazy("both said yes"),
    MatchStatus.CONNECTED: gettext_lazy("connected"),
}


def listed(membership: Membership, on: date) -> BuddyQuerySet:
    """Buddies this member may see on `on`, each with `live`, `shared` (the experiences in the member's themes) and what
    a page about them needs."""
    shared = _shared(membership, on).select_related("theme", "consent__recorded_by__user")
    return (
        Buddy.objects.visible_to(membership, on)
        .with_load()
        .select_related("parent", "recorded_by__user")
        .prefetch_related(
            Prefetch("experience_set", shared, to_attr="shared"),
            Prefetch("parent__children", Child.objects.select_related("group")),
        )
    )


def _in_brief(membership: Membership, on: date) -> BuddyQuerySet:
    """All buddies with as much of the same as a line of a list reads."""
    shared = _shared(membership, on).select_related("theme", "consent")
    shared = shared.only(
        "buddy", "theme__code", "theme__name", "consent__valid_until", "consent__withdrawn_at"
    )
    children = Child.objects.only("first_name").order_by("pk")
    return (
        Buddy.objects.with_load()
        .select_related("parent", "recorded_by__user")
        .only(
            "status",
            "paused_until",
            "capacity",
            "taken_up_at",
            "created_at",
            "parent__first_name",
            "parent__last_name",
            "parent__kind",
            "parent__languages",
            "recorded_by__user__name",
            "recorded_by__user__email",
        )
        .prefetch_related(
            Prefetch("experience_set", shared, to_attr="shared"), Prefetch("parent__children", children)
        )
    )


def _shared(membership: Membership, on: date) -> ExperienceQuerySet:
    return Experience.objects.owned_by(membership).kept(on).order_by("theme__position", "pk")


def with_background(buddies: BuddyQuerySet) -> BuddyQuerySet:
    """`buddies` with what their own page shows of their parents' background."""
    return buddies.select_related("parent__background__consent__recorded_by__user")


def beginning(status: str, taken_up_at: datetime | None) -> Standing | None:
    """Where somebody stands who is still to be asked or looked at, or has stopped; None for who can be a buddy now."""
    match BuddyStatus(status):
        case BuddyStatus.SUGGESTED:
            return Standing.SUGGESTED
        case BuddyStatus.ASKED:
            return Standing.ASKED
        case BuddyStatus.STOPPED:
            return Standing.STOPPED
    return Standing.NOMINATED if taken_up_at is None else None


@dataclass(frozen=True)
class Line:
    """One buddy of `listed`, as far as a list or the head of their page tells."""

    buddy: Buddy
    on: date

    @cached_property
    def shared(self) -> Sequence[Experience]:
        """The experiences the member may see."""
        found: Sequence[Experience] = self.buddy.shared  # type: ignore[attr-defined]  # prefetched by listed
        return found

    @cached_property
    def name(self) -> str:
        """What to call the parent."""
        children = list(self.buddy.parent.children.all())
        return parent_title(self.buddy.parent, children[0].first_name if children else "")

    @property
    def family(self) -> str:
        """Whose parent: "mother of Sem", "mother", or nothing when neither was said."""
        parent = self.buddy.parent
        children = ", ".join(child.first_name for child in parent.children.all())
        kind = str(parent.get_kind_display()) if parent.kind else ""
        return parent_title(Parent(kind=parent.kind), children) if children else kind

    @property
    def languages(self) -> list[Language]:
        """What the parent speaks."""
        return spoken(self.buddy.parent.spoken)

    @cached_property
    def standing(self) -> Standing:
        """Whether they can be asked, and if not why not."""
        buddy = self.buddy
        if (first := beginning(buddy.status, buddy.taken_up_at)) is not None:
            return first
        if buddy.paused_until is not None and buddy.paused_until > self.on:
            return Standing.PAUSED
        if buddy.live >= buddy.capacity:
            return Standing.BUSY
        if self.shared and not any(experience.consent.is_valid(self.on) for experience in self.shared):
            return Standing.LAPSED
        return Standing.AVAILABLE

    @property
    def status_text(self) -> str:
        """The standing in words."""
        match self.standing:
            case Standing.SUGGESTED | Standing.NOMINATED:
                return _("put forward by %(colleague)s") % {"colleague": self.buddy.recorded_by}
            case Standing.ASKED:
                return _("has been asked")
            case Standing.LAPSED:
                return _("consent has ended")
            case Standing.PAUSED:
                return _("on pause until %(day)s") % {
                    "day": date_format(self.buddy.paused_until or self.on, "j F")
                }
            case Standing.BUSY:
                return _("busy")
            case Standing.STOPPED:
                return _("stopped")
            case _:
                return _("available")

    @property
    def status_kind(self) -> str:
        """Which of the looks of `_status.html` it has."""
        if self.standing is Standing.AVAILABLE:
            return "done"
        return "waiting" if self.step or self.standing is Standing.LAPSED else ""

    @property
    def explanation(self) -> str:
        """What is known so far of somebody who is still to be looked at."""
        match self.standing:
            case Standing.SUGGESTED:
                return _("The parent has not been asked yet.")
            case Standing.NOMINATED:
                return _("Said yes to your colleague.")
            case Standing.ASKED:
                return _("The parent is thinking about it.")
            case _:
                return ""

    @property
    def step(self) -> str | Promise:
        """What the coordinator does next; empty when nothing waits."""
        return STEPS.get(self.standing, "")


def overview(
    membership: Membership, on: date, *, theme: str = "", language: str = "", page: str | None = None
) -> dict[str, Any]:
    """A page of the pool on `on`, without who has stopped, narrowed to the theme with number `theme` and to who speaks
    `language`: `waiting` for the member's next step and then the `rest`, by name, beside what can be chosen."""
    themes = themes_in_use(membership)
    chosen = next((each for each in themes if str(each.pk) == theme), None)
    found = Buddy.objects.visible_to(membership, on).exclude(status=BuddyStatus.STOPPED)
    if chosen is not None:
        sharing = Experience.objects.owned_by(membership).kept(on).filter(theme=chosen)
        found = found.filter(pk__in=sharing.values("buddy"))
    people = [
        (pk, beginning(status, taken_up_at) in STEPS, languages_of(said))
        for pk, status, taken_up_at, said in found.order_by("parent__sort_key", "pk").values_list(
            "pk", "status", "taken_up_at", "parent__languages"
        )
    ]
    rows = [(pk, waits) for pk, waits, codes in people if not language or language in codes]
    rows.sort(key=lambda row: not row[1])
    pages = paging.page([pk for pk, _waits in rows], page)
    lines = [Line(buddy, on) for buddy in paging.read(_in_brief(membership, on), list(pages))]
    return {
        "themes": themes,
        "theme": chosen,
        "languages": spoken(code for _pk, _waits, codes in people for code in codes),
        "language": language,
        "waiting": [line for line in lines if line.step],
        "rest": [line for line in lines if not line.step],
        "rest_count": sum(not waits for _pk, waits in rows),
        "pages": pages,
    }


@dataclass(frozen=True)
class Said:
    """A consent that stands, and what was stored on the ground of it."""

    consent: Consent
    on: date
    title: str = ""
    words: str = ""

    @property
    def text(self) -> str:
        """What the parent agreed to, word for word."""
        purpose = Purpose(self.consent.purpose)
        return consent_texts.text(purpose, self.consent.text_version, self.consent.language)

    @property
    def ended(self) -> bool:
        """Whether nothing new may rest on it any more."""
        return not self.consent.is_valid(self.on)

    @property
    def ask_again(self) -> bool:
        """Whether it has ended or will soon."""
        until = self.consent.valid_until
        return until is not None and until <= self.on + RENEW_AHEAD


@dataclass(frozen=True)
class Page:
    """Everything about one buddy that this member may see."""

    line: Line
    membership: Membership

    @property
    def buddy(self) -> Buddy:
        """Whom it is about."""
        return self.line.buddy

    @cached_property
    def children(self) -> Children:
        """Their children who are at school now."""
        return children_of(self.buddy, self.line.on)

    @cached_property
    def experiences(self) -> list[Said]:
        """What they share, of the member's themes."""
        return [Said(row.consent, self.line.on, str(row.theme), row.words) for row in self.line.shared]

    @cached_property
    def not_shared(self) -> list[Theme]:
        """The member's themes of which nothing has been said yet."""
        told = {said.consent.theme_id for said in self.experiences}
        return [theme for theme in themes_in_use(self.membership) if theme.pk not in told]

    @cached_property
    def name_may_be_known(self) -> Said | None:
        """The yes to making the name known, also when it has run out."""
        given = consents_of(self.buddy, self.membership).filter(
            purpose=Purpose.DISCLOSE_NAME, withdrawn_at=None
        )
        consent = given.select_related("recorded_by__user").order_by("-given_at", "-pk").first()
        return Said(consent, self.line.on) if consent else None

    @cached_property
    def background(self) -> Said | None:
        """What the parent wishes to say about their background."""
        row: Background | None = getattr(self.buddy.parent, "background", None)
        return Said(row.consent, self.line.on, words=row.words) if row else None

    @cached_property
    def matches(self) -> list[Running]:
        """Matches under way or running, of requests this member may see; there may be others."""
        rows = Match.objects.visible_to(self.membership, self.line.on).live().filter(buddy=self.buddy)
        related = ("request__parent", "request__child__group", "request__group", "request__theme")
        return [Running(match) for match in rows.select_related(*related).order_by("proposed_at", "pk")]

    @cached_property
    def maybe_the_same(self) -> list[Known]:
        """Parents who may be the one that a colleague typed: the same name, or a child they share."""
        if self.line.standing not in (Standing.SUGGESTED, Standing.ASKED, Standing.NOMINATED):
            return []
        typed = self.buddy.parent
        alike = Q(guardianship__child__in=[child.pk for child in typed.children.all()])
        if typed.search_key:
            alike |= Q(search_key=typed.search_key)
        if typed.kind:
            # A mother is not her child's father.
            alike &= Q(kind__in=["", typed.kind])
        return known(others(typed, self.membership, self.line.on).filter(alike))

    def after_withdrawing(self, consent: Consent) -> dict[str, Any]:
        """What goes, ends and stays when `consent` is withdrawn: `said`, `ending` (proposals that end at once),
        `going_on` (matches on their own yes, to be rounded off) and `left` (what else is shared)."""
        shown = [*self.experiences, *filter(None, [self.background, self.name_may_be_known])]
        about = [match for match in self.matches if match.match.request.theme_id == consent.theme_id]
        about = about if consent.purpose == Purpose.SHARE_EXPERIENCE else []
        return {
            "said": next((said for said in shown if said.consent == consent), Said(consent, self.line.on)),
            "ending": [match for match in about if match.state in BEFORE_AGREED],
            "going_on": [match for match in about if match.state not in BEFORE_AGREED],
            "left": [said for said in self.experiences if said.consent != consent],
        }


@dataclass(frozen=True)
class Running:
    """A live match of a buddy, in words."""

    match: Match

    @property
    def title(self) -> str:
        """Whom the buddy helps, or may help."""
        return request_title(self.match.request)

    @property
    def state(self) -> MatchStatus:
        """Where it stands."""
        return self.match.state

    @property
    def text(self) -> str | Promise:
        """Where it stands, in words."""
        return _("to be rounded off") if self.match.winding_down else MATCH_STATES[self.match.state]


def consents_of(buddy: Buddy, membership: Membership) -> ConsentQuerySet:
    """What the buddy ever agreed to, as far as this member may see: sharing experience in the member's themes,
    making the name known, the background."""
    own = Q(theme__in=own_themes(membership), purpose=Purpose.SHARE_EXPERIENCE)
    return Consent.objects.filter(
        own | Q(purpose__in=[Purpose.DISCLOSE_NAME, Purpose.SAME_BACKGROUND]),
        parent=buddy.parent_id,
    )

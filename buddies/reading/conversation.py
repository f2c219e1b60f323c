"""One match: how far it is, what may be said to whom, and what may be handed over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.template.defaultfilters import date as day_words
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from school.models import Membership, Parent

from ..models import CheckIn, Consent, Match, Person, Purpose
from ..models.matches import CheckInQuerySet
from ..naming import request_title
from ..workflow import MatchStatus, StepRefused


@dataclass(frozen=True)
class Stage:
    """One of the steps on a match's page; `state` is "done", "current" or "todo"."""

    label: str
    state: str
    detail: str = ""


# Of each step: what it is called when it is done, and before that.
_STAGES = (
    (MatchStatus.PROPOSED, gettext_lazy("Proposed"), gettext_lazy("Propose")),
    (MatchStatus.WAITING_FOR_PARENT, gettext_lazy("The parent said yes"), gettext_lazy("Ask the parent")),
    (MatchStatus.WAITING_FOR_BUDDY, gettext_lazy("The buddy said yes"), gettext_lazy("Ask the buddy")),
    (MatchStatus.CONNECTED, gettext_lazy("Connected"), gettext_lazy("Connect")),
    (MatchStatus.COMPLETED, gettext_lazy("Rounded off"), gettext_lazy("Round off")),
)


def stages(match: Match) -> list[Stage]:
    """How far `match` is: proposed, the parent, the buddy, connected, rounded off; for one that did not proceed
    the steps it took, and that it ended."""
    done = {
        MatchStatus.PROPOSED: match.proposed_at,
        MatchStatus.WAITING_FOR_PARENT: match.parent_yes.given_at if match.parent_yes else None,
        MatchStatus.WAITING_FOR_BUDDY: match.buddy_yes.given_at if match.buddy_yes else None,
        MatchStatus.CONNECTED: match.connected_at,
        MatchStatus.COMPLETED: match.ended_at if match.state is MatchStatus.COMPLETED else None,
    }
    # Connected, nothing has to happen for a while.
    waits = match.ended_at is None and (match.state is not MatchStatus.CONNECTED or match.winding_down)
    found = []
    for status, label, before in _STAGES:
        moment = done[status]
        if moment is not None:
            found.append(Stage(str(label), "done", day_words(localdate(moment), "j F")))
        elif match.state is not MatchStatus.DID_NOT_PROCEED:
            found.append(Stage(str(before), "current" if waits else "todo"))
            waits = False
    if match.state is MatchStatus.DID_NOT_PROCEED and match.ended_at is not None:
        found.append(Stage(_("Did not proceed"), "current", day_words(localdate(match.ended_at), "j F")))
    return found


def can_undo(match: Match, on: date) -> bool:
    """Whether the last step can be taken back on day `on`."""
    try:
        match.previous(on)
    except StepRefused:
        return False
    return True


def person(checkin: CheckIn, match: Match) -> tuple[str, Parent]:
    """Whom to call for `checkin` of `match`: their name on the page, and how to reach them."""
    if checkin.person == Person.BUDDY:
        return str(match.buddy_parent), match.buddy_parent
    return request_title(match.request), match.parent


def tip_givers(match: Match, membership: Membership, on: date) -> list[str]:
    """The names of the colleagues, other than this member, who signalled and can give the parent the tip."""
    parents = [match.parent, match.buddy_parent]
    signals = match.request.signal_set.who_may_tell(parents, on).exclude(recorded_by=membership)
    return list(
        dict.fromkeys(str(signal.recorded_by) for signal in signals.select_related("recorded_by__user"))
    )


def checkins(match: Match) -> CheckInQuerySet:
    """The calls about `match`, those to come too unless it is to be rounded off."""
    rows = match.checkin_set.order_by("due_on", "pk")
    return rows.exclude(done_at=None) if match.winding_down else rows


def name_may_be_told(match: Match, on: date) -> bool:
    """Whether the buddy's name may be told to the parent: with the buddy's consent for the name, or their yes to this
    match (invariant 3)."""
    standing = Consent.objects.valid(on).filter(parent=match.buddy_parent, purpose=Purpose.DISCLOSE_NAME)
    return _holds(match.buddy_yes, on) or standing.exists()


def _holds(consent: Consent | None, on: date) -> bool:
    return consent is not None and consent.is_valid(on)


@dataclass(frozen=True)
class Agreed:
    """One consent of the match: who gave it, and whether it can still be withdrawn."""

    consent: Consent
    person: str
    open: bool


def agreements(match: Match, on: date) -> list[Agreed]:
    """Everything the two agreed to for `match`, oldest first, in one query."""
    rows = match.consents.select_related("recorded_by__user").order_by("given_at", "pk")
    names = {match.parent_id: request_title(match.request), match.buddy_parent_id: str(match.buddy_parent)}
    return [Agreed(row, names[row.parent_id], row.is_valid(on)) for row in rows]


@dataclass(frozen=True)
class HandOver:
    """Whether the contact details of `person` may go to `to`."""

    person: str
    to: str
    details: Parent
    allowed: bool


def hand_overs(match: Match, agreed: Sequence[Agreed]) -> list[HandOver]:
    """Of each of the two, once connected: whether their contact details may go to the other. It takes both yeses to
    this match and their own consent to share them (invariant 3). Nothing is handed over for what is about to stop."""
    if match.state is not MatchStatus.CONNECTED or match.winding_down:
        return []
    standing = {(row.consent.parent_id, row.consent.purpose) for row in agreed if row.open}
    both = {(match.parent_id, Purpose.MATCH), (match.buddy_parent_id, Purpose.MATCH)} <= standing
    parent, buddy = request_title(match.request), str(match.buddy_parent)
    return [
        HandOver(name, to, person, both and (person.pk, Purpose.SHARE_CONTACT) in standing)
        for person, name, to in ((match.buddy_parent, buddy, parent), (match.parent, parent, buddy))
    ]

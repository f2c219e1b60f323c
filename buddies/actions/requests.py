"""Signalling a parent, and what becomes of the request until a match takes over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from school import audit, clock
from school.actions import ParentDetails, create_parent
from school.models import Child, Group, Guardianship, Membership, Parent
from school.submissions import once

from ..models import (
    CloseReason,
    Consent,
    DoNotAsk,
    Judgement,
    KeptApart,
    Match,
    Method,
    NewcomerOffer,
    Origin,
    Purpose,
    Signal,
    SupportRequest,
    Theme,
)
from ..models.requests import NOTE_LENGTH
from ..naming import child_first_name, group_name, typed_title
from . import consents, opinions
from .errors import HasLiveMatch, WrongMoment
from .locking import lock_request
from .parents import forget_if_nothing_holds

# How long we do not bring it up again after a parent said no.
DO_NOT_ASK = timedelta(days=365)


@dataclass(frozen=True)
class Wanted:
    """What a parent who wants us to look said: theme (None is "don't know yet"), a note they may read, whether
    they would rather talk with a mother or a father, or with nobody of the same class, and how they said it."""

    theme: Theme | None = None
    note: str = ""
    wish: str = ""
    method: Method = Method.CONVERSATION
    outside_class: bool = False


@dataclass(frozen=True)
class About:
    """Whom a signal is about: the parent as typed, and the child from the class list, or its group and first name."""

    parent: ParentDetails = field(default_factory=ParentDetails)
    child: Child | None = None
    group: Group | None = None
    child_name: str = ""


@transaction.atomic
def signal(
    *, about: About, wanted: Wanted | None, by: Membership, submission: UUID, origin: Origin = Origin.SIGNAL
) -> Signal:
    """A colleague saw a parent who could use support (R9).

    `wanted` is None when it has not been discussed with the parent yet: then neither theme nor note is stored,
    and the rest goes after the school's term. The parent is always written down anew; whether we know them is for
    the coordinator to say, so that a colleague learns nothing from it. Sent twice, it is one signal.
    Raises ForeignSubmission.
    """

    def make() -> Signal:
        parent = create_parent(school=by.school, details=about.parent, child=about.child)
        return begin(parent=parent, about=about, wanted=wanted, by=by, submission=submission, origin=origin)

    return once(Signal, submission, by, make)[0]


def begin(
    *, parent: Parent, about: About, wanted: Wanted | None, by: Membership, submission: UUID, origin: Origin
) -> Signal:
    """The request of `parent`, who was written down just now, and who signalled it. Part of another action's
    transaction, which sees to it that it happens once."""
    request = SupportRequest.objects.create(
        school_id=by.school_id,
        submission=submission,
        recorded_by=by,
        parent=parent,
        child=about.child,
        group=about.child.group if about.child else about.group,
        child_name="" if about.child else about.child_name,
        origin=origin,
        signalled_at=clock.now(),
        forget_on=clock.today() + timedelta(days=by.school.undiscussed_days),
    )
    if wanted is not None:
        _search(request, wanted, by)
    made = Signal.objects.create(
        school_id=by.school_id,
        submission=submission,
        recorded_by=by,
        request=request,
        called=typed_title(parent, child_first_name(request), group_name(request)),
        at=clock.now(),
    )
    audit.record("request.signal", request, by=by)
    return made


def _search(request: SupportRequest, wanted: Wanted, by: Membership) -> None:
    """Store the consent to search first, then what may only be stored with it (invariant 1)."""
    request.search_consent = consents.give(
        parent=request.parent, purpose=Purpose.SEARCH, method=wanted.method, by=by, request=request
    )
    _set_wanted(request, wanted)
    request.forget_on = None
    request.save()


def _set_wanted(request: SupportRequest, wanted: Wanted) -> None:
    request.theme, request.note, request.wish = wanted.theme, wanted.note[:NOTE_LENGTH], wanted.wish
    request.outside_class = wanted.outside_class


def _wanted(request: SupportRequest) -> tuple[object, ...]:
    """What the parent of `request` wants, to compare."""
    return request.theme_id, request.note, request.wish, request.outside_class


@transaction.atomic
def refuse(*, about: About, by: Membership, submission: UUID) -> DoNotAsk:
    """A parent does not want us to look. Only who they are and until when not to ask again is stored."""

    def make() -> DoNotAsk:
        parent = create_parent(school=by.school, details=about.parent, child=about.child)
        refusal = _do_not_ask(parent, by, submission)
        audit.record("request.refuse", parent, by=by)
        return refusal

    return once(DoNotAsk, submission, by, make)[0]


def _do_not_ask(parent: Parent, by: Membership, submission: UUID) -> DoNotAsk:
    """The refusal; one that this same form left before, when its answer was changed and changed back, is replaced."""
    kept = {
        "school_id": by.school_id,
        "recorded_by": by,
        "parent": parent,
        "until": clock.today() + DO_NOT_ASK,
    }
    return DoNotAsk.objects.update_or_create(submission=submission, defaults=kept)[0]


@transaction.atomic
def discussed(*, request: SupportRequest, wanted: Wanted | None, by: Membership) -> None:
    """It has been discussed with the parent after all: `wanted` says what they want, None that they do not.

    A no erases the request at once; only "do not ask again until" stays. When the parent has an open request for the
    same theme, the signals join that one. Raises WrongMoment when it was recorded before.
    """
    request = lock_request(request)
    if request.search_consent_id is not None:
        raise WrongMoment
    _hold(request.parent)
    first = _open_for(request.parent, wanted.theme) if wanted else None
    if first is not None:
        Signal.objects.filter(request=request).update(request=first)
        request.delete()
        audit.record("request.discussed", first, by=by)
        return
    if wanted is not None:
        _search(request, wanted, by)
        audit.record("request.discussed", request, by=by)
        return
    parent, submission = request.parent, request.submission
    audit.record("request.refuse", parent, by=by)
    request.delete()
    _do_not_ask(parent, by, submission)


@transaction.atomic
def take_up(*, request: SupportRequest, by: Membership) -> None:
    """A coordinator starts working on it: the signaller sees "opgepakt". Taking up twice does nothing more."""
    if SupportRequest.objects.filter(pk=request.pk, taken_up_at=None).update(taken_up_at=clock.now()):
        audit.record("request.take_up", request, by=by)


@transaction.atomic
def park(*, request: SupportRequest, until: date | None, by: Membership) -> None:
    """Look for nobody until that day, when the request waits again by itself; None: it waits again now.

    Said twice, nothing more happens. Raises WrongMoment when somebody is proposed for it or it is closed.
    """
    fresh = _sought(request)
    if fresh.parked_until == until:
        return
    SupportRequest.objects.filter(pk=request.pk).update(parked_until=until)
    audit.record("request.park" if until else "request.resume", request, by=by)


def _sought(request: SupportRequest) -> SupportRequest:
    """`request`, held, if somebody may be looked for: discussed, open, and nobody proposed. Raises WrongMoment."""
    fresh = lock_request(request)
    if fresh.closed_at is not None or fresh.search_consent_id is None or fresh.match_set.live().exists():
        raise WrongMoment
    return fresh


@transaction.atomic
def choose_theme(*, request: SupportRequest, wanted: Wanted, by: Membership) -> None:
    """What a request is about, once that is clear; the parent has agreed to the search before. What colleagues thought
    of buddies for another theme goes with that. Said twice, nothing more happens.

    Raises WrongMoment when it was not discussed, is closed, or the parent has an open request for that theme.
    """
    fresh = _sought(request)
    theme, before = fresh.theme_id, _wanted(fresh)
    _set_wanted(fresh, wanted)
    try:
        with transaction.atomic():
            fresh.save()
    except IntegrityError as error:
        raise WrongMoment from error
    if fresh.theme_id != theme:
        Judgement.objects.filter(request=fresh).delete()
    if _wanted(fresh) != before:
        audit.record("request.theme", request, by=by)
    take_up(request=request, by=by)


@transaction.atomic
def confirm_parent(*, request: SupportRequest, by: Membership) -> None:
    """The typed parent is nobody the school had written down before. Said twice, nothing more happens."""
    if lock_request(request).linked_at is None:
        _linked(request, by)


def _linked(request: SupportRequest, by: Membership) -> None:
    SupportRequest.objects.filter(pk=request.pk).update(linked_at=clock.now())
    audit.record("request.link", request, by=by)
    take_up(request=request, by=by)


@transaction.atomic
def link_parent(*, request: SupportRequest, parent: Parent, by: Membership) -> SupportRequest:
    """The typed parent is `parent`. Gives the request that goes on: a second one for the same parent and theme
    joins the first, with its signals. Raises HasLiveMatch when somebody is being asked already, WrongMoment when
    `parent` was proposed for it as a buddy."""
    request = lock_request(request)
    # Only who was typed may turn out to be somebody: a parent we know keeps their own family and refusals.
    if request.linked_at is not None or request.closed_at is not None:
        raise WrongMoment
    if Match.objects.live().filter(request=request).exists():
        raise HasLiveMatch
    typed = request.parent
    if typed.pk == parent.pk:
        _linked(request, by)
        return request
    if Match.objects.filter(request=request, buddy_parent=parent).exists():
        raise WrongMoment
    _hold(typed, parent)
    first = _open_for(parent, request.theme)
    if first is not None:
        Signal.objects.filter(request=request).update(request=first)
    # The keys that tie these rows to one person are checked at commit, so they can move together.
    Consent.objects.filter(parent=typed, match__request=request).update(parent=parent)
    Match.objects.filter(request=request).update(parent=parent, request=first or request)
    NewcomerOffer.objects.filter(request=request).update(parent=parent, request=first or request)
    if first is not None:
        KeptApart.objects.filter(request=request).update(request=first)
        said = Judgement.objects.filter(
            request=first, buddy=OuterRef("buddy"), recorded_by=OuterRef("recorded_by")
        )
        Judgement.objects.filter(~Exists(said), request=request).update(request=first)
        request.delete()
        going_on = first
    else:
        Consent.objects.filter(parent=typed, request=request).update(parent=parent)
        SupportRequest.objects.filter(pk=request.pk).update(parent=parent)
        request.refresh_from_db()
        going_on = request
    _merge(typed, parent)
    _linked(going_on, by)
    return going_on


def _hold(*parents: Parent) -> None:
    """Hold `parents` until the transaction ends, everybody in the same order, so that two requests that turn out to be
    of one parent join one after the other. Raises WrongMoment when one of them is gone."""
    rows = Parent.objects.select_for_update(no_key=True).filter(pk__in=[parent.pk for parent in parents])
    if len(rows.order_by("pk")) < len(parents):
        raise WrongMoment


def _open_for(parent: Parent, theme: Theme | None) -> SupportRequest | None:
    """The open request of `parent` about `theme`, of which there is one at most; none about "don't know yet"."""
    return SupportRequest.objects.open().filter(parent=parent, theme=theme).exclude(theme=None).first()


def _merge(typed: Parent, known: Parent) -> None:
    """Move what is left of `typed`, who turned out to be `known`, and forget the typed row if nothing holds it."""
    children = set(Guardianship.objects.filter(parent=known).values_list("child_id", flat=True))
    Guardianship.objects.filter(parent=typed).exclude(child__in=children).update(parent=known)
    DoNotAsk.objects.filter(parent=typed).update(parent=known)
    opinions.merge(typed, known)
    forget_if_nothing_holds(typed)


@transaction.atomic
def close(*, request: SupportRequest, reason: CloseReason, by: Membership) -> None:
    """The request ends. Raises HasLiveMatch while a match is live, WrongMoment when it was closed before."""
    lock_request(request)
    if Match.objects.live().filter(request=request).exists():
        raise HasLiveMatch
    closed = SupportRequest.objects.filter(
        pk=request.pk, closed_at=None, search_consent__isnull=False
    ).update(closed_at=clock.now(), close_reason=reason)
    if not closed:
        raise WrongMoment
    audit.record("request.close", request, by=by)

"""Offering a buddy to the families of children who start, and what they say to it (R12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from school import audit, clock
from school.actions import ParentDetails, create_parent
from school.models import Child, Group, Membership, Parent, School
from school.submissions import once

from .. import candidates
from ..models import (
    Buddy,
    BuiltIn,
    ClickReason,
    Method,
    NewcomerOffer,
    OfferAnswer,
    Origin,
    Siblings,
    Signal,
    SupportRequest,
    Theme,
)
from ..models.newcomers import HOMES, KEPT
from . import matches, requests
from .errors import AlreadyOffered, BuddyFull, NotACandidate, WrongMoment
from .locking import lock
from .parents import forget_if_nothing_holds


@dataclass(frozen=True)
class InMind:
    """The buddy the coordinator has in mind for a family, and why a click is expected (R4)."""

    buddy: Buddy
    click_reasons: Sequence[ClickReason]

    def __post_init__(self) -> None:
        if not self.click_reasons:
            raise ValueError("a buddy is in mind for a reason")


@dataclass(frozen=True)
class Told:
    """What came up when the buddy was offered: the parent as typed, whether the child lives at two homes, whether
    there are children of the family here already, how it was said, and whether they would rather have nobody of the
    same class."""

    parent: ParentDetails = field(default_factory=ParentDetails)
    two_homes: bool = False
    siblings: Siblings = Siblings.UNKNOWN
    method: Method = Method.CONVERSATION
    outside_class: bool = False


@transaction.atomic
def add_child(*, first_name: str, group: Group | None, start_date: date, by: Membership) -> Child:
    """A child who starts and is not in the class list. One of that name, group and first day is not added twice."""
    # Sent twice at once, the second waits here and then finds the child.
    School.objects.select_for_update(no_key=True).get(pk=by.school_id)
    alike = Child.objects.filter(school=by.school_id, group=group, start_date=start_date)
    child = alike.filter(first_name=first_name).first()
    if child is None:
        child = Child.objects.create(
            school_id=by.school_id, first_name=first_name, group=group, start_date=start_date
        )
        audit.record("child.add", child, by=by)
    return child


@transaction.atomic
def offer(
    *,
    child: Child,
    told: Told,
    in_mind: InMind | None,
    by: Membership,
    submission: UUID,
    home: int = 1,
    answer: OfferAnswer = OfferAnswer.OPEN,
) -> NewcomerOffer:
    """A parent of `child` was offered a buddy and said `answer`: thinks about it, yes or no.

    At two homes each parent is offered one (`home` 1 and 2). Nobody has been named to the parent (R3); every hard
    rule is checked for the buddy in mind. Of a no nothing typed is kept. Sent twice, it is one offer. Raises
    AlreadyOffered, NotACandidate, BuddyFull, ForeignSubmission, WrongMoment when the form was used for another family;
    ValueError for a home that is not there.
    """
    if home not in HOMES:
        raise ValueError(f"there is no home {home}")

    def make() -> NewcomerOffer:
        now, today, said_no = clock.now(), clock.today(), answer is OfferAnswer.NO
        parent = None if said_no else create_parent(school=by.school, details=told.parent, child=child)
        chosen = None if said_no else in_mind
        if chosen is not None:
            family = candidates.Newcomer(child, home, parent, told.outside_class)
            _check_candidate(family, chosen.buddy)
        made = NewcomerOffer.objects.create(
            school_id=by.school_id,
            submission=submission,
            recorded_by=by,
            child=child,
            home=home,
            two_homes=told.two_homes and home == 1,
            parent=parent,
            siblings=Siblings.UNKNOWN if said_no else told.siblings,
            buddy=chosen.buddy if chosen else None,
            click_reasons=list(chosen.click_reasons) if chosen else [],
            offered_at=now,
            answer=answer if said_no else OfferAnswer.OPEN,
            answered_at=now if said_no else None,
            forget_on=max(child.start_date or today, today) + KEPT,
        )
        if home == 2:
            NewcomerOffer.objects.filter(child=child, home=1).update(two_homes=True)
        audit.record("newcomer.offer", made, by=by)
        if said_no:
            audit.record("newcomer.no", made, by=by)
        elif answer is OfferAnswer.YES:
            accept(
                offer=made,
                in_mind=chosen,
                method=told.method,
                outside_class=told.outside_class,
                by=by,
                submission=submission,
            )
            made.refresh_from_db()
        return made

    if in_mind is not None:
        # First of all: whoever changes the buddy, or offers them to somebody else, waits for us.
        lock(in_mind.buddy)
    try:
        found = once(NewcomerOffer, submission, by, make)[0]
    except IntegrityError as error:
        # A colleague was first: theirs stands, and of this one nothing stays.
        if NewcomerOffer.objects.filter(child=child, home=home).exists():
            raise AlreadyOffered from error
        raise
    if (found.child_id, found.home) != (child.pk, home):
        raise WrongMoment  # the form was used for another family
    return found


@transaction.atomic
def accept(
    *,
    offer: NewcomerOffer,
    in_mind: InMind | None,
    method: Method,
    by: Membership,
    submission: UUID,
    outside_class: bool = False,
) -> SupportRequest:
    """The parent would like a buddy: a request with origin intake, and the buddy in mind proposed and wanted, so that
    the buddy is asked next. A buddy who cannot be asked any more is left out; then somebody is to be found for it.
    `outside_class`, that they would rather have nobody of the same class, is kept with the consent this yes gives.

    Sent twice, it is one request. Raises WrongMoment when another answer was recorded, the offer is gone, or the form
    was used for something else; ForeignSubmission.
    """
    if in_mind is not None:
        lock(in_mind.buddy)
    fresh = _held(offer)
    if fresh.request is not None and fresh.request.submission == submission:
        return fresh.request
    parent = fresh.parent
    if fresh.answer != OfferAnswer.OPEN or parent is None:
        raise WrongMoment

    def make() -> Signal:
        return requests.begin(
            parent=parent,
            about=requests.About(child=fresh.child),
            wanted=requests.Wanted(_theme(fresh.child), method=method, outside_class=outside_class),
            by=by,
            submission=submission,
            origin=Origin.INTAKE,
        )

    signal, made = once(Signal, submission, by, make)
    if not made:
        raise WrongMoment
    request = signal.request
    requests.take_up(request=request, by=by)
    fresh.answer, fresh.answered_at, fresh.request = OfferAnswer.YES, clock.now(), request
    # From here on the match says who and why.
    fresh.buddy, fresh.click_reasons = None, []
    fresh.save()
    audit.record("newcomer.yes", fresh, by=by)
    if in_mind is not None:
        _propose(request, in_mind, method, by, submission)
    return request


def _propose(
    request: SupportRequest, chosen: InMind, method: Method, by: Membership, submission: UUID
) -> None:
    try:
        with transaction.atomic():
            match = matches.propose(
                request=request,
                buddy=chosen.buddy,
                click_reasons=chosen.click_reasons,
                by=by,
                submission=submission,
            )
            if match.request_id != request.pk:
                raise WrongMoment
            matches.record_parent_yes(match=match, method=method, by=by)
    except (BuddyFull, NotACandidate):
        pass  # the parent's yes stands; who is asked is for the page of the request


@transaction.atomic
def decline(*, offer: NewcomerOffer, by: Membership) -> None:
    """The parent would rather not: they, and the buddy in mind, are forgotten at once. Said twice, nothing more
    happens. Raises WrongMoment when a yes was recorded, or the offer is gone."""
    fresh = _held(offer)
    if fresh.answer == OfferAnswer.NO:
        return
    if fresh.answer != OfferAnswer.OPEN:
        raise WrongMoment
    parent = fresh.parent
    fresh.answer, fresh.answered_at = OfferAnswer.NO, clock.now()
    fresh.parent, fresh.buddy, fresh.click_reasons, fresh.siblings = None, None, [], Siblings.UNKNOWN
    fresh.save()
    audit.record("newcomer.no", fresh, by=by)
    _forget(parent)


@transaction.atomic
def choose_other(*, offer: NewcomerOffer, in_mind: InMind | None, by: Membership) -> None:
    """While the family thinks about it, another buddy comes to mind, or none. Raises NotACandidate, BuddyFull,
    WrongMoment."""
    if in_mind is not None:
        lock(in_mind.buddy)
    fresh = _held(offer)
    if fresh.answer != OfferAnswer.OPEN:
        raise WrongMoment
    if in_mind is not None:
        family = candidates.Newcomer(fresh.child, fresh.home, fresh.parent)
        _check_candidate(family, in_mind.buddy, but_for=fresh)
    fresh.buddy = in_mind.buddy if in_mind else None
    fresh.click_reasons = list(in_mind.click_reasons) if in_mind else []
    fresh.save()
    audit.record("newcomer.choose", fresh, by=by)


@transaction.atomic
def take_back(*, offer: NewcomerOffer, by: Membership) -> None:
    """What was recorded by mistake today is undone: the family counts as not asked. Raises WrongMoment (see
    `may_be_taken_back`)."""
    fresh = _held(offer)
    if not may_be_taken_back(fresh, clock.today()):
        raise WrongMoment
    audit.record("newcomer.take_back", fresh, by=by)
    forget(fresh)


def may_be_taken_back(offer: NewcomerOffer, on: date) -> bool:
    """Whether `offer` can be undone on `on`: made or refused on that day. A yes is a request, with steps of its own."""
    said = offer.answered_at or offer.offered_at
    return offer.answer != OfferAnswer.YES and localdate(said) == on


def forget(offer: NewcomerOffer) -> None:
    """Erase `offer`, and the parent with it when nothing else is known of them. Part of another action's
    transaction."""
    parent = offer.parent
    offer.delete()
    _forget(parent)


def _forget(parent: Parent | None) -> None:
    if parent is not None:
        forget_if_nothing_holds(parent)


def _check_candidate(family: candidates.Newcomer, buddy: Buddy, but_for: NewcomerOffer | None = None) -> None:
    """Raises BuddyFull or NotACandidate unless `buddy`, who is locked, can be offered to `family`."""
    theme = _theme(family.child)
    excluded = candidates.newcomer_exclusion(theme, family, buddy, clock.today(), but_for)
    if excluded is not None:
        raise BuddyFull if excluded.code in ("capacity", "in_mind") else NotACandidate


def _theme(child: Child) -> Theme:
    return Theme.objects.get(school=child.school_id, code=BuiltIn.NEWCOMER)


def _held(offer: NewcomerOffer) -> NewcomerOffer:
    """`offer` as it is now, held until the transaction ends; after its buddy, as everywhere. Raises WrongMoment when
    the row is gone."""
    rows = NewcomerOffer.objects.select_for_update(of=("self",), no_key=True)
    fresh = rows.select_related("parent", "child__group", "request", "school").filter(pk=offer.pk).first()
    if fresh is None:
        raise WrongMoment
    return fresh

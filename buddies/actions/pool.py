"""The pool of buddies: who is in it, with what, for how many, and since when not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from school import audit, clock
from school.actions import ParentDetails, create_parent
from school.errors import Changed
from school.models import Child, Membership, Parent
from school.models.people import school_year
from school.submissions import once

from ..models import Background, Buddy, Consent, EndReason, Experience, Match, Method, Purpose, Theme
from ..naming import typed_title
from ..workflow import BEFORE_AGREED, BuddyStatus, StepRefused, check_buddy_step
from . import consents, opinions
from .errors import AlreadyABuddy, CapacityTooLow, WrongMoment
from .locking import lock
from .parents import forget_if_nothing_holds


@dataclass(frozen=True)
class Offer:
    """What a buddy can do: parents at the same time, own children here (number and grades), since which year."""

    capacity: int = 1
    children_count: int = 1
    grades: tuple[int, ...] = ()
    here_since: int | None = None


@dataclass(frozen=True)
class Answers:
    """The two answers of R1, asked separately: the experience to share per theme (with a few words), and whether
    the name may be made known."""

    experiences: Mapping[Theme, str]
    name_may_be_known: bool
    method: Method = Method.CONVERSATION


@transaction.atomic
def add_buddy(
    *,
    parent: Parent | ParentDetails,
    offer: Offer,
    answers: Answers,
    by: Membership,
    submission: UUID,
    child: Child | None = None,
    taken_up: bool = True,
) -> Buddy:
    """A parent said yes to being a buddy. `parent` is one we know, or one to write down.

    `taken_up` is False for what a colleague passes on: the coordinator looks at it first. Sent twice, it is one
    buddy. Raises AlreadyABuddy when the parent is one and has not stopped, CapacityTooLow, ForeignSubmission.
    """

    def make() -> Buddy:
        person = parent
        if isinstance(person, ParentDetails):
            person = create_parent(school=by.school, details=person, child=child)
        now = clock.now()
        buddy = Buddy.objects.filter(parent=person).first()
        if buddy is None:
            buddy = Buddy(school_id=by.school_id, submission=submission, parent=person, created_at=now)
        else:
            lock(buddy)
            if buddy.status == BuddyStatus.OFFERED:
                raise AlreadyABuddy
        buddy.recorded_by, buddy.submission = by, submission
        buddy.status, buddy.forget_on = BuddyStatus.OFFERED, None
        buddy.taken_up_at = now if taken_up else None
        buddy.called = typed_title(person, child.first_name if child else "")
        _set_offer(buddy, offer)
        buddy.save()
        _record_answers(buddy, answers, by)
        audit.record("buddy.add", buddy, by=by)
        return buddy

    try:
        return once(Buddy, submission, by, make)[0]
    except IntegrityError as error:
        # Two colleagues at the same moment: the first one's stands.
        if isinstance(parent, Parent) and Buddy.objects.filter(parent=parent).exists():
            raise AlreadyABuddy from error
        raise


@transaction.atomic
def suggest(*, details: ParentDetails, by: Membership, submission: UUID, child: Child | None = None) -> Buddy:
    """A colleague thinks of a parent who has not been asked yet (R8): who it is and who says so, nothing else,
    and not for longer than the school's term. Sent twice, it is one suggestion. Raises ForeignSubmission."""

    def make() -> Buddy:
        parent = create_parent(school=by.school, details=details, child=child)
        buddy = Buddy.objects.create(
            school_id=by.school_id,
            submission=submission,
            recorded_by=by,
            parent=parent,
            called=typed_title(parent, child.first_name if child else ""),
            status=BuddyStatus.SUGGESTED,
            forget_on=clock.today() + timedelta(days=by.school.suggestion_days),
            created_at=clock.now(),
        )
        audit.record("buddy.suggest", buddy, by=by)
        return buddy

    return once(Buddy, submission, by, make)[0]


@transaction.atomic
def ask(*, buddy: Buddy, by: Membership) -> None:
    """The suggested parent has been asked and is thinking about it. Raises WrongMoment."""
    lock(buddy)
    _step(buddy, BuddyStatus.ASKED)
    buddy.forget_on, buddy.taken_up_at = None, buddy.taken_up_at or clock.now()
    buddy.save()
    audit.record("buddy.ask", buddy, by=by)


@transaction.atomic
def record_offer(*, buddy: Buddy, offer: Offer, answers: Answers, by: Membership) -> None:
    """The suggested or asked parent says yes, or who stopped starts again. Raises WrongMoment, CapacityTooLow."""
    lock(buddy)
    _step(buddy, BuddyStatus.OFFERED)
    buddy.forget_on, buddy.taken_up_at = None, clock.now()
    _set_offer(buddy, offer)
    buddy.save()
    _record_answers(buddy, answers, by)
    audit.record("buddy.offer", buddy, by=by)


@transaction.atomic
def take_up(*, buddy: Buddy, by: Membership) -> None:
    """A coordinator has looked at a buddy that a colleague passed on: from now on they can be asked."""
    if Buddy.objects.filter(pk=buddy.pk, taken_up_at=None).update(taken_up_at=clock.now()):
        audit.record("buddy.take_up", buddy, by=by)


@transaction.atomic
def add_experience(*, buddy: Buddy, theme: Theme, words: str, method: Method, by: Membership) -> None:
    """The buddy has experience with one more theme and agrees to share it. A second yes for the same theme renews
    the consent; the same one of that day adds nothing. Raises WrongMoment when the buddy has stopped."""
    lock(buddy)
    if buddy.status != BuddyStatus.OFFERED:
        raise WrongMoment
    said = Experience.objects.filter(buddy=buddy, theme=theme).select_related("consent").first()
    if said is not None and words in ("", said.words) and consents.said_today(said.consent, method):
        return
    # The event is about the experience: who arranges another theme reads of no buddy that there is one.
    audit.record("buddy.experience", _share(buddy, theme, words, method, by), by=by)


@transaction.atomic
def record_name_consent(*, buddy: Buddy, method: Method, by: Membership) -> None:
    """The buddy's name may be made known to a parent who is interested (R1)."""
    lock(buddy)
    consents.give(parent=buddy.parent, purpose=Purpose.DISCLOSE_NAME, method=method, by=by)


@transaction.atomic
def set_background(*, parent: Parent, words: str, method: Method, by: Membership) -> None:
    """What a parent says about their own background, in their own words (R17); said again, it replaces it, and the same
    of that day adds nothing. Raises WrongMoment when the parent is gone."""
    # Two who write it down at once do so one after the other.
    if Parent.objects.select_for_update(no_key=True).filter(pk=parent.pk).first() is None:
        raise WrongMoment
    said = Background.objects.filter(parent=parent).select_related("consent").first()
    if said is not None and said.words == words and consents.said_today(said.consent, method):
        return
    Background.objects.filter(parent=parent).delete()
    consent = consents.give(parent=parent, purpose=Purpose.SAME_BACKGROUND, method=method, by=by)
    Background.objects.create(school_id=by.school_id, parent=parent, consent=consent, words=words)
    audit.record("parent.background", parent, by=by)


@transaction.atomic
def update_offer(*, buddy: Buddy, offer: Offer, revision: int, by: Membership) -> None:
    """Change what the buddy can do. Raises Changed when somebody else did since `revision`, CapacityTooLow when
    they help more parents now."""
    if not Buddy.objects.filter(pk=buddy.pk, revision=revision).update(revision=F("revision") + 1):
        raise Changed
    buddy.refresh_from_db()
    _set_offer(buddy, offer)
    buddy.save()
    audit.record("buddy.update", buddy, by=by)


@transaction.atomic
def pause(*, buddy: Buddy, until: date | None, by: Membership) -> None:
    """Ask this buddy for nobody until `until`; None ends the pause. What runs goes on. Said twice, nothing more
    happens. Raises WrongMoment."""
    lock(buddy)
    if buddy.status != BuddyStatus.OFFERED:
        raise WrongMoment
    if buddy.paused_until == until:
        return
    buddy.paused_until = until
    buddy.save()
    audit.record("buddy.pause" if until else "buddy.resume", buddy, by=by)


@transaction.atomic
def stop(*, buddy: Buddy, by: Membership) -> None:
    """The parent is no buddy any more, or does not want to become one: every consent for it ends, with all that
    rests on it; who was never asked is forgotten. Stopping is as easy as starting. Raises WrongMoment."""
    lock(buddy)
    if buddy.status == BuddyStatus.SUGGESTED:
        audit.record("buddy.forget", buddy, by=by)
        forget(buddy)
        return
    _step(buddy, BuddyStatus.STOPPED)
    lasting = Consent.objects.filter(parent=buddy.parent, purpose__in=consents.LASTING, withdrawn_at=None)
    for consent in lasting.exclude(purpose=Purpose.SAME_BACKGROUND):
        consents.withdraw(consent=consent, by=by)
    consents.end_matches(Match.objects.filter(buddy=buddy), BEFORE_AGREED, EndReason.CONSENT_ENDED, by=by)
    # With the last experience they have stopped already.
    going_on = Buddy.objects.filter(pk=buddy.pk).exclude(status=BuddyStatus.STOPPED)
    if going_on.update(status=BuddyStatus.STOPPED, paused_until=None):
        audit.record("buddy.stop", buddy, by=by)


def forget(buddy: Buddy) -> None:
    """Erase a suggestion, and the parent with it when nothing else is known of them."""
    parent = buddy.parent
    buddy.delete()
    forget_if_nothing_holds(parent)


@transaction.atomic
def link_parent(*, buddy: Buddy, parent: Parent, by: Membership) -> Buddy:
    """The typed parent of a nominated buddy is `parent`. Raises AlreadyABuddy when that parent is one, WrongMoment
    once the buddy was taken up: from then on it is a parent we know."""
    lock(buddy)
    typed = buddy.parent
    if typed.pk == parent.pk:
        return buddy
    if Buddy.objects.filter(parent=parent).exclude(pk=buddy.pk).exists():
        raise AlreadyABuddy
    if buddy.taken_up_at is not None:
        raise WrongMoment
    try:
        with transaction.atomic():
            if Background.objects.filter(parent=parent).exists():
                said_twice = Consent.objects.filter(background__parent=typed, withdrawn_at=None)
                said_twice.update(withdrawn_at=clock.now())
                Background.objects.filter(parent=typed).delete()
            Background.objects.filter(parent=typed).update(parent=parent)
            Consent.objects.filter(parent=typed, match=None, request=None).update(parent=parent)
            Experience.objects.filter(buddy=buddy).update(parent=parent)
            Buddy.objects.filter(pk=buddy.pk).update(parent=parent)
    except IntegrityError as error:
        raise AlreadyABuddy from error
    children = set(parent.children.values_list("pk", flat=True))
    typed.guardianship_set.exclude(child__in=children).update(parent=parent)
    typed.donotask_set.update(parent=parent)
    opinions.merge(typed, parent)
    forget_if_nothing_holds(typed)
    audit.record("buddy.link", buddy, by=by)
    buddy.refresh_from_db()
    return buddy


def _step(buddy: Buddy, new: BuddyStatus) -> None:
    try:
        check_buddy_step(BuddyStatus(buddy.status), new)
    except StepRefused as error:
        raise WrongMoment from error
    buddy.status = new


def _set_offer(buddy: Buddy, offer: Offer) -> None:
    """`buddy` can do what `offer` says; the places taken close ranks. Raises CapacityTooLow when they are more."""
    live = list(Match.objects.live().filter(buddy=buddy).order_by("slot")) if buddy.pk else []
    if offer.capacity < len(live):
        raise CapacityTooLow
    for slot, match in enumerate(live, start=1):
        if match.slot is not None and match.slot > slot:
            Match.objects.filter(pk=match.pk).update(slot=slot)
    buddy.capacity, buddy.children_count = offer.capacity, offer.children_count
    buddy.grades, buddy.grades_told_in = sorted(offer.grades), school_year(clock.today())
    buddy.here_since = offer.here_since


def _record_answers(buddy: Buddy, answers: Answers, by: Membership) -> None:
    for theme, words in answers.experiences.items():
        _share(buddy, theme, words, answers.method, by)
    if answers.name_may_be_known:
        consents.give(parent=buddy.parent, purpose=Purpose.DISCLOSE_NAME, method=answers.method, by=by)


def _share(buddy: Buddy, theme: Theme, words: str, method: Method, by: Membership) -> Experience:
    consent = consents.give(
        parent=buddy.parent, purpose=Purpose.SHARE_EXPERIENCE, method=method, by=by, theme=theme
    )
    earlier = Experience.objects.filter(buddy=buddy, theme=theme).first()
    if earlier is None:
        return Experience.objects.create(
            school_id=by.school_id,
            buddy=buddy,
            parent=buddy.parent,
            theme=theme,
            consent=consent,
            words=words,
        )
    earlier.consent, earlier.words = consent, words or earlier.words
    earlier.save()
    return earlier

"""Planning a meeting, changing it, and looking back on it. None of it reaches a buddy (R24, invariant 6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate

from buddies.actions.errors import WrongMoment
from school import audit, clock
from school.errors import Changed
from school.models import Child, Group, Membership, School
from school.submissions import once

from ..models import Agreements, Audience, BuddyComes, FollowUp, FollowUpKind, Meeting, MeetingParent
from ..models.meetings import KEPT, MAY_BE_THERE
from ..workflow import MeetingStatus, StepRefused, check_step
from .errors import OwnChild, StillToCome, TooFarAhead, TooLongAgo
from .locking import lock

# A meeting of yesterday may still be written down, to look back on.
LATEST = timedelta(days=1)
FARTHEST = timedelta(days=366)
# A meeting with something still to be done stays until it can have been done.
AFTER_FOLLOW_UP = timedelta(days=14)


@dataclass(frozen=True)
class ParentComing:
    """A parent who comes, as the teacher calls them, and what that parent said about their buddy (R22)."""

    kind: str = ""
    name: str = ""
    buddy: BuddyComes = BuddyComes.UNKNOWN


@dataclass(frozen=True)
class Plan:
    """What is planned: when (aware), with one or two parents, and about which child: from the class list, or its group
    and first name as typed, or nothing at all."""

    at: datetime
    parents: tuple[ParentComing, ...]
    child: Child | None = None
    child_name: str = ""
    group: Group | None = None
    base_minutes: int = 15
    room: str = ""
    interpreter: bool = False
    sensitive_news: bool = False
    audience: Audience = Audience.GROUP


@dataclass(frozen=True)
class Evaluation:
    """How everybody said it was (R35): the teacher, and per parent (by the number of their row) the parent and their
    buddy; and whether there is to be another appointment (R37)."""

    teacher: str
    parents: Mapping[int, tuple[str, str]]
    follow_up: bool


@transaction.atomic
def plan(*, plan: Plan, by: Membership, submission: UUID, previous: Meeting | None = None) -> Meeting:
    """`by` is going to meet parents; after `previous`, if it follows on one. Sent twice, it is one meeting.

    Raises OwnChild, TooLongAgo, TooFarAhead, ForeignSubmission.
    """

    def make() -> Meeting:
        check_moment(plan.at)
        check_child(plan.child, by)
        meeting = Meeting(
            school_id=by.school_id,
            submission=submission,
            recorded_by=by,
            status=MeetingStatus.PREPARE,
            previous=previous,
            created_at=clock.now(),
            **_minutes(by.school),
        )
        _write(meeting, plan)
        audit.record("meeting.plan", meeting, by=by)
        return meeting

    return once(Meeting, submission, by, make)[0]


@transaction.atomic
def change(*, meeting: Meeting, plan: Plan, revision: int, by: Membership) -> None:
    """It is going to be otherwise; who may look into it is for its maker to say. Raises Changed when somebody else
    changed it since `revision`, WrongMoment once it
    has been or was cancelled, OwnChild, TooLongAgo, TooFarAhead."""
    fresh = lock(meeting)
    if fresh.state is not MeetingStatus.PREPARE:
        raise WrongMoment
    if fresh.revision != revision:
        raise Changed
    if plan.at != fresh.at:
        check_moment(plan.at)
    check_child(plan.child, by)
    if fresh.recorded_by_id != by.pk:
        plan = replace(plan, audience=Audience(fresh.audience))
    fresh.revision += 1
    _write(fresh, plan)
    audit.record("meeting.change", fresh, by=by)


def _minutes(school: School) -> dict[str, int]:
    """What `school` reserves beside what a teacher usually takes, as it agreed now."""
    agreed = Agreements.objects.filter(school=school).first() or Agreements()
    return {f"{name}_minutes": minutes for name, minutes in asdict(agreed.extra).items()}


def check_moment(at: datetime) -> None:
    """Raises TooLongAgo or TooFarAhead when no meeting can be planned at `at` (aware)."""
    now = clock.now()
    if at < now - LATEST:
        raise TooLongAgo
    if at > now + FARTHEST:
        raise TooFarAhead


def check_child(child: Child | None, by: Membership) -> None:
    """Raises OwnChild when `by` is a party in what concerns `child` (invariant 5)."""
    own = Child.objects.filter(guardianship__parent__in=by.parties)
    if child is not None and own.filter(pk=child.pk).exists():
        raise OwnChild


def _write(meeting: Meeting, plan: Plan) -> None:
    """Save `meeting` as `plan` says. Parents keep their rows, by the order in which they are named."""
    meeting.child, meeting.child_name = plan.child, "" if plan.child else plan.child_name
    meeting.group = plan.child.group if plan.child else plan.group
    meeting.at, meeting.base_minutes, meeting.room = plan.at, plan.base_minutes, plan.room
    meeting.interpreter, meeting.sensitive_news = plan.interpreter, plan.sensitive_news
    meeting.audience = plan.audience
    meeting.forget_on = _term(meeting)
    meeting.changed_at = clock.now()
    meeting.save()
    for position, parent in enumerate(plan.parents, start=1):
        MeetingParent.objects.update_or_create(
            meeting=meeting,
            position=position,
            defaults={
                "school_id": meeting.school_id,
                "kind": parent.kind,
                "name": parent.name,
                "buddy": parent.buddy,
            },
        )
    MeetingParent.objects.filter(meeting=meeting, position__gt=len(plan.parents)).delete()


def _term(meeting: Meeting) -> date:
    """The day on which `meeting` goes (invariant 9): eight weeks after it, or when something that was promised can
    have been done."""
    days = [localdate(meeting.at) + KEPT]
    if meeting.pk is not None:
        promised = FollowUp.objects.filter(meeting=meeting, done_at=None).values_list("due_on", flat=True)
        days += [due_on + AFTER_FOLLOW_UP for due_on in promised]
    return max(days)


@transaction.atomic
def cancel(*, meeting: Meeting, by: Membership) -> None:
    """The meeting does not take place. Raises WrongMoment."""
    _step(lock(meeting), MeetingStatus.CANCELLED)
    audit.record("meeting.cancel", meeting, by=by)


@transaction.atomic
def restore(*, meeting: Meeting, by: Membership) -> None:
    """A meeting that was cancelled takes place after all. Raises WrongMoment."""
    _step(lock(meeting), MeetingStatus.PREPARE)
    audit.record("meeting.restore", meeting, by=by)


@transaction.atomic
def hold(*, meeting: Meeting, by: Membership) -> None:
    """The meeting has been, and nobody needs to look back on it; it can still be done. Raises WrongMoment,
    StillToCome."""
    fresh = lock(meeting)
    _has_been(fresh)
    _step(fresh, MeetingStatus.HELD)
    audit.record("meeting.held", meeting, by=by)


def _step(meeting: Meeting, new: MeetingStatus) -> None:
    try:
        check_step(meeting.state, new)
    except StepRefused as error:
        raise WrongMoment from error
    if meeting.state is not new:
        meeting.status, meeting.changed_at = new, clock.now()
    meeting.save()


def _has_been(meeting: Meeting) -> None:
    # By day, not by hour: it may have been earlier than planned.
    if localdate(meeting.at) > clock.today():
        raise StillToCome


@transaction.atomic
def evaluate(*, meeting: Meeting, evaluation: Evaluation, revision: int, by: Membership) -> None:
    """Everybody said how it was (R35); said again, it replaces what was said. Of a buddy who was not there nothing is
    kept. Raises Changed when somebody else wrote something else down since `revision`, WrongMoment, StillToCome."""
    fresh = lock(meeting)
    _has_been(fresh)
    before, seen = _said(fresh), fresh.revision
    for parent in fresh.parents.all():
        said, buddy_said = evaluation.parents.get(parent.pk, ("", ""))
        parent.said = said
        parent.buddy_said = buddy_said if parent.buddy in MAY_BE_THERE else ""
        parent.save()
    fresh.teacher_said, fresh.follow_up = evaluation.teacher, evaluation.follow_up
    _step(fresh, MeetingStatus.EVALUATED)
    if _said(fresh) == before:
        return
    if seen != revision:
        raise Changed
    Meeting.objects.filter(pk=fresh.pk).update(revision=F("revision") + 1, changed_at=clock.now())
    audit.record("meeting.evaluate", meeting, by=by)


def _said(meeting: Meeting) -> tuple[object, ...]:
    parents = meeting.parents.order_by("position").values_list("said", "buddy_said")
    return meeting.status, meeting.teacher_said, meeting.follow_up, *parents


@transaction.atomic
def promise(
    *, meeting: Meeting, kind: FollowUpKind, words: str, due_on: date, by: Membership, submission: UUID
) -> FollowUp:
    """`by` will come back to something (R32), or talk about how it went (R36), on `due_on` at the latest. The meeting
    stays until that can have been done. Sent twice, it is one. Raises WrongMoment when it was cancelled or is gone,
    ForeignSubmission."""

    def make() -> FollowUp:
        fresh = lock(meeting)
        if fresh.state is MeetingStatus.CANCELLED:
            raise WrongMoment
        follow_up = FollowUp.objects.create(
            school_id=by.school_id,
            submission=submission,
            recorded_by=by,
            meeting=fresh,
            kind=kind,
            words=words,
            due_on=due_on,
        )
        fresh.forget_on = _term(fresh)
        fresh.save()
        audit.record("meeting.promise", fresh, by=by)
        return follow_up

    return once(FollowUp, submission, by, make)[0]


def _term_anew(meeting: Meeting) -> None:
    """What is done keeps `meeting` no longer; today it stays, so that it can be taken back."""
    fresh = lock(meeting)
    fresh.forget_on = max(_term(fresh), clock.today() + timedelta(days=1))
    fresh.save()


@transaction.atomic
def keep(*, follow_up: FollowUp, by: Membership) -> None:
    """`by` did what they said they would do. Said twice, it is done once. Raises WrongMoment when it is somebody
    else's, or gone."""
    own = FollowUp.objects.filter(pk=follow_up.pk, recorded_by=by)
    if own.filter(done_at=None).update(done_at=clock.now()):
        _term_anew(follow_up.meeting)
        audit.record("meeting.kept", follow_up.meeting, by=by)
    elif not own.exists():
        raise WrongMoment


@transaction.atomic
def reopen(*, follow_up: FollowUp, by: Membership) -> None:
    """It turns out not to be done yet. Raises WrongMoment when it is somebody else's, or gone."""
    own = FollowUp.objects.filter(pk=follow_up.pk, recorded_by=by)
    if own.exclude(done_at=None).update(done_at=None):
        _term_anew(follow_up.meeting)
        audit.record("meeting.reopen", follow_up.meeting, by=by)
    elif not own.exists():
        raise WrongMoment

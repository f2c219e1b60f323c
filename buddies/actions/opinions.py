"""What staff and parents say about matching: not these two, what a colleague thinks of a proposal, and the weights."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F

from school import audit, clock
from school.errors import Changed
from school.models import Membership, Parent, School

from ..candidates import weighing
from ..matching import Importance
from ..models import Buddy, Judgement, KeptApart, SupportRequest, Verdict, Weight, WhyApart
from .errors import NotACandidate, NoTheme
from .locking import lock_request


@transaction.atomic
def keep_apart(
    *, request: SupportRequest, buddy: Buddy, reason: WhyApart, until: date, by: Membership
) -> None:
    """Not these two: `buddy` is not proposed to the parent of `request` until `until`, nor the other way round. What
    is in force already stands. Raises NoTheme when nobody is looked for any more, NotACandidate for one person."""
    request = _searching(request)
    if request.parent_id == buddy.parent_id:
        raise NotACandidate
    pair = KeptApart.objects.of(request.parent, buddy.parent)
    pair.over(clock.today()).delete()
    try:
        with transaction.atomic():
            kept = KeptApart.objects.create(
                school_id=by.school_id,
                parent=request.parent,
                other=buddy.parent,
                request=request,
                reason=reason,
                until=until,
                recorded_by=by,
            )
    except IntegrityError:
        if not pair.exists():
            raise
    else:
        audit.record("apart.keep", kept, by=by)


@transaction.atomic
def take_back(*, kept: KeptApart, by: Membership) -> None:
    """The two of `kept` may be matched after all. Doing it twice does nothing more."""
    if KeptApart.objects.filter(pk=kept.pk).delete()[0]:
        audit.record("apart.take_back", kept, by=by)


def merge(typed: Parent, known: Parent) -> None:
    """Whoever was kept apart from `typed`, who turned out to be `known`, is so from `known`; of two agreements with the
    same person, the one that holds longest stays. Part of another action's transaction."""
    for kept in KeptApart.objects.about(typed):
        asks = kept.parent_id == typed.pk
        other = kept.other if asks else kept.parent
        same = KeptApart.objects.of(known, other)
        if other == known or same.filter(until__gte=kept.until).exists():
            kept.delete()
            continue
        same.delete()
        KeptApart.objects.filter(pk=kept.pk).update(**{"parent" if asks else "other": known})


@transaction.atomic
def judge(*, request: SupportRequest, buddy: Buddy, verdict: Verdict, by: Membership) -> None:
    """What `by` thinks of `buddy` for `request`, instead of what they thought before; said twice, it is said once.
    Raises NoTheme, when nobody is looked for any more."""
    request = _searching(request)
    about = Judgement.objects.filter(request=request, buddy=buddy, recorded_by=by)
    if about.filter(verdict=verdict).exists():
        return
    judgement, _new = Judgement.objects.update_or_create(
        request=request,
        buddy=buddy,
        recorded_by=by,
        defaults={"school_id": by.school_id, "verdict": verdict},
    )
    audit.record("judgement.record", judgement, by=by)


def _searching(request: SupportRequest) -> SupportRequest:
    """`request`, held, if it has a theme and is open: only then it may carry what anybody thinks."""
    fresh = lock_request(request)
    if fresh.theme is None or fresh.closed_at is not None:
        raise NoTheme
    return fresh


@transaction.atomic
def weigh(*, chosen: Mapping[str, Importance], seen: Mapping[str, Importance], by: Membership) -> None:
    """From now on the school cares about each preference as `chosen` says. Raises Changed when the weights are not as
    they were `seen`."""
    # Held until the end, so that of two who save at once the second sees what the first saved.
    School.objects.filter(pk=by.school_id).update(revision=F("revision"))
    if weighing(by.school_id) != seen:
        raise Changed
    for code, importance in chosen.items():
        Weight.objects.update_or_create(
            school=by.school, code=code, defaults={"importance": importance.value}
        )
    audit.record("matching.weigh", by.school, by=by)

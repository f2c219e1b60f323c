"""What a school agrees about its meetings: minutes, and points of its own. Nothing here is about anybody."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.db.models import F

from buddies.actions.errors import WrongMoment
from school import audit
from school.errors import Changed
from school.models import Membership, School

from ..checklist import FIRST, GUIDE, Phase, When, moved
from ..models import Agreements, HiddenPoint, OwnPoint, Tick
from ..planning import Extra
from .errors import CannotBeHidden, SamePoint, TooManyPoints

# What fits on the paper, and in a head.
MOST_POINTS = 6


@dataclass(frozen=True)
class PointDetails:
    """A point of the school's own: when it is read, for which meetings, and its words."""

    phase: Phase
    when: When
    do: str
    why: str = ""
    say: str = ""


@transaction.atomic
def agree_on_minutes(*, extra: Extra, revision: int, by: Membership) -> None:
    """From now on meetings are planned with `extra`; what is planned keeps its minutes. Raises Changed when somebody
    else agreed on something else since `revision`."""
    agreed, _new = Agreements.objects.get_or_create(school=by.school)
    unchanged = Agreements.objects.filter(pk=agreed.pk, revision=revision)
    minutes = {f"{name}_minutes": value for name, value in asdict(extra).items()}
    if not unchanged.update(**minutes, revision=F("revision") + 1):
        raise Changed
    audit.record("agreements.minutes", agreed, by=by)


@transaction.atomic
def add_point(*, details: PointDetails, by: Membership) -> OwnPoint:
    """A point more, at the end of its phase; said twice, it is there once. Raises TooManyPoints."""
    school = _hold(by)
    if same := OwnPoint.objects.filter(school=school, **asdict(details)).first():
        return same
    if OwnPoint.objects.filter(school=school).count() >= MOST_POINTS:
        raise TooManyPoints
    point = OwnPoint(school=school, **asdict(details))
    _put_last(point)
    _save(point)
    audit.record("point.add", point, by=by)
    return point


@transaction.atomic
def change_point(*, point: OwnPoint, details: PointDetails, by: Membership) -> None:
    """Its words, or when it applies; in another phase it comes last. Raises SamePoint, WrongMoment when it is gone."""
    _hold(by)
    fresh = OwnPoint.objects.filter(pk=point.pk).first()
    if fresh is None:
        raise WrongMoment
    elsewhere = fresh.phase != details.phase
    for name, value in asdict(details).items():
        setattr(fresh, name, value)
    if elsewhere:
        _put_last(fresh)
    _save(fresh)
    audit.record("point.change", fresh, by=by)


def _hold(by: Membership) -> School:
    """The school, held until the transaction ends: two who arrange its list do so one after the other."""
    return School.objects.select_for_update(of=("self",), no_key=True).get(pk=by.school_id)


def _put_last(point: OwnPoint) -> None:
    rows = [row.id for row in GUIDE.values() if Phase(point.phase) in row.applies]
    others = OwnPoint.objects.filter(school_id=point.school_id).exclude(pk=point.pk)
    point.after = rows[-1]
    point.position = max(others.values_list("position", flat=True), default=0) + 1


def _save(point: OwnPoint) -> None:
    try:
        with transaction.atomic():
            point.save()
    except IntegrityError as error:
        raise SamePoint from error


@transaction.atomic
def move_point(*, point: OwnPoint, up: bool, by: Membership) -> None:
    """`point` one place up or down in its phase; the points of the guide keep their order. Raises WrongMoment when it
    is gone."""
    school = _hold(by)
    points = {each.code: each for each in OwnPoint.objects.filter(school=school)}
    if point.code not in points:
        raise WrongMoment
    for position, placed in enumerate(moved([each.own for each in points.values()], point.code, up=up)):
        row = points[placed.id]
        row.after, row.position = placed.after, position
        row.save()
    audit.record("point.move", point, by=by)


@transaction.atomic
def remove_point(*, point: OwnPoint, by: Membership) -> None:
    """A point of the school's own less; the ticks at it go too."""
    _hold(by)
    for of_point in (HiddenPoint, Tick):
        of_point.objects.filter(school_id=point.school_id, item=point.code).delete()
    audit.record("point.remove", point, by=by)
    point.delete()


@transaction.atomic
def hide_point(*, item: str, hidden: bool, by: Membership) -> None:
    """`item`, of the guide or the school's own, does not appear any more, or appears again; twice the same is once.
    Raises CannotBeHidden for the one that protects the parent."""
    school = _hold(by)
    rows = HiddenPoint.objects.filter(school=school, item=item)
    if hidden:
        if item == FIRST:
            raise CannotBeHidden
        _row, changed = HiddenPoint.objects.get_or_create(school=school, item=item)
    else:
        changed = bool(rows.delete()[0])
    if changed:
        audit.record("point.hide" if hidden else "point.show", school, by=by)

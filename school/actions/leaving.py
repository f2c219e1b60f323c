"""A colleague comes, goes, returns; and what they had open goes to who takes over, so that nothing waits on nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction

from .. import audit, clock
from ..errors import CannotTakeOver, Changed, MayNotGiveRoles, NobodyTakesOver, Yourself
from ..handover import Kind, first_day_without, kinds, may_take_over, not_with, open_work
from ..models import Membership, School, Succession
from ..models.schools import MembershipQuerySet
from ..roles import Permission, Role
from .staff import Days
from .team import hold_the_team, keep_a_director, roles_now


@dataclass(frozen=True)
class Stay:
    """When somebody works here, and by kind of work who takes over once they are gone."""

    days: Days
    successors: Mapping[str, Membership] = field(default_factory=dict)


def stay_of(membership: Membership) -> Stay:
    """How it is agreed now."""
    chosen = membership.successions.select_related("successor__user")
    successors = {each.kind: each.successor for each in chosen.order_by("kind")}
    return Stay(Days(membership.starts_on, membership.ends_on), successors)


@transaction.atomic
def change_days(*, membership: Membership, stay: Stay, by: Membership, was: Stay | None = None) -> None:
    """`membership` comes in on these days only, and these colleagues take over. What is open goes over on the day
    after the last one, and at once when that is past.

    Kinds about which `by` may not decide stay as they were. Who had left and comes back finds no theme places, and, let
    in by somebody who may not give roles, no roles either. Raises Yourself, LastDirector, NotHereAnyMore, Changed when
    it is not as it `was` any more, NobodyTakesOver, CannotTakeOver.
    """
    if membership == by:
        raise Yourself
    hold_the_team(by)
    today, days = clock.today(), stay.days
    fresh = Membership.objects.get(pk=membership.pk)
    if was is not None and was != stay_of(fresh):
        raise Changed
    had_left = fresh.ends_on is not None and fresh.ends_on < today
    if Role.DIRECTOR in roles_now(fresh) and not had_left:
        for day in _lost(fresh, days, today):
            keep_a_director(fresh, day)
    if had_left and (days.ends_on is None or days.ends_on >= today):
        _come_back(fresh, days, by)
    if days != Days(fresh.starts_on, fresh.ends_on):
        _set(fresh, days, by)
    _choose(fresh, stay.successors, by, today)
    if fresh.ends_on is not None and fresh.ends_on < today:
        carry_out(fresh, today)


def _set(membership: Membership, days: Days, by: Membership) -> None:
    ends = days.ends_on is not None and days.ends_on != membership.ends_on
    membership.starts_on, membership.ends_on = days.starts_on, days.ends_on
    if membership.sees_from is not None and by.may(Permission.GIVE_ROLES) and days.ends_on is None:
        _sees(membership, None, by)  # no substitute any more
    membership.save(update_fields=["starts_on", "ends_on"])
    audit.record("membership.end" if ends else "membership.days", membership, by=by)


def _come_back(membership: Membership, days: Days, by: Membership) -> None:
    """Nothing that was theirs is theirs again by itself; roles that a director lets stand are given anew. Who comes
    back for a while is a substitute, as anybody is who comes for a while."""
    if days.starts_on and days.ends_on and membership.ends_on and days.starts_on > membership.ends_on:
        _sees(membership, days.starts_on, by)
    membership.successions.all().delete()
    if by.may(Permission.GIVE_ROLES):
        membership.rolegrant_set.update(given_at=clock.now(), given_by=by)
    elif membership.rolegrant_set.all().delete()[0]:
        audit.record("membership.roles", membership, by=by)
    for kind in kinds():
        if kind.let_go is not None:
            kind.let_go(membership, by)


def _choose(leaver: Membership, successors: Mapping[str, Membership], by: Membership, today: date) -> None:
    """Write down who takes over from `leaver`; nobody when they stay."""
    if leaver.ends_on is None:
        leaver.successions.all().delete()
        return
    work, day, chosen = open_work([leaver], today)[leaver.pk], first_day_without(leaver, today), False
    now = stay_of(leaver).successors
    for kind in kinds():
        if not kind.for_who_may(by):
            continue
        successor = successors.get(kind.key)
        if successor is None:
            if kind.key in work:
                raise NobodyTakesOver
            chosen |= bool(leaver.successions.filter(kind=kind.key).delete()[0])
            continue
        if successor == now.get(kind.key) and kind.key not in work:
            continue
        if successor == by and now.get(kind.key) != by:
            raise CannotTakeOver  # what only the leaver could see would be theirs
        _check(kind, leaver, successor, day)
        Succession.objects.update_or_create(
            leaver=leaver,
            kind=kind.key,
            defaults={
                "school_id": leaver.school_id,
                "successor": successor,
                "chosen_by": by,
                "carried_out_on": None,
            },
        )
        chosen |= successor != now.get(kind.key)
    if chosen:
        audit.record("membership.successor", leaver, by=by)


def _check(kind: Kind, leaver: Membership, successor: Membership, day: date) -> None:
    """Raises CannotTakeOver."""
    elsewhere = successor.school_id != leaver.school_id or successor == leaver
    if elsewhere or not may_take_over(kind, successor, day):
        raise CannotTakeOver


@transaction.atomic
def carry_out(leaver: Membership, on: date) -> int:
    """Give what `leaver` still has open to who takes over; what those may not have, because they are a party in it,
    to an intern begeleider who is not. Gives how many. What neither may have stays, for a director to see."""
    moved = 0
    School.objects.select_for_update(no_key=True).get(pk=leaver.school_id)
    chosen = leaver.successions.select_related("successor__user", "successor__school", "chosen_by__user")
    by_kind = {each.kind: each for each in chosen}
    for kind in kinds():
        succession = by_kind.get(kind.key)
        if succession is None:
            continue
        if may_take_over(kind, succession.successor, first_day_without(leaver, on)):
            others = _intern_begeleiders(leaver, on).exclude(pk=succession.successor_id)
            for receiver in [succession.successor, *others]:
                moved += kind.hand_over(leaver, receiver, succession.chosen_by, on)
        Succession.objects.filter(pk=succession.pk).update(carried_out_on=on)
    if moved:
        audit.record("membership.hand_over", leaver, by=None)
    return moved


def _intern_begeleiders(leaver: Membership, on: date) -> MembershipQuerySet:
    at_work = Membership.objects.active(on).who_may(Permission.ALL_THEMES)
    return at_work.filter(school=leaver.school_id).exclude(pk=leaver.pk).order_by("pk")


def give_away(
    giver: Membership, roles: Iterable[Role], successors: Mapping[str, Membership], by: Membership
) -> None:
    """What `giver`, who is still here, has open and may not do with `roles`, goes to who takes over; as with who
    leaves, what those may not have goes to an intern begeleider. Part of another action's transaction. Raises
    NobodyTakesOver, CannotTakeOver."""
    today, moved = clock.today(), 0
    work = open_work([giver], today)[giver.pk]
    for kind in not_with(roles):
        if kind.key not in work:
            continue
        successor = successors.get(kind.key)
        if successor is None:
            raise NobodyTakesOver
        if successor == by:
            raise CannotTakeOver  # what only the giver could see would be theirs
        _check(kind, giver, successor, today)
        others = _intern_begeleiders(giver, today).exclude(pk=successor.pk)
        for receiver in [successor, *others]:
            moved += kind.hand_over(giver, receiver, by, today)
    if moved:
        audit.record("membership.hand_over", giver, by=by)


def carry_out_due(on: date, school: School | None = None) -> int:
    """Carry out what is due on `on`, at `school` or everywhere. Gives how many things went over."""
    due = Succession.objects.due(on)
    if school is not None:
        due = due.filter(school=school)
    return _all(Membership.objects.filter(pk__in=due.values("leaver")), on)


def carry_out_again(on: date) -> int:
    """Carry out what turned out to be open after it was carried out, such as what was being sent at the moment that a
    membership ended. Gives how many things went over."""
    left = Membership.objects.filter(ends_on__lt=on, successions__isnull=False).distinct()
    work = open_work(left, on)
    still = [key for key, open_ in work.items() if open_]
    return _all(Membership.objects.filter(pk__in=still), on)


def _all(leavers: Iterable[Membership], on: date) -> int:
    return sum(carry_out(leaver, on) for leaver in list(leavers))


@transaction.atomic
def show_what_was_before(*, membership: Membership, shown: bool, by: Membership) -> None:
    """Whether a substitute sees what was there before their first day. Raises MayNotGiveRoles, Yourself."""
    if not by.may(Permission.GIVE_ROLES):
        raise MayNotGiveRoles
    if membership == by:
        raise Yourself
    hold_the_team(by)
    fresh = Membership.objects.get(pk=membership.pk)
    sees_from = None if shown else fresh.starts_on
    if sees_from == fresh.sees_from:
        return
    _sees(fresh, sees_from, by)
    audit.record("membership.earlier" if shown else "membership.not_earlier", fresh, by=by)


def _sees(membership: Membership, since: date | None, by: Membership) -> None:
    """`membership` sees what there is from the day `since` on, or everything. Who opens something older is written
    down, for the colleagues whose themes it opens."""
    before, membership.sees_from = membership.sees_from, since
    opens = before is not None and (since is None or since < before)
    membership.earlier_shown_at, membership.earlier_shown_by = (clock.now(), by) if opens else (None, None)
    membership.save(update_fields=["sees_from", "earlier_shown_at", "earlier_shown_by"])


def _lost(membership: Membership, days: Days, today: date) -> Iterable[date]:
    """The first day of every stretch from `today` on in which `membership` was to come in, and with `days` is not."""
    starts, was = days.starts_on or today, membership.starts_on or today
    if starts > max(was, today):
        yield max(was, today)
    if days.ends_on is not None and (membership.ends_on is None or days.ends_on < membership.ends_on):
        yield max(days.ends_on + timedelta(days=1), today)

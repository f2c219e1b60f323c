"""What is open when a colleague leaves, in kinds that the apps name in `HANDOVER`, and who may take it over.

Who ends a membership sees how many of each kind are open: no theme, no name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from . import audit
from .models import Membership, Succession
from .roles import Permission, Role, permissions


@dataclass(frozen=True)
class Kind:
    """One kind of work that somebody can leave behind.

    `permission` is what a successor must hold; what `opens` themes goes to whom a director chooses. Nobody chooses
    themselves: with each kind comes what only the leaver could see. `count` gives how many each of the members has open
    on a day, `hand_over` gives everything of the first to the second as far as the second is no party in it, in the
    name of the third, and `let_go` ends what may not be found again by who returns.
    """

    key: str
    label: str | Promise
    permission: Permission
    opens: bool
    count: Callable[[Collection[int], date], Mapping[int, int]]
    hand_over: Callable[[Membership, Membership, Membership | None, date], int]
    let_go: Callable[[Membership, Membership | None], None] | None = None

    def for_who_may(self, by: Membership) -> bool:
        """Whether `by` chooses who takes this over."""
        return not self.opens or by.may(Permission.GIVE_ROLES)


def give(
    rows: QuerySet[Any], action: str, to: Membership, by: Membership | None, *, column: str = "recorded_by"
) -> int:
    """`rows` are those of `to` from now on, which `column` says; of each the log says `action`. Gives how many."""
    found = list(rows.select_related("school"))
    for row in found:
        audit.record(action, row, by=by)
    given: int = rows.model._base_manager.filter(pk__in=[row.pk for row in found]).update(**{column: to})
    return given


def kinds() -> list[Kind]:
    """Every kind of work, in the order in which a page asks for it."""
    return [import_string(path) for path in settings.HANDOVER]


def not_with(roles: Iterable[Role]) -> list[Kind]:
    """The kinds of work for which `roles` are not enough."""
    may = permissions(roles)
    return [kind for kind in kinds() if kind.permission not in may]


def open_work(members: Iterable[Membership], on: date) -> dict[int, dict[str, int]]:
    """How many of each kind each of `members` has open on `on`, by number; nothing for none. One or a few queries a
    kind, however many members."""
    keys = [member.pk for member in members]
    found: dict[int, dict[str, int]] = {key: {} for key in keys}
    for kind in kinds() if keys else []:
        for key, number in kind.count(keys, on).items():
            if number:
                found[key][kind.key] = number
    return found


def first_day_without(leaver: Membership, on: date) -> date:
    """The day from which a successor has to be there."""
    return max(leaver.ends_on + timedelta(days=1), on) if leaver.ends_on else on


def may_take_over(kind: Kind, somebody: Membership, day: date) -> bool:
    """Whether `somebody` is at work on `day`, and may do this kind of work."""
    begins = somebody.starts_on is None or somebody.starts_on <= day
    stays = somebody.ends_on is None or somebody.ends_on >= day
    return begins and stays and somebody.user.is_active and somebody.may(kind.permission)


def without_successor(
    leavers: Iterable[Membership], on: date, by: Membership
) -> list[tuple[Membership, int]]:
    """Of `leavers`, those who leave something behind that nobody takes over and for which `by` can choose somebody,
    with how much. What was handed over and is still theirs could not be given to whom was chosen."""
    leavers = list(leavers)
    work = open_work(leavers, on)
    chosen = {
        (each.leaver_id, each.kind): each
        for each in Succession.objects.filter(leaver__in=[key for key, open_ in work.items() if open_])
        .select_related("successor__user")
        .prefetch_related("successor__rolegrant_set")
    }
    found = []
    for leaver in leavers:
        day, number = first_day_without(leaver, on), 0
        for kind in kinds():
            choice = chosen.get((leaver.pk, kind.key))
            covered = (
                choice is not None
                and choice.carried_out_on is None
                and may_take_over(kind, choice.successor, day)
            )
            if kind.for_who_may(by) and not covered:
                number += work[leaver.pk].get(kind.key, 0)
        if number:
            found.append((leaver, number))
    return found

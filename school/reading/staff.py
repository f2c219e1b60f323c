"""Who works at a school, and what there is to say about each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.paginator import Page
from django.db.models import Prefetch, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .. import paging
from ..context import ROLE_LABELS
from ..handover import kinds
from ..models import Child, Group, GroupTeacher, Membership, School
from ..models.people import school_year
from ..models.schools import MembershipQuerySet
from ..roles import Role
from ..text import search_key


@dataclass(frozen=True)
class Colleague:
    """One member as they stand on day `on`."""

    membership: Membership
    on: date

    @property
    def roles(self) -> list[str]:
        """What they are, in words, in the order of `Role`."""
        return [str(ROLE_LABELS[role]) for role in Role if role in self.membership.roles]

    @property
    def groups(self) -> list[Group]:
        """The groups they teach this school year."""
        return [place.group for place in self.membership.groupteacher_set.all()]

    @property
    def has_left(self) -> bool:
        """Whether their last day is past."""
        return self.membership.ends_on is not None and self.membership.ends_on < self.on

    @property
    def is_substitute(self) -> bool:
        """Whether they came for a while and are kept from what is older, or were until a director opened it."""
        opened = self.membership.earlier_shown_at is not None and self.membership.ends_on is not None
        return not self.has_left and (self.membership.sees_from is not None or opened)

    @property
    def needs_role(self) -> bool:
        """Whether they work here and can do nothing yet."""
        return not self.has_left and not self.membership.roles

    @property
    def switched_off(self) -> bool:
        """Whether their account is closed, at this school and at any other."""
        return not self.membership.user.is_active

    @property
    def days(self) -> str:
        """When they work here, if there is something to say about it: "from 1 September"."""
        first, last = self.membership.starts_on, self.membership.ends_on
        if self.has_left and last:
            return _("until %(day)s") % {"day": date_format(last, "j F Y")}
        said = []
        if first and first > self.on:
            said.append(_("from %(day)s") % {"day": _day(first, self.on)})
        if last:
            said.append(_("up to and including %(day)s") % {"day": _day(last, self.on)})
        return " ".join(said)


def _day(day: date, on: date) -> str:
    """`day` as one says it: with the year when that is not at hand."""
    return date_format(day, "j F" if abs(day - on) < timedelta(days=180) else "j F Y")


def staying(school: School, on: date) -> MembershipQuerySet:
    """Members of `school` who have not left on `on`, also those who are still to begin; of users who may sign in."""
    return Membership.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=on), school=school, user__is_active=True
    )


def in_order(members: MembershipQuerySet) -> list[Membership]:
    """`members` by name."""
    return sorted(members.select_related("user"), key=lambda member: search_key(str(member)))


def team(school: School, on: date, page: str | None = None) -> tuple[list[Colleague], Page[int], int]:
    """A page of everybody who works at `school`, by name, and then of who worked there; and how many work there."""
    rows = Membership.objects.filter(school=school).values_list("pk", "user__name", "user__email", "ends_on")
    order = sorted(
        (ends_on is not None and ends_on < on, search_key(name or email), pk)
        for pk, name, email, ends_on in rows
    )
    pages = paging.page([pk for *_, pk in order], page)
    members = paging.read(with_work(Membership.objects.all(), on), list(pages))
    return [Colleague(m, on) for m in members], pages, sum(not left for left, *_ in order)


def with_work(members: MembershipQuerySet, on: date) -> MembershipQuerySet:
    """`members` with their roles, and the groups they teach this school year."""
    places = GroupTeacher.objects.filter(group__school_year=school_year(on)).select_related("group")
    return members.select_related("user", "school", "parent").prefetch_related(
        "rolegrant_set", Prefetch("groupteacher_set", places.order_by("group__first_grade", "group__name"))
    )


def children_of(membership: Membership) -> list[Child]:
    """The pupils of whom this member is a parent."""
    if membership.parent is None:
        return []
    return list(membership.parent.children.select_related("group").order_by("sort_key", "pk"))


def successors(leaver: Membership, by: Membership) -> list[tuple[str, Membership]]:
    """Who takes over which kind of work, as far as `by` decides about it."""
    chosen = {each.kind: each.successor for each in leaver.successions.select_related("successor__user")}
    return [
        (str(kind.label), chosen[kind.key]) for kind in kinds() if kind.key in chosen and kind.for_who_may(by)
    ]

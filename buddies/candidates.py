"""From rows to the dataclasses of `matching`, in a fixed number of queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q

from school.models import Child, Guardianship, Membership, Parent
from school.models.people import full_name, school_year, spoken
from school.roles import Role

from .children import children_here, grades_of, grades_on
from .matching import (
    Asker,
    Feedback,
    Helper,
    Importance,
    Missing,
    Ranking,
    Reason,
    ThemeKind,
    Weighing,
    missing,
    rank,
    why_not,
)
from .models import (
    Buddy,
    BuiltIn,
    EndReason,
    Experience,
    Judgement,
    KeptApart,
    Match,
    NewcomerOffer,
    SupportRequest,
    Theme,
    Weight,
)
from .models.buddies import BuddyQuerySet
from .workflow import BuddyStatus, MatchStatus

_KINDS = {BuiltIn.LANGUAGE: ThemeKind.LANGUAGE, BuiltIn.NEWCOMER: ThemeKind.NEWCOMER}


# The verdicts by how little they speak for a pair: of several colleagues the least favourable counts.
_LEAST = {verdict: place for place, verdict in enumerate(Feedback)}


def weighing(school: int) -> Weighing:
    """How much the school with number `school` cares about each preference it said something of."""
    rows = Weight.objects.filter(school=school).values_list("code", "importance")
    return {code: Importance(importance) for code, importance in rows}


def asker(request: SupportRequest, on: date) -> Asker:
    """`request` as matching sees it on `on`. The request has a theme."""
    return askers([request], on)[0]


def askers(requests: Sequence[SupportRequest], on: date) -> list[Asker]:
    """`requests`, of any themes, as matching sees them on `on`, in their order; who was signalled first waits longest.
    Each has a theme; theme, parent, child and groups are best read along."""
    families = _families({request.parent_id for request in requests})
    # A proposal made by mistake says nothing about the two.
    rows = (
        Match.objects.filter(Q(request__in=requests) | Q(parent__in=set().union(*families.values())))
        .exclude(end_reason=EndReason.TAKEN_BACK)
        .values_list("request_id", "parent_id", "buddy_id", "status")
    )
    refused, helped = defaultdict(set), defaultdict(set)
    for about, parent, buddy, status in rows:
        helped[parent].add(buddy)
        if status == MatchStatus.DID_NOT_PROCEED:
            refused[about].add(buddy)
    apart, judged = _kept_apart({request.parent_id for request in requests}, on), _judged(requests)
    found = []
    for request in requests:
        theme, family = request.theme, families[request.parent_id]
        assert theme is not None
        group = request.child.group if request.child else request.group
        found.append(
            Asker(
                id=request.pk,
                parent=request.parent_id,
                turn=int(request.signalled_at.timestamp() * 1_000_000),
                theme=theme.pk,
                kind=_KINDS.get(BuiltIn(theme.code), ThemeKind.OTHER),
                sensitive=theme.sensitive,
                languages=request.parent.spoken,
                grades=grades_of(group, on),
                groups=frozenset({group.pk}) if group else frozenset(),
                wish=request.wish,
                outside_class=request.outside_class,
                family=family,
                family_buddies=frozenset(buddy for guardian in family for buddy in helped[guardian]),
                refused=frozenset(refused[request.pk]),
                not_these=frozenset(apart[request.parent_id]),
                feedback=judged[request.pk],
            )
        )
    return found


def _kept_apart(parents: Collection[int], on: date) -> Mapping[int, set[int]]:
    """The buddies from whom each of `parents` is kept apart on `on`, whoever of the two asked; all by number."""
    rows = KeptApart.objects.in_force(on).filter(Q(parent__in=parents) | Q(other__in=parents))
    found: dict[int, set[int]] = defaultdict(set)
    for one, other, buddy_one, buddy_other in rows.values_list(
        "parent_id", "other_id", "parent__buddy", "other__buddy"
    ):
        found[one] |= {buddy_other} - {None}
        found[other] |= {buddy_one} - {None}
    return found


def _judged(requests: Sequence[SupportRequest]) -> Mapping[int, Mapping[int, Feedback]]:
    """By request, by buddy: what colleagues think, where they differ the least favourable."""
    found: dict[int, dict[int, Feedback]] = defaultdict(dict)
    rows = Judgement.objects.filter(request__in=requests).values_list("request_id", "buddy_id", "verdict")
    for request, buddy, said in rows:
        verdict = Feedback(said)
        found[request][buddy] = max(verdict, found[request].get(buddy, verdict), key=_LEAST.__getitem__)
    return found


def _families(parents: Collection[int]) -> dict[int, frozenset[int]]:
    """The other guardians of the children of each of `parents`, all by number."""
    guardians = defaultdict(set)
    rows = Guardianship.objects.filter(child__guardianship__parent__in=parents).distinct()
    for child, guardian in rows.values_list("child_id", "parent_id"):
        guardians[child].add(guardian)
    return {
        parent: frozenset().union(*(those for those in guardians.values() if parent in those)) - {parent}
        for parent in parents
    }


@dataclass(frozen=True)
class Person:
    """What a buddy is called, and where that stands among names."""

    name: str
    sort_key: str


@dataclass(frozen=True)
class Pool:
    """Buddies as matching sees them, and who they are, by number."""

    helpers: tuple[Helper, ...]
    people: Mapping[int, Person]


# What matching and a list of names read of an experience: no more of anybody, however many they are.
_EXPERIENCE = (
    "buddy_id",
    "theme_id",
    "valid",
    "live",
    "buddy__parent_id",
    "buddy__status",
    "buddy__taken_up_at",
    "buddy__paused_until",
    "buddy__capacity",
    "buddy__children_count",
    "buddy__grades",
    "buddy__grades_told_in",
    "buddy__here_since",
    "buddy__parent__kind",
    "buddy__parent__languages",
    "buddy__parent__first_name",
    "buddy__parent__last_name",
    "buddy__parent__sort_key",
    "works_here",
)


def pool(themes: Collection[Theme], on: date, among: BuddyQuerySet | None = None) -> Pool:
    """Every buddy with experience in one of `themes`, all of one school, valid on `on` or not; or those `among` them.
    Of other themes nothing is read. Three queries; one more if a colleague is a buddy."""
    rows = Experience.objects.filter(theme__in=themes).for_matching(on)
    if among is not None:
        rows = rows.filter(buddy__in=among.values("pk"))
    experiences = defaultdict(list)
    for row in rows.order_by("buddy", "pk").values_list(*_EXPERIENCE, named=True):
        experiences[row.buddy_id].append(row)
    firsts = [those[0] for those in experiences.values()]
    children = _children({row.buddy__parent_id for row in firsts})
    arranging = _arranging(themes, on) if any(row.works_here for row in firsts) else {}
    return Pool(
        tuple(
            _helper(those, children[those[0].buddy__parent_id], on, arranging)
            for those in experiences.values()
        ),
        {
            row.buddy_id: Person(
                full_name(row.buddy__parent__first_name, row.buddy__parent__last_name),
                row.buddy__parent__sort_key,
            )
            for row in firsts
        },
    )


def helpers(themes: Collection[Theme], on: date, among: BuddyQuerySet | None = None) -> tuple[Helper, ...]:
    """As `pool`, as matching sees them."""
    return pool(themes, on, among).helpers


def _children(parents: Collection[int]) -> Mapping[int, list[Any]]:
    """By parent: the first day and the group of each of their children."""
    found: dict[int, list[Any]] = defaultdict(list)
    rows = Guardianship.objects.filter(parent__in=parents).values_list(
        "parent_id",
        "child__start_date",
        "child__group_id",
        "child__group__first_grade",
        "child__group__last_grade",
        "child__group__school_year",
    )
    for parent, *child in rows:
        found[parent].append(child)
    return found


def _arranging(themes: Collection[Theme], on: date) -> Mapping[int | None, set[int]]:
    """Which of `themes` each parent who works here arranges: named, or else as the intern begeleider."""
    rows = (
        Membership.objects.active(on)
        .filter(school__in={theme.school_id for theme in themes})
        .filter(Q(themecoordinator__theme__in=themes) | Q(rolegrant__role=Role.INTERN_BEGELEIDER))
        .values_list("parent_id", "themecoordinator__theme", "rolegrant__role")
    )
    about = {theme.pk for theme in themes}
    named = {theme for _, theme, _ in rows} & about
    by_default = {theme.pk for theme in themes if not theme.hidden_from_intern_begeleider} - named
    arranged: dict[int | None, set[int]] = defaultdict(set)
    for parent, theme, role in rows:
        arranged[parent] |= {theme} & about
        if role == Role.INTERN_BEGELEIDER:
            arranged[parent] |= by_default
    return arranged


def _helper(
    experiences: Sequence[Any], children: Sequence[Any], on: date, arranging: Mapping[int | None, set[int]]
) -> Helper:
    """A buddy of whom these are the `experiences` (`_EXPERIENCE`) and the `children` (`_children`)."""
    buddy = experiences[0]
    years = [school_year(on) - buddy.buddy__here_since] if buddy.buddy__here_since is not None else []
    years += [(on - start).days // 365 for start, *_group in children if start]
    here = children_here(
        buddy.buddy__children_count,
        buddy.buddy__grades,
        buddy.buddy__grades_told_in,
        [grades_on(first, last, year, on) for _start, group, first, last, year in children if group],
        on,
    )
    return Helper(
        id=buddy.buddy_id,
        parent=buddy.buddy__parent_id,
        themes=frozenset(experience.theme_id for experience in experiences),
        consented=frozenset(experience.theme_id for experience in experiences if experience.valid),
        arranges=frozenset(arranging.get(buddy.buddy__parent_id, ())),
        languages=spoken(buddy.buddy__parent__languages),
        grades=here.grades,
        groups=frozenset(group for _start, group, *_years in children if group),
        kind=buddy.buddy__parent__kind,
        children_count=here.count,
        years_here=max(years, default=None),
        capacity=buddy.buddy__capacity,
        live=buddy.live,
        offered=buddy.buddy__status == BuddyStatus.OFFERED
        and buddy.buddy__taken_up_at is not None
        and (buddy.buddy__paused_until is None or buddy.buddy__paused_until <= on),
    )


def ranking(request: SupportRequest, on: date) -> Ranking:
    """All buddies with experience in the request's theme: candidates best first, and who else there is."""
    assert request.theme is not None
    return rank(asker(request, on), helpers([request.theme], on), weighing(request.school_id))


def lacking(ranking: Ranking) -> Missing:
    """What stands in the way of an asker for whom nobody in `ranking` can be asked."""
    return missing(ranking.pairs, [0])[0]


def exclusion(request: SupportRequest, buddy: Buddy, on: date) -> Reason | None:
    """Why `buddy` cannot be asked for `request` on `on`; None if they can."""
    assert request.theme is not None
    found = helpers([request.theme], on, Buddy.objects.filter(pk=buddy.pk))
    return why_not(asker(request, on), found[0]) if found else Reason("experience", 0)


# New families: who is asked before they ask


@dataclass(frozen=True)
class Newcomer:
    """A parent of a child who starts, at one home or the other; `parent` once they are written down. `outside_class`
    says that they would rather have nobody of the same class."""

    child: Child
    home: int = 1
    parent: Parent | None = None
    outside_class: bool = False


def newcomers(theme: Theme, families: Sequence[Newcomer], on: date) -> list[Asker]:
    """`families` as matching sees them on `on`, in their order; `id` is the place in it. `theme` is that of the
    newcomers.

    Of a child without a group the first grade counts. Who is in mind for the one home is no candidate for the other.
    """
    guardians: dict[int, set[int]] = {family.child.pk: set() for family in families}
    rows = Guardianship.objects.filter(child__in=guardians)
    for of, guardian in rows.values_list("child_id", "parent_id"):
        guardians[of].add(guardian)
    earlier = Match.objects.filter(parent__in=set().union(*guardians.values()))
    matched = list(earlier.exclude(end_reason=EndReason.TAKEN_BACK).values_list("parent_id", "buddy_id"))
    waiting = NewcomerOffer.objects.waiting().filter(child__in=guardians).exclude(buddy=None)
    in_mind = list(waiting.values_list("child_id", "home", "buddy_id"))
    apart = _kept_apart({family.parent.pk for family in families if family.parent}, on)
    askers = []
    for place, family in enumerate(families):
        child, own = family.child, family.parent.pk if family.parent else 0
        others = guardians[child.pk] - {own}
        buddies = {buddy for parent, buddy in matched if parent in others}
        buddies |= {buddy for of, home, buddy in in_mind if buddy and of == child.pk and home != family.home}
        askers.append(
            Asker(
                id=place,
                parent=own,  # 0 is nobody: who it is, is not known yet
                turn=place,
                theme=theme.pk,
                kind=ThemeKind.NEWCOMER,
                sensitive=theme.sensitive,
                languages=family.parent.spoken if family.parent else frozenset({"nl"}),
                grades=grades_of(child.group, on) or frozenset({1}),
                groups=frozenset({child.group_id}) if child.group_id else frozenset(),
                outside_class=family.outside_class,
                family=frozenset(others),
                family_buddies=frozenset(buddies),
                not_these=frozenset(apart[own]),
            )
        )
    return askers


def newcomer_helpers(
    theme: Theme, on: date, among: BuddyQuerySet | None = None, but_for: NewcomerOffer | None = None
) -> list[Helper]:
    """As `helpers`, without the places that are kept for families. `but_for` is the offer for which a buddy is looked
    for now."""
    return keep_places(helpers([theme], on, among), theme.school_id, on, but_for)


def keep_places(
    found: Iterable[Helper], school: int, on: date, but_for: NewcomerOffer | None = None
) -> list[Helper]:
    """`found` of `school`; of every buddy whom a new family is thinking about one place less is left, so that nobody is
    offered to two."""
    waiting = NewcomerOffer.objects.waiting().filter(school=school).exclude(buddy=None)
    if but_for is not None:
        waiting = waiting.exclude(pk=but_for.pk)
    count = Counter(waiting.exclude(forget_on__lte=on).values_list("buddy_id", flat=True))
    return [
        replace(helper, live=helper.live + count[helper.id], in_mind=count[helper.id]) for helper in found
    ]


def newcomer_exclusion(
    theme: Theme, family: Newcomer, buddy: Buddy, on: date, but_for: NewcomerOffer | None = None
) -> Reason | None:
    """Why `buddy` cannot be offered to `family` on `on`; None if they can."""
    found = newcomer_helpers(theme, on, Buddy.objects.filter(pk=buddy.pk), but_for)
    return why_not(newcomers(theme, [family], on)[0], found[0]) if found else Reason("experience", 0)

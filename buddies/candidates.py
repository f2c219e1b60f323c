"""From rows to the dataclasses of `matching`, in a fixed number of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Prefetch, Q

from school.models import Child, Group, Guardianship, Membership, Parent
from school.models.people import school_year
from school.roles import Role

from .matching import Asker, Helper, Ranking, Reason, ThemeKind, rank, why_not
from .models import Buddy, BuiltIn, EndReason, Experience, Match, NewcomerOffer, SupportRequest, Theme
from .workflow import BuddyStatus, MatchStatus

_KINDS = {BuiltIn.LANGUAGE: ThemeKind.LANGUAGE, BuiltIn.NEWCOMER: ThemeKind.NEWCOMER}


def asker(request: SupportRequest) -> Asker:
    """`request` as matching sees it. The request has a theme."""
    assert request.theme is not None
    child = request.child
    group = child.group if child else request.group
    family = frozenset(request.parent.co_guardians().values_list("pk", flat=True))
    # A proposal made by mistake says nothing about the two.
    earlier = (
        Match.objects.filter(Q(request=request) | Q(parent__in=family))
        .exclude(end_reason=EndReason.TAKEN_BACK)
        .values_list("request_id", "buddy_id", "status")
    )
    return Asker(
        id=request.pk,
        parent=request.parent_id,
        theme=_KINDS.get(BuiltIn(request.theme.code), ThemeKind.OTHER),
        sensitive=request.theme.sensitive,
        languages=request.parent.spoken,
        grades=_grades(group),
        groups=frozenset({group.pk}) if group else frozenset(),
        wish=request.wish,
        family=family,
        refused=frozenset(
            buddy
            for about, buddy, status in earlier
            if about == request.pk and status == MatchStatus.DID_NOT_PROCEED
        ),
        family_buddies=frozenset(buddy for about, buddy, _ in earlier if about != request.pk),
    )


def _grades(group: Group | None) -> frozenset[int]:
    return frozenset(range(group.first_grade, group.last_grade + 1)) if group else frozenset()


def helpers(theme: Theme, on: date, only: int | None = None) -> list[Helper]:
    """Every buddy with experience in `theme`, valid on `on` or not; `only` narrows it to one buddy."""
    experiences = Experience.objects.filter(theme=theme).select_related("consent")
    rows = (
        Buddy.objects.filter(experience__theme=theme)
        .with_load()
        .select_related("parent")
        .prefetch_related(
            Prefetch("experience_set", experiences),
            Prefetch("parent__guardianship_set", Guardianship.objects.select_related("child__group")),
            Prefetch("parent__memberships", Membership.objects.active(on)),
        )
    )
    if only is not None:
        rows = rows.filter(pk=only)
    arranging = _arranging(theme, on)
    return [_helper(buddy, on, arranging) for buddy in rows]


def _arranging(theme: Theme, on: date) -> frozenset[int]:
    """Memberships of those who arrange `theme`: named, or else the intern begeleider."""
    members = Membership.objects.active(on).filter(school=theme.school_id)
    named = frozenset(members.filter(themecoordinator__theme=theme).values_list("pk", flat=True))
    if named or theme.hidden_from_intern_begeleider:
        return named
    return frozenset(members.with_role(Role.INTERN_BEGELEIDER).values_list("pk", flat=True))


def _helper(buddy: Buddy, on: date, arranging: frozenset[int]) -> Helper:
    children: list[Child] = [guardianship.child for guardianship in buddy.parent.guardianship_set.all()]
    starts = [child.start_date for child in children if child.start_date]
    years = [school_year(on) - buddy.here_since] if buddy.here_since is not None else []
    years += [(on - start).days // 365 for start in starts]
    known_grades = {
        grade for c in children if c.group for grade in range(c.group.first_grade, c.group.last_grade + 1)
    }
    [experience] = buddy.experience_set.all()  # of this theme alone, and one a theme
    return Helper(
        id=buddy.pk,
        parent=buddy.parent_id,
        languages=buddy.parent.spoken,
        grades=frozenset(buddy.grades) or frozenset(known_grades),
        groups=frozenset(child.group_id for child in children if child.group_id),
        kind=buddy.parent.kind,
        children_count=buddy.children_count,
        years_here=max(years, default=None),
        capacity=buddy.capacity,
        live=buddy.live,  # type: ignore[attr-defined]  # annotated by with_load
        consented=experience.consent.is_valid(on),
        offered=buddy.status == BuddyStatus.OFFERED
        and buddy.taken_up_at is not None
        and (buddy.paused_until is None or buddy.paused_until <= on),
        coordinates=any(member.pk in arranging for member in buddy.parent.memberships.all()),
    )


def ranking(request: SupportRequest, on: date) -> Ranking:
    """All buddies with experience in the request's theme: candidates best first, and why others are excluded."""
    assert request.theme is not None
    return rank(asker(request), helpers(request.theme, on))


def exclusion(request: SupportRequest, buddy: Buddy, on: date) -> Reason | None:
    """Why `buddy` cannot be asked for `request` on `on`; None if they can."""
    assert request.theme is not None
    found = helpers(request.theme, on, only=buddy.pk)
    return why_not(asker(request), found[0]) if found else Reason("consent", 0)


# New families: who is asked before they ask


@dataclass(frozen=True)
class Newcomer:
    """A parent of a child who starts, at one home or the other; `parent` once they are written down."""

    child: Child
    home: int = 1
    parent: Parent | None = None


def newcomers(theme: Theme, families: Sequence[Newcomer]) -> list[Asker]:
    """`families` as matching sees them, in their order; `id` is the place in it. `theme` is that of the newcomers.

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
                theme=ThemeKind.NEWCOMER,
                sensitive=theme.sensitive,
                languages=family.parent.spoken if family.parent else frozenset({"nl"}),
                grades=_grades(child.group) or frozenset({1}),
                groups=frozenset({child.group_id}) if child.group_id else frozenset(),
                family=frozenset(others),
                family_buddies=frozenset(buddies),
            )
        )
    return askers


def newcomer_helpers(
    theme: Theme, on: date, only: int | None = None, but_for: NewcomerOffer | None = None
) -> list[Helper]:
    """As `helpers`; of every buddy whom a family is thinking about one place less is left, so that nobody is offered
    to two. `but_for` is the offer for which a buddy is looked for now."""
    waiting = NewcomerOffer.objects.waiting().filter(school=theme.school_id).exclude(buddy=None)
    if but_for is not None:
        waiting = waiting.exclude(pk=but_for.pk)
    count = Counter(waiting.exclude(forget_on__lte=on).values_list("buddy_id", flat=True))
    return [
        replace(found, live=found.live + count[found.id], in_mind=count[found.id])
        for found in helpers(theme, on, only)
    ]


def newcomer_exclusion(
    theme: Theme, family: Newcomer, buddy: Buddy, on: date, but_for: NewcomerOffer | None = None
) -> Reason | None:
    """Why `buddy` cannot be offered to `family` on `on`; None if they can."""
    found = newcomer_helpers(theme, on, buddy.pk, but_for)
    return why_not(newcomers(theme, [family])[0], found[0]) if found else Reason("consent", 0)

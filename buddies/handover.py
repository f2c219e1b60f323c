"""What a colleague who leaves has open in this app: what they signalled, matches they began, themes they arrange."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from school import audit, clock
from school.handover import Kind, give
from school.models import Membership
from school.models.schools import of_no_party
from school.roles import Permission

from .models import Match, NewcomerOffer, PersonalLink, Signal, Theme, ThemeCoordinator, TipGiver
from .models.links import PersonalLinkQuerySet
from .models.matches import MatchQuerySet
from .models.newcomers import NewcomerOfferQuerySet
from .models.requests import SignalQuerySet
from .models.themes import ThemeQuerySet
from .workflow import LIVE, MatchStatus


def _open_signals(members: Collection[int], on: date) -> SignalQuerySet:
    """Not discussed yet; or discussed, and theirs to tell the parent of somebody and hear what they say (R3)."""
    tips = Match.objects.filter(status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)
    return Signal.objects.filter(
        Q(request__search_consent=None, request__closed_at=None, request__forget_on__gt=on)
        | Q(request__in=tips.values("request")),
        recorded_by__in=members,
    )


def _count_signals(members: Collection[int], on: date) -> Mapping[int, int]:
    return dict(_open_signals(members, on).order_by().values_list("recorded_by").annotate(Count("pk")))


def _give_signals(leaver: Membership, to: Membership, by: Membership | None, on: date) -> int:
    """All but those in which `to` is a party, and, as intern begeleider, those of a theme that is closed to them."""
    rows = _open_signals([leaver.pk], on).exclude(request__theme__in=_closed_to(to))
    rows = of_no_party(rows, to, "request__parent", "request__match__buddy_parent")
    return give(rows, "signal.hand_over", to, by)


def _closed_to(to: Membership) -> ThemeQuerySet:
    """Themes that a director hides from `to`, an intern begeleider."""
    if not to.may(Permission.ALL_THEMES):
        return Theme.objects.none()
    hidden = Theme.objects.filter(school=to.school_id, hidden_from_intern_begeleider=True)
    return hidden.exclude(themecoordinator__membership=to)


def _matches(members: Collection[int]) -> MatchQuerySet:
    return Match.objects.live().filter(recorded_by__in=members)


def _links(members: Collection[int], on: date) -> PersonalLinkQuerySet:
    return PersonalLink.objects.filter(made_by__in=members, match__status__in=LIVE, valid_until__gte=on)


def _offers(members: Collection[int], on: date) -> NewcomerOfferQuerySet:
    return NewcomerOffer.objects.waiting().filter(recorded_by__in=members).exclude(forget_on__lte=on)


def _count_matches(members: Collection[int], on: date) -> Mapping[int, int]:
    """Matches they proposed or made a link for, each once, and offers to new families that wait for an answer."""
    matches = {*_matches(members).values_list("recorded_by", "pk")}
    matches |= {*_links(members, on).values_list("made_by", "match")}
    found = Counter(member for member, _match in matches)
    found.update(_offers(members, on).values_list("recorded_by", flat=True))
    return found


def _give_matches(leaver: Membership, to: Membership, by: Membership | None, on: date) -> int:
    """All but those in which `to` is a party, and, as intern begeleider, those of a theme that is closed to them, or
    was when it was erased: who holds a match sees it once its theme is erased."""
    before = _count_matches([leaver.pk], on).get(leaver.pk, 0)
    closed = Q(request__closed_off=True) | Q(theme__in=_closed_to(to))
    theirs = of_no_party(Match.objects.exclude(closed), to, "parent", "buddy_parent").values("pk")
    give(_matches([leaver.pk]).filter(pk__in=theirs), "match.hand_over", to, by)
    links = _links([leaver.pk], on).filter(match__in=theirs)
    give(links, "link.hand_over", to, by, column="made_by")
    offers = of_no_party(_offers([leaver.pk], on), to, "child__guardianship__parent", "buddy__parent")
    give(offers, "newcomer.hand_over", to, by)
    return before - _count_matches([leaver.pk], on).get(leaver.pk, 0)


def _places(members: Collection[int], on: date) -> Mapping[int, int]:
    rows = ThemeCoordinator.objects.filter(membership__in=members)
    return dict(rows.order_by().values_list("membership").annotate(Count("pk")))


def _give_places(leaver: Membership, to: Membership, by: Membership | None, on: date) -> int:
    """Every theme; who stood in for the leaver and takes over, arranges it from now on. With a theme comes what was
    there before, also for a substitute."""
    moved = 0
    for place in ThemeCoordinator.objects.filter(membership=leaver).select_related("theme__school"):
        own = ThemeCoordinator.objects.filter(theme=place.theme, membership=to).first()
        if own is None:
            place.membership, place.given_at, place.given_by = to, clock.now(), by
            place.handed_over = True
            place.save()
        else:
            place.delete()
            own.deputy, own.handed_over = own.deputy and place.deputy, True
            own.save()
        audit.record("theme.coordinator", place.theme, by=by)
        moved += 1
    return moved


def _let_go_of_places(membership: Membership, by: Membership | None) -> None:
    """Who left arranges nothing any more; a director names them anew."""
    for place in ThemeCoordinator.objects.filter(membership=membership).select_related("theme__school"):
        audit.record("theme.coordinator", place.theme, by=by)
        place.delete()


SIGNALS = Kind(
    key="signals",
    label=_("own signals that wait for the parent"),
    permission=Permission.SIGNAL,
    opens=False,
    count=_count_signals,
    hand_over=_give_signals,
)
MATCHES = Kind(
    key="matches",
    label=_("matches and offers to new families that this colleague began"),
    permission=Permission.OWN_THEMES,
    opens=True,
    count=_count_matches,
    hand_over=_give_matches,
)
THEMES = Kind(
    key="themes",
    label=_("themes: arranging, or standing in"),
    permission=Permission.OWN_THEMES,
    opens=True,
    count=_places,
    hand_over=_give_places,
    let_go=_let_go_of_places,
)

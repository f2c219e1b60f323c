"""Matches, links and offers of a colleague who leaves go to whom a director chose, never into their own family."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from buddies.actions import consents, newcomers
from buddies.actions.schools import set_coordinator
from buddies.handover import MATCHES
from buddies.models import Match, NewcomerOffer, Person, PersonalLink, SupportRequest, Theme
from buddies.workflow import MatchStatus
from school import clock
from school.actions import Days, ParentDetails, Stay, change_days, link_child
from school.errors import CannotTakeOver, NobodyTakesOver
from school.models import Child, Membership, School
from school.roles import Role
from tests.cast import AddBuddy, Proposed, Signalled, member

from .holder import HandOut

YESTERDAY = Days(None, clock.today() - timedelta(days=1))


@pytest.fixture
def iris(school: School) -> Membership:
    """Iris, a second intern begeleider, who takes over from Ineke."""
    return member(school, "Iris", Role.INTERN_BEGELEIDER)


def fresh(membership: Membership) -> Membership:
    return Membership.objects.get(pk=membership.pk)


def test_everything_that_was_begun_goes_over(
    proposed: Proposed,
    ib: Membership,
    iris: Membership,
    director: Membership,
    children: dict[str, Child],
) -> None:
    connected, ended = proposed(status=MatchStatus.CONNECTED), proposed()
    Match.objects.filter(pk=ended.pk).delete()
    holder = HandOut(proposed, ib)(Person.PARENT)
    told = newcomers.Told(ParentDetails("Nieuw"))
    offer = newcomers.offer(child=children["Zoë"], told=told, in_mind=None, by=ib, submission=uuid4())
    # Two matches, of which one has a link that is the same match, and an offer.
    assert MATCHES.count([ib.pk], clock.today()) == {ib.pk: 3}
    change_days(membership=ib, stay=Stay(YESTERDAY, {"matches": iris}), by=director)
    assert set(Match.objects.values_list("recorded_by", flat=True)) == {iris.pk}
    assert PersonalLink.objects.get(match=holder.match).made_by_id == iris.pk
    assert NewcomerOffer.objects.get(pk=offer.pk).recorded_by_id == iris.pk
    assert Match.objects.get(pk=connected.pk).recorded_by_id == iris.pk
    assert holder.opens().status_code == 200
    assert holder.taps("yes").status_code == 200
    assert holder.given


def test_match_whose_search_was_taken_back_is_rounded_off_by_who_takes_over(
    proposed: Proposed,
    teacher: Membership,
    bouwcoordinator: Membership,
    director: Membership,
    add_buddy: AddBuddy,
    signalled: Signalled,
) -> None:
    match = proposed(
        signalled("language", languages=("ti",)),
        add_buddy("language", languages=("ti", "nl")),
        by=bouwcoordinator,
    )
    Match.objects.filter(pk=match.pk).update(theme=None)
    SupportRequest.objects.filter(pk=match.request_id).update(theme=None)
    today = clock.today()
    assert not Match.objects.visible_to(teacher, today).exists()
    change_days(
        membership=bouwcoordinator, stay=Stay(YESTERDAY, {"matches": teacher, "themes": teacher}), by=director
    )
    assert [each.pk for each in Match.objects.visible_to(fresh(teacher), today)] == [match.pk]


def test_match_of_the_successors_family_is_not_theirs(
    proposed: Proposed,
    signalled: Signalled,
    ib: Membership,
    iris: Membership,
    school: School,
    director: Membership,
    children: dict[str, Child],
) -> None:
    ivo = member(school, "Ivo", Role.INTERN_BEGELEIDER)
    own = proposed(signalled(child=children["Sem"]))
    other = proposed()
    link_child(membership=iris, child=children["Sem"], by=director)
    change_days(membership=ib, stay=Stay(YESTERDAY, {"matches": fresh(iris)}), by=director)
    assert Match.objects.get(pk=own.pk).recorded_by_id == ivo.pk
    assert Match.objects.get(pk=other.pk).recorded_by_id == iris.pk


def test_director_takes_no_match_over_themselves(
    proposed: Proposed, ib: Membership, director: Membership
) -> None:
    proposed()
    with pytest.raises(NobodyTakesOver):
        change_days(membership=ib, stay=Stay(YESTERDAY), by=director)
    with pytest.raises(CannotTakeOver):
        change_days(membership=ib, stay=Stay(YESTERDAY, {"matches": director}), by=director)


def test_match_of_a_closed_theme_is_not_for_the_intern_begeleider(
    proposed: Proposed,
    teacher: Membership,
    ib: Membership,
    bouwcoordinator: Membership,
    director: Membership,
    themes: dict[str, Theme],
) -> None:
    """Theirs by number, it would open once the parent took back what the request was about."""
    set_coordinator(theme=themes["reading"], membership=teacher, by=None)
    match = proposed(status=MatchStatus.CONNECTED, by=teacher)
    Theme.objects.filter(pk=themes["reading"].pk).update(hidden_from_intern_begeleider=True)
    stay = Stay(YESTERDAY, {"matches": ib, "themes": bouwcoordinator, "signals": bouwcoordinator})
    change_days(membership=teacher, stay=stay, by=director)
    search = SupportRequest.objects.get(pk=match.request_id).search_consent
    assert search is not None
    consents.withdraw(consent=search, by=bouwcoordinator)
    assert not Match.objects.visible_to(fresh(ib), clock.today()).exists()

"""Offering a buddy to new families: what is stored, what is forgotten, and what the database never holds (R12)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from buddies.actions import consents, newcomers, pool, requests
from buddies.actions.errors import AlreadyOffered, BuddyFull, NotACandidate, WrongMoment
from buddies.actions.newcomers import InMind, Told
from buddies.actions.parents import forget_if_nothing_holds
from buddies.models import (
    Buddy,
    ClickReason,
    Consent,
    Match,
    Method,
    NewcomerOffer,
    OfferAnswer,
    Origin,
    Purpose,
    Siblings,
    SupportRequest,
)
from buddies.models.newcomers import NEW, starting
from buddies.workflow import MatchStatus
from school import clock
from school.actions import ParentDetails
from school.models import Child, Group, Guardianship, Membership, Parent
from school.submissions import ForeignSubmission
from tests.cast import AddBuddy

from .newcomers import CLICK, offered, starts
from .watch import commit, recorded, refused, tables_holding

YES, NO = OfferAnswer.YES, OfferAnswer.NO


# A child by hand


def test_add_child_twice_is_one_child(director: Membership, groups: dict[str, Group]) -> None:
    with recorded() as log:
        first, second = (starts("Nine", director, group=groups["1/2A"]) for _ in range(2))
    assert first == second
    assert log.actions == ["child.add"]
    assert starts("Nine", director, days=11) != first


# The offer


def test_offer_writes_down_who_was_asked_and_nothing_about_a_match(
    director: Membership, nine: Child, guide: Buddy
) -> None:
    with recorded() as log:
        offer = offered(nine, director, guide, siblings=Siblings.NO, two_homes=True)
    connection.check_constraints()
    assert log.actions == ["newcomer.offer"]
    assert (offer.answer, offer.buddy, offer.click_reasons) == (OfferAnswer.OPEN, guide, ["know_both"])
    assert (offer.siblings, offer.two_homes, offer.home) == (Siblings.NO, True, 1)
    assert offer.parent is not None
    assert list(offer.parent.children.all()) == [nine]
    assert not Match.objects.exists()
    assert not SupportRequest.objects.exists()


@pytest.mark.parametrize("days", [-300, 0, 200])
def test_nobody_is_asked_twice_as_long_as_the_child_is_new(
    director: Membership, days: int, guide: Buddy
) -> None:
    child = starts("Nine", director, days=days)
    offer = offered(child, director)
    leaves = clock.today() + timedelta(days=days) + NEW
    assert not starting(director.school, leaves).filter(pk=child.pk).exists()
    assert starting(director.school, leaves - timedelta(days=1)).filter(pk=child.pk).exists()
    assert not NewcomerOffer.objects.due(leaves).exists()
    assert list(NewcomerOffer.objects.due(offer.forget_on)) == [offer]


def test_offer_sent_twice_is_one_offer(director: Membership, nine: Child, guide: Buddy) -> None:
    number = uuid4()
    first, second = (offered(nine, director, guide, submission=number) for _ in range(2))
    assert first == second
    assert Parent.objects.filter(first_name="Mirjam").count() == 1


def test_offer_with_a_number_of_somebody_else_is_refused(
    director: Membership, ib: Membership, nine: Child
) -> None:
    number = uuid4()
    offered(nine, director, submission=number)
    moos = starts("Moos", director)
    with refused(ForeignSubmission):
        offered(moos, ib, submission=number)


def test_second_offer_at_the_same_home_is_refused(director: Membership, ib: Membership, nine: Child) -> None:
    offered(nine, director, answer=NO)
    with refused(AlreadyOffered):
        offered(nine, ib)


def test_each_parent_at_two_homes_is_offered_one(director: Membership, nine: Child) -> None:
    first = offered(nine, director, parent=ParentDetails("Mirjam"))
    second = offered(nine, director, home=2, parent=ParentDetails("Bas"))
    first.refresh_from_db()
    assert first.two_homes
    assert (first.parent, second.parent) == tuple(Parent.objects.filter(children=nine).order_by("pk"))
    with pytest.raises(ValueError, match="home 3"):
        offered(nine, director, home=3)


def test_offer_takes_nobody_whom_a_rule_excludes(
    director: Membership, ib: Membership, nine: Child, add_buddy: AddBuddy, other_ib: Membership
) -> None:
    own = add_buddy("newcomer", first_name="Ouder")
    Guardianship.objects.create(school=ib.school, parent=own.parent, child=nine)
    paused = add_buddy("newcomer")
    pool.pause(buddy=paused, until=clock.today() + timedelta(days=9), by=ib)
    for buddy in (
        own,
        paused,
        add_buddy("reading"),
        add_buddy("newcomer", here_since=clock.today().year),
        AddBuddy(other_ib)("newcomer"),
    ):
        with refused(NotACandidate):
            offered(nine, director, buddy)


def test_one_place_is_in_mind_for_one_family(director: Membership, nine: Child, guide: Buddy) -> None:
    offered(nine, director, guide)
    moos = starts("Moos", director)
    with refused(BuddyFull):
        offered(moos, director, guide)


def test_two_homes_get_two_buddies(director: Membership, nine: Child, add_buddy: AddBuddy) -> None:
    """Who helps the one parent of a child is no candidate for the other, whatever the places."""
    patient = add_buddy("newcomer", capacity=3)
    offered(nine, director, patient)
    with refused(NotACandidate):
        offered(nine, director, patient, home=2)


def test_buddy_is_in_mind_for_a_reason(guide: Buddy) -> None:
    with pytest.raises(ValueError, match="reason"):
        InMind(guide, [])


def test_offer_is_seen_by_who_arranges_the_newcomers(
    director: Membership,
    ib: Membership,
    teacher: Membership,
    bouwcoordinator: Membership,
    other_ib: Membership,
    nine: Child,
) -> None:
    """Read through the one door, whoever asks (invariant 5)."""
    offer = offered(nine, director)
    for who, sees in ((director, 1), (ib, 1), (teacher, 0), (bouwcoordinator, 0), (other_ib, 0)):
        assert NewcomerOffer.objects.visible_to(who, clock.today()).count() == sees, who
    assert not NewcomerOffer.objects.visible_to(director, offer.forget_on).exists()


# Yes


@pytest.mark.parametrize("at_once", [True, False])
def test_yes_makes_a_request_and_the_buddy_is_asked_next(
    director: Membership, nine: Child, guide: Buddy, at_once: bool
) -> None:
    if at_once:
        offer = offered(nine, director, guide, answer=YES)
    else:
        offer = offered(nine, director, guide)
        newcomers.accept(
            offer=offer, in_mind=InMind(guide, CLICK), method=Method.PHONE, by=director, submission=uuid4()
        )
    connection.check_constraints()
    offer.refresh_from_db()
    request = SupportRequest.objects.with_state().get()
    match = Match.objects.get()
    assert (request.origin, request.theme.code, request.child) == (Origin.INTAKE, "newcomer", nine)  # type: ignore[union-attr]
    assert (offer.answer, offer.request, offer.parent) == (YES, request, request.parent)
    assert (offer.buddy, offer.click_reasons) == (None, []), "the match says who and why"
    assert (match.status, match.buddy, match.click_reasons) == (
        MatchStatus.WAITING_FOR_BUDDY,
        guide,
        ["know_both"],
    )
    assert match.buddy_asked_at is None, "the buddy hears nothing by itself (invariant 2)"
    assert set(Consent.objects.filter(parent=request.parent).values_list("purpose", flat=True)) == {
        Purpose.SEARCH,
        Purpose.MATCH,
    }


def test_yes_leaves_a_trace_of_every_step(director: Membership, nine: Child, guide: Buddy) -> None:
    offer = offered(nine, director, guide)
    with recorded() as log:
        newcomers.accept(
            offer=offer, in_mind=InMind(guide, CLICK), method=Method.PHONE, by=director, submission=uuid4()
        )
    told = ("newcomer.yes", "request.signal", "match.propose", "match.parent_yes")
    assert set(told) <= set(log.actions)


def test_yes_without_a_buddy_is_a_request_to_search_for(director: Membership, nine: Child) -> None:
    offered(nine, director, answer=YES)
    assert SupportRequest.objects.with_state().get().state == "searching"
    assert not Match.objects.exists()


def test_yes_stands_when_the_buddy_cannot_be_asked_any_more(
    director: Membership, ib: Membership, nine: Child, guide: Buddy
) -> None:
    offer = offered(nine, director, guide)
    pool.pause(buddy=guide, until=clock.today() + timedelta(days=9), by=ib)
    newcomers.accept(
        offer=offer, in_mind=InMind(guide, CLICK), method=Method.PHONE, by=director, submission=uuid4()
    )
    connection.check_constraints()
    assert SupportRequest.objects.count() == 1
    assert not Match.objects.exists()
    assert not Consent.objects.filter(purpose=Purpose.MATCH).exists()


def test_yes_sent_twice_is_one_request(director: Membership, nine: Child, guide: Buddy) -> None:
    offer, number = offered(nine, director, guide), uuid4()
    said = [
        newcomers.accept(
            offer=offer, in_mind=InMind(guide, CLICK), method=Method.PHONE, by=director, submission=number
        )
        for _ in range(2)
    ]
    assert said[0] == said[1]
    with refused(WrongMoment):
        newcomers.accept(offer=offer, in_mind=None, method=Method.PHONE, by=director, submission=uuid4())


def test_yes_with_the_number_of_another_form_makes_nothing(director: Membership, nine: Child) -> None:
    number = uuid4()
    offered(starts("Moos", director), director, answer=YES, submission=number)
    offer = offered(nine, director)
    with refused(WrongMoment):
        newcomers.accept(offer=offer, in_mind=None, method=Method.PHONE, by=director, submission=number)


def test_yes_moves_along_when_the_parent_is_recognised(
    director: Membership, ib: Membership, nine: Child, parents: dict[str, Parent]
) -> None:
    offer = offered(nine, director, answer=YES)
    request = SupportRequest.objects.get()
    commit(lambda: requests.link_parent(request=request, parent=parents["Linda"], by=ib))
    offer.refresh_from_db()
    assert offer.parent == parents["Linda"]
    assert not Parent.objects.filter(first_name="Mirjam").exists()


# No


@pytest.mark.parametrize("at_once", [True, False])
def test_no_forgets_the_parent_and_the_buddy(
    director: Membership, nine: Child, guide: Buddy, at_once: bool
) -> None:
    before = Parent.objects.count()
    with recorded() as log:
        offer = offered(
            nine, director, guide, answer=NO if at_once else OfferAnswer.OPEN, siblings=Siblings.YES
        )
        if not at_once:
            newcomers.decline(offer=offer, by=director)
    connection.check_constraints()
    offer.refresh_from_db()
    assert log.actions == ["newcomer.offer", "newcomer.no"]
    assert (offer.answer, offer.parent, offer.buddy, offer.click_reasons) == (NO, None, None, [])
    assert offer.siblings == Siblings.UNKNOWN
    assert Parent.objects.count() == before
    assert tables_holding("Mirjam") == set()


def test_no_twice_does_nothing_more_and_never_follows_a_yes(director: Membership, nine: Child) -> None:
    offer = offered(nine, director, answer=NO)
    with recorded() as log:
        newcomers.decline(offer=offer, by=director)
    assert log.actions == []
    accepted = offered(starts("Moos", director), director, answer=YES)
    with refused(WrongMoment):
        newcomers.decline(offer=accepted, by=director)
    with refused(WrongMoment):
        newcomers.accept(offer=offer, in_mind=None, method=Method.PHONE, by=director, submission=uuid4())


# Another buddy, and taking back


def test_another_buddy_comes_to_mind(
    director: Membership, nine: Child, guide: Buddy, add_buddy: AddBuddy
) -> None:
    offer, other, reader = offered(nine, director, guide), add_buddy("newcomer"), add_buddy("reading")
    with recorded() as log:
        newcomers.choose_other(offer=offer, in_mind=InMind(other, [ClickReason.OTHER]), by=director)
    offer.refresh_from_db()
    assert (offer.buddy, offer.click_reasons, log.actions) == (other, ["other"], ["newcomer.choose"])
    newcomers.choose_other(offer=offer, in_mind=InMind(other, CLICK), by=director)
    with refused(NotACandidate):
        newcomers.choose_other(offer=offer, in_mind=InMind(reader, CLICK), by=director)
    newcomers.choose_other(offer=offer, in_mind=None, by=director)
    newcomers.decline(offer=offer, by=director)
    with refused(WrongMoment):
        newcomers.choose_other(offer=offer, in_mind=InMind(guide, CLICK), by=director)


@pytest.mark.parametrize("answer", [OfferAnswer.OPEN, NO])
def test_mistake_is_taken_back_on_its_own_day(director: Membership, nine: Child, answer: OfferAnswer) -> None:
    offer = offered(nine, director, answer=answer)
    with clock.at(timezone.now() + timedelta(days=1)), refused(WrongMoment):
        newcomers.take_back(offer=offer, by=director)
    with recorded() as log:
        newcomers.take_back(offer=offer, by=director)
    assert log.actions == ["newcomer.take_back"]
    assert not NewcomerOffer.objects.exists()
    assert tables_holding("Mirjam") == set()
    offered(nine, director)


def test_yes_is_not_taken_back(director: Membership, nine: Child) -> None:
    offer = offered(nine, director, answer=YES)
    with refused(WrongMoment):
        newcomers.take_back(offer=offer, by=director)


# Consent (invariant 7)


@pytest.mark.parametrize("how", ["withdraw", "stop"])
def test_buddy_who_stops_leaves_every_waiting_offer(
    director: Membership, ib: Membership, nine: Child, add_buddy: AddBuddy, how: str
) -> None:
    buddy = add_buddy(["newcomer", "reading"])
    offer = offered(nine, director, buddy)
    if how == "withdraw":
        consent = Consent.objects.get(parent=buddy.parent, theme__code="newcomer")
        consents.withdraw(consent=consent, by=ib)
    else:
        pool.stop(buddy=buddy, by=ib)
    offer.refresh_from_db()
    assert (offer.buddy, offer.click_reasons) == (None, [])
    assert offer.parent is not None, "the family keeps its offer"


def test_buddy_who_stops_with_another_theme_stays_in_mind(
    director: Membership, ib: Membership, nine: Child, add_buddy: AddBuddy
) -> None:
    buddy = add_buddy(["newcomer", "reading"])
    offer = offered(nine, director, buddy)
    consents.withdraw(consent=Consent.objects.get(parent=buddy.parent, theme__code="reading"), by=ib)
    offer.refresh_from_db()
    assert offer.buddy == buddy


def test_waiting_offer_holds_its_parent_until_it_is_gone(director: Membership, nine: Child) -> None:
    offer = offered(nine, director)
    assert offer.parent is not None
    forget_if_nothing_holds(offer.parent)
    assert Parent.objects.filter(pk=offer.parent.pk).exists()
    newcomers.forget(offer)
    assert not Parent.objects.filter(first_name="Mirjam").exists()


def test_told_is_not_needed_to_offer(director: Membership, nine: Child) -> None:
    """ "The parent of Nine" is enough to begin with."""
    offer = newcomers.offer(child=nine, told=Told(), in_mind=None, by=director, submission=uuid4())
    assert offer.parent is not None


def test_a_form_is_about_one_family(director: Membership, nine: Child) -> None:
    """Its number sent for another child, or the other home, is no answer about them."""
    number = uuid4()
    first = offered(nine, director, submission=number)
    for child, home in ((starts("Moos", director), 1), (nine, 2)):
        with refused(WrongMoment):
            offered(child, director, submission=number, home=home)
    assert NewcomerOffer.objects.get() == first

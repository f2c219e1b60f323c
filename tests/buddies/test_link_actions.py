"""Linking the typed parent to the one we know."""

import pytest
from django.db import connection

from buddies.actions import matches, pool, requests
from buddies.actions.errors import HasLiveMatch, WrongMoment
from buddies.models import (
    Background,
    Consent,
    EndReason,
    Method,
    Purpose,
    Signal,
    SupportRequest,
)
from buddies.workflow import MatchStatus
from school import clock
from school.models import Child, Guardianship, Membership, Parent
from tests.cast import AddBuddy, Proposed, Signalled

from .watch import recorded, refused, tables_holding


def test_confirm_parent_says_it_was_nobody_we_knew(signalled: Signalled, ib: Membership) -> None:
    request = signalled()
    with recorded() as log:
        requests.confirm_parent(request=request, by=ib)
    request.refresh_from_db()
    assert request.linked_at is not None
    assert log.actions == ["request.link", "request.take_up"]


def test_link_moves_request_and_consent_and_forgets_the_typed_parent(
    signalled: Signalled, ib: Membership, parents: dict[str, Parent], children: dict[str, Child]
) -> None:
    linda, request = parents["Linda"], signalled(child=children["Lina"], first_name="Lin", last_name="Jongh")
    typed = request.parent
    with recorded() as log:
        going_on = requests.link_parent(request=request, parent=linda, by=ib)
    assert (going_on.pk, going_on.parent) == (request.pk, linda)
    assert going_on.search_consent is not None
    assert going_on.search_consent.parent == linda
    assert not Parent.objects.filter(pk=typed.pk).exists()
    assert not tables_holding("Jongh")
    assert set(linda.children.values_list("first_name", flat=True)) == {"Noor", "Lina"}
    assert log.actions == ["request.link", "request.take_up"]
    connection.check_constraints()


def test_link_merges_a_guardianship_both_have(
    signalled: Signalled, ib: Membership, parents: dict[str, Parent], children: dict[str, Child]
) -> None:
    request = signalled(child=children["Noor"])
    requests.link_parent(request=request, parent=parents["Linda"], by=ib)
    assert Guardianship.objects.filter(child=children["Noor"]).count() == 1


def test_link_joins_a_second_signal_for_the_same_theme(
    signalled: Signalled, ib: Membership, other_teacher: Membership, parents: dict[str, Parent]
) -> None:
    first = signalled(parent=parents["Linda"])
    second = signalled(by=other_teacher)
    going_on = requests.link_parent(request=second, parent=parents["Linda"], by=ib)
    assert going_on == first
    assert not SupportRequest.objects.filter(pk=second.pk).exists()
    assert Signal.objects.filter(request=first).count() == 2
    assert [s.request for s in Signal.objects.of(other_teacher, clock.today())] == [first]
    assert Consent.objects.filter(parent=parents["Linda"], purpose=Purpose.SEARCH).count() == 1
    assert not Parent.objects.filter(pk=second.parent_id).exists()


@pytest.mark.parametrize("first_theme", ["divorce", None])
def test_link_keeps_what_is_about_something_else_apart(
    signalled: Signalled, ib: Membership, parents: dict[str, Parent], first_theme: str | None
) -> None:
    first = signalled(first_theme, parent=parents["Linda"])
    second = requests.link_parent(request=signalled(), parent=parents["Linda"], by=ib)
    assert second != first
    assert first.parent == second.parent == parents["Linda"]


def test_link_undiscussed_brings_no_theme(
    signalled: Signalled, ib: Membership, parents: dict[str, Parent]
) -> None:
    signalled(parent=parents["Linda"])
    request = requests.link_parent(request=signalled(discussed=False), parent=parents["Linda"], by=ib)
    assert (request.theme, request.search_consent) == (None, None)
    assert request.forget_on is not None


def test_link_moves_an_ended_match_along(
    signalled: Signalled, proposed: Proposed, ib: Membership, parents: dict[str, Parent]
) -> None:
    match = proposed(status=MatchStatus.AGREED)
    matches.did_not_proceed(match=match, reason=EndReason.PRACTICAL, by=ib)
    request = requests.link_parent(request=match.request, parent=parents["Linda"], by=ib)
    match.refresh_from_db()
    assert match.parent == request.parent == parents["Linda"]
    assert match.parent_yes is not None
    assert match.parent_yes.parent == parents["Linda"]
    connection.check_constraints()


def test_link_to_the_buddy_who_was_proposed_is_refused(proposed: Proposed, ib: Membership) -> None:
    """Nobody was ever proposed to themselves: then the typed parent is somebody else."""
    match = proposed()
    matches.did_not_proceed(match=match, reason=EndReason.NO_CLICK, by=ib)
    with refused(WrongMoment):
        requests.link_parent(request=match.request, parent=match.buddy_parent, by=ib)


def test_link_refused_while_a_match_is_live(
    proposed: Proposed, ib: Membership, parents: dict[str, Parent]
) -> None:
    match = proposed()
    with refused(HasLiveMatch):
        requests.link_parent(request=match.request, parent=parents["Linda"], by=ib)


def test_link_to_the_same_parent_confirms(signalled: Signalled, ib: Membership) -> None:
    request = signalled()
    assert requests.link_parent(request=request, parent=request.parent, by=ib) == request
    assert Parent.objects.filter(pk=request.parent_id).exists()


def test_link_keeps_the_typed_parent_who_is_a_buddy_too(
    signalled: Signalled, add_buddy: AddBuddy, ib: Membership, parents: dict[str, Parent]
) -> None:
    request = signalled()
    add_buddy(parent=request.parent)
    requests.link_parent(request=request, parent=parents["Linda"], by=ib)
    assert Parent.objects.filter(pk=request.parent_id).exists()
    connection.check_constraints()


def test_background_of_a_typed_parent_goes_with_them(
    signalled: Signalled, ib: Membership, parents: dict[str, Parent]
) -> None:
    request = signalled()
    pool.set_background(parent=request.parent, words="Eritrees", method=Method.CONVERSATION, by=ib)
    requests.link_parent(request=request, parent=parents["Linda"], by=ib)
    connection.check_constraints()
    assert not Background.objects.exclude(parent=parents["Linda"]).exists()

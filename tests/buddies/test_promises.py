"""Ways somebody tried to get round a promise, each of which once worked."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import get_default_timezone

from buddies import due
from buddies.actions import consents, matches, pool, requests
from buddies.actions.errors import WrongMoment
from buddies.models import (
    Buddy,
    CloseReason,
    DoNotAsk,
    EndReason,
    Match,
    Method,
    NewcomerOffer,
    OfferAnswer,
    SupportRequest,
    Theme,
    TipGiver,
    Way,
)
from buddies.models.newcomers import starting_for
from buddies.workflow import MatchStatus
from school import clock
from school.models import AuditEvent, Membership, Parent, User
from tests.cast import AddBuddy, ClientOf, Proposed, Signalled

from .newcomers import offered, starts
from .phone import text, url
from .watch import refused


def test_linking_twice_leaves_the_family_of_the_first_alone(
    signalled: Signalled, parents: dict[str, Parent], ib: Membership
) -> None:
    """Two colleagues with the same page open, who think of two different parents."""
    request = signalled(first_name="", last_name="", parent=parents["Fatma"])
    with refused(WrongMoment):
        requests.link_parent(request=request, parent=parents["Linda"], by=ib)
    requests.close(request=request, reason=CloseReason.HELPED, by=ib)
    with refused(WrongMoment):
        requests.link_parent(request=request, parent=parents["Linda"], by=ib)
    assert [child.first_name for child in parents["Fatma"].children.all()] == ["Sem"]


def test_a_buddy_we_know_is_not_linked_to_somebody_else(
    add_buddy: AddBuddy, parents: dict[str, Parent], ib: Membership
) -> None:
    buddy = add_buddy(parent=parents["Fatma"])
    with refused(WrongMoment):
        pool.link_parent(buddy=buddy, parent=parents["Linda"], by=ib)


def test_a_refusal_moves_along_when_a_nomination_is_linked(
    add_buddy: AddBuddy, parents: dict[str, Parent], ib: Membership
) -> None:
    buddy = add_buddy(taken_up=False)
    until = clock.today() + timedelta(days=300)
    DoNotAsk.objects.create(school=ib.school, recorded_by=ib, parent=buddy.parent, until=until)
    pool.link_parent(buddy=buddy, parent=parents["Linda"], by=ib)
    assert DoNotAsk.objects.get().parent == parents["Linda"]


def test_forgetting_never_lifts_what_keeps_a_member_out_of_their_own_matters(
    signalled: Signalled, parents: dict[str, Parent], teacher: Membership, ib: Membership
) -> None:
    teacher.parent = parents["Peter"]
    teacher.save()
    signalled(discussed=False, by=ib, parent=parents["Peter"])
    assert due.forget_undiscussed(clock.today() + timedelta(days=20)) == 1
    teacher.refresh_from_db()
    assert teacher.parent == parents["Peter"]


def test_the_signaller_neither_sees_nor_takes_back_what_the_coordinator_recorded(
    proposed: Proposed, client_of: ClientOf, teacher: Membership, ib: Membership
) -> None:
    match = proposed(status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)
    matches.did_not_proceed(match=match, reason=EndReason.PARENT_NO, by=ib)
    tom = client_of(teacher)
    assert not tom.get(url("own_signals")).context["answered"]
    tom.post(url("tip", match.pk), {"answer": "take_back"})
    match.refresh_from_db()
    assert match.state is MatchStatus.DID_NOT_PROCEED


def test_a_request_that_changes_theme_takes_no_earlier_buddy_along(
    signalled: Signalled,
    add_buddy: AddBuddy,
    proposed: Proposed,
    themes: dict[str, Theme],
    client_of: ClientOf,
    bouwcoordinator: Membership,
    ib: Membership,
) -> None:
    request = signalled("divorce", languages=("ar",))
    match = proposed(request, add_buddy("divorce", first_name="Geheim", phone="06-12345678"))
    matches.did_not_proceed(match=match, reason=EndReason.NO_CLICK, by=ib)
    requests.choose_theme(request=request, wanted=requests.Wanted(themes["language"]), by=ib)
    babs = client_of(bouwcoordinator)
    assert "Geheim" not in text(babs.get(url("request", request.pk)))
    assert babs.get(url("match", match.pk)).status_code == 404
    match.refresh_from_db()
    with refused(WrongMoment):
        matches.undo(match=match, by=ib)


def test_an_undo_asks_every_rule_again(
    signalled: Signalled,
    add_buddy: AddBuddy,
    proposed: Proposed,
    parents: dict[str, Parent],
    ib: Membership,
) -> None:
    """Kemal turns out to be the other parent of Fatma's child after she was proposed to him by mistake."""
    match = proposed(signalled(first_name="Kemal"), add_buddy(parent=parents["Fatma"]))
    matches.did_not_proceed(match=match, reason=EndReason.TAKEN_BACK, by=ib)
    requests.link_parent(request=match.request, parent=parents["Kemal"], by=ib)
    match.refresh_from_db()
    with refused(WrongMoment):
        matches.undo(match=match, by=ib)


def test_nobody_is_connected_to_a_buddy_who_wants_to_stop(proposed: Proposed, ib: Membership) -> None:
    match = proposed(status=MatchStatus.AGREED)
    pool.stop(buddy=match.buddy, by=ib)
    assert Match.objects.get().winding_down
    with refused(WrongMoment):
        matches.connect(
            match=match,
            connection=matches.Connection(Way.INTRODUCED),
            method=Method.PHONE,
            by=ib,
        )


@pytest.mark.parametrize("name", ["ask_parent", "parent_answer", "buddy_answer"])
def test_a_page_shown_after_an_empty_form_leaves_a_trace(
    proposed: Proposed, client_of: ClientOf, ib: Membership, name: str
) -> None:
    match, ineke = proposed(), client_of(ib)
    assert ineke.post(url(name, match.pk), {}).status_code == 200
    assert AuditEvent.objects.filter(action="match.look", target_id=match.pk).exists()


def test_a_namesake_looked_up_leaves_a_trace(
    add_buddy: AddBuddy, client_of: ClientOf, ib: Membership, parents: dict[str, Parent]
) -> None:
    add_buddy(parent=parents["Fatma"])
    client_of(ib).post(url("add_buddy"), {"first_name": "fatma", "last_name": "yilmaz"})
    assert AuditEvent.objects.filter(action="parent.search").exists()


def test_an_experience_is_hidden_once_its_consent_was_not_renewed_in_time(
    add_buddy: AddBuddy, client_of: ClientOf, ib: Membership
) -> None:
    buddy = add_buddy(words="Zelf meegemaakt")
    until = buddy.experience_set.get().consent.valid_until
    assert until is not None
    ineke = client_of(ib)
    for days, shown in ((30, True), (31, False)):
        # By day: moved by the hours of so many days, it would be tomorrow late in the evening of a winter.
        moment = datetime.combine(until + timedelta(days=days), time(12), get_default_timezone())
        with clock.at(moment):
            assert ("Zelf meegemaakt" in text(ineke.get(url("buddy", buddy.pk)))) is shown


def test_an_account_changed_on_the_administration_site_leaves_a_trace(ib: Membership) -> None:
    root = User.objects.create_superuser("root@demo.invalid", "Root")
    browser = Client()
    browser.force_login(root)
    form = {"email": ib.user.email, "name": "Ineke de Boer", "is_active": "on"}
    assert browser.post(reverse("admin:school_user_change", args=[ib.user_id]), form).status_code == 302
    assert User.objects.get(pk=ib.user_id).name == "Ineke de Boer"
    assert AuditEvent.objects.filter(action="admin.change", target_id=ib.user_id).exists()
    assert browser.get(reverse("admin:school_user_delete", args=[ib.user_id])).status_code == 403


def test_what_was_hidden_from_the_intern_begeleider_stays_so_when_it_is_erased(
    add_buddy: AddBuddy, signalled: Signalled, ib: Membership, director: Membership, themes: dict[str, Theme]
) -> None:
    """Without its theme a request looks like one of which the theme is not known yet, which is theirs."""
    withdrawn, closed = signalled("newcomer"), signalled("newcomer", first_name="Olga")
    buddy = add_buddy("newcomer", by=director)
    open_question = signalled(None)
    Theme.objects.filter(pk=themes["newcomer"].pk).update(hidden_from_intern_begeleider=True)
    assert withdrawn.search_consent is not None
    consents.withdraw(consent=withdrawn.search_consent, by=director)
    requests.close(request=closed, reason=CloseReason.HELPED, by=director)
    pool.stop(buddy=Buddy.objects.get(pk=buddy.pk), by=director)
    later = clock.today() + timedelta(days=31)
    due.forget_themes(later)
    assert set(SupportRequest.objects.visible_to(ib, later)) == {open_question}
    assert not Buddy.objects.visible_to(ib, later).exists()


def test_family_stays_hidden_from_who_is_family_of_the_buddy(
    director: Membership, add_buddy: AddBuddy
) -> None:
    """After the yes the match holds who the buddy is, and no longer the offer (invariant 5)."""
    nine, guide = starts("Nine", director), add_buddy("newcomer", by=director)
    offered(nine, director, guide, answer=OfferAnswer.YES)
    today = clock.today()
    assert nine in starting_for(director, today)
    Membership.objects.filter(pk=director.pk).update(parent=guide.parent)
    fresh = Membership.objects.get(pk=director.pk)
    assert nine not in starting_for(fresh, today)
    assert not NewcomerOffer.objects.visible_to(fresh, today).exists()

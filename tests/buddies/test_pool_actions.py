"""The pool of buddies: two separate yeses, a capacity that is kept, and stopping as easily as starting (R1, R8)."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from buddies.actions import consents, matches, pool
from buddies.actions.errors import AlreadyABuddy, CapacityTooLow, WrongMoment
from buddies.actions.pool import Answers, Offer
from buddies.models import (
    Background,
    Buddy,
    Consent,
    EndReason,
    Experience,
    Match,
    Method,
    Purpose,
    Theme,
)
from buddies.workflow import LIVE, BuddyStatus, MatchStatus
from school import clock
from school.actions import ParentDetails
from school.errors import Changed
from school.models import Child, Guardianship, Membership, Parent, School
from school.submissions import ForeignSubmission
from tests.cast import AddBuddy, Proposed, Signalled

from .watch import commit, everything, recorded, refused, stored, tables_holding

EVA = ParentDetails("Eva", "Bakker", "mother")
NO = Answers({}, name_may_be_known=False)


def offer_of(buddy: Buddy) -> tuple[int, int, list[int], int | None]:
    buddy.refresh_from_db()
    return buddy.capacity, buddy.children_count, buddy.grades, buddy.here_since


def suggest(by: Membership, **changes: object) -> Buddy:
    return pool.suggest(**{"details": EVA, "by": by, "submission": uuid4()} | changes)  # type: ignore[arg-type]


# Adding


@pytest.mark.parametrize("name_may_be_known", [True, False])
def test_add_records_the_two_answers_apart(
    ib: Membership, themes: dict[str, Theme], name_may_be_known: bool
) -> None:
    answers = Answers(
        {themes["reading"]: "Pas in groep 6", themes["divorce"]: ""}, name_may_be_known, Method.PHONE
    )
    with recorded() as log:
        buddy = pool.add_buddy(
            parent=EVA, offer=Offer(2, 3, (7, 1), 2019), answers=answers, by=ib, submission=uuid4()
        )
    assert offer_of(buddy) == (2, 3, [1, 7], 2019)
    assert (buddy.status, buddy.forget_on, buddy.taken_up_at is not None) == (BuddyStatus.OFFERED, None, True)
    words = {experience.theme.code: experience.words for experience in Experience.objects.filter(buddy=buddy)}
    assert words == {"reading": "Pas in groep 6", "divorce": ""}
    given = sorted(Consent.objects.filter(parent=buddy.parent).values_list("purpose", flat=True))
    assert given == sorted([*["share_experience"] * 2, *(["disclose_name"] if name_may_be_known else [])])
    assert log.actions == ["consent.give"] * len(given) + ["buddy.add"]


def test_add_passed_on_by_a_colleague_waits_for_the_coordinator(
    add_buddy: AddBuddy, teacher: Membership, ib: Membership, themes: dict[str, Theme]
) -> None:
    buddy = add_buddy(by=teacher, taken_up=False)
    assert not Buddy.objects.available(clock.today(), themes["reading"]).exists()
    with recorded() as log:
        pool.take_up(buddy=buddy, by=ib)
        pool.take_up(buddy=buddy, by=ib)
    assert log.actions == ["buddy.take_up"]
    assert Buddy.objects.available(clock.today(), themes["reading"]).get() == buddy


def test_add_sent_twice_is_one_buddy(ib: Membership, teacher: Membership) -> None:
    submission = uuid4()
    first = pool.add_buddy(parent=EVA, offer=Offer(), answers=NO, by=ib, submission=submission)
    assert pool.add_buddy(parent=EVA, offer=Offer(), answers=NO, by=ib, submission=submission) == first
    assert Buddy.objects.count() == 1
    with refused(ForeignSubmission):
        pool.add_buddy(parent=EVA, offer=Offer(), answers=NO, by=teacher, submission=submission)


def test_add_who_is_a_buddy_already_is_refused(add_buddy: AddBuddy, parents: dict[str, Parent]) -> None:
    add_buddy(parent=parents["Linda"])
    with refused(AlreadyABuddy):
        add_buddy(parent=parents["Linda"])


def test_add_who_has_stopped_starts_again(
    add_buddy: AddBuddy, ib: Membership, parents: dict[str, Parent]
) -> None:
    buddy = add_buddy(parent=parents["Linda"])
    pool.stop(buddy=buddy, by=ib)
    again = add_buddy("divorce", parent=parents["Linda"], capacity=3)
    assert (again, again.status, again.capacity) == (buddy, BuddyStatus.OFFERED, 3)
    assert [e.theme.code for e in Experience.objects.filter(buddy=again)] == ["divorce"]


def test_add_again_with_less_room_than_is_taken_is_refused(
    add_buddy: AddBuddy, proposed: Proposed, signalled: Signalled, ib: Membership
) -> None:
    """Invariant 4: who stopped and starts again still helps those who run."""
    buddy = add_buddy(capacity=2)
    for _ in range(2):
        proposed(signalled(), buddy, status=MatchStatus.CONNECTED)
    pool.stop(buddy=buddy, by=ib)
    with refused(CapacityTooLow):
        add_buddy(parent=buddy.parent, capacity=1)
    with refused(CapacityTooLow):
        pool.record_offer(buddy=buddy, offer=Offer(1), answers=NO, by=ib)
    assert add_buddy(parent=buddy.parent, capacity=2).capacity == 2


# Suggesting


def test_suggest_stores_who_and_by_whom_only(
    teacher: Membership, school: School, children: dict[str, Child]
) -> None:
    with recorded() as log:
        buddy = suggest(teacher, child=children["Sem"])
    assert (buddy.status, buddy.recorded_by, buddy.taken_up_at) == (BuddyStatus.SUGGESTED, teacher, None)
    assert buddy.forget_on == clock.today() + timedelta(days=school.suggestion_days)
    assert not Consent.objects.exists()
    assert not Experience.objects.exists()
    assert log.actions == ["buddy.suggest"]


def test_suggest_sent_twice_is_one(teacher: Membership, other_teacher: Membership) -> None:
    submission = uuid4()
    assert suggest(teacher, submission=submission) == suggest(teacher, submission=submission)
    assert Buddy.objects.count() == 1
    with refused(ForeignSubmission):
        suggest(other_teacher, submission=submission)


def test_suggested_then_asked_then_offered(
    teacher: Membership, ib: Membership, themes: dict[str, Theme]
) -> None:
    buddy = suggest(teacher)
    with recorded() as log:
        pool.ask(buddy=buddy, by=ib)
    assert (buddy.status, buddy.forget_on) == (BuddyStatus.ASKED, None)
    assert log.actions == ["buddy.ask"]
    with refused(WrongMoment):
        pool.ask(buddy=buddy, by=ib)
    with recorded() as log:
        pool.record_offer(buddy=buddy, offer=Offer(2), answers=Answers({themes["reading"]: ""}, False), by=ib)
    assert (buddy.status, buddy.capacity) == (BuddyStatus.OFFERED, 2)
    assert log.actions == ["consent.give", "buddy.offer"]
    with refused(WrongMoment):
        pool.ask(buddy=buddy, by=ib)
    with refused(WrongMoment):
        pool.record_offer(buddy=buddy, offer=Offer(), answers=NO, by=ib)


def test_suggested_who_does_not_want_it_is_forgotten(teacher: Membership, ib: Membership) -> None:
    buddy = suggest(teacher)
    with recorded() as log:
        pool.stop(buddy=buddy, by=ib)
    assert not Buddy.objects.exists()
    assert not tables_holding("Bakker")
    assert log.actions == ["buddy.forget"]


# What a buddy shares


def test_add_experience_for_one_more_theme(
    add_buddy: AddBuddy, ib: Membership, themes: dict[str, Theme]
) -> None:
    buddy = add_buddy()
    with recorded() as log:
        pool.add_experience(
            buddy=buddy, theme=themes["divorce"], words="Twee huizen", method=Method.PHONE, by=ib
        )
    assert Experience.objects.get(buddy=buddy, theme=themes["divorce"]).words == "Twee huizen"
    assert log.actions == ["consent.give", "buddy.experience"]
    pool.stop(buddy=buddy, by=ib)
    with refused(WrongMoment):
        pool.add_experience(buddy=buddy, theme=themes["culture"], words="", method=Method.PHONE, by=ib)


def test_background_replaces_what_was_said_before(add_buddy: AddBuddy, ib: Membership) -> None:
    parent = add_buddy().parent
    pool.set_background(parent=parent, words="Uit Friesland", method=Method.PHONE, by=ib)
    old = stored("buddies_background", "words", Background.objects.get(parent=parent).pk)
    with recorded() as log:
        pool.set_background(parent=parent, words="Fries en Grieks", method=Method.PHONE, by=ib)
    assert Background.objects.get(parent=parent).words == "Fries en Grieks"
    assert not tables_holding(old)
    assert log.actions == ["consent.give", "parent.background"]
    valid = Consent.objects.valid(clock.today()).filter(parent=parent, purpose=Purpose.SAME_BACKGROUND)
    assert valid.count() == 1


def test_pause_and_resume(
    add_buddy: AddBuddy, proposed: Proposed, ib: Membership, themes: dict[str, Theme]
) -> None:
    buddy, until = add_buddy(capacity=2), clock.today() + timedelta(days=10)
    running = proposed(buddy=buddy)
    with recorded() as log:
        pool.pause(buddy=buddy, until=until, by=ib)
        assert not Buddy.objects.available(until - timedelta(days=1), themes["reading"]).exists()
        assert Buddy.objects.available(until, themes["reading"]).exists()
        pool.pause(buddy=buddy, until=None, by=ib)
    assert Buddy.objects.available(clock.today(), themes["reading"]).exists()
    assert log.actions == ["buddy.pause", "buddy.resume"]
    running.refresh_from_db()
    assert running.state is MatchStatus.PROPOSED
    pool.stop(buddy=buddy, by=ib)
    with refused(WrongMoment):
        pool.pause(buddy=buddy, until=until, by=ib)


# Capacity (invariant 4)


def test_update_offer_changes_it(add_buddy: AddBuddy, ib: Membership) -> None:
    buddy = add_buddy()
    with recorded() as log:
        pool.update_offer(buddy=buddy, offer=Offer(3, 2, (8, 2), 2021), revision=buddy.revision, by=ib)
    assert offer_of(buddy) == (3, 2, [2, 8], 2021)
    assert log.actions == ["buddy.update"]


def test_update_offer_of_a_stale_page_loses_nothing(add_buddy: AddBuddy, ib: Membership) -> None:
    buddy = add_buddy()
    revision = buddy.revision
    pool.update_offer(buddy=buddy, offer=Offer(2), revision=revision, by=ib)
    with refused(Changed):
        pool.update_offer(buddy=buddy, offer=Offer(4), revision=revision, by=ib)


def test_capacity_below_the_live_number_is_refused_and_places_close_ranks(
    add_buddy: AddBuddy, proposed: Proposed, signalled: Signalled, ib: Membership
) -> None:
    buddy = add_buddy(capacity=4)
    made = [proposed(signalled(), buddy) for _ in range(4)]
    for match in (made[0], made[2]):
        matches.did_not_proceed(match=match, reason=EndReason.PRACTICAL, by=ib)
    buddy.refresh_from_db()
    with refused(CapacityTooLow):
        pool.update_offer(buddy=buddy, offer=Offer(1), revision=buddy.revision, by=ib)
    buddy.refresh_from_db()
    pool.update_offer(buddy=buddy, offer=Offer(2), revision=buddy.revision, by=ib)
    live = Match.objects.live().filter(buddy=buddy).order_by("slot").values_list("pk", "slot")
    assert list(live) == [(made[1].pk, 1), (made[3].pk, 2)]


def test_database_refuses_a_place_twice_none_or_beyond_five(
    add_buddy: AddBuddy, proposed: Proposed, signalled: Signalled
) -> None:
    buddy = add_buddy(capacity=2)
    first = proposed(signalled(), buddy)
    second = proposed(signalled(), buddy)
    for slot in (first.slot, None, 0, 6):
        with pytest.raises(IntegrityError), transaction.atomic():
            Match.objects.filter(pk=second.pk).update(slot=slot)
    for capacity in (0, 6):
        with pytest.raises(IntegrityError), transaction.atomic():
            Buddy.objects.filter(pk=buddy.pk).update(capacity=capacity)


# Stopping


@pytest.mark.parametrize("status", LIVE)
def test_stop_erases_what_was_shared_ends_what_is_open_and_winds_down_what_runs(
    add_buddy: AddBuddy, proposed: Proposed, signalled: Signalled, ib: Membership, status: MatchStatus
) -> None:
    buddy = add_buddy(["reading", "divorce"], words="Eigen woorden")
    match = proposed(signalled(), buddy, status=status)
    with recorded() as log:
        pool.stop(buddy=buddy, by=ib)
    buddy.refresh_from_db()
    match.refresh_from_db()
    assert (buddy.status, buddy.paused_until) == (BuddyStatus.STOPPED, None)
    assert not Experience.objects.filter(buddy=buddy).exists()
    assert not Consent.objects.filter(parent=buddy.parent, match=None, withdrawn_at=None).exists()
    runs = status in (MatchStatus.AGREED, MatchStatus.CONNECTED)
    assert (match.state, match.winding_down) == (
        (status, True) if runs else (MatchStatus.DID_NOT_PROCEED, False)
    )
    assert log.actions.count("buddy.stop") == 1
    assert log.actions.count("match.wind_down" if runs else "match.did_not_proceed") == 1
    with refused(WrongMoment):
        pool.stop(buddy=buddy, by=ib)


def test_stop_keeps_what_the_person_said_as_an_asking_parent(
    add_buddy: AddBuddy, signalled: Signalled, ib: Membership, parents: dict[str, Parent]
) -> None:
    """Somebody may be buddy and asking parent at once; the one does not end the other."""
    linda = parents["Linda"]
    buddy, request = add_buddy(parent=linda), signalled("divorce", parent=linda)
    pool.set_background(parent=linda, words="Uit Texel", method=Method.PHONE, by=ib)
    pool.stop(buddy=buddy, by=ib)
    request.refresh_from_db()
    assert request.theme is not None
    assert Background.objects.get(parent=linda).words == "Uit Texel"


def test_stop_of_who_was_only_asked_is_in_the_log(teacher: Membership, ib: Membership) -> None:
    buddy = suggest(teacher)
    pool.ask(buddy=buddy, by=ib)
    with recorded() as log:
        pool.stop(buddy=buddy, by=ib)
    assert log.actions == ["buddy.stop"]


# Linking


def test_link_moves_everything_and_forgets_the_typed_parent(
    add_buddy: AddBuddy, ib: Membership, parents: dict[str, Parent], children: dict[str, Child]
) -> None:
    linda = parents["Linda"]
    buddy = add_buddy(
        ["reading", "divorce"], first_name="Lin", last_name="Jongh", child=children["Noor"], taken_up=False
    )
    typed = buddy.parent
    pool.set_background(parent=typed, words="Uit Texel", method=Method.PHONE, by=ib)
    with recorded() as log:
        linked = pool.link_parent(buddy=buddy, parent=linda, by=ib)
    assert linked.parent == linda
    assert not Parent.objects.filter(pk=typed.pk).exists()
    assert not tables_holding("Jongh")
    assert Experience.objects.filter(parent=linda).count() == 2
    assert Consent.objects.filter(parent=linda).count() == 4
    assert Background.objects.get().parent == linda
    assert Guardianship.objects.filter(child=children["Noor"]).count() == 1
    assert log.actions == ["buddy.link"]
    connection.check_constraints()


def test_link_keeps_the_background_the_known_parent_gave(
    add_buddy: AddBuddy, ib: Membership, parents: dict[str, Parent]
) -> None:
    buddy = add_buddy(taken_up=False)
    for parent, words in [(buddy.parent, "Uit Texel"), (parents["Linda"], "Uit Friesland")]:
        pool.set_background(parent=parent, words=words, method=Method.PHONE, by=ib)
    pool.link_parent(buddy=buddy, parent=parents["Linda"], by=ib)
    assert Background.objects.get().words == "Uit Friesland"
    valid = Consent.objects.valid(clock.today()).filter(purpose=Purpose.SAME_BACKGROUND)
    assert valid.get() == Background.objects.get().consent
    connection.check_constraints()


def test_link_refused_when_that_parent_is_a_buddy_or_somebody_was_matched(
    add_buddy: AddBuddy, proposed: Proposed, ib: Membership, parents: dict[str, Parent]
) -> None:
    add_buddy(parent=parents["Linda"])
    buddy = add_buddy()
    with refused(AlreadyABuddy):
        pool.link_parent(buddy=buddy, parent=parents["Linda"], by=ib)
    match = proposed()
    with refused(WrongMoment):
        pool.link_parent(buddy=match.buddy, parent=parents["Samira"], by=ib)


def test_link_to_themselves_changes_nothing(add_buddy: AddBuddy, ib: Membership) -> None:
    buddy = add_buddy()
    pool.link_parent(buddy=buddy, parent=buddy.parent, by=ib)
    buddy.refresh_from_db()
    assert Parent.objects.filter(pk=buddy.parent_id).exists()


def test_name_consent_can_be_given_later(add_buddy: AddBuddy, ib: Membership) -> None:
    buddy = add_buddy(name_may_be_known=False)
    with recorded() as log:
        pool.record_name_consent(buddy=buddy, method=Method.LETTER, by=ib)
    consent = Consent.objects.get(parent=buddy.parent, purpose=Purpose.DISCLOSE_NAME)
    assert (consent.method, consent.valid_until) == (Method.LETTER, consents.valid_until(clock.today()))
    assert log.actions == ["consent.give"]


def test_nothing_here_is_done_for_another_school(
    add_buddy: AddBuddy, other_ib: Membership, parents: dict[str, Parent]
) -> None:
    """A row of one school can never hang on a person of another: the database says so at commit."""
    before = everything()
    theirs = Theme.objects.get(school=other_ib.school, code="reading")
    with pytest.raises(IntegrityError), transaction.atomic():
        commit(partial(add_buddy, theirs, parent=parents["Linda"], by=other_ib))
    assert everything() == before

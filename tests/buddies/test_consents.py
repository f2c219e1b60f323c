"""Consent is a dated fact, and what rests on it ends with it (invariants 1, 3 and 7)."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from buddies import candidates
from buddies.actions import consents, matches, pool
from buddies.actions.errors import NotACandidate, WrongMoment
from buddies.models import (
    Background,
    Buddy,
    CloseReason,
    Consent,
    EndReason,
    Experience,
    Method,
    Outcome,
    Purpose,
    SupportRequest,
    Theme,
    Way,
)
from buddies.workflow import BuddyStatus, MatchStatus
from school import clock
from school.models import Membership, Parent
from tests.cast import ORDER, AddBuddy, Proposed, Signalled

from .watch import commit, recorded, refused, stored, tables_holding

AFTER_AGREED = (MatchStatus.AGREED, MatchStatus.CONNECTED)


def of(parent: Parent, purpose: Purpose) -> Consent:
    """The consent of `parent` for `purpose` that has not been withdrawn; there is exactly one."""
    return Consent.objects.get(parent=parent, purpose=purpose, withdrawn_at=None)


@pytest.mark.parametrize(
    ("given_on", "until"),
    [
        (date(2026, 1, 15), date(2026, 9, 30)),
        (date(2026, 7, 2), date(2026, 9, 30)),  # 90 days
        (date(2026, 7, 3), date(2027, 7, 3)),  # too soon to ask again this September
        (date(2026, 9, 30), date(2027, 9, 30)),
        (date(2026, 10, 5), date(2027, 9, 30)),
        (date(2028, 2, 29), date(2028, 9, 30)),
    ],
)
def test_valid_until_falls_together_in_september(given_on: date, until: date) -> None:
    assert consents.valid_until(given_on) == until


@settings(deadline=None)
@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_valid_until_is_a_year_at_most_and_not_at_once(given_on: date) -> None:
    assert timedelta(days=90) <= consents.valid_until(given_on) - given_on <= timedelta(days=366)


def test_consent_records_what_who_when_and_how(add_buddy: AddBuddy, ib: Membership) -> None:
    buddy = add_buddy(["reading", "divorce"], method=Method.PHONE)
    given_for = Consent.objects.filter(parent=buddy.parent, purpose=Purpose.SHARE_EXPERIENCE)
    assert sorted(str(consent.theme.code) for consent in given_for if consent.theme) == ["divorce", "reading"]
    consent = of(buddy.parent, Purpose.DISCLOSE_NAME)
    assert (consent.text_version, consent.language, consent.method) == ("2026-1", "nl", Method.PHONE)
    assert (consent.recorded_by, consent.school_id) == (ib, ib.school_id)
    assert consent.valid_until == consents.valid_until(clock.today())


def test_consent_for_one_request_or_match_does_not_run_out(proposed: Proposed) -> None:
    match = proposed(status=MatchStatus.AGREED)
    for parent, purpose in [(match.parent, Purpose.SEARCH), (match.parent, Purpose.MATCH)]:
        assert of(parent, purpose).valid_until is None


def test_experience_without_consent_for_that_theme_is_refused_by_the_database(
    add_buddy: AddBuddy, themes: dict[str, Theme]
) -> None:
    """Invariant 1, below the actions: someone else's consent, or one for another theme, or none, will not do."""
    buddy, other = add_buddy("reading"), add_buddy("divorce")
    experience = Experience.objects.get(buddy=buddy)
    consent = Experience.objects.get(buddy=other).consent_id
    for changes in (
        {"consent": consent},
        {"theme": themes["culture"]},
        {"consent": consent, "theme": themes["divorce"]},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            commit(partial(Experience.objects.filter(pk=experience.pk).update, **changes))
    with pytest.raises(IntegrityError), transaction.atomic():
        Experience.objects.filter(pk=experience.pk).update(consent=None)


# Withdrawing: share experience


def test_withdraw_experience_erases_it_everywhere(add_buddy: AddBuddy, ib: Membership) -> None:
    buddy = add_buddy(["reading", "divorce"], words="Onze zoon leerde pas in groep 5 lezen.")
    experience = Experience.objects.get(buddy=buddy, theme__code="reading")
    sealed = stored("buddies_experience", "words", experience.pk)
    assert sealed.startswith("gAAAA")
    assert tables_holding(sealed) == {"buddies_experience"}
    with recorded() as log:
        consents.withdraw(consent=experience.consent, by=ib)
    assert log.actions == ["consent.withdraw"]
    assert tables_holding(sealed) == set()
    assert not tables_holding("groep 5 lezen")
    assert [e.theme.code for e in Experience.objects.filter(buddy=buddy)] == ["divorce"]
    buddy.refresh_from_db()
    assert buddy.status == BuddyStatus.OFFERED


def test_withdraw_last_experience_stops_the_buddy_and_says_so_in_the_log(
    add_buddy: AddBuddy, ib: Membership
) -> None:
    buddy = add_buddy()
    pool.pause(buddy=buddy, until=clock.today() + timedelta(days=7), by=ib)
    with recorded() as log:
        consents.withdraw(consent=of(buddy.parent, Purpose.SHARE_EXPERIENCE), by=ib)
    buddy.refresh_from_db()
    assert (buddy.status, buddy.paused_until) == (BuddyStatus.STOPPED, None)
    assert log.actions == ["consent.withdraw", "buddy.stop"]


@pytest.mark.parametrize("status", ORDER)
def test_withdraw_experience_ends_what_is_open_and_winds_down_what_runs(
    proposed: Proposed, ib: Membership, status: MatchStatus
) -> None:
    match = proposed(status=status)
    consents.withdraw(consent=of(match.buddy_parent, Purpose.SHARE_EXPERIENCE), by=ib)
    match.refresh_from_db()
    if status in AFTER_AGREED:
        assert (match.state, match.winding_down) == (status, True)
        assert match.slot is not None
    else:
        assert (match.state, match.end_reason) == (MatchStatus.DID_NOT_PROCEED, EndReason.CONSENT_ENDED)
        assert (match.slot, match.winding_down) == (None, False)


def test_withdraw_experience_leaves_matches_of_other_themes_alone(
    proposed: Proposed, add_buddy: AddBuddy, signalled: Signalled, ib: Membership, themes: dict[str, Theme]
) -> None:
    buddy = add_buddy(["reading", "divorce"], capacity=2)
    kept = proposed(signalled("divorce"), buddy)
    ended = proposed(signalled("reading"), buddy)
    consents.withdraw(consent=Experience.objects.get(buddy=buddy, theme=themes["reading"]).consent, by=ib)
    kept.refresh_from_db()
    ended.refresh_from_db()
    assert (kept.state, ended.state) == (MatchStatus.PROPOSED, MatchStatus.DID_NOT_PROCEED)


def test_withdraw_experience_takes_the_buddy_from_every_list(
    proposed: Proposed, add_buddy: AddBuddy, signalled: Signalled, ib: Membership, themes: dict[str, Theme]
) -> None:
    buddy, request = add_buddy(), signalled()
    consents.withdraw(consent=of(buddy.parent, Purpose.SHARE_EXPERIENCE), by=ib)
    assert not Buddy.objects.available(clock.today(), themes["reading"]).exists()
    ranking = candidates.ranking(request, clock.today())
    assert (ranking.candidates, ranking.excluded) == ((), ())
    with refused(NotACandidate):
        proposed(request, buddy)


def test_withdraw_experience_while_agreed_cannot_be_undone_into_an_open_proposal(
    proposed: Proposed, ib: Membership
) -> None:
    """Before agreed a match rests on the standing consent, and that has gone (invariant 7)."""
    match = proposed(status=MatchStatus.AGREED)
    consents.withdraw(consent=of(match.buddy_parent, Purpose.SHARE_EXPERIENCE), by=ib)
    with refused(WrongMoment):
        matches.undo(match=match, by=ib)


# Withdrawing: the other purposes


def test_withdraw_name_takes_back_every_yes_to_it(add_buddy: AddBuddy, ib: Membership) -> None:
    """Asked again for the new year, the name consent is one consent: withdrawing it leaves no older one behind."""
    buddy = add_buddy()
    pool.record_name_consent(buddy=buddy, method=Method.PHONE, by=ib)
    consents.withdraw(consent=of(buddy.parent, Purpose.DISCLOSE_NAME), by=ib)
    named = Consent.objects.valid(clock.today()).filter(parent=buddy.parent, purpose=Purpose.DISCLOSE_NAME)
    assert not named.exists()
    assert Experience.objects.filter(buddy=buddy).exists()


def test_withdraw_background_erases_the_words(add_buddy: AddBuddy, ib: Membership) -> None:
    parent = add_buddy().parent
    pool.set_background(parent=parent, words="Wij zijn Koptisch", method=Method.CONVERSATION, by=ib)
    pool.set_background(parent=parent, words="Wij komen uit Caïro", method=Method.CONVERSATION, by=ib)
    sealed = stored("buddies_background", "words", Background.objects.get(parent=parent).pk)
    consents.withdraw(consent=of(parent, Purpose.SAME_BACKGROUND), by=ib)
    assert not Background.objects.filter(parent=parent).exists()
    assert tables_holding(sealed) == set()


def test_withdraw_search_erases_theme_note_and_wish_and_closes(signalled: Signalled, ib: Membership) -> None:
    request = signalled("divorce", note="Wil graag iemand spreken", wish="mother")
    sealed = stored("buddies_supportrequest", "note", request.pk)
    with recorded() as log:
        consents.withdraw(consent=of(request.parent, Purpose.SEARCH), by=ib)
    request.refresh_from_db()
    assert (request.theme, request.note, request.wish) == (None, "", "")
    assert (request.close_reason, request.closed_at is not None) == (CloseReason.WITHDRAWN, True)
    assert tables_holding(sealed) == set()
    assert log.actions == ["consent.withdraw", "request.close"]


@pytest.mark.parametrize("status", ORDER)
def test_withdraw_search_ends_the_match_or_winds_it_down(
    proposed: Proposed, ib: Membership, status: MatchStatus
) -> None:
    match = proposed(status=status)
    consents.withdraw(consent=of(match.parent, Purpose.SEARCH), by=ib)
    match.refresh_from_db()
    if status is MatchStatus.CONNECTED:
        assert (match.state, match.winding_down) == (status, True)
    else:
        assert (match.state, match.end_reason) == (MatchStatus.DID_NOT_PROCEED, EndReason.CONSENT_ENDED)


def test_withdraw_search_of_a_connected_match_it_can_still_be_rounded_off(
    proposed: Proposed, ib: Membership
) -> None:
    match = proposed(status=MatchStatus.CONNECTED)
    consents.withdraw(consent=of(match.parent, Purpose.SEARCH), by=ib)
    matches.complete(match=match, outcome=Outcome.UNKNOWN, close_request=True, by=ib)
    match.refresh_from_db()
    assert match.state is MatchStatus.COMPLETED
    assert SupportRequest.objects.get(pk=match.request_id).close_reason == CloseReason.WITHDRAWN


@pytest.mark.parametrize(
    ("status", "who", "reason"),
    [
        (MatchStatus.WAITING_FOR_BUDDY, "parent", EndReason.PARENT_NO),
        (MatchStatus.AGREED, "parent", EndReason.PARENT_NO),
        (MatchStatus.AGREED, "buddy_parent", EndReason.BUDDY_NO),
        (MatchStatus.CONNECTED, "parent", None),
        (MatchStatus.CONNECTED, "buddy_parent", None),
    ],
)
def test_withdraw_yes_to_a_match(
    proposed: Proposed, ib: Membership, status: MatchStatus, who: str, reason: EndReason | None
) -> None:
    match = proposed(status=status)
    with recorded() as log:
        consents.withdraw(consent=of(getattr(match, who), Purpose.MATCH), by=ib)
    match.refresh_from_db()
    if reason is None:
        assert (match.state, match.winding_down) == (MatchStatus.CONNECTED, True)
        assert log.actions == ["consent.withdraw", "match.wind_down"]
    else:
        assert (match.state, match.end_reason, match.slot) == (MatchStatus.DID_NOT_PROCEED, reason, None)
        assert log.actions == ["consent.withdraw", "match.did_not_proceed"]


@pytest.mark.parametrize("purpose", [Purpose.SHARE_CONTACT, Purpose.TELL_TEACHER])
def test_withdraw_what_was_agreed_with_the_connection_leaves_the_match(
    proposed: Proposed, ib: Membership, purpose: Purpose
) -> None:
    match = proposed(status=MatchStatus.AGREED)
    connection = matches.Connection(Way.INTRODUCED, parent_shares_contact=True, teacher_may_know=True)
    matches.connect(match=match, connection=connection, method=Method.PHONE, by=ib)
    consents.withdraw(consent=of(match.parent, purpose), by=ib)
    assert not Consent.objects.valid(clock.today()).filter(match=match, purpose=purpose).exists()
    match.refresh_from_db()
    assert (match.state, match.winding_down) == (MatchStatus.CONNECTED, False)


def test_withdraw_twice_does_nothing_more(proposed: Proposed, ib: Membership) -> None:
    match = proposed()
    consent = of(match.buddy_parent, Purpose.SHARE_EXPERIENCE)
    consents.withdraw(consent=consent, by=ib)
    withdrawn = Consent.objects.get(pk=consent.pk).withdrawn_at
    with recorded() as log:
        consents.withdraw(consent=consent, by=ib)
    assert log.actions == []
    assert Consent.objects.get(pk=consent.pk).withdrawn_at == withdrawn


# Expiry


def test_expired_consent_blocks_what_is_new_and_ends_nothing_that_runs(
    proposed: Proposed, add_buddy: AddBuddy, signalled: Signalled, themes: dict[str, Theme]
) -> None:
    buddy = add_buddy(capacity=2)
    running = proposed(buddy=buddy, status=MatchStatus.CONNECTED)
    request = signalled()
    last = of(buddy.parent, Purpose.SHARE_EXPERIENCE).valid_until
    assert last is not None
    assert Buddy.objects.available(last, themes["reading"]).exists()
    assert not Buddy.objects.available(last + timedelta(days=1), themes["reading"]).exists()
    with clock.at(clock.now() + (last - clock.today()) + timedelta(days=1)):
        [excluded] = candidates.ranking(request, clock.today()).excluded
        assert excluded.reason.code == "consent"
        with refused(NotACandidate):
            proposed(request, buddy)
    running.refresh_from_db()
    assert (running.state, running.winding_down) == (MatchStatus.CONNECTED, False)


def test_renewed_consent_takes_the_place_of_the_old_one(
    add_buddy: AddBuddy, ib: Membership, themes: dict[str, Theme]
) -> None:
    buddy = add_buddy(words="Lezen was moeilijk")
    old = Experience.objects.get(buddy=buddy).consent
    pool.add_experience(buddy=buddy, theme=themes["reading"], words="", method=Method.PHONE, by=ib)
    experience = Experience.objects.get(buddy=buddy)
    assert experience.words == "Lezen was moeilijk"
    assert experience.consent == of(buddy.parent, Purpose.SHARE_EXPERIENCE) != old

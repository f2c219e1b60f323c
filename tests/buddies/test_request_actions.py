"""Signalling, discussing, linking and closing: what is stored, and above all what is not (R9, invariants 1 and 9)."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from buddies.actions import matches, requests
from buddies.actions.errors import HasLiveMatch, WrongMoment
from buddies.actions.requests import About, Wanted
from buddies.models import (
    CloseReason,
    Consent,
    DoNotAsk,
    EndReason,
    Method,
    Origin,
    Purpose,
    Signal,
    SupportRequest,
    Theme,
)
from buddies.workflow import MatchStatus
from school import clock
from school.actions import ParentDetails
from school.models import Child, Group, Membership, Parent
from school.submissions import ForeignSubmission
from tests.cast import AddBuddy, Proposed, Signalled

from .watch import commit, everything, recorded, refused

AMINA = About(ParentDetails("Amina", "Tesfay", "mother"))


# Signalling


def test_signal_discussed_stores_what_the_parent_agreed_to(
    teacher: Membership, themes: dict[str, Theme], children: dict[str, Child]
) -> None:
    wanted = Wanted(themes["divorce"], "Wil weten hoe anderen het doen", "mother", Method.PHONE)
    with recorded() as log:
        made = requests.signal(
            about=About(ParentDetails("Amina"), children["Lina"]),
            wanted=wanted,
            by=teacher,
            submission=uuid4(),
        )
    request = made.request
    assert (request.theme, request.note, request.wish) == (themes["divorce"], wanted.note, "mother")
    assert (request.child, request.group, request.child_name) == (
        children["Lina"],
        children["Lina"].group,
        "",
    )
    assert (request.forget_on, request.closed_at, request.taken_up_at) == (None, None, None)
    assert (request.origin, request.recorded_by, made.recorded_by) == (Origin.SIGNAL, teacher, teacher)
    consent = request.search_consent
    assert consent is not None
    assert (consent.purpose, consent.method, consent.parent) == (Purpose.SEARCH, Method.PHONE, request.parent)
    assert log.actions == ["consent.give", "request.signal"]


def test_signal_undiscussed_stores_who_and_when_only(
    teacher: Membership, groups: dict[str, Group], school: Any
) -> None:
    with recorded() as log:
        about = About(ParentDetails(kind="father"), None, groups["4B"], "Mees")
        request = requests.signal(about=about, wanted=None, by=teacher, submission=uuid4()).request
    assert (request.theme, request.note, request.wish, request.search_consent) == (None, "", "", None)
    assert (request.child_name, request.group, request.parent.kind) == ("Mees", groups["4B"], "father")
    assert request.forget_on == clock.today() + timedelta(days=school.undiscussed_days)
    assert not Consent.objects.exists()
    assert log.actions == ["request.signal"]


def test_undiscussed_holds_no_theme_and_no_note_whoever_tries(
    signalled: Signalled, ib: Membership, themes: dict[str, Theme]
) -> None:
    """Invariant 1: not through the action, and not past it either."""
    request = signalled(discussed=False)
    with refused(WrongMoment):
        requests.choose_theme(request=request, wanted=Wanted(themes["reading"], "Leest niet"), by=ib)
    for changes in ({"theme": themes["reading"]}, {"note": "Leest niet"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SupportRequest.objects.filter(pk=request.pk).update(**changes)
    other = signalled("reading", first_name="Someone")
    with pytest.raises(IntegrityError), transaction.atomic():  # with another parent's consent
        commit(
            partial(
                SupportRequest.objects.filter(pk=request.pk).update,
                search_consent=other.search_consent,
                theme=themes["reading"],
                forget_on=None,
            )
        )


def test_signal_note_is_short(signalled: Signalled) -> None:
    assert signalled(note="x" * 500).note == "x" * 200


def test_signal_sent_twice_is_one(teacher: Membership, other_teacher: Membership) -> None:
    submission = uuid4()
    first = requests.signal(about=AMINA, wanted=Wanted(), by=teacher, submission=submission)
    before = everything()
    assert requests.signal(about=AMINA, wanted=Wanted(), by=teacher, submission=submission) == first
    assert everything() == before
    with refused(ForeignSubmission):
        requests.signal(about=AMINA, wanted=Wanted(), by=other_teacher, submission=submission)


@pytest.mark.parametrize("discussed", [True, False])
def test_signal_writes_the_same_whether_the_parent_is_known(
    teacher: Membership,
    children: dict[str, Child],
    parents: dict[str, Parent],
    themes: dict[str, Theme],
    signalled: Signalled,
    add_buddy: AddBuddy,
    discussed: bool,
) -> None:
    """Linda is a buddy, has an open request for the same theme and once said no; nobody knows Unknown. What a
    colleague makes happen is the same, down to the last row."""
    linda = parents["Linda"]
    add_buddy("reading", parent=linda)
    signalled("reading", parent=linda, child=children["Noor"])
    about = About(ParentDetails("Linda", "de Jong", "mother"), children["Noor"])
    requests.refuse(about=about, by=teacher, submission=uuid4())

    def written(first_name: str, last_name: str) -> tuple[dict[str, int], list[str], list[Any]]:
        before = everything()
        with recorded() as log:
            made = requests.signal(
                about=About(ParentDetails(first_name, last_name, "mother"), children["Noor"]),
                wanted=Wanted(themes["reading"], "Lezen") if discussed else None,
                by=teacher,
                submission=uuid4(),
            )
        after = everything()
        assert all(set(rows) <= set(after[table]) for table, rows in before.items()), (
            "nothing known was touched"
        )
        request = made.request
        return (
            {table: len(rows) - len(before[table]) for table, rows in after.items()},
            log.actions,
            [
                request.theme,
                request.note,
                request.child,
                request.linked_at,
                request.taken_up_at,
                request.forget_on,
            ],
        )

    assert written("Linda", "de Jong") == written("Unknown", "Person")


# A parent who says no


def test_refuse_stores_who_and_until_when_and_nothing_else(
    teacher: Membership, children: dict[str, Child]
) -> None:
    before, submission = everything(), uuid4()
    about = About(ParentDetails("Amina", kind="mother"), children["Lina"])
    with recorded() as log:
        refusal = requests.refuse(about=about, by=teacher, submission=submission)
    changed = {table for table, rows in everything().items() if rows != before[table]}
    assert changed == {"school_parent", "school_guardianship", "buddies_donotask", "school_auditevent"}
    assert refusal.until == clock.today() + timedelta(days=365)
    assert log.actions == ["request.refuse"]
    assert requests.refuse(about=about, by=teacher, submission=submission) == refusal


def test_discussed_no_erases_the_request_at_once(signalled: Signalled, teacher: Membership) -> None:
    request = signalled(discussed=False)
    with recorded() as log:
        requests.discussed(request=request, wanted=None, by=teacher)
    assert not SupportRequest.objects.exists()
    assert not Signal.objects.exists()
    refusal = DoNotAsk.objects.get()
    assert (refusal.parent, refusal.until) == (request.parent, clock.today() + timedelta(days=365))
    assert log.actions == ["request.refuse"]


def test_discussed_yes_stores_consent_first_and_is_kept(
    signalled: Signalled, teacher: Membership, themes: dict[str, Theme]
) -> None:
    request = signalled(discussed=False)
    with recorded() as log:
        requests.discussed(request=request, wanted=Wanted(themes["reading"], "Leest traag"), by=teacher)
    request.refresh_from_db()
    assert (request.theme, request.note, request.forget_on) == (themes["reading"], "Leest traag", None)
    assert log.actions == ["consent.give", "request.discussed"]
    for again in (Wanted(themes["divorce"]), None):
        with refused(WrongMoment):
            requests.discussed(request=request, wanted=again, by=teacher)


def test_discussed_joins_the_open_request_for_the_same_theme(
    signalled: Signalled, parents: dict[str, Parent], teacher: Membership, themes: dict[str, Theme]
) -> None:
    first = signalled("reading", parent=parents["Linda"])
    later = signalled(discussed=False, parent=parents["Linda"])
    requests.discussed(request=later, wanted=Wanted(themes["reading"]), by=teacher)
    assert SupportRequest.objects.get() == first
    assert Signal.objects.filter(request=first).count() == 2


def test_discussed_no_after_the_same_form_said_no_before(teacher: Membership) -> None:
    """Sent as no, back in the browser, sent as not yet, and then no after all: one refusal stays."""
    submission, about = uuid4(), About(ParentDetails("Amina"))
    requests.refuse(about=about, by=teacher, submission=submission)
    changed = requests.signal(about=about, wanted=None, by=teacher, submission=submission)
    requests.discussed(request=changed.request, wanted=None, by=teacher)
    assert DoNotAsk.objects.get().parent == changed.request.parent


# The coordinator at work


def test_take_up_once(signalled: Signalled, ib: Membership) -> None:
    request = signalled()
    with recorded() as log:
        requests.take_up(request=request, by=ib)
        requests.take_up(request=request, by=ib)
    assert log.actions == ["request.take_up"]


def test_choose_theme_says_what_it_is_about(
    signalled: Signalled, ib: Membership, themes: dict[str, Theme]
) -> None:
    request = signalled(None)
    with recorded() as log:
        requests.choose_theme(request=request, wanted=Wanted(themes["culture"], "n" * 300, "father"), by=ib)
    request.refresh_from_db()
    assert (request.theme, request.note, request.wish) == (themes["culture"], "n" * 200, "father")
    assert log.actions == ["request.theme", "request.take_up"]


def test_choose_theme_refused_when_closed_matched_or_open_for_that_theme(
    signalled: Signalled,
    proposed: Proposed,
    ib: Membership,
    themes: dict[str, Theme],
    parents: dict[str, Parent],
) -> None:
    closed = signalled()
    requests.close(request=closed, reason=CloseReason.NOT_NEEDED, by=ib)
    matched = proposed().request
    signalled("reading", parent=parents["Linda"])
    second = signalled(None, parent=parents["Linda"])
    for request, theme in [(closed, "divorce"), (matched, "divorce"), (second, "reading")]:
        with refused(WrongMoment):
            requests.choose_theme(request=request, wanted=Wanted(themes[theme]), by=ib)


@pytest.mark.parametrize("reason", [reason for reason in CloseReason if reason])
def test_close_with_each_reason_once(signalled: Signalled, ib: Membership, reason: CloseReason) -> None:
    request = signalled()
    with recorded() as log:
        requests.close(request=request, reason=reason, by=ib)
    request.refresh_from_db()
    assert (request.close_reason, request.closed_at is not None) == (reason, True)
    assert log.actions == ["request.close"]
    with refused(WrongMoment):
        requests.close(request=request, reason=reason, by=ib)


def test_close_refused_while_a_match_is_live_or_nothing_was_discussed(
    proposed: Proposed, signalled: Signalled, ib: Membership
) -> None:
    match, undiscussed = proposed(), signalled(discussed=False)
    with refused(HasLiveMatch):
        requests.close(request=match.request, reason=CloseReason.HELPED, by=ib)
    with refused(WrongMoment):
        requests.close(request=undiscussed, reason=CloseReason.HELPED, by=ib)


def test_state_is_derived_and_follows_what_happens(
    signalled: Signalled, proposed: Proposed, ib: Membership
) -> None:
    def state(request: SupportRequest) -> str:
        return str(SupportRequest.objects.with_state().get(pk=request.pk).state)

    request = signalled(None, discussed=False)
    assert state(request) == "undiscussed"
    request = signalled()
    assert state(request) == "new"
    requests.take_up(request=request, by=ib)
    assert state(request) == "searching"
    match = proposed(request)
    assert state(request) == "matching"
    matches.did_not_proceed(match=match, reason=EndReason.NO_CLICK, by=ib)
    assert state(request) == "searching"
    proposed(request, status=MatchStatus.CONNECTED)
    assert state(request) == "connected"

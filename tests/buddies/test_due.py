"""What goes on its day, and what stays (invariant 9). The jobs may run at any time, any number of times."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils.module_loading import import_string

from buddies import due
from buddies.actions import consents, pool, requests
from buddies.actions.requests import About
from buddies.models import (
    Buddy,
    Consent,
    DoNotAsk,
    EndReason,
    Experience,
    Match,
    Measure,
    Method,
    NewcomerOffer,
    Purpose,
    Signal,
    SupportRequest,
    Theme,
    YearTotal,
    visible_parents,
)
from buddies.workflow import BuddyStatus, MatchStatus
from school import clock
from school.actions import ParentDetails
from school.models import Child, Membership, Parent
from tests.cast import ORDER, AddBuddy, Proposed, Signalled

from .watch import everything, recorded, stored, tables_holding

DAY = timedelta(days=1)


def run_all(on: date) -> list[int]:
    return [import_string(path)(on) for path in settings.DUE_JOBS]


# A signal that was not discussed


def test_undiscussed_goes_after_its_term_and_not_a_day_before(
    signalled: Signalled, children: dict[str, Child]
) -> None:
    request = signalled(discussed=False, last_name="Tesfay", child=children["Lina"])
    last = clock.today() + timedelta(days=13)
    assert due.forget_undiscussed(last) == 0
    assert SupportRequest.objects.filter(pk=request.pk).exists()
    with recorded() as log:
        assert due.forget_undiscussed(last + DAY) == 1
    assert not SupportRequest.objects.exists()
    assert not Signal.objects.exists()
    assert not tables_holding("Tesfay")
    assert log.actions == ["request.forget"]
    assert (log.events[0].actor_id, log.events[0].school_id) == (None, request.school_id)
    assert due.forget_undiscussed(last + DAY) == 0


def test_undiscussed_is_hidden_from_its_day_before_any_job_ran(
    signalled: Signalled, ib: Membership, teacher: Membership
) -> None:
    signalled(discussed=False)
    last = clock.today() + timedelta(days=13)
    for day, there in [(last, True), (last + DAY, False)]:
        assert SupportRequest.objects.visible_to(ib, day).exists() is there
        assert Signal.objects.of(teacher, day).exists() is there
        assert visible_parents(ib, day).exists() is there


def test_discussed_does_not_go(signalled: Signalled, teacher: Membership) -> None:
    signalled()
    later = signalled(discussed=False)
    requests.discussed(request=later, wanted=requests.Wanted(), by=teacher)
    assert run_all(clock.today() + timedelta(days=90))[0] == 0
    assert SupportRequest.objects.count() == 2


def test_undiscussed_leaves_a_parent_who_is_known_otherwise(
    signalled: Signalled, add_buddy: AddBuddy, parents: dict[str, Parent]
) -> None:
    for name in ("Linda", "Samira"):
        signalled(discussed=False, parent=parents[name])
    add_buddy(parent=parents["Linda"])
    signalled("divorce", parent=parents["Samira"])
    assert due.forget_undiscussed(clock.today() + timedelta(days=30)) == 2
    assert Parent.objects.filter(pk__in=[parents["Linda"].pk, parents["Samira"].pk]).count() == 2


def test_undiscussed_leaves_who_should_not_be_asked_again(signalled: Signalled, teacher: Membership) -> None:
    refusal = requests.refuse(
        about=About(ParentDetails("Amina")), by=teacher, submission=signalled().submission
    )
    signalled(discussed=False, parent=refusal.parent)
    due.forget_undiscussed(clock.today() + timedelta(days=30))
    assert Parent.objects.filter(pk=refusal.parent_id).exists()


# A suggested buddy


def suggested(by: Membership) -> Buddy:
    details = ParentDetails("Eva", "Bakker")
    return pool.suggest(details=details, by=by, submission=Signal._meta.get_field("submission").get_default())


def test_suggestion_lapses(teacher: Membership, ib: Membership) -> None:
    suggested(teacher)
    last = clock.today() + timedelta(days=29)
    for day, there in [(last, True), (last + DAY, False)]:
        assert Buddy.objects.visible_to(ib, day).exists() is there
        assert Buddy.objects.nominated_by(teacher, day).exists() is there
    assert due.forget_suggestions(last) == 0
    with recorded() as log:
        assert due.forget_suggestions(last + DAY) == 1
    assert not Buddy.objects.exists()
    assert not tables_holding("Bakker")
    assert log.actions == ["buddy.forget"]
    assert due.forget_suggestions(last + DAY) == 0


def test_suggestion_that_was_asked_does_not_lapse(teacher: Membership, ib: Membership) -> None:
    pool.ask(buddy=suggested(teacher), by=ib)
    assert due.forget_suggestions(clock.today() + timedelta(days=365)) == 0
    assert Buddy.objects.count() == 1


# Consent that ran out


def last_day(buddy: Buddy) -> date:
    until = Experience.objects.get(buddy=buddy).consent.valid_until
    assert until is not None
    return until


def test_expired_experience_is_erased_after_thirty_days(add_buddy: AddBuddy) -> None:
    buddy = add_buddy(words="Zittenblijven")
    experience = Experience.objects.get(buddy=buddy)
    sealed, until = stored("buddies_experience", "words", experience.pk), last_day(buddy)
    assert due.erase_expired_experiences(until + timedelta(days=30)) == 0
    with recorded() as log:
        assert due.erase_expired_experiences(until + timedelta(days=31)) == 1
    assert not Experience.objects.exists()
    assert not tables_holding(sealed)
    buddy.refresh_from_db()
    assert buddy.status == BuddyStatus.STOPPED
    assert log.actions == ["experience.forget", "buddy.stop"]
    assert due.erase_expired_experiences(until + timedelta(days=31)) == 0


def test_renewed_experience_stays(add_buddy: AddBuddy, ib: Membership, themes: dict[str, Theme]) -> None:
    buddy = add_buddy()
    until = last_day(buddy)
    with clock.at(clock.now() + (until - clock.today()) + timedelta(days=20)):
        pool.add_experience(buddy=buddy, theme=themes["reading"], words="", method=Method.PHONE, by=ib)
    assert due.erase_expired_experiences(until + timedelta(days=31)) == 0
    assert Buddy.objects.available(until + timedelta(days=31), themes["reading"]).get() == buddy


@pytest.mark.parametrize("status", ORDER)
def test_expiry_never_ends_what_runs(proposed: Proposed, status: MatchStatus) -> None:
    """An agreed or connected match stands on its own yes and is not even to be rounded off: nobody withdrew."""
    match = proposed(status=status)
    due.erase_expired_experiences(last_day(match.buddy) + timedelta(days=31))
    match.refresh_from_db()
    if status in (MatchStatus.AGREED, MatchStatus.CONNECTED):
        assert (match.state, match.winding_down) == (status, False)
    else:
        assert (match.state, match.end_reason) == (MatchStatus.DID_NOT_PROCEED, EndReason.CONSENT_ENDED)


# What was offered to new families, refusals, and proof


def test_offer_goes_on_its_day_and_is_counted(
    children: dict[str, Child], ib: Membership, signalled: Signalled
) -> None:
    day = clock.today() + timedelta(days=400)
    parent = signalled(discussed=False, last_name="Tesfay").parent
    SupportRequest.objects.all().delete()
    for name, answer, who in [("Sem", "", parent), ("Noor", "no", None), ("Lina", "yes", None)]:
        NewcomerOffer.objects.create(
            school=ib.school,
            recorded_by=ib,
            child=children[name],
            parent=who,
            offered_at=clock.now(),
            answer=answer,
            answered_at=clock.now() if answer else None,
            forget_on=day,
        )
    assert due.forget_offers(day - DAY) == 0
    with recorded() as log:
        assert due.forget_offers(day) == 3
    assert log.actions == ["newcomer.forget"] * 3
    assert not NewcomerOffer.objects.exists()
    assert not tables_holding("Tesfay")
    counted = dict(YearTotal.objects.values_list("measure", "amount"))
    assert counted == {Measure.OFFERED: 3, Measure.ACCEPTED: 1}


def test_refusal_goes_when_the_parent_may_be_asked_again(teacher: Membership, signalled: Signalled) -> None:
    details = ParentDetails("Amina", "Tesfay")
    refusal = requests.refuse(about=About(details), by=teacher, submission=signalled().submission)
    assert due.forget_refusals(refusal.until - DAY) == 0
    with recorded() as log:
        assert due.forget_refusals(refusal.until) == 1
    assert log.actions == ["refusal.forget"]
    assert not DoNotAsk.objects.exists()
    assert not Parent.objects.filter(pk=refusal.parent_id).exists()


def test_consent_goes_a_year_after_its_end(
    add_buddy: AddBuddy, ib: Membership, themes: dict[str, Theme]
) -> None:
    """Renewed or withdrawn; not while an experience rests on it, and not the one that is valid."""
    buddy = add_buddy()
    pool.add_experience(buddy=buddy, theme=themes["reading"], words="", method=Method.PHONE, by=ib)
    earlier = Consent.objects.get(purpose=Purpose.SHARE_EXPERIENCE, withdrawn_at__isnull=False)
    last = clock.today() + timedelta(days=364)
    assert due.forget_consents(last) == 0
    with recorded() as log:
        assert due.forget_consents(last + DAY) == 1
    assert log.actions == ["consent.forget"]
    assert not Consent.objects.filter(pk=earlier.pk).exists()
    assert Experience.objects.filter(buddy=buddy).exists()


def test_consent_on_which_something_rests_does_not_go(add_buddy: AddBuddy) -> None:
    """An experience whose consent ran out waits for its own job."""
    buddy = add_buddy(name_may_be_known=False)
    until = last_day(buddy)
    assert due.forget_consents(until + timedelta(days=500)) == 0
    due.erase_expired_experiences(until + timedelta(days=31))
    assert due.forget_consents(until + timedelta(days=364)) == 0
    assert due.forget_consents(until + timedelta(days=365)) == 1


# All together


def test_run_due_says_what_it_did_and_does_it_once(signalled: Signalled, teacher: Membership) -> None:
    long_ago = clock.now() - timedelta(days=60)
    with clock.at(long_ago):
        signalled(discussed=False)
        suggested(teacher)
    said = []
    for _ in range(2):
        out = StringIO()
        call_command("run_due", stdout=out)
        said.append([line for line in out.getvalue().split("\n") if line.startswith("forget_undis")])
    assert said == [["forget_undiscussed: 1"], ["forget_undiscussed: 0"]]


def test_jobs_leave_alone_what_is_not_due(
    proposed: Proposed, signalled: Signalled, teacher: Membership
) -> None:
    proposed(status=MatchStatus.CONNECTED)
    signalled(discussed=False)
    suggested(teacher)
    before = everything()
    assert run_all(clock.today()) == [0] * len(settings.DUE_JOBS)
    assert everything() == before


def test_withdrawn_is_not_left_for_the_job(proposed: Proposed, ib: Membership) -> None:
    """Withdrawing erases at once; there is nothing left for a job to do."""
    match = proposed()
    consent = Consent.objects.get(parent=match.buddy_parent, purpose=Purpose.SHARE_EXPERIENCE)
    consents.withdraw(consent=consent, by=ib)
    assert due.erase_expired_experiences(clock.today() + timedelta(days=800)) == 0
    assert not Match.objects.live().exists()

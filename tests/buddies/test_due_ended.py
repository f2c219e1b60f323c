"""What goes when a request has ended, first what it was about and then all of it (invariant 9); and it is counted."""

from datetime import date, timedelta

from django.test import Client

from buddies import due
from buddies.actions import consents, matches, requests
from buddies.models import (
    Buddy,
    CheckIn,
    CloseReason,
    Consent,
    EndReason,
    Match,
    Measure,
    Outcome,
    Signal,
    SupportRequest,
    YearTotal,
    visible_parents,
)
from buddies.workflow import MatchStatus
from school import clock
from school.models import Membership, Parent
from tests.cast import AddBuddy, Proposed, Signalled

from .phone import text, url
from .watch import commit, recorded, stored, tables_holding

DAY = timedelta(days=1)


# What a closed request was about


def closed(request: SupportRequest, by: Membership) -> SupportRequest:
    requests.close(request=request, reason=CloseReason.NOT_NEEDED, by=by)
    request.refresh_from_db()
    return request


def helped(proposed: Proposed, request: SupportRequest, by: Membership, buddy: Buddy | None = None) -> Match:
    """A match that was rounded off, and its request closed with it."""
    match = proposed(request, buddy, status=MatchStatus.CONNECTED)
    matches.complete(match=match, outcome=Outcome.HELPED, close_request=True, by=by)
    return match


def totals() -> dict[str, int]:
    """What was counted, by measure."""
    return {row.measure: row.amount for row in YearTotal.objects.all()}


def test_theme_goes_thirty_days_after_the_request_closed(
    proposed: Proposed, signalled: Signalled, ib: Membership
) -> None:
    request = signalled(note="Zittenblijven", wish="mother")
    match = helped(proposed, request, ib)
    Match.objects.filter(pk=match.pk).update(click_words="allebei stil")
    sealed = stored("buddies_supportrequest", "note", request.pk)
    last = clock.today() + timedelta(days=29)
    assert due.forget_themes(last) == 0
    with recorded() as log:
        assert due.forget_themes(last + DAY) == 1
    assert log.actions == ["request.forget_theme"]
    request.refresh_from_db()
    match.refresh_from_db()
    assert (request.theme, request.note, request.wish, request.in_totals) == (None, "", "", True)
    assert (match.theme, match.click_words) == (None, "")
    assert not tables_holding(sealed)
    once = totals()
    assert once == {Measure.SIGNALS: 1, Measure.CONNECTED: 1, Measure.WEEK: 1}
    with_theme = YearTotal.objects.exclude(theme=None).values_list("measure", "theme__code")
    assert set(with_theme) == {(Measure.SIGNALS, "reading"), (Measure.CONNECTED, "reading")}
    assert due.forget_themes(last + DAY) == 0
    assert totals() == once


def test_theme_of_what_goes_on_stays(proposed: Proposed, signalled: Signalled, ib: Membership) -> None:
    """An open request, and one whose live match goes on after the parent took back the search."""
    open_request = signalled()
    match = proposed(status=MatchStatus.CONNECTED)
    assert match.request.search_consent is not None
    consents.withdraw(consent=match.request.search_consent, by=ib)
    assert due.forget_themes(clock.today() + timedelta(days=400)) == 0
    assert due.forget_ended(clock.today() + timedelta(days=400)) == 0
    open_request.refresh_from_db()
    assert open_request.theme is not None


def test_theme_is_hidden_from_its_day_before_any_job_ran(
    proposed: Proposed,
    signalled: Signalled,
    add_buddy: AddBuddy,
    ib: Membership,
    bouwcoordinator: Membership,
) -> None:
    """The whole request is, until the job has taken out the theme; then who has all themes sees what is left."""
    request = signalled("language", languages=("ti",))
    match = helped(proposed, request, ib, add_buddy("language", languages=("ti", "nl")))
    last = clock.today() + timedelta(days=29)

    def seen(day: date) -> list[bool]:
        return [
            *(SupportRequest.objects.visible_to(who, day).exists() for who in (ib, bouwcoordinator)),
            *(
                Match.objects.visible_to(who, day).filter(pk=match.pk).exists()
                for who in (ib, bouwcoordinator)
            ),
        ]

    assert seen(last) == [True] * 4
    assert seen(last + DAY) == [False] * 4
    due.forget_themes(last + DAY)
    assert seen(last + DAY) == [True, False, True, False]
    assert Signal.objects.of(request.recorded_by, last + DAY).exists()


def test_pages_of_a_closed_request_do_not_tell_the_theme(
    proposed: Proposed, signalled: Signalled, ib: Membership, ineke: Client
) -> None:
    with clock.at(clock.now() - timedelta(days=31)):
        match = helped(proposed, signalled("divorce", note="Zittenblijven"), ib)
    addresses = [url("request", match.request_id), url("match", match.pk)]
    assert [ineke.get(address).status_code for address in addresses] == [404, 404]
    due.forget_themes(clock.today())
    for address in addresses:
        page = text(ineke.get(address)).lower()
        assert "scheiding" not in page
        assert "zittenblijven" not in page


# What ended


def test_ended_goes_half_a_year_after_its_end_with_all_about_it(
    proposed: Proposed, signalled: Signalled, ib: Membership
) -> None:
    request = signalled(last_name="Tesfay", note="Zittenblijven")
    helped(proposed, request, ib)
    kept = {consent.pk for consent in Consent.objects.filter(match=None, request=None)}
    last = clock.today() + timedelta(days=182)
    assert due.forget_ended(last) == 0
    with recorded() as log:
        commit(lambda: due.forget_ended(last + DAY))
    assert log.actions == ["request.forget"]
    for model in (SupportRequest, Match, CheckIn, Signal):
        assert not model.objects.exists()
    assert {consent.pk for consent in Consent.objects.all()} == kept
    assert not tables_holding("Tesfay")
    assert Buddy.objects.count() == 1
    assert totals() == {Measure.SIGNALS: 1, Measure.CONNECTED: 1, Measure.WEEK: 1}
    assert due.forget_ended(last + DAY) == 0


def test_ended_is_counted_once(proposed: Proposed, signalled: Signalled, ib: Membership) -> None:
    helped(proposed, signalled(), ib)
    due.forget_themes(clock.today() + timedelta(days=30))
    once = totals()
    assert due.forget_ended(clock.today() + timedelta(days=183)) == 1
    assert totals() == once


def test_term_runs_from_the_last_end(proposed: Proposed, ib: Membership) -> None:
    """A parent took back the search; the match ran on, and was rounded off later."""
    match = proposed(status=MatchStatus.CONNECTED)
    assert match.request.search_consent is not None
    consents.withdraw(consent=match.request.search_consent, by=ib)
    with clock.at(clock.now() + timedelta(days=100)):
        end = clock.today()
        matches.complete(match=match, outcome=Outcome.PARTLY, close_request=True, by=ib)
    assert due.forget_ended(end + timedelta(days=182)) == 0
    assert due.forget_ended(end + timedelta(days=183)) == 1


def test_ended_is_hidden_from_its_day_before_any_job_ran(
    signalled: Signalled, ib: Membership, teacher: Membership
) -> None:
    closed(signalled(), ib)
    due.forget_themes(clock.today() + timedelta(days=30))
    last = clock.today() + timedelta(days=182)
    for day, there in [(last, True), (last + DAY, False)]:
        assert SupportRequest.objects.visible_to(ib, day).exists() is there
        assert Signal.objects.of(teacher, day).exists() is there
        assert visible_parents(ib, day).exists() is there


def test_match_of_an_open_request_stays(proposed: Proposed, ib: Membership) -> None:
    """It keeps that buddy from being proposed again."""
    match = proposed()
    matches.did_not_proceed(match=match, reason=EndReason.NO_CLICK, by=ib)
    assert due.forget_ended(clock.today() + timedelta(days=800)) == 0
    assert Match.objects.exists()


def test_ended_leaves_a_parent_who_is_known_otherwise(
    signalled: Signalled, add_buddy: AddBuddy, parents: dict[str, Parent], ib: Membership
) -> None:
    add_buddy(parent=parents["Linda"])
    for name in ("Linda", "Samira"):
        closed(signalled("divorce", parent=parents[name]), ib)
    signalled("reading", parent=parents["Samira"])
    assert due.forget_ended(clock.today() + timedelta(days=183)) == 2
    assert Parent.objects.filter(pk__in=[parents["Linda"].pk, parents["Samira"].pk]).count() == 2

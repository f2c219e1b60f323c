"""Vandaag: each kind of row is there for whom it waits on, and only then."""

from datetime import date, timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buddies import match_worklist, worklist
from buddies.actions import consents, matches, pool, requests
from buddies.models import (
    Buddy,
    CheckAnswer,
    CheckIn,
    CloseReason,
    Consent,
    EndReason,
    Match,
    Method,
    Outcome,
    Purpose,
    SupportRequest,
    Theme,
    TipGiver,
    Way,
)
from buddies.workflow import MatchStatus
from school import clock
from school.actions import ParentDetails
from school.models import Group, Membership, Parent
from school.roles import Role
from school.worklist import Urgency, WorkItem
from tests.cast import AddBuddy, Proposed, Signalled

WRONG, OVERDUE, TODAY, SOON = Urgency


def link(membership: Membership, page: str, row: object | None = None) -> str:
    pk = [row.pk] if row is not None else []  # type: ignore[attr-defined]
    return reverse(f"buddies:{page}", args=[membership.school.slug, *pk])


def vandaag(membership: Membership, on: date) -> list[WorkItem]:
    """What this app puts on Vandaag because of requests, matches and buddies."""
    return sorted([*worklist.items(membership, on), *match_worklist.items(membership, on)])


def waiting(membership: Membership, after: int = 0) -> list[tuple[str, Urgency]]:
    """Where each row leads and how urgent it is, `after` so many days."""
    someone = Membership.objects.get(pk=membership.pk)
    return [(item.url, item.urgency) for item in vandaag(someone, clock.today() + timedelta(days=after))]


@pytest.fixture
def staff(
    ib: Membership,
    teacher: Membership,
    director: Membership,
    bouwcoordinator: Membership,
    admin_member: Membership,
) -> list[Membership]:
    """Everybody but the intern begeleider."""
    return [teacher, director, bouwcoordinator, admin_member]


def test_nothing_waits_on_anybody(ib: Membership, staff: list[Membership]) -> None:
    assert [waiting(who) for who in (ib, *staff)] == [[]] * 5


def test_undiscussed_signal_waits_on_who_signalled(
    signalled: Signalled, ib: Membership, other_teacher: Membership, teacher: Membership
) -> None:
    request = signalled(discussed=False)
    url = link(teacher, "discussed", request)
    assert waiting(teacher) == [(url, SOON)]
    assert waiting(teacher, after=9) == [(url, SOON)]
    assert waiting(teacher, after=10) == [(url, TODAY)]
    assert waiting(teacher, after=14) == []
    assert waiting(ib) == waiting(other_teacher) == []
    requests.discussed(request=request, wanted=None, by=teacher)
    assert waiting(teacher) == []


def test_new_request_waits_on_who_arranges_the_theme(
    signalled: Signalled, ib: Membership, staff: list[Membership], director: Membership
) -> None:
    request = signalled("newcomer")
    url = link(ib, "request", request)
    assert waiting(director) == [(url, TODAY)]
    assert waiting(director, after=3) == [(url, TODAY)]
    assert waiting(director, after=4) == [(url, OVERDUE)]
    assert all(waiting(who) == [] for who in (ib, *staff) if who != director)


@pytest.mark.parametrize("why", ["left", "other role"])
def test_theme_of_nobody_at_work_waits_on_the_intern_begeleider(
    signalled: Signalled, ib: Membership, director: Membership, why: str
) -> None:
    request = signalled("newcomer")
    if why == "left":
        Membership.objects.filter(pk=director.pk).update(ends_on=clock.today() - timedelta(days=1))
    else:
        director.rolegrant_set.update(role=Role.ADMINISTRATOR)
    assert waiting(ib) == [(link(ib, "request", request), TODAY)]


def test_request_taken_up_waits_for_a_buddy(signalled: Signalled, ib: Membership) -> None:
    about_something, unknown = signalled(), signalled(None)
    for request in (about_something, unknown):
        requests.take_up(request=request, by=ib)
    assert waiting(ib) == [(link(ib, "find", about_something), SOON), (link(ib, "request", unknown), SOON)]
    for request in (about_something, unknown):
        requests.close(request=request, reason=CloseReason.NOT_NEEDED, by=ib)
    assert waiting(ib) == []


def test_two_who_wait_have_a_row_together(
    signalled: Signalled, ib: Membership, bouwcoordinator: Membership
) -> None:
    first = signalled("reading")
    signalled("language", languages=("ti",))
    signalled(None)
    together = (link(ib, "distribute"), TODAY)
    assert together not in waiting(ib), "language is for Babs, and without a theme there is nothing to divide"
    signalled("busy")
    assert together in waiting(ib)
    assert together not in waiting(bouwcoordinator)
    requests.park(request=first, until=clock.today() + timedelta(days=1), by=ib)
    assert together not in waiting(ib)
    assert (link(ib, "request", first), TODAY) not in waiting(ib)
    assert (link(ib, "request", first), TODAY) in waiting(ib, after=1), "it comes back by itself"
    assert together in waiting(ib, after=1)


def test_match_waits_on_the_coordinator_step_by_step(
    proposed: Proposed, ib: Membership, teacher: Membership, director: Membership
) -> None:
    match = proposed()
    url = link(ib, "match", match)
    assert waiting(ib) == [(url, TODAY)]
    matches.ask_parent(match=match, tip_giver=TipGiver.COORDINATOR, by=ib)
    assert waiting(ib) == [(url, SOON)]
    assert waiting(ib, after=7) == [(url, OVERDUE)]
    matches.record_parent_yes(match=match, method=Method.PHONE, by=ib)
    assert waiting(ib) == [(url, TODAY)]
    matches.ask_buddy(match=match, by=ib)
    assert waiting(ib) == []
    assert waiting(ib, after=7) == [(url, OVERDUE)]
    matches.record_buddy_yes(match=match, method=Method.PHONE, by=ib)
    assert waiting(ib) == [(url, TODAY)]
    matches.connect(match=match, connection=matches.Connection(Way.INTRODUCED), method=Method.PHONE, by=ib)
    assert waiting(ib) == []
    assert waiting(teacher) == waiting(director) == []


def test_tip_waits_on_the_signaller_and_later_on_the_coordinator_too(
    proposed: Proposed, ib: Membership, teacher: Membership, other_teacher: Membership
) -> None:
    match = proposed(status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)
    tip = link(teacher, "tip", match)
    assert waiting(teacher) == [(tip, TODAY)]
    assert waiting(ib) == waiting(other_teacher) == []
    assert waiting(ib, after=7) == [(link(ib, "match", match), OVERDUE)]
    matches.record_parent_yes(match=match, method=Method.CONVERSATION, by=teacher)
    assert waiting(teacher) == []


def test_tip_is_one_row_when_the_signaller_signalled_twice(
    signalled: Signalled, proposed: Proposed, ib: Membership, teacher: Membership
) -> None:
    first = signalled()
    requests.link_parent(request=signalled(), parent=first.parent, by=ib)
    match = proposed(first, status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)
    assert waiting(teacher) == [(link(teacher, "tip", match), TODAY)]


@pytest.mark.parametrize("status", [MatchStatus.AGREED, MatchStatus.CONNECTED])
def test_match_to_round_off_says_so(proposed: Proposed, ib: Membership, status: MatchStatus) -> None:
    """After a withdrawal nobody is asked to connect the two."""
    match = proposed(status=status)
    before = vandaag(ib, clock.today())
    consent = Consent.objects.get(parent=match.buddy_parent, purpose=Purpose.SHARE_EXPERIENCE)
    consents.withdraw(consent=consent, by=ib)
    [item] = vandaag(ib, clock.today())
    assert (item.url, item.urgency, item.icon) == (link(ib, "match", match), TODAY, "check-lg")
    assert all(item.action != other.action for other in before)


def test_language_match_is_looked_at_after_half_a_year(
    signalled: Signalled, add_buddy: AddBuddy, proposed: Proposed, bouwcoordinator: Membership
) -> None:
    request = signalled("language", languages=("ti",))
    match = proposed(request, add_buddy("language", languages=("nl", "ti")), status=MatchStatus.CONNECTED)
    CheckIn.objects.filter(match=match).delete()
    url = link(bouwcoordinator, "match", match)
    assert (url, SOON) not in waiting(bouwcoordinator, after=181)
    assert (url, SOON) in waiting(bouwcoordinator, after=182)


def test_checkins_wait_from_their_day(proposed: Proposed, ib: Membership, teacher: Membership) -> None:
    match = proposed(status=MatchStatus.CONNECTED)
    planned = list(CheckIn.objects.filter(match=match).order_by("pk"))
    days = (planned[0].due_on - clock.today()).days
    assert waiting(ib, after=days - 1) == []
    assert sorted(waiting(ib, after=days)) == sorted((link(ib, "checkin", c), TODAY) for c in planned)
    assert sorted(waiting(ib, after=days + 8)) == sorted((link(ib, "checkin", c), OVERDUE) for c in planned)
    assert waiting(teacher, after=days) == []
    matches.record_checkin(checkin=planned[0], answer=CheckAnswer.FINE, by=ib)
    assert waiting(ib, after=days) == [(link(ib, "checkin", planned[1]), TODAY)]
    matches.complete(match=match, outcome=Outcome.HELPED, close_request=True, by=ib)
    assert waiting(ib, after=days) == []


def test_buddy_passed_on_waits_until_somebody_looks(
    add_buddy: AddBuddy, ib: Membership, teacher: Membership, director: Membership
) -> None:
    nominated = add_buddy("newcomer", by=teacher, taken_up=False)
    suggested = pool.suggest(details=ParentDetails("Eva"), by=teacher, submission=uuid4())
    rows = [(link(ib, "buddy", buddy), TODAY) for buddy in (nominated, suggested)]
    assert waiting(director) == rows[:1]
    assert waiting(ib) == rows[1:]
    assert waiting(teacher) == []
    pool.take_up(buddy=nominated, by=director)
    pool.ask(buddy=suggested, by=ib)
    assert waiting(ib) == waiting(director) == []


def test_consent_to_renew_is_one_row_a_buddy(
    add_buddy: AddBuddy, ib: Membership, director: Membership, themes: dict[str, Theme]
) -> None:
    buddy = add_buddy(["reading", "divorce"])
    until = consents.valid_until(clock.today())
    days = (until - clock.today()).days
    url = link(ib, "buddy", buddy)
    assert waiting(ib, after=days - 31) == []
    assert waiting(ib, after=days - 30) == [(url, SOON)]
    assert waiting(ib, after=days + 1) == [(url, OVERDUE)]
    assert waiting(director, after=days) == []
    with clock.at(clock.now() + timedelta(days=days)):
        for code in ("reading", "divorce"):
            pool.add_experience(buddy=buddy, theme=themes[code], words="", method=Method.PHONE, by=ib)
        assert waiting(ib) == []


def test_theme_without_anybody_waits_on_the_director(director: Membership, teacher: Membership) -> None:
    """There is no intern begeleider here, so five of the six themes reach nobody."""
    found = waiting(director)
    assert [urgency for _url, urgency in found] == [WRONG] * 5
    # Each opens the form of its theme.
    assert len({url for url, _urgency in found}) == 5
    assert all(url.startswith(f"{link(director, 'coordinators')}?theme=") for url, _urgency in found)
    assert waiting(teacher) == []


def test_own_matter_is_not_in_the_list(
    proposed: Proposed, ib: Membership, parents: dict[str, Parent], signalled: Signalled
) -> None:
    proposed(signalled(parent=parents["Fatma"]))
    assert waiting(ib)
    Membership.objects.filter(pk=ib.pk).update(parent=parents["Kemal"])
    assert waiting(ib) == []


def test_another_school_waits_on_nobody_here(
    add_buddy: AddBuddy, signalled: Signalled, ib: Membership, other_ib: Membership
) -> None:
    signalled(by=other_ib)
    add_buddy(by=other_ib, taken_up=False)
    assert waiting(ib) == []
    assert len(waiting(other_ib)) == 2


def test_most_urgent_first_then_what_waits_longest() -> None:
    day = date(2027, 1, 4)
    items = [
        WorkItem(urgency, day - timedelta(days=ago), "x", "x", "x", "x")
        for urgency, ago in [(SOON, 9), (TODAY, 1), (OVERDUE, 1), (TODAY, 5), (WRONG, 0)]
    ]
    order = [(item.urgency, (day - item.since).days) for item in sorted(items)]
    assert order == [(WRONG, 0), (OVERDUE, 1), (TODAY, 5), (TODAY, 1), (SOON, 9)]


QUERIES = 9


def test_list_asks_as_many_questions_for_one_row_as_for_thirty(
    signalled: Signalled,
    add_buddy: AddBuddy,
    proposed: Proposed,
    ib: Membership,
    groups: dict[str, Group],
) -> None:
    """One of each kind of row, then three, then thirty; of parents without a name as well."""
    request = partial(signalled, first_name="", last_name="", group=groups["4B"])
    made, counts = 0, []
    for rows in (1, 3, 30):
        for _ in range(rows - made):
            request(discussed=False, by=ib)
            request(by=ib)
            requests.take_up(request=request(), by=ib)
            proposed(request(by=ib), status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)
            proposed(request())
            proposed(request(), status=MatchStatus.CONNECTED)
            add_buddy(taken_up=False)
        made = rows
        CheckIn.objects.update(due_on=clock.today())
        Consent.objects.filter(purpose=Purpose.SHARE_EXPERIENCE).update(valid_until=clock.today())
        # As the middleware finds the member: with school and roles.
        someone = Membership.objects.select_related("school", "user", "parent").prefetch_related(
            "rolegrant_set"
        )
        fresh = someone.get(pk=ib.pk)
        with CaptureQueriesContext(connection) as queries:
            items = vandaag(fresh, clock.today())
        counts.append((len(items), len(queries)))
    # Renewals stand once for each of the buddies: four for every round. All that wait have one row together.
    assert [number for number, _ in counts] == [12 * rows + 1 for rows in (1, 3, 30)]
    assert [asked for _, asked in counts] == [QUERIES] * 3


def test_ended_match_puts_the_request_back_in_the_list(proposed: Proposed, ib: Membership) -> None:
    match = proposed()
    matches.did_not_proceed(match=match, reason=EndReason.BUDDY_NO, by=ib)
    assert waiting(ib) == [(link(ib, "find", match.request), SOON)]
    assert Match.objects.count() == Buddy.objects.count() == SupportRequest.objects.count() == 1

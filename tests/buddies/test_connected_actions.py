"""Connecting two parents, asking how it goes, and rounding off (R5)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from buddies.actions import matches
from buddies.actions.errors import (
    ContactNotShared,
    WrongMoment,
)
from buddies.actions.matches import Connection
from buddies.models import (
    CheckAnswer,
    CheckIn,
    CloseReason,
    Consent,
    Method,
    Outcome,
    Person,
    Purpose,
    SupportRequest,
    Way,
)
from buddies.workflow import MatchStatus
from school import clock
from school.models import Holiday, Membership, School
from tests.cast import AddBuddy, Proposed, Signalled

from .steps import INTRODUCED
from .watch import recorded, refused

# Connecting


def test_connect_by_the_parent_needs_the_buddys_contact_details(proposed: Proposed, ib: Membership) -> None:
    """Invariant 3."""
    match = proposed(status=MatchStatus.AGREED)
    contacts = Connection(Way.PARENT_CONTACTS, parent_shares_contact=True, teacher_may_know=True)
    with refused(ContactNotShared):
        matches.connect(match=match, connection=contacts, method=Method.PHONE, by=ib)


@pytest.mark.parametrize(
    ("connection", "given_for"),
    [
        (INTRODUCED, []),
        (Connection(Way.INTRODUCED, teacher_may_know=True), [("tell_teacher", "parent")]),
        (Connection(Way.INTRODUCED, parent_shares_contact=True), [("share_contact", "parent")]),
        (Connection(Way.PARENT_CONTACTS, buddy_shares_contact=True), [("share_contact", "buddy")]),
    ],
)
def test_connect_records_each_further_yes_apart(
    proposed: Proposed, ib: Membership, connection: Connection, given_for: list[tuple[str, str]]
) -> None:
    match = proposed(status=MatchStatus.AGREED)
    with recorded() as log:
        matches.connect(match=match, connection=connection, method=Method.LETTER, by=ib)
    found = Consent.objects.filter(match=match).exclude(purpose=Purpose.MATCH)
    assert [(c.purpose, "parent" if c.parent_id == match.parent_id else "buddy") for c in found] == given_for
    assert all(consent.method == Method.LETTER for consent in found)
    assert log.actions == ["consent.give"] * len(given_for) + ["match.connect"]


def test_connect_language_help_is_looked_at_after_half_a_year(
    proposed: Proposed, signalled: Signalled, add_buddy: AddBuddy
) -> None:
    """R14: it is temporary."""
    request = signalled("language", languages=("ti",))
    match = proposed(request, add_buddy("language", languages=("nl", "ti")), status=MatchStatus.CONNECTED)
    assert match.review_on == clock.today() + timedelta(days=182)
    assert proposed(status=MatchStatus.CONNECTED).review_on is None


@pytest.mark.parametrize(
    ("connected_on", "due_on"),
    [
        (date(2027, 3, 1), date(2027, 4, 12)),  # a Monday six weeks on
        (date(2027, 3, 6), date(2027, 4, 19)),  # a Saturday: Monday
        (date(2027, 3, 12), date(2027, 5, 3)),  # a Friday in the holiday: the Monday after it
    ],
)
def test_connect_plans_a_checkin_with_each_on_the_first_working_day(
    proposed: Proposed, ib: Membership, school: School, connected_on: date, due_on: date
) -> None:
    Holiday.objects.create(school=school, name="Mei", first_day=date(2027, 4, 23), last_day=date(2027, 5, 1))
    with clock.at(datetime(connected_on.year, connected_on.month, connected_on.day, 10, tzinfo=UTC)):
        match = proposed(status=MatchStatus.CONNECTED)
    planned = CheckIn.objects.filter(match=match).order_by("person")
    assert [(c.person, c.due_on) for c in planned] == [(Person.BUDDY, due_on), (Person.PARENT, due_on)]


# Afterwards


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome])
@pytest.mark.parametrize("close", [True, False])
def test_complete_closes_the_request_or_searches_on(
    proposed: Proposed, ib: Membership, outcome: Outcome, close: bool
) -> None:
    match = proposed(status=MatchStatus.CONNECTED)
    with recorded() as log:
        matches.complete(match=match, outcome=outcome, close_request=close, by=ib)
    match.refresh_from_db()
    assert (match.state, match.outcome, match.slot) == (MatchStatus.COMPLETED, outcome, None)
    request = SupportRequest.objects.get(pk=match.request_id)
    helped = outcome in (Outcome.HELPED, Outcome.PARTLY)
    assert request.close_reason == (
        (CloseReason.HELPED if helped else CloseReason.NOT_NEEDED) if close else ""
    )
    assert log.actions == ["match.complete", *(["request.close"] if close else [])]


@pytest.mark.parametrize("answer", [answer for answer in CheckAnswer if answer])
def test_checkin_answers(proposed: Proposed, ib: Membership, answer: CheckAnswer) -> None:
    match = proposed(status=MatchStatus.CONNECTED)
    checkin = CheckIn.objects.get(match=match, person=Person.BUDDY)
    with clock.at(datetime(2027, 3, 6, 10, tzinfo=UTC)), recorded() as log:
        matches.record_checkin(checkin=checkin, answer=answer, by=ib)
    match.refresh_from_db()
    checkin.refresh_from_db()
    assert (checkin.answer, checkin.recorded_by) == (answer, ib)
    assert log.actions == ["checkin.record"]
    another = CheckIn.objects.filter(match=match, person=Person.BUDDY, done_at=None)
    due = [date(2027, 3, 22)] if answer is CheckAnswer.ATTENTION else []  # two weeks on is a Saturday
    assert [c.due_on for c in another] == due
    assert match.winding_down is (answer is CheckAnswer.STOP)
    assert match.state is MatchStatus.CONNECTED
    with refused(WrongMoment):
        matches.record_checkin(checkin=checkin, answer=CheckAnswer.FINE, by=ib)


def test_checkin_made_early_that_needs_attention_plans_another_on_another_day(
    proposed: Proposed, ib: Membership
) -> None:
    match = proposed(status=MatchStatus.CONNECTED)
    checkin = CheckIn.objects.get(match=match, person=Person.PARENT)
    early = datetime(
        checkin.due_on.year, checkin.due_on.month, checkin.due_on.day, 10, tzinfo=UTC
    ) - timedelta(days=14)
    with clock.at(early):
        matches.record_checkin(checkin=checkin, answer=CheckAnswer.ATTENTION, by=ib)
    [another] = CheckIn.objects.filter(match=match, person=Person.PARENT, done_at=None)
    assert another.due_on > checkin.due_on

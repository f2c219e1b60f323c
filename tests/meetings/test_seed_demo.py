"""The demo school holds what a demo needs, is made through the actions, and keeps away from real data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils.timezone import get_default_timezone
from pytest_django import DjangoDbBlocker

from buddies import match_worklist, worklist
from buddies.models import (
    Background,
    Buddy,
    BuiltIn,
    CheckIn,
    CloseReason,
    Consent,
    DoNotAsk,
    EndReason,
    Experience,
    Match,
    NewcomerOffer,
    OfferAnswer,
    Origin,
    Purpose,
    Signal,
    SupportRequest,
    ThemeCoordinator,
    TipGiver,
    Way,
    YearTotal,
)
from buddies.models.newcomers import starting
from buddies.models.requests import SupportRequestQuerySet
from buddies.reading.access import news
from buddies.workflow import LIVE, BuddyStatus, MatchStatus
from meetings import worklist as meetings_worklist
from meetings.demo import school as demo_school
from meetings.models import FollowUp, FollowUpKind, Meeting, OwnPoint
from meetings.workflow import MeetingStatus
from school import clock
from school.demo import ACCOUNTS, DOMAIN
from school.handover import open_work
from school.models import Child, Group, Guardianship, Membership, Parent, School, Succession, User
from school.models.people import school_year
from school.roles import Role
from school.worklist import Urgency, WorkItem

# Else a run of this module alone would make no test database, and write to the developer's own.
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[School]:
    """One demo school for all tests of this module, in a transaction that is rolled back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed_demo", quiet=True)
        yield School.objects.get(slug="de-wilgenroos")
        transaction.set_rollback(True)


@pytest.fixture
def scratch(demo: School) -> Iterator[School]:
    """The same school; what a test does to it is undone."""
    with transaction.atomic():
        yield demo
        transaction.set_rollback(True)


def member(school: School, account: str) -> Membership:
    return Membership.objects.get(school=school, user__email=f"{account}{DOMAIN}")


def states_of(requests: SupportRequestQuerySet) -> Counter[str]:
    return Counter(request.state for request in requests.with_state())


def states(school: School) -> Counter[str]:
    return states_of(SupportRequest.objects.filter(school=school))


def statuses(school: School) -> Counter[str]:
    return Counter(Match.objects.filter(school=school).values_list("status", flat=True))


def rows() -> dict[str, int]:
    """How many rows there are, of everything."""
    return {model.__name__: model._default_manager.count() for model in apps.get_models()}


def test_seed_breaks_no_constraint(demo: School) -> None:
    connection.check_constraints()


def test_class_list_is_a_whole_school(demo: School) -> None:
    groups = Group.objects.filter(school=demo).current(clock.today())
    assert [group.name for group in groups] == [
        "1/2A", "1/2B", "1/2C", "3", "4", "5", "5/6", "6", "7", "8",
    ]  # fmt: skip
    children = Child.objects.filter(school=demo)
    assert children.count() == 220
    assert all(17 < size < 26 for size in Counter(children.values_list("group", flat=True)).values())
    starts = [start for start in children.values_list("start_date", flat=True) if start]
    assert len(starts) == 220
    assert all(start.weekday() < 5 for start in starts)
    assert len({start.month for start in starts}) > 9  # children start all year round
    assert max(starts) > clock.today()


def test_staff_has_every_role_and_account(demo: School) -> None:
    members = Membership.objects.filter(school=demo)
    assert members.count() == 30
    assert Counter(role for each in members for role in each.roles if role != Role.TEACHER) == {
        Role.INTERN_BEGELEIDER: 2,  # one stands in
        Role.DIRECTOR: 1,
        Role.BOUWCOORDINATOR: 2,
        Role.ADMINISTRATOR: 1,
    }
    for email, role in ACCOUNTS:
        assert members.get(user__email=email).roles == {role}
    taught = Counter(Group.objects.filter(school=demo).values_list("name", "groupteacher"))
    per_group = Counter(name for name, _ in taught)
    assert per_group["1/2B"] == 2
    assert min(per_group.values()) == 1


def test_somebody_stands_in_and_somebody_leaves(demo: School) -> None:
    stands_in = Membership.objects.active(clock.today()).get(school=demo, sees_from__isnull=False)
    assert (stands_in.ends_on or clock.today()) > clock.today()
    ib = member(demo, "ib")
    assert [each.who for each in news(ib, clock.today())] == [stands_in]
    old = SupportRequest.objects.visible_to(ib, clock.today())
    assert set(old) > set(SupportRequest.objects.visible_to(stands_in, clock.today()))
    succession = Succession.objects.get(school=demo)
    assert (succession.leaver.ends_on or clock.today()) > clock.today()
    assert open_work([succession.leaver], clock.today())[succession.leaver_id] == {succession.kind: 1}


def test_meetings_have_a_point_of_the_school_its_own(demo: School) -> None:
    assert OwnPoint.objects.get(school=demo).after


def test_nobody_has_a_password(demo: School) -> None:
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_coordinators_are_agreed_for_newcomers_and_language_only(demo: School) -> None:
    agreed = ThemeCoordinator.objects.filter(school=demo).select_related("theme", "membership__user")
    assert {(each.theme.code, each.deputy): each.membership.user.email for each in agreed} == {
        ("newcomer", False): f"directeur{DOMAIN}",
        ("newcomer", True): f"bouwcoordinator{DOMAIN}",
        ("language", False): f"bouwcoordinator{DOMAIN}",
        ("language", True): f"nadia.bensalah{DOMAIN}",
    }


def test_requests_stand_in_every_state(demo: School) -> None:
    assert states(demo).keys() == {"undiscussed", "new", "searching", "matching", "connected", "closed"}
    requests = SupportRequest.objects.filter(school=demo)
    assert 22 <= requests.count() <= 28
    assert requests.filter(theme=None, closed_at=None, search_consent__isnull=False).exists()
    assert {CloseReason.HELPED, CloseReason.WITHDRAWN, CloseReason.REFERRED} <= set(
        requests.values_list("close_reason", flat=True)
    )
    assert requests.filter(origin=Origin.INTAKE).exists()
    assert DoNotAsk.objects.filter(school=demo).count() == 1


def test_a_second_signal_has_joined_the_first(demo: School) -> None:
    signals = Counter(Signal.objects.filter(school=demo).values_list("request", flat=True))
    assert sorted(signals.values())[-2:] == [1, 2]


def test_withdrawn_request_kept_no_theme_and_no_note(demo: School) -> None:
    request = SupportRequest.objects.get(school=demo, close_reason=CloseReason.WITHDRAWN)
    assert (request.theme, request.note) == (None, "")
    assert request.match_set.get().end_reason == EndReason.CONSENT_ENDED


def test_matches_have_every_status(demo: School) -> None:
    assert statuses(demo).keys() == set(MatchStatus)
    matches = Match.objects.filter(school=demo)
    waiting = matches.filter(status=MatchStatus.WAITING_FOR_PARENT)
    assert {match.tip_giver for match in waiting} == set(TipGiver)
    asked = matches.filter(status=MatchStatus.WAITING_FOR_BUDDY).values_list("buddy_asked_at", flat=True)
    assert {moment is None for moment in asked} == {True, False}
    connected = matches.filter(status=MatchStatus.CONNECTED)
    assert {match.way for match in connected} == set(Way)
    assert connected.filter(winding_down=True).exists()
    assert connected.filter(review_on__gt=clock.today()).exists()
    due = CheckIn.objects.filter(school=demo).due(clock.today())
    assert {checkin.match_id for checkin in due} < {match.pk for match in connected}


def test_a_refused_proposal_left_the_request_searching(demo: School) -> None:
    match = Match.objects.get(school=demo, end_reason=EndReason.PARENT_NO)
    assert states_of(SupportRequest.objects.filter(pk=match.request_id)) == {"searching": 1}


def test_pool_covers_every_theme(demo: School) -> None:
    buddies = Buddy.objects.filter(school=demo).with_load()
    assert 25 <= buddies.count() <= 30
    themes = Experience.objects.filter(school=demo).values_list("theme__code", flat=True)
    assert set(themes) == {code for code in BuiltIn if code}
    assert {buddy.status for buddy in buddies} == set(BuddyStatus)
    offered = [buddy for buddy in buddies if buddy.status == BuddyStatus.OFFERED]
    assert {buddy.capacity for buddy in offered} == {1, 2, 3}
    assert any(buddy.taken_up_at is None for buddy in offered)
    assert any(buddy.paused_until and buddy.paused_until > clock.today() for buddy in offered)
    busy = [buddy for buddy in offered if buddy.live >= buddy.capacity]
    assert 2 <= len(busy) <= len(offered) / 3


def test_consents_are_valid_and_one_ends_within_a_month(demo: School) -> None:
    shared = Consent.objects.filter(
        school=demo, purpose=Purpose.SHARE_EXPERIENCE, withdrawn_at=None
    ).values_list("valid_until", flat=True)
    today = clock.today()
    days = sorted(until - today for until in shared if until)
    assert timedelta(0) < days[0] <= timedelta(days=31) < days[1]


def test_families_are_as_they_are(demo: School) -> None:
    parents = Parent.objects.filter(school=demo)
    names = {parent.last_name for parent in parents}
    assert names >= {
        "de Jong", "Yılmaz", "Nguyen", "El Amrani", "van 't Hoff", "D'Olyrook", "Özdemir", "Kowalska", "Tesfay",
        "de Vries-Bakker", "van den Heuvel",
    }  # fmt: skip
    assert {"Zoë", "Éva"} < set(Child.objects.filter(school=demo).values_list("first_name", flat=True))
    assert "Noël" in {parent.first_name for parent in parents}
    assert len({language for parent in parents for language in parent.spoken}) > 9
    kinds = [
        sorted(Parent.objects.filter(children=child).values_list("kind", flat=True))
        for child in Child.objects.filter(school=demo, guardians__in=parents).distinct()
    ]
    assert ["father", "mother"] in kinds
    assert ["mother", "mother"] in kinds
    assert Background.objects.filter(school=demo).count() > 1


def test_staff_are_parents_too(demo: School) -> None:
    members = Membership.objects.filter(school=demo, parent__isnull=False)
    assert sorted(bool(each.parent and each.parent.buddy_set.exists()) for each in members) == [False, True]
    asking = members.get(parent__supportrequest__isnull=False)
    assert asking.parent_id in asking.parties
    assert Guardianship.objects.filter(parent=asking.parent_id).count() == 1


def test_nobody_can_be_reached(demo: School) -> None:
    for parent in Parent.objects.filter(school=demo):
        assert parent.email == "" or parent.email.endswith(DOMAIN)
        assert parent.phone == "" or re.fullmatch(r"06-0000 00\d\d", parent.phone)


def test_notes_hold_no_diagnosis(demo: School) -> None:
    words = [request.note for request in SupportRequest.objects.filter(school=demo)]
    words += [experience.words for experience in Experience.objects.filter(school=demo)]
    assert sum(bool(text) for text in words) > 30
    assert max(map(len, words)) <= 100
    assert not re.search(r"adhd|autis|dyslex|diagnos|stoornis|pdd|syndroom", " ".join(words), re.IGNORECASE)


def test_teacher_follows_signals_in_several_states(demo: School) -> None:
    teacher = member(demo, "leerkracht")
    own = states_of(SupportRequest.objects.filter(signal__recorded_by=teacher))
    assert own.keys() == {"undiscussed", "new", "searching", "matching", "closed"}
    assert Match.objects.tips_of(teacher).count() == 1
    assert len(list(worklist.items(teacher, clock.today()))) == 2


def arranging(membership: Membership, on: date) -> list[WorkItem]:
    """The rows of Vandaag of somebody who arranges themes."""
    return [*worklist.items(membership, on), *match_worklist.items(membership, on)]


def test_vandaag_of_intern_begeleider_is_lively(demo: School) -> None:
    items = arranging(member(demo, "ib"), clock.today())
    assert 9 <= len(items) <= 15
    assert {item.urgency for item in items} >= {Urgency.OVERDUE, Urgency.TODAY, Urgency.SOON}
    assert all(item.since <= clock.today() for item in items if item.urgency is not Urgency.SOON)
    for account in ("directeur", "bouwcoordinator"):
        assert arranging(member(demo, account), clock.today())


def test_new_families_stand_in_every_state(demo: School) -> None:
    offers = NewcomerOffer.objects.filter(school=demo)
    answers = Counter(offers.values_list("answer", flat=True))
    assert (answers[OfferAnswer.YES], answers[OfferAnswer.OPEN]) == (6, 2)
    assert answers[OfferAnswer.NO] > 10
    assert offers.filter(two_homes=True).exclude(child__newcomeroffer__home=2).exists()
    asked_later = starting(demo, clock.today()).exclude(newcomeroffer__isnull=False)
    assert {"Nine", "Moos", "Evi"} <= {child.first_name for child in asked_later}
    due = CheckIn.objects.filter(match__theme__code=BuiltIn.NEWCOMER).due(clock.today())
    assert due.exists()


def test_meetings_stand_in_every_phase(demo: School) -> None:
    meetings = Meeting.objects.filter(school=demo)
    now = clock.now()
    prepare = meetings.filter(status=MeetingStatus.PREPARE)
    assert prepare.filter(at__gt=now, sensitive_news=True).exists()
    assert prepare.filter(at__gt=now, interpreter=True).exists()
    assert prepare.filter(at__lt=now).exists()
    assert meetings.filter(status=MeetingStatus.EVALUATED).count() == 2
    assert {follow_up.kind for follow_up in FollowUp.objects.filter(school=demo, done_at=None)} == set(
        FollowUpKind
    )
    teacher = member(demo, "leerkracht")
    assert {item.url for item in meetings_worklist.items(teacher, clock.today())}


def test_two_years_are_remembered_in_numbers(demo: School) -> None:
    this_year = school_year(clock.today())
    years = set(YearTotal.objects.filter(school=demo).values_list("school_year", flat=True))
    assert years == {this_year - 2, this_year - 1, this_year}


def test_second_run_changes_nothing_and_says_so(scratch: School) -> None:
    before, output = rows(), StringIO()
    # What somebody adds to the demo may not keep it from starting again.
    User.objects.create_user("juf@school.nl", "Juf")
    call_command("seed_demo", stdout=output)
    assert rows() == before | {"User": before["User"] + 1}
    assert "there already" in output.getvalue()
    assert re.search(r"directeur@demo\.invalid +Anouk Hendriks +directeur", output.getvalue())


@pytest.mark.parametrize("real", ["user", "school"])
def test_seed_refuses_real_data(scratch: School, real: str) -> None:
    if real == "user":
        User.objects.create_user("juf@school.nl", "Juf")
    else:
        School.objects.create(name="De Linde", slug="de-linde", brin="12AB")
    before = rows()
    with pytest.raises(CommandError, match="real schools or users"):
        call_command("seed_demo", schools=2)
    assert rows() == before


def test_seed_makes_as_many_schools_as_asked(scratch: School) -> None:
    output = StringIO()
    call_command("seed_demo", schools=2, password="een lang wachtwoord", stdout=output)
    connection.check_constraints()
    assert "Made De Zonnehoek" in output.getvalue()
    second = School.objects.get(slug="de-zonnehoek")
    assert (second.brin, second.vestiging) == ("99AB", "00")
    assert states(second) == states(scratch)
    assert statuses(second) == statuses(scratch)
    assert second.parent_set.filter(matches_as_buddy__status__in=LIVE).exists()
    ib = member(second, "ib-2")
    assert ib.roles == {Role.INTERN_BEGELEIDER}
    assert ib.user.check_password("een lang wachtwoord")
    assert not member(scratch, "ib").user.has_usable_password()


def people(school: School) -> set[tuple[str, str]]:
    return set(school.parent_set.exclude(first_name="").values_list("first_name", "last_name"))


def test_seed_makes_the_same_school_every_time_and_another_for_each_number(scratch: School) -> None:
    def build_and_undo() -> set[tuple[str, str]]:
        with transaction.atomic():
            found = people(demo_school.build(2, "!"))
            transaction.set_rollback(True)
        return found

    second = build_and_undo()
    assert build_and_undo() == second
    assert len(people(scratch) & second) < 10


@pytest.mark.parametrize(
    "today",
    [date(2027, 8, 1), date(2027, 9, 30), date(2028, 2, 29)],
    ids=["a school year begins on a Sunday", "consents end", "leap day in a holiday"],
)
def test_story_fits_any_day(scratch: School, today: date) -> None:
    with clock.at(datetime.combine(today, time(8), get_default_timezone())):
        school = demo_school.build(2, "!")
        connection.check_constraints()
        assert states(school) == states(scratch)
        assert statuses(school) == statuses(scratch)
        assert Group.objects.filter(school=school).current(today).count() == 10
        assert not Consent.objects.filter(school=school, given_at__gt=clock.now()).exists()
        assert 9 <= len(arranging(member(school, "ib-2"), today)) <= 15


@pytest.mark.parametrize("wrong", ["0", "-1", "een", "²"])
def test_number_of_schools_is_checked(wrong: str) -> None:
    with pytest.raises(CommandError, match="not a number of schools"):
        call_command("seed_demo", f"--schools={wrong}")

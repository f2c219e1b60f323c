"""A colleague leaves: what is open goes to who takes over, and nothing waits on nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.timezone import make_aware

from buddies.actions.schools import set_coordinator
from buddies.models import Match, Signal, SupportRequest, Theme, ThemeCoordinator, TipGiver
from buddies.workflow import MatchStatus
from meetings.actions import meetings as actions
from meetings.models import Audience, FollowUp, FollowUpKind, Meeting
from school import clock
from school.actions import Days, Stay, change_days, link_child, stay_of
from school.errors import CannotTakeOver, Changed, NobodyTakesOver, NotHereAnyMore
from school.handover import Kind, kinds, open_work
from school.models import AuditEvent, Child, Group, Membership, School, Succession
from school.roles import Role
from school.worklist import collect
from tests.cast import ClientOf, Proposed, Signalled, member

from .conftest import Planned

DAY = timedelta(days=1)


@dataclass
class Left:
    """What Tom leaves behind: a meeting, a promise, a signal and a tip, and a theme for which he stands in."""

    meeting: Meeting
    promise: FollowUp
    undiscussed: SupportRequest
    tip: Match
    place: ThemeCoordinator


def promised(meeting: Meeting, by: Membership) -> FollowUp:
    return actions.promise(
        meeting=meeting,
        kind=FollowUpKind.PROMISE,
        words="Ik zoek het uit.",
        due_on=clock.today() + 3 * DAY,
        by=by,
        submission=uuid4(),
    )


@pytest.fixture
def left(
    planned: Planned,
    signalled: Signalled,
    proposed: Proposed,
    themes: dict[str, Theme],
    teacher: Membership,
    children: dict[str, Child],
) -> Left:
    """Something of every kind that is Tom's."""
    meeting = planned(at=clock.now() + 5 * DAY, child=children["Lina"], audience=Audience.ONLY_ME)
    been = planned(at=clock.now() - 2 * DAY, child=children["Lina"])
    actions.hold(meeting=been, by=teacher)
    set_coordinator(theme=themes["reading"], membership=teacher, by=None, deputy=True)
    tip = proposed(status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)
    return Left(
        meeting,
        promised(been, teacher),
        signalled(discussed=False, child=children["Daan"]),
        tip,
        ThemeCoordinator.objects.get(membership=teacher),
    )


def end(leaver: Membership, on: date | None, by: Membership, to: Membership | None = None) -> None:
    """`leaver` leaves after `on`, and `to` takes over everything about which `by` decides."""
    work = open_work([leaver], clock.today())[leaver.pk]
    successors = {kind.key: to for kind in kinds() if to and kind.key in work and kind.for_who_may(by)}
    change_days(membership=leaver, stay=Stay(Days(None, on), successors), by=by)


def titles(membership: Membership, on: date | None = None) -> list[str]:
    """The addresses on the Vandaag of `membership`, as they are on a later day."""
    fresh = Membership.objects.select_related("school", "user", "parent").get(pk=membership.pk)
    return [item.url for item in collect(fresh, on or clock.today())]


def later(days: int) -> datetime:
    """Noon, so many days from now."""
    return make_aware(datetime.combine(clock.today() + days * DAY, time(12)))


def owners(left: Left) -> set[int]:
    """Whose everything in `left` is."""
    return {
        Meeting.objects.get(pk=left.meeting.pk).recorded_by_id,
        FollowUp.objects.get(pk=left.promise.pk).recorded_by_id,
        Signal.objects.get(request=left.undiscussed).recorded_by_id,
        Signal.objects.get(request=left.tip.request).recorded_by_id,
        ThemeCoordinator.objects.get(pk=left.place.pk).membership_id,
    }


def test_settings_name_kinds_of_work() -> None:
    found = [import_string(path) for path in settings.HANDOVER]
    assert all(isinstance(kind, Kind) for kind in found)
    assert len({kind.key for kind in found}) == len(found)


def test_last_day_today_or_past_hands_over_at_once(
    left: Left, director: Membership, teacher: Membership, other_teacher: Membership
) -> None:
    before = {url for url in titles(teacher) if "/signalen/" in url or "/toezegging/" in url}
    end(teacher, clock.today() - DAY, director, other_teacher)
    assert owners(left) == {other_teacher.pk}
    assert before <= set(titles(other_teacher))
    assert Meeting.objects.visible_to(other_teacher, clock.today()).filter(pk=left.meeting.pk).exists()
    assert [each.pk for each in FollowUp.objects.open_for(other_teacher, clock.today())] == [left.promise.pk]
    assert open_work([teacher], clock.today())[teacher.pk] == {}
    assert AuditEvent.objects.filter(action="membership.hand_over", target_id=teacher.pk).count() == 1


@pytest.mark.parametrize("how", ["the first who comes in", "the job"])
def test_last_day_to_come_hands_over_after_it(
    client_of: ClientOf,
    left: Left,
    director: Membership,
    teacher: Membership,
    other_teacher: Membership,
    how: str,
) -> None:
    end(teacher, clock.today() + 2 * DAY, director, other_teacher)
    assert owners(left) == {teacher.pk}
    olga = client_of(other_teacher)
    with clock.at(later(2)):
        call_command("run_due", verbosity=0)
        olga.get(reverse("today", args=["de-wilgen"]))
        assert owners(left) == {teacher.pk}
    with clock.at(later(3)):
        if how == "the job":
            call_command("run_due", verbosity=0)
            call_command("run_due", verbosity=0)
        else:
            page = olga.get(reverse("meetings:before", args=["de-wilgen", left.meeting.pk]))
            assert page.status_code == 200
        assert owners(left) == {other_teacher.pk}
        assert AuditEvent.objects.filter(action="meeting.hand_over").count() == 1


def test_changed_mind_before_the_last_day(
    left: Left, director: Membership, teacher: Membership, other_teacher: Membership
) -> None:
    end(teacher, clock.today() + 2 * DAY, director, other_teacher)
    end(teacher, clock.today() + 9 * DAY, director, other_teacher)
    with clock.at(later(5)):
        call_command("run_due", verbosity=0)
        assert owners(left) == {teacher.pk}
        end(teacher, None, director)
    with clock.at(later(12)):
        call_command("run_due", verbosity=0)
        assert owners(left) == {teacher.pk}
    assert not Succession.objects.exists()


def test_somebody_must_take_over(left: Left, director: Membership, teacher: Membership) -> None:
    with pytest.raises(NobodyTakesOver):
        end(teacher, clock.today(), director)
    teacher.refresh_from_db()
    assert teacher.ends_on is None


def test_successor_must_be_there_and_allowed(
    left: Left,
    director: Membership,
    admin_member: Membership,
    teacher: Membership,
    other_teacher: Membership,
    other_ib: Membership,
) -> None:
    other_teacher.ends_on = clock.today() + DAY
    other_teacher.save()
    for nobody in (admin_member, other_ib, other_teacher, teacher, director):
        with pytest.raises(CannotTakeOver):
            end(teacher, clock.today() + DAY, director, nobody)
    assert owners(left) == {teacher.pk}


def test_director_takes_over_what_opens_nothing(
    planned: Planned, director: Membership, teacher: Membership
) -> None:
    meeting = planned()
    end(teacher, clock.today() - DAY, director, director)
    meeting.refresh_from_db()
    assert meeting.recorded_by_id == director.pk


def test_administrator_leaves_themes_and_matches_to_a_director(
    left: Left,
    director: Membership,
    admin_member: Membership,
    teacher: Membership,
    other_teacher: Membership,
) -> None:
    end(teacher, clock.today() - DAY, admin_member, other_teacher)
    assert owners(left) == {other_teacher.pk, teacher.pk}
    assert ThemeCoordinator.objects.get(pk=left.place.pk).membership_id == teacher.pk
    page = reverse("colleague_days", args=["de-wilgen", teacher.pk])
    assert page in titles(director)
    assert page not in titles(admin_member)
    end_page = Stay(Days(None, clock.today() - DAY), {"themes": other_teacher})
    change_days(membership=teacher, stay=end_page, by=director)
    assert owners(left) == {other_teacher.pk}
    assert page not in titles(director)


def test_what_a_successor_may_not_have_goes_to_the_intern_begeleider(
    left: Left,
    ib: Membership,
    director: Membership,
    teacher: Membership,
    other_teacher: Membership,
    children: dict[str, Child],
) -> None:
    """Lina is Olga's, and so the meeting, the promise and nothing else is closed to her."""
    link_child(membership=other_teacher, child=children["Lina"], by=director)
    other_teacher.refresh_from_db()
    end(teacher, clock.today() - DAY, director, Membership.objects.get(pk=other_teacher.pk))
    assert Meeting.objects.get(pk=left.meeting.pk).recorded_by_id == ib.pk
    assert FollowUp.objects.get(pk=left.promise.pk).recorded_by_id == ib.pk
    assert Signal.objects.get(request=left.undiscussed).recorded_by_id == other_teacher.pk
    assert left.promise.pk in [each.pk for each in FollowUp.objects.open_for(ib, clock.today())]
    fresh = Membership.objects.get(pk=other_teacher.pk)
    assert not Meeting.objects.visible_to(fresh, clock.today()).filter(pk=left.meeting.pk).exists()


def test_signal_of_the_successors_own_family_is_not_theirs(
    left: Left,
    ib: Membership,
    director: Membership,
    teacher: Membership,
    other_teacher: Membership,
    children: dict[str, Child],
) -> None:
    link_child(membership=other_teacher, child=children["Daan"], by=director)
    end(teacher, clock.today() - DAY, director, Membership.objects.get(pk=other_teacher.pk))
    assert Signal.objects.get(request=left.undiscussed).recorded_by_id == ib.pk
    assert Signal.objects.get(request=left.tip.request).recorded_by_id == other_teacher.pk


def test_what_nobody_may_have_waits_on_the_director(
    planned: Planned,
    director: Membership,
    teacher: Membership,
    other_teacher: Membership,
    children: dict[str, Child],
) -> None:
    meeting = planned(child=children["Lina"])
    link_child(membership=other_teacher, child=children["Lina"], by=director)
    end(teacher, clock.today() - DAY, director, Membership.objects.get(pk=other_teacher.pk))
    meeting.refresh_from_db()
    assert meeting.recorded_by_id == teacher.pk
    assert reverse("colleague_days", args=["de-wilgen", teacher.pk]) in titles(director)


def test_tip_of_a_closed_theme_is_not_for_the_intern_begeleider(
    left: Left,
    ib: Membership,
    director: Membership,
    teacher: Membership,
    themes: dict[str, Theme],
) -> None:
    Theme.objects.filter(pk=themes["reading"].pk).update(hidden_from_intern_begeleider=True)
    end_now = Stay(
        Days(None, clock.today() - DAY),
        dict.fromkeys(["meetings", "promises", "signals"], ib) | {"themes": ib},
    )
    # The theme goes over last: at that moment it is still closed to them.
    change_days(membership=teacher, stay=end_now, by=director)
    assert Signal.objects.get(request=left.undiscussed).recorded_by_id == ib.pk
    assert Signal.objects.get(request=left.tip.request).recorded_by_id == teacher.pk


def test_successor_who_leaves_too_is_noticed(
    left: Left, director: Membership, teacher: Membership, other_teacher: Membership, school: School
) -> None:
    saar = member(school, "Saar", Role.TEACHER)
    end(teacher, clock.today() + 5 * DAY, director, other_teacher)
    assert reverse("colleague_days", args=["de-wilgen", teacher.pk]) not in titles(director)
    end(other_teacher, clock.today() + 3 * DAY, director)
    assert reverse("colleague_days", args=["de-wilgen", teacher.pk]) in titles(director)
    with clock.at(later(6)):
        call_command("run_due", verbosity=0)
        assert owners(left) == {teacher.pk}
        end(teacher, clock.today() - DAY, director, saar)
        assert owners(left) == {saar.pk}


def test_whom_it_was_given_to_hands_it_on(
    left: Left, director: Membership, teacher: Membership, other_teacher: Membership, school: School
) -> None:
    saar = member(school, "Saar", Role.TEACHER)
    end(teacher, clock.today() - DAY, director, other_teacher)
    end(other_teacher, clock.today() - DAY, director, saar)
    assert owners(left) == {saar.pk}


def test_what_was_sent_while_a_membership_ended_goes_over_too(
    planned: Planned, director: Membership, teacher: Membership, other_teacher: Membership
) -> None:
    planned()
    end(teacher, clock.today() - DAY, director, other_teacher)
    late = planned(at=clock.now() + 2 * DAY)
    assert reverse("colleague_days", args=["de-wilgen", teacher.pk]) in titles(director)
    call_command("run_due", verbosity=0)
    late.refresh_from_db()
    assert late.recorded_by_id == other_teacher.pk
    assert reverse("colleague_days", args=["de-wilgen", teacher.pk]) not in titles(director)


def test_account_that_is_switched_off_is_noticed(
    planned: Planned, director: Membership, admin_member: Membership, teacher: Membership
) -> None:
    planned()
    teacher.user.is_active = False
    teacher.user.save()
    for somebody in (director, admin_member):
        assert reverse("colleague_days", args=["de-wilgen", teacher.pk]) in titles(somebody)


def test_who_comes_back_finds_no_theme_places(
    director: Membership, bouwcoordinator: Membership, ib: Membership, themes: dict[str, Theme]
) -> None:
    bouwcoordinator.ends_on = clock.today() - DAY
    bouwcoordinator.save()
    end(bouwcoordinator, None, director)
    assert not ThemeCoordinator.objects.filter(membership=bouwcoordinator).exists()
    fresh = Membership.objects.get(pk=bouwcoordinator.pk)
    assert not Theme.objects.owned_by(fresh).exists()
    assert set(fresh.roles) == {Role.BOUWCOORDINATOR}


def test_deputy_who_takes_over_arranges_it(
    director: Membership, bouwcoordinator: Membership, teacher: Membership, themes: dict[str, Theme]
) -> None:
    set_coordinator(theme=themes["language"], membership=teacher, by=None, deputy=True)
    end(bouwcoordinator, clock.today() - DAY, director, teacher)
    places = ThemeCoordinator.objects.filter(theme=themes["language"]).values_list("membership", "deputy")
    assert list(places) == [(teacher.pk, False)]


# --- the page ---------------------------------------------------------------------------------------------


@pytest.fixture
def dirkje(client_of: ClientOf, director: Membership) -> Client:
    return client_of(director)


@pytest.fixture
def ahmed(client_of: ClientOf, admin_member: Membership) -> Client:
    return client_of(admin_member)


def sends(browser: Client, leaver: Membership, **sent: Any) -> Any:
    """The answer to the form about the days of `leaver`, opened and sent."""
    where = reverse("colleague_days", args=["de-wilgen", leaver.pk])
    seen = browser.get(where).context["form"].version
    values = {key: str(getattr(value, "pk", value)) for key, value in sent.items()}
    return browser.post(where, {"starts_on": "", "seen": seen} | values)


def test_page_counts_and_names_no_theme(
    ahmed: Client, dirkje: Client, left: Left, teacher: Membership
) -> None:
    where = reverse("colleague_days", args=["de-wilgen", teacher.pk])
    for browser, names in [
        (ahmed, ["to_meetings", "to_promises", "to_signals"]),
        (dirkje, ["to_meetings", "to_promises", "to_signals", "to_themes"]),
    ]:
        form = browser.get(where).context["form"]
        assert list(form.choices) == names
        assert [choice.number for choice in form.choices.values()] == [1, 1, 2, 1][: len(names)]
    page = ahmed.get(where).content.decode().casefold()
    assert not [theme for theme in Theme.objects.all() if str(theme) in page]
    assert "lina" not in page
    assert "daan" not in page


def test_page_asks_for_everything_that_is_open(
    dirkje: Client, left: Left, teacher: Membership, other_teacher: Membership
) -> None:
    today = clock.today()
    page = sends(dirkje, teacher, ends_on=today - DAY, to_meetings=other_teacher)
    assert set(page.context["form"].errors) == {"to_promises", "to_signals", "to_themes"}
    everything = dict.fromkeys(["to_meetings", "to_promises", "to_signals", "to_themes"], other_teacher)
    assert sends(dirkje, teacher, ends_on=today - DAY, **everything).status_code == 302
    assert owners(left) == {other_teacher.pk}


def test_sent_twice_it_is_one(
    dirkje: Client, planned: Planned, teacher: Membership, other_teacher: Membership
) -> None:
    planned()
    where = reverse("colleague_days", args=["de-wilgen", teacher.pk])
    seen = dirkje.get(where).context["form"].version
    ends = str(clock.today() + DAY)
    sent = {"starts_on": "", "ends_on": ends, "to_meetings": str(other_teacher.pk), "seen": seen}
    assert dirkje.post(where, sent).status_code == 302
    page = dirkje.post(where, sent)
    assert page.status_code == 200
    assert not [row for row in page.context["rows"] if row.differs]
    assert Succession.objects.count() == 1


def test_who_was_overtaken_sees_both_versions(
    dirkje: Client,
    ahmed: Client,
    planned: Planned,
    teacher: Membership,
    other_teacher: Membership,
    ib: Membership,
) -> None:
    planned()
    where = reverse("colleague_days", args=["de-wilgen", teacher.pk])
    seen = dirkje.get(where).context["form"].version
    ends = str(clock.today() + DAY)
    sends(ahmed, teacher, ends_on=ends, to_meetings=ib)
    sent = {"starts_on": "", "ends_on": ends, "to_meetings": str(other_teacher.pk), "seen": seen}
    page = dirkje.post(where, sent)
    [differs] = [row for row in page.context["rows"] if row.differs]
    assert (differs.saved, differs.yours) == ("Ineke", "Olga")
    assert Succession.objects.get().successor_id == ib.pk
    again = {field.html_name: field.value() or "" for field in page.context["form"]}
    assert dirkje.post(where, again).status_code == 302
    assert Succession.objects.get().successor_id == other_teacher.pk


def test_action_refuses_what_changed_meanwhile(
    planned: Planned, director: Membership, teacher: Membership, other_teacher: Membership
) -> None:
    was = stay_of(teacher)
    end(teacher, clock.today() + DAY, director)
    with pytest.raises(Changed):
        change_days(membership=teacher, stay=Stay(Days()), by=director, was=was)


def test_who_has_no_right_any_more_ends_nobody(
    director: Membership, teacher: Membership, school: School
) -> None:
    dora = member(school, "Dora", Role.DIRECTOR)
    dora.permissions  # noqa: B018  # read before it is taken away, as by a request on its way
    end(dora, clock.today() - DAY, director)
    with pytest.raises(NotHereAnyMore):
        end(teacher, clock.today() - DAY, dora)
    dora.rolegrant_set.all().delete()
    Membership.objects.filter(pk=dora.pk).update(ends_on=None)
    with pytest.raises(NotHereAnyMore):
        end(teacher, clock.today() - DAY, dora)


# --- access ends ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["last day", "account"])
def test_access_ends_on_the_next_request(
    client_of: ClientOf,
    left: Left,
    director: Membership,
    teacher: Membership,
    other_teacher: Membership,
    groups: dict[str, Group],
    how: str,
) -> None:
    tom = client_of(teacher)
    page = reverse("meetings:before", args=["de-wilgen", left.meeting.pk])
    tick = reverse("meetings:tick", args=["de-wilgen", left.meeting.pk])
    ways: list[Callable[[], Any]] = [
        lambda: tom.get(reverse("today", args=["de-wilgen"])),
        lambda: tom.get(page),
        lambda: tom.post(tick, {"item": "V1", "done": "1"}, headers={"HX-Request": "true"}),
        lambda: tom.post(reverse("meetings:cancel", args=["de-wilgen", left.meeting.pk])),
    ]
    assert [way().status_code for way in ways[:3]] == [200, 200, 200]
    if how == "last day":
        end(teacher, clock.today() - DAY, director, other_teacher)
    else:
        teacher.user.is_active = False
        teacher.user.save()
    answers = [way() for way in ways]
    if how == "last day":
        assert {answer.status_code for answer in answers} == {404}
    else:
        assert all("/login/" in answer["Location"] for answer in answers)
    left.meeting.refresh_from_db()
    assert left.meeting.status == "prepare"

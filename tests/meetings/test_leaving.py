"""A colleague leaves: what is open goes to who takes over, and nothing waits on nobody."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from django.utils.module_loading import import_string

from buddies.actions.schools import set_coordinator
from buddies.models import Signal, Theme, ThemeCoordinator
from meetings.models import Audience, FollowUp, Meeting
from school import clock
from school.actions import Days, Stay, change_days, link_child
from school.errors import CannotTakeOver, NobodyTakesOver
from school.handover import Kind, open_work
from school.models import AuditEvent, Child, Membership, School, Succession
from school.roles import Role
from tests.cast import ClientOf, member

from .conftest import Planned
from .leaving import DAY, Left, end, later, owners, titles


def test_settings_name_kinds_of_work() -> None:
    found = [import_string(path) for path in settings.HANDOVER]
    assert all(isinstance(kind, Kind) for kind in found)
    assert len({kind.key for kind in found}) == len(found)


def test_last_day_that_is_past_hands_over_at_once(
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


@pytest.mark.parametrize("days", [0, 2])
@pytest.mark.parametrize("how", ["the first who comes in", "the job"])
def test_last_day_to_come_hands_over_after_it(
    client_of: ClientOf,
    left: Left,
    director: Membership,
    teacher: Membership,
    other_teacher: Membership,
    how: str,
    days: int,
) -> None:
    """Also a last day of today: until tonight they still do it themselves."""
    end(teacher, clock.today() + days * DAY, director, other_teacher)
    assert owners(left) == {teacher.pk}
    olga = client_of(other_teacher)
    with clock.at(later(days)):
        call_command("run_due", verbosity=0)
        olga.get(reverse("today", args=["de-wilgen"]))
        assert owners(left) == {teacher.pk}
    with clock.at(later(days + 1)):
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


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.ADMINISTRATOR])
def test_nobody_chooses_themselves(planned: Planned, school: School, teacher: Membership, role: Role) -> None:
    """What only the leaver could look into would open to whoever ends a colleague's membership."""
    meeting = planned(audience=Audience.ONLY_ME)
    both = member(school, "Bo", role, Role.TEACHER)
    for day in (clock.today() - DAY, clock.today() + DAY):
        with pytest.raises(CannotTakeOver):
            end(teacher, day, both, both)
    assert not Meeting.objects.visible_to(both, clock.today()).filter(pk=meeting.pk).exists()


def test_who_was_chosen_by_a_colleague_may_still_move_the_day(
    planned: Planned, director: Membership, teacher: Membership, admin_member: Membership
) -> None:
    meeting = planned()
    end(teacher, clock.today() + 2 * DAY, admin_member, director)
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

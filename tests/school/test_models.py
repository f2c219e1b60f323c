"""Schools, members and families: what the models themselves say."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from buddies.actions.schools import open_school
from school import clock
from school.models import Child, Group, Guardianship, Holiday, Membership, Parent, School, User
from school.models.people import school_year
from school.roles import Permission, Role

from ..cast import member

TODAY = clock.today()


@pytest.mark.parametrize(
    ("ends_on", "active"),
    [(None, True), (TODAY, True), (TODAY + timedelta(days=1), True), (TODAY - timedelta(days=1), False)],
)
def test_membership_is_active_until_its_last_day(
    teacher: Membership, ends_on: date | None, active: bool
) -> None:
    Membership.objects.filter(pk=teacher.pk).update(ends_on=ends_on)
    assert Membership.objects.active(TODAY).filter(pk=teacher.pk).exists() is active


def test_membership_of_a_user_who_may_not_sign_in_is_not_active(teacher: Membership) -> None:
    User.objects.filter(pk=teacher.user_id).update(is_active=False)
    assert not Membership.objects.active(TODAY).filter(pk=teacher.pk).exists()


def test_member_may_what_the_roles_allow(school: School) -> None:
    both = member(school, "Wim", Role.TEACHER, Role.ADMINISTRATOR)
    assert both.roles == {Role.TEACHER, Role.ADMINISTRATOR}
    assert both.may(Permission.SIGNAL)
    assert both.may(Permission.MANAGE_STAFF)
    assert not both.may(Permission.ALL_THEMES)
    assert list(Membership.objects.with_role(Role.ADMINISTRATOR)) == [both]


def test_parties_of_who_is_no_parent_here_are_nobody(teacher: Membership, parents: dict[str, Parent]) -> None:
    assert teacher.parties == frozenset()
    assert set(Parent.objects.not_a_party(teacher)) == set(parents.values())


def test_parties_are_oneself_and_the_other_guardians_of_ones_children(
    teacher: Membership, school: School, parents: dict[str, Parent], children: dict[str, Child]
) -> None:
    """Kemal teaches here and is father of Sem and Lina: Fatma and Samira are parties, Sem's stepfather too."""
    stepfather = Parent.objects.create(school=school, first_name="Jan", created_at=clock.now())
    for parent, child in ((parents["Kemal"], "Lina"), (stepfather, "Sem"), (stepfather, "Daan")):
        Guardianship.objects.create(school=school, parent=parent, child=children[child])
    teacher.parent = parents["Kemal"]
    teacher.save()
    kemal = Membership.objects.get(pk=teacher.pk)
    names = ("Kemal", "Fatma", "Samira")
    assert kemal.parties == {stepfather.pk, *(parents[name].pk for name in names)}
    # Peter and the stepfather share Daan, but Peter shares no child with Kemal.
    assert set(Parent.objects.not_a_party(kemal)) == {parents["Linda"], parents["Peter"]}


def test_co_guardians_are_named_once(
    school: School, parents: dict[str, Parent], children: dict[str, Child]
) -> None:
    for name in ("Fatma", "Kemal"):
        Guardianship.objects.create(school=school, parent=parents[name], child=children["Zoë"])
    assert list(parents["Fatma"].co_guardians()) == [parents["Kemal"]]
    assert list(parents["Linda"].co_guardians()) == []


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 7, 31), 2025),
        (date(2026, 8, 1), 2026),
        (date(2026, 12, 31), 2026),
        (date(2027, 1, 1), 2026),
    ],
)
def test_school_year_turns_on_the_first_of_august(day: date, year: int) -> None:
    assert school_year(day) == year


def test_current_groups_are_those_of_this_school_year_youngest_first(school: School) -> None:
    Group.objects.filter(school=school).delete()
    for name, first, last, year in (
        ("8", 8, 8, 2026),
        ("1/2A", 1, 2, 2026),
        ("1/2B", 1, 2, 2026),
        ("3", 3, 3, 2025),
    ):
        Group.objects.create(school=school, name=name, first_grade=first, last_grade=last, school_year=year)
    current = school.group_set.current(date(2026, 11, 23))
    assert [group.name for group in current] == ["1/2A", "1/2B", "8"]


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), date(2026, 11, 23)),  # a Monday
        (date(2026, 11, 28), date(2026, 11, 30)),  # a Saturday
        (date(2026, 11, 29), date(2026, 11, 30)),
        (date(2026, 12, 18), date(2026, 12, 18)),  # the last Friday before the holiday
        (date(2026, 12, 19), date(2027, 1, 4)),  # two weeks and the weekends around them
        (date(2027, 1, 1), date(2027, 1, 4)),
        (date(2027, 1, 3), date(2027, 1, 4)),
        (date(2027, 4, 30), date(2027, 5, 10)),  # two holidays after one another
    ],
)
def test_first_working_day_skips_weekends_and_holidays(school: School, day: date, works: date) -> None:
    for name, first, last in (
        ("Kerst", date(2026, 12, 19), date(2027, 1, 3)),
        ("Mei", date(2027, 4, 26), date(2027, 5, 4)),
        ("Hemelvaart", date(2027, 5, 5), date(2027, 5, 7)),
    ):
        Holiday.objects.create(school=school, name=name, first_day=first, last_day=last)
    assert school.first_working_day(day) == works


def test_holidays_of_another_school_do_not_count(school: School, other_school: School) -> None:
    monday = date(2026, 11, 23)
    Holiday.objects.create(school=other_school, name="Studiedag", first_day=monday, last_day=monday)
    assert school.first_working_day(monday) == monday


@pytest.mark.parametrize("slug", ["over", "account", "beheer", "static"])
def test_slug_is_no_word_of_the_site(db: None, slug: str) -> None:
    with pytest.raises(ValidationError, match="slug"):
        open_school(name="School", slug=slug, brin="01AA")


@pytest.mark.parametrize("slug", ["de wilgen", "de/wilgen", "de.wilgen", "écoles", "", "x" * 41])
def test_slug_fits_in_an_address(db: None, slug: str) -> None:
    with pytest.raises(ValidationError, match="slug"):
        open_school(name="School", slug=slug, brin="01AA")


def test_slug_is_taken_once(school: School) -> None:
    with pytest.raises(ValidationError, match="slug"):
        open_school(name="School", slug=school.slug, brin="01AA")


@pytest.mark.parametrize("brin", ["1AAA", "AA11", "01aa", "01A", "01AAA"])
def test_brin_is_two_figures_and_two_letters(db: None, brin: str) -> None:
    with pytest.raises(ValidationError, match="brin"):
        open_school(name="School", slug="school", brin=brin)


def test_school_has_a_brin_and_a_location_of_its_own(school: School) -> None:
    with pytest.raises(ValidationError):
        open_school(name="School", slug="school", brin=school.brin)
    assert open_school(name="School", slug="school", brin=school.brin, vestiging="01").pk


def test_user_is_known_by_e_mail_in_lower_case(db: None) -> None:
    user = User.objects.create_user("  Tom@De-Wilgen.invalid ", "Tom", "een lang wachtwoord")
    assert user.email == "tom@de-wilgen.invalid"
    assert User.objects.get_by_natural_key("TOM@de-wilgen.INVALID") == user
    typed = User(email="Olga@De-Wilgen.invalid ", name="Olga")
    typed.clean()
    assert typed.email == "olga@de-wilgen.invalid"


@pytest.mark.parametrize("email", ["Tom@de-wilgen.invalid", "tom@de-wilgen.invalid"])
def test_user_is_known_once(db: None, email: str) -> None:
    User.objects.create_user("tom@de-wilgen.invalid", "Tom")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(email, "Tom")


def test_user_without_a_password_cannot_sign_in_with_one(db: None) -> None:
    user = User.objects.create_user("tom@de-wilgen.invalid", "Tom")
    assert not user.has_usable_password()
    assert not user.check_password("")


def test_superuser_may_use_the_administration_site(db: None) -> None:
    user = User.objects.create_superuser("Beheer@de-wilgen.invalid", "Beheer", "een lang wachtwoord")
    assert (user.email, user.is_staff, user.is_superuser) == ("beheer@de-wilgen.invalid", True, True)


def test_parent_without_a_name_is_called_something(school: School, parents: dict[str, Parent]) -> None:
    assert str(parents["Peter"]) == "Peter van 't Hoff"
    assert str(Parent(school=school))


def test_parent_who_says_nothing_speaks_dutch(school: School) -> None:
    assert Parent(school=school).spoken == {"nl"}
    assert Parent(school=school, languages=["tr", "nl"]).spoken == {"tr", "nl"}

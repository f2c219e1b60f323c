"""Logboek: who may read what of it, in which words, and how it is looked through."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from school import audit, clock, log
from school.actions import SchoolSettings, change_roles, change_school
from school.models import AuditEvent, Membership, School, User
from school.reading.log import PAGE
from school.roles import Role
from tests.buddies.watch import queries
from tests.cast import ClientOf, member

ADDRESS = "/de-wilgen/instellingen/logboek/"


def lines(page: Any) -> list[str]:
    """The lines of the log on `page`, without when they happened."""
    found = re.findall(r"<time[^>]*>[\d:]+</time>(.*?)</li>", page.content.decode(), re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", "", line).split()) for line in found]


@pytest.fixture
def dirkje(client_of: ClientOf, director: Membership) -> Client:
    """The director's browser."""
    return client_of(director)


@pytest.fixture
def ahmed(client_of: ClientOf, admin_member: Membership) -> Client:
    """The administrator's browser."""
    return client_of(admin_member)


def test_log_says_who_did_what_newest_first(
    dirkje: Client, director: Membership, teacher: Membership
) -> None:
    change_roles(membership=teacher, roles=[Role.BOUWCOORDINATOR], by=director)
    read = lines(dirkje.get(ADDRESS))
    assert read[0] == "Dirkje wijzigde de rollen van een collega: Tom"
    assert "Dirkje logde in" in read
    assert lines(dirkje.get(ADDRESS))[0] == "Dirkje bekeek het logboek"


def test_log_shows_the_time_in_amsterdam_below_its_day(dirkje: Client, ib: Membership) -> None:
    with clock.at(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)):
        audit.record("overview.look", by=ib)
    page = dirkje.get(ADDRESS).content.decode()
    assert "Donderdag 2 juli 2026" in page
    assert ">00:30</time>" in page


def test_administrator_reads_what_is_administration(
    ahmed: Client, dirkje: Client, ib: Membership, director: Membership
) -> None:
    for action in log.actions():
        audit.record(action, by=ib)
    settings = SchoolSettings(True, 42, 14, 30)
    change_school(school=director.school, settings=settings, by=director)
    read = lines(ahmed.get(ADDRESS))
    assert read[0] == "Dirkje wijzigde de afspraken van de school"
    texts = {str(action.text): action.kind in log.ADMINISTRATION for action in log.actions().values()}
    told = {text for text in texts if f"Ineke {text}" in read}
    assert told == {text for text, administration in texts.items() if administration}
    assert set(lines(dirkje.get(ADDRESS))) - set(read)


def test_administrator_cannot_ask_for_another_kind(ahmed: Client, ib: Membership) -> None:
    audit.record("overview.look", by=ib)
    page = ahmed.get(ADDRESS, {"soort": "looks"})
    assert page.context["form"].errors
    assert "Ineke bekeek het overzicht" not in lines(page)


def test_log_is_of_one_school(dirkje: Client, other_ib: Membership, other_school: School) -> None:
    audit.record("overview.look", by=other_ib)
    audit.record("school.settings", other_school, by=other_ib)
    audit.record("account.sign_in_failed", by=None)
    assert [line for line in lines(dirkje.get(ADDRESS)) if "Ilse" in line or "Iemand" in line] == []


def test_log_names_colleagues_who_left_and_nobody_from_elsewhere(
    dirkje: Client, school: School, teacher: Membership, other_ib: Membership
) -> None:
    root = User.objects.create_superuser("root@demo.invalid", "Wortel")
    audit.record("admin.change", teacher, by=root)
    audit.record("overview.look", by=other_ib.user, school=school)
    audit.record("overview.look", by=teacher)
    Membership.objects.filter(pk=teacher.pk).update(ends_on=clock.today() - timedelta(days=1))
    assert lines(dirkje.get(ADDRESS))[:3] == [
        "Tom bekeek het overzicht",
        "Beheerder van het platform bekeek het overzicht",
        "Beheerder van het platform wijzigde iets op de beheersite: Tom",
    ]


def test_log_says_what_ran_by_itself_and_what_came_through_a_link(dirkje: Client, school: School) -> None:
    audit.record("log.forget", school, by=None, school=school, count=12)
    audit.record("log.forget", school, by=None, school=school, count=1)
    with audit.by_link():
        audit.record("link.answer", by=None, school=school)
    assert lines(dirkje.get(ADDRESS))[:3] == [
        "Iemand met een persoonlijke link antwoordde met een persoonlijke link",
        "Ouderbuddy zelf wiste uit het logboek wat lang genoeg bewaard was (één regel)",
        "Ouderbuddy zelf wiste uit het logboek wat lang genoeg bewaard was (12 regels)",
    ]


def test_what_reads_the_same_in_the_same_minute_is_one_line(dirkje: Client, ib: Membership) -> None:
    for minute, second in ((3, 2), (3, 1), (3, 0), (2, 59)):
        with clock.at(datetime(2026, 9, 7, 12, minute, second, tzinfo=UTC)):
            audit.record("request.look", by=ib)
    assert lines(dirkje.get(ADDRESS, {"tot": "2026-09-07"})) == [
        "Ineke bekeek een vraag (3 keer)",
        "Ineke bekeek een vraag",
    ]


def test_failed_sign_in_names_the_account_and_not_who_tried(dirkje: Client, teacher: Membership) -> None:
    audit.record_account("account.sign_in_failed", teacher.user, by=None)
    assert lines(dirkje.get(ADDRESS))[0] == "Iemand probeerde in te loggen, maar dat lukte niet: Tom"


def test_event_past_its_term_is_not_shown(dirkje: Client, ib: Membership) -> None:
    with clock.at(clock.now() - timedelta(days=549)):
        audit.record("overview.look", by=ib)
    assert "Ineke bekeek het overzicht" not in lines(dirkje.get(ADDRESS))


# Looking something up


def test_log_is_looked_through_by_who_what_and_when(
    dirkje: Client, school: School, ib: Membership, teacher: Membership
) -> None:
    day = datetime(2026, 9, 7, 12, tzinfo=UTC)
    for by, action, days in (
        (ib, "overview.look", 0),
        (teacher, "parent.search", 1),
        (ib, "parent.search", 2),
    ):
        with clock.at(day + timedelta(days=days)):
            audit.record(action, by=by)
    with clock.at(day), audit.by_link():
        audit.record("link.answer", by=None, school=school)
    looked, tom, ineke = "Ineke bekeek het overzicht", "Tom zocht een ouder", "Ineke zocht een ouder"
    wanted: list[tuple[dict[str, str | int], list[str]]] = [
        ({"wie": ib.pk}, [ineke, looked]),
        ({"wie": ib.pk, "soort": "searches"}, [ineke]),
        ({"vanaf": "2026-09-08", "tot": "2026-09-08"}, [tom]),
        ({"vanaf": "2026-09-08", "tot": "2026-09-09"}, [ineke, tom]),
        ({"wie": "link"}, ["Iemand met een persoonlijke link antwoordde met een persoonlijke link"]),
        ({"wie": "elsewhere"}, []),
    ]
    for query, expected in wanted:
        page = dirkje.get(ADDRESS, query)
        mine = [line for line in lines(page) if not line.startswith("Ineke logde")]
        assert mine == expected, query
    assert (
        "Wie: Ineke · Wat: Zoeken · Vanaf: 7 september 2026"
        in dirkje.get(
            ADDRESS, {"wie": str(ib.pk), "soort": "searches", "vanaf": "2026-09-07"}
        ).content.decode()
    )
    assert lines(dirkje.get(ADDRESS))[0].startswith("Dirkje zocht in het logboek")


@pytest.mark.parametrize(
    "query", ["wie=0", "soort=x", "vanaf=gisteren", "vanaf=2026-02-01&tot=2026-01-01", "over=<b>", "na=x"]
)
def test_nonsense_is_said_to_be_so(dirkje: Client, query: str) -> None:
    page = dirkje.get(f"{ADDRESS}?{query}")
    assert page.status_code == 200
    assert bool(page.context["form"].errors) is (query != "na=x")


def test_older_events_follow_without_gaps_whatever_comes_in(dirkje: Client, ib: Membership) -> None:
    """Every look is an event itself: it moves nothing from one page to the next."""
    AuditEvent.objects.bulk_create(
        AuditEvent(
            school_id=ib.school_id,
            actor_id=ib.user_id,
            action="overview.look",
            # Three in the same moment, over and over.
            at=clock.now() - timedelta(minutes=number // 3),
            keep_until=clock.today() + timedelta(days=1),
            target_type="school",
            target_id=number,
        )
        for number in range(2 * PAGE + 7)
    )
    seen, address = [], f"{ADDRESS}?wie={ib.pk}&soort=looks"
    while address:
        page = dirkje.get(address)
        seen.append(sum(line.times for _day, found in page.context["page"].days for line in found))
        older = re.search(r'href="(\?[^"]*na=\d+)"', page.content.decode())
        address = ADDRESS + older.group(1).replace("&amp;", "&") if older else ""
    assert seen == [PAGE, PAGE, 7]


def test_log_asks_as_many_questions_for_many_events_as_for_few(
    dirkje: Client, ib: Membership, teacher: Membership, groups: dict[str, Any]
) -> None:
    def more() -> None:
        audit.record("membership.roles", teacher, by=ib)
        audit.record("group.change", groups["4B"], by=ib)

    more()
    few = queries(dirkje, ADDRESS)
    for _time in range(10):
        more()
    member(teacher.school, "Els", Role.TEACHER)
    assert queries(dirkje, ADDRESS) == few


def test_settings_lead_to_the_log_for_who_may_read_it(
    dirkje: Client, ahmed: Client, client_of: ClientOf, ib: Membership
) -> None:
    settings = reverse("settings", args=["de-wilgen"])
    pages = [browser.get(settings).content.decode() for browser in (dirkje, ahmed, client_of(ib))]
    assert [ADDRESS in page for page in pages] == [True, True, False]


def test_word_that_is_not_of_the_log_is_refused(ib: Membership) -> None:
    count = AuditEvent.objects.count()
    with pytest.raises(ValueError, match="no word of the log"):
        audit.record("Amina Tesfay", by=ib)
    assert AuditEvent.objects.count() == count

"""The pages on which a meeting is found, planned, changed and cancelled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localtime

from meetings.actions import meetings as actions
from meetings.actions.meetings import Evaluation, ParentComing
from meetings.models import Audience, BuddyComes, FollowUpKind, Meeting
from meetings.reading.plans import plan_of
from meetings.workflow import MeetingStatus
from school import clock
from school.models import Child, Group, Membership, Parent
from tests.buddies.phone import said, text
from tests.buddies.watch import contents, queries, recorded
from tests.cast import ClientOf
from tests.meetings.conftest import Planned

from .conftest import revision
from .pages import answer, as_sent, url

DAY = timedelta(days=1)
ALONG = BuddyComes.ALONG


@pytest.fixture
def olga(client_of: ClientOf, other_teacher: Membership) -> Client:
    """The phone of Olga, who teaches another group."""
    return client_of(other_teacher)


def shown(page: Any) -> dict[str, list[str]]:
    """The titles in the list, by where they stand."""
    overview = page.context["overview"]
    parts = {part.key: [row.title for row in part.rows] for part in overview.parts}
    return parts | ({"earlier": [each.row.title for each in overview.earlier]} if overview.earlier else {})


# The list


def test_empty_list_says_what_to_do(tom: Client) -> None:
    page = tom.get(url("meetings"))
    assert "_empty.html" in [template.name for template in page.templates]
    assert url("plan") in text(page)


def test_list_puts_what_comes_first_and_what_has_been_last(
    tom: Client, teacher: Membership, planned: Planned, children: dict[str, Child]
) -> None:
    planned(at=clock.now() + 2 * DAY, child=children["Daan"])
    planned(at=clock.now() + DAY, child=children["Lina"])
    planned(at=clock.now() - DAY, child=children["Ömer"])
    held = planned(at=clock.now() - 3 * DAY, child_name="Jip")
    actions.hold(meeting=held, by=teacher)
    actions.cancel(meeting=planned(at=clock.now() + 4 * DAY, child_name="Kee"), by=teacher)
    titles = {
        key: [title.partition(",")[0] for title in rows]
        for key, rows in shown(tom.get(url("meetings"))).items()
    }
    assert titles == {"coming": ["Lina", "Daan"], "look_back": ["Ömer"], "earlier": ["Kee", "Jip"]}


@pytest.mark.parametrize(
    ("minutes", "step"),
    [(24 * 60, "before"), (60, "before"), (40, "during"), (-10, "during"), (-26, "after")],
)
def test_one_next_step_follows_the_clock(tom: Client, planned: Planned, minutes: int, step: str) -> None:
    """It takes 25 minutes with a buddy."""
    meeting = planned(at=clock.now() + timedelta(minutes=minutes))
    [part] = tom.get(url("meetings")).context["overview"].parts
    assert [row.action_url for row in part.rows] == [url(step, meeting.pk)]


def test_meeting_of_a_colleague_bears_their_name(
    client_of: ClientOf, teacher: Membership, planned: Planned, children: dict[str, Child], ib: Membership
) -> None:
    planned(child=children["Lina"])
    planned(child=children["Daan"], by=ib, audience=Audience.INTERN_BEGELEIDER)
    rows = client_of(teacher).get(url("meetings")).context["overview"].parts[0].rows
    assert sorted("Ineke" in row.meta for row in rows) == [False, True]


def test_promises_stand_in_the_list_of_who_made_them(
    tom: Client, client_of: ClientOf, teacher: Membership, ib: Membership, planned: Planned
) -> None:
    meeting = planned(audience=Audience.INTERN_BEGELEIDER)
    actions.promise(
        meeting=meeting,
        kind=FollowUpKind.PROMISE,
        words="Leeshulp navragen",
        due_on=clock.today() - DAY,
        by=teacher,
        submission=meeting.submission,
    )
    assert "Leeshulp navragen" in text(tom.get(url("meetings")))
    assert "Leeshulp" not in text(client_of(ib).get(url("meetings")))


def test_list_asks_as_many_questions_for_three_as_for_one(
    tom: Client, teacher: Membership, planned: Planned, children: dict[str, Child]
) -> None:
    counts = []
    for _ in range(3):
        for days in (-1, 1):
            meeting = planned(at=clock.now() + days * DAY, child=children["Lina"])
            actions.promise(
                meeting=meeting,
                kind=FollowUpKind.TALK,
                words="",
                due_on=clock.today(),
                by=teacher,
                submission=meeting.submission,
            )
        counts.append(queries(tom, url("meetings")))
    assert counts[0] == counts[2] <= 12


# Planning


def test_plan_on_a_phone(tom: Client, children: dict[str, Child], teacher: Membership) -> None:
    lina = children["Lina"]
    sent = answer(child=str(lina.pk), name_1=" Samira ", room="Lokaal 4", sensitive_news="yes")
    reply = tom.post(url("plan"), sent)
    meeting = Meeting.objects.get()
    assert reply.url == url("before", meeting.pk)  # type: ignore[attr-defined]
    assert said(reply)
    assert (meeting.child, meeting.recorded_by, meeting.room) == (lina, teacher, "Lokaal 4")
    assert (meeting.sensitive_news, meeting.interpreter) == (True, False)
    assert f"{localtime(meeting.at):%H:%M}" == sent["time"]
    [parent] = meeting.parents.all()
    assert (parent.kind, parent.name, parent.buddy) == ("mother", "Samira", "along")


def test_day_and_time_are_enough(tom: Client) -> None:
    bare = {key: answer()[key] for key in ("submission", "day", "time", "base_minutes", "audience")}
    tom.post(url("plan"), bare)
    parent = Meeting.objects.get().parents.get()
    assert (parent.kind, parent.name, parent.buddy) == ("", "", "unknown")


def test_meeting_of_yesterday_is_for_looking_back(tom: Client) -> None:
    reply = tom.post(url("plan"), answer(clock.now() - DAY / 2))
    assert reply.url == url("after", Meeting.objects.get().pk)  # type: ignore[attr-defined]


def test_plan_sent_twice_is_one_meeting(tom: Client) -> None:
    sent = answer()
    assert [tom.post(url("plan"), sent).status_code for _ in range(2)] == [302, 302]
    assert Meeting.objects.count() == 1


def test_number_of_somebody_else_is_not_found(tom: Client, olga: Client) -> None:
    sent = answer()
    olga.post(url("plan"), sent)
    assert tom.post(url("plan"), sent).status_code == 404
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize(
    ("second", "parents"),
    [
        ({"kind_2": "father"}, [("mother", "along"), ("father", "unknown")]),
        ({"name_2": "Ali", "buddy_2": "none"}, [("mother", "along"), ("", "none")]),
        ({"kind_2": "nobody", "buddy_2": "along"}, [("mother", "along")]),
        ({}, [("mother", "along")]),
    ],
)
def test_second_parent(tom: Client, second: dict[str, str], parents: list[tuple[str, str]]) -> None:
    tom.post(url("plan"), answer() | second)
    assert list(Meeting.objects.get().parents.values_list("kind", "buddy")) == parents


BEFORE_TIME = (clock.now() - 2 * DAY).date().isoformat()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"day": ""}, "day"),
        ({"time": "25:99"}, "time"),
        ({"day": BEFORE_TIME}, "day"),
        ({"day": "0001-01-01"}, "day"),
        ({"day": "9999-12-31"}, "day"),
        ({"base_minutes": "17"}, "base_minutes"),
        ({"buddy_1": "perhaps"}, "buddy_1"),
        ({"audience": "everybody"}, "audience"),
        ({"child": "999999"}, "child"),
        ({"child_name": "x" * 61}, "child_name"),
        ({"kind_2": "nobody", "name_2": "Ali"}, "kind_2"),
        ({"submission": "x"}, "submission"),
    ],
)
def test_bad_input_keeps_what_was_typed(tom: Client, wrong: dict[str, str], field: str) -> None:
    before = contents()
    page = tom.post(url("plan"), answer(room="Bij het raam") | wrong)
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert "Bij het raam" in text(page)
    assert contents() == before


def test_children_of_the_groups_taught_are_offered(
    tom: Client, client_of: ClientOf, ib: Membership, children: dict[str, Child], other_ib: Membership
) -> None:
    taught = set(tom.get(url("plan")).context["form"].children)
    assert taught == {str(children[name].pk) for name in ("Lina", "Daan", "Ömer")}
    # Who teaches no group may meet any parent of the school, and of no other.
    everybody = set(client_of(ib).get(url("plan")).context["form"].children)
    assert everybody == {str(child.pk) for child in children.values()}


def test_child_of_another_school_is_no_choice(tom: Client, other_ib: Membership) -> None:
    fenna = Child.objects.get(school=other_ib.school)
    page = tom.post(url("plan"), answer(child=str(fenna.pk)))
    assert "child" in page.context["form"].errors
    assert "Fenna" not in text(page)
    assert tom.get(url("plan", query=f"?kind={fenna.pk}")).status_code == 404
    assert tom.get(url("plan", query="?kind=x")).status_code == 404
    assert not Meeting.objects.exists()


def test_child_that_is_not_listed_goes_with_its_group(tom: Client, groups: dict[str, Group]) -> None:
    tom.post(url("plan"), answer(child=f"g{groups['4B'].pk}", child_name="Jip"))
    meeting = Meeting.objects.get()
    assert (meeting.child, meeting.child_name, meeting.group) == (None, "Jip", groups["4B"])


def test_own_child_is_for_a_colleague(
    tom: Client, teacher: Membership, parents: dict[str, Parent], children: dict[str, Child]
) -> None:
    Membership.objects.filter(pk=teacher.pk).update(parent=parents["Samira"])
    page = tom.post(url("plan"), answer(child=str(children["Lina"].pk)))
    assert "child" in page.context["form"].errors
    assert not Meeting.objects.exists()


def test_plan_can_start_with_a_child(tom: Client, children: dict[str, Child]) -> None:
    page = tom.get(url("plan", query=f"?kind={children['Sem'].pk}"))
    assert page.context["form"]["child"].value() == children["Sem"].pk
    assert f'value="{children["Sem"].pk}" selected' in text(page)


# The meeting after


def test_next_meeting_has_the_same_people_and_asks_anew_about_the_buddy(
    tom: Client, planned: Planned, children: dict[str, Child]
) -> None:
    two = (ParentComing("mother", "Samira", ALONG), ParentComing("father", "", BuddyComes.NONE))
    first = planned(
        at=clock.now() - DAY, parents=two, child=children["Lina"], sensitive_news=True, room="Lokaal 4"
    )
    address = url("plan", query=f"?na={first.pk}")
    with recorded() as log:
        page = tom.get(address)
    assert log.actions == ["meeting.look"]
    sent = as_sent(page) | {key: answer()[key] for key in ("day", "time")}
    assert (sent["child"], sent["name_1"], sent["kind_2"]) == (children["Lina"].pk, "Samira", "father")
    assert (sent["buddy_1"], sent["buddy_2"], sent["room"]) == ("unknown", "unknown", "Lokaal 4")
    assert sent["sensitive_news"] == "no"
    tom.post(address, sent)
    second = Meeting.objects.exclude(pk=first.pk).get()
    assert (second.previous, second.child) == (first, children["Lina"])
    assert list(second.parents.values_list("buddy", flat=True)) == ["unknown", "unknown"]


def test_next_meeting_follows_on_one_that_may_be_seen(olga: Client, planned: Planned) -> None:
    meeting = planned()
    assert olga.get(url("plan", query=f"?na={meeting.pk}")).status_code == 404
    assert olga.get(url("plan", query="?na=x")).status_code == 404


# Changing


def test_change_starts_with_what_is_saved(tom: Client, planned: Planned, children: dict[str, Child]) -> None:
    two = (ParentComing("mother", "Samira", ALONG), ParentComing("father", "Ali", BuddyComes.PREPARES))
    meeting = planned(parents=two, child=children["Lina"], sensitive_news=True, base_minutes=25)
    sent = as_sent(tom.get(url("change", meeting.pk)))
    tom.post(url("change", meeting.pk), sent)
    saved = Meeting.objects.get()
    assert saved.revision == 1
    # To the minute: a browser knows no seconds.
    at = meeting.at.replace(second=0, microsecond=0)
    assert plan_of(saved) == replace(plan_of(meeting), at=at)


def test_bad_change_keeps_what_was_typed(tom: Client, planned: Planned) -> None:
    meeting = planned()
    sent = as_sent(tom.get(url("change", meeting.pk)), day="", room="Bij het raam")
    before = contents()
    page = tom.post(url("change", meeting.pk), sent)
    assert "day" in page.context["form"].errors
    assert "Bij het raam" in text(page)
    assert contents() == before


def test_two_teachers_changing_a_meeting_lose_nothing(
    tom: Client, olga: Client, planned: Planned, other_teacher: Membership, groups: dict[str, Group]
) -> None:
    groups["4B"].groupteacher_set.create(school=other_teacher.school, membership=other_teacher)
    meeting = planned(group=groups["4B"])
    mine = as_sent(tom.get(url("change", meeting.pk)), room="Lokaal 4")
    olga.post(url("change", meeting.pk), as_sent(olga.get(url("change", meeting.pk)), room="Bij het raam"))

    conflict = tom.post(url("change", meeting.pk), mine)
    meeting.refresh_from_db()
    assert meeting.room == "Bij het raam"
    differing = [(row.saved, row.yours) for row in conflict.context["rows"] if row.differs]
    assert differing == [("Bij het raam", "Lokaal 4")]
    tom.post(url("change", meeting.pk), dict(conflict.context["form"].data.lists()))
    meeting.refresh_from_db()
    assert meeting.room == "Lokaal 4"


def test_what_has_been_is_not_changed(tom: Client, teacher: Membership, planned: Planned) -> None:
    meeting = planned(at=clock.now() - DAY / 2)
    sent = as_sent(tom.get(url("change", meeting.pk)), room="Lokaal 4")
    actions.hold(meeting=Meeting.objects.get(), by=teacher)
    page = tom.post(url("change", meeting.pk), sent)
    assert page.context["form"].non_field_errors()
    assert Meeting.objects.get().room == ""


# Cancelling


def test_cancelling_asks_first_and_can_be_undone(tom: Client, planned: Planned) -> None:
    meeting = planned()
    tom.get(url("cancel", meeting.pk))
    assert Meeting.objects.get().state is MeetingStatus.PREPARE
    assert said(tom.post(url("cancel", meeting.pk)))
    assert Meeting.objects.get().state is MeetingStatus.CANCELLED
    [row] = tom.get(url("meetings")).context["overview"].earlier
    assert row.restore_url == url("cancel", meeting.pk)
    tom.post(url("cancel", meeting.pk), {"restore": "1"})
    assert Meeting.objects.get().state is MeetingStatus.PREPARE


def test_cancelling_what_has_been_says_so(tom: Client, teacher: Membership, planned: Planned) -> None:
    meeting = planned(at=clock.now() - DAY)
    actions.evaluate(
        meeting=meeting, evaluation=Evaluation("", {}, False), revision=revision(meeting), by=teacher
    )
    reply = tom.post(url("cancel", meeting.pk))
    assert said(reply)
    assert Meeting.objects.get().state is MeetingStatus.EVALUATED


# Who may


@pytest.mark.parametrize("name", ["change", "cancel"])
def test_meeting_that_is_not_mine_to_see_is_not_found(
    olga: Client, client_of: ClientOf, other_ib: Membership, planned: Planned, name: str
) -> None:
    meeting, elsewhere = planned(audience=Audience.ONLY_ME), client_of(other_ib)
    before = contents()
    for method in ("get", "post"):
        assert getattr(olga, method)(url(name, meeting.pk)).status_code == 404
        assert getattr(elsewhere, method)(url(name, meeting.pk, school="de-eik")).status_code == 404
    assert contents() == before


@pytest.mark.parametrize(("name", "numbers"), [("meetings", 0), ("plan", 0), ("change", 1), ("cancel", 1)])
def test_who_has_no_meetings_opens_none(
    client_of: ClientOf, admin_member: Membership, planned: Planned, name: str, numbers: int
) -> None:
    args = [planned().pk] * numbers
    assert client_of(admin_member).get(url(name, *args)).status_code == 403


@pytest.mark.parametrize("name", ["change", "cancel", "after", "promise"])
def test_every_look_leaves_a_trace_without_content(tom: Client, planned: Planned, name: str) -> None:
    meeting = planned()
    with recorded() as log:
        tom.get(url(name, meeting.pk))
    assert [(event.action, event.target_id) for event in log.events] == [("meeting.look", meeting.pk)]

"""What a school agrees about its meetings: minutes, points of its own, and what it hides."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from buddies.actions.errors import WrongMoment
from meetings.actions import agreements as actions
from meetings.actions.agreements import MOST_POINTS, PointDetails
from meetings.actions.errors import CannotBeHidden, SamePoint, TooManyPoints
from meetings.actions.preparing import tick
from meetings.checklist import GUIDE, Phase, When
from meetings.models import Agreements, BuddyComes, HiddenPoint, Meeting, OwnPoint, Tick
from meetings.planning import USUAL, Extra
from meetings.reading.checklists import items_for, items_on_paper, prepared
from school import clock
from school.errors import Changed
from school.models import Membership
from tests.buddies.phone import said, text
from tests.buddies.watch import contents, recorded, refused
from tests.cast import ClientOf

from .conftest import Planned
from .pages import as_sent, url

pytestmark = pytest.mark.django_db

COFFEE = PointDetails(Phase.BEFORE, When.ALWAYS, "Zet koffie klaar.", "Dat ontspant.", "“Koffie?”")


@pytest.fixture
def dirk(client_of: ClientOf, director: Membership) -> Client:
    """The director's desk."""
    return client_of(director)


def listed(page: Any) -> list[str]:
    """The codes on the page where a school arranges its list, in order."""
    return [each.code for _phase, rows in page.context["phases"] for each in rows]


def fresh(meeting: Meeting) -> Meeting:
    """`meeting` as a page reads it."""
    return Meeting.objects.get(pk=meeting.pk)


# Minutes


def test_school_agrees_on_its_minutes(dirk: Client) -> None:
    page = dirk.get(url("agreements"))
    reply = dirk.post(url("agreements"), as_sent(page, buddy="15", interpreter="0", alone="20"))
    assert reply.status_code == 302
    assert Agreements.objects.get().extra == Extra(15, 0, 20)
    page = dirk.get(url("agreements"))
    assert (page.context["form"]["buddy"].value(), page.context["form"]["alone"].value()) == (15, 20)


@pytest.mark.parametrize(
    ("field", "value"), [("alone", "0"), ("buddy", "61"), ("buddy", "-1"), ("buddy", "x")]
)
def test_minutes_that_cannot_be_are_refused(dirk: Client, field: str, value: str) -> None:
    page = dirk.post(url("agreements"), as_sent(dirk.get(url("agreements")), **{field: value}))
    assert page.context["form"].errors.keys() == {field}
    assert not Agreements.objects.exists()


def test_two_who_agree_at_once_lose_nothing(dirk: Client, director: Membership) -> None:
    page = dirk.get(url("agreements"))
    actions.agree_on_minutes(extra=Extra(20, 20, 20), revision=0, by=director)
    both = dirk.post(url("agreements"), as_sent(page, buddy="15"))
    assert "Iemand was je voor" in text(both)
    assert [(row.saved, row.yours) for row in both.context["rows"]] == [
        ("20", "15"),
        ("20", "10"),
        ("20", "10"),
    ]
    assert Agreements.objects.get().extra == Extra(20, 20, 20)
    with refused(Changed):
        actions.agree_on_minutes(extra=USUAL, revision=0, by=director)


# Points


def test_own_point_is_on_every_page_in_its_place(
    dirk: Client, tom: Client, planned: Planned, director: Membership
) -> None:
    for phase, words in zip(Phase, ("Zet koffie klaar.", "Pak een pen.", "Ruim op."), strict=True):
        sent = as_sent(dirk.get(url("add_point")), do=words, phase=phase.value)
        assert dirk.post(url("add_point"), sent).status_code == 302
    before, during, after = OwnPoint.objects.order_by("pk")
    meeting = planned(buddy=BuddyComes.NONE)
    for page, point in (("before", before), ("during", during)):
        assert str(point) in text(tom.get(url(page, meeting.pk)))
    paper = {phase: [line.id for line in lines] for phase, lines in items_on_paper(fresh(meeting))}
    assert [paper[phase][-1] for phase in Phase] == [before.code, during.code, after.code]
    for _step in range(2):
        after.refresh_from_db()
        for _tap in range(2):
            dirk.post(url("move_point", after.pk), {"to": "up", "place": after.place})
    assert listed(dirk.get(url("agreements")))[-4:] == ["N1", after.code, "N2", "N3"]


@pytest.mark.parametrize("first", [False, True])
def test_own_point_for_afterwards_is_beside_the_round(
    tom: Client, planned: Planned, director: Membership, first: bool
) -> None:
    point = actions.add_point(details=PointDetails(Phase.AFTER, When.ALWAYS, "Ruim op."), by=director)
    if first:
        for _step in range(3):
            actions.move_point(point=point, up=True, by=director)
    meeting = planned(at=clock.now())
    page = tom.get(url("after", meeting.pk))
    looking_back = page.context["page"]
    assert [[line.do for line in lines] for lines in (looking_back.own_first, looking_back.own_then)] == (
        [["Ruim op."], []] if first else [[], ["Ruim op."]]
    )
    assert text(page).count("Ruim op.") == 1


def test_own_point_is_ticked_like_any_other(
    tom: Client, planned: Planned, director: Membership, teacher: Membership
) -> None:
    meeting = planned(buddy=BuddyComes.NONE)
    assert prepared([meeting], teacher) == {meeting.pk}
    point = actions.add_point(details=COFFEE, by=director)
    assert prepared([meeting], teacher) == frozenset()
    tom.post(url("tick", meeting.pk), {"item": point.code, "done": "1"})
    assert Tick.objects.get().item == point.code
    assert prepared([meeting], teacher) == {meeting.pk}
    [line] = items_for(fresh(meeting), Phase.BEFORE, teacher)
    assert (line.do, line.why, line.say, line.own, line.ticked) == (
        COFFEE.do,
        COFFEE.why,
        COFFEE.say,
        True,
        True,
    )
    assert tom.post(url("tick", meeting.pk), {"item": "E999", "done": "1"}).status_code == 404


def test_point_of_another_school_is_on_no_page(
    planned: Planned, teacher: Membership, other_ib: Membership
) -> None:
    theirs = actions.add_point(details=COFFEE, by=other_ib)
    actions.hide_point(item="T1", hidden=True, by=other_ib)
    assert not items_for(planned(buddy=BuddyComes.NONE), Phase.BEFORE, teacher)
    assert items_for(planned(), Phase.DURING, teacher)[0].id == "T1"
    assert theirs.school_id == other_ib.school_id


def test_point_added_twice_is_there_once(director: Membership) -> None:
    with recorded() as log:
        assert actions.add_point(details=COFFEE, by=director) == actions.add_point(
            details=COFFEE, by=director
        )
    assert log.actions == ["point.add"]


def test_more_points_than_anybody_reads_are_refused(dirk: Client, director: Membership) -> None:
    for number in range(MOST_POINTS):
        actions.add_point(details=PointDetails(Phase.BEFORE, When.ALWAYS, f"Punt {number}"), by=director)
    with refused(TooManyPoints):
        actions.add_point(details=COFFEE, by=director)
    page = dirk.post(url("add_point"), as_sent(dirk.get(url("add_point")), do="Nog een", phase="before"))
    assert "Er zijn al zes eigen punten" in text(page)
    assert page.context["form"]["do"].value() == "Nog een"


def test_point_changes_and_in_another_phase_comes_last(dirk: Client, director: Membership) -> None:
    point = actions.add_point(details=COFFEE, by=director)
    page = dirk.get(url("point", point.pk))
    assert dirk.post(url("point", point.pk), as_sent(page, do="Thee.", phase="after")).status_code == 302
    point.refresh_from_db()
    assert (point.do, point.phase, point.after) == ("Thee.", "after", "N3")


def test_two_points_do_not_say_the_same(director: Membership) -> None:
    point = actions.add_point(details=COFFEE, by=director)
    tea = PointDetails(Phase.BEFORE, When.ALWAYS, "Zet thee klaar.")
    actions.add_point(details=tea, by=director)
    with refused(SamePoint):
        actions.change_point(point=point, details=tea, by=director)


def test_two_who_change_a_point_lose_nothing(dirk: Client, director: Membership) -> None:
    point = actions.add_point(details=COFFEE, by=director)
    page = dirk.get(url("point", point.pk))
    actions.change_point(point=point, details=PointDetails(Phase.BEFORE, When.ALWAYS, "Thee."), by=director)
    both = dirk.post(url("point", point.pk), as_sent(page, do="Limonade."))
    words = text(both)
    assert "Thee." in words
    assert "Limonade." in words
    point.refresh_from_db()
    assert point.do == "Thee."


@pytest.mark.parametrize(
    ("phase", "when"), [("before", "X"), ("before", "O"), ("before", "V"), ("during", "O"), ("during", "V")]
)
def test_condition_that_is_not_known_yet_is_refused(dirk: Client, phase: str, when: str) -> None:
    page = dirk.post(url("add_point"), as_sent(dirk.get(url("add_point")), do="x", phase=phase, when=when))
    assert page.context["form"].errors.keys() == {"when"}
    assert not OwnPoint.objects.exists()


def test_hidden_points_come_back(dirk: Client, tom: Client, planned: Planned) -> None:
    meeting = planned()
    for item in set(GUIDE) - {"T4"}:
        assert dirk.post(url("hide_point"), {"item": item, "hidden": "yes"}).status_code == 302
    for page in ("before", "during", "after", "print"):
        assert tom.get(url(page, meeting.pk)).status_code == 200
    assert "Ik kom erop terug" in text(tom.get(url("during", meeting.pk)))
    assert not items_for(fresh(meeting), Phase.DURING, planned.teacher)
    # The school still sees all nineteen, and what stands where.
    assert len(set(listed(dirk.get(url("agreements"))))) == 19
    for item in set(GUIDE) - {"T4"}:
        dirk.post(url("hide_point"), {"item": item, "hidden": "no"})
    assert not HiddenPoint.objects.exists()
    assert len(items_for(fresh(meeting), Phase.DURING, planned.teacher)) == 10


def test_what_protects_the_parent_cannot_be_hidden(dirk: Client, director: Membership) -> None:
    with refused(CannotBeHidden):
        actions.hide_point(item="T4", hidden=True, by=director)
    assert "beschermt de ouder" in said(dirk.post(url("hide_point"), {"item": "T4", "hidden": "yes"}))[0]
    before = contents()
    for sent in ({"item": "T99", "hidden": "yes"}, {"item": "V1"}, {"item": "V1", "hidden": "x"}, {}):
        assert dirk.post(url("hide_point"), sent).status_code == 404
    assert contents() == before


def test_removed_point_leaves_nothing_behind(
    dirk: Client, director: Membership, planned: Planned, teacher: Membership
) -> None:
    point = actions.add_point(details=COFFEE, by=director)
    tick(meeting=planned(), item=point.code, done=True, by=teacher)
    actions.hide_point(item=point.code, hidden=True, by=director)
    assert dirk.post(url("remove_point", point.pk)).status_code == 302
    assert [rows.objects.count() for rows in (OwnPoint, HiddenPoint, Tick)] == [0, 0, 0]
    with refused(WrongMoment):
        actions.move_point(point=point, up=True, by=director)
    with refused(WrongMoment):
        actions.change_point(point=point, details=COFFEE, by=director)


def test_arranging_leaves_a_trace_without_words(director: Membership) -> None:
    with recorded() as log:
        point = actions.add_point(details=COFFEE, by=director)
        actions.move_point(point=point, up=True, by=director)
        actions.hide_point(item="V1", hidden=True, by=director)
        actions.hide_point(item="V1", hidden=True, by=director)
        actions.hide_point(item="V1", hidden=False, by=director)
        actions.remove_point(point=point, by=director)
    assert log.actions == ["point.add", "point.move", "point.hide", "point.show", "point.remove"]

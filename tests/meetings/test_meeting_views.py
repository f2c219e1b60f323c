"""Before a meeting, during it and on paper: what the teacher sees, and what no page says (R22-R34, R38)."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from buddies.workflow import MatchStatus
from meetings.actions import meetings, preparing
from meetings.actions.meetings import ParentComing
from meetings.models import Audience, BuddyComes, Meeting, Question, Tick
from meetings.reading.paper import Size, size_of
from school import clock
from school.models import AuditEvent, Child, Membership, School
from tests.buddies.phone import said, text
from tests.buddies.watch import contents, everything, queries
from tests.cast import AddBuddy, ClientOf, Proposed, Signalled

from .conftest import Planned, revision
from .pages import url

PAGES = ("before", "during", "print")
NONE, PREPARES, UNKNOWN = BuddyComes.NONE, BuddyComes.PREPARES, BuddyComes.UNKNOWN


def points(page: Any, of: str = "points") -> list[str]:
    """The points on a page, in order."""
    return [point.id for point in page.context[of]]


def crib(page: Any) -> list[Any]:
    """The points of a crib sheet as it is now, in order."""
    now: list[Any] = page.context["sheets"][0].points
    return now


def crib_points(page: Any) -> list[str]:
    """Which points those are."""
    return [point.id for point in crib(page)]


def ask(meeting: Meeting, by: Membership, words: str = "Hoe gaat het met lezen?") -> Question:
    """One more question."""
    return preparing.ask(meeting=meeting, words=words, by=by, submission=uuid4())


# Who may look


@pytest.mark.parametrize("name", PAGES)
def test_page_opens_and_leaves_one_trace(
    tom: Client, planned: Planned, teacher: Membership, name: str
) -> None:
    meeting = planned(child_name="Jip")
    assert tom.get(url(name, meeting.pk)).status_code == 200
    event = AuditEvent.objects.latest("pk")
    action = "meeting.print" if name == "print" else "meeting.look"
    assert (event.action, event.target_id, event.actor_id) == (action, meeting.pk, teacher.user_id)


@pytest.mark.parametrize("name", [*PAGES, "tick", "add_question", "turned_out"])
def test_page_is_not_there_for_others(
    planned: Planned,
    client_of: ClientOf,
    other_teacher: Membership,
    admin_member: Membership,
    other_ib: Membership,
    name: str,
) -> None:
    meeting = planned(audience=Audience.ONLY_ME)
    olga, ahmed, ilse = (client_of(member) for member in (other_teacher, admin_member, other_ib))
    before = everything()
    for browser, school, status in (
        (olga, "de-wilgen", 404),
        (ahmed, "de-wilgen", 403),
        (ilse, "de-eik", 404),
        (ilse, "de-wilgen", 404),
    ):
        address = url(name, meeting.pk, school=school)
        answer = browser.get(address) if name in PAGES else browser.post(address)
        assert answer.status_code == status, (browser, school)
    assert everything() == before


def test_meeting_past_its_term_is_not_there(tom: Client, planned: Planned) -> None:
    meeting = planned()
    Meeting.objects.filter(pk=meeting.pk).update(forget_on=clock.today())
    for page in PAGES:
        assert tom.get(url(page, meeting.pk)).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_page_asks_the_database_as_often_for_many_questions(
    tom: Client, planned: Planned, teacher: Membership, name: str
) -> None:
    meeting = planned(parents=(ParentComing("mother"), ParentComing("father")))
    ask(meeting, teacher)
    once = queries(tom, url(name, meeting.pk))
    for item in ("V1", "V2", "V3"):
        ask(meeting, teacher)
        preparing.tick(meeting=meeting, item=item, done=True, by=teacher)
    assert queries(tom, url(name, meeting.pk)) == once <= 16


def test_pages_know_nothing_of_matches(
    tom: Client,
    planned: Planned,
    proposed: Proposed,
    signalled: Signalled,
    add_buddy: AddBuddy,
    children: dict[str, Child],
) -> None:
    """A teacher learns nothing about a stored parent or their buddy."""
    buddy = add_buddy("reading", first_name="Marie", last_name="Bakker", phone="06-12345678")
    request = signalled("reading", first_name="Samira", child=children["Lina"])
    proposed(request, buddy, status=MatchStatus.CONNECTED)
    meeting = planned(child=children["Lina"], buddy=UNKNOWN)
    for page in PAGES:
        words = text(tom.get(url(page, meeting.pk)))
        assert not [secret for secret in ("Marie", "Bakker", "06-12345678", "Samira") if secret in words]


# Before


def test_before_shows_the_points_that_apply_and_what_to_arrange(tom: Client, planned: Planned) -> None:
    meeting = planned(child_name="Jip", sensitive_news=True, room="De lichte kamer")
    page = tom.get(url("before", meeting.pk))
    assert points(page) == ["V1", "V2", "V3", "V4", "V5", "T4"]
    assert page.context["practical"].alone_first
    assert "De lichte kamer" in text(page)
    assert "Afke Persoon" in text(page)


@pytest.mark.parametrize(
    ("buddy", "shown"),
    [
        (BuddyComes.ALONG, ["V1", "V2", "V3", "V4", "V5"]),
        (UNKNOWN, ["V1", "V2", "V3", "V4", "V5"]),
        (PREPARES, ["V1", "V2", "V3"]),
        (NONE, []),
    ],
)
def test_points_follow_what_the_parent_said_about_a_buddy(
    tom: Client, planned: Planned, buddy: BuddyComes, shown: list[str]
) -> None:
    """R22: who comes along differs from who only prepares; not known counts as coming."""
    assert points(tom.get(url("before", planned(buddy=buddy).pk))) == shown


def test_before_without_a_buddy_has_nothing_to_think_of(tom: Client, planned: Planned) -> None:
    page = tom.get(url("before", planned(buddy=NONE).pk))
    assert points(page) == []
    assert points(page, "points_during") == ["T1", "T5", "T6", "T7", "T8", "T11"]


def test_before_a_cancelled_meeting_offers_nothing_to_do(
    tom: Client, planned: Planned, teacher: Membership
) -> None:
    meeting = planned()
    meetings.cancel(meeting=meeting, by=teacher)
    words = text(tom.get(url("before", meeting.pk)))
    assert 'name="words"' not in words
    assert url("during", meeting.pk) not in words


# Ticks


def test_tick_goes_on_and_off_and_is_the_members_own(
    tom: Client, planned: Planned, client_of: ClientOf, ib: Membership
) -> None:
    meeting = planned(audience=Audience.INTERN_BEGELEIDER)
    answer = tom.post(url("tick", meeting.pk), {"item": "V2", "done": "1"})
    assert answer["Location"] == url("before", meeting.pk) + "#V2"
    ticked = [point.id for point in tom.get(url("before", meeting.pk)).context["points"] if point.ticked]
    assert ticked == ["V2"]
    page = client_of(ib).get(url("before", meeting.pk))
    assert not [point for point in page.context["points"] if point.ticked]
    tom.post(url("tick", meeting.pk), {"item": "V2"})
    assert not Tick.objects.exists()


def test_tick_with_htmx_gives_that_point_back(tom: Client, planned: Planned) -> None:
    meeting = planned()
    answer = tom.post(url("tick", meeting.pk), {"item": "V1", "done": "1"}, headers={"HX-Request": "true"})
    assert answer.templates[0].name == "meetings/meeting/_point.html"
    assert 'aria-pressed="true"' in text(answer)
    assert "<html" not in text(answer)


@pytest.mark.parametrize("item", ["", "T1", "V9", "<script>"])
def test_tick_of_something_else_is_not_there(tom: Client, planned: Planned, item: str) -> None:
    assert tom.post(url("tick", planned().pk), {"item": item, "done": "1"}).status_code == 404
    assert not Tick.objects.exists()


# Questions


def test_question_is_added_once_and_taken_away(tom: Client, planned: Planned) -> None:
    meeting, sent = planned(), {"submission": str(uuid4()), "words": "  Mag  hij later? "}
    for _twice in range(2):
        answer = tom.post(url("add_question", meeting.pk), sent)
        assert answer["Location"] == url("before", meeting.pk) + "#vragen"
    question = Question.objects.get()
    assert question.words == "Mag hij later?"
    for page in PAGES:
        assert "Mag hij later?" in text(tom.get(url(page, meeting.pk)))
    for _twice in range(2):
        assert tom.post(url("drop_question", meeting.pk, question.pk)).status_code == 302
    assert not Question.objects.exists()


def test_question_that_is_wrong_stays_on_the_page(tom: Client, planned: Planned) -> None:
    meeting = planned()
    before = contents()
    for words in ("", "lang " * 41):
        page = tom.post(url("add_question", meeting.pk), {"submission": str(uuid4()), "words": words})
        assert page.context["form"].errors.keys() == {"words"}
        assert words.strip() in text(page)
        assert AuditEvent.objects.latest("pk").action == "meeting.look"
    assert contents() == before


def test_sixteenth_question_is_refused_and_kept(tom: Client, planned: Planned, teacher: Membership) -> None:
    meeting = planned()
    for number in range(15):
        ask(meeting, teacher, f"Vraag {number}")
    page = tom.post(url("add_question", meeting.pk), {"submission": str(uuid4()), "words": "De zestiende"})
    assert page.context["form"].non_field_errors()
    assert "De zestiende" in text(page)
    assert meeting.question_set.count() == 15
    # Without something to keep there is no form any more.
    assert 'name="words"' not in text(tom.get(url("before", meeting.pk)))


def test_question_number_of_a_colleague_is_not_there(tom: Client, planned: Planned, ib: Membership) -> None:
    meeting, number = planned(audience=Audience.INTERN_BEGELEIDER), uuid4()
    preparing.ask(meeting=meeting, words="Een", by=ib, submission=number)
    sent = {"submission": str(number), "words": "Twee"}
    assert tom.post(url("add_question", meeting.pk), sent).status_code == 404


def test_question_of_another_meeting_stays(tom: Client, planned: Planned, teacher: Membership) -> None:
    question = ask(planned(), teacher)
    tom.post(url("drop_question", planned().pk, question.pk))
    assert Question.objects.get() == question


# During


def test_during_has_no_menu_and_says_until_when(tom: Client, planned: Planned) -> None:
    page = tom.get(url("during", planned().pk))
    assert "<nav" not in text(page)
    assert "site-header" not in text(page)
    assert page.context["practical"].until.minute >= 0
    assert re.search(r"tot\s+<strong data-until>\d\d:\d\d</strong>", text(page))


def test_buddy_who_turns_up_changes_the_list_at_once(tom: Client, planned: Planned) -> None:
    meeting = planned(buddy=NONE, sensitive_news=True)
    assert crib_points(tom.get(url("during", meeting.pk))) == ["T1", "T5", "T6", "T7", "T8", "T11"]
    turn = {"turn": "buddy_came", "parent": meeting.parents.get().pk, "revision": 0}
    page = tom.post(url("turned_out", meeting.pk), turn, follow=True)
    assert crib_points(page)[:3] == ["T4", "T1", "T2"]
    assert len(page.context["messages"]) == 1
    turn |= {"turn": "buddy_stayed_away", "revision": 1}
    assert crib_points(tom.post(url("turned_out", meeting.pk), turn, follow=True))[0] == "T1"


def test_wish_that_cannot_be_met_brings_its_points(tom: Client, planned: Planned) -> None:
    meeting = planned(buddy=NONE)
    answer = tom.post(url("turned_out", meeting.pk), {"turn": "wish_unmet", "revision": 0})
    assert answer["Location"] == url("during", meeting.pk) + "#T10"
    page = tom.get(url("during", meeting.pk))
    assert "T10" in crib_points(page)
    assert [point.id for point in crib(page) if point.stress] == ["T11"]
    tom.post(url("turned_out", meeting.pk), {"turn": "wish_possible", "revision": 1})
    assert "T10" not in crib_points(tom.get(url("during", meeting.pk)))


def test_two_parents_have_a_button_each(tom: Client, planned: Planned) -> None:
    meeting = planned(
        parents=(ParentComing("mother", "Fatma", NONE), ParentComing("father", "Kemal", PREPARES))
    )
    words = text(tom.get(url("during", meeting.pk)))
    assert words.count('value="buddy_came"') == 2
    assert "(Fatma)" in words
    kemal = meeting.parents.get(position=2)
    tom.post(url("turned_out", meeting.pk), {"turn": "buddy_came", "parent": kemal.pk, "revision": 0})
    assert [parent.buddy for parent in meeting.parents.all()] == ["none", "along"]


def test_turn_that_makes_no_sense_is_not_there(tom: Client, planned: Planned) -> None:
    meeting = planned()
    before = contents()
    for sent in (
        {},
        {"turn": "x"},
        {"turn": "buddy_came"},
        {"turn": "buddy_came", "parent": "x"},
        {"turn": "wish_unmet", "parent": meeting.parents.get().pk},
    ):
        assert tom.post(url("turned_out", meeting.pk), sent | {"revision": 0}).status_code == 404, sent
    assert tom.post(url("turned_out", meeting.pk), {"turn": "wish_unmet"}).status_code == 404
    assert contents() == before


def test_afterwards_nothing_turns_out_otherwise(tom: Client, planned: Planned, teacher: Membership) -> None:
    meeting = planned()
    meetings.cancel(meeting=meeting, by=teacher)
    assert url("turned_out", meeting.pk) not in text(tom.get(url("during", meeting.pk)))
    before = contents()
    answer = tom.post(url("turned_out", meeting.pk), {"turn": "wish_unmet", "revision": 0})
    assert len(said(answer)) == 1
    assert contents() == before


# On paper


def test_paper_holds_all_nineteen_points_with_the_source(
    tom: Client, planned: Planned, teacher: Membership
) -> None:
    meeting = planned(child_name="Jip", sensitive_news=True)
    preparing.wish_turned_out(meeting=meeting, unmet=True, revision=revision(meeting), by=teacher)
    page = tom.get(url("print", meeting.pk))
    found = {point.id for _phase, lines in page.context["phases"] for point in lines}
    assert len(found) == 19
    assert "Afke Persoon" in text(page)
    assert "<nav" not in text(page)


def test_paper_of_a_meeting_that_was_evaluated_holds_what_applied(
    tom: Client, planned: Planned, teacher: Membership
) -> None:
    meeting = planned(at=clock.now())
    said_all = {parent.pk: ("unpleasant", "") for parent in meeting.parents.all()}
    meetings.evaluate(
        meeting=meeting,
        evaluation=meetings.Evaluation("pleasant", said_all, False),
        revision=revision(meeting),
        by=teacher,
    )
    phases = dict(tom.get(url("print", meeting.pk)).context["phases"])
    assert [point.id for point in phases["after"]] == ["N1", "N2"]


def test_paper_asks_a_buddy_only_who_may_be_there(tom: Client, planned: Planned) -> None:
    rows = [
        text(tom.get(url("print", planned(buddy=buddy).pk))).count('<th scope="row">')
        for buddy in (BuddyComes.ALONG, UNKNOWN, PREPARES, NONE)
    ]
    assert rows == [3, 3, 2, 2]


def test_paper_is_set_smaller_only_where_it_must() -> None:
    points_alone = ["Een punt met een zin om te zeggen, zoals de meeste zijn. “En dit is die zin.”"] * 20
    assert size_of(points_alone) is Size.NORMAL
    assert size_of([*points_alone, *["Een vraag van de ouder"] * 40]) is Size.SMALL
    assert size_of([*points_alone, *["x" * 200] * 15]) is Size.SHORT


def test_school_that_says_je_says_je(tom: Client, planned: Planned, school: School) -> None:
    meeting = planned()
    say = {}
    for formal in (True, False):
        School.objects.filter(pk=school.pk).update(formal_address=formal)
        say[formal] = {point.id: point.say for point in crib(tom.get(url("during", meeting.pk)))}
    assert "Dan bel ik u" in say[True]["T3"]
    assert "Dan bel ik jou" in say[False]["T3"]

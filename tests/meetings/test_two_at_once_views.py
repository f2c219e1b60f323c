"""Two colleagues, one meeting: who comes second sees both versions, and nothing of either is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from buddies.actions import matches
from buddies.models import EndReason
from buddies.workflow import MatchStatus
from meetings.actions import meetings as actions
from meetings.actions import preparing
from meetings.actions.meetings import Evaluation, ParentComing, Plan
from meetings.models import BuddyComes, FollowUp, Meeting
from meetings.reading.invitations import invitations
from meetings.reading.plans import plan_of
from school import clock
from school.models import Child, Membership
from tests.buddies.phone import said, text, told
from tests.buddies.watch import contents
from tests.cast import Proposed, Signalled

from .conftest import Planned, revision
from .pages import answer, as_sent, url

pytestmark = pytest.mark.django_db

ALONG, NONE = BuddyComes.ALONG, BuddyComes.NONE
BOTH = (ParentComing("mother", "Samira", ALONG), ParentComing("father", "Karim", NONE))


def versions(page: Any) -> dict[str, tuple[str, str]]:
    """What is saved and what was filled in, by label."""
    assert page.status_code == 200
    return {row.label: (row.saved, row.yours) for row in page.context["rows"]}


def again(page: Any) -> dict[str, Any]:
    """The form with which one saves one's own version over what is saved, as a browser sends it."""
    form = page.context["form"]
    return {name: form[name].value() for name in form.fields if form[name].value() is not None}


# What turns out otherwise


def test_tap_on_a_page_that_is_out_of_date_is_shown_first(
    tom: Client, planned: Planned, teacher: Membership
) -> None:
    """In the row of the father now stands the grandmother: the buddy who came is not hers."""
    meeting = planned(parents=BOTH)
    seen, karim = meeting.revision, meeting.parents.get(position=2)
    other = Plan(at=meeting.at, parents=(BOTH[0], ParentComing("carer", "Oma", NONE)))
    actions.change(meeting=meeting, plan=other, revision=seen, by=teacher)
    before = contents()
    tapped = {"turn": "buddy_came", "parent": karim.pk, "revision": seen}
    page = tom.post(url("turned_out", meeting.pk), tapped)
    assert versions(page)["Oma"] == ("geen buddy", "buddy komt mee")
    assert versions(page)["Samira"] == ("buddy komt mee", "buddy komt mee")
    assert contents() == before
    assert url("during", meeting.pk) in text(page)
    assert tom.post(url("turned_out", meeting.pk), again(page)).status_code == 302
    karim.refresh_from_db()
    assert karim.buddy == ALONG


def test_two_who_tap_the_same_agree(tom: Client, planned: Planned, teacher: Membership) -> None:
    meeting = planned(parents=BOTH)
    preparing.wish_turned_out(meeting=meeting, unmet=True, revision=0, by=teacher)
    before = contents()
    reply = tom.post(url("turned_out", meeting.pk), {"turn": "wish_unmet", "revision": 0})
    assert reply.status_code == 302
    assert contents() == before
    page = tom.post(url("turned_out", meeting.pk), {"turn": "wish_possible", "revision": 0})
    assert versions(page)["De wens"] == ("lukt niet", "lukt misschien")
    assert contents() == before


def test_parent_of_another_meeting_is_none_of_this_one(tom: Client, planned: Planned) -> None:
    meeting, other = planned(), planned()
    before = contents()
    for number in (other.parents.get().pk, 10**6):
        tapped = {"turn": "buddy_stayed_away", "parent": number, "revision": 0}
        reply = tom.post(url("turned_out", meeting.pk), tapped)
        assert reply["Location"] == url("during", meeting.pk)
        assert "komt niet of niet meer bij dit gesprek" in said(reply)[0]
    assert contents() == before


# Looking back


def test_evaluation_of_who_comes_no_more_is_shown_and_not_lost(
    tom: Client, planned: Planned, teacher: Membership
) -> None:
    meeting = planned(at=clock.now(), parents=BOTH)
    samira, karim = meeting.parents.all()
    sent = as_sent(tom.get(url("after", meeting.pk))) | {
        f"parent_{samira.pk}": "pleasant",
        f"parent_{karim.pk}": "unpleasant",
        "teacher": "so_so",
    }
    fewer = Plan(at=meeting.at, parents=BOTH[:1])
    actions.change(meeting=meeting, plan=fewer, revision=meeting.revision, by=teacher)
    before = contents()
    page = tom.post(url("after", meeting.pk), sent)
    assert versions(page)["Iemand die niet meer komt"] == ("", "Niet prettig")
    assert versions(page)["Samira"] == ("", "Prettig")
    assert contents() == before
    assert tom.post(url("after", meeting.pk), again(page)).status_code == 302
    samira.refresh_from_db()
    assert samira.said == "pleasant"
    assert Meeting.objects.get().teacher_said == "so_so"


def test_answer_of_who_comes_no_more_is_shown_when_all_else_is_the_same(
    tom: Client, planned: Planned, teacher: Membership
) -> None:
    meeting = planned(at=clock.now(), parents=BOTH)
    samira, karim = meeting.parents.all()
    sent = as_sent(tom.get(url("after", meeting.pk))) | {
        f"parent_{samira.pk}": "pleasant",
        f"parent_{karim.pk}": "unpleasant",
    }
    fewer = Plan(at=meeting.at, parents=BOTH[:1])
    actions.change(meeting=meeting, plan=fewer, revision=meeting.revision, by=teacher)
    theirs = Evaluation("", {samira.pk: ("pleasant", "")}, follow_up=False)
    actions.evaluate(meeting=meeting, evaluation=theirs, revision=revision(meeting), by=teacher)
    page = tom.post(url("after", meeting.pk), sent)
    assert versions(page)["Iemand die niet meer komt"] == ("", "Niet prettig")


def test_buddy_who_was_turned_away_meanwhile_is_shown(
    tom: Client, planned: Planned, teacher: Membership
) -> None:
    meeting = planned(at=clock.now())
    parent = meeting.parents.get()
    page = tom.get(url("after", meeting.pk))
    sent = as_sent(page) | {f"buddy_{parent.pk}": "pleasant"}
    preparing.buddy_turned_out(meeting=meeting, parent=parent, present=False, revision=0, by=teacher)
    both = tom.post(url("after", meeting.pk), sent)
    assert versions(both)["Iemand die niet meer komt"] == ("", "Prettig")
    parent.refresh_from_db()
    assert parent.buddy_said == ""


def test_two_evaluations_differ_and_both_are_shown(
    tom: Client, planned: Planned, teacher: Membership
) -> None:
    meeting = planned(at=clock.now())
    parent = meeting.parents.get()
    sent = as_sent(tom.get(url("after", meeting.pk))) | {f"parent_{parent.pk}": "pleasant"}
    theirs = Evaluation("", {parent.pk: ("so_so", "")}, follow_up=True)
    actions.evaluate(meeting=meeting, evaluation=theirs, revision=revision(meeting), by=teacher)
    page = tom.post(url("after", meeting.pk), sent)
    assert versions(page)["De moeder"] == ("Gaat wel", "Prettig")
    parent.refresh_from_db()
    assert parent.said == "so_so"
    tom.post(url("after", meeting.pk), again(page))
    parent.refresh_from_db()
    assert parent.said == "pleasant"


def test_evaluation_sent_twice_is_one_and_says_so_kindly(tom: Client, planned: Planned) -> None:
    meeting = planned(at=clock.now())
    parent = meeting.parents.get()
    sent = as_sent(tom.get(url("after", meeting.pk))) | {f"parent_{parent.pk}": "pleasant"}
    kind = ["Opgeslagen. Hieronder zie je wat er nog te doen is."]
    assert told(tom.post(url("after", meeting.pk), sent, follow=True)) == kind
    before = contents()
    assert told(tom.post(url("after", meeting.pk), sent, follow=True)) == kind
    assert contents() == before


# What school knows elsewhere


def test_match_that_ends_meanwhile_changes_nothing(
    tom: Client,
    planned: Planned,
    proposed: Proposed,
    signalled: Signalled,
    children: dict[str, Child],
    ib: Membership,
) -> None:
    request = signalled("reading", first_name="Samira", child=children["Lina"])
    match = proposed(request, status=MatchStatus.AGREED)
    meeting = planned(at=clock.now(), child=children["Lina"], parents=BOTH)
    plan = plan_of(meeting)
    before = {name: text(tom.get(url(name, meeting.pk))) for name in ("print", "calendar")}
    invited = invitations(meeting, with_child=True)
    matches.did_not_proceed(match=match, reason=EndReason.NO_CLICK, by=ib)
    assert {name: text(tom.get(url(name, meeting.pk))) for name in before} == before
    assert invitations(Meeting.objects.get(), with_child=True) == invited
    sent = as_sent(tom.get(url("after", meeting.pk))) | {"teacher": "pleasant"}
    assert tom.post(url("after", meeting.pk), sent).status_code == 302
    assert plan_of(Meeting.objects.get()) == plan


def test_child_of_whom_school_knows_no_parent_is_no_obstacle(tom: Client, children: dict[str, Child]) -> None:
    child = children["Ömer"]
    assert not child.guardianship_set.exists()
    reply = tom.post(url("plan"), answer(child=str(child.pk)))
    assert reply.status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.child == child
    for name in ("before", "during", "after", "print", "invitation", "calendar"):
        assert tom.get(url(name, meeting.pk)).status_code == 200
    assert not FollowUp.objects.exists()

"""Two colleagues who do something about the same at the same moment: what they do, and how often it may have happened
in the end. (Proposing, recording an answer, withdrawing and the personal link have tests of their own in
tests/buddies/test_concurrency.py and beside it.)"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from buddies.actions import consents, matches, newcomers, pool, requests, schools
from buddies.models import (
    Buddy,
    CheckAnswer,
    CheckIn,
    ClickReason,
    CloseReason,
    EndReason,
    Match,
    Method,
    NewcomerOffer,
    Outcome,
    Purpose,
    SupportRequest,
    Theme,
    TipGiver,
    Way,
)
from buddies.workflow import MatchStatus
from meetings.actions import meetings, preparing
from meetings.models import BuddyComes, FollowUpKind, Impression, Meeting
from school import actions, clock
from school.actions import ParentDetails
from school.models import Child, Group, Membership, RoleGrant, School
from school.roles import Role

from ..buddies.test_concurrency import fresh
from ..cast import AddBuddy, Proposed, Signalled, member

Do = Callable[[], object]
# The two acts, and for each word of the log how often it may stand there afterwards.
Pair = tuple[list[Do], dict[str, set[int]]]
PAIRS: dict[str, Callable[[Hands], Pair]] = {}
ONE, AT_MOST_ONE, TWO = {1}, {0, 1}, {2}


@dataclass
class Hands:
    """De Wilgen, with two who arrange reading, two directors, and the ways to make something."""

    school: School
    ib: Membership
    babs: Membership
    director: Membership
    other_director: Membership
    teacher: Membership
    add_buddy: AddBuddy
    signalled: Signalled
    proposed: Proposed
    themes: dict[str, Theme] = field(default_factory=dict)

    def match(self, status: MatchStatus, **more: Any) -> Match:
        return self.proposed(status=status, **more)

    def theme(self, name: str) -> Theme:
        """A theme that nobody used yet."""
        return Theme.objects.create(school=self.school, name=f"{name} {uuid4().hex[:6]}")

    def meeting(self, **more: Any) -> Meeting:
        """A meeting of today."""
        plan = meetings.Plan(
            at=clock.now(), parents=(meetings.ParentComing(buddy=BuddyComes.ALONG),), child_name="Sem", **more
        )
        return meetings.plan(plan=plan, by=self.ib, submission=uuid4())

    def colleague(self, *roles: Role) -> Membership:
        return member(self.school, f"C{uuid4().hex[:8]}", *roles)

    def offer(self) -> NewcomerOffer:
        day = clock.today() + timedelta(days=9)
        child = newcomers.add_child(
            first_name=f"N{uuid4().hex[:6]}", group=None, start_date=day, by=self.director
        )
        told = newcomers.Told(ParentDetails("Mirjam"))
        return newcomers.offer(child=child, told=told, in_mind=None, by=self.director, submission=uuid4())


def pair(make: Callable[[Hands], Pair]) -> Callable[[Hands], Pair]:
    PAIRS[make.__name__] = make
    return make


def both(act: Callable[..., object], *by: Membership, **about: Any) -> list[Do]:
    """Each of `by` does the same, each with their own copy of what it is about."""
    return [
        partial(
            act, **{name: fresh(row) if hasattr(row, "pk") else row for name, row in about.items()}, by=each
        )
        for each in by
    ]


INTRODUCED = matches.Connection(Way.INTRODUCED)
CONNECTING = {"connection": INTRODUCED, "method": Method.PHONE}


# A match


@pair
def asking_the_parent_twice(h: Hands) -> Pair:
    acts = both(
        matches.ask_parent, h.ib, h.babs, match=h.match(MatchStatus.PROPOSED), tip_giver=TipGiver.COORDINATOR
    )
    return acts, {"match.ask_parent": ONE}


@pair
def parents_yes_and_no(h: Hands) -> Pair:
    match = h.match(MatchStatus.WAITING_FOR_PARENT)
    yes = both(matches.record_parent_yes, h.ib, match=match, method=Method.PHONE)
    no = both(matches.did_not_proceed, h.babs, match=match, reason=EndReason.PARENT_NO)
    return yes + no, {"match.parent_yes": AT_MOST_ONE, "match.did_not_proceed": AT_MOST_ONE}


@pair
def asking_the_buddy_twice(h: Hands) -> Pair:
    acts = both(matches.ask_buddy, h.ib, h.babs, match=h.match(MatchStatus.WAITING_FOR_BUDDY))
    return acts, {"match.ask_buddy": ONE}


@pair
def asking_the_buddy_while_it_is_undone(h: Hands) -> Pair:
    match = h.match(MatchStatus.WAITING_FOR_BUDDY)
    acts = both(matches.ask_buddy, h.ib, match=match) + both(matches.undo, h.babs, match=match)
    return acts, {"match.ask_buddy": AT_MOST_ONE, "match.undo": AT_MOST_ONE}


@pair
def buddys_yes_twice(h: Hands) -> Pair:
    match = h.match(MatchStatus.WAITING_FOR_BUDDY)
    return both(matches.record_buddy_yes, h.ib, h.babs, match=match, method=Method.PHONE), {
        "match.buddy_yes": ONE
    }


@pair
def connecting_twice(h: Hands) -> Pair:
    acts = both(matches.connect, h.ib, h.babs, match=h.match(MatchStatus.AGREED), **CONNECTING)
    return acts, {"match.connect": ONE}


@pair
def connecting_and_ending(h: Hands) -> Pair:
    match = h.match(MatchStatus.AGREED)
    ending = both(matches.did_not_proceed, h.babs, match=match, reason=EndReason.PRACTICAL)
    acts = both(matches.connect, h.ib, match=match, **CONNECTING) + ending
    return acts, {"match.connect": AT_MOST_ONE, "match.did_not_proceed": AT_MOST_ONE}


@pair
def all_discussed_twice(h: Hands) -> Pair:
    acts = both(matches.all_discussed, h.ib, h.babs, match=h.match(MatchStatus.PROPOSED), **CONNECTING)
    return acts, {"match.connect": ONE, "match.parent_yes": ONE, "match.buddy_yes": ONE}


@pair
def all_discussed_and_step_by_step(h: Hands) -> Pair:
    match = h.match(MatchStatus.WAITING_FOR_PARENT)
    step = both(matches.record_parent_yes, h.babs, match=match, method=Method.PHONE)
    acts = both(matches.all_discussed, h.ib, match=match, **CONNECTING) + step
    return acts, {"match.connect": ONE, "match.parent_yes": ONE}


@pair
def undoing_twice(h: Hands) -> Pair:
    """The second undoes one step more, as it would a minute later; never the same step twice."""
    acts = both(matches.undo, h.ib, h.babs, match=h.match(MatchStatus.AGREED))
    return acts, {"match.undo": {1, 2}}


@pair
def undoing_an_end_while_somebody_else_is_proposed(h: Hands) -> Pair:
    match = h.match(MatchStatus.PROPOSED)
    matches.did_not_proceed(match=match, reason=EndReason.NO_CLICK, by=h.ib)
    proposing = both(
        matches.propose,
        h.babs,
        request=match.request,
        buddy=h.add_buddy(),
        click_reasons=[ClickReason.OTHER],
        submission=uuid4(),
    )
    return both(matches.undo, h.ib, match=match) + proposing, {"match.undo": AT_MOST_ONE}


@pair
def completing_twice(h: Hands) -> Pair:
    about = {"match": h.match(MatchStatus.CONNECTED), "outcome": Outcome.HELPED, "close_request": True}
    return both(matches.complete, h.ib, h.babs, **about), {
        "match.complete": ONE,
        "request.close": AT_MOST_ONE,
    }


@pair
def completing_and_withdrawing_the_search(h: Hands) -> Pair:
    match = h.match(MatchStatus.CONNECTED)
    completing = both(matches.complete, h.ib, match=match, outcome=Outcome.HELPED, close_request=True)
    acts = completing + both(consents.withdraw, h.babs, consent=match.request.search_consent)
    return acts, {"match.complete": ONE, "request.close": ONE}


@pair
def withdrawing_twice(h: Hands) -> Pair:
    match = h.match(MatchStatus.AGREED)
    acts = both(consents.withdraw, h.ib, h.babs, consent=match.buddy_yes)
    return acts, {"consent.withdraw": ONE, "match.did_not_proceed": ONE}


@pair
def both_take_back_their_yes(h: Hands) -> Pair:
    match = h.match(MatchStatus.AGREED)
    acts = both(consents.withdraw, h.ib, consent=match.buddy_yes)
    return acts + both(consents.withdraw, h.babs, consent=match.parent_yes), {"match.did_not_proceed": ONE}


@pair
def calling_twice(h: Hands) -> Pair:
    call = CheckIn.objects.filter(match=h.match(MatchStatus.CONNECTED)).earliest("pk")
    acts = both(matches.record_checkin, h.ib, h.babs, checkin=call, answer=CheckAnswer.ATTENTION)
    return acts, {"checkin.record": ONE}


# A request


def _proposing(h: Hands, request: SupportRequest, buddy: Buddy, by: Membership) -> list[Do]:
    about: dict[str, Any] = {"request": request, "buddy": buddy, "click_reasons": [ClickReason.OTHER]}
    return both(matches.propose, by, **about, submission=uuid4())


@pair
def two_requests_turn_out_to_be_of_one_parent(h: Hands) -> Pair:
    known = h.signalled("divorce").parent
    linking = [
        both(requests.link_parent, by, request=h.signalled(), parent=known)[0] for by in (h.ib, h.babs)
    ]
    return linking, {"request.link": {1, 2}}


@pair
def two_requests_of_one_parent_were_discussed(h: Hands) -> Pair:
    first = h.signalled(discussed=False)
    second = h.signalled(discussed=False, parent=first.parent)
    wanted = requests.Wanted(h.themes["reading"])
    acts = [
        both(requests.discussed, by, request=request, wanted=wanted)[0]
        for by, request in ((h.ib, first), (h.babs, second))
    ]
    return acts, {"request.discussed": TWO}


@pair
def one_request_turns_out_to_be_of_two_parents(h: Hands) -> Pair:
    request = h.signalled()
    acts = [
        both(requests.link_parent, by, request=request, parent=h.signalled("divorce").parent)[0]
        for by in (h.ib, h.babs)
    ]
    return acts, {"request.link": ONE}


@pair
def linking_and_proposing(h: Hands) -> Pair:
    request = h.signalled()
    linking = both(requests.link_parent, h.ib, request=request, parent=h.signalled("divorce").parent)
    acts = linking + _proposing(h, request, h.add_buddy(), h.babs)
    return acts, {"request.link": AT_MOST_ONE, "match.propose": AT_MOST_ONE}


@pair
def linking_and_proposing_who_it_turns_out_to_be(h: Hands) -> Pair:
    request, buddy = h.signalled(), h.add_buddy()
    linking = both(requests.link_parent, h.ib, request=request, parent=buddy.parent)
    acts = linking + _proposing(h, request, buddy, h.babs)
    return acts, {"request.link": AT_MOST_ONE, "match.propose": AT_MOST_ONE}


@pair
def choosing_two_themes(h: Hands) -> Pair:
    request = h.signalled(None)
    acts = [
        both(requests.choose_theme, by, request=request, wanted=requests.Wanted(h.themes[code]))[0]
        for by, code in ((h.ib, "reading"), (h.babs, "divorce"))
    ]
    return acts, {"request.theme": {1, 2}, "request.take_up": ONE}


@pair
def one_theme_for_two_requests_of_one_parent(h: Hands) -> Pair:
    first = h.signalled(None)
    second = h.signalled(None, parent=first.parent)
    acts = [
        both(requests.choose_theme, by, request=request, wanted=requests.Wanted(h.themes["reading"]))[0]
        for by, request in ((h.ib, first), (h.babs, second))
    ]
    return acts, {"request.theme": ONE}


@pair
def closing_twice(h: Hands) -> Pair:
    acts = both(requests.close, h.ib, h.babs, request=h.signalled(), reason=CloseReason.NOT_NEEDED)
    return acts, {"request.close": ONE}


@pair
def closing_and_undoing_an_end(h: Hands) -> Pair:
    match = h.match(MatchStatus.PROPOSED)
    matches.did_not_proceed(match=match, reason=EndReason.NO_CLICK, by=h.ib)
    closing = both(requests.close, h.ib, request=match.request, reason=CloseReason.NOBODY)
    acts = closing + both(matches.undo, h.babs, match=match)
    return acts, {"request.close": AT_MOST_ONE, "match.undo": AT_MOST_ONE}


# The pool


@pair
def pausing_and_proposing(h: Hands) -> Pair:
    buddy, until = h.add_buddy(), clock.today() + timedelta(days=30)
    acts = both(pool.pause, h.ib, buddy=buddy, until=until) + _proposing(h, h.signalled(), buddy, h.babs)
    return acts, {"buddy.pause": ONE, "match.propose": AT_MOST_ONE}


@pair
def stopping_and_proposing(h: Hands) -> Pair:
    buddy = h.add_buddy()
    acts = both(pool.stop, h.ib, buddy=buddy) + _proposing(h, h.signalled(), buddy, h.babs)
    return acts, {"buddy.stop": ONE, "match.propose": AT_MOST_ONE}


@pair
def stopping_and_the_buddys_yes(h: Hands) -> Pair:
    match = h.match(MatchStatus.WAITING_FOR_BUDDY)
    yes = both(matches.record_buddy_yes, h.babs, match=match, method=Method.PHONE)
    return both(pool.stop, h.ib, buddy=match.buddy) + yes, {"buddy.stop": ONE, "match.buddy_yes": AT_MOST_ONE}


@pair
def stopping_twice(h: Hands) -> Pair:
    return both(pool.stop, h.ib, h.babs, buddy=h.add_buddy()), {"buddy.stop": ONE}


@pair
def stopping_and_pausing(h: Hands) -> Pair:
    buddy, until = h.add_buddy(), clock.today() + timedelta(days=30)
    acts = both(pool.stop, h.ib, buddy=buddy) + both(pool.pause, h.babs, buddy=buddy, until=until)
    return acts, {"buddy.stop": ONE, "buddy.pause": AT_MOST_ONE}


@pair
def withdrawing_two_experiences(h: Hands) -> Pair:
    buddy = h.add_buddy(("reading", "divorce"))
    given = buddy.parent.consent_set.filter(purpose=Purpose.SHARE_EXPERIENCE).order_by("pk")
    acts = [
        both(consents.withdraw, by, consent=consent)[0]
        for by, consent in zip((h.ib, h.babs), given, strict=True)
    ]
    return acts, {"consent.withdraw": TWO, "buddy.stop": ONE}


@pair
def withdrawing_and_renewing(h: Hands) -> Pair:
    buddy = h.add_buddy()
    given = buddy.parent.consent_set.get(purpose=Purpose.SHARE_EXPERIENCE)
    renewing = both(
        pool.add_experience, h.babs, buddy=buddy, theme=h.themes["reading"], words="", method=Method.PHONE
    )
    return both(consents.withdraw, h.ib, consent=given) + renewing, {"consent.withdraw": AT_MOST_ONE}


@pair
def adding_an_experience_twice(h: Hands) -> Pair:
    about = {"buddy": h.add_buddy(), "theme": h.themes["divorce"], "words": "ook", "method": Method.PHONE}
    return both(pool.add_experience, h.ib, h.babs, **about), {"buddy.experience": TWO}


@pair
def the_name_twice(h: Hands) -> Pair:
    buddy = h.add_buddy(name_may_be_known=False)
    return both(pool.record_name_consent, h.ib, h.babs, buddy=buddy, method=Method.PHONE), {}


@pair
def the_background_twice(h: Hands) -> Pair:
    about = {"parent": h.add_buddy().parent, "words": "Twents", "method": Method.PHONE}
    return both(pool.set_background, h.ib, h.babs, **about), {"parent.background": TWO}


@pair
def recording_an_offer_twice(h: Hands) -> Pair:
    buddy = pool.suggest(details=ParentDetails("Kees"), by=h.teacher, submission=uuid4())
    answers = pool.Answers({h.themes["reading"]: ""}, name_may_be_known=True)
    acts = both(pool.record_offer, h.ib, h.babs, buddy=buddy, offer=pool.Offer(), answers=answers)
    return acts, {"buddy.offer": ONE}


@pair
def asking_and_forgetting_a_suggestion(h: Hands) -> Pair:
    buddy = pool.suggest(details=ParentDetails("Kees"), by=h.teacher, submission=uuid4())
    acts = both(pool.ask, h.ib, buddy=buddy) + both(pool.stop, h.babs, buddy=buddy)
    return acts, {"buddy.ask": AT_MOST_ONE}


@pair
def changing_an_offer_twice(h: Hands) -> Pair:
    buddy = h.add_buddy()
    about = {"buddy": buddy, "offer": pool.Offer(2), "revision": fresh(buddy).revision}
    return both(pool.update_offer, h.ib, h.babs, **about), {"buddy.update": ONE}


# New families


@pair
def yes_and_taking_back(h: Hands) -> Pair:
    offer = h.offer()
    yes = both(
        newcomers.accept, h.director, offer=offer, in_mind=None, method=Method.PHONE, submission=uuid4()
    )
    back = both(newcomers.take_back, h.ib, offer=offer)
    return yes + back, {"newcomer.yes": AT_MOST_ONE, "newcomer.take_back": AT_MOST_ONE}


@pair
def no_twice(h: Hands) -> Pair:
    return both(newcomers.decline, h.director, h.ib, offer=h.offer()), {"newcomer.no": ONE}


# Meetings


@pair
def evaluating_the_same_twice(h: Hands) -> Pair:
    meeting = h.meeting()
    said = meetings.Evaluation(Impression.PLEASANT, {}, follow_up=False)
    acts = both(meetings.evaluate, h.ib, h.babs, meeting=meeting, evaluation=said, revision=meeting.revision)
    return acts, {"meeting.evaluate": ONE}


@pair
def evaluating_otherwise(h: Hands) -> Pair:
    meeting = h.meeting()
    acts = [
        both(
            meetings.evaluate,
            by,
            meeting=meeting,
            evaluation=meetings.Evaluation(said, {}, follow_up=False),
            revision=meeting.revision,
        )[0]
        for by, said in ((h.ib, Impression.PLEASANT), (h.babs, Impression.SO_SO))
    ]
    return acts, {"meeting.evaluate": ONE}


@pair
def evaluating_and_calling_off(h: Hands) -> Pair:
    meeting = h.meeting()
    said = meetings.Evaluation(Impression.PLEASANT, {}, follow_up=False)
    acts = both(meetings.evaluate, h.ib, meeting=meeting, evaluation=said, revision=meeting.revision)
    return acts + both(meetings.cancel, h.babs, meeting=meeting), {
        "meeting.evaluate": AT_MOST_ONE,
        "meeting.cancel": AT_MOST_ONE,
    }


@pair
def changing_a_meeting_twice(h: Hands) -> Pair:
    meeting = h.meeting()
    plan = meetings.Plan(at=clock.now(), parents=(meetings.ParentComing(), meetings.ParentComing()))
    acts = both(meetings.change, h.ib, h.babs, meeting=meeting, plan=plan, revision=meeting.revision)
    return acts, {"meeting.change": ONE}


@pair
def keeping_a_promise_twice(h: Hands) -> Pair:
    promised = meetings.promise(
        meeting=h.meeting(),
        kind=FollowUpKind.PROMISE,
        words="zoek ik uit",
        due_on=clock.today(),
        by=h.ib,
        submission=uuid4(),
    )
    return both(meetings.keep, h.ib, h.ib, follow_up=promised), {"meeting.kept": ONE}


@pair
def the_last_question_twice(h: Hands) -> Pair:
    meeting = h.meeting()
    for _ in range(preparing.MOST_QUESTIONS - 1):
        preparing.ask(meeting=meeting, words="Mag dat?", by=h.ib, submission=uuid4())
    acts = [
        both(preparing.ask, by, meeting=meeting, words="En dat?", submission=uuid4())[0]
        for by in (h.ib, h.babs)
    ]
    return acts, {"meeting.ask": {preparing.MOST_QUESTIONS}}


@pair
def ticking_twice(h: Hands) -> Pair:
    return both(preparing.tick, h.ib, h.ib, meeting=h.meeting(), item="V1", done=True), {}


@pair
def the_buddy_came_after_all_twice(h: Hands) -> Pair:
    meeting = h.meeting()
    about = {"meeting": meeting, "parent": meeting.parents.get(), "present": False}
    return both(preparing.buddy_turned_out, h.ib, h.babs, **about), {"meeting.turned_out": ONE}


# The team


@pair
def two_directors_end_each_other(h: Hands) -> Pair:
    for each in (h.director, h.other_director):
        RoleGrant.objects.get_or_create(school=h.school, membership=each, role=Role.DIRECTOR)
    pairs = ((h.director, h.other_director), (h.other_director, h.director))
    acts = [both(actions.change_roles, by, membership=whom, roles=[Role.TEACHER])[0] for by, whom in pairs]
    return acts, {"membership.roles": ONE}


@pair
def the_same_role_twice(h: Hands) -> Pair:
    about = {"membership": h.colleague(), "roles": [Role.TEACHER]}
    return both(actions.change_roles, h.director, h.other_director, **about), {"membership.roles": ONE}


@pair
def the_same_groups_twice(h: Hands) -> Pair:
    about = {"membership": h.colleague(Role.TEACHER), "groups": list(Group.objects.filter(school=h.school))}
    return both(actions.change_groups, h.director, h.other_director, **about), {"membership.groups": {1, 2}}


@pair
def the_same_teachers_twice(h: Hands) -> Pair:
    group = Group.objects.filter(school=h.school).earliest("pk")
    details = actions.GroupDetails(group.name, group.first_grade, group.last_grade)
    about = {"group": group, "details": details, "teachers": [h.colleague(Role.TEACHER)]}
    return both(actions.change_group, h.director, h.other_director, **about), {"group.change": {1, 2}}


@pair
def the_last_day_twice(h: Hands) -> Pair:
    about = {"membership": h.colleague(Role.TEACHER), "days": actions.Days(None, clock.today())}
    return both(actions.change_days, h.director, h.other_director, **about), {"membership.end": ONE}


@pair
def the_same_child_twice(h: Hands) -> Pair:
    child = Child.objects.filter(school=h.school).earliest("pk")
    about = {"membership": h.colleague(Role.TEACHER), "child": child}
    return both(actions.link_child, h.director, h.other_director, **about), {"membership.child": {1, 2}}


@pair
def two_new_coordinators(h: Hands) -> Pair:
    theme = h.theme("Vrije tijd")
    acts = [
        both(schools.set_coordinator, by, theme=theme, membership=whom)[0]
        for by, whom in ((h.director, h.babs), (h.other_director, h.teacher))
    ]
    return acts, {"theme.coordinator": {1, 2}}


@pair
def coordinator_and_deputy_at_once(h: Hands) -> Pair:
    about = {"theme": h.theme("Rouw"), "membership": h.babs}
    acts = both(schools.set_coordinator, h.director, **about)
    acts += both(schools.set_coordinator, h.other_director, **about, deputy=True)
    return acts, {"theme.coordinator": {1, 2}}


@pair
def closing_a_theme_while_its_coordinator_goes(h: Hands) -> Pair:
    """It is never closed to everybody."""
    theme = h.theme("Geloof")
    schools.set_coordinator(theme=theme, membership=h.babs, by=h.director)
    acts = both(schools.hide_from_intern_begeleider, h.director, theme=theme, hidden=True)
    acts += both(schools.clear_coordinator, h.other_director, theme=theme)
    return acts, {"theme.close": AT_MOST_ONE}


@pair
def coordinator_and_deputy_of_a_closed_theme_go(h: Hands) -> Pair:
    theme = h.theme("Armoede")
    schools.set_coordinator(theme=theme, membership=h.babs, by=h.director)
    schools.set_coordinator(theme=theme, membership=h.teacher, by=h.director, deputy=True)
    schools.hide_from_intern_begeleider(theme=theme, hidden=True, by=h.director)
    acts = both(schools.clear_coordinator, h.director, theme=theme)
    acts += both(schools.clear_coordinator, h.other_director, theme=theme, deputy=True)
    return acts, {"theme.coordinator": {3}}


@pair
def two_themes_of_one_name(h: Hands) -> Pair:
    name = f"Hoogbegaafd {uuid4().hex[:6]}"
    return both(schools.add_theme, h.director, h.ib, name=name, sensitive=False), {"theme.add": ONE}


@pair
def the_same_group_added_twice(h: Hands) -> Pair:
    details = actions.GroupDetails(uuid4().hex[:6], 5, 5)
    acts = both(actions.add_group, h.director, h.other_director, details=details, teachers=[])
    return acts, {"group.add": ONE}

"""A match."""

from __future__ import annotations

from uuid import uuid4

from buddies.actions import consents, matches
from buddies.models import (
    CheckAnswer,
    CheckIn,
    ClickReason,
    EndReason,
    Method,
    Outcome,
    TipGiver,
)
from buddies.workflow import MatchStatus

from .hands import AT_MOST_ONE, CONNECTING, ONE, Hands, Pair, both, pair


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

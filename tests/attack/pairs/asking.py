"""A request."""

from __future__ import annotations

from buddies.actions import matches, requests
from buddies.models import (
    CloseReason,
    EndReason,
)
from buddies.workflow import MatchStatus

from .hands import AT_MOST_ONE, ONE, TWO, Hands, Pair, both, pair, proposing


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
def two_typed_parents_turn_out_to_be_each_other(h: Hands) -> Pair:
    one, other = h.signalled("reading"), h.signalled("divorce")
    acts = both(requests.link_parent, h.ib, request=one, parent=other.parent)
    acts += both(requests.link_parent, h.babs, request=other, parent=one.parent)
    return acts, {"request.link": {1, 2}}


@pair
def linking_andproposing(h: Hands) -> Pair:
    request = h.signalled()
    linking = both(requests.link_parent, h.ib, request=request, parent=h.signalled("divorce").parent)
    acts = linking + proposing(h, request, h.add_buddy(), h.babs)
    return acts, {"request.link": AT_MOST_ONE, "match.propose": AT_MOST_ONE}


@pair
def linking_and_proposing_who_it_turns_out_to_be(h: Hands) -> Pair:
    request, buddy = h.signalled(), h.add_buddy()
    linking = both(requests.link_parent, h.ib, request=request, parent=buddy.parent)
    acts = linking + proposing(h, request, buddy, h.babs)
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

"""The pool."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from buddies.actions import consents, matches, pool
from buddies.models import (
    Method,
    Purpose,
)
from buddies.workflow import MatchStatus
from school import clock
from school.actions import ParentDetails

from ...buddies.test_concurrency import fresh
from .hands import AT_MOST_ONE, ONE, TWO, Hands, Pair, both, pair, proposing


@pair
def pausing_andproposing(h: Hands) -> Pair:
    buddy, until = h.add_buddy(), clock.today() + timedelta(days=30)
    acts = both(pool.pause, h.ib, buddy=buddy, until=until) + proposing(h, h.signalled(), buddy, h.babs)
    return acts, {"buddy.pause": ONE, "match.propose": AT_MOST_ONE}


@pair
def stopping_andproposing(h: Hands) -> Pair:
    buddy = h.add_buddy()
    acts = both(pool.stop, h.ib, buddy=buddy) + proposing(h, h.signalled(), buddy, h.babs)
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
    return both(pool.add_experience, h.ib, h.babs, **about), {"buddy.experience": ONE}


@pair
def the_name_twice(h: Hands) -> Pair:
    buddy = h.add_buddy(name_may_be_known=False)
    return both(pool.record_name_consent, h.ib, h.babs, buddy=buddy, method=Method.PHONE), {}


@pair
def the_background_twice(h: Hands) -> Pair:
    about = {"parent": h.add_buddy().parent, "words": "Twents", "method": Method.PHONE}
    return both(pool.set_background, h.ib, h.babs, **about), {"parent.background": ONE}


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

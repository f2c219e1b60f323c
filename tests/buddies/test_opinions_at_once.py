"""Two colleagues say something about matching at the same moment: nothing is lost or said twice."""

from __future__ import annotations

from functools import partial

import pytest

from buddies import candidates
from buddies.actions import opinions
from buddies.matching import Importance
from buddies.models import Judgement, KeptApart, Verdict, WhyApart
from school import clock
from school.errors import Changed
from school.models import Membership
from tests.cast import AddBuddy, Signalled

from .test_concurrency import at_once

pytestmark = pytest.mark.usefixtures("transactional")


def test_two_are_kept_apart_once(
    signalled: Signalled, add_buddy: AddBuddy, ib: Membership, director: Membership
) -> None:
    """Also when each is the other's buddy, and it is said of two requests."""
    request, buddy = signalled("reading"), add_buddy("reading")
    turned, themselves = (
        signalled("reading", parent=buddy.parent),
        add_buddy("reading", parent=request.parent),
    )
    keep = partial(
        opinions.keep_apart, reason=WhyApart.CLASHED, until=clock.today().replace(year=clock.today().year + 1)
    )
    one = partial(keep, request=request, buddy=buddy, by=ib)
    other = partial(keep, request=turned, buddy=themselves, by=director)
    assert at_once(one, other, one, other) == [None] * 4
    assert KeptApart.objects.count() == 1


def test_a_colleague_who_taps_twice_has_one_judgement(
    signalled: Signalled, add_buddy: AddBuddy, ib: Membership
) -> None:
    judge = partial(opinions.judge, request=signalled("reading"), buddy=add_buddy("reading"), by=ib)
    taps = [partial(judge, verdict=verdict) for verdict in (*Verdict, *Verdict)]
    assert at_once(*taps) == [None] * len(taps)
    assert Judgement.objects.count() == 1


def test_of_two_who_save_weights_one_is_told(ib: Membership, director: Membership) -> None:
    seen = candidates.weighing(ib.school_id)
    saves = [
        partial(opinions.weigh, chosen={"wish": importance}, seen=seen, by=by)
        for importance, by in ((Importance.IMPORTANT, ib), (Importance.IGNORED, director))
    ]
    outcomes = at_once(*saves)
    assert sorted(map(repr, outcomes)) == ["Changed()", "None"]
    [saved] = candidates.weighing(ib.school_id).values()
    won = [isinstance(outcome, Changed) for outcome in outcomes].index(False)
    assert saved == (Importance.IMPORTANT, Importance.IGNORED)[won]

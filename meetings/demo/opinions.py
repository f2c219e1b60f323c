"""What colleagues of the demo school think of proposals, who is kept apart, what weighs, and who is put off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from buddies.actions import opinions, requests
from buddies.matching import Importance
from buddies.models import Buddy, SupportRequest, Verdict, WhyApart

from .asking import ASKING
from .world import OPENED, World

WEIGHTS = {"language": Importance.IMPORTANT, "wish": Importance.IMPORTANT, "grade": Importance.COUNTS}
# By whom, about which buddy for which request, and how many days ago. Two colleagues differ about one of them.
JUDGEMENTS: tuple[tuple[str, str, str, Verdict, int], ...] = (
    ("ib", "anna", "chantal", Verdict.GOOD, 8),
    ("ib", "michael", "chantal", Verdict.DOUBTFUL, 8),
    ("bouwcoordinator", "ozlem", "hatice", Verdict.GOOD, 4),
    ("nadia", "ozlem", "hatice", Verdict.DOUBTFUL, 3),
)
APART: tuple[tuple[str, str, str, WhyApart, int], ...] = (
    ("ib", "ricardo", "chantal", WhyApart.TOO_CLOSE, 7),
    ("bouwcoordinator", "aylin", "hatice", WhyApart.UNWANTED, 5),
)
YEAR = timedelta(days=365)
# Their request waits until the interpreter has time again.
PUT_OFF = "yusuf"


def give(world: World, asking: Mapping[str, SupportRequest], buddies: Mapping[str, Buddy]) -> None:
    """Let them say it, about the requests `asking` and the `buddies` of the story."""
    with world.diary.on(OPENED, 90):
        opinions.weigh(chosen=WEIGHTS, seen={}, by=world.members["directeur"])
    for by, buddy, request, verdict, days_ago in JUDGEMENTS:
        with world.diary.on(days_ago, 160):
            opinions.judge(
                request=asking[request], buddy=buddies[buddy], verdict=verdict, by=world.members[by]
            )
    for by, buddy, request, reason, days_ago in APART:
        with world.diary.on(days_ago, 170):
            opinions.keep_apart(
                request=asking[request],
                buddy=buddies[buddy],
                reason=reason,
                until=world.diary.moment(days_ago).date() + YEAR,
                by=world.members[by],
            )
    with world.diary.on(1, 235):
        until = world.diary.coming(6, 0).date()
        requests.park(request=asking[PUT_OFF], until=until, by=world.arranges(ASKING[PUT_OFF].theme))

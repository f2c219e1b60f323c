"""The steps of a match, for tests that take all of them or start halfway."""

from collections.abc import Callable, Sequence
from uuid import UUID, uuid4

from buddies.actions import matches
from buddies.actions.matches import Connection
from buddies.models import (
    Buddy,
    ClickReason,
    EndReason,
    Match,
    Method,
    Outcome,
    SupportRequest,
    TipGiver,
    Way,
)
from buddies.workflow import MatchStatus
from school.models import Membership
from tests.cast import ORDER, Proposed

INTRODUCED = Connection(Way.INTRODUCED)
CLICK = (ClickReason.SAME_EXPERIENCE, ClickReason.KNOW_BOTH)
Step = Callable[[Match, Membership], None]

# Every step of a match, and the statuses from which it may be taken.
STEPS: dict[str, tuple[Step, tuple[MatchStatus, ...]]] = {
    "ask_parent": (
        lambda m, by: matches.ask_parent(match=m, tip_giver=TipGiver.SIGNALLER, by=by),
        (MatchStatus.PROPOSED,),
    ),
    "record_parent_yes": (
        lambda m, by: matches.record_parent_yes(match=m, method=Method.PHONE, by=by),
        (MatchStatus.PROPOSED, MatchStatus.WAITING_FOR_PARENT),
    ),
    "ask_buddy": (lambda m, by: matches.ask_buddy(match=m, by=by), (MatchStatus.WAITING_FOR_BUDDY,)),
    "record_buddy_yes": (
        lambda m, by: matches.record_buddy_yes(match=m, method=Method.PHONE, by=by),
        (MatchStatus.WAITING_FOR_BUDDY,),
    ),
    "connect": (
        lambda m, by: matches.connect(match=m, connection=INTRODUCED, method=Method.PHONE, by=by),
        (MatchStatus.AGREED,),
    ),
    "all_discussed": (
        lambda m, by: matches.all_discussed(match=m, connection=INTRODUCED, method=Method.PHONE, by=by),
        ORDER[:4],
    ),
    "did_not_proceed": (
        lambda m, by: matches.did_not_proceed(match=m, reason=EndReason.NO_CLICK, by=by),
        ORDER[:4],
    ),
    "undo": (
        lambda m, by: matches.undo(match=m, by=by),
        (
            MatchStatus.WAITING_FOR_PARENT,
            MatchStatus.WAITING_FOR_BUDDY,
            MatchStatus.AGREED,
            MatchStatus.DID_NOT_PROCEED,
        ),
    ),
    "complete": (
        lambda m, by: matches.complete(match=m, outcome=Outcome.HELPED, close_request=True, by=by),
        (MatchStatus.CONNECTED,),
    ),
}


def in_status(proposed: Proposed, ib: Membership, status: MatchStatus) -> Match:
    """A match brought to any status, the two last ones too."""
    if status in ORDER:
        return proposed(status=status)
    match = proposed(status=MatchStatus.CONNECTED if status is MatchStatus.COMPLETED else MatchStatus.AGREED)
    if status is MatchStatus.COMPLETED:
        matches.complete(match=match, outcome=Outcome.PARTLY, close_request=False, by=ib)
    else:
        matches.did_not_proceed(match=match, reason=EndReason.PRACTICAL, by=ib)
    match.refresh_from_db()
    return match


def propose(
    request: SupportRequest,
    buddy: Buddy,
    by: Membership,
    click_reasons: Sequence[ClickReason] = CLICK,
    submission: UUID | None = None,
    click_words: str = "",
) -> Match:
    return matches.propose(
        request=request,
        buddy=buddy,
        click_reasons=click_reasons,
        click_words=click_words,
        by=by,
        submission=submission or uuid4(),
    )

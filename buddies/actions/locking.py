"""The rows that others queue for, held in one order by everybody so that nobody waits in a circle:
a buddy, then a request, then a match, then a consent. `no_key`, because the deferred keys of whoever commits meanwhile
must still be able to look at the row. On SQLite transactions that write are serial anyway."""

from django.db.models import F

from ..models import Buddy, Match, SupportRequest
from .errors import WrongMoment


def lock(buddy: Buddy) -> None:
    """Hold `buddy` until the transaction ends, by writing the row as it is, and read it afresh. Whoever changes its
    places, pause, consents or capacity does this first, so that what is read after it stays true (invariant 4).
    Raises WrongMoment when the row is gone."""
    if not Buddy.objects.filter(pk=buddy.pk).update(revision=F("revision")):
        raise WrongMoment
    buddy.refresh_from_db()


def lock_request(request: SupportRequest) -> SupportRequest:
    """`request` as it is now, held until the transaction ends: nobody proposes for it, closes it or withdraws the
    search meanwhile. Raises WrongMoment when the row is gone."""
    rows = SupportRequest.objects.select_for_update(of=("self",), no_key=True)
    fresh = rows.select_related("theme", "parent", "child__group", "group").filter(pk=request.pk).first()
    if fresh is None:
        raise WrongMoment
    return fresh


def lock_match(match: Match) -> Match:
    """`match` as it is now, held until the transaction ends, and its buddy with it. Raises WrongMoment when the row is
    gone."""
    hold_buddy(match)
    rows = Match.objects.select_for_update(of=("self",), no_key=True)
    fresh = (
        rows.select_related("school", "parent", "buddy_parent", "request__theme").filter(pk=match.pk).first()
    )
    if fresh is None:
        raise WrongMoment
    return fresh


def hold_buddy(match: Match) -> None:
    """Hold the buddy of `match`, for who goes on to lock the request. Raises WrongMoment when the row is gone."""
    if Buddy.objects.select_for_update(no_key=True).filter(pk=match.buddy_id).first() is None:
        raise WrongMoment

"""Families of children who start, for the tests about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from buddies.actions import newcomers
from buddies.actions.newcomers import InMind, Told
from buddies.models import Buddy, ClickReason, NewcomerOffer, OfferAnswer
from school import clock
from school.actions import ParentDetails
from school.models import Child, Group, Membership

CLICK = (ClickReason.KNOW_BOTH,)


def starts(name: str, by: Membership, days: int = 10, group: Group | None = None) -> Child:
    """A child who starts in `days` days, or so many days ago below 0."""
    day = clock.today() + timedelta(days=days)
    return newcomers.add_child(first_name=name, group=group, start_date=day, by=by)


def offered(
    child: Child,
    by: Membership,
    buddy: Buddy | None = None,
    *,
    answer: OfferAnswer = OfferAnswer.OPEN,
    home: int = 1,
    parent: ParentDetails | None = None,
    submission: UUID | None = None,
    click: Sequence[ClickReason] = CLICK,
    **told: Any,
) -> NewcomerOffer:
    """`child`'s parent was offered a buddy and said `answer`."""
    return newcomers.offer(
        child=child,
        home=home,
        told=Told(parent or ParentDetails("Mirjam", kind="mother"), **told),
        in_mind=InMind(buddy, click) if buddy else None,
        answer=answer,
        by=by,
        submission=submission or uuid4(),
    )


def form(in_mind: Buddy | None = None, answer: str = "later", **more: Any) -> dict[str, Any]:
    """A form about an offer, filled in with the buddy in mind and one tap for the click."""
    whom = {"buddy": str(in_mind.pk), "click_reasons": ["know_both"]} if in_mind else {"buddy": ""}
    return {"submission": str(uuid4()), "answer": answer, "method": "conversation"} | whom | more

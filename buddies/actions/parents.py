"""Letting go of a parent whom nothing concerns any more."""

from school.models import Parent

from ..models import OfferAnswer

# Whatever the school still keeps because of a parent, or of a colleague who is one. An offer to a new family does so
# until it is answered.
_HOLDS = (
    "memberships",
    "buddy_set",
    "supportrequest_set",
    "donotask_set",
    "matches_as_asker",
    "matches_as_buddy",
)


def forget_if_nothing_holds(parent: Parent) -> None:
    """Erase `parent` unless something is still about them. Part of another action's transaction."""
    waits = parent.newcomeroffer_set.filter(answer=OfferAnswer.OPEN)
    if not waits.exists() and not any(getattr(parent, relation).exists() for relation in _HOLDS):
        parent.delete()

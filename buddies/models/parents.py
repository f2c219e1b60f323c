"""Which parents a member may see."""

from datetime import date

from django.db.models import Exists, OuterRef, Q

from school.models import Membership, Parent
from school.models.people import ParentQuerySet

from .buddies import Buddy
from .requests import SupportRequest


def visible_parents(membership: Membership, on: date) -> ParentQuerySet:
    """Parents this member may see and search on `on`: those of requests and buddies they may see (invariant 5)."""
    requests = SupportRequest.objects.visible_to(membership, on).filter(parent=OuterRef("pk"))
    buddies = Buddy.objects.visible_to(membership, on).filter(parent=OuterRef("pk"))
    return Parent.objects.filter(
        Q(Exists(requests)) | Q(Exists(buddies)), school_id=membership.school_id
    ).not_a_party(membership)

"""Parents the school knows: told apart from others of the same name, and found by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from school.models import Guardianship, Membership, Parent
from school.models.people import ParentQuerySet

from ..models import Buddy, SupportRequest, visible_parents
from ..naming import parent_title
from ..workflow import BuddyStatus


@dataclass(frozen=True)
class Known:
    """A parent the school knows, told apart from others of the same name."""

    parent: Parent

    @property
    def name(self) -> str:
        """What to call the parent."""
        children = list(self.parent.children.all())
        return parent_title(self.parent, children[0].first_name if children else "")

    @property
    def family(self) -> str:
        """Whose parent: "mother of Sem (4B)"; empty when no child is known."""
        children = [
            f"{child} ({child.group})" if child.group else str(child) for child in self.parent.children.all()
        ]
        return parent_title(Parent(kind=self.parent.kind), ", ".join(children)) if children else ""

    def __str__(self) -> str:
        return ", ".join(filter(None, [str(self.parent), self.family]))


def known(parents: ParentQuerySet) -> list[Known]:
    """`parents` by name, each once, with their children."""
    rows = parents.distinct().prefetch_related("children__group").order_by("sort_key", "pk")
    return [Known(parent) for parent in rows]


def others(typed: Parent, membership: Membership, on: date, child: int | None = None) -> ParentQuerySet:
    """Parents that `typed`, a parent of `child` if that is known, may turn out to be. Who is to their child what they
    are not is somebody else, whose matters are not theirs: of a mother, her child's father."""
    possible = visible_parents(membership, on).exclude(pk=typed.pk)
    if not typed.kind:
        return possible
    children = {child, *typed.children.values_list("pk", flat=True)} - {None}
    family = Guardianship.objects.filter(parent=OuterRef("pk"), child__in=children)
    return possible.exclude(Exists(family), ~Q(kind__in=["", typed.kind]))


@dataclass(frozen=True)
class Involved:
    """A parent found by name, and what the member may know them from."""

    known: Known
    requests: tuple[SupportRequest, ...]
    buddy: Buddy | None

    @property
    def may_be_added(self) -> bool:
        """Whether they can become a buddy, as far as the member knows."""
        return self.buddy is None or self.buddy.status == BuddyStatus.STOPPED


def found(words: str, membership: Membership, on: date, limit: int = 25) -> list[Involved]:
    """Parents in whose name `words` occur, with what they are involved in, as far as this member may see it."""
    parents = visible_parents(membership, on).search(words).prefetch_related("children__group")[:limit]
    people = list(parents)
    requests = (
        SupportRequest.objects.visible_to(membership, on).filter(parent__in=people).select_related("theme")
    )
    buddies = Buddy.objects.visible_to(membership, on).filter(parent__in=people)
    of_buddy = {buddy.parent_id: buddy for buddy in buddies}
    asked: dict[int, list[SupportRequest]] = {}
    for request in requests.order_by("-signalled_at", "-pk"):
        asked.setdefault(request.parent_id, []).append(request)
    return [
        Involved(Known(parent), tuple(asked.get(parent.pk, ())), of_buddy.get(parent.pk)) for parent in people
    ]


def already_there(parent: Parent, membership: Membership, on: date) -> str:
    """What to say when `parent` is a buddy already, with a link for who may see it; others learn nothing."""
    buddy = Buddy.objects.visible_to(membership, on).filter(parent=parent).first()
    if buddy is None:
        return _("This parent cannot be added now. Ask the intern begeleider.")
    url = reverse("buddies:buddy", args=[membership.school.slug, buddy.pk])
    words = _("%(name)s is in the list of buddies already.") % {"name": parent}
    return format_html('{} <a href="{}">{}</a>', words, url, _("Look at this buddy"))

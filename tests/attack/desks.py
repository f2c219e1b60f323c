"""The world of the address table, in which everybody has a colleague who does the same work, with the same page
open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

from django.test import Client

from school import clock
from school.models import Group, School
from school.roles import Role
from tests.acts import ROWS, Acts, Form
from tests.addresses import Row
from tests.cast import member
from tests.world import World, answer, browser_of

from .copies import Back, kept
from .sending import Sent

# Where one sees whether a form that has no page of its own is for somebody, too.
PAGES = {"meeting": "meetings:before", "question": "meetings:before", "promise": "meetings:before"}
# What the colleague fills in otherwise.
OTHERWISE: dict[str, Form] = {
    "buddies:edit_parent": {"last_name": "Andersom"},
    "buddies:edit_buddy_parent": {"last_name": "Andersom"},
    "buddies:edit_offer": {"children_count": "3"},
    "buddies:background": {"words": "Uit Twente"},
    "buddies:parent_answer": {"method": "letter"},
    "buddies:weighing": {"grade": "not"},
    "meetings:point": {"do": "Zet thee klaar."},
    "meetings:change": {"time": "11:00"},
    "meetings:agreements": {"buddy": "20"},
    "meetings:move_point": {"to": "up"},
    "colleague_roles": {"roles": ["teacher"]},
    "colleague_groups": {"groups": []},
    "group": {"name": "1/2C"},
    "holiday": {"name": "Kerst"},
    "school_settings": {"checkin_days": "50"},
}


@dataclass
class Pair:
    """Two browsers in which the same page can be open; one twice for what nobody else may see."""

    first: Client
    second: Client


class Desks(Acts):
    """Two browsers for every page, and the way back to before anything was sent."""

    back: Back

    @classmethod
    @contextmanager
    def laid(cls) -> Iterator[Desks]:
        """The world as it is at one moment."""
        with clock.at(clock.now()):
            desks = cls(World())
            with kept() as back:
                desks.back = back
                yield desks

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.moment = clock.now()
        groups = list(Group.objects.filter(school=world.school))
        self.colleagues = {
            "teacher": _colleague(world.school, "Tweede Leraar", Role.TEACHER, groups),
            "IB'er": _colleague(world.school, "Tweede Begeleider", Role.INTERN_BEGELEIDER),
            "director": _colleague(world.school, "Tweede Directeur", Role.DIRECTOR),
        }

    def pair(self, row: Row) -> Pair:
        """Who send the form of `row`."""
        first, second = self.world.browsers[row.opens], self.colleagues[row.opens]
        page = row if "GET" in row.verbs else ROWS[PAGES[row.kind]] if row.kind in PAGES else None
        closed = page is not None and answer(second, "GET", self.address(page)).status_code in (403, 404)
        return Pair(first, first if closed else second)

    def opened(self, row: Row, browser: Client) -> Sent:
        """The form of `row` as it stands in `browser`, filled in."""
        form = self.form(row, browser)
        if "submission" in self.forms.get(row.name, {}):
            form["submission"] = [str(uuid4())]
        return Sent(browser, self.address(row), form)

    def opened_otherwise(self, row: Row, browser: Client) -> Sent:
        """The same, filled in otherwise where that is possible."""
        sent = self.opened(row, browser)
        for name, value in OTHERWISE.get(row.name, {}).items():
            sent.form[name] = value if isinstance(value, list) else [value]
        return sent

    @contextmanager
    def about(self, one: Row, other: Row) -> Iterator[None]:
        """In the block the form of `other` is about what the form of `one` is about."""
        kept_numbers = dict(self.numbers)
        self.numbers[other.name] = self.numbers.get(one.name, self.world.ids[one.kind])
        yield
        self.numbers = kept_numbers


def _colleague(school: School, name: str, role: Role, groups: list[Group] | None = None) -> Client:
    return browser_of(member(school, name, role, groups=groups or []))

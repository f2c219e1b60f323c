"""A demo school as it stands before any parent is involved: its staff, its pupils and what was agreed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from random import Random
from uuid import UUID

from django.utils.text import slugify

from buddies.actions.schools import open_school, set_coordinator
from buddies.models import Theme
from school import clock
from school.actions import ClassListRow, ParentDetails, add_member, create_parent, load_class_list
from school.demo import ACCOUNTS, DOMAIN
from school.models import Child, Group, Holiday, Membership, ParentKind, School, User
from school.text import search_key

from .asking import ASKING, REFUSED
from .diary import Diary
from .families import FAMILIES, TO_BE_OFFERED, first_days
from .names import SCHOOLS, Variation
from .people import ASKED, BUDDIES, GROUPS, NOMINATED, STAFF, SUGGESTED, Colleague, Person

OPENED = 300
# Who arranges what a school is asked about when it starts (R6), and who stands in. The IB'er has all the rest.
COORDINATORS = {"newcomer": ("directeur", "bouwcoordinator"), "language": ("bouwcoordinator", "nadia")}
Place = tuple[str, str]


def school_name(number: int) -> str:
    """Name of demo school `number`, counted from 1."""
    again, index = divmod(number - 1, len(SCHOOLS))
    return f"{SCHOOLS[index]} {again + 1}" if again else SCHOOLS[index]


def slug(number: int) -> str:
    """Web address of demo school `number`."""
    return slugify(school_name(number))


def brin(number: int) -> tuple[str, str]:
    """BRIN and location number of demo school `number`; no real school's BRIN begins with 99."""
    location, letters = divmod(number - 1, 26 * 26)
    first, second = divmod(letters, 26)
    return f"99{chr(ord('A') + first)}{chr(ord('A') + second)}", f"{location:02}"


class World:
    """Demo school `number` and its people by the keys of the story.

    Number 1 is the school of the accounts on the sign-in page; the others tell the same story with other names.
    `password` is the hash that all its users get.
    """

    def __init__(self, number: int, password: str) -> None:
        self.number = number
        self.random = Random(number)  # noqa: S311  # nothing secret: the same school every time
        self.names = Variation(self.random, first_school=number == 1)
        self.diary = Diary(clock.today())
        self.phones: Iterator[int] = count(1)
        with self.diary.on(OPENED):
            code, location = brin(number)
            self.school: School = open_school(
                name=school_name(number), slug=slug(number), brin=code, vestiging=location
            )
        self.themes = {theme.code: theme for theme in Theme.objects.filter(school=self.school)}
        self.children = self._load_class_list()
        self.groups = {group.name: group for group in Group.objects.filter(school=self.school)}
        self.members = self._hire(password)
        self._agree()

    def submission(self) -> UUID:
        """The number of one more form."""
        return UUID(int=self.random.getrandbits(128), version=4)

    def child_of(self, person: Person) -> Child:
        """The child of `person` on the class list."""
        return self.children[person.child, person.group]

    def arranges(self, theme: str | None) -> Membership:
        """Who arranges the theme with this code, or what has no theme yet."""
        return self.members[COORDINATORS[theme][0] if theme in COORDINATORS else "ib"]

    def details(self, person: Person, name: str = "") -> ParentDetails:
        """`person` as typed at this school; `name` is what they are called when they work here."""
        first, _, last = name.partition(" ")
        if not name:
            first, last = self.names.parent(
                person.first_name, person.last_name, person.kind, person.languages
            )
        if not first:
            return ParentDetails(kind=person.kind, languages=person.languages)
        phone = next(self.phones)
        email = f"{search_key(first, last).replace(' ', '.')}{DOMAIN}"
        return ParentDetails(
            first,
            last,
            person.kind,
            email=email if phone % 3 else "",
            # No number in use begins like this.
            phone=f"06-0000 00{phone:02}",
            languages=person.languages,
        )

    def _load_class_list(self) -> dict[Place, Child]:
        """Load the class list. Gives the children of the story by their first name there and group."""
        rows: list[ClassListRow] = []
        told: list[Place | None] = []
        starts = first_days()
        for group, low, high, size in GROUPS:
            for first_name, place in self._class(group, size):
                first_day = self.diary.first_day(self.random.randint(low, high), self.random)
                if place in starts:
                    first_day = self.diary.coming(starts[place], 0).date()
                rows.append(ClassListRow(first_name, group, (low, high), first_day))
                told.append(place)
        # Today: a list is loaded into the school year of that day.
        load_class_list(school=self.school, rows=rows, by=None)
        children = Child.objects.filter(school=self.school).select_related("group").order_by("pk")
        return {place: child for place, child in zip(told, children, strict=True) if place is not None}

    def _class(self, group: str, size: int) -> list[tuple[str, Place | None]]:
        """First names of the pupils of `group`, no two the same; and whose child each is in the story, if anyone's."""
        pupils: dict[str, Place | None] = {}
        for (child, place), languages in _children_of_the_story().items():
            if place == group:
                pupils[self.names.child(child, languages, pupils)] = (child, place)
        while len(pupils) < size:
            pupils.setdefault(self.names.any_child(), None)
        return sorted(pupils.items(), key=lambda pupil: search_key(pupil[0]))

    def _hire(self, password: str) -> dict[str, Membership]:
        """Everybody who works here, by key; in bulk where nothing is decided."""
        called = [self.names.colleague(colleague.name) for colleague in STAFF]
        users = User.objects.bulk_create(
            User(email=self.email(colleague, name), name=name, password=password)
            for colleague, name in zip(STAFF, called, strict=True)
        )
        with self.diary.on(OPENED, 30):
            return {
                colleague.key: self._add_member(colleague, user)
                for colleague, user in zip(STAFF, users, strict=True)
            }

    def email(self, colleague: Colleague, name: str) -> str:
        """The address at this school of `colleague`, who is called `name` here."""
        has_account = f"{colleague.key}{DOMAIN}" in dict(ACCOUNTS)
        local = colleague.key if has_account else search_key(name).replace(" ", ".")
        return f"{local}{DOMAIN}" if self.number == 1 else f"{local}-{self.number}{DOMAIN}"

    def _add_member(self, colleague: Colleague, user: User) -> Membership:
        parent = None
        if colleague.parent is not None:
            details, child = self.details(colleague.parent, user.name), self.child_of(colleague.parent)
            parent = create_parent(school=self.school, details=details, child=child)
        groups = [self.groups[name] for name in colleague.groups]
        return add_member(
            school=self.school, user=user, roles=colleague.roles, groups=groups, parent=parent, by=None
        )

    def _agree(self) -> None:
        """Who arranges which theme, and when there is no school."""
        director = self.members["directeur"]
        with self.diary.on(OPENED, 60):
            for code, (first, deputy) in COORDINATORS.items():
                theme = self.themes[code]
                for key, is_deputy in ((first, False), (deputy, True)):
                    member = self.members[key]
                    # Nobody gives themselves a theme: the director's own came with the opening of the school.
                    by = None if member == director else director
                    set_coordinator(theme=theme, membership=member, deputy=is_deputy, by=by)
            Holiday.objects.bulk_create(
                Holiday(school=self.school, name=name, first_day=first, last_day=last)
                for name, first, last in self.diary.holidays()
            )


def _children_of_the_story() -> dict[Place, tuple[str, ...]]:
    """First name and group of every child whose parent is in the story, and the languages that parent speaks."""
    people = [offering.person for offering in (*BUDDIES.values(), NOMINATED)]
    people += [family.person for family in FAMILIES]
    people += [Person("", "", ParentKind.UNKNOWN, *place) for place in TO_BE_OFFERED]
    people += [asking.person for asking in ASKING.values()]
    return {(person.child, person.group): person.languages for person in (*people, SUGGESTED, ASKED, REFUSED)}

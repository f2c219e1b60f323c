"""The people of the tests: De Wilgen, a small school, and De Eik, of which De Wilgen may know nothing.

Ineke is intern begeleider, Tom teaches 4B, Dirkje is director and arranges the newcomers, Babs is
bouwcoordinator and arranges language, Ahmed does the administration. Nobody is a buddy and nothing is
signalled until a test says so, through the same actions as the product.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from buddies.actions import matches, pool, requests
from buddies.actions.schools import open_school, set_coordinator
from buddies.models import Buddy, ClickReason, Match, Method, SupportRequest, Theme, TipGiver, Way
from buddies.workflow import MatchStatus
from school import clock
from school.actions import ClassListRow, ParentDetails, add_member, create_parent, load_class_list
from school.models import Child, Group, Membership, Parent, ParentKind, School, User
from school.roles import Role

CLASS_LIST = (
    ClassListRow("Sem", "1/2A", (1, 2), date(2025, 9, 1)),
    ClassListRow("Noor", "1/2A", (1, 2), date(2026, 3, 9)),
    ClassListRow("Zoë", "1/2A", (1, 2), date(2026, 10, 12)),
    ClassListRow("Lina", "4B", (4, 4), date(2022, 11, 7)),
    ClassListRow("Daan", "4B", (4, 4), date(2023, 1, 9)),
    ClassListRow("Ömer", "4B", (4, 4), date(2023, 4, 3)),
)
# First name of the child, then the parent. Sem has two, of whom one must never see the other's matters.
PARENTS = (
    ("Sem", ParentDetails("Fatma", "Yılmaz", ParentKind.MOTHER, languages=("tr",))),
    ("Sem", ParentDetails("Kemal", "Yılmaz", ParentKind.FATHER, languages=("tr", "nl"))),
    ("Noor", ParentDetails("Linda", "de Jong", ParentKind.MOTHER, "linda@demo.invalid", "06-00000001")),
    ("Lina", ParentDetails("Samira", "El Amrani", ParentKind.MOTHER, languages=("ar", "nl"))),
    ("Daan", ParentDetails("Peter", "van 't Hoff", ParentKind.FATHER)),
)


def member(school: School, name: str, *roles: Role, groups: Iterable[Group] = ()) -> Membership:
    """Somebody new who works at `school`."""
    email = f"{name.lower().replace(' ', '.')}@{school.slug}.invalid"
    user = User.objects.create_user(email, name)
    return add_member(school=school, user=user, roles=roles, groups=groups, by=None)


@pytest.fixture
def school(db: None) -> School:
    """De Wilgen, with the six built-in themes and groups 1/2A and 4B."""
    school = open_school(name="De Wilgen", slug="de-wilgen", brin="99ZZ", by=None)
    load_class_list(school=school, rows=CLASS_LIST, by=None)
    return school


@pytest.fixture
def themes(school: School) -> dict[str, Theme]:
    """The themes of De Wilgen by code: `themes["reading"]`."""
    return {theme.code: theme for theme in Theme.objects.filter(school=school)}


@pytest.fixture
def groups(school: School) -> dict[str, Group]:
    """The groups of De Wilgen by name: `groups["4B"]`."""
    return {group.name: group for group in Group.objects.filter(school=school)}


@pytest.fixture
def children(school: School) -> dict[str, Child]:
    """The children of De Wilgen by first name: `children["Sem"]`."""
    return {child.first_name: child for child in Child.objects.filter(school=school).select_related("group")}


@pytest.fixture
def parents(school: School, children: dict[str, Child]) -> dict[str, Parent]:
    """Five parents the school knows, by first name; Fatma and Kemal are both parents of Sem."""
    return {
        details.first_name: create_parent(school=school, details=details, child=children[child])
        for child, details in PARENTS
    }


@pytest.fixture
def ib(school: School) -> Membership:
    """Ineke, intern begeleider: all themes."""
    return member(school, "Ineke", Role.INTERN_BEGELEIDER)


@pytest.fixture
def teacher(school: School, groups: dict[str, Group]) -> Membership:
    """Tom, teacher of 4B; arranges nothing."""
    return member(school, "Tom", Role.TEACHER, groups=[groups["4B"]])


@pytest.fixture
def other_teacher(school: School, groups: dict[str, Group]) -> Membership:
    """Olga, teacher of 1/2A; arranges nothing."""
    return member(school, "Olga", Role.TEACHER, groups=[groups["1/2A"]])


@pytest.fixture
def director(school: School, themes: dict[str, Theme]) -> Membership:
    """Dirkje, director: arranges the newcomers."""
    dirkje = member(school, "Dirkje", Role.DIRECTOR)
    set_coordinator(theme=themes["newcomer"], membership=dirkje, by=None)
    return dirkje


@pytest.fixture
def bouwcoordinator(school: School, themes: dict[str, Theme]) -> Membership:
    """Babs, bouwcoordinator: arranges language."""
    babs = member(school, "Babs", Role.BOUWCOORDINATOR)
    set_coordinator(theme=themes["language"], membership=babs, by=None)
    return babs


@pytest.fixture
def admin_member(school: School) -> Membership:
    """Ahmed, administrator: accounts and settings, no themes and no signals."""
    return member(school, "Ahmed", Role.ADMINISTRATOR)


@pytest.fixture
def other_school(db: None) -> School:
    """De Eik, another school in the same database."""
    school = open_school(name="De Eik", slug="de-eik", brin="99YY", by=None)
    load_class_list(school=school, rows=[ClassListRow("Fenna", "5", (5, 5))], by=None)
    return school


@pytest.fixture
def other_ib(other_school: School) -> Membership:
    """Ilse, intern begeleider of De Eik."""
    return member(other_school, "Ilse", Role.INTERN_BEGELEIDER)


@dataclass
class AddBuddy:
    """Makes buddies. Each is somebody new, unless `parent` says who.

    The theme is a code of this school's themes, a Theme, or several of either; the recorder is Ineke, or the
    intern begeleider of another school if `by` says so.
    """

    ib: Membership
    made: int = 0

    def __call__(
        self,
        theme: str | Theme | Sequence[str | Theme] = "reading",
        *,
        first_name: str = "",
        last_name: str = "Bakker",
        kind: str = ParentKind.MOTHER,
        languages: tuple[str, ...] = ("nl",),
        email: str = "",
        phone: str = "",
        capacity: int = 1,
        children_count: int = 1,
        grades: tuple[int, ...] = (5,),
        here_since: int | None = 2020,
        words: str = "",
        name_may_be_known: bool = True,
        method: Method = Method.CONVERSATION,
        parent: Parent | None = None,
        child: Child | None = None,
        taken_up: bool = True,
        by: Membership | None = None,
    ) -> Buddy:
        self.made += 1
        by = by or self.ib
        asked = [theme] if isinstance(theme, str | Theme) else theme
        details = ParentDetails(first_name or f"Buddy{self.made}", last_name, kind, email, phone, languages)
        return pool.add_buddy(
            parent=parent or details,
            child=child,
            offer=pool.Offer(capacity, children_count, grades, here_since),
            answers=pool.Answers({theme_of(by.school, t): words for t in asked}, name_may_be_known, method),
            taken_up=taken_up,
            by=by,
            submission=uuid4(),
        )


@dataclass
class Signalled:
    """Makes requests. Each is about a new parent, unless `parent` says who it turned out to be.

    `theme=None` is "don't know yet"; `discussed=False` leaves out all that needs the parent's yes. The
    signaller is Tom, if `by` says nothing.
    """

    teacher: Membership
    ib: Membership

    def __call__(
        self,
        theme: str | Theme | None = "reading",
        *,
        discussed: bool = True,
        first_name: str = "Amina",
        last_name: str = "Tesfay",
        kind: str = ParentKind.MOTHER,
        languages: tuple[str, ...] = (),
        note: str = "",
        wish: str = "",
        method: Method = Method.CONVERSATION,
        child: Child | None = None,
        group: Group | None = None,
        child_name: str = "",
        parent: Parent | None = None,
        by: Membership | None = None,
    ) -> SupportRequest:
        by = by or self.teacher
        wanted = requests.Wanted(theme_of(by.school, theme) if theme else None, note, wish, method)
        details = ParentDetails(first_name, last_name, kind, languages=languages)
        about = requests.About(details, child, group, child_name)
        signal = requests.signal(about=about, wanted=wanted if discussed else None, by=by, submission=uuid4())
        if parent is not None:
            return requests.link_parent(request=signal.request, parent=parent, by=self.ib)
        return signal.request


# The steps up to and including each status a live match may have.
ORDER = (
    MatchStatus.PROPOSED,
    MatchStatus.WAITING_FOR_PARENT,
    MatchStatus.WAITING_FOR_BUDDY,
    MatchStatus.AGREED,
    MatchStatus.CONNECTED,
)


@dataclass
class Proposed:
    """Makes matches, brought to `status` step by step; a request and a buddy are made if none is given."""

    add_buddy: AddBuddy
    signalled: Signalled
    ib: Membership
    click_reasons: tuple[ClickReason, ...] = field(default=(ClickReason.SAME_EXPERIENCE,))

    def __call__(
        self,
        request: SupportRequest | None = None,
        buddy: Buddy | None = None,
        *,
        status: MatchStatus = MatchStatus.PROPOSED,
        tip_giver: TipGiver = TipGiver.COORDINATOR,
        way: Way = Way.INTRODUCED,
        by: Membership | None = None,
    ) -> Match:
        by = by or self.ib
        request = request or self.signalled()
        buddy = buddy or self.add_buddy(request.theme or "reading")
        match = matches.propose(
            request=request, buddy=buddy, click_reasons=self.click_reasons, by=by, submission=uuid4()
        )
        steps = ORDER[1 : ORDER.index(status) + 1]
        if MatchStatus.WAITING_FOR_PARENT in steps:
            matches.ask_parent(match=match, tip_giver=tip_giver, by=by)
        if MatchStatus.WAITING_FOR_BUDDY in steps:
            matches.record_parent_yes(match=match, method=Method.CONVERSATION, by=by)
        if MatchStatus.AGREED in steps:
            matches.record_buddy_yes(match=match, method=Method.PHONE, by=by)
        if MatchStatus.CONNECTED in steps:
            connection = matches.Connection(way, buddy_shares_contact=way is Way.PARENT_CONTACTS)
            matches.connect(match=match, connection=connection, method=Method.PHONE, by=by)
        match.refresh_from_db()
        return match


class SignedIn(Client):
    """A browser in which `user` signed in, and did again whenever the test moved the calendar."""

    def __init__(self, user: User) -> None:
        super().__init__()
        self.user = user
        self._sign_in()

    def _sign_in(self) -> None:
        self.since = clock.now()
        self.force_login(self.user)

    def request(self, **request: Any) -> Any:
        if abs(clock.now() - self.since) > timedelta(minutes=20):
            self._sign_in()
        return super().request(**request)


class ClientOf:
    """Gives a browser in which `membership` has signed in."""

    def __call__(self, membership: Membership) -> Client:
        return SignedIn(membership.user)


@pytest.fixture
def add_buddy(ib: Membership) -> AddBuddy:
    """`add_buddy("divorce", kind="father", capacity=2)`."""
    return AddBuddy(ib)


@pytest.fixture
def signalled(teacher: Membership, ib: Membership) -> Signalled:
    """`signalled("language", languages=("ti",))`."""
    return Signalled(teacher, ib)


@pytest.fixture
def proposed(add_buddy: AddBuddy, signalled: Signalled, ib: Membership) -> Proposed:
    """`proposed(request, buddy, status=MatchStatus.AGREED)`."""
    return Proposed(add_buddy, signalled, ib)


@pytest.fixture
def client_of(db: None) -> ClientOf:
    """`client_of(teacher).get(…)`."""
    return ClientOf()


def theme_of(school: School, theme: str | Theme) -> Theme:
    """The theme of `school` with this code, or the theme itself."""
    return theme if isinstance(theme, Theme) else Theme.objects.get(school=school, code=theme)

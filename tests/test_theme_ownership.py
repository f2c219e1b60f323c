"""Nobody sees what is not theirs: every page is the same, whatever happens in a theme, a school or a family of others.

Not what may be read is looked for, but any difference at all: a line, a number, a choice more or less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from buddies.actions import links, pool, requests
from buddies.links.keys import new_key
from buddies.models import CheckIn, Match, Method, Person, Theme
from buddies.workflow import MatchStatus
from meetings.actions import meetings
from meetings.models import Audience, Meeting
from school import clock
from school.actions import ParentDetails, create_parent
from school.models import Child, Membership, Parent, ParentKind
from school.roles import Role

from .addresses import ROLES, rows
from .cast import AddBuddy, Proposed, Signalled, member
from .forbidden import Work
from .pages import differences, without_tokens
from .world import World, answer, browser_of, text_of

pytestmark = pytest.mark.django_db

# Whether somebody is available may be known by any colleague (R3); the overview counts the whole school; the log says
# that something was done, and to its readers no more than that.
OF_THE_WHOLE_SCHOOL = {"buddies:signal", "buddies:nominate", "buddies:overview", "log"}
Pages = dict[str, str]


def pages_of(world: World, column: str, browser: Client | None = None) -> Pages:
    """Every page of the table that opens for `column`."""
    found = {}
    for row in rows():
        if row.marks[column] == "x" and "GET" in row.verbs:
            response = answer(browser or world.browsers[column], "GET", world.address(row))
            found[row.name] = without_tokens(text_of(response))
    return found


def changed(before: Pages, after: Pages) -> dict[str, list[str]]:
    """What is different, by page."""
    assert set(before) == set(after)
    lines = {name: differences(page, after[name]) for name, page in before.items() if page != after[name]}
    return {name: found for name, found in lines.items() if found}


@contextmanager
def undone() -> Iterator[None]:
    """What the block writes does not stay."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def usually(world: World) -> Callable[[str], Pages]:
    """`usually("teacher")`: the pages of a column while nothing happens."""
    return cache(partial(pages_of, world))


# --- themes and schools of others -------------------------------------------------------------------------


@pytest.mark.parametrize("column", ROLES)
def test_pages_are_the_same_whatever_happens_in_a_theme_of_others(
    world: World, usually: Callable[[str], Pages], column: str
) -> None:
    theme = Theme.objects.get(school=world.school, name="Verhuizen")
    before = usually(column)
    with undone():
        Work("Valkruid2", world.greet, world.greet, theme, 400).make()
        found = changed(before, pages_of(world, column))
    assert {name: lines for name, lines in found.items() if name not in OF_THE_WHOLE_SCHOOL} == {}


@pytest.mark.once
@pytest.mark.parametrize("column", ROLES)
def test_pages_are_the_same_whatever_happens_at_another_school(
    world: World, usually: Callable[[str], Pages], column: str
) -> None:
    theme = Theme.objects.get(school=world.other_school, name="Eikzwam-thema")
    before = usually(column)
    with undone():
        Work("Eikzwam2", world.other_ib, world.other_teacher, theme, 500).make()
        assert changed(before, pages_of(world, column)) == {}


def test_who_arranges_the_theme_does_see_it(world: World) -> None:
    theme = Theme.objects.get(school=world.school, name="Verhuizen")
    greet = browser_of(world.greet)
    lists = [reverse(f"buddies:{page}", args=["de-wilgen"]) for page in ("requests", "buddies", "matches")]
    before = [greet.get(page).content for page in lists]
    with undone():
        Work("Valkruid2", world.greet, world.greet, theme, 400).make()
        assert [page for page in lists if b"Valkruid2" not in greet.get(page).content] == []
    assert not any(b"Valkruid2" in page for page in before)


SEARCHES = [
    ("buddies:parents", "none"),
    ("buddies:request", "request"),
    ("buddies:link_buddy_parent", "suggested"),
]


@pytest.mark.parametrize(("where", "kind"), SEARCHES)
def test_search_for_a_parent_of_others_finds_as_much_as_for_nobody(
    world: World, where: str, kind: str
) -> None:
    """Every word that anybody wrote anywhere, and the names of the columns that may not know them."""
    row = next(row for row in rows() if row.name == where)
    for column in [column for column, mark in row.marks.items() if mark == "x"]:
        address = reverse(where, args=["de-wilgen", *world.ids[kind]])

        def found(words: str, address: str = address, column: str = column) -> str:
            response = answer(world.browsers[column], "GET", f"{address}?{urlencode({'q': words})}")
            return without_tokens(text_of(response)).replace(words, "…")

        nobody = found("Niemendal")
        names = [word for word, of in world.forbidden_to(column).items() if of == "Parent.first_name"]
        assert len(names) > 10
        for name in names:
            assert differences(found(name), nobody) == [], (column, name)


def test_teacher_finds_no_buddy_and_no_candidate_of_their_own_signal(world: World) -> None:
    """Not through a page, and not through the one page about the match of which they give the tip."""
    tom, words = world.browsers["teacher"], set()
    for row in rows():
        if "GET" in row.verbs:
            words |= set(world.ours.said_in(text_of(answer(tom, "GET", world.address(row)))))
    assert words == set()
    match = Match.objects.get(pk=world.ids["match"][0])
    tip = tom.get(reverse("buddies:tip", args=["de-wilgen", match.pk])).content.decode()
    assert match.buddy_parent.first_name not in tip


# --- a colleague who is a parent --------------------------------------------------------------------------


@dataclass
class Matters:
    """What there is about one parent: they ask, they help, they said no before, and their child is talked about."""

    world: World
    parent: Parent
    child: Child
    ib: Membership
    signaller: Membership

    def __post_init__(self) -> None:
        # Was there already, and can help one more afterwards.
        self.helper = AddBuddy(self.ib)("divorce", capacity=2, first_name="Hulp")

    def happen(self) -> None:
        propose = Proposed(AddBuddy(self.ib), Signalled(self.signaller, self.ib), self.ib)
        asked = propose.signalled("divorce", parent=self.parent, child=self.child, note="Dit is van thuis.")
        self.match = propose(asked, self.helper, status=MatchStatus.CONNECTED)
        propose.signalled("busy", parent=self.parent, child=self.child)
        own = pool.Answers({self._theme("reading"): "Zelf meegemaakt."}, True, Method.PHONE)
        self.buddy = pool.add_buddy(
            parent=self.parent, offer=pool.Offer(), answers=own, by=self.ib, submission=uuid4()
        )
        pool.set_background(parent=self.parent, words="Van verre.", method=Method.PHONE, by=self.ib)
        about = requests.About(ParentDetails(self.parent.first_name, self.parent.last_name), self.child)
        requests.refuse(about=about, by=self.signaller, submission=uuid4())
        plan = meetings.Plan(
            at=clock.now(),
            parents=(meetings.ParentComing("mother", "Iemand"),),
            child=self.child,
            group=self.child.group,
            audience=Audience.INTERN_BEGELEIDER,
        )
        self.meeting = meetings.plan(plan=plan, by=self.signaller, submission=uuid4())

    def _theme(self, code: str) -> Theme:
        return Theme.objects.get(school=self.world.school, code=code)

    def addresses(self) -> list[str]:
        """Every page about it."""
        checkin = CheckIn.objects.filter(match=self.match).earliest("pk")
        keys = {
            "request": [self.match.request_id],
            "match": [self.match.pk],
            "connected": [self.match.pk],
            "buddy": [self.buddy.pk],
            "checkin": [checkin.pk],
            "meeting": [self.meeting.pk],
        }
        return [
            reverse(row.name, args=["de-wilgen", *keys[row.kind]])
            for row in rows()
            if row.kind in keys and "GET" in row.verbs and row.name != "buddies:tip"
        ]


@pytest.fixture
def colleagues(world: World) -> Iterator[tuple[Membership, Membership]]:
    """Imke, intern begeleider beside Ineke, and Tessa, teacher of 1/2A: they do the work about a colleague."""
    with undone():
        group = Child.objects.select_related("group").get(pk=world.ids["newcomer"][0]).group
        assert group is not None
        imke = member(world.school, "Imke", Role.INTERN_BEGELEIDER)
        yield imke, member(world.school, "Tessa", Role.TEACHER, groups=[group])


@pytest.mark.parametrize("column", ROLES)
def test_colleague_who_is_a_parent_sees_nothing_of_their_own_family(
    world: World, colleagues: tuple[Membership, Membership], column: str
) -> None:
    """Not what is about themselves, and not what is about the other guardian of their child."""
    imke, tessa = colleagues
    child = Child.objects.get(pk=world.ids["newcomer"][0])
    themselves, other = (
        create_parent(school=world.school, details=ParentDetails(name, "Verwant"), child=child)
        for name in ("Eigen", "Ander")
    )
    someone = world.members[column]
    with undone():
        Membership.objects.filter(pk=someone.pk).update(parent=themselves)
        matters = [Matters(world, parent, child, imke, tessa) for parent in (themselves, other)]
        before = pages_of(world, column)
        for each in matters:
            each.happen()
        found = changed(before, pages_of(world, column))
        assert {name: lines for name, lines in found.items() if name != "buddies:overview"} == {}
        for each in matters:
            for address in each.addresses():
                assert answer(world.browsers[column], "GET", address).status_code in (403, 404), address
            assert answer(browser_of(imke), "GET", each.addresses()[0]).status_code == 200
            assert Meeting.objects.visible_to(tessa, clock.today()).filter(pk=each.meeting.pk).exists()


# --- two parents of one child -----------------------------------------------------------------------------


@dataclass
class Family:
    """Fatma and Kemal, both parents of Sem. Of Fatma there is a request, a match with a link, and she is a buddy."""

    world: World

    def __post_init__(self) -> None:
        world, ib = self.world, self.world.members["IB'er"]
        self.child = Child.objects.get(pk=world.ids["newcomer"][0])
        self.fatma, self.kemal = (
            create_parent(school=world.school, details=ParentDetails(name, "Yılmaz", kind), child=self.child)
            for name, kind in (("Fatma", ParentKind.MOTHER), ("Kemal", ParentKind.FATHER))
        )
        self.propose = Proposed(AddBuddy(ib), Signalled(world.members["teacher"], ib), ib)
        hers = self.propose.signalled("reading", parent=self.fatma, child=self.child)
        self.helper = AddBuddy(ib)("culture", capacity=2, first_name="Hulp")
        buddy = AddBuddy(ib)("divorce", parent=self.fatma)
        cultural = self.propose.signalled("culture", parent=self.fatma, child=self.child)
        match = self.propose(cultural, AddBuddy(ib)("culture"), status=MatchStatus.WAITING_FOR_PARENT)
        self.key = new_key()
        links.make_link(
            match=match, person=Person.PARENT, language="nl", ticket=links.Ticket(self.key, ""), by=ib
        )
        typed = self.propose.signalled("language", kind=ParentKind.MOTHER, child=self.child)
        keys = {"request": hers.pk, "match": match.pk, "buddy": buddy.pk}
        self.pages = [
            reverse(row.name, args=["de-wilgen", keys[row.kind]])
            for row in rows()
            if row.kind in keys and "GET" in row.verbs and row.name != "buddies:tip"
        ]
        self.pages += [
            reverse(f"buddies:{page}", args=["de-wilgen", typed.pk]) for page in ("request", "find")
        ]
        self.pages += [f"{self.pages[-2]}?q=Kemal", f"{self.pages[-2]}?q=Yilmaz"]

    def seen(self) -> Pages:
        """What shows to who works for Fatma, and to Fatma."""
        found = {}
        for address in self.pages:
            response = answer(self.world.browsers["IB'er"], "GET", address)
            found[address] = without_tokens(text_of(response))
        return found | {"/o/": answer(Client(), "GET", f"/o/{self.key}/").content.decode()}

    def kemal_has_matters(self) -> None:
        """He asks about what she asks about, somebody helps him, he helps others, and he said no to something."""
        ib = self.world.members["IB'er"]
        self.propose.signalled("reading", parent=self.kemal, child=self.child)
        asked = self.propose.signalled("culture", parent=self.kemal, child=self.child)
        self.propose(asked, self.helper, status=MatchStatus.CONNECTED)
        AddBuddy(ib)(("reading", "culture", "language"), parent=self.kemal, languages=("nl", "ti"))
        pool.set_background(parent=self.kemal, words="Van verre.", method=Method.PHONE, by=ib)
        about = requests.About(ParentDetails("Kemal", "Yılmaz", ParentKind.FATHER), self.child)
        requests.refuse(about=about, by=self.world.members["teacher"], submission=uuid4())


def test_nothing_of_one_parent_shows_while_working_for_the_other(world: World) -> None:
    """On no page, in no list to choose from, in no search and not on the parent's own page."""
    with undone():
        family = Family(world)
        before = family.seen()
        family.kemal_has_matters()
        assert changed(before, family.seen()) == {}


# --- the administrator ------------------------------------------------------------------------------------


def test_administrator_reads_of_no_theme(world: World, usually: Callable[[str], Pages]) -> None:
    """Not which there are, and not who arranges one."""
    pages = dict(usually("admin"))
    for name in ("colleague", "colleague_days", "colleague_groups"):
        address = reverse(name, args=["de-wilgen", world.greet.pk])
        pages[f"{name} of Greet"] = answer(world.browsers["admin"], "GET", address).content.decode()
    # The log says that somebody changed who arranges a theme, and not which.
    of_themes = {name: page for name, page in pages.items() if "Verhuizen" in page or "onderwerp" in page}
    assert set(of_themes) <= {"log"}
    assert "Verhuizen" not in of_themes.get("log", "")
    director = answer(
        world.browsers["director"], "GET", reverse("colleague", args=["de-wilgen", world.greet.pk])
    )
    assert "Verhuizen" in director.content.decode()

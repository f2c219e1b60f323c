"""De Wilgen with a member of each role and something of everything, and what none of them may know of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from pytest_django import DjangoDbBlocker

from buddies.actions import newcomers, opinions, pool
from buddies.actions.schools import add_theme, open_school, set_coordinator
from buddies.models import (
    Buddy,
    CheckIn,
    KeptApart,
    NewcomerOffer,
    Purpose,
    SupportRequest,
    Theme,
    TipGiver,
    WhyApart,
)
from buddies.workflow import MatchStatus
from meetings.actions import agreements, meetings, preparing
from meetings.checklist import Phase, When
from meetings.models import FollowUp, FollowUpKind, Meeting, OwnPoint, Question
from school import clock
from school.actions import (
    ClassListRow,
    GroupDetails,
    ParentDetails,
    add_group,
    add_member,
    create_parent,
    load_class_list,
)
from school.models import Child, Group, Holiday, Membership, User
from school.roles import Role

from .addresses import ROLES, Row
from .cast import AddBuddy, Proposed, Signalled, member
from .forbidden import Forbidden, Work, count_from

PASSWORD = "een lang wachtwoord"
ELSEWHERE, CLOSED, OURS = 70_000, 80_000, 90_000


class World:
    """De Wilgen with a browser for each column of the table; De Eik; and the theme of Greet. `ours` is what Ineke and
    Tom work on, `closed` what Greet does, `elsewhere` De Eik, each with its own words."""

    def __init__(self) -> None:
        # PostgreSQL goes on counting where an earlier world stopped, which is where this one ends.
        count_from(1)
        self.school = open_school(name="De Wilgen", slug="de-wilgen", brin="99ZZ")
        self.members = {
            column: member(self.school, column.replace("'", ""), role) for column, role in ROLES.items()
        }
        teacher, ib = self.members["teacher"], self.members["IB'er"]
        for code, column in (("newcomer", "director"), ("language", "bouwco")):
            theme = Theme.objects.get(school=self.school, code=code)
            set_coordinator(theme=theme, membership=self.members[column], by=None)
        self.elsewhere, self.closed = self._school_elsewhere(), self._theme_of_greet()
        self.root = User.objects.create_superuser("root@demo.invalid", "Root")
        User.objects.update(password=make_password(PASSWORD))
        for someone in (*self.members.values(), self.greet, self.other_ib, self.other_director):
            someone.user.refresh_from_db()
        self.root.refresh_from_db()
        self.browsers = {column: browser_of(someone) for column, someone in self.members.items()}
        self.browsers |= {"nobody": Client(), "root": browser_of(self.root)}
        self._outsiders = {someone: browser_of(someone) for someone in (self.other_ib, self.other_director)}
        with Forbidden("Wilgroos", OURS) as self.ours:
            self.ids = self._everything(AddBuddy(ib), Signalled(teacher, ib), ib)
            Work("Wilgroos", ib, ib, Theme.objects.get(school=self.school, code="reading"), 300).make()

    def _school_elsewhere(self) -> Forbidden:
        """De Eik, in which everything there is has words of its own."""
        with Forbidden("Eikzwam", ELSEWHERE) as elsewhere:
            self.other_school = open_school(name="Eikzwam-school", slug="de-eik", brin="99YY")
            self.other_ib = member(self.other_school, "Eikzwam-Ilse", Role.INTERN_BEGELEIDER)
            self.other_director = member(self.other_school, "Eikzwam-Dirk", Role.DIRECTOR)
            self.other_teacher = member(self.other_school, "Eikzwam-Els", Role.TEACHER)
            theme = add_theme(name="Eikzwam-thema", sensitive=True, by=self.other_director)
            row = ClassListRow("Eikzwam-Fenna", "Eikzwam-groep", (1, 2), clock.today() + timedelta(days=8))
            load_class_list(school=self.other_school, rows=[row], by=None)
            day = clock.today()
            holiday = {"name": "Eikzwam-vakantie", "first_day": day, "last_day": day}
            Holiday.objects.create(school=self.other_school, **holiday)
            work = Work("Eikzwam", self.other_ib, self.other_teacher, theme, 100)
            work.make()
            child = Child.objects.select_related("group").get(school=self.other_school)
            assert child.group is not None
            work.make_the_rest(child.group, child)
            words = (f"Eikzwam-{part}" for part in ("koffie", "gastvrij", "welkom"))
            point = agreements.PointDetails(Phase.BEFORE, When.ALWAYS, *words)
            agreements.add_point(details=point, by=self.other_director)
        return elsewhere

    def _theme_of_greet(self) -> Forbidden:
        """A theme of De Wilgen that is closed to everybody in the table."""
        with Forbidden("Valkruid", CLOSED) as closed:
            theme = add_theme(name="Verhuizen", sensitive=True, by=self.members["director"])
            Theme.objects.filter(pk=theme.pk).update(hidden_from_intern_begeleider=True)
            self.greet = member(self.school, "Greet", Role.TEACHER)
            set_coordinator(theme=theme, membership=self.greet, by=None)
            Work("Valkruid", self.greet, self.greet, theme, 200).make()
        return closed

    def _everything(self, add_buddy: AddBuddy, signalled: Signalled, ib: Membership) -> dict[str, list[int]]:
        """One of everything, by the word in the table: the numbers in its address."""
        propose = Proposed(add_buddy, signalled, ib)
        match = propose(status=MatchStatus.WAITING_FOR_PARENT, tip_giver=TipGiver.SIGNALLER)
        connected = propose(status=MatchStatus.CONNECTED)
        buddy = add_buddy()
        share = buddy.parent.consent_set.get(purpose=Purpose.SHARE_EXPERIENCE)
        agreed = propose(status=MatchStatus.AGREED)
        assert agreed.parent_yes is not None
        checkin = CheckIn.objects.filter(match=connected).earliest("pk")
        suggested = add_buddy()
        self._passed_on(add_buddy)
        child, group, colleague = self._school_day()
        request, apart = self._apart(buddy, signalled())
        meeting, question, promised = self._meeting(child)
        type(suggested).objects.filter(pk=suggested.pk).update(status="asked")
        return {
            "none": [],
            "undiscussed": [signalled(discussed=False).pk],
            "request": [request.pk],
            "apart": [request.pk, apart.pk],
            "match": [match.pk],
            "agreed": [agreed.pk],
            "connected": [connected.pk],
            "yes": [agreed.pk, agreed.parent_yes.pk],
            "checkin": [checkin.pk],
            "buddy": [buddy.pk],
            "suggested": [suggested.pk],
            "share": [buddy.pk, share.pk],
            "newcomer": [child.pk],
            "offered": [self._offered(group).pk],
            "theme": [Theme.objects.get(school=self.school, code="reading").pk],
            "meeting": [meeting.pk],
            "question": [meeting.pk, question.pk],
            "own_point": [self._own_point().pk],
            "promise": [promised.pk],
            "colleague": [colleague.pk],
            "own_child": [colleague.pk, child.pk],
            "group": [group.pk],
            "holiday": [Holiday.objects.get(school=self.school).pk],
        }

    def _passed_on(self, add_buddy: AddBuddy) -> None:
        """What the teacher passes on: somebody called as a parent who is known, and somebody who said yes already."""
        teacher = self.members["teacher"]
        add_buddy(first_name="Lieke", last_name="Jansen")
        pool.suggest(details=ParentDetails("Lieke", "Jansen"), by=teacher, submission=uuid4())
        add_buddy(by=teacher, taken_up=False)

    def _school_day(self) -> tuple[Child, Group, Membership]:
        """A child who starts next week, its group, and a colleague whose child it is; and a holiday."""
        today = clock.today()
        row = ClassListRow("Sem", "1/2A", (1, 2), today + timedelta(days=7))
        load_class_list(school=self.school, rows=[row], by=None)
        child = Child.objects.select_related("group").get(school=self.school)
        assert child.group is not None
        parent = create_parent(school=self.school, details=ParentDetails("Olga"), child=child)
        user = User.objects.create_user("olga@de-wilgen.invalid", "Olga")
        colleague = add_member(
            school=self.school, user=user, roles=[Role.TEACHER], groups=[], parent=parent, by=None
        )
        add_group(details=GroupDetails("Leeg", 8, 8), teachers=[], by=self.members["director"])
        Holiday.objects.create(
            school=self.school, name="Kerstvakantie", first_day=today, last_day=today + timedelta(days=9)
        )
        return child, child.group, colleague

    def _offered(self, group: Group) -> NewcomerOffer:
        """A family that thinks about the offer."""
        director = self.members["director"]
        child = newcomers.add_child(
            first_name="Noor", group=group, start_date=clock.today() + timedelta(days=9), by=director
        )
        return newcomers.offer(
            child=child, told=newcomers.Told(), in_mind=None, by=director, submission=uuid4()
        )

    def _meeting(self, child: Child) -> tuple[Meeting, Question, FollowUp]:
        """A meeting of the teacher, today, with a question and a promise."""
        teacher = self.members["teacher"]
        plan = meetings.Plan(at=clock.now(), parents=(meetings.ParentComing(),), child=child)
        meeting = meetings.plan(plan=plan, by=teacher, submission=uuid4())
        question = preparing.ask(meeting=meeting, words="Mag dat?", by=teacher, submission=uuid4())
        promised = meetings.promise(
            meeting=meeting,
            kind=FollowUpKind.PROMISE,
            words="Dat zoek ik uit.",
            due_on=clock.today() + timedelta(days=7),
            by=teacher,
            submission=uuid4(),
        )
        return meeting, question, promised

    def _apart(self, buddy: Buddy, request: SupportRequest) -> tuple[SupportRequest, KeptApart]:
        """Of whom it was said for `request`: not these two."""
        opinions.keep_apart(
            request=request,
            buddy=buddy,
            reason=WhyApart.CLASHED,
            until=clock.today() + timedelta(days=183),
            by=self.members["IB'er"],
        )
        return request, KeptApart.objects.get(request=request)

    def _own_point(self) -> OwnPoint:
        """A point that the school added to the checklist."""
        details = agreements.PointDetails(Phase.BEFORE, When.ALWAYS, "Zet koffie klaar.")
        return agreements.add_point(details=details, by=self.members["director"])

    def form(self, row: Row) -> str:
        """What is sent with a form: nothing, but for a page of many forms, of which one is sent."""
        theme = Theme.objects.get(school=self.school, code="reading")
        forms = {
            "buddies:coordinators": f"theme={theme.pk}",
            "buddies:close_theme": "closed=no",
            "buddies:park": "until=tomorrow",
            "buddies:judge": f"buddy={self.ids['buddy'][0]}&verdict=good",
            "buddies:new_access": urlencode({"until": clock.now().isoformat()}),
            "colleague_earlier": "shown=yes",
            "meetings:tick": "item=V1&done=1",
            "meetings:turned_out": "turn=wish_unmet&revision=0",
            "meetings:move_point": "to=up",
            "meetings:hide_point": "item=V1&hidden=yes",
        }
        return forms.get(row.name, "")

    def forbidden_to(self, column: str) -> dict[str, str]:
        """Every word that nobody in this column may ever read, and which field it is of."""
        theirs = [self.closed]
        theirs += [self.elsewhere] if column != "elsewhere" else []
        theirs += [self.ours] if column != "IB'er" else []
        return {word: of for each in theirs for word, of in each.words.items()}

    def outsider(self, row: Row) -> Client:
        """The browser of somebody of De Eik who may open the page of `row` there."""
        return self._outsiders[self.other_ib if row.marks["IB'er"] != "." else self.other_director]

    def address(self, row: Row, slug: str = "de-wilgen") -> str:
        """Where the page of `row` stands."""
        return reverse(row.name, args=[slug, *self.ids[row.kind]])


def browser_of(someone: Membership | User) -> Client:
    """A browser in which `someone` has signed in."""
    client = Client()
    client.force_login(someone.user if isinstance(someone, Membership) else someone)
    return client


def answer(browser: Client, verb: str, address: str, form: str = "", *, htmx: bool = False) -> HttpResponse:
    """What the product answers; nothing of it stays."""
    headers = {"HX-Request": "true"} if htmx else None
    with transaction.atomic():
        response = browser.generic(verb, address, form, "application/x-www-form-urlencoded", headers=headers)
        transaction.set_rollback(True)
    return response  # type: ignore[return-value]  # the test client's response is one


def text_of(response: HttpResponse) -> str:
    """What can be read in this answer, also when it is a PDF."""
    if response.headers.get("Content-Type") == "application/pdf":
        return " ".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)
    return response.content.decode()


def mark(response: HttpResponse) -> str:
    """How the table writes this answer."""
    if response.status_code in (403, 404):
        return "." if response.status_code == 403 else "-"
    # A part of a page that HTMX asks for takes the whole page to sign in.
    onward = response.headers.get("HX-Redirect", response.headers.get("Location", ""))
    to_login = "/login/?next=" in onward
    assert response.status_code < 400, response.status_code
    return "login" if to_login else "x"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Made once, at one moment: what a request writes is undone after it. A test that commits has no place here."""
    with django_db_blocker.unblock(), transaction.atomic(), clock.at(clock.now()):
        yield World()
        transaction.set_rollback(True)

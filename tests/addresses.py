"""Who may open what, as tables: every address of the product, and every role.

`tests/test_urls.py` walks all addresses and checks them against these; one that is in no table fails the build.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from buddies.actions import newcomers, opinions
from buddies.actions.schools import open_school, set_coordinator
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
from meetings.actions import meetings, preparing
from meetings.models import FollowUp, FollowUpKind, Meeting, Question
from school import clock
from school.actions import ClassListRow, ParentDetails, add_member, create_parent, load_class_list
from school.models import Child, Group, Holiday, Membership, User
from school.roles import Role

from .cast import AddBuddy, Proposed, Signalled, member

PASSWORD = "een lang wachtwoord"

# Pages of a school. x opens; . is refused (403); - is not there for this member (404): somebody else's signal, or
# a theme that is not theirs. Every request, buddy and match here is about reading, which Ineke arranges as intern
# begeleider; the director arranges newcomers, the bouwcoordinator language, the teacher nothing. The signals are
# the teacher's own.
SCHOOL_PAGES = """
name                            object       verbs     teacher  IB'er  director  bouwcoordinator  administrator
today                           none         GET       x        x      x         x                x
buddies:signal                  none         GET,POST  x        x      x         x                .
buddies:nominate                none         GET,POST  x        x      x         x                .
buddies:own_signals             none         GET       x        x      x         x                .
buddies:discussed               undiscussed  GET,POST  x        -      -         -                .
buddies:tip                     match        GET,POST  x        -      -         -                .
buddies:requests                none         GET       .        x      x         x                .
buddies:request                 request      GET       .        x      -         -                .
buddies:link_parent             request      GET,POST  .        x      -         -                .
buddies:edit_parent             request      GET,POST  .        x      -         -                .
buddies:choose_theme            request      GET,POST  .        x      -         -                .
buddies:request_discussed       undiscussed  GET,POST  .        x      -         -                .
buddies:close_request           request      GET,POST  .        x      -         -                .
buddies:withdraw_search         request      GET,POST  .        x      -         -                .
buddies:find                    request      GET,POST  .        x      -         -                .
buddies:judge                   request      POST      .        x      -         -                .
buddies:keep_apart              request      POST      .        x      -         -                .
buddies:take_back_apart         apart        POST      .        x      -         -                .
buddies:matches                 none         GET       .        x      x         x                .
buddies:match                   match        GET       .        x      -         -                .
buddies:ask_parent              match        POST      .        x      -         -                .
buddies:parent_answer           match        POST      .        x      -         -                .
buddies:ask_buddy               match        POST      .        x      -         -                .
buddies:buddy_answer            match        POST      .        x      -         -                .
buddies:connect                 agreed       GET,POST  .        x      -         -                .
buddies:all_discussed           match        GET,POST  .        x      -         -                .
buddies:did_not_proceed         match        GET,POST  .        x      -         -                .
buddies:undo                    match        POST      .        x      -         -                .
buddies:complete                connected    GET,POST  .        x      -         -                .
buddies:withdraw_match_consent  yes          GET,POST  .        x      -         -                .
buddies:checkin                 checkin      GET,POST  .        x      -         -                .
buddies:buddies                 none         GET       .        x      x         x                .
buddies:add_buddy               none         GET,POST  .        x      x         x                .
buddies:buddy                   buddy        GET       .        x      -         -                .
buddies:edit_offer              buddy        GET,POST  .        x      -         -                .
buddies:edit_buddy_parent       buddy        GET,POST  .        x      -         -                .
buddies:link_buddy_parent       buddy        GET,POST  .        x      -         -                .
buddies:buddy_asked             buddy        POST      .        x      -         -                .
buddies:record_offer            suggested    GET,POST  .        x      -         -                .
buddies:take_up_buddy           buddy        POST      .        x      -         -                .
buddies:add_experience          buddy        GET,POST  .        x      -         -                .
buddies:name_consent            buddy        GET,POST  .        x      -         -                .
buddies:background              buddy        GET,POST  .        x      -         -                .
buddies:pause_buddy             buddy        GET,POST  .        x      -         -                .
buddies:stop_buddy              buddy        GET,POST  .        x      -         -                .
buddies:withdraw_consent        share        GET,POST  .        x      -         -                .
buddies:parents                 none         GET       .        x      x         x                .
buddies:coordinators            none         GET,POST  .        .      x         .                .
buddies:make_link               match        GET,POST  .        x      -         -                .
buddies:newcomers               none         GET       .        x      x         .                .
buddies:add_newcomer            none         GET,POST  .        x      x         .                .
buddies:offer_newcomer          newcomer     GET,POST  .        x      x         .                .
buddies:newcomer_answer         offered      GET,POST  .        x      x         .                .
buddies:take_back_offer         offered      POST      .        x      x         .                .
buddies:overview                none         GET       .        x      x         .                .
buddies:weighing                none         GET,POST  .        x      x         .                .
buddies:themes                  none         GET       .        x      x         .                x
buddies:add_theme               none         GET,POST  .        x      x         .                x
buddies:theme                   theme        GET,POST  .        x      x         .                x
buddies:close_theme             theme        POST      .        .      x         .                .
meetings:meetings               none         GET       x        x      x         x                .
meetings:plan                   none         GET,POST  x        x      x         x                .
meetings:change                 meeting      GET,POST  x        -      -         -                .
meetings:cancel                 meeting      GET,POST  x        -      -         -                .
meetings:before                 meeting      GET       x        -      -         -                .
meetings:during                 meeting      GET       x        -      -         -                .
meetings:after                  meeting      GET,POST  x        -      -         -                .
meetings:print                  meeting      GET       x        -      -         -                .
meetings:tick                   meeting      POST      x        -      -         -                .
meetings:add_question           meeting      POST      x        -      -         -                .
meetings:drop_question          question     POST      x        -      -         -                .
meetings:turned_out             meeting      POST      x        -      -         -                .
meetings:promise                meeting      GET,POST  x        -      -         -                .
meetings:kept                   promise      POST      x        -      -         -                .
settings                        none         GET       .        x      x         .                x
team                            none         GET       .        .      x         .                x
add_colleague                   none         GET,POST  .        .      x         .                x
colleague                       colleague    GET       .        .      x         .                x
colleague_roles                 colleague    GET,POST  .        .      x         .                .
colleague_groups                colleague    GET,POST  .        .      x         .                x
colleague_days                  colleague    GET,POST  .        .      x         .                x
add_colleague_child             colleague    GET,POST  .        .      x         .                x
remove_colleague_child          own_child    GET,POST  .        .      x         .                .
groups                          none         GET       .        .      x         .                x
add_group                       none         GET,POST  .        .      x         .                x
group                           group        GET,POST  .        .      x         .                x
remove_group                    group        POST      .        .      x         .                x
school_settings                 none         GET,POST  .        x      x         .                x
add_holiday                     none         GET,POST  .        x      x         .                x
holiday                         holiday      GET,POST  .        x      x         .                x
remove_holiday                  holiday      POST      .        x      x         .                x
"""
ROLES = {
    "teacher": Role.TEACHER,
    "IB'er": Role.INTERN_BEGELEIDER,
    "director": Role.DIRECTOR,
    "bouwcoordinator": Role.BOUWCOORDINATOR,
    "administrator": Role.ADMINISTRATOR,
}

# Pages outside any school. What has no name is known by its route.
PUBLIC = {
    "about",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "parent_page",
}
SIGNED_IN = {
    "account_change_password",
    "account_email",
    "account_reauthenticate",
    "account_set_password",
    "home",
}
# The administration site, for who may use it (`is_staff`): schools, accounts and memberships, no parents.
STAFF = {
    "admin:app_list",
    "admin:auth_user_password_change",
    "admin:autocomplete",
    "admin:index",
    "admin:jsi18n",
    "admin:login",
    "admin:logout",
    "admin:password_change",
    "admin:password_change_done",
    "admin:view_on_site",
    "beheer/(?P<url>.*)$",
    *(f"admin:school_{m}_{page}" for m in ("school", "user", "membership") for page in
      ("add", "change", "changelist", "delete", "history")),
    *(f"beheer/school/{m}/<path:object_id>/" for m in ("school", "user", "membership")),
}  # fmt: skip
DEMO_ONLY = {"demo_sign_in"}


@dataclass(frozen=True)
class Row:
    """One line of the table of school pages."""

    name: str
    kind: str
    verbs: tuple[str, ...]
    marks: dict[str, str]


def rows() -> list[Row]:
    """The table of school pages."""
    head, *lines = [line.split() for line in SCHOOL_PAGES.strip().splitlines()]
    return [
        Row(name, kind, tuple(verbs.split(",")), dict(zip(head[3:], marks, strict=True)))
        for name, kind, verbs, *marks in lines
    ]


def patterns(
    entries: list[URLPattern | URLResolver], route: str = "", namespace: str = ""
) -> Iterator[tuple[str, str, Any]]:
    """Every address below `entries`: its name (or route), its route and its view."""
    for entry in entries:
        here = (route + str(entry.pattern)).replace("^", "")
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry.url_patterns, here, inner)
        else:
            yield f"{namespace}{entry.name}" if entry.name else here, here, entry.callback


def every_pattern() -> list[tuple[str, str, Any]]:
    """Every address of the product as it runs now."""
    return list(patterns(get_resolver().url_patterns))


class World:
    """De Wilgen with a member of each role and something of everything, De Eik, and a browser for each member."""

    def __init__(self) -> None:
        self.school = open_school(name="De Wilgen", slug="de-wilgen", brin="99ZZ")
        self.other_school = open_school(name="De Eik", slug="de-eik", brin="99YY")
        self.members = {
            column: member(self.school, column.replace("'", ""), role) for column, role in ROLES.items()
        }
        teacher, ib = self.members["teacher"], self.members["IB'er"]
        for code, column in (("newcomer", "director"), ("language", "bouwcoordinator")):
            theme = Theme.objects.get(school=self.school, code=code)
            set_coordinator(theme=theme, membership=self.members[column], by=None)
        self.other_ib = member(self.other_school, "Ilse", Role.INTERN_BEGELEIDER)
        self.other_director = member(self.other_school, "Dirk", Role.DIRECTOR)
        teacher.user.set_password(PASSWORD)
        teacher.user.save()
        self.browsers = {column: browser_of(someone) for column, someone in self.members.items()}
        self.ids = self._everything(AddBuddy(ib), Signalled(teacher, ib), ib)

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
        child, group, colleague = self._school_day()
        meeting, question, promised = self._meeting(child)
        type(suggested).objects.filter(pk=suggested.pk).update(status="asked")
        request, apart = self._apart(buddy, signalled())
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
            "promise": [promised.pk],
            "colleague": [colleague.pk],
            "own_child": [colleague.pk, child.pk],
            "group": [group.pk],
            "holiday": [Holiday.objects.get(school=self.school).pk],
        }

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

    def form(self, row: Row) -> str:
        """What is sent with a form: nothing, but for a page of many forms, of which one is sent."""
        theme = Theme.objects.get(school=self.school, code="reading")
        forms = {
            "buddies:coordinators": f"theme={theme.pk}",
            "buddies:close_theme": "closed=no",
            "buddies:judge": f"buddy={self.ids['buddy'][0]}&verdict=good",
            "meetings:tick": "item=V1&done=1",
            "meetings:turned_out": "turn=wish_unmet",
        }
        return forms.get(row.name, "")

    def outsider(self, row: Row) -> Membership:
        """Somebody of De Eik who may open the page of `row` there."""
        return self.other_ib if row.marks["IB'er"] != "." else self.other_director

    def address(self, row: Row, slug: str = "de-wilgen") -> str:
        """Where the page of `row` stands."""
        return reverse(row.name, args=[slug, *self.ids[row.kind]])


def browser_of(someone: Membership) -> Client:
    """A browser in which `someone` has signed in."""
    client = Client()
    client.force_login(someone.user)
    return client


def answer(browser: Client, verb: str, address: str, form: str = "") -> HttpResponse:
    """What the product answers; nothing of it stays."""
    with transaction.atomic():
        response = browser.generic(verb, address, form, "application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    return response  # type: ignore[return-value]  # the test client's response is one


def mark(response: HttpResponse) -> str:
    """How the table writes this answer."""
    if response.status_code in (403, 404):
        return "." if response.status_code == 403 else "-"
    to_login = response.status_code == 302 and "/login/" in response["Location"]
    assert response.status_code < 400, response.status_code
    return "login" if to_login else "x"

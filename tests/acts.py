"""Doing something on every page of a school, and what that leaves in the log."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from buddies.actions import pool
from buddies.models import Theme
from buddies.workflow import MatchStatus
from meetings.models import OwnPoint
from school import clock
from school.actions import ParentDetails, add_member
from school.models import AuditEvent, Child, Group, Membership, User
from school.models.people import school_year
from school.roles import Role

from .addresses import Row, rows
from .buddies.watch import recorded
from .cast import AddBuddy, Proposed, Signalled
from .filling import filled_in
from .world import World, answer, text_of

Form = dict[str, str | list[str]]
ROWS = {row.name: row for row in rows()}
# What was filled in is shown with what it changes, and sent again.
IN_TWO_STEPS = {"buddies:weighing"}


class Acts:
    """What each form of the world is filled in with, and on which page when that is not the one of the table."""

    def __init__(self, world: World) -> None:
        self.world = world
        ib, teacher = world.members["IB'er"], world.members["teacher"]
        add_buddy, signalled = AddBuddy(ib), Signalled(teacher, ib)
        propose = Proposed(add_buddy, signalled, ib)
        self.spare = add_buddy(last_name="Vrij")
        suggested = pool.suggest(details=ParentDetails("Nel", "Bakker"), by=teacher, submission=uuid4())
        self.passed_on = add_buddy(first_name="Vera", last_name="Smit", taken_up=False)
        self.known = signalled(first_name="Vera", last_name="Smit")
        today = clock.today()
        self.substitute = add_member(
            school=world.school,
            user=User.objects.create_user("inval@de-wilgen.invalid", "Invaller"),
            roles=[Role.INTERN_BEGELEIDER],
            groups=[Group.objects.get(pk=world.ids["group"][0])],
            by=None,
        )
        Membership.objects.filter(pk=self.substitute.pk).update(
            sees_from=today + timedelta(days=1), ends_on=today + timedelta(days=20)
        )
        group = Group.objects.create(
            school=world.school, name="8", first_grade=8, last_grade=8, school_year=school_year(clock.today())
        )
        at_buddy = [propose(status=MatchStatus.WAITING_FOR_BUDDY).pk]
        self.numbers = {
            "buddies:ask_parent": [propose().pk],
            "buddies:did_not_proceed": [propose().pk],
            "buddies:ask_buddy": at_buddy,
            "buddies:buddy_answer": at_buddy,
            "buddies:all_discussed": at_buddy,
            "buddies:undo": at_buddy,
            "buddies:buddy_asked": [suggested.pk],
            "buddies:take_up_buddy": [self.passed_on.pk],
            "buddies:link_buddy_parent": [self.passed_on.pk],
            "buddies:name_consent": [add_buddy(name_may_be_known=False).pk],
            "buddies:close_theme": [Theme.objects.get(school=world.school, code="language").pk],
            "remove_group": [group.pk],
            "colleague_earlier": [self.substitute.pk],
        }
        reading = Theme.objects.get(school=world.school, code="reading")
        # Where the form of a page folds open.
        self.opens_at = {"buddies:coordinators": f"?theme={reading.pk}"}
        self.forms = self._forms()

    def _forms(self) -> dict[str, Form]:
        themes = {theme.code: str(theme.pk) for theme in Theme.objects.filter(school=self.world.school)}
        today = clock.today()
        child = str(self.world.ids["newcomer"][0])
        noor = str(Child.objects.get(school=self.world.school, first_name="Noor").pk)
        yes: Form = {"answer": "yes", "method": "phone"}
        return {
            "buddies:signal": {"asked": "yes", "child_name": "Jip"},
            "buddies:nominate": {
                "asked": "yes",
                "themes": [themes["reading"]],
                "name_known": "yes",
                "child": child,
                "first_name": "Janneke",
            },
            "buddies:tip": {"answer": "yes"},
            "buddies:discussed": {"asked": "yes"},
            "buddies:request_discussed": {"asked": "yes"},
            "buddies:judge": {"buddy": str(self.spare.pk), "verdict": "good"},
            "buddies:keep_apart": {"buddy": str(self.spare.pk), "reason": "clashed", "term": "year"},
            "buddies:weighing": {"grade": "important"},
            "buddies:distribute": {
                "request": str(self.world.ids["request"][0]),
                "buddy": str(self.spare.pk),
                "click_reasons": ["know_both"],
                "submission": str(uuid4()),
            },
            "buddies:park": {"until": "tomorrow"},
            "buddies:share_request": {"colleague": str(self.substitute.pk)},
            "buddies:new_access": {"until": clock.now().isoformat()},
            "meetings:share": {"colleague": str(self.substitute.pk)},
            "meetings:agreements": {"buddy": "15"},
            "meetings:add_point": {"do": "Zet thee klaar.", "phase": "before", "when": "A"},
            "meetings:point": {"do": "Zet koffie en thee klaar."},
            "meetings:move_point": {
                "to": "down",
                "place": OwnPoint.objects.get(pk=self.world.ids["own_point"][0]).place,
            },
            "meetings:hide_point": {"item": "V1", "hidden": "yes"},
            "colleague_earlier": {"shown": "yes"},
            "buddies:find": {"buddy": str(self.spare.pk), "click_reasons": ["know_both"]},
            "buddies:edit_parent": {"last_name": "Anders"},
            "buddies:edit_buddy_parent": {"last_name": "Anders"},
            "buddies:theme": {"shown": "no"},
            "buddies:choose_theme": {"theme": themes["busy"]},
            "buddies:undo": {"status": MatchStatus.WAITING_FOR_BUDDY},
            "buddies:ask_parent": {"tip_giver": "coordinator"},
            "buddies:parent_answer": yes,
            "buddies:buddy_answer": yes,
            "buddies:all_discussed": {"buddy_yes": "on"},
            "buddies:add_buddy": {
                "first_name": "Nora",
                "themes": [themes["reading"]],
                "name_may_be_known": "yes",
            },
            "buddies:record_offer": {"themes": [themes["reading"]]},
            "buddies:add_experience": {"theme": themes["busy"]},
            "buddies:link_buddy_parent": {"parent": str(self.known.parent_id)},
            "buddies:background": {"words": "Uit Eritrea"},
            "buddies:pause_buddy": {"until": str(today + timedelta(days=30))},
            "buddies:coordinators": {
                "theme": themes["reading"],
                f"theme-{themes['reading']}-coordinator": str(self.world.members["IB'er"].pk),
                f"theme-{themes['reading']}-deputy": "nobody",
            },
            "buddies:offer_newcomer": {"answer": "later", "first_name": "Sofie"},
            "buddies:newcomer_answer": {"answer": "no"},
            "buddies:add_newcomer": {"first_name": "Mees", "start_date": str(today + timedelta(days=20))},
            "buddies:add_theme": {"name": "Rouw"},
            "buddies:close_theme": {"closed": "yes"},
            "meetings:plan": {"day": str(today + timedelta(days=3)), "time": "10:00", "child_name": "Jip"},
            "meetings:change": {"time": "10:00"},
            "meetings:add_question": {"words": "Waarom?", "submission": str(uuid4())},
            "meetings:tick": {"item": "V1", "done": "1"},
            "meetings:turned_out": {"turn": "wish_unmet", "revision": "0"},
            "meetings:promise": {"words": "Ik zoek het uit."},
            "add_colleague": {"name": "Els", "email": "els@de-wilgen.invalid"},
            "colleague_roles": {"roles": ["teacher", "bouwcoordinator"]},
            "colleague_days": {"ends_on": str(today + timedelta(days=60))},
            "colleague_groups": {"groups": [str(self.world.ids["group"][0])]},
            "add_colleague_child": {"child": noor},
            "group": {"name": "1/2B"},
            "holiday": {"name": "Herfst"},
            "add_group": {"name": "7", "first_grade": "7", "last_grade": "7"},
            "school_settings": {"checkin_days": "40"},
            "add_holiday": {"name": "Mei", "first_day": str(today), "last_day": str(today)},
        }

    def browser(self, row: Row) -> Client:
        """That of the first member who may open the page of `row`."""
        return next(self.world.browsers[column] for column, mark in row.marks.items() if mark == "x")

    def address(self, row: Row) -> str:
        """Where the form of `row` is sent to."""
        if row.name in self.numbers:
            return reverse(row.name, args=["de-wilgen", *self.numbers[row.name]])
        return self.world.address(row)

    def look(self, row: Row, query: str = "") -> tuple[HttpResponse, list[AuditEvent]]:
        """Open the page of `row`; what it answered, and the events that left. Nothing of it stays."""
        return self._do(row, "GET", self.world.address(row) + query)

    def send(self, row: Row, **more: str) -> tuple[HttpResponse, list[AuditEvent]]:
        """Fill in the form of `row`, with `more` in it, and send it."""
        return self._do(row, "POST", self.address(row), self.form(row) | {k: [v] for k, v in more.items()})

    def send_nothing(self, row: Row) -> tuple[HttpResponse, list[AuditEvent]]:
        """Send the form of `row` with nothing in it."""
        return self._do(row, "POST", self.world.address(row), {})

    def form(self, row: Row, browser: Client | None = None) -> dict[str, list[str]]:
        """The form of `row`, filled in; as it stands in `browser`, or in that of the first who may open it."""
        browser, address = browser or self.browser(row), self.address(row)
        shown = address + self.opens_at.get(row.name, "")
        page = text_of(answer(browser, "GET", shown)) if "GET" in row.verbs else ""
        form = filled_in(page, shown, self.forms.get(row.name, {}))
        if row.name in IN_TWO_STEPS:
            shown_again = answer(browser, "POST", address, urlencode(form, doseq=True))
            form = filled_in(text_of(shown_again), address, {})
        return form

    def _do(
        self, row: Row, verb: str, address: str, form: dict[str, list[str]] | None = None
    ) -> tuple[HttpResponse, list[AuditEvent]]:
        sent = urlencode(form or {}, doseq=True)
        with transaction.atomic():
            with recorded() as log:
                response = self.browser(row).generic(verb, address, sent, "application/x-www-form-urlencoded")
            transaction.set_rollback(True)
        return response, log.events  # type: ignore[return-value]  # the test client's response is one

"""What every act leaves in the log: by address, which look, search, print or change of status. One event for each step
of each record, and nobody's words in any."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from pytest_django import DjangoDbBlocker

from school import log
from school.models import AuditEvent, Child, Membership, Parent

from .acts import ROWS, Acts
from .buddies.watch import contents
from .world import World

pytestmark = pytest.mark.django_db

# Opened: the page is looked at. Sent empty: shown again with what is wrong, or done when it is no more than a button.
# Sent: as somebody would fill it in (=: the same). A dash is a verb the page does not have; nothing, an act that leaves
# no event: lists of what is one's own work, empty forms, settings that are only looked at, one's own ticks, a step that
# was taken before.
TABLE = """
today                          |                 | -               | -
buddies:signal                 |                 |                 | consent.give request.signal
buddies:nominate               |                 |                 | consent.give consent.give buddy.add
buddies:own_signals            |                 | -               | -
buddies:discussed              | request.look    | request.look    | consent.give request.discussed
buddies:tip                    | match.look      | match.look      | consent.give match.parent_yes
buddies:requests               |                 | -               | -
buddies:request                | request.look    | -               | -
buddies:share_request          | -               |                 | request.share
buddies:new_access             |                 |                 |
buddies:link_parent            |                 | request.link request.take_up | =
buddies:edit_parent            | request.look    | request.look    | parent.update
buddies:choose_theme           | request.look    | request.theme request.take_up | =
buddies:request_discussed      | request.look    | request.look    | consent.give request.discussed
buddies:close_request          | request.look    | request.look    | request.close
buddies:withdraw_search        | request.look    | consent.withdraw request.close | =
buddies:find                   | request.look    | request.look    | request.take_up match.propose
buddies:park                   | -               |                 | request.park
buddies:distribute             |                 |                 | request.take_up match.propose
buddies:lacking                |                 | -               | -
buddies:judge                  | -               |                 | judgement.record
buddies:keep_apart             | -               | request.look    | apart.keep
buddies:take_back_apart        | -               | apart.take_back | =
buddies:weighing               |                 |                 | matching.weigh
buddies:matches                |                 | -               | -
buddies:match                  | match.look      | -               | -
buddies:ask_parent             | -               | match.look      | match.ask_parent
buddies:parent_answer          | -               | match.look      | consent.give match.parent_yes
buddies:ask_buddy              | -               |                 | match.ask_buddy
buddies:buddy_answer           | -               | match.look      | consent.give match.buddy_yes
buddies:connect                | match.look      | match.look      | match.connect
buddies:all_discussed          | match.look      | match.look      | consent.give match.buddy_yes match.connect
buddies:did_not_proceed        | match.look      | match.look      | match.did_not_proceed
buddies:undo                   | -               |                 | match.undo
buddies:complete               | match.look      | match.look      | match.complete request.close
buddies:withdraw_match_consent | match.look      | consent.withdraw match.did_not_proceed | =
buddies:checkin                | match.look      | match.look      | checkin.record
buddies:buddies                |                 | -               | -
buddies:add_buddy              |                 |                 | consent.give consent.give buddy.add
buddies:buddy                  | buddy.look      | -               | -
buddies:edit_offer             | buddy.look      | buddy.look      | buddy.update
buddies:edit_buddy_parent      | buddy.look      | buddy.look      | parent.update
buddies:link_buddy_parent      | buddy.look      | buddy.look      | buddy.link
buddies:buddy_asked            | -               |                 | buddy.ask
buddies:record_offer           | buddy.look      | buddy.look      | consent.give consent.give buddy.offer
buddies:take_up_buddy          | -               |                 | buddy.take_up
buddies:add_experience         | buddy.look      | buddy.look      | consent.give buddy.experience
buddies:name_consent           | buddy.look      | buddy.look      | consent.give
buddies:background             | buddy.look      | buddy.look      | consent.give parent.background
buddies:pause_buddy            | buddy.look      | buddy.look      | buddy.pause
buddies:stop_buddy             | buddy.look      | consent.withdraw buddy.stop consent.withdraw | =
buddies:withdraw_consent       | buddy.look      | consent.withdraw buddy.stop | =
buddies:parents                |                 | -               | -
buddies:coordinators           |                 |                 | theme.coordinator
buddies:make_link              | match.look      | match.look      | link.make link.print
buddies:newcomers              |                 | -               | -
buddies:add_newcomer           |                 |                 | child.add
buddies:offer_newcomer         | newcomer.look   | newcomer.look   | newcomer.offer
buddies:newcomer_answer        | newcomer.look   | newcomer.look   | newcomer.no
buddies:take_back_offer        | -               | newcomer.take_back | =
buddies:overview               | overview.look   | -               | -
buddies:themes                 |                 | -               | -
buddies:add_theme              |                 |                 | theme.add
buddies:theme                  |                 |                 | theme.hide
buddies:close_theme            | -               |                 | theme.close
meetings:meetings              |                 | -               | -
meetings:plan                  |                 |                 | meeting.plan
meetings:change                | meeting.look    | meeting.look    | meeting.change
meetings:cancel                | meeting.look    | meeting.cancel  | =
meetings:guide                 |                 | -               | -
meetings:guide_pdf             |                 | -               | -
meetings:slips                 |                 | -               | -
meetings:slips_pdf             |                 | -               | -
meetings:calendar              | meeting.calendar | -              | -
meetings:invitation            | meeting.look    | -               | -
meetings:pdf                   | meeting.print   | -               | -
meetings:share                 | -               |                 | meeting.share
meetings:agreements            |                 |                 | agreements.minutes
meetings:add_point             |                 |                 | point.add
meetings:point                 |                 |                 | point.change
meetings:move_point            | -               |                 | point.move
meetings:remove_point          | -               | point.remove    | =
meetings:hide_point            | -               |                 | point.hide
meetings:before                | meeting.look    | -               | -
meetings:during                | meeting.look    | -               | -
meetings:after                 | meeting.look    | meeting.look    | meeting.evaluate
meetings:print                 | meeting.print   | -               | -
meetings:tick                  | -               |                 |
meetings:add_question          | -               | meeting.look    | meeting.ask
meetings:drop_question         | -               | meeting.drop_question | =
meetings:turned_out            | -               |                 | meeting.turned_out
meetings:promise               | meeting.look    | meeting.look    | meeting.promise
meetings:kept                  | -               | meeting.kept    | =
settings                       |                 | -               | -
team                           |                 | -               | -
add_colleague                  |                 |                 | membership.add
colleague                      | membership.look | -               | -
colleague_roles                | membership.look | membership.look | membership.roles
colleague_groups               | membership.look | membership.look | membership.groups
colleague_days                 | membership.look | membership.look | membership.end
colleague_earlier              | -               |                 | membership.earlier
add_colleague_child            | membership.look | membership.look | membership.child
remove_colleague_child         | membership.look | membership.child | =
groups                         |                 | -               | -
add_group                      |                 |                 | group.add
group                          |                 |                 | group.change
remove_group                   | -               |                 | group.remove
log                            | log.look        | -               | -
school_settings                |                 |                 | school.settings
add_holiday                    |                 |                 | holiday.add
holiday                        |                 |                 | holiday.change
remove_holiday                 | -               | holiday.remove  | =
"""
Line = tuple[str, str, str]
LINES: dict[str, Line] = {}
for written in TABLE.strip().splitlines():
    listed, opened, sent_empty, sent = (cell.strip() for cell in written.split("|"))
    LINES[listed] = opened, sent_empty, sent_empty if sent == "=" else sent

# What is in the address decides what kind of act it is: a search, a print, a look at somebody who is known.
QUERIES = [
    ("buddies:request", "?q=Tesfay", "parent.search"),
    ("buddies:request", "?q=", "request.look"),
    ("buddies:link_buddy_parent", "?q=Tesfay", "parent.search"),
    ("buddies:parents", "?q=Tesfay", "parent.search"),
    ("buddies:parents", "?q=", ""),
    ("buddies:buddies", "?onderwerp={reading}", "buddy.search"),
    ("buddies:buddies", "?taal=tr", "buddy.search"),
    ("buddies:buddies", "?onderwerp=x", ""),
    ("buddies:match", "?card=1", "match.print"),
    ("buddies:add_buddy", "?ouder={parent}", "parent.look"),
    ("meetings:plan", "?na={meeting}", "meeting.look"),
    ("log", "?soort=looks", "log.search"),
    ("log", "?over=school-1&wie=", None),
]
# Who was overtaken by a colleague sees both versions, which is a look.
OVERTAKEN = [
    ("buddies:edit_parent", "seen", "request.look"),
    ("buddies:edit_buddy_parent", "seen", "buddy.look"),
    ("buddies:edit_offer", "revision", "buddy.look"),
    ("colleague_roles", "seen", "membership.look"),
    ("colleague_groups", "seen", "membership.look"),
    ("colleague_days", "seen", "membership.look"),
    ("meetings:change", "revision", "meeting.look"),
]


@pytest.fixture(scope="module")
def acts(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Acts]:
    """Made once: what an act writes is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Acts(World())
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def words(acts: Acts) -> set[str]:
    """The names of everybody in the world."""
    names = [*Parent.objects.values_list("first_name", "last_name"), *Child.objects.values_list("first_name")]
    names += Membership.objects.values_list("user__name", "user__email")
    return {part.lower() for name in names for part in name if part}


def test_every_address_is_in_the_table() -> None:
    assert set(LINES) == set(ROWS)


@pytest.mark.parametrize("name", LINES)
def test_act_leaves_the_events_of_the_table(acts: Acts, words: set[str], name: str) -> None:
    row, (opened, sent_empty, sent) = ROWS[name], LINES[name]
    assert (opened != "-", sent != "-") == ("GET" in row.verbs, "POST" in row.verbs)
    found = {}
    if "GET" in row.verbs:
        found["opened"] = acts.look(row)[1], opened
    if "POST" in row.verbs:
        found["sent empty"] = acts.send_nothing(row)[1], sent_empty
        found["sent"] = acts.send(row)[1], sent
    assert {how: said(events) for how, (events, _listed) in found.items()} == {
        how: listed for how, (_events, listed) in found.items()
    }
    for events, _listed in found.values():
        steps = [(event.action, event.target_type, event.target_id) for event in events]
        assert len(set(steps)) == len(steps)
        for event in events:
            _is_without_words(event, words)


def said(events: list[AuditEvent]) -> str:
    """The actions of `events`, in their order."""
    return " ".join(event.action for event in events)


@contextmanager
def broken_log(monkeypatch: pytest.MonkeyPatch, after: int = 0) -> Iterator[None]:
    """Inside the block no event can be written, once so many were."""
    write = AuditEvent.objects.create
    written: list[AuditEvent] = []

    def create(**values: Any) -> AuditEvent:
        if len(written) == after:
            raise DatabaseError("the log is full")
        written.append(write(**values))
        return written[-1]

    with monkeypatch.context() as patched:
        patched.setattr(AuditEvent.objects, "create", create)
        yield


def _is_without_words(event: AuditEvent, words: set[str]) -> None:
    """Every value of `event` is a number, a moment or a word of our own."""
    models = {model._meta.model_name for model in apps.get_models()}
    assert event.action in log.actions()
    assert event.target_type in {"", *models}
    texts = [str(value).lower() for value in vars(event).values() if isinstance(value, str)]
    assert [(word, text) for word in words for text in texts if word in text] == []


@pytest.mark.parametrize(("name", "query", "action"), QUERIES)
def test_act_in_the_address_leaves_its_event(acts: Acts, name: str, query: str, action: str | None) -> None:
    numbers = {
        "reading": acts.world.ids["theme"][0],
        "parent": acts.known.parent_id,
        "meeting": acts.world.ids["meeting"][0],
    }
    response, events = acts.look(ROWS[name], query.format(**numbers))
    assert (response.status_code, said(events)) == ((200, action) if action is not None else (404, ""))


@pytest.mark.parametrize(("name", "version", "action"), OVERTAKEN)
def test_both_versions_are_a_look(acts: Acts, name: str, version: str, action: str) -> None:
    response, events = acts.send(ROWS[name], **{version: "0" if version == "seen" else "99"})
    assert (response.status_code, said(events)) == (200, action)


@pytest.mark.parametrize(
    "name", [name for name, (opened, _empty, _sent) in LINES.items() if opened not in ("", "-")]
)
def test_page_is_not_shown_when_its_look_cannot_be_recorded(
    acts: Acts, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with broken_log(monkeypatch), pytest.raises(DatabaseError, match="the log is full"):
        acts.look(ROWS[name])


@pytest.mark.parametrize(
    "name", [name for name, (_opened, _empty, sent) in LINES.items() if sent not in ("", "-")]
)
def test_nothing_is_done_that_cannot_be_recorded(
    acts: Acts, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last event of what was done fails: all before it is undone. (A page that is shown after it is an act of its
    own.)"""
    row, recorded = ROWS[name], LINES[name][2].split()
    steps = [action for action in recorded if log.actions()[action].kind is not log.Kind.PRINT]
    form, before = acts.form(row), contents()
    with transaction.atomic():
        acts.browser(row).post(acts.address(row), form)
        assert contents() != before
        transaction.set_rollback(True)
    with transaction.atomic():
        with (
            broken_log(monkeypatch, after=len(steps) - 1),
            pytest.raises(DatabaseError, match="the log is full"),
        ):
            acts.browser(row).post(acts.address(row), form)
        assert contents() == before
        transaction.set_rollback(True)

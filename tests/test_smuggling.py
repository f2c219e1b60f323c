"""Numbers of other people's records, put into every field and query string in which a page takes a number.

The fields are those of the pages themselves: whatever a page offers to choose from or sends along unseen, somebody can
send something else in. It must be as if that record did not exist.
"""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import resolve

from buddies.actions.schools import set_coordinator
from buddies.models import Theme
from school import clock
from school.actions import add_member
from school.handover import kinds
from school.models import Group, Membership, User
from school.roles import Role

from .addresses import ROLES, Row, every_pattern, rows
from .forbidden import Forbidden
from .pages import Field, Form, differences, forms_on, links_on, without_tokens
from .world import CLOSED, ELSEWHERE, OURS, World, answer, text_of

# What a form does not offer it does not take, by the same list on every database.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

NOBODY = "999999"
# So many pages of one kind show it in every state.
ENOUGH = 8
NUMBERS = re.compile(rf"\b[a-zA-Z_]*(?:{ELSEWHERE + 1}|{CLOSED + 1}|{OURS + 1}|{NOBODY})\b")
SENT_WITH_EVERY_FORM = {"csrfmiddlewaretoken"}
# What is of the school and not of who arranges a theme: its themes, to signal or nominate for, and its colleagues.
EVERYBODYS = {
    ("buddies:signal", "theme"),
    ("buddies:nominate", "themes"),
    ("buddies:discussed", "theme"),
    ("buddies:coordinators", "theme"),
    ("add_group", "teachers"),
    *(("colleague_days", f"to_{kind.key}") for kind in kinds()),
    ("group", "teachers"),
}
# Of the class list, which any colleague of the school has.
CLASS_LIST = {"child", "group", "groups", "teachers", "kind"}


@pytest.fixture(scope="module")
def forms(world: World) -> dict[tuple[str, str], tuple[str, Form]]:
    """By page and column: where a form is sent, and the form, as found on any page that this column may open."""
    found: dict[tuple[str, str], tuple[str, Form]] = {}
    with transaction.atomic():
        _what_is_not_always_there(world)
        for column in ROLES:
            for address, page in pages_of(world, column):
                for form in forms_on(page):
                    if form.method == "post":
                        _keep_the_longest(found, column, form.action.partition("#")[0] or address, form)
        transaction.set_rollback(True)
    return found


def _what_is_not_always_there(world: World) -> None:
    """A substitute, with whom older matters can be shared, and somebody who was given access to a theme."""
    director, today = world.members["director"], clock.today()
    stand_in = add_member(
        school=world.school,
        user=User.objects.create_user("inval@de-wilgen.invalid", "Invaller"),
        roles=[Role.INTERN_BEGELEIDER],
        groups=[Group.objects.get(pk=world.ids["group"][0])],
        by=None,
    )
    later = {"sees_from": today + timedelta(days=1), "ends_on": today + timedelta(days=20)}
    Membership.objects.filter(pk=stand_in.pk).update(**later)
    theme = Theme.objects.get(school=world.school, code="language")
    set_coordinator(theme=theme, membership=world.members["teacher"], deputy=True, by=director)


def pages_of(world: World, column: str) -> Iterator[tuple[str, str]]:
    """Every page of the table that opens for `column`, and every page to which those lead in two steps; of one kind
    not many more than enough."""
    waiting = [world.address(row) for row in rows() if row.marks[column] == "x" and "GET" in row.verbs]
    seen: set[str] = set()
    looked_at: Counter[str] = Counter()
    for _step in range(3):
        further: dict[str, None] = {}
        for address in waiting:
            kind = resolve(address.partition("?")[0]).view_name
            if address in seen or looked_at[kind] == ENOUGH:
                continue
            seen.add(address)
            looked_at[kind] += 1
            response = answer(world.browsers[column], "GET", address)
            if response.status_code == 200:
                page = text_of(response)
                yield address, page
                further |= dict.fromkeys(links_on(page, address))
        waiting = [link for link in further if link.startswith("/de-wilgen/")]


def _keep_the_longest(
    found: dict[tuple[str, str], tuple[str, Form]], column: str, address: str, form: Form
) -> None:
    key = (resolve(address.partition("?")[0]).view_name, column)
    if key not in found or len(found[key][1].fields) < len(form.fields):
        found[key] = (address, form)


def read(response: HttpResponse) -> tuple[int, str]:
    """What there is to see in an answer, whatever number was sent."""
    page = without_tokens(text_of(response))
    return response.status_code, NUMBERS.sub("…", page)


def same(one: HttpResponse, other: HttpResponse, where: str) -> None:
    """Nothing in one answer differs from the other."""
    (status, page), (other_status, other_page) = read(one), read(other)
    assert (where, status, differences(page, other_page)) == (where, other_status, [])


def theirs(world: World, page: str, name: str, column: str) -> list[Forbidden]:
    """Whose numbers do not belong in the field `name` of `page`."""
    if (page, re.sub(r"^theme-\d+-.*", "theme", name)) in EVERYBODYS:
        return [world.elsewhere]
    # What Ineke works on is not the others', but for the meetings of the teacher and the offer of the director in it.
    own = name in CLASS_LIST or column == "IB'er" or page.startswith("meetings:") or name == "aanbod"
    return [world.elsewhere, world.closed, *([] if own else [world.ours])]


def smuggled(control: Field, number: str) -> list[str]:
    """`number` in every way in which the field writes one: "12", and "g12" for a group."""
    known = [found[1] for choice in control.choices if (found := re.fullmatch(r"(\D+)\d+", choice))]
    return [number, *dict.fromkeys(before + number for before in known)]


@pytest.mark.parametrize("row", [row for row in rows() if "POST" in row.verbs], ids=lambda row: row.name)
def test_form_takes_no_record_of_others(
    world: World, forms: dict[tuple[str, str], tuple[str, Form]], row: Row
) -> None:
    columns = [column for column in ROLES if (row.name, column) in forms]
    assert columns, "no page has this form"
    for column in dict.fromkeys([columns[0], columns[-1]]):
        address, form = forms[row.name, column]
        for name, control in form.fields.items():
            if control.takes_a_number and name != "csrfmiddlewaretoken":
                where = f"{name} of {row.name} by {column}"
                _smuggle(world, column, address, form, name, theirs(world, row.name, name, column), where)


def _smuggle(
    world: World, column: str, address: str, form: Form, name: str, others: list[Forbidden], where: str
) -> None:
    """Send the numbers of `others` in the field `name`: as if they did not exist, and nothing is about them after."""

    def posted(value: str) -> HttpResponse:
        data = form.filled_in() | {name: [value]}
        return world.browsers[column].post(address, data, follow=True)  # type: ignore[return-value]

    for nth, value in enumerate(smuggled(form.fields[name], NOBODY)):
        with transaction.atomic():
            nobody = posted(value)
            transaction.set_rollback(True)
        for of in others:
            with transaction.atomic():
                before = of.around()
                response = posted(smuggled(form.fields[name], of.number)[nth])
                assert (where, of.around()) == (where, before)
                transaction.set_rollback(True)
            assert (where, leaked(world, column, response)) == (where, set())
            same(response, nobody, where)


def leaked(world: World, column: str, response: HttpResponse) -> set[str]:
    """What `column` may never read, and does in this answer."""
    page = text_of(response)
    return {word for word in world.forbidden_to(column) if word in page}


def query_names(view: object) -> set[str]:
    """What a page reads from its query string, by the source of its module."""
    module = inspect.getmodule(inspect.unwrap(view))  # type: ignore[arg-type]  # a function
    assert module is not None
    source = inspect.getsource(module)
    names = set(re.findall(r'GET(?:\.get\(|\.getlist\(|\[|, |\.POST\)\.get\()"(\w+)"', source))
    names |= set(re.findall(r'"(\w+)" in request\.GET', source))
    names |= {"theme"} if "request.POST or request.GET" in source else set()
    return names | ({"q"} if "Form(request.GET" in source else set())


VIEWS = {name: view for name, _route, view in every_pattern()}


@pytest.mark.parametrize(
    "row",
    [row for row in rows() if "GET" in row.verbs and query_names(VIEWS[row.name])],
    ids=lambda row: row.name,
)
def test_query_string_opens_no_record_of_others(world: World, row: Row) -> None:
    columns = [column for column, mark in row.marks.items() if mark == "x"]
    address = world.address(row)
    for column in dict.fromkeys([columns[0], columns[-1]]):
        for name in sorted(query_names(VIEWS[row.name])):
            where = f"?{name}= of {row.name} by {column}"
            nobody = answer(world.browsers[column], "GET", f"{address}?{name}={NOBODY}")
            for of in theirs(world, row.name, name, column):
                response = answer(world.browsers[column], "GET", f"{address}?{name}={of.number}")
                assert (where, leaked(world, column, response)) == (where, set())
                same(response, nobody, where)


def test_every_query_string_is_known() -> None:
    """The names that are tried are really read from the sources."""
    read_anywhere = set().union(*(query_names(view) for name, view in VIEWS.items() if ":" in name))
    assert {"q", "ouder", "onderwerp", "buddy", "kind", "na", "group", "aanbod"} <= read_anywhere

"""Who may open what: every address, every role, from within the school and from outside, as `addresses` says."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping
from datetime import timedelta
from itertools import product
from types import ModuleType
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from school import clock
from school.admin import site
from school.middleware import HEADERS
from school.models import Membership, School, User

from .addresses import DEMO_ONLY, Row, every_pattern, rows, site_rows
from .buddies.watch import everything
from .forbidden import our_models, word_fields
from .world import World, answer, browser_of, mark, text_of

pytestmark = pytest.mark.django_db


# As HTMX asks for it the same questions are asked of the database, so that is done on one of the two.
AS_A_PAGE_AND_A_PART = pytest.mark.parametrize(
    "htmx", [False, pytest.param(True, marks=pytest.mark.once)], ids=["page", "part"]
)
# Their whole form is the button: whatever else is sent along changes nothing about what they do.
ACTS_WITHOUT_A_FORM = {
    "buddies:ask_buddy",
    "buddies:take_up_buddy",
    "buddies:buddy_asked",
    "buddies:stop_buddy",
    "buddies:withdraw_consent",
    "buddies:withdraw_match_consent",
    "buddies:withdraw_search",
    "buddies:link_parent",
    "buddies:take_back_apart",
    "buddies:take_back_offer",
    "meetings:after",
    "meetings:cancel",
    "meetings:drop_question",
    "meetings:kept",
    "meetings:remove_point",
    "remove_colleague_child",
    "remove_group",
    "remove_holiday",
}


@pytest.fixture
def demo_site(settings: Settings) -> ModuleType:
    """The addresses of demo mode."""
    settings.DEMO = True
    spec = importlib.util.find_spec("school.urls")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    settings.ROOT_URLCONF = module
    return module


# --- the tables hold everything ---------------------------------------------------------------------------


def test_every_address_is_in_a_table() -> None:
    listed = {row.name for row in (*rows(), *site_rows())}
    assert {name for name, _route, _view in every_pattern()} == listed


def test_demo_mode_adds_one_address(demo_site: ModuleType) -> None:
    listed = DEMO_ONLY | {row.name for row in (*rows(), *site_rows())}
    assert {name for name, _route, _view in every_pattern()} == listed


def test_page_below_a_school_says_who_may_open_it() -> None:
    below = {name: view for name, route, view in every_pattern() if "<slug:school>" in route}
    assert set(below) == {row.name for row in rows()}
    assert [name for name, view in below.items() if not hasattr(view, "allowed")] == []


def test_address_stands_in_one_line() -> None:
    names = [*DEMO_ONLY, *(row.name for row in (*rows(), *site_rows()))]
    assert len(names) == len(set(names))


# --- pages of a school ------------------------------------------------------------------------------------


def leaks(response: HttpResponse, words: dict[str, str]) -> dict[str, str]:
    """Which of `words` stand anywhere in the answer, and which field each is of."""
    said = text_of(response) + str(response.headers) + str(response.cookies)
    return {word: of for word, of in words.items() if word in said}


def opened_by(world: World, column: str, row: Row) -> list[tuple[Client, str, str]]:
    """How `column` comes to the page of `row`: the browser, the address and the form."""
    here, form = world.address(row), world.form(row)
    if column != "elsewhere":
        return [(world.browsers[column], here, form)]
    outsider = world.outsider(row)
    # At the school's own address, and with its numbers at one's own.
    there = [(outsider, world.address(row, "de-eik"), form)] if row.kind != "none" else []
    return [(outsider, here, form), *there]


@AS_A_PAGE_AND_A_PART
@pytest.mark.parametrize("row", rows(), ids=lambda row: row.name)
def test_school_page_opens_for_whom_the_table_says_and_tells_nothing_else(
    world: World, row: Row, htmx: bool
) -> None:
    """Every cell: the answer, and not one word of what is not theirs."""
    for (column, expected), verb in product(row.marks.items(), row.verbs):
        for browser, address, form in opened_by(world, column, row):
            response = answer(browser, verb, address, form, htmx=htmx)
            cell = (column, verb, address)
            assert (*cell, mark(response)) == (*cell, expected)
            assert (*cell, leaks(response, world.forbidden_to(column))) == (*cell, {})


def test_words_of_the_other_school_stand_in_every_field_in_which_people_write(world: World) -> None:
    """Else a field could leak unseen."""
    fields = {(model.__name__, name) for model in our_models() for name in word_fields(model)}
    assert fields - world.elsewhere.filled_in == set()


def test_who_may_see_them_reads_the_words(world: World) -> None:
    """The words are looked for in the form in which pages show them."""
    pages = [reverse(f"buddies:{page}", args=["de-wilgen"]) for page in ("requests", "buddies", "matches")]
    for browser, theirs in ((world.browsers["IB'er"], world.ours), (browser_of(world.greet), world.closed)):
        for page in pages:
            assert theirs.said_in(browser.get(page).content.decode()), page


def test_school_page_asks_a_stranger_to_sign_in_and_comes_back(world: World) -> None:
    for row in rows():
        response = answer(Client(), row.verbs[0], world.address(row))
        assert response["Location"] == f"{reverse('account_login')}?next={world.address(row)}"


@pytest.mark.once
@pytest.mark.parametrize("row", rows(), ids=lambda row: row.name)
def test_school_page_refuses_other_verbs(world: World, row: Row) -> None:
    allowed = {*row.verbs, "HEAD"} if "GET" in row.verbs else {*row.verbs}
    someone = world.browsers[row.opens]
    for verb in {"GET", "POST", "PUT", "PATCH", "DELETE"} - allowed:
        assert answer(someone, verb, world.address(row)).status_code == 405, verb


def closed(response: HttpResponse) -> bool:
    """Whether this answer carries every header and is kept nowhere."""
    return response.headers["Cache-Control"] == "no-store" and HEADERS.keys() <= response.headers.keys()


@pytest.mark.once
@pytest.mark.parametrize("row", rows(), ids=lambda row: row.name)
def test_school_page_is_closed_and_kept_nowhere_whoever_asks_for_it(world: World, row: Row) -> None:
    for browser in (world.browsers[row.opens], world.outsider(row), Client()):
        for verb in ("GET", "POST", "OPTIONS"):
            assert closed(answer(browser, verb, world.address(row), world.form(row))), verb


@pytest.mark.once
@pytest.mark.parametrize("row", site_rows(), ids=lambda row: row.name)
def test_page_outside_a_school_is_closed_and_kept_nowhere(world: World, row: Row) -> None:
    for verb in ("GET", "POST"):
        assert closed(answer(Client(), verb, site_address(row.name))), verb
        assert closed(answer(browser_of(world.members["teacher"]), verb, site_address(row.name))), verb


NONSENSE = ("9" * 5000, "\x00", "<script>alert(1)</script>😀\u202e", "-1", "zo lang " * 2000)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.name)
def test_school_page_answers_nonsense_with_a_page(world: World, row: Row) -> None:
    """In every field the page has, and in its query string: a page that says so, nothing is written."""
    someone = world.browsers[row.opens]
    address = world.address(row)
    page = answer(someone, "GET", address) if "GET" in row.verbs else None
    names = {
        *re.findall(r'name="([^"]+)"', text_of(page) if page else ""),
        "answer",
        "reason",
        "parent",
    }
    with transaction.atomic():
        before = everything()
        for nonsense in NONSENSE:
            sent = urlencode(dict.fromkeys(names - {"csrfmiddlewaretoken"}, nonsense))
            asked = urlencode(
                dict.fromkeys(("q", "ouder", "buddy", "group", "status", "reason", "home", "jaar"), nonsense)
            )
            for verb in row.verbs:
                target, body = (f"{address}?{asked}", "") if verb == "GET" else (address, sent)
                response = someone.generic(verb, target, body, "application/x-www-form-urlencoded")
                assert response.status_code in (200, 302, 404), (verb, response.status_code, nonsense[:20])
        after = {table: stored for table, stored in everything().items() if table != "school_auditevent"}
        assert row.name in ACTS_WITHOUT_A_FORM or after == {table: before[table] for table in after}
        transaction.set_rollback(True)


def test_number_too_long_for_the_database_is_not_there(world: World) -> None:
    for address in ("signalen/mijn/{}/besproken/", "signalen/{}/", "buddys/{}/intrekken/1/"):
        for number in (2**63, 10**30):
            response = answer(world.browsers["IB'er"], "GET", "/de-wilgen/" + address.format(number))
            assert response.status_code == 404


def test_form_in_another_encoding_is_refused(world: World) -> None:
    for encoding in ("unicode_escape", "hex", "utf-7"):
        sent = f"application/x-www-form-urlencoded; charset={encoding}"
        assert Client().generic("POST", reverse("account_login"), "login=a", sent).status_code == 400


def test_school_closes_when_a_membership_ends(world: World) -> None:
    ineke = world.members["IB'er"]
    with transaction.atomic():
        Membership.objects.filter(pk=ineke.pk).update(ends_on=clock.today() - timedelta(days=1))
        for row in rows():
            assert answer(world.browsers["IB'er"], row.verbs[0], world.address(row)).status_code == 404, (
                row.name
            )
        transaction.set_rollback(True)


def test_school_that_does_not_exist_is_not_there(world: World) -> None:
    assert answer(world.browsers["director"], "GET", "/geen-school/").status_code == 404


def test_number_that_does_not_exist_is_not_there(world: World) -> None:
    for row in rows():
        if row.kind != "none":
            address = reverse(row.name, args=["de-wilgen", *(10**12 + n for n in world.ids[row.kind])])
            opens = world.browsers[row.opens]
            assert answer(opens, row.verbs[0], address).status_code == 404, row.name


def test_disabled_user_is_out_at_once(world: World) -> None:
    with transaction.atomic():
        User.objects.filter(pk=world.members["director"].user_id).update(is_active=False)
        assert mark(answer(world.browsers["director"], "GET", "/de-wilgen/")) == "login"
        transaction.set_rollback(True)


# --- pages outside a school -------------------------------------------------------------------------------


def site_address(name: str) -> str:
    """The address of a page outside any school."""
    if name.startswith("beheer/"):
        route = name.replace("<path:object_id>", "1").replace("(?P<url>.*)$", "iets/")
        return f"/{route}"
    kwargs: dict[str, object] = {}
    if name.startswith("admin:school_") and name.rsplit("_", 1)[1] in ("change", "delete", "history"):
        kwargs = {"object_id": School.objects.earliest("pk").pk}
    known: dict[str, dict[str, object]] = {
        "parent_page": {"key": "geen-sleutel"},
        "account_reset_password_from_key": {"uidb36": "1", "key": "set-password"},
        "admin:app_list": {"app_label": "school"},
        "admin:auth_user_password_change": {"id": User.objects.earliest("pk").pk},
        "admin:view_on_site": {"content_type_id": 1, "object_id": 1},
    }
    return reverse(name, kwargs=known.get(name, kwargs))


@AS_A_PAGE_AND_A_PART
@pytest.mark.parametrize("row", site_rows(), ids=lambda row: row.name)
def test_page_outside_a_school_opens_for_whom_the_table_says(world: World, row: Row, htmx: bool) -> None:
    """Nobody of a school reads there of another; who runs Ouderbuddy reads of schools and staff, of no parent."""
    people = world.members | {"elsewhere": world.other_ib}
    everybody: dict[str, Mapping[str, Membership | User | None]] = {
        "member": people,
        "root": {"root": world.root},
        "nobody": {"nobody": None},
    }
    staff = {"School", "User", "Membership"}
    for group, verb in product(everybody, row.verbs):
        for column, someone in everybody[group].items():
            browser = browser_of(someone) if someone else Client()
            response = answer(browser, verb, site_address(row.name), htmx=htmx)
            assert (column, verb, mark(response)) == (column, verb, row.marks[group])
            told = leaks(response, world.forbidden_to(column)).values()
            assert {of.partition(".")[0] for of in told} <= (staff if column == "root" else set())


def test_administration_site_knows_schools_and_staff_only() -> None:
    assert {model.__name__ for model in site._registry} == {"School", "User", "Membership"}


def test_administration_site_has_one_address() -> None:
    """Django's own site has none, so that what a library registers there stays closed."""
    routes = {route for name, route, _view in every_pattern() if name.startswith("admin:")}
    assert {route.partition("/")[0] for route in routes} == {"beheer"}


# --- demo mode --------------------------------------------------------------------------------------------


def sign_in(email: str) -> HttpResponse:
    """One click on a demo account."""
    return Client().post("/demo/inloggen/", {"email": email})  # type: ignore[return-value]


def test_demo_sign_in_is_not_there_outside_demo_mode(world: World) -> None:
    User.objects.create_user("ib@demo.invalid", "Ineke")
    assert "demo" not in {route.partition("/")[0] for _name, route, _view in every_pattern()}
    # The address falls to the schools, where there is none of that name.
    assert sign_in("ib@demo.invalid").status_code == 404


def test_demo_sign_in_knows_demo_accounts_only(world: World, demo_site: ModuleType) -> None:
    User.objects.create_user("ib@demo.invalid", "Ineke")
    User.objects.create_user("uit@demo.invalid", "Uit", is_active=False)
    assert sign_in("ib@demo.invalid")["Location"] == "/"
    for email in (
        world.members["IB'er"].user.email,
        "uit@demo.invalid",
        "niemand@demo.invalid",
        "ib@demo.invalid.example.com",
        "geen adres",
        "",
    ):
        assert sign_in(email).status_code == 404, email
    assert Client().get("/demo/inloggen/").status_code == 405


def test_demo_view_refuses_even_when_somebody_gives_it_an_address(
    world: World, demo_site: ModuleType, settings: Settings
) -> None:
    User.objects.create_user("ib@demo.invalid", "Ineke")
    settings.DEMO = False
    assert sign_in("ib@demo.invalid").status_code == 404

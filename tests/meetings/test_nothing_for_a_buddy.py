"""R24: nothing in `meetings/` can reach a buddy, or anybody at all. What could carry a recipient is walked: imports,
columns, names in the code, fields of forms, templates, pages as they are sent, the calendar file. Every walk has a
control that plants a recipient and sees it found."""

from __future__ import annotations

import ast
import pkgutil
import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.db import models
from django.test import Client
from icalendar import Calendar

from meetings import forms as meeting_forms
from meetings.actions import preparing
from meetings.actions.meetings import ParentComing
from meetings.calendar import calendar_of
from meetings.models import BuddyComes, Meeting
from meetings.reading.invitations import Invitation, invitations
from school.models import Child, Membership
from tests.addresses import rows
from tests.cast import AddBuddy
from tests.world import text_of

from .conftest import Planned
from .pages import url

ROOT = Path(__file__).resolve().parents[2]

# The demo school is filled with everything, buddies too; it is no page and no action of a meeting.
NOT_A_MEETING = {"demo", "migrations", "management"}
# All that meetings know of buddies: the sentences of what an action refuses.
OF_BUDDIES = {"buddies.actions.errors"}
# What a meeting points at. Neither a stored parent nor a buddy is among it, so neither can be reached from it.
POINTED_AT = {"School", "Membership", "Child", "Group", "Meeting"}
SENDERS = {"smtplib", "email", "http", "urllib", "socket", "requests", "httpx", "subprocess", "ftplib"}
SENDING_PARTS = {"mail", "outbox", "links", "sms", "push", "webhook"}
ADDRESSES = re.compile(r"^(e_?mail\w*|phone\w*|mobile|recipients?|to_address|cc|bcc|attendees?|addressees?)$")
SCHEMES = re.compile(r"\b(mailto|tel|sms|whatsapp|skype|xmpp|data|javascript):", re.IGNORECASE)


# --- the code ---------------------------------------------------------------------------------------------


def modules() -> Iterator[tuple[str, str]]:
    """The code of meetings, by its path."""
    for path in sorted((ROOT / "meetings").rglob("*.py")):
        if not NOT_A_MEETING & set(path.parts):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def recipients_in_code(source: str) -> set[str]:
    """What in `source` could know or reach somebody: imports of buddies or of anything that sends, and addresses as an
    attribute, an argument, a name or a key."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if _reaches(alias.name)}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name for name in names if _reaches(name) and str(node.module) not in OF_BUDDIES}
        elif isinstance(node, ast.Attribute) and ADDRESSES.match(node.attr):
            found.add(node.attr)
        elif isinstance(node, ast.Name | ast.arg | ast.keyword):
            name = node.id if isinstance(node, ast.Name) else node.arg
            found |= {name} if name and ADDRESSES.match(name) else set()
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            said = node.value
            found |= {said} if ADDRESSES.match(said.lower()) or SCHEMES.search(said) else set()
    return found


def _reaches(name: str) -> bool:
    parts = name.split(".")
    return parts[0] == "buddies" or parts[0] in SENDERS or bool(SENDING_PARTS & set(parts))


def test_code_knows_nobody_who_could_receive_something() -> None:
    paths = dict(modules())
    assert {"meetings/calendar.py", "meetings/reading/invitations.py", "meetings/views/planning.py"} <= set(
        paths
    )
    assert {path: found for path, source in paths.items() if (found := recipients_in_code(source))} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "from buddies.models import Buddy",
        "from buddies.actions.matches import connect",
        "import buddies.models",
        "from django.core.mail import send_mail",
        "import smtplib",
        "from school.outbox import put",
        "send(meeting, to=parent.email)",
        "def tell(phone): ...",
        "event.add('attendee', 'x')",
        "link = f'mailto:{somebody}'",
    ],
)
def test_planted_in_the_code_a_recipient_is_found(planted: str) -> None:
    assert recipients_in_code(planted)


# --- the tables -------------------------------------------------------------------------------------------


def recipients_in(model: type[models.Model]) -> set[str]:
    """The columns of `model` that hold an address, or point at somebody who has one."""
    found = set()
    for field in model._meta.get_fields():
        if field.auto_created or not isinstance(field, models.Field):
            continue
        target = field.related_model
        if isinstance(target, type) and target.__name__ not in POINTED_AT:
            found.add(field.name)
        if isinstance(field, models.EmailField | models.URLField) or ADDRESSES.match(field.name):
            found.add(field.name)
    return found


def test_tables_hold_nobodys_address_and_point_at_no_buddy() -> None:
    tables = list(apps.get_app_config("meetings").get_models())
    assert Meeting in tables
    assert {model.__name__: found for model in tables if (found := recipients_in(model))} == {}


def test_planted_in_a_table_a_recipient_is_found() -> None:
    """The control: tables elsewhere that do hold one."""
    for name in ("school.Parent", "school.User", "buddies.Match", "buddies.PersonalLink"):
        assert recipients_in(apps.get_model(name)), name


# --- forms ------------------------------------------------------------------------------------------------


def all_forms() -> list[type[forms.Form]]:
    """Every form of meetings; a module that is not imported yet has its forms too."""
    for module in pkgutil.iter_modules(meeting_forms.__path__, f"{meeting_forms.__name__}."):
        import_module(module.name)

    def below(form: type[forms.Form]) -> Iterator[type[forms.Form]]:
        for each in form.__subclasses__():
            yield each
            yield from below(each)

    return [form for form in below(forms.Form) if form.__module__.startswith("meetings.")]


def recipients_in_form(form: type[forms.Form]) -> set[str]:
    """The fields of `form` that ask for an address."""
    return {
        name
        for name, field in form.base_fields.items()
        if isinstance(field, forms.EmailField | forms.URLField) or ADDRESSES.match(name)
    }


def test_forms_ask_for_no_address() -> None:
    assert len(all_forms()) >= 9
    assert {form.__name__: found for form in all_forms() if (found := recipients_in_form(form))} == {}


def test_planted_in_a_form_a_recipient_is_found() -> None:
    class Planted(forms.Form):
        phone = forms.CharField()
        whom = forms.EmailField()

    assert recipients_in_form(Planted) == {"phone", "whom"}


# --- templates and pages ----------------------------------------------------------------------------------

GOES_TO = re.compile(r'(?:href|action|formaction|hx-\w+|src)\s*=\s*"((?:\{%.*?%\}|\{\{.*?\}\}|[^"{])*)"')
# Where a link or form of a meeting may go: pages of meetings, settings, files of ours, a place on the same page, or
# what the view says, which is looked at on the pages themselves.
MAY_GO_TO = re.compile(
    r"^(\{% url ['\"](meetings:\w+|settings)['\"][^}]*%\}[?#\w={% }.-]*|\{% static [^}]+%\}|\{\{ \w+(\.\w+)* \}\}"
    r"(\?naam=1)?|#[\w-]+|closest li|outerHTML)$"
)


def recipients_in_template(source: str) -> set[str]:
    """Where `source` leads besides pages of meetings, and what it shows of somebody's address."""
    found = {target for target in GOES_TO.findall(source) if not MAY_GO_TO.match(target)}
    found |= {match.group() for match in SCHEMES.finditer(source)}
    for shown in re.findall(r"\{\{\s*([\w.]+)", source):
        found |= {shown for part in shown.split(".") if ADDRESSES.match(part)}
    return found | set(re.findall(r"buddies:\w+", source))


def test_templates_lead_to_meetings_only() -> None:
    folder = ROOT / "templates" / "meetings"
    sources = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.html"))}
    assert {"before.html", "invitation.html"} <= set(sources)
    assert {
        name: found for name, source in sources.items() if (found := recipients_in_template(source))
    } == {}


@pytest.mark.parametrize(
    "planted",
    [
        '<a href="mailto:{{ parent.name }}">',
        '<a href="tel:0612345678">',
        '<form action="{% url "buddies:ask_buddy" school.slug match.pk %}">',
        '<a href="https://wa.me/31612345678">',
        "{{ each.buddy.email }}",
        "{{ parent.phone }}",
    ],
)
def test_planted_in_a_template_a_recipient_is_found(planted: str) -> None:
    assert recipients_in_template(planted)


class Leads(HTMLParser):
    """Where the links and forms of a page go, in `found`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "action", "formaction", "src") or name.startswith("hx-"):
                self.found |= {value} if value else set()


def strangers(page: str) -> set[str]:
    """Where `page` leads besides pages of this school that have to do with meetings, and of the frame around them."""
    ours = re.compile(r"^(#|\?|/de-wilgen/(gesprekken/.*|instellingen/.*)?$|/static/|closest li$|outerHTML$)")
    return {lead for lead in Leads(page).found if not ours.match(lead)}


@pytest.fixture
def meeting(
    planned: Planned, teacher: Membership, children: dict[str, Child], add_buddy: AddBuddy
) -> Meeting:
    """Today, with two parents who have a buddy each, of whom school knows one very well."""
    add_buddy(first_name="Marie", last_name="Bakker", phone="06-12345678", email="marie@demo.invalid")
    parents = (
        ParentComing("mother", "Samira", BuddyComes.ALONG),
        ParentComing("father", "Karim", BuddyComes.PREPARES),
    )
    made = planned(parents=parents, child=children["Lina"], sensitive_news=True, interpreter=True, room="4B")
    preparing.tick(meeting=made, item="V1", done=True, by=teacher)
    # Its moment has come: looking back shows, too.
    Meeting.objects.filter(pk=made.pk).update(at=made.at - timedelta(days=1))
    return made


@pytest.mark.django_db
def test_pages_lead_to_nobody(tom: Client, meeting: Meeting) -> None:
    names = [
        row.name.removeprefix("meetings:")
        for row in rows()
        if row.name.startswith("meetings:") and row.kind == "meeting" and "GET" in row.verbs
    ]
    assert {"before", "during", "after", "print", "invitation", "calendar", "change", "promise"} <= set(names)
    frame = strangers(tom.get("/de-wilgen/").content.decode())
    for name in names:
        page = text_of(tom.get(url(name, meeting.pk)))  # type: ignore[arg-type]  # the test client's is one
        assert strangers(page) <= frame, name
        for each in ("Marie", "Bakker", "06-12345678", "marie@demo.invalid"):
            assert each not in page, name
        assert not SCHEMES.search(page), name


@pytest.mark.parametrize("planted", ['<a href="mailto:x@x.nl">', '<form action="/de-wilgen/buddys/1/">'])
def test_planted_in_a_page_a_recipient_is_found(planted: str) -> None:
    assert strangers(planted)


@pytest.mark.django_db
def test_every_invitation_is_for_a_parent_of_the_meeting(meeting: Meeting) -> None:
    assert set(Invitation.__dataclass_fields__) == {"number", "called", "text"}
    found = invitations(meeting, with_child=True)
    assert [each.number for each in found] == [parent.pk for parent in meeting.parents.all()]
    assert [each.called for each in found] == ["Samira", "Karim"]


def invited(content: bytes) -> set[str]:
    """What in a calendar file names somebody."""
    names = {"ATTENDEE", "ORGANIZER", "CONTACT", "REQUEST-STATUS", "URL", "DESCRIPTION", "COMMENT", "ATTACH"}
    calendar = Calendar.from_ical(content)
    parts = [calendar, *calendar.walk("VEVENT"), *calendar.walk("VALARM")]
    found = {name for part in parts for name in part if name in names}
    found |= {"METHOD"} if str(calendar["METHOD"]) != "PUBLISH" else set()
    return found | {match.group() for match in SCHEMES.finditer(content.decode())}


@pytest.mark.django_db
def test_calendar_file_invites_nobody(meeting: Meeting) -> None:
    content = calendar_of(meeting, with_child=True)
    assert invited(content) == set()
    planted = content.replace(b"CLASS:PRIVATE", b"CLASS:PRIVATE\r\nATTENDEE:mailto:marie@demo.invalid")
    assert invited(planted) == {"ATTENDEE", "mailto:"}
    assert invited(content.replace(b"METHOD:PUBLISH", b"METHOD:REQUEST")) == {"METHOD"}

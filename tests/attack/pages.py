"""Somebody in a browser who taps whatever is on the page: links are opened and forms are filled in at random and sent,
one's own and those of somebody else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from buddies.links.keys import fingerprint
from buddies.models import Buddy, Signal
from school import clock
from school.models import User

from . import deeds
from .eyes import Eyes
from .snapshot import Snapshot, changes
from .world import Nothing, World

# As a whole word: somewhere in the random letters against forged forms, "Q7z" stands now and then.
NAMED = re.compile(r"\bQ\d+z\b")
ANSWERS = {200, 302, 400, 403, 404, 405}
STEPS: dict[str, Callable[[World], object]] = {}


@dataclass
class Control:
    """Something on a form that has a value."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form on a page, and where it is sent."""

    action: str
    controls: list[Control] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """What somebody got: to be judged after the step."""

    member: int | None
    address: str
    method: str
    status: int
    text: str


class Page(HTMLParser):
    """The links and the forms of a page that was asked for at `address`."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select: Control | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href", "").startswith(("/", "?")):
            href = given["href"].partition("#")[0]
            self.links.append(self.address.partition("?")[0] + href if href.startswith("?") else href)
        elif tag == "form" and given.get("method", "").lower() == "post":
            self._form = Form(given.get("action") or self.address)
            self.forms.append(self._form)
        elif self._form is not None and given.get("name"):
            self._control(tag, given)
        elif tag == "option" and self._select is not None:
            self._select.options.append(given.get("value", ""))

    def _control(self, tag: str, given: dict[str, str]) -> None:
        assert self._form is not None
        kind = {"textarea": "text", "select": "select", "button": "button"}.get(
            tag, given.get("type", "text")
        )
        control = Control(given["name"], kind, given.get("value", ""))
        self._form.controls.append(control)
        self._select = control if tag == "select" else None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None


def filled_in(w: World, form: Form) -> dict[str, list[str]]:
    """What somebody makes of `form`: mostly what it asks for."""
    sent: dict[str, list[str]] = {}
    radios: dict[str, list[str]] = {}
    buttons = [control for control in form.controls if control.kind in ("button", "submit")]
    for control in form.controls:
        if control.kind == "radio":
            radios.setdefault(control.name, []).append(control.value)
        elif control.kind == "checkbox":
            if w.flip():
                sent.setdefault(control.name, []).append(control.value or "on")
        elif control.kind not in ("button", "submit"):
            sent[control.name] = [_value(w, control)]
    sent |= {name: [w.any_of(values)] for name, values in radios.items() if w.flip(0.95)}
    if buttons:
        button = w.any_of(buttons)
        sent[button.name] = [button.value]
    return sent


def _value(w: World, control: Control) -> str:
    match control.kind:
        case "hidden":
            return control.value
        case "select":
            return str(w.any_of(control.options)) if control.options else ""
        case "date":
            return (clock.today() + timedelta(days=w.any_of([-1, 0, 1, 10, 60]))).isoformat()
        case "time":
            return str(w.any_of(["08:30", "15:00"]))
        case "number":
            return str(w.any_of([1, 2, 14, 2020]))
        case "email":
            return f"{w.name().lower()}@demo.invalid"
        case _ if control.name.endswith("name"):
            return w.name()
        case _:
            return str(w.any_of(["", control.value, "iets"]))


# Who sits there


def _browser(w: World, member: int) -> Client:
    if member not in w.browsers:
        w.browsers[member] = Client()
        w.browsers[member].force_login(User.objects.get(pk=w.now["membership"][member].user_id))
    return w.browsers[member]


def _somebody(w: World) -> int:
    """A member of either school, seldom one who does not work there any more."""
    everybody = [pk for pk, eyes in sorted(w.sight.eyes.items()) if eyes.works_here or w.flip(0.1)]
    w.actor = w.any_of(everybody)
    assert w.actor is not None
    return w.actor


def _home(w: World, member: int) -> str:
    slug = w.now["school"][w.now["membership"][member].school_id].slug
    return reverse("today", args=[slug])


def _ask(w: World, member: int, address: str, sent: dict[str, list[str]] | None = None) -> Answer:
    browser = _browser(w, member)
    response: Any = browser.get(address) if sent is None else browser.post(address, sent)
    text = response.content.decode() if response.get("Content-Type", "").startswith("text/html") else ""
    w.answer = Answer(member, address, "GET" if sent is None else "POST", response.status_code, text)
    if response.status_code == 200 and text:
        w.pages[member] = Page(address, text)
    elif response.status_code == 302 and response["Location"].startswith("/"):
        w.pages[member] = Page(response["Location"], f'<a href="{response["Location"]}"></a>')
    return w.answer


def _page_of(w: World, member: int) -> Page:
    if member not in w.pages:
        _ask(w, member, _home(w, member))
    if member not in w.pages:
        raise Nothing
    return w.pages[member]


def page(act: Callable[[World], object]) -> Callable[[World], object]:
    """The decorated function is something that somebody does in a browser."""
    STEPS[act.__name__] = act
    return act


@page
def open_a_page(w: World) -> object:
    """One of the links on the page, or Today."""
    member = _somebody(w)
    links = [link for link in _page_of(w, member).links if link.startswith(_home(w, member))]
    return _ask(w, member, w.any_of(links) if links and w.flip(0.9) else _home(w, member))


@page
def send_a_form(w: World) -> object:
    """One of the forms on the page; without one, a page that has some is opened."""
    member = _somebody(w)
    forms = [form for form in _page_of(w, member).forms if form.action.startswith(_home(w, member))]
    if not forms:
        return open_a_page(w)
    form = w.any_of(forms)
    return _ask(w, member, form.action, filled_in(w, form))


@page
def use_what_somebody_else_has(w: World) -> object:
    """An address or a form from the screen of a colleague, or of somebody of the other school, under either school's
    name."""
    member = _somebody(w)
    others = [pk for pk in sorted(w.pages) if pk != member]
    if not others:
        raise Nothing
    other = w.any_of(others)
    found, there, here = w.pages[other], _home(w, other), _home(w, member)
    form = w.any_of(found.forms) if found.forms and w.flip(0.7) else None
    address = form.action if form else w.any_of(found.links or [found.address])
    if not address.startswith(there):
        raise Nothing
    if w.flip():
        address = here + address.removeprefix(there)
    return _ask(w, member, address, filled_in(w, form) if form else None)


@page
def answer_on_the_phone(w: World) -> object:
    """A parent or a buddy opens their personal link, or taps an answer."""
    hashes = {row.token_hash for row in w.now["personallink"].values()}
    keys = [key for key in w.keys if fingerprint(key) in hashes or w.flip(0.1)]
    if not keys:
        raise Nothing
    address, phone = reverse("parent_page", args=[w.any_of(keys)]), Client()
    answers = ["yes", "no", "talk", "share", "keep", "stop"]
    sent = {"answer": w.any_of(answers)} if w.flip(0.7) else None
    response: Any = phone.get(address) if sent is None else phone.post(address, sent)
    w.actor = None
    w.answer = Answer(
        None, address, "POST" if sent else "GET", response.status_code, response.content.decode()
    )
    return w.answer


# What must be true of an answer


def broken(w: World, before: Snapshot, now: Snapshot) -> Iterator[str]:
    """What is wrong with the answer that somebody got in this step."""
    answer = w.answer
    if answer is None:
        return
    said = f"{answer.method} {answer.address} by member {answer.member}: {answer.status}"
    if answer.status not in (ANSWERS if answer.member else {200, 302, 404, 409, 410, 429}):
        yield said
    changed = sorted({name for name, _was, _row in changes(before, now)})
    # The page of a new link is the only place where it stands, so it is the answer to the form that makes it.
    shown = answer.status == 200 and answer.method == "POST" and "personallink" not in changed
    if changed and (answer.method == "GET" or answer.status >= 400 or shown):
        yield f"{said}, and yet it changed {changed}"
    if answer.member is None:
        if NAMED.search(answer.text):
            yield f"{said}: somebody is named on a personal link"
        return
    if changed:
        yield from deeds.entitled(before, now, answer.member)
        if "/gesprekken/" in answer.address:
            yield from deeds.meetings_reach_nobody(before, now)
    named = set(NAMED.findall(answer.text))
    for snapshot in (before, now):
        named -= _names_known_to(w, snapshot, answer.member)
    for name in sorted(named - _written_down(w.eyes_on(now, answer.member)) if named else ()):
        yield f"{said}: {name} is named: {_around(name, answer.text)!r}"


def _around(name: str, text: str) -> str:
    """Where on a page somebody is named."""
    at = text.index(name)
    return " ".join(text[max(at - 300, 0) : at + 100].split())


def _names_known_to(w: World, s: Snapshot, member: int) -> set[str]:
    """The last names that this member may read: of the people in what they see, and what they typed."""
    eyes = w.eyes_on(s, member)
    people = {row.id for row in s["parent"].values() if eyes.parent(row)}
    for row in s["match"].values():
        if eyes.match(row):
            people |= {row.parent_id, row.buddy_parent_id}
    people |= {row.parent_id for row in s["newcomeroffer"].values() if eyes.newcomeroffer(row)}
    return {s["parent"][pk].last_name for pk in people if pk in s["parent"]} | w.typed.get(member, set())


def _written_down(eyes: Eyes) -> set[str]:
    """The last names in how somebody wrote down a parent, of the signals and proposals that are theirs by now."""
    signals = {row.id for row in eyes.all["signal"].values() if eyes.signal(row)}
    buddies = {row.id for row in eyes.all["buddy"].values() if eyes.nomination(row)}
    called = [*Signal.objects.filter(pk__in=signals).values_list("called", flat=True)]
    called += Buddy.objects.filter(pk__in=buddies).values_list("called", flat=True)
    return set(NAMED.findall(" ".join(called)))

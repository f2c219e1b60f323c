"""Pages as a browser reads them: their forms and what it would send."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin


@dataclass
class Field:
    """One control: how it is shown, what it can be set to, and what it is set to."""

    kind: str
    choices: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)

    @property
    def is_a_choice(self) -> bool:
        """Whether the page decided what can be sent: somebody who sends something else made it up."""
        return self.kind in ("hidden", "radio", "checkbox", "select", "submit")

    @property
    def takes_a_number(self) -> bool:
        """Whether a record could be meant: not where only words can be chosen."""
        words_only = self.choices and not any(re.search(r"\d", choice) for choice in self.choices)
        return self.is_a_choice and not words_only and self.kind != "submit"


@dataclass
class Form:
    """One form of a page."""

    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)

    def filled_in(self) -> dict[str, list[str]]:
        """What is sent when everything is left as it is, what must be chosen or written is, and the first button is
        tapped."""
        buttons = [name for name, each in self.fields.items() if each.kind == "submit"]
        sent = {name: each.values or _something(each) for name, each in self.fields.items()}
        return {name: value for name, value in sent.items() if name not in buttons[1:]}


def _something(control: Field) -> list[str]:
    if control.is_a_choice:
        return [choice for choice in control.choices if choice][:1]
    return {"date": ["2026-12-01"], "time": ["15:00"], "email": ["iemand@demo.invalid"]}.get(control.kind, [])


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.select: Field | None = None
        self.without_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "noscript":
            self.without_script = True
        elif tag == "form":
            self.form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self.form)
        elif tag == "option" and self.select is not None:
            self.select.choices.append(given.get("value", ""))
            if "selected" in given:
                self.select.values.append(given.get("value", ""))
        elif self.form is not None and given.get("name") and not self.without_script:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        assert self.form is not None
        kind = {"select": "select", "textarea": "textarea", "button": "submit"}.get(
            tag, given.get("type", "text")
        )
        control = self.form.fields.setdefault(given["name"], Field(kind))
        value = given.get("value", "on" if kind == "checkbox" else "")
        if tag == "select":
            self.select = control
        elif control.is_a_choice and kind != "hidden":
            control.choices.append(value)
            if "checked" in given:
                control.values.append(value)
        elif tag == "input":
            control.values.append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "noscript":
            self.without_script = False
        elif tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None


def forms_on(page: str) -> list[Form]:
    """The forms of a page, in its order."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms


# What is made anew for every page, and so says nothing about what the page shows.
_ANEW = re.compile(
    r"""(?<=name="csrfmiddlewaretoken"\ value=")[^"]*"""
    r"""|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"""
    r"""|(?<=name="ticket"\ value=")[^"]*""",
    re.VERBOSE,
)


def without_tokens(page: str) -> str:
    """`page` without what is different each time it is made."""
    return _ANEW.sub("…", page)


def differences(one: str, other: str) -> list[str]:
    """The lines that only one of the two pages has."""
    lines = difflib.ndiff(one.splitlines(), other.splitlines())
    return [line for line in lines if line[0] in "+-"]


def links_on(page: str, address: str) -> list[str]:
    """Where the page at `address` leads, without what stands behind #."""
    links = [urljoin(address, unescape(link)) for link in re.findall(r'href="([^"]*)"', page)]
    return list(dict.fromkeys(link.partition("#")[0] for link in links))

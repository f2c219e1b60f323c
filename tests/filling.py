"""Filling in a form of a page as somebody would: what stands in it stays, and of a choice the first is taken."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser

Sent = dict[str, list[str]]
_TYPED = {"text", "hidden", "search", "email", "tel", "date", "time", "number"}


class _Forms(HTMLParser):
    """The forms of a page that are sent with POST: where to, and what would be sent."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, Sent]] = []
        self._form: Sent | None = None
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "form":
            self._form = {} if given.get("method") == "post" else None
            if self._form is not None:
                self.found.append((given.get("action", ""), self._form))
        elif self._form is None:
            return
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in given or (value and not self._form.get(self._select))):
            self._form[self._select] = [value]
        elif tag == "input" and name:
            self._input(self._form, given.get("type", "text"), name, value, checked="checked" in given)

    def _input(self, form: Sent, kind: str, name: str, value: str, *, checked: bool) -> None:
        if kind in _TYPED or (kind == "radio" and (checked or name not in form)):
            form[name] = [value]
        elif kind == "checkbox" and checked:
            form.setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


def filled_in(page: str, address: str, more: Mapping[str, str | list[str]]) -> Sent:
    """What the form of `page` that goes to `address` sends, with `more` in it; of several the first that has one of
    those fields. `more` alone when there is no such form."""
    own = [form for action, form in _Forms(page).found if action in ("", address)]
    form = next((form for form in own if set(more) & set(form)), own[0] if own else {})
    return form | {name: value if isinstance(value, list) else [value] for name, value in more.items()}

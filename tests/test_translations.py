"""The Dutch catalogue is complete: every text of the interface has a Dutch one, and nothing is left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Message
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
PO = ROOT / "locale" / "nl" / "LC_MESSAGES" / "django.po"

# The functions that mark a text, and which of their arguments are context, singular and plural.
MARKS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
_MARK_IN_TEMPLATE = re.compile(r"(?<![\w.])(_|n?p?gettext)\(")
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}")

# What a text is known by: its context ("" for none) and its singular.
Key = tuple[str, str]


def marked(tree: ast.AST) -> Iterator[tuple[Key, str]]:
    """Every marked text in `tree` with its plural, "" for none. Fails when a text is not written out."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in MARKS:
            said = [part.value if isinstance(part, ast.Constant) else None for part in node.args]
            context, singular, plural = (None if at is None else said[at] for at in MARKS[name])
            assert isinstance(singular, str), f"not written out: {ast.unparse(node)}"
            yield (str(context or ""), singular), str(plural or "")


def in_python() -> Iterator[tuple[Key, str]]:
    """Texts in the code."""
    for app in ("school", "buddies", "meetings"):
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from marked(ast.parse(path.read_text(encoding="utf-8")))


def in_templates() -> Iterator[tuple[Key, str]]:
    """Texts in the templates of pages and mails, which Django first rewrites into calls."""
    folder = ROOT / "templates"
    for path in sorted([*folder.rglob("*.html"), *folder.rglob("*.txt")]):
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        for match in _MARK_IN_TEMPLATE.finditer(code):
            yield from marked(_call_at(code, match.start()))


def _call_at(code: str, start: int) -> ast.AST:
    """The call that begins at `start`; what comes after it is no Python."""
    for end in (found.end() for found in re.finditer(r"\)", code[start:])):
        try:
            return ast.parse(code[start : start + end], mode="eval")
        except SyntaxError:
            continue
    raise AssertionError(f"unreadable: {code[start : start + 80]}")


@pytest.fixture(scope="module")
def texts() -> dict[Key, str]:
    """Every text of the interface, with its plural."""
    return {**dict(in_python()), **dict(in_templates())}


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    """The Dutch catalogue."""
    with PO.open("rb") as file:
        return read_po(file, locale="nl")


def entries(catalogue: Catalog) -> dict[Key, Message]:
    """The translations in `catalogue` without its header."""
    return {(message.context or "", _forms(message.id)[0]): message for message in catalogue if message.id}


def _forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """A text in the catalogue as singular, or as singular and plural."""
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def test_texts_are_found(texts: dict[Key, str]) -> None:
    """The control of these tests: one from code, one from a template, one with a plural."""
    assert ("", "share experience") in dict(in_python())
    assert ("", "To the first page") in dict(in_templates())
    assert any(texts.values())
    assert len(texts) > 500


def test_every_text_has_a_dutch_one(texts: dict[Key, str], catalogue: Catalog) -> None:
    known = entries(catalogue)
    assert sorted(text for text in texts if text not in known or not all(_forms(known[text].string))) == []


def test_every_plural_has_two_dutch_ones(texts: dict[Key, str], catalogue: Catalog) -> None:
    known = entries(catalogue)
    plurals = {text: plural for text, plural in texts.items() if plural and text in known}
    assert {text for text, plural in plurals.items() if _forms(known[text].id)[1:] != (plural,)} == set()
    assert catalogue.num_plurals == 2


def test_nothing_is_left_over(texts: dict[Key, str], catalogue: Catalog) -> None:
    assert sorted(set(entries(catalogue)) - set(texts)) == []
    assert list(catalogue.obsolete) == []


def test_nothing_is_guessed_at(catalogue: Catalog) -> None:
    assert [message.id for message in catalogue if message.fuzzy] == []


def test_dutch_text_holds_the_same_places_to_fill_in(catalogue: Catalog) -> None:
    wrong = []
    for (_context, text), message in entries(catalogue).items():
        allowed = [sorted(_PLACEHOLDER.findall(form)) for form in _forms(message.id)]
        places = [sorted(_PLACEHOLDER.findall(form)) for form in _forms(message.string) if form]
        if any(found not in allowed for found in places):
            wrong.append(text)
    assert wrong == []


def test_dutch_text_keeps_its_line_ends(catalogue: Catalog) -> None:
    """gettext refuses a translation that begins or ends with a new line when the text does not."""
    for (_context, text), message in entries(catalogue).items():
        for form in filter(None, _forms(message.string)):
            assert (form[0] == "\n", form[-1] == "\n") == (text[0] == "\n", text[-1] == "\n"), text

"""The words of the page and the letter with which a parent or buddy answers, in the languages we write them in.

`words/<language>.toml`, one file per language with the same keys. Not gettext: the page speaks the parent's
language, whatever language the staff's pages are in. What somebody agrees to stands in `consent_texts`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.utils import translation
from django.utils.formats import date_format

from ..languages import LANGUAGES, Language

FOLDER = Path(__file__).resolve().parent / "words"
DUTCH = "nl"
# The Dutch of a school that says je to parents. Only Dutch has both: the other languages are polite as they are.
INFORMAL_DUTCH = "nl-je"
WRITTEN = (DUTCH, "en", "tr", "ar", "pl")


@dataclass(frozen=True)
class Speech:
    """One language as a page speaks it. `text` names the files its words come from, which for Dutch says whether
    the school says u or je; a consent that is given on the page keeps it."""

    language: Language
    text: str

    def words(self, *, school: str = "", until: date | None = None) -> dict[str, str]:
        """Every word of the page, with the school's name and the last day to answer filled in."""
        with translation.override(self.language.code):
            day = date_format(until) if until else ""
        return {name: words.format(school=school, day=day) for name, words in _file(self.text).items()}


def speech(code: str, *, formal: bool) -> Speech:
    """How a page in language `code`, one of `WRITTEN`, speaks at a school that says u (`formal`) or je."""
    return Speech(LANGUAGES[code], INFORMAL_DUTCH if code == DUTCH and not formal else code)


def offered(chosen: Iterable[str]) -> list[str]:
    """The languages a school that chose `chosen` offers parents: those we write, and Dutch in any case; all that we
    write when it chose nothing."""
    wanted = {*chosen, DUTCH} if chosen else set(WRITTEN)
    return [code for code in WRITTEN if code in wanted]


@lru_cache(maxsize=16)
def _file(name: str) -> Mapping[str, str]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))

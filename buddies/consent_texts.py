"""The texts people agree to: files that never change once somebody agreed to one.

`buddies/texts/<purpose>/<version>/<language>.txt`; a new wording is a new version. Not gettext: what somebody
agreed to must be readable years later, word for word. `nl-je` is Dutch as a school that says je to parents writes it.
"""

from functools import lru_cache
from pathlib import Path

from .models import Purpose

FOLDER = Path(__file__).resolve().parent / "texts"
CURRENT = "2026-1"


@lru_cache(maxsize=64)
def text(purpose: Purpose, version: str = CURRENT, language: str = "nl") -> str:
    """The words of one version. Raises FileNotFoundError when there is no such text."""
    return (FOLDER / purpose.value / version / f"{language}.txt").read_text(encoding="utf-8")

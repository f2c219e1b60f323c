"""Paper as tagged PDF, set by typst from the templates beside this file.

What is filled in goes to the template as data and is never read as markup.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import typst

FOLDER = Path(__file__).parent


class Template(StrEnum):
    """What can be set; the data each takes is made in `reading.sheets`."""

    SHEET = "sheet"
    SLIPS = "slips"


def pdf(template: Template, data: Mapping[str, Any]) -> bytes:
    """`template` filled with `data`, as a tagged PDF."""
    # PDF/UA: headings, lists and tables are marked as what they are, so that it is read aloud in the right order.
    return typst.compile(_file(template), root=FOLDER, sys_inputs=_inputs(data), pdf_standards="ua-1")


def set_in(data: Mapping[str, Any]) -> dict[str, Any]:
    """How a sheet with `data` is set: its `letter` in points, whether the sentences to `say` are on it, and whether it
    all `fits`."""
    said = typst.query(
        _file(Template.SHEET), "<set-in>", field="value", one=True, root=FOLDER, sys_inputs=_inputs(data)
    )
    found: dict[str, Any] = json.loads(said)
    return found


def _file(template: Template) -> Path:
    return FOLDER / f"{template}.typ"


def _inputs(data: Mapping[str, Any]) -> dict[str, str]:
    return {"data": json.dumps(data)}

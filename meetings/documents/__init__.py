"""Paper as tagged PDF, set by typst from the templates beside this file.

What is filled in goes to the template as data and is never read as markup.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

FOLDER = Path(__file__).parent
# Readable aloud in the right order: headings, lists and tables are marked as what they are.
STANDARD = "ua-1"


def pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """`template` (the name of a .typ file here) filled with `data`, as a tagged PDF. Raises typst.TypstError."""
    filled: bytes = typst.compile(
        FOLDER / f"{template}.typ",
        root=FOLDER,
        sys_inputs={"data": json.dumps(data)},
        pdf_standards=[STANDARD],
    )
    return filled


def told_by(template: str, data: Mapping[str, Any], label: str) -> Any:
    """What `template` itself says under `label` when it is filled with `data`."""
    found = typst.query(
        FOLDER / f"{template}.typ",
        f"<{label}>",
        field="value",
        one=True,
        root=FOLDER,
        sys_inputs={"data": json.dumps(data)},
    )
    return json.loads(found)

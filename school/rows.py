"""The rows of a work list, as `templates/_rows.html` shows them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Row:
    """Who or what, where it stands, and the one next step; what is empty is left out. `url` is where the title leads.
    `status` is in words, `status_kind` how it looks (see `_status.html`). `primary` is the one row to start with."""

    title: str
    url: str = ""
    text: str = ""
    meta: str = ""
    action: str | Promise = ""
    action_url: str = ""
    status: str = ""
    status_kind: str = ""
    primary: bool = False


@dataclass(frozen=True)
class Part:
    """Rows under one heading."""

    key: str
    heading: str | Promise
    rows: tuple[Row, ...]

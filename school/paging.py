"""Lists that grow are shown a page at a time: what a page costs does not grow with the school.

A list first looks lightly at all of it (numbers, in order, and what orders them), takes a page of that, and reads in
full only what stands on it. `templates/_pages.html` links the pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet

# Three screens of a phone, one of a desk: enough to find somebody in, and cheap to make.
PAGE_SIZE = 25
# In addresses.
PARAMETER = "pagina"

T = TypeVar("T")
M = TypeVar("M", bound=Model)


def page(rows: Sequence[T], asked: str | None) -> Page[T]:
    """The page of `rows` that is `asked` for, a number as it stands in an address: nonsense is the first page, and past
    the end is the last. No rows are one empty page."""
    return Paginator(rows, PAGE_SIZE).get_page(asked)


def read(rows: QuerySet[M], numbers: Sequence[int]) -> list[M]:
    """Those of `rows` with these primary keys, in their order; without those that went in the meantime."""
    found = {row.pk: row for row in rows.filter(pk__in=numbers)}
    return [found[number] for number in numbers if number in found]

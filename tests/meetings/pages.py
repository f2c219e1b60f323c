"""What a teacher does in a browser: the addresses, and the answers of a form about a meeting."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils.timezone import localtime

from school import clock

Answer = dict[str, Any]


def url(name: str, *args: Any, school: str = "de-wilgen", query: str = "") -> str:
    """The address of a page of the school."""
    return reverse(f"meetings:{name}", args=[school, *args]) + query


def answer(at: datetime | None = None, **more: Any) -> Answer:
    """A filled in plan: the mother, with a buddy, at `at` or tomorrow."""
    here = localtime(at or clock.now() + timedelta(days=1))
    return {
        "submission": str(uuid4()),
        "day": here.date().isoformat(),
        "time": f"{here:%H:%M}",
        "kind_1": "mother",
        "buddy_1": "along",
        "base_minutes": "15",
        "audience": "group",
        **more,
    }


def as_sent(page: Any, **more: Any) -> Answer:
    """The form of `page` as a browser sends it, with `more` filled in."""
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value is not None} | more

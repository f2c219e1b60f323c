"""What a colleague does in a browser: the addresses, the answers of a form, and what the page then says."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib.messages import get_messages
from django.urls import reverse

from buddies.models import Theme
from school.models import Child

Answer = dict[str, Any]


def url(name: str, *args: Any, school: str = "de-wilgen", query: str = "") -> str:
    """The address of a page of the school."""
    return reverse(f"buddies:{name}", args=[school, *args]) + query


def about(child: Child, **more: Any) -> Answer:
    """A new form about the mother of `child`; what was said is for `more`."""
    return {
        "submission": str(uuid4()),
        "group": str(child.group_id),
        "child": str(child.pk),
        "kind": "mother",
        **more,
    }


def wants(theme: Theme | None, **more: str) -> Answer:
    """The parent wants us to look, for `theme` or for something not clear yet."""
    return {"asked": "yes", "theme": str(theme.pk) if theme else "", **more}


def text(response: Any) -> str:
    """The page as sent."""
    return str(response.content.decode())


def told(response: Any) -> list[str]:
    """The messages on the page that `response` (followed) shows."""
    return [str(message) for message in response.context["messages"]]


def said(response: Any) -> list[str]:
    """The messages this answer leaves for the next page."""
    return [str(message) for message in get_messages(response.wsgi_request)]

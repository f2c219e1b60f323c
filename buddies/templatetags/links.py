"""The personal link on the page of a match."""

from __future__ import annotations

from typing import Any

from django import template

from school import clock

from ..models import Match, Person
from ..reading import links

register = template.Library()


@register.inclusion_tag("buddies/links/_offer.html", takes_context=True)
def personal_link(context: dict[str, Any], match: Match, person: str) -> dict[str, Any]:
    """How it is with the link of `person` ("parent" or "buddy"), and the button to make one."""
    told = links.told(match, Person(person), clock.today())
    return {"match": match, "school": context["school"], "told": told}

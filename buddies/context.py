"""What every template knows from this app."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .access import coordinates, newcomer_theme


def buddies(request: HttpRequest) -> dict[str, Any]:
    """`coordinates`: whether the member arranges a theme; `welcomes`: whether the new families are theirs. Asked only
    where a template needs it."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {"coordinates": False, "welcomes": False}
    return {
        "coordinates": SimpleLazyObject(lambda: coordinates(membership)),
        "welcomes": SimpleLazyObject(lambda: newcomer_theme(membership) is not None),
    }

"""What every template knows from this app."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .access import coordinates


def buddies(request: HttpRequest) -> dict[str, Any]:
    """`coordinates`: whether the member arranges a theme, asked only where a template needs it."""
    membership = getattr(request, "membership", None)
    return {"coordinates": SimpleLazyObject(lambda: coordinates(membership)) if membership else False}

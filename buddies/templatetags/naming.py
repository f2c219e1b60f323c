"""How people are called, and the languages they speak, in templates."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from school.models import Parent

from .. import naming
from ..languages import Language, spoken
from ..models import SupportRequest

register = template.Library()


@register.filter
def request_title(request: SupportRequest) -> str:
    """Whom a request is about."""
    return naming.request_title(request)


@register.filter
def child_title(request: SupportRequest) -> str:
    """The child of a request and its group, or ""."""
    return naming.child_title(request)


@register.filter
def languages_of(parent: Parent) -> list[Language]:
    """The languages a parent speaks."""
    return spoken(parent.spoken)


@register.filter
def in_their_script(languages: Iterable[Language]) -> SafeString:
    """Languages by their own name, each in its own script and direction."""
    return format_html_join(
        ", ",
        '<bdi lang="{}" dir="{}">{}</bdi>',
        ((language.code, language.direction, language.name) for language in languages),
    )

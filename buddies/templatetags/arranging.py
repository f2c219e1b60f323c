"""Who arranges what, for pages about colleagues."""

from __future__ import annotations

from dataclasses import dataclass

from django import template

from school import clock
from school.models import Membership

from ..models import Theme
from ..reading import arranging

register = template.Library()


@dataclass(frozen=True)
class Counts:
    """How many themes a school has `in_use`, and how many of those `nobody` arranges."""

    in_use: int
    nobody: int


@register.simple_tag(takes_context=True)
def theme_counts(context: template.Context) -> Counts:
    """The themes of the school of this page, counted."""
    themes = Theme.objects.filter(school=context["school"])
    return Counts(themes.in_use().count(), themes.without_coordinator(clock.today()).count())


@register.simple_tag
def duties(membership: Membership) -> list[arranging.Duty]:
    """The themes that `membership` arranges or stands in for, each with who does so once they are gone."""
    return arranging.duties(membership, clock.today())

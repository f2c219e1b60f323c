"""Forms of the page on which all that wait are divided: a tap is the whole answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from django import forms
from django.utils.translation import gettext_lazy as _

from school.converters import KeyConverter
from school.forms import BaseForm

from .matches import ProposeForm

# Which buddy was proposed for which request: "12-5.13-8".
_PAIR = rf"(?:{KeyConverter.regex})-(?:{KeyConverter.regex})"
_PLAN = re.compile(rf"{_PAIR}(?:\.{_PAIR})*", re.ASCII)
# Longer than any page can send: it stands in an address afterwards.
_LONGEST = 2500


def plan_text(pairs: Mapping[int, int]) -> str:
    """Which buddy is proposed for which request, as a page carries it."""
    return ".".join(f"{request}-{buddy}" for request, buddy in pairs.items())


def plan_of(text: str) -> dict[int, int]:
    """What the page showed from which somebody acted, by request; nothing of what is no plan."""
    if len(text) > _LONGEST or not _PLAN.fullmatch(text):
        return {}
    pairs = (pair.split("-") for pair in text.split("."))
    return {int(request): int(buddy) for request, buddy in pairs}


class AcceptForm(ProposeForm):
    """The proposed buddy is accepted by tapping why a click is expected (R2, R4)."""

    request = forms.IntegerField(min_value=1, max_value=10**18, widget=forms.HiddenInput)


class Later(StrEnum):
    """How long a request is put off."""

    TOMORROW = "tomorrow"
    NEXT_WEEK = "next_week"
    NOT = "not"


_DAYS = {Later.TOMORROW: 1, Later.NEXT_WEEK: 7}
PUT_OFF = [(Later.TOMORROW.value, _("Not now: tomorrow")), (Later.NEXT_WEEK.value, _("Not now: in a week"))]


class ParkForm(BaseForm):
    """Not now: until when a request is put off; or that it waits again."""

    until = forms.TypedChoiceField(
        label=_("Not now"),
        choices=[*PUT_OFF, (Later.NOT.value, _("Search again"))],
        coerce=Later,
    )

    def day(self, on: date) -> date | None:
        """From which day the request waits again, of a valid form; None when it does already."""
        days = _DAYS.get(self.cleaned_data["until"])
        return on + timedelta(days=days) if days else None

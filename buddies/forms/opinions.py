"""Forms for what staff say about matching: one tap each, no words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from school.conflicts import ChangeForm, fingerprint
from school.forms import BaseForm, Chips
from school.models.people import school_year

from ..matching import PREFERENCES, Importance, Weighing
from ..models import Care, Verdict, WhyApart
from ..reading import sentences

HALF_YEAR, YEAR, SCHOOL_TIME = "half_year", "year", "school_time"
# The longest that a child is at a primary school.
SCHOOL_YEARS = 8


class KeepApartForm(BaseForm):
    """Not these two: why, and for how long."""

    mark_optional = False

    buddy = forms.IntegerField(min_value=1, max_value=10**18, widget=forms.HiddenInput)
    reason = forms.TypedChoiceField(
        label=_("Why not these two?"), choices=WhyApart.choices, coerce=WhyApart, widget=Chips
    )
    term = forms.ChoiceField(
        label=_("For how long?"),
        choices=[
            (HALF_YEAR, _("Half a year")),
            (YEAR, _("A year")),
            (SCHOOL_TIME, _("The whole time at school")),
        ],
        widget=Chips,
    )

    def until(self, on: date) -> date:
        """The day on which it ends, said on `on`. Of a valid form."""
        days = {HALF_YEAR: 183, YEAR: 365}.get(self.cleaned_data["term"])
        return on + timedelta(days=days) if days else date(school_year(on) + SCHOOL_YEARS, 7, 31)


class JudgeForm(BaseForm):
    """What the member thinks of a proposed buddy: the button that was tapped."""

    buddy = forms.IntegerField(min_value=1, max_value=10**18)
    verdict = forms.TypedChoiceField(choices=Verdict.choices, coerce=Verdict)


class WeighingForm(ChangeForm):
    """How much the school cares about each preference. `shown` says of which answers the member saw
    what they change."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def __init__(self, data: Any = None, *, weighing: Weighing) -> None:
        super().__init__(
            data, saved={rule.code: weighing.get(rule.code, Importance.COUNTS).value for rule in PREFERENCES}
        )
        for code in self.saved:
            self.fields[code] = forms.TypedChoiceField(
                label=sentences.preference(code),
                choices=Care.choices,
                coerce=Importance,
                initial=self.saved[code],
                error_messages={"required": _("Make a choice.")},
                widget=Chips,
            )

    def chosen(self) -> Mapping[str, Importance]:
        """What was filled in, of a valid form."""
        return {code: self.cleaned_data[code] for code in self.saved}

    @property
    def confirmed(self) -> bool:
        """Whether the member saw what these very answers change, beside what is saved now. Of a valid form."""
        return bool(self.cleaned_data["shown"] == self._answers())

    def show(self) -> None:
        """From now on the member has seen what these answers change."""
        self.carry(shown=self._answers())

    def _answers(self) -> str:
        return fingerprint({code: str(value) for code, value in self.chosen().items()} | {"": self.version})

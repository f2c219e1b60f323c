"""Looking something up in the log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..conflicts import in_words
from ..log import BY_ITSELF, Kind, Target
from ..models import Membership
from ..reading import log
from .base import BaseForm, DayField


class LogForm(BaseForm):
    """Who did what kind of thing, from which day until which; `over` is what it is about, as an address says it."""

    mark_optional = False

    wie = forms.ChoiceField(label=_("Who"), required=False)
    soort = forms.ChoiceField(label=_("What"), required=False)
    vanaf = DayField(label=_("From"), required=False)
    tot = DayField(label=_("Up to and including"), required=False)
    over = forms.RegexField(
        r"^[a-z]{1,40}-[0-9]{1,18}\Z", required=False, widget=forms.HiddenInput, strip=False
    )

    def __init__(self, data: Any, *, people: Iterable[Membership], kinds: Iterable[Kind]) -> None:
        super().__init__(data)
        self.choice_field("wie").choices = [
            ("", _("everybody")),
            *((str(each.pk), str(each)) for each in people),
            (log.BY_LINK, log.WITH_LINK),
            (log.BY_ITSELF, BY_ITSELF),
            (log.ELSEWHERE, log.PLATFORM),
        ]
        self.choice_field("soort").choices = [("", _("everything")), *((k.value, k.label) for k in kinds)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        since, until = data.get("vanaf"), data.get("tot")
        if since and until and until < since:
            self.add_error("tot", _("The last day lies before the first day."))
        return data

    def wanted(self) -> log.Wanted:
        """What is looked for, of a valid form."""
        data = self.cleaned_data
        return log.Wanted(data["wie"], data["soort"], self.about(), data["vanaf"], data["tot"])

    def asked(self) -> str:
        """What is looked for, in words; "" of a form that is not valid."""
        found = ((self.fields[name], value) for name, value in self.cleaned_data.items() if name != "over")
        words = [f"{field.label}: {in_words(field, value)}" for field, value in found if value]
        return " · ".join(words) if self.is_valid() else ""

    def about(self) -> Target | None:
        """What the events are to be about, of a valid form."""
        name, _dash, number = self.cleaned_data["over"].partition("-")
        return (name, int(number)) if name else None

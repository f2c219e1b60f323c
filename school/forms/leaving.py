"""When a colleague works here, and who takes over what they leave behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ..actions import Days, Stay
from ..conflicts import ChangeForm
from ..handover import Kind
from ..models import Membership
from .staff import DaysFields


@dataclass(frozen=True)
class Choice:
    """One kind of work of who leaves: how much is open, and who could take it over."""

    kind: Kind
    number: int
    people: Mapping[str, Membership]

    @property
    def name(self) -> str:
        """The name of its field."""
        return f"to_{self.kind.key}"


def ask_who(form: forms.Form, choices: Mapping[str, Choice]) -> None:
    """A field for each of `choices`, by name: how much is open, and who could take it over."""
    for name, choice in choices.items():
        form.fields[name] = forms.ChoiceField(
            label=f"{capfirst(str(choice.kind.label))}: {choice.number}",
            choices=[
                ("", _("Choose a colleague")),
                *((key, str(member)) for key, member in choice.people.items()),
            ],
            required=False,
            widget=forms.Select(attrs={"autocomplete": "off"}),
        )


class StayForm(ChangeForm, DaysFields):
    """When a colleague works here; with a last day somebody takes over every kind of work in `choices`."""

    mark_optional = False

    def __init__(self, data: Any = None, *, stay: Stay, choices: list[Choice]) -> None:
        self.choices = {choice.name: choice for choice in choices}
        chosen = {name: stay.successors.get(each.kind.key) for name, each in self.choices.items()}
        saved = {"starts_on": stay.days.starts_on, "ends_on": stay.days.ends_on} | {
            name: str(member.pk) if member else "" for name, member in chosen.items()
        }
        super().__init__(data, saved=saved)
        ask_who(self, self.choices)

    @cached_property
    def helper(self) -> FormHelper:
        """The days first; then, under one question, who takes over."""
        helper = super().helper
        if self.choices:
            question = Fieldset(_("Who takes over what is still open?"), *self.choices)
            helper.layout = Layout("starts_on", "ends_on", question)
        return helper

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("ends_on"):
            for name, choice in self.choices.items():
                if choice.number and name in data and not data[name]:
                    self.add_error(name, _("Choose who takes this over."))
        return data

    def stay(self) -> Stay:
        """What was filled in, of a valid form."""
        chosen = {
            each.kind.key: each.people[self.cleaned_data[name]]
            for name, each in self.choices.items()
            if self.cleaned_data[name]
        }
        return Stay(Days(self.cleaned_data["starts_on"], self.cleaned_data["ends_on"]), chosen)

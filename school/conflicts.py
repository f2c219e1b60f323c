"""Two people change the same thing: who comes second sees both versions, in words, and nothing is lost.

A form about something that exists carries the version it started from. What has no revision of its own is known by a
fingerprint of what the form shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.text import capfirst

from .forms import BaseForm


@dataclass(frozen=True)
class Versions:
    """One field: what is saved, and what the member filled in."""

    label: str
    saved: str
    yours: str

    @property
    def differs(self) -> bool:
        """Whether it makes a difference which version stays."""
        return self.saved != self.yours


def versions(form: forms.Form, saved: Mapping[str, Any]) -> list[Versions]:
    """What the valid `form` would save, beside what is `saved` now, field by field."""
    return [
        Versions(
            str(form.fields[name].label),
            in_words(form.fields[name], value),
            in_words(form.fields[name], form.cleaned_data[name]),
        )
        for name, value in saved.items()
        if name in form.fields
    ]


def on_top_of(sent: QueryDict, **hidden: Any) -> QueryDict:
    """What was `sent` with a form, with other `hidden` values: sent again, it goes over what is saved now."""
    again = sent.copy()
    for name, value in hidden.items():
        again[name] = str(value)
    return again


class ChangeForm(BaseForm):
    """Changes something that exists. `saved` is what each field holds now; `version` says which version that is."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def __init__(
        self, data: Any = None, *, saved: Mapping[str, Any], version: str = "", **kwargs: Any
    ) -> None:
        self.saved, self.version = dict(saved), version or fingerprint(saved)
        super().__init__(data, initial=self.saved | {"seen": self.version}, **kwargs)

    @property
    def outdated(self) -> bool:
        """Whether somebody changed it since this form was opened. Of a valid form."""
        return bool(self.cleaned_data["seen"] != self.version)

    def versions(self) -> list[Versions]:
        """What this valid form would save, beside what is saved now, field by field."""
        return versions(self, self.saved)

    def go_over_it(self) -> None:
        """Sent again, what was filled in goes over what is saved now."""
        self.carry(seen=self.version)

    def carry(self, **hidden: Any) -> None:
        """This form, which was sent, is shown with other `hidden` values."""
        values = {self.add_prefix(name): value for name, value in hidden.items()}
        self.data = on_top_of(cast(QueryDict, self.data), **values)


def fingerprint(saved: Mapping[str, Any]) -> str:
    """Changes whenever one of the values does."""
    return salted_hmac("school.conflicts", repr(sorted(saved.items()))).hexdigest()[:20]


def in_words(field: forms.Field, value: Any) -> str:
    """`value` as the page shows it."""
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if not isinstance(field, forms.ChoiceField):
        return str(value if value is not None else "")
    labels = {str(code): str(label) for code, label in field.widget.choices}
    chosen = value if isinstance(value, list | tuple) else [value]
    return ", ".join(capfirst(labels.get(str(code), str(code))) for code in chosen if code not in (None, ""))

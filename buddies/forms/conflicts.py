"""Two people changed the same thing: both versions, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict


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
    ]


def in_words(field: forms.Field, value: Any) -> str:
    """`value` as the page shows it."""
    if not isinstance(field, forms.ChoiceField):
        return str(value or "")
    labels = {str(code): str(label) for code, label in field.widget.choices}
    chosen = value if isinstance(value, list | tuple) else [value]
    return ", ".join(labels.get(str(code), str(code)) for code in chosen if code not in (None, ""))


def on_top_of(sent: QueryDict, **hidden: Any) -> QueryDict:
    """What was `sent` with a form, with other `hidden` values: sent again, it goes over what is saved now."""
    again = sent.copy()
    for name, value in hidden.items():
        again[name] = str(value)
    return again

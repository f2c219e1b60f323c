"""What every form has in common: how it looks, what it does with names, and how it is sent only once.

The markup stands in `templates/bootstrap5/`: the summary of errors, and a field with its label, hint and error.
A template writes `<form method="post" novalidate>{% crispy form %}…`; the CSRF token comes with it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from .. import text


class TidyCharField(forms.CharField):
    """One line of text, cleaned by `school.text.tidy`; what is empty after that counts as empty."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return text.tidy(value) or self.empty_value if isinstance(value, str) else value


class NoteField(TidyCharField):
    """A few sentences about a parent, at most `max_length` characters.

    The limit is counted out loud on the page and checked here: a `maxlength` attribute would silently cut off
    what is pasted.
    """

    widget = forms.Textarea

    def __init__(self, *, max_length: int = 200, required: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Write it so that the parent may read it too. No diagnosis."))
        super().__init__(max_length=max_length, required=required, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs | {"data-limit": self.max_length, "rows": 3}


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar, which wants and sends it as 2026-11-22."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def field_of(model: type[models.Model], name: str, **kwargs: Any) -> forms.Field:
    """The form field of `model`'s field `name`, with its label and length; texts are tidied.

    `kwargs` (label, required, help_text, widget, …) go before what the model says. Raises TypeError for a field
    that nobody fills in.
    """
    field = model._meta.get_field(name)
    if type(field) is models.CharField and not field.choices:
        kwargs.setdefault("form_class", TidyCharField)
    form_field = field.formfield(**kwargs) if isinstance(field, models.Field) else None
    if form_field is None:
        raise TypeError(f"{name} of {model.__name__} has no form field.")
    return form_field


class _ChoiceMarkup:
    """What chips have in common: `hints` adds a line to some choices, `stacked` sets them below each other."""

    template_name = "school/widgets/chips.html"
    attrs: dict[str, Any]

    def __init__(
        self, *args: Any, stacked: bool = False, hints: Mapping[Any, Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.stacked = stacked
        self.hints = {str(value): hint for value, hint in (hints or {}).items()}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)  # type: ignore[misc]  # the widget's
        context["widget"]["stacked"] = self.stacked
        return context

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]  # same
        option["hint"] = self.hints.get(str(value), "")
        # Said once, by the group.
        option["attrs"].pop("aria-invalid", None)
        return option


class Chips(_ChoiceMarkup, forms.RadioSelect):
    """One of a few, each a large target; radio buttons underneath."""


class ChipsMultiple(_ChoiceMarkup, forms.CheckboxSelectMultiple):
    """Some of a few, each a large target; check boxes underneath."""


def _required_message(field: forms.Field) -> Any:
    if isinstance(field, forms.BooleanField):
        return _("Tick this to go on.")
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return _("Make a choice.")
    return _("Fill this in.")


class BaseForm(forms.Form):
    """The form all others come from.

    `layout` sets the order and groups of the fields (crispy); `mark_optional` says whether fields that may
    stay empty are marked, which a search form does not need.
    """

    use_required_attribute = False
    layout: ClassVar[Layout | None] = None
    mark_optional: ClassVar[bool] = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # The browsers of a school are shared: they keep no names or notes for the next who types.
            if isinstance(field.widget, forms.TextInput | forms.Textarea):
                field.widget.attrs.setdefault("autocomplete", "off")
            if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _required_message(field)

    def choice_field(self, name: str) -> forms.ChoiceField:
        """The field `name`, of which the choices depend on who fills in the form."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    @cached_property
    def helper(self) -> FormHelper:
        """How crispy renders this form: the page writes the form's tag and buttons itself."""
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = self.layout
        helper.render_hidden_fields = True
        helper.mark_optional = self.mark_optional
        return helper


class SubmissionField(forms.UUIDField):
    """The number of one sending of a form, made when the page is made and kept while errors are repaired."""

    widget = forms.HiddenInput
    default_error_messages = {
        "required": _("This page was no longer complete. Check what you filled in and send it again."),
        "invalid": _("This page was no longer complete. Check what you filled in and send it again."),
    }

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was sent; something unusable is replaced, so that sending again can succeed."""
        try:
            return self.to_python(data) or initial
        except forms.ValidationError:
            return initial


class SubmissionForm(BaseForm):
    """A form that makes one row however often it is sent (see `school.submissions`)."""

    submission = SubmissionField(initial=uuid.uuid4)

"""Who a parent is and how to reach them, as they say it."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from school.actions import ParentDetails
from school.forms import BaseForm, Chips, ChipsMultiple, TidyCharField, field_of
from school.models import Parent, ParentKind

from ..languages import COMMON, LANGUAGES, spoken

_PHONE = re.compile(r"^\+?[\d\s().\-/]+$")


def check_phone(number: str) -> None:
    """Raises ValidationError for what nobody could dial. People write the same number in many ways; it is kept so."""
    if not _PHONE.match(number) or not 6 <= len(re.sub(r"\D", "", number)) <= 15:
        raise ValidationError(_("This does not look like a phone number."))


class LanguageChips(ChipsMultiple):
    """Languages by their own name in their own script; the less common ones are folded away."""

    template_name = "buddies/widgets/languages.html"

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        language = spoken([str(value)])[0]
        option["code"], option["direction"] = language.code, language.direction
        option["common"] = int(option["index"]) < COMMON
        return option


class ParentFields(BaseForm):
    """The fields about one parent. All may stay empty: "the mother of Sem" is enough to begin with."""

    first_name = field_of(Parent, "first_name")
    last_name = field_of(Parent, "last_name")
    kind = forms.ChoiceField(
        label=_("Mother, father or other carer"), choices=ParentKind.choices, required=False, widget=Chips
    )
    phone = TidyCharField(
        label=_("Phone number"),
        max_length=30,
        required=False,
        validators=[check_phone],
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        required=False,
        error_messages={"invalid": _("This does not look like an e-mail address.")},
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        help_text=_("What the parent says they speak. None chosen means Dutch."),
        choices=[(code, language.name) for code, language in LANGUAGES.items()],
        required=False,
        widget=LanguageChips,
    )

    def details(self) -> ParentDetails:
        """The parent as typed, of a valid form."""
        data = self.cleaned_data
        return ParentDetails(
            first_name=data["first_name"],
            last_name=data["last_name"],
            kind=data["kind"],
            email=data["email"],
            phone=data["phone"],
            languages=tuple(data["languages"]),
        )


def details_of(parent: Parent) -> ParentDetails:
    """What is written down about `parent` now."""
    return ParentDetails(
        parent.first_name, parent.last_name, parent.kind, parent.email, parent.phone, tuple(parent.languages)
    )


def fingerprint(parent: Parent) -> str:
    """Changes whenever what is written down about `parent` does."""
    return salted_hmac("buddies.forms.parents", repr(details_of(parent))).hexdigest()[:20]


class ParentForm(ParentFields):
    """The details of a parent we know. `seen` says which version the form started from: a parent has no revision."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def __init__(self, data: Any = None, *, parent: Parent, **kwargs: Any) -> None:
        kwargs.setdefault("initial", vars(details_of(parent)) | {"seen": fingerprint(parent)})
        super().__init__(data, **kwargs)
        self.parent = parent
        # A language that is no longer offered stays with who said it.
        languages = self.fields["languages"]
        assert isinstance(languages, forms.MultipleChoiceField)
        languages.choices = [(lang.code, lang.name) for lang in spoken({*LANGUAGES, *parent.languages})]

    @property
    def outdated(self) -> bool:
        """Whether somebody changed the parent since this form was opened. Of a valid form."""
        return bool(self.cleaned_data["seen"] != fingerprint(self.parent))

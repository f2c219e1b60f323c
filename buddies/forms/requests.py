"""Forms about one request, for who arranges its theme."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from school.forms import BaseForm, Chips, NoteField, TidyCharField
from school.models import Membership, ParentKind

from ..actions.requests import Wanted
from ..models import CloseReason, SupportRequest, Theme
from ..models.requests import NOTE_LENGTH
from .signals import OUTSIDE_CLASS

WISHES = [
    ("", _("Makes no difference")),
    (ParentKind.MOTHER, _("A mother")),
    (ParentKind.FATHER, _("A father")),
]
# Withdrawing has a page of its own, because it erases.
REASONS = [
    (reason.value, reason.label)
    for reason in CloseReason
    if reason not in (CloseReason.OPEN, CloseReason.WITHDRAWN)
]


class ThemeForm(BaseForm):
    """What a request is about, the note that goes with it, and the parent's wish."""

    theme = forms.ChoiceField(label=_("What is it about?"), required=False, widget=Chips)
    note = NoteField(label=_("Short note, if it helps"), max_length=NOTE_LENGTH)
    wish = forms.ChoiceField(
        label=_("Would the parent rather talk with a mother or a father?"),
        choices=WISHES,
        required=False,
        widget=Chips,
    )
    outside_class = forms.BooleanField(label=OUTSIDE_CLASS, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        request: SupportRequest,
        themes: Iterable[Theme],
        membership: Membership,
        on: date,
    ) -> None:
        """`themes` are those to choose from; the theme that `request` has now stays a choice."""
        initial = {"theme": request.theme_id or "", "note": request.note, "wish": request.wish}
        super().__init__(data, initial=initial | {"outside_class": request.outside_class})
        self.request, self.membership, self.on = request, membership, on
        self.themes = {str(theme.pk): theme for theme in [*themes, *filter(None, [request.theme])]}
        field = self.choice_field("theme")
        field.choices = [
            *((key, str(theme)) for key, theme in self.themes.items()),
            ("", _("I don't know yet")),
        ]

    def clean_theme(self) -> Theme | None:
        """The theme, unless the parent has another open question about it: there is one a theme."""
        theme = self.themes.get(self.cleaned_data["theme"])
        visible = SupportRequest.objects.visible_to(self.membership, self.on).open()
        others = visible.filter(parent=self.request.parent_id, theme=theme).exclude(pk=self.request.pk)
        if theme is not None and others.exists():
            raise forms.ValidationError(_("This parent has an open question about this already."))
        return theme

    def wanted(self) -> Wanted:
        """What to look for, of a valid form."""
        data = self.cleaned_data
        return Wanted(data["theme"], data["note"], data["wish"], outside_class=data["outside_class"])


class CloseForm(BaseForm):
    """Why a request ends."""

    reason = forms.TypedChoiceField(
        label=_("How did it end?"), choices=REASONS, coerce=CloseReason, widget=Chips(stacked=True)
    )


class ParentSearchForm(BaseForm):
    """A name to look for among the parents one may see."""

    mark_optional = False

    q = TidyCharField(
        label=_("Search by name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class LinkForm(BaseForm):
    """Which parent the typed one is; none says it is somebody new."""

    parent = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

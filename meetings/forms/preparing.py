"""What is filled in before and during a meeting: a question of the parent, and buttons."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from school.forms import BaseForm, NoteField, SubmissionForm

from ..checklist import ITEMS, Phase
from ..models import Meeting, MeetingParent


class QuestionForm(SubmissionForm):
    """A question the parent wants to ask."""

    words = NoteField(label=_("Question of the parent"), required=True)


class TickForm(BaseForm):
    """The button beside a point to prepare; `done` is what it makes of it."""

    item = forms.ChoiceField(choices=[(row.id, row.id) for row in ITEMS if Phase.BEFORE in row.applies])
    done = forms.BooleanField(required=False)


class Turn(StrEnum):
    """What can turn out otherwise than planned."""

    BUDDY_CAME = "buddy_came"
    BUDDY_STAYED_AWAY = "buddy_stayed_away"
    WISH_UNMET = "wish_unmet"
    WISH_POSSIBLE = "wish_possible"


class TurnForm(BaseForm):
    """The buttons of a meeting that turns out otherwise. Those about a buddy say of which parent."""

    turn = forms.ChoiceField(choices=[(turn.value, turn.value) for turn in Turn])
    parent = forms.ChoiceField(required=False)

    def __init__(self, data: Any, *, meeting: Meeting) -> None:
        super().__init__(data)
        self.parents = {str(parent.pk): parent for parent in meeting.parents.all()}
        self.choice_field("parent").choices = [(number, number) for number in self.parents]

    def clean(self) -> dict[str, Any]:
        about_buddy = self.cleaned_data.get("turn") in (Turn.BUDDY_CAME, Turn.BUDDY_STAYED_AWAY)
        if about_buddy != bool(self.cleaned_data.get("parent")):
            raise forms.ValidationError(self.fields["parent"].error_messages["required"])
        return self.cleaned_data

    def chosen(self) -> tuple[Turn, MeetingParent | None]:
        """What turned out; if it is about a buddy, of which parent."""
        return Turn(self.cleaned_data["turn"]), self.parents.get(self.cleaned_data["parent"])

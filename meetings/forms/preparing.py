"""What is filled in before and during a meeting: a question of the parent, and buttons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from school.forms import BaseForm, NoteField, SubmissionForm

from ..actions.errors import NotComing
from ..checklist import Own, Phase, in_order
from ..models import Meeting, MeetingParent
from ..workflow import Turn


class QuestionForm(SubmissionForm):
    """A question the parent wants to ask."""

    words = NoteField(label=_("Question of the parent"), required=True)


class TickForm(BaseForm):
    """The button beside a point to prepare; `done` is what it makes of it."""

    item = forms.ChoiceField()
    done = forms.BooleanField(required=False)

    def __init__(self, data: Any, *, own: Sequence[Own]) -> None:
        """`own` are the points of the school's own."""
        super().__init__(data)
        self.choice_field("item").choices = [(code, code) for code in in_order(Phase.BEFORE, own)]


class TurnForm(BaseForm):
    """The buttons of a meeting that turns out otherwise, tapped by somebody who saw `revision`. Those about a buddy say
    of which parent, by the number of their row."""

    turn = forms.ChoiceField(choices=[(turn.value, turn.value) for turn in Turn])
    parent = forms.IntegerField(required=False)
    revision = forms.IntegerField(min_value=0)

    def __init__(self, data: Any, *, meeting: Meeting) -> None:
        super().__init__(data)
        self.parents = {parent.pk: parent for parent in meeting.parents.all()}

    def clean(self) -> dict[str, Any]:
        about_buddy = self.cleaned_data.get("turn") in (Turn.BUDDY_CAME, Turn.BUDDY_STAYED_AWAY)
        if about_buddy != (self.cleaned_data.get("parent") is not None):
            raise forms.ValidationError(self.fields["parent"].error_messages["required"])
        return self.cleaned_data

    def chosen(self) -> tuple[Turn, MeetingParent | None]:
        """What turned out; if it is about a buddy, of which parent. Raises NotComing when that is nobody who comes."""
        turn, number = Turn(self.cleaned_data["turn"]), self.cleaned_data["parent"]
        if number is not None and number not in self.parents:
            raise NotComing
        return turn, self.parents.get(number)

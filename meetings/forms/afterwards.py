"""After a meeting: how it was, one tap for each who was there, and what is still to be done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, ClassVar, TypedDict
from uuid import UUID

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from school import clock
from school.forms import BaseForm, Chips, DayField, NoteField, SubmissionForm
from school.models import School

from ..actions.meetings import FARTHEST, Evaluation
from ..models import BuddyComes, FollowUpKind, Impression, Meeting, MeetingParent
from ..models.meetings import MAY_BE_THERE
from ..naming import parent_called

IMPRESSIONS = [(value, capfirst(label)) for value, label in Impression.choices]
# Nobody asks themselves: a teacher who says nothing taps nothing.
OWN_IMPRESSIONS = [(value, label) for value, label in IMPRESSIONS if value]
# Long enough to let it settle, soon enough not to be forgotten.
USUALLY_WITHIN = timedelta(days=7)


class EvaluationForm(BaseForm):
    """How everybody said it was (R35). No words of anybody are kept."""

    mark_optional: ClassVar[bool] = False

    teacher = forms.ChoiceField(
        label=gettext_lazy("You"), choices=OWN_IMPRESSIONS, required=False, widget=Chips
    )
    follow_up = forms.BooleanField(label=gettext_lazy("There is to be another meeting"), required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, meeting: Meeting) -> None:
        self.parents: list[MeetingParent] = list(meeting.parents.all())
        initial = {
            "teacher": meeting.teacher_said,
            "follow_up": meeting.follow_up,
            "revision": meeting.revision,
        }
        super().__init__(data, initial=initial)
        fields: dict[str, forms.Field] = {}
        for parent in self.parents:
            fields[f"parent_{parent.pk}"] = _said(capfirst(parent_called(parent)), parent.said)
            if parent.buddy in MAY_BE_THERE:
                fields[f"buddy_{parent.pk}"] = _said(self._buddy_of(parent), parent.buddy_said)
        # The round ends with the teacher: first those who came (N1).
        self.fields = fields | self.fields

    def _buddy_of(self, parent: MeetingParent) -> str:
        whose = {"parent": parent_called(parent)}
        words = _("The buddy") if len(self.parents) == 1 else _("The buddy of %(parent)s") % whose
        if parent.buddy == BuddyComes.UNKNOWN:
            words = _("%(buddy)s, if there was one") % {"buddy": words}
        return words

    @property
    def round(self) -> Iterator[forms.BoundField]:
        """Everybody's answer, one by one."""
        return (field for field in self if field.name not in ("follow_up", "revision"))

    @property
    def not_placed(self) -> list[str]:
        """What somebody said who comes no more, in words: it was filled in on a page that is out of date."""
        labels = dict(IMPRESSIONS)
        return [
            str(labels[value])
            for name, value in self.data.items()
            if name.startswith(("parent_", "buddy_"))
            and name not in self.fields
            and value in labels
            and value
        ]

    @property
    def saved(self) -> dict[str, Any]:
        """What each field but the revision holds now."""
        return {
            name: self.get_initial_for_field(field, name)
            for name, field in self.fields.items()
            if name != "revision"
        }

    def evaluation(self) -> Evaluation:
        """What everybody said, of a valid form."""
        data = self.cleaned_data
        parents = {
            parent.pk: (data[f"parent_{parent.pk}"], data.get(f"buddy_{parent.pk}", ""))
            for parent in self.parents
        }
        return Evaluation(data["teacher"], parents, data["follow_up"])


def _said(label: str, initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=IMPRESSIONS, required=False, initial=initial, widget=Chips)


def usual_day(school: School) -> date:
    """The day by which most of what is promised can be done."""
    return school.first_working_day(clock.today() + USUALLY_WITHIN)


class Answer(TypedDict):
    """What a member will do: what `promise` records."""

    kind: FollowUpKind
    words: str
    due_on: date
    submission: UUID


class FollowUpForm(SubmissionForm):
    """What this member will do for the parent, and by when: come back to something (R32), or talk about how it went
    (R36), of which nothing but the day is kept."""

    words = NoteField(
        label=gettext_lazy("What will you come back to?"),
        required=True,
        help_text=gettext_lazy("A few words, for yourself. No diagnosis."),
    )
    due_on = DayField(label=gettext_lazy("By when?"))

    def __init__(self, data: Any = None, *, kind: FollowUpKind, usual: date) -> None:
        """`usual` is the day to start with (see `usual_day`)."""
        super().__init__(data, initial={"due_on": usual})
        self.kind = kind
        if kind is FollowUpKind.TALK:
            del self.fields["words"]
            self.fields["due_on"].label = _("When do you talk?")

    def answer(self) -> Answer:
        """What the action is told, of a valid form."""
        data = self.cleaned_data
        return {
            "kind": self.kind,
            "words": data.get("words", ""),
            "due_on": data["due_on"],
            "submission": data["submission"],
        }

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        if due_on < clock.today():
            raise forms.ValidationError(_("This day is past. Choose a day from today on."))
        if due_on > clock.today() + FARTHEST:
            raise forms.ValidationError(_("This day is more than a year ahead. Look at the date again."))
        return due_on

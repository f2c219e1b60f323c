"""The groups of this school year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..actions import GroupDetails
from ..conflicts import ChangeForm
from ..models import Group, Membership
from .base import Chips, ChipsMultiple, field_of

GRADES = [(str(grade), str(grade)) for grade in range(1, 9)]


class GroupForm(ChangeForm):
    """A group: what it is called, its grades, and who teaches it. `group` is None for a new one."""

    name = field_of(Group, "name", help_text=_("As you say it at school: 1/2A, 5 or 7B."))
    first_grade = forms.ChoiceField(label=_("Lowest grade"), choices=GRADES, widget=Chips)
    last_grade = forms.ChoiceField(label=_("Highest grade"), choices=GRADES, widget=Chips)
    teachers = forms.MultipleChoiceField(label=_("Teachers"), required=False, widget=ChipsMultiple)

    def __init__(self, data: Any = None, *, group: Group | None = None, people: Sequence[Membership]) -> None:
        self.people = {str(member.pk): member for member in people}
        super().__init__(data, saved=self._saved(group))
        self.choice_field("teachers").choices = [(key, str(member)) for key, member in self.people.items()]

    def _saved(self, group: Group | None) -> dict[str, Any]:
        if group is None:
            return {"name": "", "first_grade": "", "last_grade": "", "teachers": []}
        teaching = {str(place.membership_id) for place in group.groupteacher_set.all()}
        return {
            "name": group.name,
            "first_grade": str(group.first_grade),
            "last_grade": str(group.last_grade),
            "teachers": [key for key in self.people if key in teaching],
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first_grade"), data.get("last_grade")
        if first and last and last < first:
            self.add_error("last_grade", _("The highest grade is below the lowest one."))
        return data

    def details(self) -> GroupDetails:
        """The group as filled in, of a valid form."""
        data = self.cleaned_data
        return GroupDetails(data["name"], int(data["first_grade"]), int(data["last_grade"]))

    def chosen_teachers(self) -> list[Membership]:
        """Who teaches it, of a valid form."""
        return [self.people[key] for key in self.cleaned_data["teachers"]]

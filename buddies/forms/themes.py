"""Who arranges a theme, and who stands in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from school.forms import BaseForm
from school.models import Membership

from ..reading.arranging import Arrangement


class CoordinatorsForm(BaseForm):
    """The two places of one theme. `choices` are the members who may take one, `by` is who decides; what is left as
    it was changes nothing."""

    coordinator = forms.ChoiceField(label=_("Arranges it"), required=False)
    deputy = forms.ChoiceField(label=_("Stands in"), required=False)

    mark_optional = False

    def __init__(
        self, data: Any = None, *, arrangement: Arrangement, by: Membership, choices: Sequence[Membership]
    ) -> None:
        super().__init__(data, prefix=f"theme-{arrangement.theme.pk}")
        self.arrangement = arrangement
        self.people = {str(member.pk): member for member in choices}
        self.now = {"coordinator": arrangement.coordinator, "deputy": arrangement.deputy}
        for name, member in self.now.items():
            self._offer(name, member, by)

    def _offer(self, name: str, member: Membership | None, by: Membership) -> None:
        """The choices of one place: those who may take it, below how it is now when that is none of them."""
        field = self.choice_field(name)
        people = [(key, str(somebody)) for key, somebody in self.people.items()]
        if member is None:
            people.insert(0, ("", gettext("Nobody named")))
        elif str(member.pk) in self.people:
            field.initial = str(member.pk)
        elif member == by:
            people.insert(0, ("", gettext("You")))
        else:
            people.insert(0, ("", gettext("%(name)s (no longer works here)") % {"name": member}))
        field.choices = people

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        after = [data.get(name) or (str(member.pk) if member else "") for name, member in self.now.items()]
        if after[0] and after[0] == after[1]:
            self.add_error("deputy", _("Choose somebody else to stand in."))
        return data

    def changes(self) -> Iterator[tuple[Membership, bool]]:
        """Who takes which place from now on, of a valid form: the member, and whether as deputy."""
        for name, member in self.now.items():
            chosen = self.people.get(self.cleaned_data[name])
            if chosen is not None and chosen != member:
                yield chosen, name == "deputy"

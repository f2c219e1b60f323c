"""The themes of a school, who arranges each, and who stands in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from school.conflicts import ChangeForm, fingerprint
from school.forms import BaseForm, Chips, field_of
from school.models import Membership

from ..actions.schools import Named, ThemeDetails
from ..models import Theme
from ..reading.arranging import Arrangement

# The choice that gives a place back; the empty one leaves it as it is.
NOBODY = "nobody"
YES, NO = "yes", "no"


class CoordinatorsForm(ChangeForm):
    """The two places of one theme. `choices` are the members who may take one, `by` is who decides; what is left as it
    was changes nothing."""

    coordinator = forms.ChoiceField(label=_("Arranges it"), required=False)
    deputy = forms.ChoiceField(label=_("Stands in"), required=False)

    mark_optional = False

    def __init__(
        self, data: Any = None, *, arrangement: Arrangement, by: Membership, choices: Sequence[Membership]
    ) -> None:
        self.arrangement = arrangement
        self.people = {str(member.pk): member for member in choices}
        self.now = {"coordinator": arrangement.coordinator, "deputy": arrangement.deputy}
        saved = {name: self._now(member) for name, member in self.now.items()}
        version = fingerprint({name: member.pk if member else None for name, member in self.now.items()})
        super().__init__(data, saved=saved, version=version, prefix=f"theme-{arrangement.theme.pk}")
        for name, member in self.now.items():
            self._offer(name, member, by)

    def _now(self, member: Membership | None) -> str:
        """The choice that leaves a place as it is."""
        if member is None:
            return NOBODY
        return str(member.pk) if str(member.pk) in self.people else ""

    def _offer(self, name: str, member: Membership | None, by: Membership) -> None:
        """The choices of one place: nobody, those who may take it, and how it is now when that is none of them."""
        field = self.choice_field(name)
        people = [(NOBODY, gettext("Nobody named"))]
        if self._now(member) == "":
            gone = gettext("%(name)s (no longer works here)") % {"name": member}
            people.insert(0, ("", gettext("You") if member == by else gone))
        field.choices = people + [(key, str(somebody)) for key, somebody in self.people.items()]

    @property
    def was(self) -> Named:
        """Who held the two places when this form was made."""
        return {name == "deputy": member.pk for name, member in self.now.items() if member is not None}

    def after(self, name: str) -> str:
        """Who takes the place `name` once this form is saved: a number, or nothing."""
        chosen, member = self.cleaned_data.get(name, ""), self.now[name]
        if chosen == NOBODY:
            return ""
        return str(chosen or (member.pk if member else ""))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        coordinator, deputy = self.after("coordinator"), self.after("deputy")
        if coordinator and coordinator == deputy:
            self.add_error("deputy", _("Choose somebody else to stand in."))
        closed = self.arrangement.theme.hidden_from_intern_begeleider
        if closed and not (coordinator or deputy) and any(self.now.values()):
            self.add_error(
                "coordinator", _("This theme is closed to the intern begeleider, so choose somebody.")
            )
        return data

    def changes(self) -> Iterator[tuple[Membership | None, bool]]:
        """Who takes which place from now on, of a valid form: the member, or nobody, and whether as deputy. Places
        that are given back come last, so that somebody who changes places is never nobody."""
        moved = [(name, self.after(name)) for name, member in self.now.items()]
        for name, key in sorted(moved, key=lambda place: not place[1]):
            member = self.now[name]
            if key != (str(member.pk) if member else ""):
                yield self.people.get(key), name == "deputy"


class ThemeFields(BaseForm):
    """A theme of the school's own."""

    name = field_of(
        Theme,
        "name",
        required=True,
        help_text=_(
            "A worry or an experience that parents recognise, no diagnosis: “moving house”, “sleeping”."
        ),
    )
    sensitive = forms.ChoiceField(
        label=_("Is it sensitive within one class?"),
        help_text=_("Then two parents of the same class are only proposed with a point of attention."),
        choices=[(YES, _("Yes")), (NO, _("No"))],
        initial=YES,
        widget=Chips,
    )

    @property
    def is_sensitive(self) -> bool:
        """Whether it may be awkward between parents of one class. Of a valid form."""
        return bool(self.cleaned_data["sensitive"] == YES)


class ThemeForm(ChangeForm, ThemeFields):
    """What the school decides about one theme; only its own can be renamed."""

    shown = forms.ChoiceField(
        label=_("Can it be chosen?"),
        choices=[(YES, _("Yes")), (NO, _("No, hide it"))],
        widget=Chips(
            stacked=True,
            hints={NO: _("What already runs goes on. Nobody can choose it for something new.")},
        ),
    )

    field_order = ("name", "shown", "sensitive")

    def __init__(self, data: Any = None, *, theme: Theme) -> None:
        saved = {
            "name": theme.name,
            "shown": NO if theme.hidden else YES,
            "sensitive": YES if theme.sensitive else NO,
        }
        if theme.code:
            del saved["name"]
        super().__init__(data, saved=saved)
        if theme.code:
            del self.fields["name"]

    def details(self) -> ThemeDetails:
        """What was decided, of a valid form."""
        data = self.cleaned_data
        return ThemeDetails(data.get("name", ""), data["shown"] == NO, self.is_sensitive)

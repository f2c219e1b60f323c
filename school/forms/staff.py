"""Colleagues: who they are here, what they may do, when and for which groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from ..actions import Days
from ..conflicts import ChangeForm
from ..context import ROLE_LABELS
from ..models import Child, Group, ParentKind, User
from ..roles import Role
from .base import BaseForm, Chips, ChipsMultiple, DayField, field_of

_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 12, 31)
_UNLIKELY = _("Is this the right year? Choose a day between 2000 and 2100.")
ROLE_HINTS = {
    Role.TEACHER: _("Signals parents and prepares meetings."),
    Role.INTERN_BEGELEIDER: _("Sees all themes and the parents in them, and arranges what nobody else does."),
    Role.DIRECTOR: _("Gives roles, decides who arranges what, and sees the counts."),
    Role.BOUWCOORDINATOR: _("As a teacher; often arranges language or new kindergartners."),
    Role.ADMINISTRATOR: _("Accounts, groups and settings. Sees no parents and no signals."),
}


def day_field(**kwargs: Any) -> DayField:
    """A day that may have been meant; a year with a digit too many or too few is none."""
    limits = [MinValueValidator(_EARLIEST, _UNLIKELY), MaxValueValidator(_LATEST, _UNLIKELY)]
    return DayField(validators=limits, **kwargs)


def roles_field() -> forms.MultipleChoiceField:
    """What somebody is at this school; more than one thing is possible, and nothing yet."""
    return forms.MultipleChoiceField(
        label=_("Roles"),
        choices=[(role.value, ROLE_LABELS[role]) for role in Role],
        required=False,
        widget=ChipsMultiple(stacked=True, hints=ROLE_HINTS),
    )


def groups_field() -> forms.MultipleChoiceField:
    """Which groups somebody teaches."""
    return forms.MultipleChoiceField(
        label=_("Groups"),
        help_text=_("Of which groups is this the teacher? Two colleagues can share a group."),
        required=False,
        widget=ChipsMultiple,
    )


class GroupsFields(BaseForm):
    """The groups of this school year to choose from."""

    groups = groups_field()

    def offer_groups(self, groups: Iterable[Group]) -> None:
        """Let these be the choices; without any, the question is not asked."""
        self.known = {str(group.pk): group for group in groups}
        self.choice_field("groups").choices = [(key, group.name) for key, group in self.known.items()]
        if not self.known:
            del self.fields["groups"]

    def chosen_groups(self) -> list[Group]:
        """The groups that were chosen, of a valid form."""
        return [self.known[key] for key in self.cleaned_data.get("groups", [])]


class DaysFields(BaseForm):
    """From when until when somebody works here."""

    starts_on = day_field(label=_("First day"), required=False)
    ends_on = day_field(
        label=_("Last day"),
        help_text=_("For a substitute, or somebody who leaves. After this day they cannot come in any more."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first day."))
        return data

    def days(self) -> Days:
        """The days, of a valid form."""
        return Days(self.cleaned_data["starts_on"], self.cleaned_data["ends_on"])


class AddColleagueForm(DaysFields, GroupsFields):
    """Somebody who comes to work here. Roles can be given by who may."""

    field_order = ("name", "email", "roles", "groups", "starts_on", "ends_on")

    name = field_of(User, "name", label=_("First and last name"))
    email = forms.EmailField(
        label=_("E-mail address of work"),
        help_text=_("This is what they sign in with."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": _("This does not look like an e-mail address.")},
    )
    roles = roles_field()

    def __init__(self, data: Any = None, *, groups: Iterable[Group], gives_roles: bool, today: date) -> None:
        super().__init__(data, initial={"starts_on": today})
        self.offer_groups(groups)
        if not gives_roles:
            del self.fields["roles"]

    def roles_given(self) -> list[Role]:
        """The roles, of a valid form; none by who may not give them."""
        return [Role(role) for role in self.cleaned_data.get("roles", [])]


class ColleagueGroupsForm(ChangeForm, GroupsFields):
    """Which groups a colleague teaches this school year."""

    def __init__(self, data: Any = None, *, groups: Sequence[Group], teaches: Iterable[int]) -> None:
        taught = set(teaches)
        super().__init__(data, saved={"groups": [str(group.pk) for group in groups if group.pk in taught]})
        self.offer_groups(groups)


class ChildForm(BaseForm):
    """Of which pupil a colleague is a parent. What they are to the child is asked once."""

    child = forms.ChoiceField(
        label=_("Child"),
        widget=forms.Select(attrs={"autocomplete": "off"}),
        error_messages={"invalid_choice": _("This child is not on the class list. Choose again.")},
    )
    kind = forms.ChoiceField(
        label=_("Mother, father or other carer"), choices=ParentKind.choices, required=False, widget=Chips
    )

    def __init__(self, data: Any = None, *, groups: Iterable[Group], ask_kind: bool) -> None:
        """`groups` come with their children."""
        super().__init__(data)
        self.children: dict[str, Child] = {}
        choices: list[Any] = [("", _("Choose a child"))]
        for group in groups:
            pupils = {str(child.pk): child for child in group.child_set.all()}
            self.children |= pupils
            choices.append((group.name, [(key, child.first_name) for key, child in pupils.items()]))
        self.choice_field("child").choices = choices
        if not ask_kind:
            del self.fields["kind"]

    def chosen(self) -> Child:
        """The child, of a valid form."""
        return self.children[self.cleaned_data["child"]]

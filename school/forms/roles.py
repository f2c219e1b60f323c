"""What a colleague is at this school."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from ..conflicts import ChangeForm
from ..models import Membership
from ..roles import Role, permissions
from .leaving import Choice, ask_who
from .staff import roles_field


class RolesForm(ChangeForm):
    """What a colleague is here. Of what is open, and cannot be done with the roles that are filled in, somebody takes
    over; `choices` is everything that is open."""

    mark_optional = False
    roles = roles_field()

    def __init__(self, data: Any = None, *, colleague: Membership, choices: list[Choice]) -> None:
        super().__init__(data, saved={"roles": [role.value for role in Role if role in colleague.roles]})
        filled_in = set(data.getlist("roles") if data else self.saved["roles"])
        may = permissions(role for role in Role if role.value in filled_in)
        self.choices = {
            choice.name: choice for choice in choices if choice.number and choice.kind.permission not in may
        }
        ask_who(self, self.choices)

    @cached_property
    def helper(self) -> FormHelper:
        """The roles first; then, under one question, who takes over."""
        helper = super().helper
        if self.choices:
            question = _("Who takes over what this colleague may not do any more?")
            helper.layout = Layout("roles", Fieldset(question, *self.choices))
        return helper

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in self.choices:
            if name in data and not data[name]:
                self.add_error(name, _("Choose who takes this over."))
        return data

    def chosen(self) -> list[Role]:
        """The roles, of a valid form."""
        return [Role(role) for role in self.cleaned_data["roles"]]

    def successors(self) -> dict[str, Membership]:
        """By kind of work who takes over, of a valid form."""
        return {each.kind.key: each.people[self.cleaned_data[name]] for name, each in self.choices.items()}

"""Planning a meeting: choices first, in three minutes on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from datetime import time as clock_time
from typing import Any, ClassVar

from django import forms
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from buddies.actions.errors import Refused
from school.forms import BaseForm, Chips, DayField, SubmissionForm, TidyCharField, field_of
from school.models import Child, Membership, ParentKind

from ..actions.meetings import ParentComing, Plan, check_child, check_moment
from ..models import Audience, BuddyComes, Meeting
from ..moments import moment

MINUTES = (10, 15, 20, 30, 45, 60)
NOBODY = "nobody"
NO, YES = "no", "yes"
KINDS = [
    (ParentKind.MOTHER, _("Mother")),
    (ParentKind.FATHER, _("Father")),
    (ParentKind.CARER, _("Other carer")),
]
# As the parent told the teacher: nothing on this page knows of a match.
BUDDIES = [
    (BuddyComes.ALONG, _("Comes along")),
    (BuddyComes.PREPARES, _("Only helps to prepare")),
    (BuddyComes.NONE, _("No buddy")),
    (BuddyComes.UNKNOWN, _("I don't know yet")),
]


def _name() -> TidyCharField:
    return TidyCharField(label=_("Name of this parent"), max_length=80, required=False)


def _buddy(**kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Does this parent have a buddy?"), choices=BUDDIES, required=False, widget=Chips, **kwargs
    )


def _yes_or_no(label: Any, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[(NO, _("No")), (YES, _("Yes"))],
        initial=NO,
        required=False,
        widget=Chips,
        **kwargs,
    )


class PlanFields(BaseForm):
    """Which child, which parents, when, and what to take into account. Only the moment must be filled in."""

    child = forms.ChoiceField(
        label=_("Child"),
        required=False,
        error_messages={"invalid_choice": _("Choose a child from the list.")},
    )
    child_name = field_of(
        Child,
        "first_name",
        label=_("First name of the child"),
        help_text=_("Only if the child is not in the list."),
        required=False,
    )
    kind_1 = forms.ChoiceField(
        label=_("Who comes?"),
        choices=[*KINDS, (ParentKind.UNKNOWN, _("I don't know yet"))],
        required=False,
        widget=Chips,
    )
    name_1 = _name()
    buddy_1 = _buddy(
        help_text=_("As the parent told you. If you don't know, you prepare for a buddy."),
        initial=BuddyComes.UNKNOWN,
    )
    kind_2 = forms.ChoiceField(
        label=_("Who else comes?"), choices=[*KINDS, (NOBODY, _("Nobody"))], required=False, widget=Chips
    )
    name_2 = _name()
    buddy_2 = _buddy()
    day = DayField(label=_("Date"))
    time = forms.TimeField(
        label=_("Time"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "autocomplete": "off"})
    )
    base_minutes = forms.TypedChoiceField(
        label=_("How many minutes do you usually take?"), coerce=int, initial=15, widget=Chips
    )
    room = field_of(Meeting, "room", label=_("Room"))
    sensitive_news = _yes_or_no(
        _("Is there sensitive news that the parent does not know yet?"),
        help_text=_("Only yes or no. What the news is, you do not write down here."),
    )
    interpreter = _yes_or_no(_("Does an interpreter come?"))
    audience = forms.ChoiceField(
        label=_("Who may look into it?"),
        choices=[(value, capfirst(label)) for value, label in Audience.choices],
        initial=Audience.GROUP,
        widget=Chips(stacked=True),
    )

    mark_optional: ClassVar[bool] = False
    # The moment of a meeting that is planned already: what stays as it is, is not checked again.
    already_at: datetime | None = None

    def __init__(
        self, *args: Any, membership: Membership, on: date, also: Child | None = None, **kwargs: Any
    ) -> None:
        """`also` is a child to choose besides those of the groups: one that is in the meeting already."""
        super().__init__(*args, **kwargs)
        self.membership = membership
        self._offer_children(on, also)
        usual = self.initial.get("base_minutes", MINUTES[0])
        minutes = sorted({*MINUTES, usual})
        self.choice_field("base_minutes").choices = [(each, str(each)) for each in minutes]

    def _offer_children(self, on: date, also: Child | None) -> None:
        """The children of the groups this member teaches; of all groups for who teaches none."""
        current = list(self.membership.school.group_set.current(on))
        taught = set(self.membership.groupteacher_set.values_list("group_id", flat=True))
        groups = [group for group in current if group.pk in taught] or current
        listed = self.membership.school.child_set.filter(group__in=groups).order_by("sort_key", "pk")
        self.groups = {f"g{group.pk}": group for group in groups}
        self.children = {str(child.pk): child for child in [*listed, *([also] if also else [])]}
        choices: list[Any] = [("", _("No child chosen"))]
        for key, group in self.groups.items():
            names = [(pk, str(child)) for pk, child in self.children.items() if child.group_id == group.pk]
            choices.append((group.name, [*names, (key, _("Not in this list"))]))
        choices += [
            (pk, str(child)) for pk, child in self.children.items() if f"g{child.group_id}" not in self.groups
        ]
        self.choice_field("child").choices = choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "day" in data and "time" in data:
            self._check_moment(data["day"], data["time"])
        try:
            check_child(self.children.get(data.get("child", "")), self.membership)
        except Refused as refused:
            self.add_error("child", str(refused.message))
        if data.get("kind_2") == NOBODY and data.get("name_2"):
            self.add_error("kind_2", _("You filled in a name. Choose who it is, or clear the name."))
        return data

    def _check_moment(self, day: date, at: clock_time) -> None:
        try:
            self.at = moment(day, at)
        except Refused as refused:
            self.add_error("time", str(refused.message))
            return
        if self.at == self.already_at:
            return
        try:
            check_moment(self.at)
        except Refused as refused:
            self.add_error("day", str(refused.message))

    def plan(self) -> Plan:
        """What is planned, of a valid form."""
        data = self.cleaned_data
        child, group = self.children.get(data["child"]), self.groups.get(data["child"])
        return Plan(
            at=self.at,
            parents=self._parents(),
            child=child,
            child_name="" if child else data["child_name"],
            group=group,
            base_minutes=data["base_minutes"],
            room=data["room"],
            interpreter=data["interpreter"] == YES,
            sensitive_news=data["sensitive_news"] == YES,
            audience=Audience(data["audience"]),
        )

    def _parents(self) -> tuple[ParentComing, ...]:
        data = self.cleaned_data
        first, second = (
            ParentComing(
                data[f"kind_{number}"],
                data[f"name_{number}"],
                BuddyComes(data[f"buddy_{number}"] or "unknown"),
            )
            for number in (1, 2)
        )
        filled_in = data["kind_2"] or data["name_2"] or data["buddy_2"]
        return (first, second) if filled_in and data["kind_2"] != NOBODY else (first,)

    @property
    def second_open(self) -> bool:
        """Whether there is something to see of a second parent."""
        return any(self[name].value() or self[name].errors for name in ("kind_2", "name_2", "buddy_2"))


class PlanForm(PlanFields, SubmissionForm):
    """A new meeting."""


class ChangeForm(PlanFields):
    """A meeting that is going to be otherwise, changed by somebody who saw `revision`."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, own: bool, at: datetime, **kwargs: Any) -> None:
        """`own`: this member planned it, and so says who may look into it. `at`: when it is planned now."""
        self.already_at = at
        super().__init__(*args, **kwargs)
        if not own:
            self.fields["audience"].disabled = True
            self.fields["audience"].help_text = _("Only who planned the meeting changes this.")


def start_with(plan: Plan) -> dict[str, Any]:
    """The fields of a form for what `plan` says."""
    here = localtime(plan.at)
    buddies = [parent.buddy for parent in plan.parents]
    news = YES if plan.sensitive_news else NO
    return {
        "day": here.date(),
        "time": here.time().replace(second=0, microsecond=0),
        "sensitive_news": news,
    } | _lasting(plan, buddies)


def start_after(plan: Plan) -> dict[str, Any]:
    """The fields of a form for the meeting that follows on `plan`: the same people in the same place. Of the buddy it
    is asked anew (R37), and the news is not known yet."""
    return _lasting(plan, [BuddyComes.UNKNOWN for _parent in plan.parents])


def _lasting(plan: Plan, buddies: Sequence[BuddyComes]) -> dict[str, Any]:
    not_listed = f"g{plan.group.pk}" if plan.group else ""
    fields: dict[str, Any] = {
        "child": plan.child.pk if plan.child else not_listed,
        "child_name": plan.child_name,
        "base_minutes": plan.base_minutes,
        "room": plan.room,
        "interpreter": YES if plan.interpreter else NO,
        "audience": plan.audience,
    }
    for number, (parent, buddy) in enumerate(zip(plan.parents, buddies, strict=True), start=1):
        fields |= {
            f"kind_{number}": parent.kind,
            f"name_{number}": parent.name,
            f"buddy_{number}": buddy,
        }
    return fields

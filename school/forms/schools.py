"""What a school decides for itself, and its holidays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..actions import HolidayDetails, SchoolSettings
from ..conflicts import ChangeForm
from ..models import Holiday, School
from .base import Chips, field_of
from .staff import day_field

FORMAL, INFORMAL = "formal", "informal"
# A date with a digit wrong would silence every reminder.
LONGEST_HOLIDAY = timedelta(days=100)


def _days(least: int, most: int, **kwargs: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(min_value=least, max_value=most, widget=widget, **kwargs)


class SchoolForm(ChangeForm):
    """How the school addresses parents, and how long things wait."""

    address = forms.ChoiceField(
        label=_("How do you address parents?"),
        help_text=_("In the sentences that you say or send to parents."),
        choices=[(FORMAL, _("Formally: “u”")), (INFORMAL, _("Informally: “je”"))],
        widget=Chips,
    )
    checkin_days = _days(
        7,
        180,
        label=_("Call back after how many days?"),
        help_text=_(
            "After two parents are connected, somebody asks both how it goes. Usually after 42 days."
        ),
    )
    undiscussed_days = _days(
        1,
        30,
        label=_("How many days does a signal wait for a talk with the parent?"),
        help_text=_("If nobody has discussed it by then, it is erased. Usually 14 days."),
    )
    suggestion_days = _days(
        7,
        60,
        label=_("How many days does a suggested buddy wait to be asked?"),
        help_text=_("If nobody has asked the parent by then, the suggestion is erased. Usually 30 days."),
    )

    def __init__(self, data: Any = None, *, school: School) -> None:
        saved = {
            "address": FORMAL if school.formal_address else INFORMAL,
            "checkin_days": school.checkin_days,
            "undiscussed_days": school.undiscussed_days,
            "suggestion_days": school.suggestion_days,
        }
        super().__init__(data, saved=saved, version=str(school.revision))

    def settings(self) -> SchoolSettings:
        """What was decided, of a valid form."""
        data = self.cleaned_data
        return SchoolSettings(
            data["address"] == FORMAL,
            data["checkin_days"],
            data["undiscussed_days"],
            data["suggestion_days"],
        )


class HolidayForm(ChangeForm):
    """Days on which nobody is at school. `holiday` is None for a new one."""

    name = field_of(Holiday, "name", help_text=_("Autumn holiday, or a study day."))
    first_day = day_field(label=_("First day"))
    last_day = day_field(label=_("Last day"), help_text=_("For one day: the same day again."))

    def __init__(self, data: Any = None, *, holiday: Holiday | None = None) -> None:
        saved = {name: getattr(holiday, name, None) for name in ("name", "first_day", "last_day")}
        super().__init__(data, saved=saved)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day lies before the first day."))
        elif first and last and last - first > LONGEST_HOLIDAY:
            self.add_error("last_day", _("This is more than a hundred days. Look at the dates again."))
        return data

    def details(self) -> HolidayDetails:
        """The holiday as filled in, of a valid form."""
        data = self.cleaned_data
        return HolidayDetails(data["name"], data["first_day"], data["last_day"])

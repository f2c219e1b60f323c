"""What a school agrees about its meetings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from school.conflicts import ChangeForm
from school.forms import Chips, field_of

from ..actions.agreements import PointDetails
from ..checklist import NOT_KNOWN, Phase, When
from ..models import Agreements, OwnPoint
from ..models.agreements import LONGEST_EXTRA, SHORTEST_ALONE
from ..planning import Extra
from ..reading.agreements import CONDITIONS, PHASES


def _minutes(least: int, **kwargs: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(min_value=least, max_value=LONGEST_EXTRA, widget=widget, **kwargs)


class MinutesForm(ChangeForm):
    """How many minutes are reserved beside what a teacher usually takes (R25)."""

    buddy = _minutes(
        0,
        label=gettext_lazy("For each buddy"),
        help_text=gettext_lazy("A buddy tells something too, or explains what you say. Usually 10 minutes."),
    )
    interpreter = _minutes(
        0,
        label=gettext_lazy("With an interpreter"),
        help_text=gettext_lazy("Everything is said twice. Usually 10 minutes."),
    )
    alone = _minutes(
        SHORTEST_ALONE,
        label=gettext_lazy("With the parent alone, when there is sensitive news"),
        help_text=gettext_lazy("The parent comes this much earlier than the buddy. Usually 10 minutes."),
    )

    def __init__(self, data: Any = None, *, agreed: Agreements) -> None:
        extra = agreed.extra
        saved = {"buddy": extra.buddy, "interpreter": extra.interpreter, "alone": extra.alone}
        super().__init__(data, saved=saved, version=str(agreed.revision))

    def extra(self) -> Extra:
        """What was agreed, of a valid form."""
        data = self.cleaned_data
        return Extra(data["buddy"], data["interpreter"], data["alone"])


class PointForm(ChangeForm):
    """A point of the school's own; `point` is None for a new one."""

    do = field_of(
        OwnPoint,
        "do",
        label=gettext_lazy("What to do?"),
        help_text=gettext_lazy(
            "For all meetings of your school: nothing about a child, a parent or a buddy."
        ),
    )
    why = field_of(OwnPoint, "why", label=gettext_lazy("Why?"), required=False)
    say = field_of(OwnPoint, "say", label=gettext_lazy("A sentence to say"), required=False)
    phase = forms.ChoiceField(
        label=gettext_lazy("When is it read?"), choices=list(PHASES.items()), widget=Chips
    )
    when = forms.ChoiceField(
        label=gettext_lazy("For which meetings?"),
        widget=Chips(stacked=True),
    )

    def __init__(self, data: Any = None, *, point: OwnPoint | None = None) -> None:
        names = ("do", "why", "say", "phase", "when")
        empty = {"do": "", "why": "", "say": "", "phase": "", "when": When.ALWAYS.value}
        saved = {name: getattr(point, name) for name in names} if point else empty
        super().__init__(data, saved=saved)
        self.choice_field("when").choices = [
            (when, capfirst(str(words))) for when, words in CONDITIONS.items()
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if {"phase", "when"} <= data.keys() and When(data["when"]) in NOT_KNOWN[Phase(data["phase"])]:
            self.add_error("when", _("That is not known yet at that time. Choose another time or condition."))
        return data

    def details(self) -> PointDetails:
        """The point as filled in, of a valid form."""
        data = self.cleaned_data
        return PointDetails(
            Phase(data["phase"]), When(data["when"]), data["do"], data["why"] or "", data["say"] or ""
        )

"""Forms of a match: one per step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from school.forms import BaseForm, Chips, ChipsMultiple, DayField, SubmissionForm, TidyCharField

from ..actions.errors import ContactNotShared
from ..actions.matches import Connection
from ..models import CheckAnswer, ClickReason, EndReason, Match, Method, Outcome, Purpose, TipGiver, Way
from ..naming import request_title
from ..workflow import MatchStatus

YES, NO = "yes", "no"
# What came through the personal link nobody types.
METHODS = [(method.value, method.label) for method in Method if method is not Method.LINK]
WORDS_LENGTH = 80
# A first meeting is about now: another year is a slip of the keys.
FIRST_MEETING = timedelta(days=365)


def method_field() -> forms.TypedChoiceField:
    """How somebody said it. Nearly always in a conversation, so that costs no tap."""
    return forms.TypedChoiceField(
        label=_("How was it said?"),
        choices=METHODS,
        coerce=Method,
        initial=Method.CONVERSATION,
        widget=Chips,
    )


class ProposeForm(SubmissionForm):
    """Why a click is expected between the parent and this buddy (R2, R4): at least one tap."""

    mark_optional = False

    buddy = forms.IntegerField(min_value=1, max_value=10**18, widget=forms.HiddenInput)
    click_reasons = forms.TypedMultipleChoiceField(
        label=_("Do you expect a click? Why?"),
        choices=ClickReason.choices,
        coerce=ClickReason,
        error_messages={"required": _("Tap why you expect a click.")},
        widget=ChipsMultiple,
    )
    click_words = TidyCharField(label=_("In a few words"), max_length=WORDS_LENGTH, required=False)


class TipForm(BaseForm):
    """Who tells the parent that somebody is available."""

    tip_giver = forms.TypedChoiceField(choices=TipGiver.choices, coerce=TipGiver)

    def __init__(self, data: Any, *, signallers: Sequence[str]) -> None:
        """Without `signallers` only the coordinator can do it."""
        super().__init__(data)
        if not signallers:
            field = self.choice_field("tip_giver")
            field.choices = [(TipGiver.COORDINATOR.value, TipGiver.COORDINATOR.label)]


class AnswerForm(BaseForm):
    """Yes or no, from the parent or the buddy: the button that was tapped."""

    method = method_field()
    answer = forms.ChoiceField(
        label=_("Answer"), choices=[(YES, _("Yes")), (NO, _("No"))], widget=forms.HiddenInput
    )

    @property
    def said_no(self) -> bool:
        """Whether the answer is no, of a valid form."""
        return bool(self.cleaned_data["answer"] == NO)


class ConnectForm(BaseForm):
    """How the two meet, and what each agrees to for it. Every consent is a tick of its own; none is set beforehand but
    what somebody said through their link."""

    mark_optional: ClassVar[bool] = False

    way = forms.TypedChoiceField(
        label=_("How do they meet?"),
        choices=[(way.value, way.label) for way in Way],
        coerce=Way,
        widget=Chips(
            stacked=True,
            hints={
                Way.INTRODUCED: _("You bring them together, for instance over a cup of coffee at school."),
                Way.PARENT_CONTACTS: _("You give the parent the contact details of the buddy."),
            },
        ),
    )
    buddy_shares_contact = forms.BooleanField(required=False)
    parent_shares_contact = forms.BooleanField(required=False)
    teacher_may_know = forms.BooleanField(required=False)
    first_meeting_on = DayField(label=_("First meeting, if they have one"), required=False)
    method = method_field()

    layout = Layout(
        "way",
        Fieldset(
            _("What did they agree to?"), "buddy_shares_contact", "parent_shares_contact", "teacher_may_know"
        ),
        "first_meeting_on",
        "method",
    )

    def __init__(self, data: Any = None, *, match: Match, on: date) -> None:
        super().__init__(data)
        self.on = on
        names = {"buddy": match.buddy_parent, "parent": request_title(match.request)}
        labels = {
            "buddy_shares_contact": gettext(
                "%(buddy)s: my phone number or e-mail address may go to the parent"
            ),
            "parent_shares_contact": gettext(
                "%(parent)s: my phone number or e-mail address may go to the buddy"
            ),
            "teacher_may_know": gettext("%(parent)s: the teacher of my child may know that I have a buddy"),
        }
        for name, label in labels.items():
            self.fields[name].label = label % names
        shared = match.consents.filter(purpose=Purpose.SHARE_CONTACT, withdrawn_at=None)
        for parent in shared.values_list("parent", flat=True):
            said = "buddy_shares_contact" if parent == match.buddy_parent_id else "parent_shares_contact"
            self.fields[said].initial = True

    def clean_first_meeting_on(self) -> date | None:
        """The day, if it is within a year."""
        day: date | None = self.cleaned_data["first_meeting_on"]
        if day is not None and abs(day - self.on) > FIRST_MEETING:
            raise forms.ValidationError(_("Choose a day within a year from now."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("way") is Way.PARENT_CONTACTS and not data.get("buddy_shares_contact"):
            self.add_error("buddy_shares_contact", str(ContactNotShared.message))
        return data

    def connection(self) -> Connection:
        """What was agreed, of a valid form."""
        data = self.cleaned_data
        return Connection(
            way=data["way"],
            buddy_shares_contact=data["buddy_shares_contact"],
            parent_shares_contact=data["parent_shares_contact"],
            teacher_may_know=data["teacher_may_know"],
            first_meeting_on=data["first_meeting_on"],
        )


class AllDiscussedForm(ConnectForm):
    """Everything in one go, of a conversation that has already taken place: the yes of each that is not recorded yet,
    and how they meet."""

    parent_yes = forms.BooleanField(error_messages={"required": _("Only go on with the parent's yes.")})
    buddy_yes = forms.BooleanField(error_messages={"required": _("Only go on with the buddy's yes.")})

    def __init__(self, data: Any = None, *, match: Match, on: date) -> None:
        super().__init__(data, match=match, on=on)
        labels = {
            "parent_yes": gettext("%(parent)s wants contact with this buddy"),
            "buddy_yes": gettext("%(buddy)s wants to help this parent"),
        }
        names = {"buddy": match.buddy_parent, "parent": request_title(match.request)}
        for name, label in labels.items():
            self.fields[name].label = label % names
        # The order of the page, so that the summary of errors follows it.
        self.order_fields(["parent_yes", "buddy_yes"])
        for name, given in (("parent_yes", match.parent_yes_id), ("buddy_yes", match.buddy_yes_id)):
            if given:
                del self.fields[name]

    @cached_property
    def helper(self) -> FormHelper:
        """As every form, with on top the yes of each that is not recorded yet."""
        helper = super().helper
        asked = [name for name in ("parent_yes", "buddy_yes") if name in self.fields]
        if asked:
            helper.layout = Layout(Fieldset(_("Who said yes?"), *asked), *helper.layout)
        return helper


# What can be the matter depends on who has heard of it.
_WHY_NOT: dict[MatchStatus, tuple[EndReason, ...]] = {
    MatchStatus.PROPOSED: (
        EndReason.PARENT_NO,
        EndReason.NO_CLICK,
        EndReason.PRACTICAL,
        EndReason.TAKEN_BACK,
    ),
    MatchStatus.WAITING_FOR_PARENT: (EndReason.PARENT_NO, EndReason.NO_CLICK, EndReason.PRACTICAL),
    MatchStatus.WAITING_FOR_BUDDY: (
        EndReason.BUDDY_NO,
        EndReason.PARENT_NO,
        EndReason.NO_CLICK,
        EndReason.PRACTICAL,
    ),
    MatchStatus.AGREED: (EndReason.PARENT_NO, EndReason.BUDDY_NO, EndReason.NO_CLICK, EndReason.PRACTICAL),
}


class DidNotProceedForm(BaseForm):
    """Why a match does not proceed."""

    reason = forms.TypedChoiceField(label=_("Why not?"), coerce=EndReason, widget=Chips(stacked=True))

    def __init__(self, data: Any = None, *, match: Match, reason: str = "") -> None:
        """`reason` is the one that was tapped on the page before, if it is one that can be."""
        offered = _WHY_NOT.get(match.state, ())
        super().__init__(data, initial={"reason": reason if reason in offered else None})
        field = self.choice_field("reason")
        field.choices = [(why.value, why.label) for why in offered]


class CompleteForm(BaseForm):
    """How it was, and what happens to the question."""

    outcome = forms.TypedChoiceField(
        label=_("How was it?"),
        choices=[(outcome.value, outcome.label) for outcome in Outcome if outcome],
        coerce=Outcome,
        widget=Chips,
    )
    request = forms.ChoiceField(
        label=_("What do we do with the question?"),
        choices=[("close", _("Close it")), ("search", _("Go on searching"))],
        widget=Chips(
            stacked=True,
            hints={
                "close": _("The parent can go on without a buddy."),
                "search": _("We look for another buddy."),
            },
        ),
    )

    def __init__(self, data: Any = None, *, match: Match) -> None:
        super().__init__(data)
        if match.request.closed_at is not None:
            del self.fields["request"]

    @property
    def closes(self) -> bool:
        """Whether the request closes with the match, of a valid form."""
        return self.cleaned_data.get("request") == "close"


class CheckInForm(BaseForm):
    """How somebody says it goes."""

    answer = forms.TypedChoiceField(
        label=_("How does it go?"),
        choices=[(answer.value, answer.label) for answer in CheckAnswer if answer],
        coerce=CheckAnswer,
        widget=Chips(
            stacked=True,
            hints={
                CheckAnswer.ATTENTION: _("You call again in two weeks."),
                CheckAnswer.STOP: _("Then we round off. The other hears only that it stops."),
            },
        ),
    )

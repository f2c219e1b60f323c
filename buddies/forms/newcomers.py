"""Forms about new families: a child who starts, the offer of a buddy, and what the family says to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from school.converters import key_of
from school.forms import BaseForm, Chips, ChipsMultiple, DayField, SubmissionForm, field_of
from school.models import Child, Group, ParentKind, School

from ..actions.newcomers import InMind, Told
from ..models import Buddy, ClickReason, Method, OfferAnswer, Siblings
from ..models.newcomers import NEW
from ..reading.newcomer_batch import Batch
from ..reading.newcomer_pages import OfferPage
from ..reading.shortlist import Choice, Other
from .matches import method_field
from .parents import ParentFields
from .signals import OUTSIDE_CLASS

# Who registers a child does so at most this long before the first day; further ahead is a slip of the keys.
AHEAD = timedelta(days=2 * 365)
ONE, TWO = "one", "two"
NOBODY = ""
ANSWERS = {"later": OfferAnswer.OPEN, "yes": OfferAnswer.YES, "no": OfferAnswer.NO}


class AddChildForm(BaseForm):
    """A child who starts and is not in the class list."""

    first_name = field_of(Child, "first_name", label=_("First name of the child"), required=True)
    start_date = DayField(label=_("First day at school"))
    group = forms.TypedChoiceField(
        label=_("Group"),
        required=False,
        widget=Chips,
        empty_value=None,
        error_messages={"invalid_choice": _("Choose a group from the list.")},
    )

    def __init__(self, data: Any = None, *, school: School, on: date) -> None:
        super().__init__(data)
        self.on = on
        groups = {str(group.pk): group for group in school.group_set.current(on)}
        field = self.fields["group"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [*((key, group.name) for key, group in groups.items()), ("", _("Not known yet"))]
        field.coerce = groups.__getitem__

    def clean_start_date(self) -> date:
        """The first day, if the child is new on it."""
        day: date = self.cleaned_data["start_date"]
        if day <= self.on - NEW:
            raise forms.ValidationError(_("This child has been at school for a year. Choose a later day."))
        if day > self.on + AHEAD:
            raise forms.ValidationError(_("Choose a day within two years from now."))
        return day

    def child(self) -> tuple[str, Group | None, date]:
        """First name, group and first day, of a valid form."""
        data = self.cleaned_data
        return data["first_name"], data["group"], data["start_date"]


class BuddyChoices(Chips):
    """The buddies who can be offered: the first in full, the others behind a fold, and that it is nobody yet."""

    template_name = "buddies/newcomers/_buddies.html"
    known: Mapping[str, Choice | Other] = {}
    unfold = False

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["choice"] = self.known.get(str(value))
        return option

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        first, *rest = [option for _group, options, _index in widget["optgroups"] for option in options]
        widget["first"], widget["rest"] = first, rest
        widget["open"] = self.unfold or any(option["selected"] for option in rest)
        return context


class AnswerFields(BaseForm):
    """Whom the coordinator has in mind and why (R4), and what the parent says: the button that was tapped.

    Of a no nothing else that was filled in is looked at, let alone kept.
    """

    mark_optional: ClassVar[bool] = False
    also_of_a_no: ClassVar[tuple[str, ...]] = ("submission", "answer")

    buddy = forms.ChoiceField(
        label=_("Whom do you have in mind?"),
        required=False,
        error_messages={"invalid_choice": _("This buddy cannot be offered any more. Choose somebody else.")},
        widget=BuddyChoices,
    )
    click_reasons = forms.TypedMultipleChoiceField(
        label=_("Do you expect a click? Why?"),
        choices=ClickReason.choices,
        coerce=ClickReason,
        required=False,
        widget=ChipsMultiple,
    )
    outside_class = forms.BooleanField(label=OUTSIDE_CLASS, required=False)
    method = method_field()
    answer = forms.TypedChoiceField(
        label=_("Answer"),
        choices=[(key, key) for key in ANSWERS],
        coerce=ANSWERS.__getitem__,
        error_messages={"required": _("Tap what the parent says.")},
        widget=forms.HiddenInput,
    )

    def __init__(self, data: Any = None, *, page: OfferPage, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.page = page
        # Who is sent stands first on the page, if they can be offered.
        self.in_full: Buddy | None = page.first.buddy if page.first else None
        if not page.somebody:
            del self.fields["buddy"], self.fields["click_reasons"]
            return
        self.initial.setdefault("buddy", str(page.proposed or NOBODY))
        self._offer(page)

    def _offer(self, page: OfferPage) -> None:
        """The buddies of the page to choose from, and nobody yet; what is chosen stands first."""
        known: dict[str, Choice | Other] = {str(page.first.buddy.pk): page.first} if page.first else {}
        known |= {str(other.number): other for other in page.others}
        named = [(number, each.name) for number, each in known.items()]
        nobody = (NOBODY, _("Nobody yet: we look for somebody"))
        field = self.choice_field("buddy")
        field.choices = [*named, nobody] if self["buddy"].value() else [nobody, *named]
        assert isinstance(field.widget, BuddyChoices)
        field.widget.known = known
        field.widget.unfold = page.pages.number > 1

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("answer") is OfferAnswer.NO:
            for name in [name for name in self.fields if name not in self.also_of_a_no]:
                self.errors.pop(name, None)
                data.pop(name, None)
        elif data.get("buddy") and not data.get("click_reasons") and "click_reasons" not in self.errors:
            self.add_error("click_reasons", _("Tap why you expect a click."))
        if ruled_out := self.page.same_class.get(key_of(self.data.get("buddy")) or 0):
            self._propose_another(ruled_out)
        return data

    def _propose_another(self, ruled_out: str) -> None:
        """The parent would rather have nobody of the same class: who is proposed then stands chosen, without a reason
        for the click, which was said of `ruled_out` (R4)."""
        words = _("%(buddy)s has a child in the same class. Choose somebody else, or nobody yet.") % {
            "buddy": ruled_out
        }
        self.errors.pop("buddy", None)
        self.add_error("buddy" if "buddy" in self.fields else None, words)
        self._fill_in(buddy=str(self.page.proposed or NOBODY), click_reasons=None, ticked_for=None)
        if "buddy" in self.fields:
            self._offer(self.page)

    def _fill_in(self, **values: str | None) -> None:
        """Show these values instead of what was sent; None is nothing."""
        data: Any = self.data
        self.data = data = data.copy()
        for name, value in values.items():
            data.pop(name, None)
            if value is not None:
                data[name] = value

    @property
    def wishes_outside_class(self) -> bool:
        """Whether the parent would rather have nobody of the same class, of a valid form."""
        return bool(self.cleaned_data.get("outside_class"))

    @property
    def said(self) -> OfferAnswer:
        """What the parent says, of a valid form."""
        answer: OfferAnswer = self.cleaned_data["answer"]
        return answer

    @property
    def in_mind(self) -> InMind | None:
        """The buddy and why, of a valid form; None for nobody yet."""
        data = self.cleaned_data
        if self.in_full is None or data.get("buddy") != str(self.in_full.pk):
            return None
        return InMind(self.in_full, data["click_reasons"])

    @property
    def method_said(self) -> Method:
        """How the parent said it, of a valid form."""
        return Method(self.cleaned_data.get("method") or Method.CONVERSATION)


class OfferForm(AnswerFields, ParentFields, SubmissionForm):
    """A buddy is offered to a parent of a child who starts."""

    also_of_a_no: ClassVar[tuple[str, ...]] = ("submission", "answer", "homes")
    # As on the page, so that the summary of errors follows it from top to bottom.
    field_order = (
        "buddy",
        "click_reasons",
        "siblings",
        "homes",
        "kind",
        "first_name",
        "last_name",
        "phone",
        "email",
        "languages",
        "outside_class",
        "method",
    )

    siblings = forms.TypedChoiceField(
        label=_("Are there children of this family at school already?"),
        choices=[(Siblings.YES, _("Yes")), (Siblings.NO, _("No, this is the first")), ("", _("Not asked"))],
        coerce=Siblings,
        empty_value=Siblings.UNKNOWN,
        required=False,
        widget=Chips,
    )
    homes = forms.ChoiceField(
        label=_("Does the child live at one home or two?"),
        help_text=_("At two homes each parent is offered a buddy."),
        choices=[(ONE, _("One home")), (TWO, _("Two homes"))],
        initial=ONE,
        required=False,
        widget=Chips,
    )
    kind = forms.ChoiceField(
        label=_("With whom do you speak?"),
        choices=[
            (ParentKind.MOTHER, _("Mother")),
            (ParentKind.FATHER, _("Father")),
            (ParentKind.CARER, _("Other carer")),
        ],
        required=False,
        widget=Chips,
    )

    # The buddy for whom the reason that was tapped for all families is ticked beforehand.
    ticked_for = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, page: OfferPage, batch: Batch) -> None:
        said = batch.holds(page.family.place, page.proposed)
        self.click = batch.click
        before = {"click_reasons": [batch.click], "ticked_for": page.proposed} if said else {}
        super().__init__(data, page=page, initial=before)
        if page.family.home == 2:
            # Said about the first home already.
            del self.fields["homes"], self.fields["siblings"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        names, ticked_for = self.page.names, key_of(data.get("ticked_for")) or 0
        if data.get("ticked_for") and ticked_for not in {*names, *self.page.same_class}:
            self.add_error(None, _("This buddy cannot be offered any more. Choose somebody else."))
        before, chosen = names.get(ticked_for), key_of(data.get("buddy")) or 0
        if before and chosen not in (0, ticked_for) and data.get("click_reasons") == [self.click]:
            self._ask_anew(before, names[chosen])
        return data

    def _ask_anew(self, ticked_for: str, chosen: str) -> None:
        """What was ticked beforehand was said of another buddy (R4)."""
        words = _("That was said of %(other)s. Tap why you expect a click with %(buddy)s.")
        self.add_error("click_reasons", words % {"other": ticked_for, "buddy": chosen})
        self._fill_in(click_reasons=None, ticked_for=None)

    def told(self) -> Told:
        """What came up in the conversation, of a valid form."""
        data, two = self.cleaned_data, self.cleaned_data.get("homes") == TWO
        if self.said is OfferAnswer.NO:
            return Told(two_homes=two)
        siblings = data.get("siblings", Siblings.UNKNOWN)
        return Told(self.details(), two, siblings, self.method_said, self.wishes_outside_class)


class OfferAnswerForm(AnswerFields, SubmissionForm):
    """What a family that was thinking about it says, or who else comes to mind meanwhile."""

    field_order = ("buddy", "click_reasons", "outside_class", "method")

    def __init__(self, data: Any = None, *, page: OfferPage) -> None:
        offer = page.family.offer
        keeps = offer is not None and offer.buddy_id is not None and offer.buddy_id == page.proposed
        super().__init__(
            data, page=page, initial={"click_reasons": offer.click_reasons if offer and keeps else []}
        )
        self.offer = offer

    @property
    def changes(self) -> bool:
        """Whether another buddy is in mind now, or for another reason; of a valid form."""
        kept, now = self.offer, self.in_mind
        assert kept is not None
        if now is None:
            return kept.buddy_id is not None
        return kept.buddy_id != now.buddy.pk or sorted(kept.click_reasons) != sorted(now.click_reasons)

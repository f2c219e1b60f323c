"""Forms with which any colleague signals a parent or proposes a buddy: choices first, as few words as possible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from school.actions import ParentDetails
from school.forms import BaseForm, Chips, ChipsMultiple, NoteField, SubmissionForm, field_of
from school.models import Child, Group, Membership, Parent, ParentKind

from ..actions.pool import Answers
from ..actions.requests import About, Wanted
from ..models import Method, Theme
from ..models.requests import NOTE_LENGTH

NOT_YET, YES, NO = "not_yet", "yes", "no"
TALK, TAKE_BACK = "talk", "take_back"
NOT_LISTED = "not_listed"
OUTSIDE_CLASS = _("Rather not with a parent of the same class")
# The personal link is for parents themselves.
METHODS = [(value, label) for value, label in Method.choices if value != Method.LINK]


def method_field() -> forms.ChoiceField:
    """How somebody said it; nearly always in a conversation."""
    return forms.ChoiceField(
        label=_("How did the parent say it?"),
        choices=[(value, capfirst(label)) for value, label in METHODS],
        required=False,
        initial=Method.CONVERSATION,
        widget=Chips,
    )


class GroupChips(Chips):
    """The groups as chips: the member's own in sight, the others behind a fold."""

    template_name = "buddies/signals/group_chips.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        *own, (widget["others_label"], widget["others"], _index) = widget["optgroups"]
        widget["own"] = own[0][1] if own else []
        # Without a choice, or with one among the others, the fold stands open.
        widget["open"] = not any(option["selected"] for option in widget["own"])
        return context


class AskedForm(SubmissionForm):
    """What was asked of the parent, and what may only be written down after a yes."""

    mark_optional: ClassVar[bool] = False
    only_after_yes: ClassVar[tuple[str, ...]] = ()

    asked = forms.ChoiceField(widget=Chips(stacked=True))

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("asked") != YES:
            # What a parent did not agree to is not even looked at (invariant 1).
            for name in self.only_after_yes:
                self.errors.pop(name, None)
                self.cleaned_data.pop(name, None)
        return self.cleaned_data


class AboutForm(AskedForm):
    """Whom it is about: a group of this year, a child from its class list or typed, and which parent.

    There is no search over the parents we know, and nothing on the page depends on them: a colleague learns
    nothing from filling it in.
    """

    field_order = ("group", "child", "child_name", "kind", "first_name", "last_name", "asked")

    group = forms.ChoiceField(
        label=_("Group"),
        # Firefox would keep another group than the list of children belongs to.
        widget=GroupChips(attrs={"autocomplete": "off"}),
        error_messages={"invalid_choice": _("Choose a group from the list.")},
    )
    child = forms.ChoiceField(
        label=_("Child"),
        required=False,
        widget=forms.Select(attrs={"autocomplete": "off"}),
        error_messages={"invalid_choice": _("This child is not in the group you chose. Choose again.")},
    )
    child_name = field_of(Child, "first_name", label=_("First name of the child"), required=False)
    kind = forms.ChoiceField(
        label=_("Which parent?"),
        choices=[
            (ParentKind.MOTHER, _("Mother")),
            (ParentKind.FATHER, _("Father")),
            (ParentKind.CARER, _("Other carer")),
        ],
        widget=Chips,
    )
    first_name = field_of(Parent, "first_name", label=_("First name of the parent"))
    last_name = field_of(Parent, "last_name", label=_("Last name of the parent"))

    def __init__(self, *args: Any, membership: Membership, on: date, group: str = "", **kwargs: Any) -> None:
        """`group` is the number of the group chosen in the address, if any; one that is not ours is no choice."""
        super().__init__(*args, **kwargs)
        self.membership, self.school = membership, membership.school
        self._offer_groups(on, group)
        self._offer_children()

    def _offer_groups(self, on: date, wanted: str) -> None:
        self.groups = {str(group.pk): group for group in self.school.group_set.current(on)}
        taught = {str(pk) for pk in self.membership.groupteacher_set.values_list("group_id", flat=True)}
        own = [pk for pk in self.groups if pk in taught]
        if not self.groups:
            del self.fields["group"]
        else:
            self.choice_field("group").choices = self._group_choices(own)
        usual = own if len(own) == 1 else list(self.groups) if len(self.groups) == 1 else []
        self.initial.setdefault("group", wanted if wanted in self.groups else "".join(usual))
        chosen = self.data.get("group", "") if self.is_bound else self.initial["group"]
        self.chosen_group: Group | None = self.groups.get(str(chosen))

    def _group_choices(self, own: list[str]) -> list[Any]:
        def choices(numbers: Iterable[str]) -> list[tuple[str, str]]:
            return [(number, self.groups[number].name) for number in numbers]

        others = [number for number in self.groups if number not in own]
        if not own or not others:
            return [("", choices(self.groups))]
        return [("", choices(own)), (_("Another group"), choices(others))]

    def _offer_children(self) -> None:
        listed = self.chosen_group.child_set.order_by("sort_key", "pk") if self.chosen_group else []
        self.children: dict[str, Child] = {str(child.pk): child for child in listed}
        names = Counter(child.first_name for child in listed)
        self.choice_field("child").choices = [
            ("", _("Choose a child")),
            *((number, _told_apart(child, names)) for number, child in self.children.items()),
            (NOT_LISTED, _("Not in this list")),
        ]
        if not self.children:
            del self.fields["child"]

    def hint(self, choice: str, words: Any, days: int) -> None:
        """Say below `choice` how long something is kept."""
        widget = self.fields["asked"].widget
        # Not changed in place: all forms of a class share it.
        widget.hints = widget.hints | {choice: words % {"days": days}}

    @property
    def needs_group(self) -> bool:
        """Whether the children can only be offered once a group is chosen."""
        return "group" in self.fields and self.chosen_group is None

    def forget_errors(self) -> None:
        """Show what was typed without judging it: only the list of children was asked for."""
        self.full_clean()
        self.errors.clear()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.needs_group:
            # One thing at a time: the children come with the group.
            self.errors.pop("child", None)
            self.errors.pop("child_name", None)
        elif "child" not in self.errors:
            self._check_child()
        return data

    def _check_child(self) -> None:
        chosen = self.cleaned_data.get("child", "")
        child = self.children.get(chosen)
        if child is not None:
            self.cleaned_data["child_name"] = ""
            if child.pk in self._own_children():
                self.add_error("child", _("This is your own child. Ask a colleague to do this for you."))
        elif self.children and not chosen and not self.cleaned_data.get("child_name"):
            self.add_error("child", self.fields["kind"].error_messages["required"])
        elif not self.cleaned_data.get("child_name") and "child_name" not in self.errors:
            self.add_error("child_name", self.fields["first_name"].error_messages["required"])

    def _own_children(self) -> frozenset[int]:
        parent = self.membership.parent
        return frozenset(parent.children.values_list("pk", flat=True)) if parent else frozenset()

    @property
    def chosen_child(self) -> Child | None:
        """The child from the class list, None when it was typed."""
        return self.children.get(self.cleaned_data.get("child", ""))

    def parent_details(self) -> ParentDetails:
        """The parent as typed."""
        data = self.cleaned_data
        return ParentDetails(first_name=data["first_name"], last_name=data["last_name"], kind=data["kind"])

    def about(self) -> About:
        """Whom a signal is about, for the actions."""
        return About(
            self.parent_details(), self.chosen_child, self.chosen_group, self.cleaned_data["child_name"]
        )


def _told_apart(child: Child, names: Counter[str]) -> str:
    """The first name; of two with the same one also since when they are here."""
    if names[child.first_name] > 1 and child.start_date:
        return f"{child.first_name} ({date_format(child.start_date, 'j F Y')})"
    return child.first_name


class WantedFields(AskedForm):
    """What a parent who wants us to look said. Asked for, and kept, only after that yes."""

    only_after_yes: ClassVar[tuple[str, ...]] = ("theme", "note", "wish", "outside_class", "method")

    theme = forms.ChoiceField(label=_("What is it about?"), required=False, widget=Chips)
    note = NoteField(label=_("Short note, if it helps"), max_length=NOTE_LENGTH)
    wish = forms.ChoiceField(
        label=_("Would the parent rather talk with a mother or a father?"),
        choices=[
            ("", _("Makes no difference")),
            (ParentKind.MOTHER, _("A mother")),
            (ParentKind.FATHER, _("A father")),
        ],
        required=False,
        widget=Chips,
    )
    outside_class = forms.BooleanField(label=OUTSIDE_CLASS, required=False)
    method = method_field()

    def offer_themes(self, themes: Iterable[Theme]) -> None:
        """The themes to choose from; "don't know yet" is as good an answer, and the one to start with."""
        self.themes = {str(theme.pk): theme for theme in themes}
        choices = [
            *((number, capfirst(str(theme))) for number, theme in self.themes.items()),
            ("", _("I don't know yet")),
        ]
        self.choice_field("theme").choices = choices

    def wanted(self) -> Wanted | None:
        """What to look for, for the actions; None without the parent's yes."""
        data = self.cleaned_data
        if data["asked"] != YES:
            return None
        theme, method = self.themes.get(data["theme"]), Method(data["method"] or Method.CONVERSATION)
        return Wanted(theme, data["note"], data["wish"], method, data["outside_class"])


class SignalForm(WantedFields, AboutForm):
    """A parent who could use support (R9)."""

    asked = forms.ChoiceField(
        label=_("Have you discussed it with the parent?"),
        choices=[
            (NOT_YET, _("Not yet")),
            (YES, _("Yes, wants us to look")),
            (NO, _("Yes, does not want it")),
        ],
        widget=Chips(stacked=True, hints={NO: _("We only keep that we do not ask this again for a year.")}),
    )

    def __init__(self, *args: Any, themes: Iterable[Theme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_themes(themes)
        self.hint(
            NOT_YET, _("We only keep who it is about, for %(days)s days."), self.school.undiscussed_days
        )


class DiscussedForm(WantedFields):
    """An earlier signal has been discussed with the parent after all."""

    asked = forms.ChoiceField(
        label=_("What did the parent say?"),
        choices=[(YES, _("Yes, wants us to look")), (NO, _("Does not want it"))],
        widget=Chips(
            stacked=True,
            hints={NO: _("The signal goes. We only keep that we do not ask this again for a year.")},
        ),
    )

    def __init__(self, *args: Any, themes: Iterable[Theme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_themes(themes)


class NominateForm(AboutForm):
    """A parent who could be a buddy (R8). The two answers of R1 are asked one by one."""

    only_after_yes: ClassVar[tuple[str, ...]] = ("themes", "name_known", "method")

    asked = forms.ChoiceField(
        label=_("Have you asked the parent?"),
        choices=[
            (NOT_YET, _("Not yet")),
            (YES, _("Yes, wants to be a buddy")),
            (NO, _("Yes, does not want it")),
        ],
        widget=Chips(stacked=True, hints={NO: _("We keep nothing.")}),
    )
    themes = forms.MultipleChoiceField(
        label=_("With what would the parent share experience?"),
        help_text=_("Choose one or more."),
        required=False,
        widget=ChipsMultiple,
    )
    name_known = forms.ChoiceField(
        label=_("May the name be made known?"),
        choices=[(YES, _("Yes")), (NO, _("No"))],
        required=False,
        widget=Chips,
    )
    method = method_field()

    def __init__(self, *args: Any, themes: Iterable[Theme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(theme.pk): theme for theme in themes}
        self.choice_field("themes").choices = [
            (number, capfirst(str(theme))) for number, theme in self.offered.items()
        ]
        self.hint(NOT_YET, _("We only keep who it is, for %(days)s days."), self.school.suggestion_days)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("asked") == YES:
            self._need("themes", _("Choose at least one theme."))
            self._need("name_known", self.fields["kind"].error_messages["required"])
        # A typed child is not written down with a buddy: without a name nobody could say who this is.
        if data.get("asked") in (YES, NOT_YET) and data.get("child_name") and not data.get("first_name"):
            self._need("first_name", _("The child is not in our list, so fill in the name of the parent."))
        return data

    def _need(self, name: str, message: Any) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, message)

    def answers(self) -> Answers:
        """The parent's two answers, for the actions."""
        data = self.cleaned_data
        return Answers(
            {self.offered[number]: "" for number in data["themes"]},
            data["name_known"] == YES,
            Method(data["method"] or Method.CONVERSATION),
        )


class TipForm(BaseForm):
    """The parent's answer to the tip, one tap; or taking back a yes that was tapped by mistake."""

    mark_optional: ClassVar[bool] = False

    answer = forms.ChoiceField(choices=[(choice, choice) for choice in (YES, NO, TALK, TAKE_BACK)])
    method = method_field()

    def said_how(self) -> Method:
        """How the parent said it."""
        return Method(self.cleaned_data["method"] or Method.CONVERSATION)

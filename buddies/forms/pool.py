"""Adding a buddy, and everything that can change about one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, TypedDict

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from school import clock
from school.actions import ParentDetails
from school.forms import BaseForm, Chips, ChipsMultiple, DayField, NoteField, SubmissionForm, TidyCharField
from school.models import Child, Membership, Parent
from school.models.people import school_year
from school.text import search_key, tidy

from .. import consent_texts
from ..actions.pool import Answers, Offer
from ..children import children_of
from ..models import Buddy, Method, Purpose, Theme, themes_in_use, visible_parents
from ..models.buddies import MAX_CAPACITY
from ..reading.known_parents import Known, known
from ..reading.pool import Page, Said
from .parents import ParentFields

YEARS = 9
WORDS_LENGTH = 200
LONGEST_PAUSE = timedelta(days=366)
# The personal link answers for itself; nobody types what came through it.
METHODS = [(method.value, method.label) for method in Method if method is not Method.LINK]


def method_field() -> forms.ChoiceField:
    """How the parent said it. Nearly always in a conversation, so that costs no tap."""
    return forms.ChoiceField(
        label=_("How did the parent say so?"), choices=METHODS, initial=Method.CONVERSATION, widget=Chips
    )


def _words(**kwargs: Any) -> NoteField:
    field = NoteField(max_length=WORDS_LENGTH, **kwargs)
    field.widget.attrs.update(rows=2, autocomplete="off")
    return field


class OfferFields(BaseForm):
    """What a buddy can do."""

    capacity = forms.TypedChoiceField(
        label=_("How many parents at the same time?"),
        choices=[(number, str(number)) for number in range(1, MAX_CAPACITY + 1)],
        coerce=int,
        initial=1,
        widget=Chips,
    )
    grades = forms.TypedMultipleChoiceField(
        label=_("In which grades are their children?"),
        choices=[(grade, str(grade)) for grade in range(1, 9)],
        coerce=int,
        required=False,
        widget=ChipsMultiple,
    )
    children_count = forms.TypedChoiceField(
        label=_("How many children at this school?"),
        help_text=_("Only needed when two of them are in the same grade."),
        choices=[(number, str(number)) for number in range(1, 9)],
        coerce=int,
        empty_value=None,
        required=False,
        widget=Chips,
    )
    here_since = forms.TypedChoiceField(
        label=_("Parent at this school since"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this_year = school_year(clock.today())
        years = {this_year - back for back in range(YEARS)} | {self.initial.get("here_since") or this_year}
        here_since = self.choice_field("here_since")
        here_since.choices = [
            ("", _("Not known")),
            *((year, f"{year}–{year + 1}") for year in sorted(years, reverse=True)),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        grades, count = data.get("grades") or [], data.get("children_count")
        if count is not None and len(grades) > count:
            self.add_error("children_count", _("You chose more grades than children."))
        return data

    def offer(self) -> Offer:
        """What the buddy offers, of a valid form."""
        data = self.cleaned_data
        grades = tuple(data["grades"])
        count = data["children_count"] or max(1, len(grades))
        return Offer(data["capacity"], count, grades, data["here_since"])


class AnswerFields(BaseForm):
    """The two questions of R1, asked apart: sharing experience (per theme), and making the name known."""

    themes = forms.TypedMultipleChoiceField(
        label=_("What about?"),
        error_messages={
            "required": _("Choose what the parent wants to share. Nothing? Then they are no buddy.")
        },
        widget=ChipsMultiple,
    )
    name_may_be_known = forms.ChoiceField(
        label=_("What did the parent say?"),
        choices=[("yes", _("Yes, the name may be mentioned")), ("no", _("No, not yet"))],
        widget=Chips,
    )
    method = method_field()

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own_themes = {str(theme.pk): theme for theme in themes_in_use(membership)}
        themes = self.fields["themes"]
        assert isinstance(themes, forms.TypedMultipleChoiceField)
        themes.choices = [(key, str(theme)) for key, theme in self.own_themes.items()]
        themes.coerce = self.own_themes.__getitem__
        for key, theme in self.own_themes.items():
            self.fields[f"words_{key}"] = _words(label=str(theme), help_text="")

    @property
    def words_fields(self) -> list[forms.BoundField]:
        """A few words for each theme."""
        return [self[f"words_{key}"] for key in self.own_themes]

    @property
    def words_open(self) -> bool:
        """Whether there is something to see among the words."""
        return any(field.value() or field.errors for field in self.words_fields)

    @property
    def experience_text(self) -> str:
        """What the parent agrees to with the first yes."""
        return consent_texts.text(Purpose.SHARE_EXPERIENCE)

    @property
    def name_text(self) -> str:
        """What the parent agrees to with the second yes."""
        return consent_texts.text(Purpose.DISCLOSE_NAME)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        chosen = {theme.pk for theme in data.get("themes", [])}
        for key, theme in self.own_themes.items():
            if data.get(f"words_{key}") and theme.pk not in chosen:
                self.add_error(
                    f"words_{key}", _("You wrote something here. Choose this theme above, or clear it.")
                )
        return data

    def answers(self) -> Answers:
        """What the parent said, of a valid form."""
        data = self.cleaned_data
        words = {theme: data[f"words_{theme.pk}"] for theme in data["themes"]}
        return Answers(words, data["name_may_be_known"] == "yes", Method(data["method"]))


class RecordOfferForm(OfferFields, AnswerFields):
    """The yes of a parent who was put forward."""


class AddBuddyForm(ParentFields, RecordOfferForm, SubmissionForm):
    """A parent who said yes, whom we know (`parent`) or write down now.

    When the school knows somebody of that name, the form asks whether it is the same parent before anything is
    stored.
    """

    NEW = "new"
    # As on the page, so that the summary of errors follows it from top to bottom.
    field_order = (
        "same",
        *ParentFields.base_fields,
        "capacity",
        "grades",
        "children_count",
        "here_since",
        "child",
        "themes",
        "name_may_be_known",
        "method",
    )

    same = forms.ChoiceField(
        label=_("Is this the same parent?"),
        error_messages={"required": _("The school knows a parent of this name. Is it the same one?")},
        widget=Chips(stacked=True),
    )
    child = forms.ChoiceField(
        label=_("A child from the class list"),
        help_text=_("Then the buddy is never proposed to the other parent of this child."),
        required=False,
    )

    def __init__(self, data: Any = None, *, membership: Membership, parent: Parent | None = None) -> None:
        super().__init__(data, membership=membership)
        self.membership, self.known = membership, parent
        if parent is not None:
            for name in ("same", "child", *ParentFields.base_fields):
                del self.fields[name]
            return
        self.fields["first_name"].required = True
        self._ask_whether_the_same()
        self._offer_children()

    @cached_property
    def namesakes(self) -> list[Known]:
        """Parents the member may see who have the name that was typed."""
        first, last = (tidy(self.data.get(name, "")) for name in ("first_name", "last_name"))
        alike = visible_parents(self.membership, clock.today()).filter(search_key=search_key(first, last))
        # Sent twice, the second finds the parent that the first wrote down.
        return known(alike.exclude(buddy__submission=self["submission"].value())) if first else []

    @property
    def asks_whether_the_same(self) -> bool:
        """Whether the form asks if the parent is one the school knows."""
        return "same" in self.fields

    def _ask_whether_the_same(self) -> None:
        if not (self.is_bound and self.namesakes):
            del self.fields["same"]
            return
        same = self.choice_field("same")
        stays = _("The details we have of this parent stay as they are.")
        same.widget = Chips(stacked=True, hints={person.parent.pk: stays for person in self.namesakes})
        people = [(person.parent.pk, str(person)) for person in self.namesakes]
        same.choices = [*people, (self.NEW, _("Somebody else"))]

    def _offer_children(self) -> None:
        on = clock.today()
        school = self.membership.school
        children = school.child_set.filter(group__in=school.group_set.current(on)).select_related("group")
        groups: dict[str, list[tuple[str, str]]] = {}
        self._children = {str(child.pk): child for child in children.order_by("sort_key", "pk")}
        for group in school.group_set.current(on):
            groups[group.name] = []
        for key, child in self._children.items():
            groups[str(child.group)].append((key, child.first_name))
        field = self.choice_field("child")
        field.choices = [("", _("Not now")), *((name, found) for name, found in groups.items() if found)]

    def parent(self) -> Parent | ParentDetails:
        """Who becomes a buddy, of a valid form."""
        if self.known is not None:
            return self.known
        same = self.cleaned_data.get("same", self.NEW)
        return next((p.parent for p in self.namesakes if str(p.parent.pk) == same), None) or self.details()

    def chosen_child(self) -> Child | None:
        """The child that was chosen, of a valid form."""
        return self._children.get(self.cleaned_data.get("child", "")) if self.known is None else None


class EditOfferForm(OfferFields):
    """What a buddy can do, changed by somebody who saw `revision`."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, buddy: Buddy) -> None:
        super().__init__(data, initial=saved_offer(buddy) | {"revision": buddy.revision})


def saved_offer(buddy: Buddy) -> dict[str, Any]:
    """What is saved, by field, of the children as they are now."""
    children = children_of(buddy, clock.today())
    return {
        "capacity": buddy.capacity,
        "grades": children.in_order if buddy.grades else [],
        "children_count": children.count or None,
        "here_since": buddy.here_since,
    }


class Experienced(TypedDict):
    """One theme a parent wants to share: what `add_experience` records."""

    theme: Theme
    words: str
    method: Method


class ExperienceForm(BaseForm):
    """One more theme, or a theme of which the consent is renewed."""

    theme = forms.TypedChoiceField(label=_("What about?"), widget=Chips)
    words = _words(label=_("In a few words"))
    method = method_field()

    def __init__(self, data: Any = None, *, page: Page, again: Said | None = None) -> None:
        initial = {"theme": again.consent.theme_id, "words": again.words} if again else {}
        super().__init__(data, initial=initial)
        # Sent twice, the second finds the theme told already; that only renews it.
        told = [said.consent.theme for said in page.experiences if said is again or self.is_bound]
        themes = {str(theme.pk): theme for theme in [*told, *page.not_shared] if theme is not None}
        field = self.fields["theme"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(key, str(theme)) for key, theme in themes.items()]
        field.coerce = themes.__getitem__

    def answer(self) -> Experienced:
        """What the parent said, of a valid form."""
        data = self.cleaned_data
        return {"theme": data["theme"], "words": data["words"], "method": Method(data["method"])}


class YesForm(BaseForm):
    """A yes without more to say about it."""

    method = method_field()


class BackgroundForm(BaseForm):
    """What a parent says about their own background (R17)."""

    words = _words(
        label=_("In the parent's own words"),
        required=True,
        help_text=_("Only what the parent says. Write nothing down from a name, a country or what you see."),
    )
    method = method_field()


class PauseForm(BaseForm):
    """Until when nobody asks this buddy."""

    until = DayField(label=_("Ask again from"))

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until <= clock.today():
            raise forms.ValidationError(_("Choose a day after today."))
        if until > clock.today() + LONGEST_PAUSE:
            raise forms.ValidationError(
                _("Choose a day within a year. Is it longer? Then stop, and ask again later.")
            )
        return until


class SearchForm(BaseForm):
    """Looking a parent up by name."""

    mark_optional = False

    q = TidyCharField(
        label=_("Name of the parent"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def words(self) -> str:
        """What to look for; nothing when it cannot be looked for."""
        return self.cleaned_data["q"] if self.is_valid() else ""


class SameParentForm(BaseForm):
    """Which parent somebody typed turns out to be."""

    parent = forms.ChoiceField(label=_("Is this the same parent?"), widget=Chips(stacked=True))

    def __init__(self, data: Any = None, *, people: Sequence[Known]) -> None:
        super().__init__(data)
        self.people = {str(person.parent.pk): person for person in people}
        field = self.choice_field("parent")
        field.choices = [(key, str(person)) for key, person in self.people.items()]

    def chosen(self) -> Parent:
        """The parent that was chosen, of a valid form."""
        return self.people[self.cleaned_data["parent"]].parent

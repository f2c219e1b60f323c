"""Forms of a personal link: making one, and the answers on the page behind it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from school.forms import BaseForm, Chips
from school.models import Membership

from ..actions.links import Ticket
from ..links.keys import new_key
from ..models import LinkAnswer, Match, Person
from ..reading import links

# As long as a page may stay open: a working day.
TICKET_AGE = timedelta(hours=12)
STOP, SHARE, KEEP = "stop", "share", "keep"
ANSWERS = (LinkAnswer.YES.value, LinkAnswer.NO.value, LinkAnswer.TALK.value, STOP, SHARE, KEEP)


class TicketField(forms.CharField):
    """The key a link will get, chosen when the page is made and signed so that nobody chooses one: the same page sent
    twice makes one link and shows it both times. `seal` says whose page it is and what about."""

    widget = forms.HiddenInput
    default_error_messages = {
        "required": _("This page was no longer complete. Check what you filled in and send it again."),
        "invalid": _("This page was no longer complete. Check what you filled in and send it again."),
    }
    seal = ""

    def clean(self, value: Any) -> Ticket:
        try:
            key, replaces = signing.loads(super().clean(value), salt=self.seal, max_age=TICKET_AGE)
        except signing.BadSignature as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error
        return Ticket(key, replaces)

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was sent; something unusable is replaced, so that sending again can succeed."""
        try:
            self.clean(data)
        except forms.ValidationError:
            return initial
        return data


class LinkForm(BaseForm):
    """In which language somebody reads and answers."""

    language = forms.ChoiceField(label=_("In which language?"), widget=Chips)
    ticket = TicketField()

    def __init__(self, data: Any = None, *, match: Match, person: Person, by: Membership) -> None:
        seal = f"buddies.links {match.pk} {person.value} {by.pk}"
        ticket = signing.dumps([new_key(), links.replaced_by_new(match, person)], salt=seal)
        language = links.own_language(match, person)
        super().__init__(data, initial={"language": language, "ticket": ticket})
        field = self.choice_field("language")
        languages = links.languages_of(match.school)
        field.choices = [(each.code, each.name) for each in languages]
        field.widget = Chips(choices=field.choices, hints={each.code: each.called for each in languages})
        ticket_field = self.fields["ticket"]
        assert isinstance(ticket_field, TicketField)
        ticket_field.seal = seal


class LinkAnswerForm(forms.Form):
    """What somebody answers on the page behind their link: the button that was tapped."""

    answer = forms.ChoiceField(choices=[(answer, answer) for answer in ANSWERS])

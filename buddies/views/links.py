"""Making a personal link, with which a parent or buddy answers without an account."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from school import audit, clock
from school.access import SchoolRequest
from school.views.answers import attempt, form_page, posted

from ..access import coordinators_only
from ..actions import links as actions
from ..forms.links import LinkForm
from ..links.qr import qr_code
from ..links.speech import DUTCH, speech
from ..models import Match, Person, PersonalLink, Purpose
from ..reading import links
from .one_match import back, opened, stale


@form_page
@coordinators_only
def make(request: SchoolRequest, pk: int) -> HttpResponse:
    """A link for whoever is asked now: first what they will read, then the link itself, this once."""
    match = opened(request, pk)
    person = links.asked(match)
    if person is None:
        return stale(request, match)
    form = LinkForm(posted(request), match=match, person=person, by=request.membership)
    if form.is_valid():
        return _make(request, match, person, form)
    audit.record("match.look", match, by=request.membership)
    spoken = speech(DUTCH, formal=request.school.formal_address)
    context = {
        "match": match,
        "form": form,
        "for_parent": person is Person.PARENT,
        "earlier": links.told(match, person, clock.today()),
        "words": spoken.words(school=request.school.name),
        "consent": links.consent_words(Purpose.MATCH, spoken),
    }
    return render(request, "buddies/links/make.html", context)


def _make(request: SchoolRequest, match: Match, person: Person, form: LinkForm) -> HttpResponse:
    """Make the link and show it. Not on a page of its own: the key is stored nowhere, so this answer is the only place
    where it can stand, and the same form sent again gives the same answer."""
    language, ticket = form.cleaned_data["language"], form.cleaned_data["ticket"]
    link: PersonalLink | None = None
    with attempt(request):
        link = actions.make_link(
            match=match, person=person, language=language, ticket=ticket, by=request.membership
        )
    return back(request, match) if link is None else _made(request, match, link, ticket.key)


def _made(request: SchoolRequest, match: Match, link: PersonalLink, key: str) -> HttpResponse:
    """The link to copy, and the letter to print: Dutch, and beside it the language it was made in."""
    audit.record("link.print", link, by=request.membership)
    address = request.build_absolute_uri(reverse("parent_page", args=[key]))
    formal, school = request.school.formal_address, request.school.name
    spoken = [speech(code, formal=formal) for code in dict.fromkeys((DUTCH, link.language))]
    context = {
        "match": match,
        "link": link,
        "address": address,
        "qr": qr_code(address),
        "letters": [(each.language, each.words(school=school, until=link.valid_until)) for each in spoken],
        # Asked with this link for the first time ever, they get the card with it.
        "first_time": not link.of_parent and match.buddy.card_given_on in (None, clock.today()),
    }
    return render(request, "buddies/links/made.html", context)

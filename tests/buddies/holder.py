"""Somebody who answers through a personal link, on a phone that knows nothing of the school."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.test import Client

from buddies.actions import links
from buddies.links.keys import new_key
from buddies.models import Consent, Match, Person, PersonalLink
from buddies.workflow import MatchStatus
from school.models import Membership, Parent
from tests.cast import Proposed

from .phone import text
from .watch import everything

ASKED = {Person.PARENT: MatchStatus.WAITING_FOR_PARENT, Person.BUDDY: MatchStatus.WAITING_FOR_BUDDY}
PERSONS = list(ASKED)


@dataclass
class Holder:
    """Somebody with a link on their phone."""

    match: Match
    person: Person
    key: str

    def __post_init__(self) -> None:
        self.phone = Client(enforce_csrf_checks=True)
        self.address = f"/o/{self.key}/"

    def opens(self, query: str = "") -> Any:
        """The page."""
        return self.phone.get(self.address + query)

    def taps(self, answer: str, query: str = "") -> Any:
        """The page after the button `answer`."""
        return self.phone.post(self.address + query, {"answer": answer}, follow=True)

    @property
    def who(self) -> Parent:
        return self.match.parent if self.person is Person.PARENT else self.match.buddy_parent

    @property
    def link(self) -> PersonalLink:
        return PersonalLink.objects.get(match=self.match, person=self.person)

    @property
    def given(self) -> dict[str, Consent]:
        """Their consents for this match that stand, by purpose."""
        standing = Consent.objects.filter(match=self.match, parent=self.who, withdrawn_at=None)
        return {consent.purpose: consent for consent in standing}


@dataclass
class HandOut:
    """Makes links: for the parent of a new match, or for its buddy."""

    proposed: Proposed
    ib: Membership

    def __call__(
        self, person: Person = Person.PARENT, match: Match | None = None, language: str = "nl"
    ) -> Holder:
        match = match or self.proposed(status=ASKED[person])
        key = new_key()
        earlier = PersonalLink.objects.filter(match=match, person=person).first()
        ticket = links.Ticket(key, earlier.token_hash if earlier else "")
        links.make_link(match=match, person=person, language=language, ticket=ticket, by=self.ib)
        return Holder(match, person, key)


def words_on(page: Any) -> str:
    """What is read on `page`, without the names of languages."""
    body = text(page).partition("<body")[2].partition(">")[2]
    body = re.sub(r"<nav.*?</nav>", " ", body, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def buttons(page: Any) -> list[str]:
    """The answers to choose from, as sent."""
    return re.findall(r'<button[^>]*value="(\w+)"', text(page))


def as_read(holder: Holder) -> PersonalLink:
    """The link with everything a page reads, as it is at this moment."""
    rows = PersonalLink.objects.select_related("match__parent_yes", "match__buddy_yes", "made_by")
    return rows.get(match=holder.match, person=holder.person)


def gone(holder: Holder, status: int) -> None:
    """The kind page, and nothing happens whatever is sent."""
    before = everything()
    for page in (holder.opens(), holder.taps("yes"), holder.taps("stop"), holder.taps("share")):
        assert page.status_code == status
        assert "Deze link werkt niet meer" in words_on(page)
        assert "U hebt niets verkeerd gedaan." in words_on(page)
        assert buttons(page) == []
    assert everything() == before

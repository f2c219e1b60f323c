"""The personal link: making one, and what somebody answers through it without an account.

Everything here ends in the same steps a colleague takes by hand; they are recorded by whoever made the link, with the
link as the way it was said. The log names nobody for them.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from school import audit, clock
from school.errors import Changed
from school.models import Membership

from ..links.keys import fingerprint
from ..models import Consent, LinkAnswer, Match, Method, Person, PersonalLink, Purpose
from ..models.links import ASKED_IN, SAYS_NO, VALID, LinkStage
from . import consents, matches
from .errors import WrongMoment
from .locking import hold_buddy, lock_match, lock_request


@dataclass(frozen=True)
class Ticket:
    """What the page on which a link is made was opened with: the `key` the link will get, and the fingerprint of the
    link it takes the place of ("" for none)."""

    key: str
    replaces: str = ""


@transaction.atomic
def make_link(*, match: Match, person: Person, language: str, ticket: Ticket, by: Membership) -> PersonalLink:
    """A link with which `person` answers about `match`, in `language`. The one before it stops working; a link for the
    buddy is asking the buddy. Sent twice with one ticket, it is one link.

    Raises WrongMoment when it is not their turn, Changed when somebody else made a link since the page was opened.
    """
    match = lock_match(match)
    if match.state is not ASKED_IN[person]:
        raise WrongMoment
    earlier = PersonalLink.objects.filter(match=match, person=person).first()
    made = fingerprint(ticket.key)
    if earlier is not None and earlier.token_hash == made:
        return earlier
    if ticket.replaces != (earlier.token_hash if earlier else ""):
        raise Changed
    link, _new = PersonalLink.objects.update_or_create(
        match=match,
        person=person,
        defaults={
            "school_id": by.school_id,
            "token_hash": made,
            "language": language,
            "made_by": by,
            "made_at": clock.now(),
            "valid_until": clock.today() + VALID,
            "answer": LinkAnswer.OPEN,
            "answered_at": None,
        },
    )
    if person is Person.BUDDY:
        matches.ask_buddy(match=match, by=by)
    audit.record("link.make", link, by=by)
    return link


@transaction.atomic
@audit.by_link()
def answer_by_link(*, link: PersonalLink, answer: LinkAnswer, text: str) -> None:
    """Yes, no, or "I would like to talk first", after reading the consent in the file `text`. A no of today can be
    changed, and a no after a yes is stopping. Saying the same twice does nothing more.

    Raises WrongMoment when the link has no question any more; BuddyFull or RequestHasMatch when a no cannot be
    changed because the buddy or the request has gone on.
    """
    if answer is LinkAnswer.NO and link.stage(clock.today()) in (LinkStage.SAID_YES, LinkStage.STOPPED):
        stop(link=link)
        return
    link = _held(link)
    stage = link.stage(clock.today())
    if (stage, answer) in _SAID_BEFORE and link.answer == answer:
        return
    if stage is LinkStage.SAID_NO:
        matches.undo(match=link.match, by=link.made_by)
    elif stage is not LinkStage.ASKING:
        raise WrongMoment
    if answer is LinkAnswer.YES:
        step = matches.record_parent_yes if link.of_parent else matches.record_buddy_yes
        step(match=link.match, method=Method.LINK, by=link.made_by, language=text)
    elif answer is LinkAnswer.NO:
        _end(link)
    _answered(link, answer)


_SAID_BEFORE = {
    (LinkStage.SAID_YES, LinkAnswer.YES),
    (LinkStage.SAID_NO, LinkAnswer.NO),
    (LinkStage.ASKING, LinkAnswer.TALK),
}


@transaction.atomic
@audit.by_link()
def share_contact(*, link: PersonalLink, share: bool, text: str) -> None:
    """After their yes, apart from it: whether their contact details may go to the other, after reading the consent
    in the file `text`. Without a yes nothing is stored. Raises WrongMoment when they did not say yes."""
    if share:
        link = _held(link)
    if link.stage(clock.today()) is not LinkStage.SAID_YES:
        raise WrongMoment
    given = _standing(link).filter(purpose=Purpose.SHARE_CONTACT).first()
    if share and given is None:
        consents.give(
            parent=link.parent,
            purpose=Purpose.SHARE_CONTACT,
            method=Method.LINK,
            by=link.made_by,
            match=link.match,
            language=text,
        )
    elif not share and given is not None:
        consents.withdraw(consent=given, by=link.made_by)


@transaction.atomic
@audit.by_link()
def stop(*, link: PersonalLink) -> None:
    """They take back all they agreed to for this match, at once (invariant 7). Stopping twice does nothing more.
    Raises WrongMoment when there is nothing to stop."""
    stage = link.stage(clock.today())
    if stage is LinkStage.STOPPED:
        return
    if stage is not LinkStage.SAID_YES:
        raise WrongMoment
    # Withdrawing holds the rows it needs in the common order, so nothing is held before it.
    for consent in _standing(link).order_by("pk"):
        consents.withdraw(consent=consent, by=link.made_by)
    link = _held(link)
    if link.match.state is ASKED_IN[Person(link.person)]:
        # A colleague took the yes back a moment ago, to ask again: it is answered.
        _end(link)
    _answered(link, LinkAnswer.NO)


def _held(link: PersonalLink) -> PersonalLink:
    """`link` as it is now, with its match, both held until the transaction ends. Raises WrongMoment when it is gone or
    another took its place."""
    hold_buddy(link.match)
    lock_request(link.match.request)
    match = lock_match(link.match)
    links = PersonalLink.objects.select_for_update(of=("self",), no_key=True).select_related(
        "made_by__school"
    )
    fresh = links.filter(pk=link.pk, token_hash=link.token_hash).first()
    if fresh is None:
        raise WrongMoment
    fresh.match = match
    return fresh


def _standing(link: PersonalLink) -> QuerySet[Consent]:
    """What they agreed to for this match and did not take back."""
    return Consent.objects.filter(match=link.match, parent=link.parent, withdrawn_at=None)


def _end(link: PersonalLink) -> None:
    """Their no ends the match; the request searches on."""
    matches.did_not_proceed(match=link.match, reason=SAYS_NO[Person(link.person)], by=link.made_by)


def _answered(link: PersonalLink, answer: LinkAnswer) -> None:
    link.answer, link.answered_at = answer, clock.now()
    link.save(update_fields=["answer", "answered_at"])
    audit.record("link.answer", link, by=None)

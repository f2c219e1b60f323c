"""Personal links: who is asked now, what stands on the page behind a link, and what staff see of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.defaultfilters import date as day_words
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from school.models import School

from .. import consent_texts
from ..languages import LANGUAGES, Language
from ..links.speech import DUTCH, WRITTEN, Speech, offered, speech
from ..models import Consent, LinkAnswer, Match, Person, PersonalLink, Purpose
from ..models.links import ASKED_IN, LinkStage
from ..workflow import MatchStatus


def asked(match: Match) -> Person | None:
    """Whose answer `match` waits for; None when it waits for nobody's."""
    return next((person for person, status in ASKED_IN.items() if match.state is status), None)


def latest(match: Match, person: Person) -> PersonalLink | None:
    """The link that was made for `person` about `match`."""
    return match.personallink_set.filter(person=person).first()


@dataclass(frozen=True)
class Told:
    """What staff see of a link: a sentence, and whether it asks for a call."""

    text: str
    call: bool = False


def told(match: Match, person: Person, on: date) -> Told | None:
    """How it is with the link of `person` on day `on`; None when there is none."""
    link = latest(match, person)
    if link is None:
        return None
    if link.answer == LinkAnswer.TALK and link.answered_at is not None:
        day = day_words(localdate(link.answered_at), "j F")
        return Told(
            _("Answered through the link on %(day)s: would like to talk first. Call them.") % {"day": day},
            True,
        )
    days = {"made": day_words(localdate(link.made_at), "j F"), "until": day_words(link.valid_until, "j F")}
    if link.valid_until < on:
        return Told(_("The link of %(made)s works no longer.") % days)
    return Told(_("There is a link, made on %(made)s. It works until %(until)s; no answer yet.") % days)


def languages_of(school: School) -> list[Language]:
    """The languages in which parents of `school` may answer."""
    return [LANGUAGES[code] for code in offered(school.languages)]


def own_language(match: Match, person: Person) -> str:
    """The language to offer `person` first: the first they said they speak in which they can answer, else Dutch."""
    parent = match.parent if person is Person.PARENT else match.buddy_parent
    codes = offered(match.school.languages)
    return next((code for code in parent.languages if code in codes), DUTCH)


def consent_words(purpose: Purpose, spoken: Speech) -> list[str]:
    """The sentences of today's consent, one for each line of its text."""
    return consent_texts.text(purpose, language=spoken.text).splitlines()


# The page behind a link


def behind(key: str) -> PersonalLink | None:
    """The link that `key` opens, with all its page needs."""
    rows = PersonalLink.objects.with_key(key).select_related(
        "school",
        "made_by__school",
        "match__parent",
        "match__buddy_parent",
        "match__parent_yes",
        "match__buddy_yes",
    )
    return rows.first()


@dataclass(frozen=True)
class Voice:
    """How a page speaks: its language, and the languages to choose from."""

    speech: Speech
    languages: Sequence[Language]


def voice(link: PersonalLink | None, wanted: str) -> Voice:
    """The language `wanted`, if the school offers it; else the one the link was made in. A page of no school offers
    all that are written."""
    codes = offered(link.school.languages) if link else list(WRITTEN)
    own = link.language if link and link.language in codes else DUTCH
    code = wanted if wanted in codes else own
    formal = link.school.formal_address if link else True
    return Voice(speech(code, formal=formal), [LANGUAGES[each] for each in codes])


def page(link: PersonalLink, on: date, spoken: Speech, *, said_contact_no: bool) -> dict[str, Any]:
    """What stands on the page behind `link` on day `on`; not a word about who the other is, or what it is about
    (invariant 3). `said_contact_no`: they answered just now that their contact details may not be given, of which
    nothing is stored."""
    stage, state = link.stage(on), link.match.state
    found: dict[str, Any] = {"stage": stage, "for_parent": link.of_parent}
    if stage is LinkStage.ASKING:
        found["consent"] = consent_words(Purpose.MATCH, spoken)
        found["wants_to_talk"] = link.answer == LinkAnswer.TALK
    elif stage is LinkStage.SAID_YES:
        shared = _shares_contact(link)
        found |= {
            "other_is_asked": state is MatchStatus.WAITING_FOR_BUDDY,
            "connected": state is MatchStatus.CONNECTED,
            "contact": consent_words(Purpose.SHARE_CONTACT, spoken),
            "shared": shared,
            "kept": said_contact_no and not shared,
        }
    return found


def _shares_contact(link: PersonalLink) -> bool:
    given = Consent.objects.filter(match=link.match, parent=link.parent, purpose=Purpose.SHARE_CONTACT)
    return given.filter(withdrawn_at=None).exists()


def replaced_by_new(match: Match, person: Person) -> str:
    """The fingerprint of the link that a new one for `person` takes the place of; "" for none."""
    link = latest(match, person)
    return link.token_hash if link else ""

"""From a proposal to two parents who help each other, by hand and through the personal link."""

from __future__ import annotations

from datetime import timedelta

from buddies.actions import links, matches
from buddies.links.keys import fingerprint
from buddies.models import (
    CheckAnswer,
    ClickReason,
    EndReason,
    LinkAnswer,
    Outcome,
    Person,
    PersonalLink,
    TipGiver,
    Way,
)
from buddies.models.links import ASKED_IN
from buddies.reading.links import behind
from buddies.workflow import LIVE
from school import clock

from ..world import Nothing, World
from .register import step


@step
def propose(w: World) -> object:
    live = {row.request_id for row in w.now["match"].values() if row.status in LIVE}
    request, by = w.seen(
        "request", "supportrequest", lambda r: r.theme_id and (r.id not in live or w.flip(0.1))
    )
    fitting = {row.buddy_id for row in w.now.of("experience", theme_id=request.theme_id)}
    near = w.flip(0.85)
    buddy = w.some(
        "buddy",
        lambda b: by.pk in w.sight.seers("buddy", b.id) and (b.id in fitting or not near),
    )
    reasons = w.dice.sample(list(ClickReason), w.dice.randint(1, 2))
    return matches.propose(
        request=request,
        buddy=w.row("buddy", buddy.id),
        click_reasons=reasons,
        by=by,
        submission=w.number(),
        click_words="" if w.flip() else "hou van tuinieren",
    )


@step
def ask_parent(w: World) -> object:
    match, by = w.seen("match", "match", lambda m: m.status == "proposed" or w.flip(0.1))
    return matches.ask_parent(match=match, tip_giver=w.any_of(list(TipGiver)), by=by)


@step
def parent_yes(w: World) -> object:
    match, by = w.seen("match", "match", lambda m: m.status in ("proposed", "waiting_for_parent"))
    return matches.record_parent_yes(match=match, method=w.method(), by=by)


@step
def signaller_records(w: World) -> object:
    match, by = w.seen("tip", "match")
    if w.flip(0.7):
        return matches.record_parent_yes(match=match, method=w.method(), by=by)
    return matches.did_not_proceed(match=match, reason=EndReason.PARENT_NO, by=by)


@step
def ask_buddy(w: World) -> object:
    match, by = w.seen("match", "match", lambda m: m.status == "waiting_for_buddy" or w.flip(0.2))
    return matches.ask_buddy(match=match, by=by)


@step
def buddy_yes(w: World) -> object:
    match, by = w.seen("match", "match", lambda m: m.status == "waiting_for_buddy" or w.flip(0.2))
    return matches.record_buddy_yes(match=match, method=w.method(), by=by)


def _connection(w: World) -> matches.Connection:
    first = clock.today() + timedelta(days=3) if w.flip(0.3) else None
    return matches.Connection(w.any_of(list(Way)), w.flip(), w.flip(), w.flip(), first)


@step
def connect(w: World) -> object:
    match, by = w.seen("match", "match", lambda m: m.status == "agreed" or w.flip(0.2))
    return matches.connect(match=match, connection=_connection(w), method=w.method(), by=by)


@step
def all_discussed(w: World) -> object:
    match, by = w.seen("match", "match", lambda m: m.status in LIVE)
    return matches.all_discussed(match=match, connection=_connection(w), method=w.method(), by=by)


@step
def did_not_proceed(w: World) -> object:
    match, by = w.seen("match", "match", lambda m: m.status in LIVE or w.flip(0.1))
    reasons = [reason for reason in EndReason if reason and reason != EndReason.CONSENT_ENDED]
    return matches.did_not_proceed(match=match, reason=w.any_of(reasons), by=by)


@step
def undo(w: World) -> object:
    match, by = w.seen("match", "match")
    return matches.undo(match=match, by=by)


@step
def complete(w: World) -> object:
    match, by = w.seen("match", "match", lambda m: m.status == "connected" or w.flip(0.1))
    outcomes = [outcome for outcome in Outcome if outcome]
    return matches.complete(match=match, outcome=w.any_of(outcomes), close_request=w.flip(), by=by)


@step
def check_in(w: World) -> object:
    call, by = w.seen("checkin", "checkin", lambda c: c.done_at is None or w.flip(0.1))
    answers = [answer for answer in CheckAnswer if answer]
    return matches.record_checkin(checkin=call, answer=w.any_of(answers), by=by)


# The personal link


@step
def make_link(w: World) -> object:
    asked = {status: person for person, status in ASKED_IN.items()}
    match, by = w.seen("match", "match", lambda m: m.status in asked)
    person = asked.get(match.state) or Person.PARENT
    if w.flip(0.1):
        person = Person.BUDDY
    earlier = PersonalLink.objects.filter(match=match.pk, person=person).first()
    key = f"key{w.number().hex}"
    ticket = links.Ticket(key, earlier.token_hash if earlier and w.flip(0.9) else "")
    made = links.make_link(match=match, person=person, language="nl", ticket=ticket, by=by)
    w.keys.append(key)
    return made


def link(w: World) -> PersonalLink:
    """A link that was handed out and still opens something. Raises Nothing."""
    hashes = {row.token_hash for row in w.now["personallink"].values()}
    keys = [key for key in w.keys if fingerprint(key) in hashes]
    found = behind(w.any_of(keys)) if keys else None
    if found is None:
        raise Nothing
    w.actor = None
    return found


@step
def answer_by_link(w: World) -> object:
    answers = [LinkAnswer.YES, LinkAnswer.YES, LinkAnswer.NO, LinkAnswer.TALK]
    return links.answer_by_link(link=link(w), answer=w.any_of(answers), text="nl")


@step
def share_contact(w: World) -> object:
    return links.share_contact(link=link(w), share=w.flip(0.7), text="nl")


@step
def stop_by_link(w: World) -> object:
    return links.stop(link=link(w))

"""Parents who offer to help, or stop."""

from __future__ import annotations

from datetime import timedelta

from buddies.actions import consents, pool
from buddies.models import Theme
from school import clock
from school.models import Membership, Parent
from school.roles import Permission

from ..world import Nothing, World
from .register import step


def _offer(w: World) -> pool.Offer:
    grades = tuple(w.dice.sample(range(1, 9), w.dice.randint(0, 2)))
    return pool.Offer(w.any_of([1, 1, 2, 3]), 1, grades, w.any_of([None, 2020, 2026]))


def _answers(w: World, themes: list[Theme]) -> pool.Answers:
    return pool.Answers(dict.fromkeys(themes, "zelf ook"), w.flip(), w.method())


def _coordinator(w: World) -> Membership:
    return w.anybody(lambda eyes: eyes.themes)


@step
def add_buddy(w: World) -> object:
    by = _coordinator(w)
    themes = [w.own_theme(by)]
    known = [pk for pk in w.now["parent"] if by.pk in w.sight.seers("parent", pk)]
    parent = Parent.objects.get(pk=w.any_of(known)) if known and w.flip(0.3) else w.details()
    child = None if isinstance(parent, Parent) else w.child(by.school_id)
    return pool.add_buddy(
        parent=parent, offer=_offer(w), answers=_answers(w, themes), child=child, by=by, submission=w.number()
    )


@step
def nominate(w: World) -> object:
    by = w.anybody(lambda eyes: Permission.SIGNAL in eyes.may)
    return pool.add_buddy(
        parent=w.details(),
        offer=pool.Offer(),
        answers=_answers(w, [w.theme(by.school_id)]),
        child=w.child(by.school_id),
        by=by,
        submission=w.number(),
        taken_up=False,
    )


@step
def suggest(w: World) -> object:
    by = w.anybody(lambda eyes: Permission.SIGNAL in eyes.may)
    return pool.suggest(details=w.details(), by=by, submission=w.number(), child=w.child(by.school_id))


@step
def ask_to_be_a_buddy(w: World) -> object:
    buddy, by = w.seen("buddy", "buddy", lambda b: b.status == "suggested" or w.flip(0.1))
    return pool.ask(buddy=buddy, by=by)


@step
def record_offer(w: World) -> object:
    buddy, by = w.seen("buddy", "buddy", lambda b: b.status != "offered" or w.flip(0.1))
    return pool.record_offer(buddy=buddy, offer=_offer(w), answers=_answers(w, [w.own_theme(by)]), by=by)


@step
def take_up_buddy(w: World) -> object:
    buddy, by = w.seen("buddy", "buddy", lambda b: b.taken_up_at is None or w.flip(0.1))
    return pool.take_up(buddy=buddy, by=by)


@step
def add_experience(w: World) -> object:
    buddy, by = w.seen("buddy", "buddy")
    return pool.add_experience(buddy=buddy, theme=w.own_theme(by), words="ook", method=w.method(), by=by)


@step
def name_consent(w: World) -> object:
    buddy, by = w.seen("buddy", "buddy")
    return pool.record_name_consent(buddy=buddy, method=w.method(), by=by)


@step
def background(w: World) -> object:
    parent, by = w.seen("parent", "parent")
    return pool.set_background(parent=parent, words="Twents", method=w.method(), by=by)


@step
def change_offer(w: World) -> object:
    buddy, by = w.seen("buddy", "buddy")
    return pool.update_offer(buddy=buddy, offer=_offer(w), revision=buddy.revision, by=by)


@step
def pause(w: World) -> object:
    buddy, by = w.seen("buddy", "buddy")
    until = clock.today() + timedelta(days=w.any_of([1, 30, 100])) if w.flip(0.6) else None
    return pool.pause(buddy=buddy, until=until, by=by)


@step
def stop_buddy(w: World) -> object:
    buddy, by = w.seen("buddy", "buddy")
    return pool.stop(buddy=buddy, by=by)


@step
def link_buddy(w: World) -> object:
    buddy, by = w.seen("buddy", "buddy", lambda b: b.taken_up_at is None)
    known = w.some("parent", lambda p: p.school_id == by.school_id and by.pk in w.sight.seers("parent", p.id))
    return pool.link_parent(buddy=buddy, parent=Parent.objects.get(pk=known.id), by=by)


@step
def withdraw(w: World) -> object:
    """Any consent of a buddy or of one of two who were matched."""
    consent = w.some("consent", lambda c: c.withdrawn_at is None)
    door = ("match", consent.match_id) if consent.match_id else ("parent", consent.parent_id)
    by = w.who_sees(*door)
    if consent.theme_id and consent.theme_id not in w.sight.eyes[by.pk].themes:
        raise Nothing
    return consents.withdraw(consent=w.row("consent", consent.id), by=by)

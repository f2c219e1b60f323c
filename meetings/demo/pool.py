"""The parents of the demo school who said yes to being a buddy, and those who were thought of."""

from __future__ import annotations

from datetime import date, timedelta

from buddies.actions import pool
from buddies.actions.consents import valid_until
from buddies.models import Buddy, Consent, Method, Purpose
from school.models.people import school_year

from .people import ASKED, BUDDIES, EXPIRING, NOMINATED, PAUSED, STOPPED, SUGGESTED, Offering
from .world import World

AUGUST, SEPTEMBER = 8, 9


def fill(world: World) -> dict[str, Buddy]:
    """Fill the pool of `world`. Gives the buddies by the keys of the story."""
    ib = world.members["ib"]
    buddies = {key: _add(world, offering) for key, offering in BUDDIES.items()}
    with world.diary.on(BUDDIES[STOPPED].days_ago - 30):
        pool.stop(buddy=buddies[STOPPED], by=ib)
    for turn, (key, offering) in enumerate(BUDDIES.items()):
        if key != STOPPED:
            _tell_grades_anew(world, offering, buddies[key])
            _ask_again(world, offering, buddies[key], turn)
    with world.diary.on(20):
        pool.pause(buddy=buddies[PAUSED], until=world.diary.today + timedelta(days=24), by=ib)
    # Nearly all consents end in September; that somebody has to be asked again is to be seen all year round.
    Consent.objects.filter(
        parent=buddies[EXPIRING].parent, purpose=Purpose.SHARE_EXPERIENCE, withdrawn_at=None
    ).update(valid_until=world.diary.today + timedelta(days=18))
    _think_of_others(world)
    return buddies


def _add(world: World, offering: Offering, *, taken_up: bool = True) -> Buddy:
    experiences = {world.themes[code]: words for code, words in offering.themes.items()}
    first_year = school_year(world.diary.today) - offering.years_here
    known = world.members[offering.colleague].parent if offering.colleague else None
    by = world.members[offering.by]
    with world.diary.on(offering.days_ago, offering.days_ago % 240):
        buddy = pool.add_buddy(
            parent=known or world.details(offering.person),
            child=world.child_of(offering.person),
            offer=pool.Offer(offering.capacity, offering.children, offering.grades, first_year),
            answers=pool.Answers(experiences, offering.name_known),
            taken_up=taken_up,
            by=by,
            submission=world.submission(),
        )
        if offering.background:
            pool.set_background(
                parent=buddy.parent, words=offering.background, method=Method.CONVERSATION, by=by
            )
    return buddy


def _tell_grades_anew(world: World, offering: Offering, buddy: Buddy) -> None:
    """Who was a buddy last school year told this year's grades when it began; those are the ones of the story."""
    year = school_year(world.diary.today)
    if school_year(world.diary.moment(offering.days_ago).date()) == year:
        return
    since_august = world.diary.days_since(date(year, AUGUST, 1))
    buddy.refresh_from_db()
    with world.diary.on(min(since_august, max(1, world.diary.days_since(date(year, SEPTEMBER, 1)))), 20):
        pool.update_offer(
            buddy=buddy,
            offer=pool.Offer(offering.capacity, offering.children, offering.grades, buddy.here_since),
            revision=buddy.revision,
            by=world.members[offering.by],
        )


def _ask_again(world: World, offering: Offering, buddy: Buddy, turn: int) -> None:
    """Whose consent has run out, or soon would, was asked again in September, a few a day."""
    last_day = valid_until(world.diary.moment(offering.days_ago).date())
    if last_day > world.diary.today + timedelta(days=31):
        return
    asked_again = max(1 + turn // 3, world.diary.days_since(date(last_day.year, SEPTEMBER, 7 + turn // 2)))
    by = world.members[offering.by]
    with world.diary.on(asked_again, turn * 5):
        for code in offering.themes:
            pool.add_experience(buddy=buddy, theme=world.themes[code], words="", method=Method.PHONE, by=by)
        if offering.name_known:
            pool.record_name_consent(buddy=buddy, method=Method.PHONE, by=by)
        if offering.background:
            pool.set_background(parent=buddy.parent, words=offering.background, method=Method.PHONE, by=by)


def _think_of_others(world: World) -> None:
    """One whom a colleague thinks of, one who is thinking about it, one who said yes to a teacher yesterday."""
    with world.diary.on(6, 200):
        pool.suggest(
            details=world.details(SUGGESTED),
            child=world.child_of(SUGGESTED),
            by=world.members["esther"],
            submission=world.submission(),
        )
    with world.diary.on(12, 150):
        asked = pool.suggest(
            details=world.details(ASKED),
            child=world.child_of(ASKED),
            by=world.members["marloes"],
            submission=world.submission(),
        )
    with world.diary.on(5, 30):
        pool.ask(buddy=asked, by=world.members["ib"])
    _add(world, NOMINATED, taken_up=False)

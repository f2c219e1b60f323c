"""Families of children who start."""

from __future__ import annotations

from datetime import timedelta

from buddies.actions import newcomers
from buddies.models import ClickReason, OfferAnswer, Siblings
from school import clock
from school.models import Child, Membership

from ..world import World
from .register import step


def _welcomer(w: World) -> Membership:
    newcomer = {row.id for row in w.now.of("theme", code="newcomer", hidden=False)}
    return w.anybody(lambda eyes: eyes.themes & newcomer)


def _in_mind(w: World, by: Membership) -> newcomers.InMind | None:
    newcomer = {row.id for row in w.now.of("theme", code="newcomer")}
    guides = {row.buddy_id for row in w.now["experience"].values() if row.theme_id in newcomer}
    seen = sorted(pk for pk in guides if by.pk in w.sight.seers("buddy", pk))
    if not seen or w.flip(0.3):
        return None
    return newcomers.InMind(w.row("buddy", w.any_of(seen)), [ClickReason.SAME_AGE])


@step
def child_starts(w: World) -> object:
    by = _welcomer(w)
    day = clock.today() + timedelta(days=w.any_of([-100, 1, 20, 60]))
    return newcomers.add_child(first_name="Nine", group=None, start_date=day, by=by)


@step
def offer_to_family(w: World) -> object:
    by = _welcomer(w)
    family = w.sight.eyes[by.pk].family
    own = {row.child_id for row in w.now["guardianship"].values() if row.parent_id in family}
    row = w.some("child", lambda c: c.school_id == by.school_id and c.id not in own)
    return newcomers.offer(
        child=Child.objects.select_related("group").get(pk=row.id),
        told=newcomers.Told(w.details(), w.flip(0.2), w.any_of(list(Siblings)), w.method()),
        in_mind=_in_mind(w, by),
        by=by,
        submission=w.number(),
        home=w.any_of([1, 1, 1, 2]),
        answer=w.any_of(list(OfferAnswer)),
    )


@step
def family_says_yes(w: World) -> object:
    offer, by = w.seen("newcomeroffer", "newcomeroffer", lambda o: o.answer == "" or w.flip(0.1))
    return newcomers.accept(
        offer=offer, in_mind=_in_mind(w, by), method=w.method(), by=by, submission=w.number()
    )


@step
def family_says_no(w: World) -> object:
    offer, by = w.seen("newcomeroffer", "newcomeroffer", lambda o: o.answer == "" or w.flip(0.1))
    return newcomers.decline(offer=offer, by=by)


@step
def another_in_mind(w: World) -> object:
    offer, by = w.seen("newcomeroffer", "newcomeroffer", lambda o: o.answer == "" or w.flip(0.1))
    return newcomers.choose_other(offer=offer, in_mind=_in_mind(w, by), by=by)


@step
def take_offer_back(w: World) -> object:
    offer, by = w.seen("newcomeroffer", "newcomeroffer")
    return newcomers.take_back(offer=offer, by=by)

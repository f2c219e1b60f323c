"""What a school finds important when pairs are proposed, and what a change of that would do."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from buddies import candidates
from buddies.actions import newcomers, opinions, requests
from buddies.matching import PREFERENCES, Importance
from buddies.models import Weight
from buddies.reading.distributing import divide
from buddies.reading.opinions import effect
from school import clock
from school.errors import Changed
from school.models import Child, Group, Membership
from tests.cast import AddBuddy, Proposed, Signalled

from .phone import text, url
from .test_opinions import first


def weigh(by: Membership, **chosen: Importance) -> None:
    opinions.weigh(chosen=chosen, seen=candidates.weighing(by.school_id), by=by)


def test_weights_of_the_school_order_its_candidates(
    signalled: Signalled, add_buddy: AddBuddy, ib: Membership, other_ib: Membership, groups: dict[str, Group]
) -> None:
    request = signalled("reading", wish="father", group=groups["4B"])
    near, father = add_buddy("reading", grades=(4,)), add_buddy("reading", kind="father", grades=(8,))
    assert first(request) == [father.pk, near.pk]
    weigh(other_ib, grade=Importance.IMPORTANT)
    assert first(request) == [father.pk, near.pk]
    weigh(ib, grade=Importance.IMPORTANT)
    assert first(request) == [near.pk, father.pk]
    weigh(ib, grade=Importance.IGNORED)
    [_best, last] = candidates.ranking(request, clock.today()).candidates
    assert last.reasons == ()
    assert [reason.code for reason in last.attention] == ["wish"]


def test_weights_of_the_school_propose_for_new_families(
    dirkje: Client, director: Membership, nine: Child, add_buddy: AddBuddy
) -> None:
    """In the list, which divides all, and on the page of one family, before and after the offer."""
    add_buddy("newcomer", first_name="Veel", children_count=3, grades=(8,))
    add_buddy("newcomer", first_name="Dichtbij", grades=(2,))
    weigh(director, several_children=Importance.IGNORED, grade=Importance.IGNORED)
    page = dirkje.get(url("offer_newcomer", nine.pk)).context["page"]
    assert [choice.reasons for choice in (page.first, *page.others)] == [(), ()]
    for code, best in (("several_children", "Veel"), ("grade", "Dichtbij")):
        weigh(director, **{"several_children": Importance.COUNTS, code: Importance.IMPORTANT})
        assert f"Voorstel: {best} Bakker" in text(dirkje.get(url("newcomers")))
        page = dirkje.get(url("offer_newcomer", nine.pk)).context["page"]
        assert page.first.name == f"{best} Bakker"
    offer = newcomers.offer(child=nine, told=newcomers.Told(), in_mind=None, by=director, submission=uuid4())
    page = dirkje.get(url("newcomer_answer", offer.pk)).context["page"]
    assert page.first.name == "Dichtbij Bakker"


def test_weight_of_a_rule_that_is_no_more_says_nothing(
    signalled: Signalled, add_buddy: AddBuddy, ib: Membership
) -> None:
    request, buddies = signalled("reading"), [add_buddy("reading").pk, add_buddy("reading").pk]
    Weight.objects.create(school=ib.school, code="star_sign", importance="important")
    assert first(request) == buddies
    weigh(ib, wish=Importance.IMPORTANT)
    assert first(request) == buddies


def test_weights_saved_over_others_are_refused(ib: Membership, director: Membership) -> None:
    seen = candidates.weighing(ib.school_id)
    weigh(director, wish=Importance.IMPORTANT)
    with pytest.raises(Changed):
        opinions.weigh(chosen={"wish": Importance.IGNORED}, seen=seen, by=ib)
    assert candidates.weighing(ib.school_id) == {"wish": Importance.IMPORTANT}


def test_effect_names_those_one_may_see_and_counts_the_others(
    signalled: Signalled,
    add_buddy: AddBuddy,
    proposed: Proposed,
    ib: Membership,
    director: Membership,
    bouwcoordinator: Membership,
    admin_member: Membership,
    groups: dict[str, Group],
) -> None:
    """A parent who is being asked already, or who keeps the same first buddy, is not told."""
    here = partial(signalled, wish="father", group=groups["4B"])
    for theme in ("reading", "newcomer"):
        add_buddy(theme, first_name="Dichtbij", grades=(4,), capacity=2)
        add_buddy(theme, first_name="Vader", kind="father", grades=(8,), capacity=2)
    here("reading", first_name="Amina")
    here("newcomer", first_name="Nadia")
    signalled("reading", first_name="Zelfde")
    proposed(here("reading", first_name="Gevraagd"))
    signalled(None, first_name="Onbekend")
    then = {"grade": Importance.IMPORTANT}

    def told(by: Membership) -> tuple[list[tuple[str, str]], int, int]:
        found = effect(by, {}, then, clock.today())
        return [(change.then, change.now) for change in found.changes], found.others, found.waiting

    change = ("Dichtbij Bakker", "Vader Bakker")
    assert told(director) == ([change], 1, 3)
    [(who, _how)] = [(c.who, c.then) for c in effect(director, {}, then, clock.today()).changes]
    assert "Nadia" in who
    assert told(bouwcoordinator) == ([], 2, 3)
    assert told(ib) == ([change, change], 0, 3)
    assert effect(ib, then, then, clock.today()).changes == ()
    assert told(admin_member) == ([], 2, 3)


def test_effect_leaves_out_who_was_put_off(
    signalled: Signalled, add_buddy: AddBuddy, ib: Membership, groups: dict[str, Group]
) -> None:
    """Until the day on which they wait again, as where all that wait are divided."""
    request = signalled("reading", wish="father", group=groups["4B"])
    add_buddy("reading", grades=(4,))
    add_buddy("reading", kind="father", grades=(8,))
    today, then = clock.today(), {"grade": Importance.IMPORTANT}
    until = today + timedelta(days=7)
    requests.park(request=request, until=until, by=ib)
    for on, number in ((today, 0), (until - timedelta(days=1), 0), (until, 1)):
        found = effect(ib, {}, then, on)
        assert (len(found.changes), found.waiting) == (number, number), on
        assert len(divide(ib, on).waiting) == number, on


def test_effect_tells_nobody_of_their_own_matters(
    signalled: Signalled, add_buddy: AddBuddy, ib: Membership, groups: dict[str, Group]
) -> None:
    request = signalled("reading", wish="father", group=groups["4B"])
    add_buddy("reading", grades=(4,))
    add_buddy("reading", kind="father", grades=(8,))
    then = {"grade": Importance.IMPORTANT}
    assert effect(ib, {}, then, clock.today()).changes
    Membership.objects.filter(pk=ib.pk).update(parent=request.parent)
    found = effect(Membership.objects.get(pk=ib.pk), {}, then, clock.today())
    assert (found.changes, found.others, found.waiting) == ((), 0, 0)


def test_effect_asks_the_same_of_the_database_for_any_number(
    signalled: Signalled, add_buddy: AddBuddy, ib: Membership
) -> None:
    counts, then = [], {rule.code: Importance.IGNORED for rule in PREFERENCES}
    for _time in range(2):
        for theme in ("reading", "divorce", "busy"):
            signalled(theme)
            add_buddy(theme)
        with CaptureQueriesContext(connection) as asked:
            effect(Membership.objects.get(pk=ib.pk), {}, then, clock.today())
        counts.append(len(asked))
    assert counts[0] == counts[1]

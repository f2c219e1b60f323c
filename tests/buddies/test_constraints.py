"""What the database refuses in the tables of buddies, requests and matches: raw writes, past every form and action."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models.constraints import BaseConstraint
from pytest_django import DjangoDbBlocker

from buddies.models import (
    Background,
    CheckAnswer,
    CloseReason,
    Consent,
    EndReason,
    Experience,
    KeptApart,
    Outcome,
    Purpose,
)
from buddies.workflow import MatchStatus
from school import clock
from school.constraints import TiedKey
from school.models import Parent, SchoolOwned

from ..database import (
    change,
    column_of,
    constraints_of,
    is_target,
    models_of,
    refused_by,
    ties_schools,
    unique_columns,
)
from .place import DAY, Place

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """Two schools: what belongs here, and what belongs elsewhere."""

    here: Place
    elsewhere: Place


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Made once: every write of this module is undone. A test that commits has no place here."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World(Place("de-wilgen", "99ZZ"), Place("de-eik", "99YY"))
        transaction.set_rollback(True)


Write = Callable[[Place], None]


def again(kept: KeptApart, parent: Parent, other: Parent) -> None:
    """A second row that says the same of these two."""
    KeptApart.objects.create(
        school=kept.school,
        parent=parent,
        other=other,
        reason=kept.reason,
        until=kept.until,
        recorded_by=kept.recorded_by,
    )


# The name of a constraint → writes that it refuses.
BROKEN_BY: dict[str, tuple[Write, ...]] = {
    # Themes
    "theme_code": (lambda s: change(s.reading, code="astrology"),),
    "theme_built_in_once": (lambda s: change(s.divorce, code="reading"),),
    "theme_has_a_name": (lambda s: change(s.own_theme, name=""),),
    "themecoordinator_one_and_a_deputy": (lambda s: change(s.deputy, deputy=False),),
    "themecoordinator_once": (lambda s: change(s.deputy, membership=s.ib),),
    "sharedrequest_once": (lambda s: change(s.second_shared, membership=s.teacher),),
    # Consents
    "consent_purpose": (lambda s: change(s.name_consent, purpose="newsletter"),),
    "consent_method": (lambda s: change(s.name_consent, method="rumour"),),
    "consent_theme_fits_purpose": (
        lambda s: change(s.experience.consent, theme=None),
        lambda s: change(s.name_consent, theme=s.reading),
    ),
    "consent_request_fits_purpose": (
        lambda s: change(s.consent_with("request"), request=None),
        lambda s: change(s.name_consent, request=s.open),
    ),
    "consent_match_fits_purpose": (
        lambda s: change(s.consent_with("match"), match=None),
        lambda s: change(s.name_consent, match=s.agreed),
    ),
    "consent_withdrawn_after_given": (
        lambda s: change(s.name_consent, withdrawn_at=s.name_consent.given_at - timedelta(seconds=1)),
    ),
    "consent_once_per_match": (lambda s: change(s.consent_with("buddy"), parent=s.agreed.parent),),
    "consent_request_same_parent": (lambda s: change(s.consent_with("request"), parent=s.stranger),),
    # Requests
    "supportrequest_origin": (lambda s: change(s.open, origin="gossip"),),
    "supportrequest_close_reason": (lambda s: change(s.closed, close_reason="bored"),),
    "supportrequest_wish": (lambda s: change(s.open, wish="aunt"),),
    "supportrequest_no_theme_without_consent": (
        lambda s: change(s.undiscussed, theme=s.reading),
        lambda s: change(s.undiscussed, note="x"),
        lambda s: change(s.undiscussed, outside_class=True),
        lambda s: change(s.open, search_consent=None, forget_on=DAY),
        lambda s: change(s.open, search_consent=None, forget_on=DAY, theme=None),
        lambda s: change(s.open, search_consent=None, forget_on=DAY, note=""),
    ),
    "supportrequest_undiscussed_is_forgotten": (
        lambda s: change(s.undiscussed, forget_on=None),
        lambda s: change(s.open, forget_on=DAY),
    ),
    "supportrequest_closed_with_reason": (
        lambda s: change(s.open, closed_at=clock.now()),
        lambda s: change(s.open, close_reason=CloseReason.HELPED),
        lambda s: change(s.closed, close_reason=""),
        lambda s: change(s.closed, closed_at=None),
    ),
    "supportrequest_own_search_consent": (
        lambda s: change(s.open, search_consent=s.other_open.search_consent),
        lambda s: change(s.open, search_consent=s.name_consent),
        lambda s: change(s.open, parent=s.stranger),
    ),
    "supportrequest_open_theme_once": (lambda s: change(s.other_open, parent=s.open.parent),),
    "referral_status": (lambda s: change(s.referral, status="sent off"),),
    "organisation_once": (lambda s: change(s.organisation, name="Home-Start"),),
    # Buddies
    "buddy_status": (lambda s: change(s.buddy, status="hired"),),
    "buddy_capacity_1_to_5": (
        lambda s: change(s.buddy, capacity=0),
        lambda s: change(s.buddy, capacity=6),
    ),
    "buddy_suggestion_lapses": (
        lambda s: change(s.suggested, forget_on=None),
        lambda s: change(s.buddy, forget_on=DAY),
    ),
    "buddy_once_per_parent": (lambda s: change(s.free_buddy, parent=s.buddy.parent),),
    "experience_buddy_same_parent": (
        lambda s: change(s.experience, parent=s.stranger),
        lambda s: change(s.experience, buddy=s.suggested),
    ),
    "experience_own_consent": (
        lambda s: change(s.experience, consent=s.second_experience.consent),
        lambda s: change(s.experience, consent=s.consent(s.free_buddy.parent, Purpose.SHARE_EXPERIENCE)),
        lambda s: change(s.experience, consent=s.name_consent),
        lambda s: change(s.experience, theme=s.own_theme),
    ),
    "experience_theme_once": (lambda s: change(s.second_experience, theme=s.reading),),
    "background_own_consent": (
        lambda s: change(s.background, consent=s.consent(s.free_buddy.parent, Purpose.SAME_BACKGROUND)),
        lambda s: change(s.background, parent=s.stranger),
    ),
    # Matches
    "match_status": (lambda s: change(s.ended, status="dreamt of"),),
    "match_way": (lambda s: change(s.connected, way="letter"),),
    "match_tip_giver": (lambda s: change(s.proposed, tip_giver="janitor"),),
    "match_end_reason": (lambda s: change(s.ended, end_reason="whim"),),
    "match_outcome": (lambda s: change(s.completed, outcome="great"),),
    "match_live_holds_a_slot": (
        lambda s: change(s.proposed, slot=None),
        lambda s: change(s.connected, slot=None),
        lambda s: change(s.ended, slot=5),
        lambda s: change(s.completed, slot=5),
    ),
    "match_slot_1_to_5": (lambda s: change(s.proposed, slot=0), lambda s: change(s.proposed, slot=6)),
    "match_slot_once": (lambda s: change(s.second_proposed, slot=s.proposed.slot),),
    "match_one_live_per_request": (
        lambda s: change(s.second_proposed, request=s.proposed.request, parent=s.proposed.parent),
    ),
    "match_parent_said_yes": (
        lambda s: change(s.waiting_for_parent, status=MatchStatus.WAITING_FOR_BUDDY),
        lambda s: change(s.waiting_for_parent, status=MatchStatus.AGREED, buddy_yes=s.agreed.buddy_yes),
        lambda s: change(s.waiting_for_buddy, parent_yes=None),
        lambda s: change(s.completed, parent_yes=None, buddy_asked_at=None),
    ),
    "match_buddy_said_yes": (
        lambda s: change(s.waiting_for_buddy, status=MatchStatus.AGREED),
        lambda s: change(s.connected, buddy_yes=None),
    ),
    "match_parent_before_buddy": (
        lambda s: change(s.proposed, buddy_asked_at=clock.now()),
        lambda s: change(s.waiting_for_parent, buddy_asked_at=clock.now()),
    ),
    "match_connected_some_way": (
        lambda s: change(s.connected, way=""),
        lambda s: change(s.connected, connected_at=None),
        lambda s: change(s.completed, way=""),
        lambda s: change(s.agreed, way="introduced"),
        lambda s: change(s.agreed, status=MatchStatus.CONNECTED),
    ),
    "match_ended_with_reason": (
        lambda s: change(s.ended, end_reason=""),
        lambda s: change(s.ended, ended_at=None),
        lambda s: change(s.ended, outcome=Outcome.HELPED),
        lambda s: change(s.completed, outcome=""),
        lambda s: change(s.completed, end_reason=EndReason.NO_CLICK),
        lambda s: change(s.proposed, ended_at=clock.now()),
        lambda s: change(s.proposed, end_reason=EndReason.NO_CLICK),
        lambda s: change(s.connected, outcome=Outcome.HELPED),
    ),
    "match_two_people": (lambda s: change(s.proposed, buddy_parent=s.proposed.parent),),
    "match_request_same_parent": (
        lambda s: change(s.proposed, parent=s.stranger),
        lambda s: change(s.proposed, request=s.open),
    ),
    "match_buddy_same_parent": (
        lambda s: change(s.proposed, buddy_parent=s.stranger),
        lambda s: change(s.proposed, buddy=s.free_buddy),
    ),
    "match_own_parent_yes": (
        lambda s: change(s.agreed, parent_yes=s.connected.parent_yes),
        lambda s: change(s.agreed, parent_yes=s.agreed.buddy_yes),
        lambda s: change(s.agreed, parent_yes=s.name_consent),
    ),
    "match_own_buddy_yes": (
        lambda s: change(s.agreed, buddy_yes=s.connected.buddy_yes),
        lambda s: change(s.agreed, buddy_yes=s.agreed.parent_yes),
        lambda s: change(s.agreed, buddy_yes=s.name_consent),
    ),
    # Check-ins
    "checkin_person": (lambda s: change(s.checkin, person="other"),),
    "checkin_answer": (lambda s: change(s.done_checkin, answer="shrug"),),
    "checkin_done_with_answer": (
        lambda s: change(s.checkin, answer=CheckAnswer.FINE),
        lambda s: change(s.checkin, done_at=clock.now()),
        lambda s: change(s.checkin, recorded_by=s.ib),
        lambda s: change(s.done_checkin, answer=""),
    ),
    "checkin_once": (lambda s: change(s.second_checkin, due_on=s.checkin.due_on),),
    # Personal links
    "personallink_person": (lambda s: change(s.link, person="aunt"),),
    "personallink_answer": (lambda s: change(s.link, answer="hm"),),
    "personallink_one_each": (lambda s: change(s.buddy_link, person="parent"),),
    "personallink_answered_at": (
        lambda s: change(s.link, answered_at=None),
        lambda s: change(s.link, answer=""),
        lambda s: change(s.buddy_link, answered_at=clock.now()),
        lambda s: change(s.buddy_link, answer="yes"),
    ),
    # Offers to new families
    "newcomeroffer_answer": (lambda s: change(s.offer_yes, answer="hm"),),
    "newcomeroffer_siblings": (lambda s: change(s.offer, siblings="two"),),
    "newcomeroffer_home_1_or_2": (lambda s: change(s.offer, home=0), lambda s: change(s.offer, home=3)),
    "newcomeroffer_once": (lambda s: change(s.offer_no, home=2),),
    "newcomeroffer_answered_at": (
        lambda s: change(s.offer, answered_at=clock.now()),
        lambda s: change(s.offer_no, answered_at=None),
        lambda s: change(s.offer_yes, answered_at=None),
    ),
    "newcomeroffer_no_is_forgotten": (
        lambda s: change(s.offer_no, parent=s.stranger),
        lambda s: change(s.offer_no, buddy=s.guide),
        lambda s: change(s.offer, parent=None),
    ),
    "newcomeroffer_request_after_yes": (lambda s: change(s.offer, request=s.offer_yes.request),),
    "newcomeroffer_request_same_parent": (
        lambda s: change(s.offer_yes, parent=s.stranger),
        lambda s: change(s.offer_yes, request=s.open),
    ),
    # What staff and parents say about matching
    "keptapart_reason": (lambda s: change(s.apart, reason="smell"),),
    "keptapart_two_people": (lambda s: change(s.apart, other=s.apart.parent),),
    "keptapart_once": (
        lambda s: again(s.apart, s.apart.parent, s.apart.other),
        lambda s: again(s.apart, s.apart.other, s.apart.parent),
    ),
    "judgement_verdict": (lambda s: change(s.judgement, verdict="hm"),),
    "judgement_one_of_each_colleague": (lambda s: change(s.second_judgement, recorded_by=s.ib),),
    "weight_importance": (lambda s: change(s.weight, importance="huge"),),
    "weight_once": (lambda s: change(s.second_weight, code="wish"),),
    # Totals
    "yeartotal_measure": (lambda s: change(s.total, measure="gossip"),),
    "yeartotal_once_per_theme": (lambda s: change(s.second_total, theme=s.reading),),
    "yeartotal_once_without_theme": (lambda s: change(s.second_bare_total, measure="week"),),
}
# An unknown status is no end either: whichever the database looks at first refuses it.
REFUSED_TOO = {
    "match_status": "match_ended_with_reason",
    "newcomeroffer_answer": "newcomeroffer_no_is_forgotten",
}


def by_name() -> dict[str, tuple[type[models.Model], BaseConstraint]]:
    """Every constraint of this app that can be broken by itself."""
    return {constraint.name: (model, constraint) for model, constraint in constraints_of("buddies")}


def test_every_constraint_has_a_write_that_breaks_it() -> None:
    tied = {name for name, (_model, constraint) in by_name().items() if ties_schools(constraint)}
    assert set(by_name()) - tied == set(BROKEN_BY)


@pytest.mark.parametrize(
    ("name", "number"),
    [(name, number) for name, writes in BROKEN_BY.items() for number in range(len(writes))],
)
def test_constraint_refuses(world: World, name: str, number: int) -> None:
    model, constraint = by_name()[name]
    refused = refused_by(constraint, model, lambda: BROKEN_BY[name][number](world.here))
    assert refused in {name, REFUSED_TOO.get(name)}


@pytest.mark.parametrize("name", [name for name, (_model, key) in by_name().items() if ties_schools(key)])
def test_row_points_at_nothing_of_another_school(world: World, name: str) -> None:
    model, key = by_name()[name]
    assert isinstance(key, TiedKey)
    here, elsewhere = world.here, world.elsewhere
    row = here.consent_with(key.field) if model is Consent else here.row(model)
    target = model._meta.get_field(key.field).related_model
    assert isinstance(target, type)
    foreign = elsewhere.name_consent if target is Consent else elsewhere.row(target)
    assert refused_by(key, model, lambda: change(row, **{key.field: foreign})) == name


def test_what_breaks_nothing_is_not_refused(world: World) -> None:
    """The control of these tests."""
    here = world.here
    for name, (model, key) in by_name().items():
        if isinstance(key, TiedKey):
            row = here.consent_with(key.field) if model is Consent else here.row(model)
            same = getattr(row, key.field)
            assert refused_by(key, model, partial(change, row, **{key.field: same})) == "", name


def test_database_has_what_composite_keys_point_at(world: World) -> None:
    for model in models_of("buddies"):
        for target in filter(is_target, model._meta.constraints):
            columns = tuple(column_of(model, name) for name in target.fields)  # type: ignore[attr-defined]
            assert columns in unique_columns(model), target.name


def test_keys_between_schools_rows_are_tied() -> None:
    """Every key between two rows of a school has its `same_school`, and can be pointed at in the same way."""
    owned = [
        model
        for app in ("school", "buddies", "meetings")
        for model in models_of(app)
        if issubclass(model, SchoolOwned)
    ]
    untied = {
        f"{model._meta.model_name}.{key.name}"
        for model in owned
        for key in model._meta.concrete_fields
        if key.related_model in owned
        and f"{model._meta.model_name}_{key.name}_same_school" not in names_of(model)
    }
    unreachable = {m.__name__ for m in owned if f"{m._meta.model_name}_school_id" not in names_of(m)}
    assert untied == set()
    assert unreachable == set()


def test_rows_without_a_school_are_known() -> None:
    """What belongs to a school has the base class that says so."""
    everything = [model for app in ("school", "buddies", "meetings") for model in models_of(app)]
    assert {m.__name__ for m in everything if not issubclass(m, SchoolOwned)} == {
        "Attempts",
        "AuditEvent",
        "School",
        "Session",
        "User",
    }


def names_of(model: type[models.Model]) -> set[str]:
    """The names of the constraints of `model`."""
    return {constraint.name for constraint in model._meta.constraints}


@pytest.mark.parametrize("model", [Background, Experience])
def test_consent_must_be_there(world: World, model: type[models.Model]) -> None:
    """No words of a parent without the consent they rest on (invariant 1)."""
    row = world.here.row(model)
    with pytest.raises(IntegrityError), transaction.atomic():
        change(row, consent=None)


def test_consent_cannot_go_from_under_an_experience(world: World) -> None:
    """Withdrawing erases the experience first; a consent that just vanishes is refused."""
    key = by_name()["experience_own_consent"][1]
    consent = world.here.experience.consent_id

    def vanish() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM buddies_consent WHERE id = %s", [consent])

    assert refused_by(key, Experience, vanish)

"""From rows to the dataclasses of matching: what the rules see is what is so, in few questions."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from buddies import candidates
from buddies.actions import matches, pool
from buddies.actions.schools import set_coordinator
from buddies.matching import Asker, Helper, ThemeKind
from buddies.models import Buddy, EndReason, Method, Outcome, SupportRequest, Theme
from buddies.workflow import MatchStatus
from school import clock
from school.models import Child, Group, Membership, Parent
from tests.cast import AddBuddy, Proposed, Signalled


def helper(buddy: Buddy, theme: Theme, on: date | None = None) -> Helper:
    [found] = candidates.helpers([theme], on or clock.today(), Buddy.objects.filter(pk=buddy.pk))
    return found


def excluded(request: SupportRequest, on: date | None = None) -> dict[int, str]:
    ranking = candidates.ranking(request, on or clock.today())
    return {e.buddy: e.reason.code for e in ranking.excluded}


def test_asker_is_the_request_as_it_stands(
    signalled: Signalled, parents: dict[str, Parent], children: dict[str, Child], themes: dict[str, Theme]
) -> None:
    request = signalled("divorce", parent=parents["Fatma"], child=children["Sem"], wish="mother")
    group = children["Sem"].group
    assert group is not None
    assert candidates.asker(request, clock.today()) == Asker(
        id=request.pk,
        parent=parents["Fatma"].pk,
        turn=int(request.signalled_at.timestamp() * 1_000_000),
        theme=themes["divorce"].pk,
        kind=ThemeKind.OTHER,
        sensitive=True,
        languages=frozenset({"tr"}),
        grades=frozenset({1, 2}),
        groups=frozenset({group.pk}),
        wish="mother",
        family=frozenset({parents["Kemal"].pk}),
    )


@pytest.mark.parametrize(
    ("code", "kind", "sensitive"),
    [
        ("language", ThemeKind.LANGUAGE, False),
        ("newcomer", ThemeKind.NEWCOMER, False),
        ("reading", ThemeKind.OTHER, True),
        ("culture", ThemeKind.OTHER, True),
    ],
)
def test_asker_theme(signalled: Signalled, code: str, kind: ThemeKind, sensitive: bool) -> None:
    asker = candidates.asker(signalled(code), clock.today())
    assert (asker.kind, asker.sensitive) == (kind, sensitive)


def test_asker_with_the_schools_own_theme(signalled: Signalled, ib: Membership) -> None:
    own = Theme.objects.create(school=ib.school, name="Rouw")
    assert candidates.asker(signalled(own), clock.today()).kind is ThemeKind.OTHER


def test_asker_knows_only_a_group_or_nothing(signalled: Signalled, groups: dict[str, Group]) -> None:
    typed = candidates.asker(signalled(group=groups["4B"], child_name="Mees"), clock.today())
    assert (typed.grades, typed.groups) == (frozenset({4}), frozenset({groups["4B"].pk}))
    unknown = candidates.asker(signalled(), clock.today())
    assert (unknown.grades, unknown.groups) == (frozenset(), frozenset())
    assert unknown.languages == {"nl"}


def test_helper_is_the_buddy_as_they_said(
    add_buddy: AddBuddy, themes: dict[str, Theme], parents: dict[str, Parent], children: dict[str, Child]
) -> None:
    buddy = add_buddy(parent=parents["Samira"], grades=(7, 4), children_count=2, capacity=2, here_since=2024)
    group = children["Lina"].group
    assert group is not None
    found = helper(buddy, themes["reading"], date(2026, 11, 22))
    assert found == Helper(
        id=buddy.pk,
        parent=parents["Samira"].pk,
        themes=frozenset({themes["reading"].pk}),
        consented=frozenset({themes["reading"].pk}),
        languages=frozenset({"ar", "nl"}),
        grades=frozenset({4, 7}),
        groups=frozenset({group.pk}),
        kind="mother",
        children_count=2,
        years_here=4,  # Lina came in November 2022, and that counts for more than "since 2024"
        capacity=2,
    )


def test_helper_grades_follow_the_class_list_when_nothing_was_said(
    add_buddy: AddBuddy, themes: dict[str, Theme], parents: dict[str, Parent]
) -> None:
    assert helper(add_buddy(parent=parents["Kemal"], grades=()), themes["reading"]).grades == {1, 2}


@pytest.mark.parametrize(
    ("here_since", "on", "years"),
    [
        (None, date(2026, 11, 1), None),
        (2026, date(2026, 11, 1), 0),
        (2025, date(2026, 7, 31), 0),  # still the same school year
        (2025, date(2026, 8, 1), 1),
        (2019, date(2026, 11, 1), 7),
    ],
)
def test_helper_years_here(
    add_buddy: AddBuddy, themes: dict[str, Theme], here_since: int | None, on: date, years: int | None
) -> None:
    assert helper(add_buddy(here_since=here_since), themes["reading"], on).years_here == years


def test_helper_load_counts_live_matches_only(
    add_buddy: AddBuddy, proposed: Proposed, signalled: Signalled, ib: Membership, themes: dict[str, Theme]
) -> None:
    buddy = add_buddy(["reading", "divorce", "culture"], capacity=4)
    proposed(signalled(), buddy)
    proposed(signalled("divorce"), buddy, status=MatchStatus.CONNECTED)
    done = proposed(signalled(), buddy, status=MatchStatus.CONNECTED)
    matches.complete(match=done, outcome=Outcome.HELPED, close_request=True, by=ib)
    assert helper(buddy, themes["reading"]).live == 2


def test_whoever_is_excluded_and_why(
    add_buddy: AddBuddy, proposed: Proposed, signalled: Signalled, ib: Membership, parents: dict[str, Parent]
) -> None:
    request = signalled(parent=parents["Fatma"])
    fine, waiting, busy, paused = add_buddy(), add_buddy(taken_up=False), add_buddy(), add_buddy()
    proposed(buddy=busy)
    pool.pause(buddy=paused, until=clock.today() + timedelta(days=3), by=ib)
    partner, herself = add_buddy(parent=parents["Kemal"]), add_buddy(parent=parents["Fatma"])
    add_buddy("divorce")  # knows nothing of reading: not in the list at all
    assert excluded(request) == {
        waiting.pk: "offered",
        busy.pk: "capacity",
        paused.pk: "offered",
        partner.pk: "not_suitable",
        herself.pk: "not_suitable",
    }
    assert [c.buddy for c in candidates.ranking(request, clock.today()).candidates] == [fine.pk]
    for buddy in (waiting, busy, paused, partner, herself, fine):
        reason = candidates.exclusion(request, buddy, clock.today())
        assert (reason.code if reason else None) == excluded(request).get(buddy.pk)


def test_who_has_no_experience_with_the_theme_is_no_candidate(
    add_buddy: AddBuddy, signalled: Signalled
) -> None:
    reason = candidates.exclusion(signalled(), add_buddy("divorce"), clock.today())
    assert reason is not None
    assert reason.code == "experience"


def test_who_arranges_the_theme_is_no_candidate(
    add_buddy: AddBuddy,
    signalled: Signalled,
    ib: Membership,
    teacher: Membership,
    director: Membership,
    parents: dict[str, Parent],
    themes: dict[str, Theme],
) -> None:
    """Named for the theme, or the intern begeleider where nobody is named; other staff may well be buddies."""
    for member, name in [(ib, "Linda"), (teacher, "Samira"), (director, "Peter")]:
        Membership.objects.filter(pk=member.pk).update(parent=parents[name])
    of_ib, of_teacher, of_director = (
        add_buddy(["reading", "newcomer"], parent=parents[name], here_since=2020)
        for name in ("Linda", "Samira", "Peter")
    )
    assert excluded(signalled("reading")) == {of_ib.pk: "not_suitable"}
    assert excluded(signalled("newcomer")) == {of_director.pk: "not_suitable"}
    set_coordinator(theme=themes["reading"], membership=teacher, by=None)
    assert excluded(signalled("reading")) == {of_teacher.pk: "not_suitable"}
    Membership.objects.filter(pk=teacher.pk).update(ends_on=clock.today() - timedelta(days=1))
    assert excluded(signalled("reading")) == {of_ib.pk: "not_suitable"}


def test_a_match_of_the_other_guardian_excludes_one_of_another_request_of_the_same_parent_does_not(
    add_buddy: AddBuddy, proposed: Proposed, signalled: Signalled, ib: Membership, parents: dict[str, Parent]
) -> None:
    buddy = add_buddy(["reading", "divorce"], capacity=3)
    match = proposed(signalled("divorce", parent=parents["Fatma"]), buddy)
    matches.did_not_proceed(match=match, reason=EndReason.NO_CLICK, by=ib)
    assert excluded(signalled("reading", parent=parents["Fatma"])) == {}
    assert excluded(signalled("reading", parent=parents["Kemal"])) == {buddy.pk: "not_suitable"}


def test_available_agrees_with_the_ranking(
    add_buddy: AddBuddy, proposed: Proposed, signalled: Signalled, ib: Membership, themes: dict[str, Theme]
) -> None:
    """ "Is somebody available?" and the list of candidates are two readings of one thing."""
    add_buddy(taken_up=False)
    free, busy, paused, stopped = (add_buddy() for _ in range(4))
    proposed(buddy=busy)
    until = clock.today() + timedelta(days=3)
    pool.pause(buddy=paused, until=until, by=ib)
    pool.stop(buddy=stopped, by=ib)
    request = signalled()
    expires = free.experience_set.get().consent.valid_until
    assert expires is not None
    for day in (clock.today(), until, expires, expires + timedelta(days=1)):
        ranked = {c.buddy for c in candidates.ranking(request, day).candidates}
        assert set(Buddy.objects.available(day, themes["reading"]).values_list("pk", flat=True)) == ranked
    assert ranked == set()


def test_buddies_of_another_school_are_not_seen(
    add_buddy: AddBuddy, signalled: Signalled, other_ib: Membership
) -> None:
    add_buddy(by=other_ib)
    ranking = candidates.ranking(signalled(), clock.today())
    assert (ranking.candidates, ranking.excluded) == ((), ())


def test_ranking_asks_as_many_questions_for_one_as_for_many(
    add_buddy: AddBuddy, signalled: Signalled, children: dict[str, Child]
) -> None:
    request = signalled(child=children["Lina"])
    counts = []
    for more in (1, 2, 9):
        for _ in range(more):
            add_buddy(child=children["Sem"], capacity=2)
        fresh = SupportRequest.objects.get(pk=request.pk)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            candidates.ranking(fresh, clock.today())
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 16


def test_many_requests_of_many_themes_are_the_same_as_one_by_one_in_as_many_questions(
    add_buddy: AddBuddy,
    proposed: Proposed,
    signalled: Signalled,
    ib: Membership,
    parents: dict[str, Parent],
    children: dict[str, Child],
    themes: dict[str, Theme],
) -> None:
    both, one = add_buddy(["reading", "divorce"], capacity=3), add_buddy("divorce")
    refused = proposed(signalled("divorce", parent=parents["Fatma"], child=children["Sem"]), both)
    matches.did_not_proceed(match=refused, reason=EndReason.NO_CLICK, by=ib)
    signalled("reading", parent=parents["Kemal"], child=children["Sem"])
    signalled("language", parent=parents["Samira"])
    read = SupportRequest.objects.select_related("theme", "parent", "child__group", "group")
    many = list(read.order_by("pk"))
    with CaptureQueriesContext(connection) as queries:
        found = candidates.askers(many, clock.today())
    assert len(queries) == 4
    assert found == [candidates.asker(request, clock.today()) for request in many]
    assert found[0].refused == found[1].family_buddies == frozenset({both.pk})
    assert [asker.turn for asker in found] == sorted(asker.turn for asker in found)

    asked = [themes["reading"], themes["divorce"]]
    helpers = {helper.id: helper for helper in candidates.helpers(asked, clock.today())}
    assert {number: helper.themes for number, helper in helpers.items()} == {
        both.pk: {theme.pk for theme in asked},
        one.pk: {themes["divorce"].pk},
    }
    for theme in asked:
        for alone in candidates.helpers([theme], clock.today()):
            of_this = frozenset({theme.pk})
            narrowed = replace(helpers[alone.id], themes=of_this, consented=of_this)
            assert narrowed == alone


def test_renewed_consent_makes_a_candidate_again(
    add_buddy: AddBuddy, signalled: Signalled, ib: Membership, themes: dict[str, Theme]
) -> None:
    buddy, request = add_buddy(), signalled()
    until = buddy.experience_set.get().consent.valid_until
    assert until is not None
    with clock.at(clock.now() + (until - clock.today()) + timedelta(days=5)):
        assert excluded(request) == {buddy.pk: "consent"}
        pool.add_experience(buddy=buddy, theme=themes["reading"], words="", method=Method.PHONE, by=ib)
        assert excluded(request) == {}

"""The rules of matching: each one as a table, and what holds for every ranking whoever is in the pool."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from buddies.matching import (
    CONSTRAINTS,
    NOT_SUITABLE,
    PREFERENCES,
    Asker,
    Candidate,
    Excluded,
    Feedback,
    Helper,
    Importance,
    Pairs,
    Reason,
    ThemeKind,
    explain,
    rank,
    why_not,
)

ME, OTHER, THIRD = 1, 2, 3  # parents
BUDDY, THEME, ELSEWHERE = 50, 7, 8
PRIVATE = {"another_person", "not_family", "not_family_buddy", "not_these", "coordinator"}


def an_asker(**changes: Any) -> Asker:
    return replace(Asker(id=100, parent=ME, theme=THEME), **changes)


def a_helper(**changes: Any) -> Helper:
    themes = frozenset({THEME})
    return replace(Helper(id=BUDDY, parent=OTHER, themes=themes, consented=themes), **changes)


def langs(*codes: str) -> dict[str, frozenset[str]]:
    return {"languages": frozenset(codes)}


def said(feedback: Feedback) -> dict[str, Any]:
    return {"feedback": {BUDDY: feedback}}


LANGUAGE, NEWCOMER = {"kind": ThemeKind.LANGUAGE}, {"kind": ThemeKind.NEWCOMER}

# rule, what differs for the asker, what differs for the helper, the level
TABLE: list[tuple[str, dict[str, Any], dict[str, Any], int]] = [
    ("another_person", {}, {}, 1),
    ("another_person", {}, {"parent": ME}, 0),
    ("not_family", {}, {}, 1),
    ("not_family", {"family": frozenset({THIRD})}, {}, 1),
    ("not_family", {"family": frozenset({OTHER, THIRD})}, {}, 0),
    ("not_family_buddy", {}, {}, 1),
    ("not_family_buddy", {"family_buddies": frozenset({BUDDY})}, {}, 0),
    ("not_family_buddy", {"family_buddies": frozenset({OTHER})}, {}, 1),
    ("coordinator", {}, {}, 1),
    ("coordinator", {}, {"arranges": frozenset({THEME})}, 0),
    ("coordinator", {}, {"arranges": frozenset({ELSEWHERE})}, 1),
    ("not_these", {}, {}, 1),
    ("not_these", {"not_these": frozenset({BUDDY})}, {}, 0),
    ("not_these", {"not_these": frozenset({OTHER})}, {}, 1),
    ("experience", {}, {}, 1),
    ("experience", {}, {"themes": frozenset({THEME, ELSEWHERE})}, 1),
    ("experience", {}, {"themes": frozenset({ELSEWHERE})}, 0),
    ("experience", {}, {"themes": frozenset()}, 0),
    ("consent", {}, {}, 1),
    ("consent", {}, {"consented": frozenset({ELSEWHERE})}, 0),
    ("consent", {}, {"consented": frozenset()}, 0),
    ("offered", {}, {}, 1),
    ("offered", {}, {"offered": False}, 0),
    ("capacity", {}, {"capacity": 1, "live": 0}, 1),
    ("capacity", {}, {"capacity": 1, "live": 1}, 0),
    ("capacity", {}, {"capacity": 3, "live": 2}, 1),
    ("capacity", {}, {"capacity": 1, "live": 2}, 0),
    ("capacity", {}, {"capacity": 1, "live": 1, "in_mind": 1}, 1),
    ("capacity", {}, {"capacity": 1, "live": 2, "in_mind": 1}, 0),
    ("in_mind", {}, {"capacity": 1, "live": 1, "in_mind": 1}, 0),
    ("in_mind", {}, {"capacity": 2, "live": 1, "in_mind": 1}, 1),
    ("not_refused", {}, {}, 1),
    ("not_refused", {"refused": frozenset({BUDDY})}, {}, 0),
    ("not_refused", {"refused": frozenset({OTHER})}, {}, 1),
    ("not_skipped", {}, {}, 1),
    ("not_skipped", {"skipped": frozenset({BUDDY})}, {}, 0),
    # The parent may want nobody they meet at the classroom door.
    ("outside_class", {"groups": frozenset({9})}, {"groups": frozenset({9})}, 1),
    ("outside_class", {"groups": frozenset({9}), "outside_class": True}, {"groups": frozenset({9, 8})}, 0),
    ("outside_class", {"groups": frozenset({9}), "outside_class": True}, {"groups": frozenset({8})}, 1),
    ("outside_class", {"outside_class": True}, {"groups": frozenset({8})}, 1),
    # Language: somebody who masters both (R14). In other themes it is no rule.
    ("masters_both", langs("ti"), langs("nl"), 1),
    ("masters_both", LANGUAGE | langs("ti"), langs("nl", "ti"), 1),
    ("masters_both", LANGUAGE | langs("ti", "nl"), langs("nl", "ti"), 1),
    ("masters_both", LANGUAGE | langs("ti", "ar"), langs("nl", "ar"), 1),
    ("masters_both", LANGUAGE | langs("ti"), langs("ti"), 0),
    ("masters_both", LANGUAGE | langs("ti"), langs("nl", "ar"), 0),
    ("masters_both", LANGUAGE | langs("nl"), langs("nl"), 0),
    # Newcomers: a child here for at least a year (R13). In other themes it is no rule.
    ("here_a_year", {}, {"years_here": None}, 1),
    ("here_a_year", {}, {"years_here": 0}, 1),
    ("here_a_year", NEWCOMER, {"years_here": None}, 0),
    ("here_a_year", NEWCOMER, {"years_here": 0}, 0),
    ("here_a_year", NEWCOMER, {"years_here": -1}, 0),
    ("here_a_year", NEWCOMER, {"years_here": 1}, 1),
    ("here_a_year", NEWCOMER, {"years_here": 7}, 1),
    ("language", langs("nl"), langs("nl"), 0),
    ("language", langs("nl", "tr"), langs("nl"), 0),
    ("language", langs("nl", "tr"), langs("nl", "tr"), 1),
    ("language", langs("tr"), langs("tr", "nl"), 1),
    ("language", langs("tr"), langs("nl"), -2),
    ("feedback", {}, {}, 0),
    ("feedback", said(Feedback.GOOD), {}, 1),
    ("feedback", said(Feedback.DOUBTFUL), {}, -1),
    ("feedback", said(Feedback.NO), {}, -3),
    ("feedback", {"feedback": {OTHER: Feedback.NO}}, {}, 0),
    ("several_children", {}, {"children_count": 3}, 0),
    ("several_children", NEWCOMER, {"children_count": 1}, 0),
    ("several_children", NEWCOMER, {"children_count": 2}, 1),
    ("wish", {}, {"kind": "mother"}, 0),
    ("wish", {"wish": "father"}, {"kind": "father"}, 1),
    ("wish", {"wish": "father"}, {"kind": "mother"}, -1),
    ("wish", {"wish": "father"}, {"kind": ""}, 0),
    ("wish", {}, {"kind": ""}, 0),
    ("grade", {}, {}, 0),
    ("grade", {"grades": frozenset({3})}, {}, 0),
    ("grade", {"grades": frozenset({3})}, {"grades": frozenset({3, 7})}, 2),
    ("grade", {"grades": frozenset({3})}, {"grades": frozenset({4})}, 1),
    ("grade", {"grades": frozenset({3})}, {"grades": frozenset({2})}, 1),
    ("grade", {"grades": frozenset({3})}, {"grades": frozenset({5})}, 0),
    ("grade", {"grades": frozenset({1, 2})}, {"grades": frozenset({3})}, 1),
    ("same_class", {"groups": frozenset({9})}, {"groups": frozenset({9})}, -1),
    ("same_class", {"groups": frozenset({9})}, {"groups": frozenset({8})}, 0),
    ("same_class", {"groups": frozenset({9}), "sensitive": False}, {"groups": frozenset({9})}, 0),
    ("same_class", {}, {"groups": frozenset({9})}, 0),
]
HOLDS = {rule.code: rule.holds for rule in CONSTRAINTS}
LEVEL = {rule.code: rule.level for rule in PREFERENCES}
WEIGHT = {rule.code: rule.weight for rule in PREFERENCES}


@pytest.mark.parametrize(("code", "asker", "helper", "level"), TABLE)
def test_rule_level(code: str, asker: dict[str, Any], helper: dict[str, Any], level: int) -> None:
    rule: Callable[..., Any] = {**HOLDS, **LEVEL}[code]
    assert rule([an_asker(**asker)], [a_helper(**helper)])[0, 0] == level


def test_every_rule_has_rows_that_differ() -> None:
    for code in HOLDS | LEVEL:
        assert len({level for other, _, _, level in TABLE if other == code}) > 1, code


def test_rule_private_where_the_reason_is_another_persons_matter() -> None:
    private = [rule.code for rule in CONSTRAINTS if rule.private]
    assert set(private) == PRIVATE
    assert [rule.code for rule in CONSTRAINTS[: len(PRIVATE)]] == private, (
        "a private reason is looked at first, so that no other one shows that there is none"
    )


@pytest.mark.parametrize(
    ("code", "asker", "helper"),
    [(code, a, h) for code, a, h, level in TABLE if code in HOLDS and not level],
)
def test_why_not_tells_the_rule_or_nothing(code: str, asker: dict[str, Any], helper: dict[str, Any]) -> None:
    """What is somebody else's matter reads the same whatever it is."""
    reason = why_not(an_asker(**asker), a_helper(**helper))
    assert reason == Reason(NOT_SUITABLE if code in PRIVATE else code, 0, {})


def test_why_not_is_silent_about_a_candidate() -> None:
    assert why_not(an_asker(), a_helper()) is None


def test_reasons_weightiest_first_with_what_the_words_need() -> None:
    asker = an_asker(**langs("nl", "tr"), wish="mother", grades=frozenset({3}), groups=frozenset({9}))
    helper = a_helper(**langs("nl", "tr"), kind="father", grades=frozenset({3}), groups=frozenset({9}))
    assert explain(asker, helper) == Candidate(
        BUDDY,
        30 + 20 - 15 - 5,
        (Reason("language", 1, {"languages": ("tr",)}), Reason("grade", 2, {"grades": (3,)})),
        (Reason("wish", -1, {"kind": "father"}), Reason("same_class", -1, {})),
    )
    assert rank(asker, [helper]).candidates == (explain(asker, helper),)


def test_what_a_school_finds_important_weighs_more() -> None:
    asker = an_asker(**langs("nl", "tr"), grades=frozenset({3}), groups=frozenset({9}))
    helper = a_helper(**langs("nl", "tr"), grades=frozenset({3}), groups=frozenset({9}))
    found = explain(asker, helper, {"grade": Importance.IMPORTANT})
    assert isinstance(found, Candidate)
    assert [reason.code for reason in found.reasons] == ["grade", "language"]
    assert found.fit == 30 + 3 * 20 - 5


def test_what_a_school_ignores_is_no_reason_yet_asks_attention() -> None:
    asker = an_asker(**langs("nl", "tr"), grades=frozenset({3}), groups=frozenset({9}))
    helper = a_helper(**langs("nl", "tr"), grades=frozenset({3}), groups=frozenset({9}))
    ignored = dict.fromkeys(LEVEL, Importance.IGNORED)
    assert explain(asker, helper, ignored) == Candidate(BUDDY, 0, (), (Reason("same_class", -1, {}),))


def test_weighing_excludes_nobody() -> None:
    asker = an_asker(not_these=frozenset({BUDDY}))
    for importance in Importance:
        found = explain(asker, a_helper(), dict.fromkeys(HOLDS | LEVEL, importance))
        assert found == Excluded(BUDDY, Reason(NOT_SUITABLE, 0))


def test_weights_stay_small_enough_to_add_up() -> None:
    """`fit` is kept in 16 bits."""
    most = {code: max(abs(level) for c, _, _, level in TABLE if c == code) for code in LEVEL}
    assert sum(3 * WEIGHT[code] * level for code, level in most.items()) <= 1000


def test_rank_equal_fit_goes_to_who_helps_fewest_then_to_who_is_longest_known() -> None:
    busy = a_helper(id=1, parent=11, capacity=5, live=2)
    young, old = a_helper(id=7, parent=12), a_helper(id=3, parent=13)
    fitting = a_helper(id=9, parent=14, capacity=5, live=4, kind="mother")
    ranking = rank(an_asker(wish="mother"), [busy, young, old, fitting])
    assert [c.buddy for c in ranking.candidates] == [9, 3, 7, 1]


def test_rank_of_nobody_is_empty() -> None:
    assert rank(an_asker(), []).order == rank(an_asker(), []).left_out == []


@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 1), (0, 3), (1, 0), (3, 0)])
def test_tables_of_nobody_keep_their_shape(n: int, m: int) -> None:
    askers, helpers = [an_asker(id=i) for i in range(n)], [a_helper(id=i) for i in range(m)]
    pairs = Pairs(askers, helpers, {})
    assert pairs.feasible.shape == pairs.fit.shape == (n, m)


# Any pool, small enough that people meet each other.
_people = st.integers(1, 8)
_codes = st.frozensets(st.sampled_from(["nl", "tr", "ar", "ti"]), max_size=3)
_grades = st.frozensets(st.integers(1, 8), max_size=3)
_groups = st.frozensets(st.integers(1, 3), max_size=2)
_kinds = st.sampled_from(["", "mother", "father", "carer"])
askers = st.builds(
    Asker,
    id=st.just(100),
    parent=_people,
    theme=st.integers(0, 1),
    kind=st.sampled_from(ThemeKind),
    sensitive=st.booleans(),
    languages=_codes,
    grades=_grades,
    groups=_groups,
    wish=st.sampled_from(["", "mother", "father"]),
    family=st.frozensets(_people, max_size=2),
    outside_class=st.booleans(),
    family_buddies=st.frozensets(st.integers(1, 12), max_size=2),
    refused=st.frozensets(st.integers(1, 12), max_size=2),
    not_these=st.frozensets(st.integers(1, 12), max_size=2),
    skipped=st.frozensets(st.integers(1, 12), max_size=2),
    feedback=st.dictionaries(st.integers(1, 12), st.sampled_from(Feedback), max_size=3),
)
_helper = st.builds(
    Helper,
    id=st.integers(1, 12),
    parent=_people,
    languages=_codes,
    grades=_grades,
    groups=_groups,
    kind=_kinds,
    children_count=st.integers(1, 4),
    years_here=st.none() | st.integers(-1, 8),
    capacity=st.integers(1, 3),
    live=st.integers(0, 3),
    # Mostly fine, or hardly anybody would be left to rank.
    themes=st.sampled_from([frozenset({0, 1}), frozenset({0, 1}), frozenset({1})]),
    consented=st.sampled_from([frozenset({0, 1}), frozenset({0, 1}), frozenset({0})]),
    arranges=st.sampled_from([frozenset[int](), frozenset[int](), frozenset({0})]),
    offered=st.integers(0, 5).map(bool),
)
pools = st.lists(_helper, max_size=8, unique_by=lambda helper: helper.id)
# Time says nothing here: the machine may be busy.
anything = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])


@anything
@given(askers, pools, st.data())
def test_rank_does_not_depend_on_the_order_of_the_pool(
    asker: Asker, pool: list[Helper], data: st.DataObject
) -> None:
    one, other = rank(asker, data.draw(st.permutations(pool))), rank(asker, pool)
    assert (one.candidates, one.excluded) == (other.candidates, other.excluded)


@anything
@given(askers, pools)
def test_rank_every_helper_is_candidate_or_excluded_once(asker: Asker, pool: list[Helper]) -> None:
    ranking = rank(asker, pool)
    named = [c.buddy for c in ranking.candidates] + [e.buddy for e in ranking.excluded]
    assert sorted(named) == sorted(helper.id for helper in pool)


@anything
@given(askers, pools)
def test_rank_excluded_by_the_first_rule_that_says_no(asker: Asker, pool: list[Helper]) -> None:
    by_id = {helper.id: helper for helper in pool}
    ranking = rank(asker, pool)
    for candidate in ranking.candidates:
        assert all(rule.holds([asker], [by_id[candidate.buddy]])[0, 0] for rule in CONSTRAINTS)
    for excluded in ranking.excluded:
        first = next(r for r in CONSTRAINTS if not r.holds([asker], [by_id[excluded.buddy]])[0, 0])
        assert excluded.reason.code == (NOT_SUITABLE if first.private else first.code)


@anything
@given(askers, pools)
def test_rank_private_reasons_are_one_and_the_same(asker: Asker, pool: list[Helper]) -> None:
    """Neither code, level nor parameters say which private rule it was."""
    for excluded in rank(asker, pool).excluded:
        assert excluded.reason.code not in PRIVATE
        if excluded.reason.code == NOT_SUITABLE:
            assert excluded == Excluded(excluded.buddy, Reason(NOT_SUITABLE, 0, {}))


@anything
@given(askers, pools)
def test_rank_best_fit_first_then_least_load_then_longest_known(asker: Asker, pool: list[Helper]) -> None:
    by_id = {helper.id: helper for helper in pool}
    candidates = rank(asker, pool).candidates
    order = [(-c.fit, by_id[c.buddy].live, c.buddy) for c in candidates]
    assert order == sorted(order)
    for c in candidates:
        told = [*c.reasons, *c.attention]
        assert c.fit == sum(WEIGHT[r.code] * r.level for r in told)
        assert all(r.level > 0 for r in c.reasons)
        assert all(r.level < 0 for r in c.attention)


@anything
@given(askers, pools, st.integers(0, 7))
def test_rank_without_a_consent_only_loses_that_buddy(asker: Asker, pool: list[Helper], which: int) -> None:
    if not pool:
        return
    gone = pool[which % len(pool)]
    before = rank(asker, pool).candidates
    after = rank(asker, [replace(h, consented=frozenset()) if h is gone else h for h in pool]).candidates
    assert after == tuple(c for c in before if c.buddy != gone.id)


def _renamed(asker: Asker, pool: Iterable[Helper], number: dict[int, int]) -> tuple[Asker, list[Helper]]:
    """The same people under other numbers."""

    def each(numbers: Iterable[int]) -> frozenset[int]:
        return frozenset(number[n] for n in numbers)

    asker = replace(
        asker,
        parent=number[asker.parent],
        family=each(asker.family),
        family_buddies=each(asker.family_buddies),
        refused=each(asker.refused),
        not_these=each(asker.not_these),
        skipped=each(asker.skipped),
        feedback={number[n]: said for n, said in asker.feedback.items()},
    )
    return asker, [replace(h, id=number[h.id], parent=number[h.parent]) for h in pool]


@anything
@given(askers, pools, st.lists(st.integers(1, 10**9), min_size=12, max_size=12, unique=True), st.booleans())
def test_rank_other_numbers_change_nothing_but_the_numbers(
    asker: Asker, pool: list[Helper], numbers: list[int], in_order: bool
) -> None:
    """With numbers in the same order it is the same ranking; in another order only who are equal trade places."""
    number = dict(enumerate(sorted(numbers) if in_order else numbers, start=1))
    before, after = rank(asker, pool), rank(*_renamed(asker, pool, number))
    candidates = [replace(c, buddy=number[c.buddy]) for c in before.candidates]
    excluded = [replace(e, buddy=number[e.buddy]) for e in before.excluded]
    if in_order:
        assert (list(after.candidates), list(after.excluded)) == (candidates, excluded)
    else:
        assert sorted(after.candidates, key=lambda c: c.buddy) == sorted(candidates, key=lambda c: c.buddy)
        assert sorted(after.excluded, key=lambda e: e.buddy) == sorted(excluded, key=lambda e: e.buddy)
        assert [c.fit for c in after.candidates] == [c.fit for c in candidates]


@anything
@given(st.lists(askers, max_size=4), pools)
def test_tables_of_many_say_the_same_as_pair_by_pair(many: list[Asker], pool: list[Helper]) -> None:
    many = [replace(asker, id=i) for i, asker in enumerate(many)]
    pairs = Pairs(many, pool, {})
    for i, asker in enumerate(pairs.askers):
        for j, helper in enumerate(pairs.helpers):
            assert (pairs.excluded(i, j) or pairs.candidate(i, j)) == explain(asker, helper)
            assert bool(pairs.feasible[i, j]) == (why_not(asker, helper) is None)
            assert pairs.fit[i, j] == sum(
                rule.weight * int(rule.level([asker], [helper])[0, 0]) for rule in PREFERENCES
            )

"""Every rule has words, and no word says more than a reader may know."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from buddies import actions
from buddies.matching import (
    CONSTRAINTS,
    NOT_SUITABLE,
    PLACES,
    PREFERENCES,
    Asker,
    Constraint,
    Feedback,
    Helper,
    Missing,
    Pairs,
    Reason,
    ThemeKind,
    why_not,
)
from buddies.models import BuiltIn, Theme
from buddies.reading import sentences, timeline

ASKERS = [
    Asker(
        1,
        parent=1,
        kind=kind,
        sensitive=sensitive,
        languages=frozenset(languages),
        grades=frozenset({3}),
        groups=frozenset({7}),
        wish=wish,
        family=frozenset({2}),
        refused=frozenset({3}),
        family_buddies=frozenset({4}),
        outside_class=wish == "father",
        feedback={5: Feedback.GOOD, 6: Feedback.DOUBTFUL, 8: Feedback.NO},
    )
    for kind, sensitive, languages, wish in product(
        ThemeKind, [True, False], [{"nl"}, {"tr"}, {"tr", "ar", "nl"}], ["", "mother", "father"]
    )
]
HELPERS = [
    Helper(
        number,
        parent=number,
        languages=frozenset(languages),
        grades=frozenset(grades),
        groups=frozenset(groups),
        kind=kind,
        children_count=count,
        years_here=years,
        live=live,
        consented=frozenset({0} if number != 5 else {1}),
        offered=number != 6,
        in_mind=live,
        arranges=frozenset({0} if number == 7 else {1}),
    )
    for number, languages, grades, groups, kind, count, years, live in product(
        range(1, 9),
        [{"nl"}, {"tr"}, {"ar", "nl", "tr"}, {"xx"}],
        [{3}, {4}, {2, 3}, {2, 4}, {8}],
        [{7}, {8}],
        ["", "mother", "father", "carer"],
        [1, 3],
        [None, 2],
        [0, 1],
    )
]


@pytest.fixture(scope="module")
def given() -> dict[tuple[str, int], Reason]:
    """Every code and level that preferences give for people who differ in everything."""
    found: dict[tuple[str, int], Reason] = {}
    for asker in ASKERS:
        pairs = Pairs([asker], HELPERS[::3], {})
        for column in range(len(pairs.helpers)):
            candidate = pairs.candidate(0, column)
            for reason in (*candidate.reasons, *candidate.attention):
                found[reason.code, reason.level] = reason
    return found


def test_every_preference_has_words_for_each_level_it_gives(given: dict[tuple[str, int], Reason]) -> None:
    assert {code for code, _level in given} == {rule.code for rule in PREFERENCES}
    for reason in given.values():
        assert sentences.reason(reason)


def test_every_way_to_say_a_reason_is_used(given: dict[tuple[str, int], Reason]) -> None:
    assert set(sentences._PREFERENCES) == set(given)


def test_words_of_reasons_never_hold_a_score(given: dict[tuple[str, int], Reason]) -> None:
    for reason in given.values():
        assert "%" not in sentences.reason(reason)


def test_every_constraint_has_words_unless_it_is_private() -> None:
    told = {rule.code for rule in CONSTRAINTS if not rule.private} | {NOT_SUITABLE}
    assert set(sentences._EXCLUDED) == told
    for code in told:
        assert sentences.excluded(Reason(code, 0))


def test_every_exclusion_that_matching_gives_has_words() -> None:
    reasons = (why_not(asker, helper) for asker in ASKERS for helper in HELPERS[::7])
    found = {reason.code for reason in reasons if reason is not None}
    assert found <= set(sentences._EXCLUDED)
    assert NOT_SUITABLE in found


def test_every_rule_that_leaves_nobody_has_words() -> None:
    assert set(sentences._MISSING) == {*sentences._EXCLUDED, PLACES}


def test_what_is_missing_in_dutch() -> None:
    three = Missing("masters_both", 1, (5, 6, 7), 4, {"languages": ("ti",)})
    unknown, nobody = Missing("masters_both", 1, (5,), 4), Missing("experience", 1, (5,))
    assert [sentences.missing(found) for found in (three, unknown, nobody)] == [
        "Geen buddy voor dit onderwerp spreekt Nederlands en Tigrinya. 3 ouders wachten.",
        "Niet bekend is welke taal de ouder naast Nederlands spreekt. 1 ouder wacht.",
        "Er is geen buddy voor dit onderwerp. 1 ouder wacht.",
    ]


@pytest.mark.parametrize("rule", [rule for rule in CONSTRAINTS if rule.private], ids=lambda rule: rule.code)
def test_private_rule_has_no_words_of_its_own(rule: Constraint) -> None:
    assert rule.code not in sentences._EXCLUDED


@pytest.mark.parametrize(
    ("parts", "words"), [([], ""), ([4], "4"), ([1, 2], "1 en 2"), ([1, 2, 4], "1, 2 en 4")]
)
def test_listed_as_people_say_it(parts: list[int], words: str) -> None:
    assert sentences.listed(parts) == words


def test_reasons_in_dutch() -> None:
    assert (
        sentences.reason(Reason("language", 1, {"languages": ("ar", "tr")}))
        == "Spreekt ook Turks en Arabisch"
    )
    assert sentences.reason(Reason("grade", 2, {"grades": (4,)})) == "Heeft een kind in groep 4"
    assert sentences.excluded(Reason(NOT_SUITABLE, 0)) == "Niet passend voor deze ouder"


@pytest.mark.parametrize("formal", [True, False])
@pytest.mark.parametrize("code", [code.value for code in BuiltIn])
def test_tip_names_the_language_for_the_language_theme_only(code: str, formal: bool) -> None:
    words = sentences.tip(Theme(code=code, name="Eigen onderwerp"), ["tr"], formal=formal)
    assert ("Turks" in words) == (code == BuiltIn.LANGUAGE)
    assert "andere ouder van onze school" in words
    assert not re.search(r"\b(moeder|vader|groep|klas)\b", words)
    assert bool(re.search(r"\bu\b", words)) == formal


def test_tip_without_a_shared_language_names_none() -> None:
    assert "%" not in sentences.tip(Theme(code=BuiltIn.LANGUAGE), [], formal=True)


@pytest.mark.parametrize("formal", [True, False])
def test_question_for_the_buddy_says_what_about_and_that_no_is_fine(formal: bool) -> None:
    words = sentences.question_for_buddy(Theme(name="Pesten"), formal=formal)
    assert "Het gaat over het onderwerp “Pesten”." in words
    assert "Nee is ook goed" in words


@pytest.mark.parametrize("formal", [True, False])
def test_question_for_the_buddy_calls_each_theme_as_people_say_it(formal: bool) -> None:
    said = {
        code: sentences.question_for_buddy(Theme(code=code), formal=formal).split("Het gaat over ")[1]
        for code in BuiltIn
        if code
    }
    assert {code: words.partition(".")[0] for code, words in said.items()} == {
        BuiltIn.BUSY: "een druk kind",
        BuiltIn.READING: "leren lezen",
        BuiltIn.DIVORCE: "een scheiding",
        BuiltIn.LANGUAGE: "de taal",
        BuiltIn.NEWCOMER: "een kind dat hier net begint",
        BuiltIn.CULTURE: "een andere cultuur, of een verwijzing",
    }


def test_every_recorded_action_of_requests_and_matches_is_on_the_timeline() -> None:
    """An action that is added without words for the timeline would silently be missing from it."""
    folder = Path(str(actions.__file__)).parent
    recorded = {
        action
        for file in folder.glob("*.py")
        for action in re.findall(r'"((?:request|match|checkin|link)\.\w+)"', file.read_text(encoding="utf-8"))
    }
    # A refusal leaves no request whose timeline could show it.
    assert recorded - {"request.refuse"} == {
        label for label in timeline.LABELS if not label.startswith("consent.")
    }

"""The 19 points: under which conditions each applies, in which phase and order (R22-R37)."""

from __future__ import annotations

from itertools import product

import pytest

from meetings.checklist import ITEMS, Item, Phase, Situation, checklist, on_paper

# A always; B a buddy is involved; M the buddy comes along, or it is not known; G sensitive news; X the wish cannot be
# met; O it was unpleasant; V a follow-up is needed. "+" is and, "/" is or.
BEFORE = "V1 B, V2 B, V3 B, V4 M, V5 M, T4 G"
DURING = "T1 A, T2 M, T3 M, T4 G+M, T5 A, T6 A, T7 A, T8 A, T9 M, T10 M/X, T11 A"
AFTER = "N1 A, N2 O, N3 V"
TABLE = dict(zip(Phase, (BEFORE, DURING, AFTER), strict=True))
STRESS = {"T6": "M", "T11": "X"}

SITUATIONS = [
    Situation(parents=parents, buddy=b, along=m, sensitive=g, wish_unmet=x, unpleasant=o, follow_up=v)
    for parents, b, m, g, x, o, v in product((1, 2), *((False, True),) * 6)
    if b or not m
]


def holds(condition: str, situation: Situation) -> bool:
    """Whether `condition` of the table is true."""
    facts = {
        "A": True,
        "B": situation.buddy,
        "M": situation.along,
        "G": situation.sensitive,
        "X": situation.wish_unmet,
        "O": situation.unpleasant,
        "V": situation.follow_up,
    }
    return any(all(facts[part] for part in way.split("+")) for way in condition.split("/"))


def ids(situation: Situation, phase: Phase) -> list[str]:
    """Which points apply, in order."""
    return [item.id for item in checklist(situation, phase)]


def test_every_point_applies_exactly_when_the_table_says() -> None:
    assert len(SITUATIONS) == 96
    for situation, phase in product(SITUATIONS, Phase):
        rows = [row.split() for row in TABLE[phase].split(", ")]
        wanted = [name for name, condition in rows if holds(condition, situation)]
        if phase is Phase.DURING and "T4" in wanted:
            wanted.remove("T4")
            wanted.insert(0, "T4")
        assert ids(situation, phase) == wanted, (situation, phase)


def test_there_are_nineteen_points_and_all_can_apply() -> None:
    everything = Situation(
        buddy=True, along=True, sensitive=True, wish_unmet=True, unpleasant=True, follow_up=True
    )
    found = {name for phase in Phase for name in ids(everything, phase)}
    assert len(ITEMS) == len(found) == 19


def test_point_is_stressed_exactly_when_the_table_says() -> None:
    for situation, phase in product(SITUATIONS, Phase):
        for item in checklist(situation, phase):
            assert item.stress == (item.id in STRESS and holds(STRESS[item.id], situation)), (item, situation)


def test_talking_alone_comes_first_when_a_buddy_turns_up() -> None:
    """R28: with the tap on the button nothing else may be said before it."""
    expected = Situation(sensitive=True)
    assert "T4" not in ids(expected, Phase.DURING)
    assert "T4" in ids(expected, Phase.BEFORE)
    turned_up = Situation(sensitive=True, buddy=True, along=True)
    assert ids(turned_up, Phase.DURING)[0] == "T4"
    assert set(ids(turned_up, Phase.DURING)) - set(ids(expected, Phase.DURING)) == {
        "T2",
        "T3",
        "T4",
        "T9",
        "T10",
    }


def test_words_speak_of_a_buddy_who_is_expected() -> None:
    prepares = Situation(buddy=True, follow_up=True)
    spoken_of = {item.id for phase in Phase for item in checklist(prepares, phase) if item.with_buddy}
    assert spoken_of == {"V1", "V2", "V3", "N3"}
    nobody = Situation(sensitive=True, wish_unmet=True, unpleasant=True, follow_up=True)
    assert not [item for phase in Phase for item in checklist(nobody, phase) if item.with_buddy]


def test_paper_holds_what_is_known_only_afterwards() -> None:
    assert ids(on_paper(Situation()), Phase.AFTER) == ["N1", "N2", "N3"]
    assert ids(on_paper(Situation()), Phase.DURING) == ids(Situation(), Phase.DURING)


def test_same_situation_gives_the_same_points() -> None:
    assert checklist(Situation(), Phase.AFTER) == (Item("N1", Phase.AFTER, stress=False, with_buddy=False),)


@pytest.mark.parametrize("parents", [0, 3])
def test_one_or_two_parents_come(parents: int) -> None:
    with pytest.raises(ValueError, match="parents"):
        Situation(parents=parents)


def test_buddy_who_comes_along_is_involved() -> None:
    with pytest.raises(ValueError, match="buddy"):
        Situation(along=True)

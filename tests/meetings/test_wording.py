"""The words of the checklist: every point in every form of address, with and without a buddy and a name."""

from __future__ import annotations

import re
from itertools import product

import pytest
from django.utils.translation import override

from meetings.checklist import ITEMS, Item, Phase
from meetings.texts import WITHOUT_BUDDY, WORDS
from meetings.wording import Said, Voice, said

VOICES = [
    Voice(child, parents, formal, "16:05")
    for child, parents, formal in product(("", "Lina"), (1, 2), (True, False))
]
# Points that apply without a buddy too (A, O, V, and those of news and of a wish).
WITHOUT = ("T1", "T4", "T5", "T6", "T7", "T8", "T10", "T11", "N1", "N2", "N3")


def point(name: str, *, with_buddy: bool = True) -> Item:
    """A point as the checklist gives it."""
    return Item(name, Phase.DURING, stress=False, with_buddy=with_buddy)


def dutch(name: str, voice: Voice, *, with_buddy: bool = True) -> Said:
    """A point as a Dutch teacher reads it."""
    with override("nl"):
        return said(point(name, with_buddy=with_buddy), voice)


def test_every_point_has_words() -> None:
    assert set(WORDS) == {row.id for row in ITEMS}
    assert set(WITHOUT_BUDDY) <= set(WITHOUT)


@pytest.mark.parametrize("voice", VOICES, ids=str)
def test_every_point_is_filled_in_everywhere(voice: Voice) -> None:
    for name, with_buddy in product(WORDS, (True, False)):
        words = dutch(name, voice, with_buddy=with_buddy)
        for text in (words.do, words.why, words.say):
            assert text.strip()
            assert "%" not in text


@pytest.mark.parametrize("name", WITHOUT)
@pytest.mark.parametrize("voice", VOICES, ids=str)
def test_without_a_buddy_nobody_speaks_of_one(name: str, voice: Voice) -> None:
    if name == "T4":
        assert "onverwacht" in dutch(name, voice, with_buddy=False).do
        return
    words = dutch(name, voice, with_buddy=False)
    assert not re.search(r"(?i)buddy", f"{words.do} {words.why} {words.say}")


@pytest.mark.parametrize("name", WORDS)
def test_parents_are_addressed_as_the_school_chose(name: str) -> None:
    for child, parents, with_buddy in product(("", "Lina"), (1, 2), (True, False)):
        formal = dutch(name, Voice(child, parents, True, "16:05"), with_buddy=with_buddy).say
        informal = dutch(name, Voice(child, parents, False, "16:05"), with_buddy=with_buddy).say
        assert not re.search(r"(?i)\b(je|jij|jou|jouw|jullie)\b", formal), formal
        assert not re.search(r"(?i)\b(u|uw)\b", informal), informal
        if parents == 2:
            # How it was is asked one after the other.
            assert not re.search(r"(?i)\b(jij|jou|jouw)\b", informal) or name == "N1", informal


@pytest.mark.parametrize("name", WORDS)
def test_teacher_is_never_addressed_formally(name: str) -> None:
    for voice, with_buddy in product(VOICES, (True, False)):
        words = dutch(name, voice, with_buddy=with_buddy)
        assert not re.search(r"(?i)\b(u|uw)\b", f"{words.do} {words.why}")


def test_two_parents_are_spoken_of_as_two() -> None:
    for name in ("V2", "V3", "T1", "T2", "T3", "T4", "T6", "T7", "T9", "N1", "N2"):
        one, two = (dutch(name, Voice("Lina", parents, True, "16:05")) for parents in (1, 2))
        assert one != two, name
        assert "ouders" not in one.do
        assert "ouders" in f"{two.do} {two.why}"


def test_child_is_called_by_name_where_it_is_known() -> None:
    named, unnamed = (Voice(child, 1, True, "16:05") for child in ("Lina", ""))
    for name in ("T2", "T5", "T11"):
        assert "Lina" in dutch(name, named).say
        assert "uw kind" in dutch(name, unnamed).say
    assert dutch("T5", named).do == "Vertel precies wat je voor Lina doet."
    assert dutch("T5", unnamed).do == "Vertel precies wat je voor het kind doet."
    assert "jullie kind" in dutch("T5", Voice("", 2, False, "16:05")).say


def test_name_is_no_pattern() -> None:
    assert "%(until)s 100%" in dutch("T5", Voice("%(until)s 100%", 1, True, "16:05")).say


def test_sentence_tells_until_when() -> None:
    assert "16:05" in dutch("V5", VOICES[0]).say

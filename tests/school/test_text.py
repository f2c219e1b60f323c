"""Names as people write them: tidied, found and sorted."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from school.text import PREFIXES, search_key, sort_key, tidy

anything = st.text()
steady = settings(deadline=None)
letters = st.text(st.characters(categories=["L", "M", "Zs"], max_codepoint=0x24F), max_size=40)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Fatma   Yılmaz ", "Fatma Yılmaz"),
        ("Zoe\u0308", "Zoë"),
        ("Sem\r\nde Jong", "Sem de Jong"),
        ("Sem\u00a0\u2003de\tJong", "Sem de Jong"),
        ("Sem\u000bde Jong", "Sem de Jong"),
        ("nep\u202egnof", "nepgnof"),
        ("\u2066Sem\u2069", "Sem"),
        ("سمير\u061c", "سمير"),
        ("e\u200b\u0301", "é"),
        ("\ufeffSem\u0000", "Sem"),
        ("\u200b \u2060", ""),
        ("🙂", "🙂"),
        ("", ""),
    ],
)
def test_tidy_keeps_what_can_be_read(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


@steady
@given(anything)
@example("e\u200b\u0301")
def test_tidy_twice_changes_nothing_more(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@steady
@given(anything)
def test_tidy_leaves_no_marks_that_cannot_be_seen(text: str) -> None:
    kept = tidy(text)
    assert kept == unicodedata.normalize("NFC", kept)
    assert kept == kept.strip()
    hidden = {"\u061c", "\ufeff", *map(chr, range(0x200B, 0x2010)), *map(chr, range(0x202A, 0x202F))}
    assert not hidden & set(kept)
    assert not [c for c in kept if c.isspace() and c != " "]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("ZOË", "Zoë"),
        ("zoe", "Zoë"),
        ("zoë", "Zoe\u0308"),
        ("yilmaz", "Yılmaz"),
        ("YILMAZ", "Yılmaz"),
        ("istanbul", "İstanbul"),
        ("omer", "Ömer"),
        ("strasse", "Straße"),
        ("lodz", "Łódź"),
        ("ijsbrand", "Ĳsbrand"),
        ("aegir", "Ægir"),
        ("hoff", "van 't Hoff"),
        ("van t hoff", "van ’t Hoff"),
        ("vries bakker", "de Vries-Bakker"),
        ("oconnor", "OConnor"),
        ("o'connor", "O’Connor"),
        ("amrani", "El Amrani"),
        ("سمير", "سمير العمراني"),
    ],
)
def test_search_finds_name_whatever_is_typed(words: str, name: str) -> None:
    assert search_key(words) in search_key(name)


@steady
@given(letters)
def test_search_finds_whatever_case_and_accents(name: str) -> None:
    key = search_key(name)
    plain = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    for typed in (name.upper(), name.lower(), name.title(), unicodedata.normalize("NFD", name), plain):
        assert search_key(typed) == key


@steady
@given(anything)
@example("™")
@example("𝐀nna")
def test_search_key_of_a_key_is_itself(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)


@steady
@given(anything, anything)
def test_search_key_holds_the_keys_of_its_parts(first: str, last: str) -> None:
    assert search_key(first, last).split() == [*search_key(first).split(), *search_key(last).split()]


def test_names_sort_as_in_a_dutch_list() -> None:
    in_order = [
        "El Amrani",
        "Éva",
        "Evers",
        "van 't Hoff",
        "van den IJssel",
        "Jansen",
        "Jansen-Smit",
        "D’Olyrook",
        "'t Veld",
        "van der Velde",
        "de Vries",
        "de Vries-Bakker",
        "Yılmaz",
        "Zwart",
    ]
    assert sorted(set(in_order), key=sort_key) == in_order


@pytest.mark.parametrize(
    ("name", "under"),
    [
        ("van 't Hoff", "hoff"),
        ("Van 't Hoff", "hoff"),
        ("VAN ’T HOFF", "hoff"),
        ("van  't  Hoff", "hoff"),
        ("D'Olyrook", "olyrook"),
        ("d’Olyrook", "olyrook"),
        ("'t Hart", "hart"),
        ("'s-Gravesande", "gravesande"),
        ("El Amrani", "el amrani"),
        ("Al-Sayed", "al sayed"),
        ("Vandenberg", "vandenberg"),
        ("Terpstra", "terpstra"),
        ("Dijk", "dijk"),
        ("de Vries-Bakker", "vries bakker"),
        ("van", "van"),
        ("De", "de"),
        ("d'", "d"),
    ],
)
def test_name_stands_under_its_own_letter(name: str, under: str) -> None:
    assert sort_key(name).startswith(under)


def test_same_last_name_sorts_by_first_name_whatever_stands_before_it() -> None:
    people = [("de Vries", "Anna"), ("Vries", "Bert"), ("De Vries", "Cas"), ("Vries-Bakker", "Ali")]
    assert sorted(people, key=lambda person: sort_key(*person)) == people


@pytest.mark.parametrize("prefix", PREFIXES)
def test_prefix_alone_is_a_name(prefix: str) -> None:
    assert sort_key(prefix).strip()


@steady
@given(letters, letters)
def test_sort_key_is_the_same_however_it_is_written(last: str, first: str) -> None:
    assert sort_key(unicodedata.normalize("NFD", last), first) == sort_key(
        unicodedata.normalize("NFC", last), first
    )

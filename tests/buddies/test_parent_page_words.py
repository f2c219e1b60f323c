"""The page behind a personal link in the languages it is written in."""

from __future__ import annotations

import re

import pytest

from buddies.links import speech as parent_words
from buddies.models import Consent, Purpose
from school.models import School

from .holder import HandOut, words_on
from .phone import text

# Languages


def open_to_all(school: School) -> None:
    School.objects.filter(pk=school.pk).update(languages=[])


@pytest.mark.parametrize("code", parent_words.WRITTEN)
def test_page_speaks_the_language_of_the_link(hand_out: HandOut, school: School, code: str) -> None:
    open_to_all(school)
    page = hand_out(language=code).opens()
    direction = "rtl" if code == "ar" else "ltr"
    assert f'<html lang="{code}" dir="{direction}">' in text(page)
    assert parent_words.speech(code, formal=True).words(school="De Wilgen")["question_parent"] in words_on(
        page
    )
    names = re.findall(r'lang="(\w+)"\s+dir="\w+"\s+rel="nofollow"[^>]*>([^<]+)</a>', text(page))
    assert names == [
        ("nl", "Nederlands"), ("en", "English"), ("tr", "Türkçe"), ("ar", "العربية"), ("pl", "Polski")
    ]  # fmt: skip


def test_consent_keeps_the_language_that_was_read(hand_out: HandOut, school: School) -> None:
    open_to_all(school)
    holder = hand_out(language="tr")
    page = holder.opens("?taal=pl")
    assert 'action="?taal=pl"' in text(page)
    page = holder.taps("yes", "?taal=pl")
    assert '<html lang="pl"' in text(page)
    holder.taps("share")
    assert holder.given[Purpose.MATCH].language == "pl"
    assert holder.given[Purpose.SHARE_CONTACT].language == "tr"


@pytest.mark.parametrize("taal", ["tr", "xx", "../nl", "\x00", "9" * 5000, "nl-je"])
def test_language_that_is_not_offered_is_dutch(hand_out: HandOut, school: School, taal: str) -> None:
    School.objects.filter(pk=school.pk).update(languages=["nl"])
    page = hand_out().phone.get(hand_out().address, {"taal": taal})
    assert page.status_code == 200
    assert '<html lang="nl" dir="ltr">' in text(page)


def test_school_that_says_je_does_so_here(hand_out: HandOut, school: School) -> None:
    School.objects.filter(pk=school.pk).update(formal_address=False)
    holder = hand_out()
    pages = [holder.opens(), holder.taps("talk"), holder.taps("yes"), holder.taps("stop")]
    for page in pages:
        assert not re.search(r"\bu\b|\buw\b", words_on(page), re.IGNORECASE), words_on(page)
    yes = Consent.objects.get(match=holder.match, parent=holder.who, purpose=Purpose.MATCH)
    assert yes.language == "nl-je", "the record shows the words they read"


WORDS = sorted(path.stem for path in parent_words.FOLDER.glob("*.toml"))


def test_every_language_has_all_words() -> None:
    assert set(WORDS) == {*parent_words.WRITTEN, parent_words.INFORMAL_DUTCH}
    dutch = parent_words._file("nl")
    for name in WORDS:
        words = parent_words._file(name)
        assert set(words) == set(dutch), name
        assert all(words.values()), name
        for key, said in words.items():
            assert re.findall(r"{\w+}", said) == re.findall(r"{\w+}", dutch[key]), (name, key)


def test_words_on_the_pages_are_there_and_none_is_left_over() -> None:
    folder = parent_words.FOLDER.parents[2] / "templates" / "buddies" / "links"
    used = {
        word
        for path in folder.glob("*.html")
        for word in re.findall(r"words\.(\w+)", path.read_text("utf-8"))
    }
    assert used == set(parent_words._file("nl"))

"""Names as people write them, made comparable.

SQLite compares ASCII letters only and PostgreSQL sorts by its own collation, so what is searched and
sorted is a key of our own, the same on both.
"""

import re
import unicodedata

# Dutch sorts "van 't Hoff" under the H; "El" and "Al" belong to the name and stay.
PREFIXES = (
    "van 't", "van der", "van den", "van de", "van het", "van",
    "in 't", "in het", "in de", "in der", "in den",
    "op 't", "op de", "op den", "op der", "op het", "uit de", "uit den", "uit het", "uit 't",
    "aan de", "aan den", "aan het", "aan 't", "bij de", "bij den", "onder de", "over de", "voor de", "voor den",
    "von der", "von den", "von", "zu", "zum", "zur",
    "de la", "de las", "de los", "de le", "de", "den", "der", "des", "del", "della", "di", "da", "dos", "du",
    "het", "'t", "'s", "te", "ten", "ter", "tot", "la", "le", "les", "lo",
)  # fmt: skip
# Written against the name: d'Olyrook, 's-Gravesande.
_ATTACHED = ("d'", "l'", "'t", "'s-")
_LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ĳ": "ij"}
)
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "`": "'", "\u00b4": "'"})
# Control characters that are white space, such as Word's \u000b, stay: they are folded into a space.
# U+200C and U+200D stay: they join and part letters within Persian and Hindi names, and hold emoji together.
_BIDI_AND_CONTROL = re.compile(
    r"[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f"
    r"\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_JOINERS = "\u200c\u200d"


def tidy(text: str) -> str:
    """`text` in NFC without control and direction marks, white space folded; joiners only within a word.

    A name that turns the reading direction round could pass for another on the page.
    """
    plain = unicodedata.normalize("NFC", _BIDI_AND_CONTROL.sub("", text))
    words = (word.strip(_JOINERS) for word in plain.split())
    return " ".join(word for word in words if word)


def search_key(*parts: str) -> str:
    """`parts` as one string without case, accents and punctuation: what is typed in a search box is found."""
    joined = " ".join(part for part in parts if part).casefold().translate(_LETTERS)
    plain = "".join(c for c in unicodedata.normalize("NFKD", joined) if not unicodedata.combining(c))
    # Once more, because "™" decomposes into capitals.
    return " ".join(re.sub(r"[^\w]+", " ", plain.casefold().translate(_LETTERS)).split())


def sort_key(last_name: str, first_name: str = "") -> str:
    """The key under which a Dutch reader looks a person up: last name, then first name, its tussenvoegsel last.

    Two spaces between them sort before one: all of "Jansen" stand above "Jansen-Smit".
    """
    last, before = " ".join(last_name.translate(_QUOTES).split()), ""
    lowered = last.casefold()
    for prefix in (*(f"{separate} " for separate in PREFIXES), *_ATTACHED):
        if lowered.startswith(prefix) and len(last) > len(prefix):
            last, before = last[len(prefix) :], prefix
            break
    return "  ".join(map(search_key, (last, first_name, before))).rstrip()

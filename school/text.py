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
_LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ĳ": "ij"}
)
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "`": "'", "\u00b4": "'"})
_BIDI_AND_CONTROL = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


def tidy(text: str) -> str:
    """`text` in NFC without control and direction marks, white space folded.

    A name that turns the reading direction round could pass for another on the page.
    """
    return " ".join(_BIDI_AND_CONTROL.sub("", unicodedata.normalize("NFC", text)).split())


def search_key(*parts: str) -> str:
    """`parts` as one string without case, accents and punctuation: what is typed in a search box is found."""
    joined = " ".join(part for part in parts if part).casefold().translate(_LETTERS)
    plain = "".join(c for c in unicodedata.normalize("NFKD", joined) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w]+", " ", plain.translate(_LETTERS)).split())


def sort_key(last_name: str, first_name: str = "") -> str:
    """The key under which a Dutch reader looks a person up: last name without its tussenvoegsel first."""
    last = " ".join(last_name.translate(_QUOTES).split())
    lowered = last.casefold()
    for prefix in PREFIXES:
        # "'t" and "'s" may be written against the name.
        if lowered.startswith(prefix + " "):
            last = f"{last[len(prefix) :].strip()} {prefix}"
            break
    return f"{search_key(last)}, {search_key(first_name)}"

"""The parents of the demo school who could use support, as colleagues signalled them."""

from __future__ import annotations

from dataclasses import dataclass

from buddies.models import Method, Origin
from school.models import ParentKind

from .people import FATHER, LOTTE, MOTHER, Person


@dataclass(frozen=True)
class Asking:
    """Who signalled whom, how many days ago, and what the parent said: the theme is "" for "don't know yet" and
    None when it has not been discussed. `colleague` is the key of the member of staff who this parent is."""

    person: Person
    by: str
    days_ago: int
    theme: str | None
    note: str = ""
    wish: ParentKind = ParentKind.UNKNOWN
    method: Method = Method.CONVERSATION
    origin: Origin = Origin.SIGNAL
    colleague: str = ""
    background: str = ""
    outside_class: bool = False


# A teacher often knows the child, not the parent's name.
UNDISCUSSED = {
    "tess": Asking(Person("", "", MOTHER, "Tess", "4"), "leerkracht", 3, None),
    "milan": Asking(Person("", "", FATHER, "Milan", "3"), "esther", 11, None),
}
NEW = {
    "chayenne": Asking(
        Person("Chayenne", "Mol", MOTHER, "Jip", "3"),
        "esther", 1, "reading", "Wil graag horen hoe andere ouders thuis oefenen met lezen.",
        outside_class=True,
    ),
    "marit": Asking(
        Person("Marit", "Kuipers", MOTHER, "Pip", "1/2A"),
        "marloes", 2, "", "Wil graag met een andere ouder praten, en zelf vertellen waarover.",
    ),
    "stefan": Asking(
        Person("Stefan", "Kok", FATHER, "Mees", "1/2B"),
        "fleur", 5, "busy", "Zou graag een andere vader spreken over een kind dat nooit stilzit.", FATHER,
    ),
    "yusuf": Asking(
        Person("Yusuf", "Abdi", FATHER, "Hodan", "4", ("so",)),
        "leerkracht", 1, "language", "Wil de brieven van school beter begrijpen.", method=Method.INTERPRETER,
    ),
}  # fmt: skip
SEARCHING = {
    # Lieke's father is a buddy for this very theme: he is never shown as a choice, and why is nobody's business.
    "chantal": Asking(
        Person("Chantal", "de Vries-Bakker", MOTHER, "Lieke", "4"),
        "leerkracht", 16, "divorce", "Vraagt zich af hoe anderen het met speelafspraken doen.",
    ),
    "hatice": Asking(
        Person("Hatice", "Şahin", MOTHER, "Yiğit", "5/6", ("tr",)),
        "annelies", 8, "language", "Wil meepraten op de ouderavond.", method=Method.INTERPRETER,
    ),
}  # fmt: skip
MATCHING = {
    "bianca": Asking(
        Person("Bianca", "Smit", MOTHER, "Luuk", "5"), "kim", 4, "reading", "Thuis lezen loopt uit op ruzie."
    ),
    "mehtap": Asking(
        Person("Mehtap", "Kaya", MOTHER, "Aras", "4", ("tr", "nl")),
        "leerkracht", 7, "busy", "Zoekt iemand die de drukte thuis herkent.",
    ),
    "naima": Asking(
        Person("Naima", "Chaoui", MOTHER, "Safae", "1/2B", ("ar",)),
        "ellen", 15, "culture", "Wil weten hoe een ander gezin zo'n keuze maakte.",
        background="Marokkaans. Mijn schoonfamilie woont bij ons.",
    ),
    "letebrhan": Asking(
        Person("Letebrhan", "Tesfay", MOTHER, "Samuel", "1/2C", ("ti",)),
        "nadia", 9, "language", "Staat er alleen voor en kent nog weinig mensen hier.", method=Method.INTERPRETER,
    ),
    "lotte": Asking(
        LOTTE,
        "marloes", 13, "divorce", "Wil het graag met iemand buiten het team bespreken.", colleague="lotte",
    ),
    "yasmin": Asking(
        Person("Yasmin", "Rahimi", MOTHER, "Parisa", "1/2A", ("fa", "en")),
        "directeur", 17, "newcomer", "Eerste kind op school.", origin=Origin.INTAKE,
    ),
}  # fmt: skip
CONNECTED = {
    "marta": Asking(
        Person("Marta", "Zielińska", MOTHER, "Oliwia", "1/2B", ("pl",)),
        "fleur", 24, "language", "Wil graag iemand naast zich bij het eerste gesprek.", method=Method.INTERPRETER,
    ),
    "wesley": Asking(
        Person("Wesley", "Groen", FATHER, "Dex", "3"),
        "thijs", 62, "busy", "Maakt zich zorgen en wil weten of anderen dit kennen.", FATHER,
    ),
    "laura": Asking(
        Person("Laura", "Peters", MOTHER, "Sophie", "1/2C"),
        "directeur", 75, "newcomer", "Net verhuisd. Kent hier nog niemand.", origin=Origin.INTAKE,
    ),
}  # fmt: skip
CLOSED = {
    "angelique": Asking(
        Person("Angelique", "Visser", MOTHER, "Kyan", "4"),
        "leerkracht", 128, "reading", "Hoe houd je lezen thuis leuk?",
    ),
    "ewa": Asking(
        Person("Ewa", "Wójcik", MOTHER, "Maja", "6", ("pl",)),
        "bas", 150, "language", "Zoekt hulp bij brieven en formulieren.",
    ),
    "manon": Asking(Person("Manon", "Jonker", MOTHER, "Stijn", "5/6"), "annelies", 34, "busy", "Wil even sparren."),
    "denise": Asking(
        Person("Denise", "Huisman", MOTHER, "Lynn", "1/2B"),
        "ellen", 48, "", "Zoekt praktische hulp thuis.",
    ),
}  # fmt: skip
ASKING = UNDISCUSSED | NEW | SEARCHING | MATCHING | CONNECTED | CLOSED
# The one who would rather not be asked again this year.
REFUSED = Person("", "", MOTHER, "Isa", "5/6")

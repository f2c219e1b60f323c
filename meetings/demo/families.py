"""The new families of the demo school, and what they said to the offer of a buddy."""

from __future__ import annotations

from dataclasses import dataclass

from school.models import ParentKind

from .people import FATHER, MOTHER, Person


@dataclass(frozen=True)
class Family:
    """A family whose child starts `starts` days from today (or so many days ago, below 0), to whom `buddy` was offered
    `offered` days ago, or nobody in particular (""). `first` says whether it is their first child here; `until` how
    far it came: "thinking", "asked" (the family said yes), "connected" or "helped"."""

    person: Person
    starts: int
    offered: int
    buddy: str
    until: str
    first: bool = True
    two_homes: bool = False


FAMILIES: tuple[Family, ...] = (
    Family(Person("Ilse", "Verbeek", MOTHER, "Tijn", "1/2B"), -151, 160, "femke", "helped"),
    Family(Person("Murat", "Aksoy", FATHER, "Asya", "1/2A", ("tr", "nl")), -95, 101, "aylin", "connected"),
    Family(Person("Joyce", "Sital", MOTHER, "Ravi", "1/2C"), -40, 52, "tim", "connected"),
    Family(Person("Bram", "Kuiper", FATHER, "Juna", "1/2B"), -4, 8, "femke", "asked", two_homes=True),
    Family(Person("Sanne", "Molenaar", MOTHER, "Lou", "1/2A"), 9, 10, "hanneke", "thinking"),
    Family(Person("Amal", "Yassin", MOTHER, "Idris", "1/2C", ("so", "nl")), 20, 2, "aylin", "thinking", first=False),
)  # fmt: skip
# Their request stands among those of the story: the first day of their child, in days from today.
TOLD_BEFORE = {("Parisa", "1/2A"): -15, ("Sophie", "1/2C"): -73}
# Nobody offered them a buddy yet.
TO_BE_OFFERED = {("Nine", "1/2A"): 6, ("Moos", "1/2B"): 27, ("Evi", "1/2C"): 44}
SOMEBODY = Person("", "", ParentKind.UNKNOWN, "", "")


def first_days() -> dict[tuple[str, str], int]:
    """The first day of every child of these families, in days from today, by first name and group."""
    told = {(family.person.child, family.person.group): family.starts for family in FAMILIES}
    return told | TOLD_BEFORE | TO_BE_OFFERED

"""Who works at the demo school, and which parents are buddies there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from school.models import ParentKind
from school.roles import Role

MOTHER, FATHER = ParentKind.MOTHER, ParentKind.FATHER
T = Role.TEACHER

# Name, lowest and highest grade, number of pupils.
GROUPS: tuple[tuple[str, int, int, int], ...] = (
    ("1/2A", 1, 2, 24),
    ("1/2B", 1, 2, 23),
    ("1/2C", 1, 2, 19),
    ("3", 3, 3, 24),
    ("4", 4, 4, 25),
    ("5", 5, 5, 21),
    ("5/6", 5, 6, 18),
    ("6", 6, 6, 22),
    ("7", 7, 7, 23),
    ("8", 8, 8, 21),
)


@dataclass(frozen=True)
class Person:
    """A parent, and the child at this school with its group. No languages is what most people say: nothing."""

    first_name: str
    last_name: str
    kind: ParentKind
    child: str
    group: str
    languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Colleague:
    """Somebody who works here; `parent` if a child of theirs is a pupil."""

    key: str
    name: str
    roles: tuple[Role, ...] = (T,)
    groups: tuple[str, ...] = ()
    parent: Person | None = None


@dataclass(frozen=True)
class Offering:
    """A parent who is a buddy: experiences by theme in their own words, and since how many days.

    `colleague` is the key of the member of staff who this is; `by` of who wrote it down.
    """

    person: Person
    themes: Mapping[str, str]
    days_ago: int
    grades: tuple[int, ...] = ()
    capacity: int = 1
    children: int = 1
    years_here: int = 3
    name_known: bool = True
    by: str = "ib"
    colleague: str = ""
    background: str = ""


# Two colleagues are parents here too. What they are called stands in STAFF.
LOTTE = Person("", "", MOTHER, "Guus", "1/2A")
MERYEM = Person("", "", MOTHER, "Emre", "6", ("tr", "nl"))
STAFF: tuple[Colleague, ...] = (
    Colleague("directeur", "Anouk Hendriks", (Role.DIRECTOR,)),
    Colleague("ib", "Ineke Postma", (Role.INTERN_BEGELEIDER,)),
    Colleague("bouwcoordinator", "Babette Maas", (Role.BOUWCOORDINATOR,)),
    Colleague("rachid", "Rachid Bouzian", (Role.BOUWCOORDINATOR, T), ("7",)),
    Colleague("beheer", "Wim Scholten", (Role.ADMINISTRATOR,)),
    Colleague("leerkracht", "Noortje Dijkstra", groups=("4",)),
    Colleague("marloes", "Marloes Timmer", groups=("1/2A",)),
    Colleague("fleur", "Fleur Jacobs", groups=("1/2B",)),
    Colleague("ellen", "Ellen van Dalen", groups=("1/2B",)),
    Colleague("nadia", "Nadia Bensalah", groups=("1/2C",)),
    Colleague("esther", "Esther Kramer", groups=("3",)),
    Colleague("thijs", "Thijs Mulder", groups=("3",)),
    Colleague("kim", "Kim Verhagen", groups=("5",)),
    Colleague("ruben", "Ruben Smits", groups=("5",)),
    Colleague("annelies", "Annelies Brouwer", groups=("5/6",)),
    Colleague("bas", "Bas Hoekstra", groups=("6",)),
    Colleague("gulay", "Gülay Demir", groups=("6",)),
    Colleague("lotte", "Lotte Prins", groups=("7",), parent=LOTTE),
    Colleague("henk", "Henk Wessels", groups=("8",)),
    Colleague("iris", "Iris Meijer", groups=("8",)),
    Colleague("meryem", "Meryem Aydın", parent=MERYEM),
    Colleague("jolanda", "Jolanda Peeters"),
    Colleague("tineke", "Tineke van Leeuwen"),
    Colleague("mike", "Mike Wouters"),
    Colleague("clara", "Clara Silva"),
    Colleague("daan", "Daan Evers"),
    Colleague("yara", "Yara Haddad"),
    Colleague("cor", "Cor Bakker"),
    Colleague("fenna", "Fenna Groot"),
)
# For a while beside the intern begeleider; and whose last day is known, with who takes over.
STANDS_IN = Colleague("stand-in", "Sanne Kuiper", (Role.INTERN_BEGELEIDER,))
LEAVES = ("esther", "thijs")

BUDDIES: dict[str, Offering] = {
    # Busy behaviour
    "erik": Offering(
        Person("Erik", "de Jong", FATHER, "Teun", "5"),
        {"busy": "Onze zoon kon in de kring niet stilzitten. Ik weet nu wat bij ons thuis helpt."},
        210, (5,),
    ),
    "saskia": Offering(
        Person("Saskia", "van den Heuvel", MOTHER, "Pip", "1/2A"),
        {"busy": "Wij hebben geleerd de dag in stukjes te knippen.", "newcomer": "Ons derde kind op deze school."},
        160, (1, 4, 7), children=3, years_here=7,
    ),
    "ozlem": Offering(
        Person("Özlem", "Özdemir", MOTHER, "Deniz", "6", ("tr", "nl")),
        {"busy": "Eerst was ik vaak boos. Nu maken we samen een plan voor de dag.", "language": ""},
        140, (2, 6), capacity=2, children=2, years_here=6,
    ),
    "michael": Offering(
        Person("Michaël", "D'Olyrook", FATHER, "Jayden", "7", ("nl", "en")),
        {"busy": "Ik herken het van vroeger, van mezelf.", "divorce": "Ik ken het van de kant van de vader."},
        95, (7,), years_here=6, name_known=False,
    ),
    # Reading
    "linda": Offering(
        Person("Linda", "Bosman", MOTHER, "Fenna", "6"),
        {"reading": "Twee van onze drie kinderen lezen moeilijk. Voorlezen bleef altijd leuk."},
        230, (4, 6, 8), capacity=2, children=3, years_here=8,
    ),
    "peter": Offering(
        Person("Peter", "van 't Hoff", FATHER, "Daan", "5/6"),
        {"reading": "Ik heb zelf ook leren leven met moeite met lezen."},
        220, (6,), years_here=5,
    ),
    "thu": Offering(
        Person("Thu", "Nguyen", MOTHER, "Linh", "5", ("vi", "nl")),
        {"reading": "Lezen in twee talen kostte bij ons meer tijd.", "language": ""},
        120, (3, 5), children=2, years_here=4,
    ),
    "noel": Offering(
        Person("Noël", "Janssen", FATHER, "Zoë", "7"),
        {"reading": "Luisterboeken waren voor ons de uitkomst."},
        75, (7,), years_here=6,
    ),
    "hanneke": Offering(
        Person("Hanneke", "ter Braak", MOTHER, "Éva", "8"),
        {"reading": "Van het eerste vermoeden tot de middelbare school.", "newcomer": ""},
        190, (8,), years_here=8,
    ),
    # Divorce
    "jeroen": Offering(
        Person("Jeroen", "Bakker", FATHER, "Lieke", "4"),
        {"divorce": "Wij wisselen per week. De eerste maanden waren zoeken."},
        110, (4,), years_here=4,
    ),
    "monique": Offering(
        Person("Monique", "Willems", MOTHER, "Sven", "5/6"),
        {"divorce": "Hoe vertel je het de kinderen, en hoe regel je de feestdagen?"},
        200, (6,), capacity=2, years_here=6,
    ),
    "ricardo": Offering(
        Person("Ricardo", "Fortes", FATHER, "Mateo", "3", ("pt", "nl")),
        {"divorce": "Alleen met twee kinderen: het kan, en hulp vragen mag."},
        60, (3, 1), children=2, years_here=3,
    ),
    "anna": Offering(
        Person("Anna", "Kowalska", MOTHER, "Zofia", "5", ("pl", "nl")),
        {"divorce": "Mijn familie woont ver weg. Andere ouders hielpen mij.", "language": ""},
        180, (5,), capacity=2, years_here=5,
    ),
    "willemijn": Offering(
        Person("Willemijn", "van der Meulen", MOTHER, "Floris", "8"),
        {"divorce": "Praten met iemand die er al doorheen was, hielp."},
        170, (8,), years_here=8,
    ),
    # Language
    "meryem": Offering(MERYEM, {"language": ""}, 205, (6,), capacity=2, years_here=6, colleague="meryem"),
    "samira": Offering(
        Person("Samira", "El Amrani", MOTHER, "Lina", "6", ("ar", "zgh", "nl")),
        {"language": "", "culture": "Mijn oudste ging naar een andere school. Dat was goed voor hem."},
        215, (6, 8), capacity=3, children=2, years_here=8,
        background="Wij zijn Marokkaans en gelovig. Mijn ouders wonen bij ons in de straat.",
    ),
    "katarzyna": Offering(
        Person("Katarzyna", "Nowak", MOTHER, "Jan", "3", ("pl", "nl")),
        {"language": "", "newcomer": "Ik wist eerst ook niet wat een luizenouder was."},
        130, (3,), years_here=3, by="bouwcoordinator",
    ),
    "selam": Offering(
        Person("Selam", "Haile", MOTHER, "Abel", "7", ("ti", "en", "nl")),
        {"language": ""},
        150, (7,), years_here=5, by="bouwcoordinator",
    ),
    "olena": Offering(
        Person("Olena", "Shevchenko", MOTHER, "Danylo", "4", ("uk", "en", "nl")),
        {"language": ""},
        45, (4,), years_here=2, by="bouwcoordinator",
    ),
    "hassan": Offering(
        Person("Hassan", "Warsame", FATHER, "Ayaan", "6", ("so", "en", "nl")),
        {"language": "", "culture": "In onze familie was het even wennen. Ik leg graag uit hoe het ging."},
        135, (6, 2), children=2, years_here=6,
    ),
    # Newcomers
    "femke": Offering(
        Person("Femke", "Hofstra", MOTHER, "Jelle", "3"),
        {"newcomer": "Loop gerust een keer met mij mee naar binnen."},
        225, (1, 3, 6), capacity=3, children=3, years_here=6, by="directeur",
    ),
    "tim": Offering(
        Person("Tim", "de Graaf", FATHER, "Noud", "1/2C"),
        {"newcomer": "Wij woonden hier net. Nu kennen we de halve buurt."},
        155, (2, 4), capacity=2, children=2, years_here=4, by="directeur",
    ),
    "aylin": Offering(
        Person("Aylin", "Yılmaz", MOTHER, "Ela", "1/2B", ("tr", "nl")),
        {"newcomer": "", "language": ""},
        90, (2, 5), capacity=2, children=2, years_here=5, by="directeur",
    ),
    "rosa": Offering(
        Person("Rosa", "Martina", MOTHER, "Quincy", "4", ("pap", "nl")),
        {"newcomer": "Onze eerste winter hier was wennen.", "language": ""},
        65, (4,), years_here=3, by="directeur",
    ),
    # Culture, referral
    "fatima": Offering(
        Person("Fatima", "Ouali", MOTHER, "Ilyas", "8", ("ar", "fr", "nl")),
        {"culture": "Ik was eerst tegen. Nu zie ik een blij kind. Ik vertel graag hoe dat ging."},
        185, (8,), years_here=8,
        background="Marokkaans. Wij praten thuis Arabisch en Frans.",
    ),
    "reza": Offering(
        Person("Reza", "Karimi", FATHER, "Darya", "5", ("fa", "en", "nl")),
        {"culture": "Hulp vragen is bij ons niet gewoon. Toch heb ik het gedaan.", "language": ""},
        55, (5,), years_here=3,
    ),
    # Stopped since
    "gerda": Offering(
        Person("Gerda", "Lubbers", MOTHER, "Wies", "8"),
        {"reading": "Samen oefenen, elke dag tien minuten."},
        240, (8,),
    ),
}  # fmt: skip
PAUSED, EXPIRING, STOPPED = "willemijn", "noel", "gerda"
# Thought of by a colleague, or passed on after the parent's yes.
SUGGESTED = Person("Wendy", "Koster", MOTHER, "Bente", "3")
ASKED = Person("Abdel", "Zerouali", FATHER, "Imran", "1/2A", ("ar", "nl"))
NOMINATED = Offering(
    Person("Marjolein", "Vink", MOTHER, "Cas", "4"),
    {"reading": "Onze dochter leest nu op haar manier. Ik vertel graag hoe dat ging."},
    1, (4, 6), children=2, years_here=4, by="leerkracht",
)  # fmt: skip

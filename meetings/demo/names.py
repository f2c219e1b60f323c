"""Names of people who do not exist, as they are called at Dutch schools."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from random import Random

from school.models import ParentKind


@dataclass(frozen=True)
class Community:
    """First and last names that go together."""

    mothers: tuple[str, ...]
    fathers: tuple[str, ...]
    families: tuple[str, ...]
    children: tuple[str, ...]


def _names(words: str, separator: str | None = None) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split(separator))


# By the first language beside Dutch that a parent says they speak.
COMMUNITIES: dict[str, Community] = {
    "nl": Community(
        _names("Anja Carla Denise Femke Hanneke Inge Judith Linda Marjan Naomi Petra Roos Saskia Thirza Willemijn"),
        _names("Arjan Bart Dennis Erik Frank Gijs Joost Koen Marco Niels Peter Ruben Sander Tim Wouter André"),
        _names(
            "de Jong|van den Heuvel|van 't Hoff|de Vries-Bakker|Jansen|Bakker|Visser|Smit|van der Meulen|Mulder|"
            "de Graaf|ter Braak|Hofstra|in 't Veld|van Dijk|D'Olyrook|Koster|'t Hart|op den Camp|Wierda",
            "|",
        ),
        _names(
            "Sem Noor Lucas Emma Finn Julia Levi Mila Noah Tess Luuk Saar Daan Zoë Bram Sara Milan Evi Jesse Anna "
            "Mees Lotte Thijs Lynn Gijs Fenna Teun Nora Jelle Sofie Sven Liv Cas Roos Tygo Maud Siem Fleur Boaz Éva "
            "Ties Yara Noël Puck Hidde Jasmijn Floris Loïs Kyan Isa Dex Feline Mats Suze Olivier Vera Pim Bo Stijn Elin"
        ),
    ),
    "tr": Community(
        _names("Fatma Özlem Aylin Hatice Meryem Zeynep Gülsüm Elif Derya Sevgi"),
        _names("Mehmet Ömer Kemal Hakan Yusuf Serkan Emre İsmail Murat Volkan"),
        _names("Yılmaz Özdemir Kaya Aydın Şahin Çelik Demirtaş Koç Arslan Doğan"),
        _names("Emir Defne Yiğit Ela Aras Zehra Deniz Mira Kerem Elif Ömer Nisa Çınar Asya"),
    ),
    "ar": Community(
        _names("Samira Naima Fatima Karima Hanan Rania Souad Layla Nour Amal"),
        _names("Abdel Rachid Karim Hamza Omar Youssef Bilal Khalid Mourad Samir"),
        _names("El Amrani|Ouali|Chaoui|Ben Salah|El Idrissi|Al Khatib|Haddad|Zerouali|Boukhari|Al Hassan", "|"),
        _names("Lina Ilyas Safae Adam Amina Ayoub Noor Zakaria Malak Rayan Hiba Imran Salma Jad"),
    ),
    "pl": Community(
        _names("Anna Katarzyna Marta Ewa Agnieszka Joanna Magdalena Dorota"),
        _names("Piotr Tomasz Paweł Marcin Łukasz Krzysztof Grzegorz Michał"),
        _names("Nowak Wójcik Mazur Dudek Sikora Baran Pawlak Król"),
        _names("Zofia Jan Oliwia Filip Maja Antoni Lena Szymon Hanna Jakub"),
    ),
    "ti": Community(
        _names("Letebrhan Selam Mebrat Rahwa Feven Saba"),
        _names("Yonas Tesfalem Filmon Biniam Samuel Amanuel"),
        _names("Tesfay Haile Gebremedhin Kidane Habtemariam Berhane"),
        _names("Abel Samuel Bethlehem Naod Soliana Natnael"),
    ),
    "vi": Community(
        _names("Thu Lan Hương Mai Ngọc"), _names("Minh Tuấn Hùng Long Quang"), _names("Nguyen Trần Phạm Lê Võ"),
        _names("Linh An Khôi Mai Bảo"),
    ),
    "so": Community(
        _names("Hodan Amina Sahra Ifrah Hibo"), _names("Hassan Abdi Yusuf Mahad Liban"),
        _names("Warsame Abdi Jama Farah Mohamud"), _names("Ayaan Hodan Zakariye Sumaya Ismail"),
    ),
    "fa": Community(
        _names("Yasmin Maryam Shirin Parwin Negin"), _names("Reza Farid Omid Navid Hamid"),
        _names("Karimi Rahimi Ahmadi Hosseini Azizi"), _names("Parisa Darya Arman Kian Roya"),
    ),
    "uk": Community(
        _names("Olena Iryna Natalia Oksana Svitlana"), _names("Andrij Serhij Dmytro Taras Bohdan"),
        _names("Shevchenko Kovalenko Bondarenko Melnyk Tkachenko"), _names("Danylo Sofija Matvij Anastasia Maksym"),
    ),
    "pt": Community(
        _names("Clara Sónia Helena Dulce"), _names("Ricardo Nélson José Paulo"),
        _names("Fortes Tavares Gonçalves Lopes"), _names("Mateo Inês Tiago Luana"),
    ),
    "pap": Community(
        _names("Rosa Shurmaine Gilda Mirelva"), _names("Quinten Rignald Elvis Jairzinho"),
        _names("Martina Croes Rosalia Maduro"), _names("Quincy Jaylinn Gianny Shanaya"),
    ),
}  # fmt: skip
# What the children of one school are called: as often as families speak that language.
SHARES = {
    "nl": 60,
    "tr": 10,
    "ar": 10,
    "pl": 6,
    "ti": 3,
    "vi": 2,
    "so": 3,
    "fa": 2,
    "uk": 2,
    "pt": 1,
    "pap": 1,
}
COLLEAGUES = _names(
    "Marloes Fleur Ellen Nadia Esther Thijs Noortje Kim Ruben Annelies Bas Gülay Rachid Lotte Henk Iris Babette "
    "Tineke Mike Clara Daan Yara Cor Fenna Ineke Anouk Wim Meryem Jolanda Hans Gerda Stefan Mirjam Ravi Joyce Olaf"
)
COLLEAGUE_FAMILIES = _names(
    "Timmer|Jacobs|van Dalen|Bensalah|Kramer|Evers|Dijkstra|Verhagen|Smits|Brouwer|Hoekstra|Demir|Bouzian|Prins|"
    "Wessels|Meijer|Maas|van Leeuwen|Wouters|Silva|Postma|Hendriks|Scholten|Peeters|Groot|van Beek|Kuiper|Sital",
    "|",
)
SCHOOLS = _names(
    "De Wilgenroos|De Zonnehoek|Het Kompas|De Regenboogvis|De Vlinderhof|De Ontdekking|Het Palet|De Sterrentuin|"
    "De Waterlelie|Het Klavertje|De Brug|De Kastanje|Het Mozaïek|De Horizon|De Vuurtoren|De Boomgaard|Het Anker|"
    "De Notenkraker|De Zwaluw|Het Avontuur",
    "|",
)


def community_of(languages: Sequence[str]) -> Community:
    """Where somebody who says they speak these languages is called."""
    other = [code for code in languages if code in COMMUNITIES and code != "nl"]
    return COMMUNITIES[other[0] if other else "nl"]


class Variation:
    """Other names for the same story, so that a second school has other people. The first keeps its own."""

    def __init__(self, random: Random, *, first_school: bool) -> None:
        self.random, self.keeps_names = random, first_school
        pairs = [f"{first} {last}" for first in COLLEAGUES for last in COLLEAGUE_FAMILIES]
        self.colleagues = iter(random.sample(pairs, len(pairs)))

    def parent(self, first_name: str, last_name: str, kind: str, languages: Sequence[str]) -> tuple[str, str]:
        """First and last name of somebody of this kind who speaks `languages`; no name stays no name."""
        if self.keeps_names or not first_name:
            return first_name, last_name
        community = community_of(languages)
        first_names = community.fathers if kind == ParentKind.FATHER else community.mothers
        return self.random.choice(first_names), self.random.choice(community.families)

    def child(self, first_name: str, languages: Sequence[str], taken: Container[str]) -> str:
        """First name of a child whose parents speak `languages`, none of those `taken`."""
        if self.keeps_names:
            return first_name
        return self.random.choice([name for name in community_of(languages).children if name not in taken])

    def colleague(self, name: str) -> str:
        """Name of a colleague, which nobody else at this school has."""
        return name if self.keeps_names else next(self.colleagues)

    def any_child(self) -> str:
        """First name of one of the many children about whom nothing else is known."""
        language = self.random.choices(list(SHARES), list(SHARES.values()))[0]
        return self.random.choice(COMMUNITIES[language].children)

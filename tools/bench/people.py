"""People who do not exist, for measuring: the same ones for the same numbers."""

from random import Random

from buddies.matching import Asker, Helper, ThemeKind

SIZES = ((30, 60), (200, 200), (1000, 1000))
_LANGUAGES = ("nl", "tr", "ar", "pl", "uk", "ti")
_KINDS = (ThemeKind.LANGUAGE, ThemeKind.NEWCOMER, *[ThemeKind.OTHER] * 4)


def people(askers: int, helpers: int) -> tuple[list[Asker], list[Helper]]:
    """A large school: six themes, six languages, forty groups; each buddy has one place."""
    random = Random(askers * 10_000 + helpers)  # no secret
    return (
        [_asker(random, number) for number in range(1, askers + 1)],
        [_helper(random, 10_000 + number) for number in range(1, helpers + 1)],
    )


def _asker(random: Random, number: int) -> Asker:
    theme = random.randrange(len(_KINDS))
    return Asker(
        id=number,
        parent=number,
        turn=number,
        theme=theme,
        kind=_KINDS[theme],
        languages=frozenset({"nl", random.choice(_LANGUAGES)}) - ({"nl"} if random.random() < 0.2 else set()),
        grades=frozenset({random.randint(1, 8)}),
        groups=frozenset({random.randint(1, 40)}),
        wish=random.choice(["", "", "", "mother", "father"]),
        family=frozenset({random.randint(10_001, 11_000)}),
        refused=frozenset({random.randint(10_001, 11_000)}),
    )


def _helper(random: Random, number: int) -> Helper:
    themes = frozenset(random.sample(range(len(_KINDS)), 3))
    return Helper(
        id=number,
        parent=number,
        themes=themes,
        consented=themes,
        languages=frozenset({"nl", random.choice(_LANGUAGES)}),
        grades=frozenset(random.sample(range(1, 9), 2)),
        groups=frozenset(random.sample(range(1, 41), 2)),
        kind=random.choice(["mother", "father"]),
        children_count=random.randint(1, 3),
        years_here=random.randint(1, 8),
    )

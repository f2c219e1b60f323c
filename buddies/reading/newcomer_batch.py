"""Going through the new families in one go: what was said of all of them, and who is skipped. It stands in addresses
only: something is stored of a family once they are offered a buddy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from school.converters import KeyConverter

from ..models import ClickReason
from .newcomers import Family, Place, Proposal

# Longer than any page can send, and more families than anybody goes through in one go.
_LONGEST, _MOST = 2500, 60
_KEY = KeyConverter.regex
_SEEN = re.compile(rf"({_KEY})-([12])-({_KEY})", re.ASCII)
_SKIPPED = re.compile(rf"({_KEY})-([12])", re.ASCII)


@dataclass(frozen=True)
class Batch:
    """`click` is why a click is expected between all that were proposed when it was tapped, and `seen` who those were,
    buddy by family: they stay proposed, as far as they can. `skipped` are the families that come later: their buddies
    are for the others."""

    click: str = ""
    seen: Mapping[Place, int] = field(default_factory=dict)
    skipped: frozenset[Place] = frozenset()

    @property
    def started(self) -> bool:
        """Whether somebody goes through the families now."""
        return bool(self.click or self.skipped)

    def holds(self, place: Place, buddy: int | None) -> bool:
        """Whether the click was expected with `buddy`: what was said of one buddy says nothing about another (R4)."""
        return bool(self.click) and buddy is not None and self.seen.get(place) == buddy

    def changed(self, place: Place, buddy: int | None) -> bool:
        """Whether `buddy` is proposed only since the click was tapped."""
        return bool(self.click) and buddy is not None and self.seen.get(place) != buddy

    def tapped(self, click: str, plan: Mapping[Place, Proposal]) -> Batch:
        """`click` is said of all of `plan`, and stands of those of whom it was said before."""
        before = self.seen if click == self.click else {}
        seen = {**before, **{place: proposal.buddy for place, proposal in plan.items()}}
        return replace(self, click=click, seen=dict(list(seen.items())[-_MOST:]))

    def skip(self, place: Place) -> Batch:
        """The family at `place` comes later."""
        return replace(self, skipped=self.skipped | {place})

    def divided(self, cohort: Iterable[Family], but: Place | None = None) -> list[Family]:
        """Those of `cohort` among whom buddies are divided; also the one at `but`, whose page somebody opened."""
        return [family for family in cohort if family.place == but or family.place not in self.skipped]

    def address(self, page: str, **more: str) -> str:
        """`page` with all this, and with `more`."""
        seen = (f"{child}-{home}-{buddy}" for (child, home), buddy in self.seen.items())
        skipped = (f"{child}-{home}" for child, home in sorted(self.skipped))
        said = {"klik": self.click, "bij": ".".join(seen), "later": ".".join(skipped)}
        query = more | {key: words for key, words in said.items() if words}
        return f"{page}?{urlencode(query)}" if query else page


def batch_of(query: Mapping[str, str]) -> Batch:
    """What an address says; of what is no batch, nothing."""
    seen = {(int(c), int(h)): int(b) for c, h, b in _each(_SEEN, query.get("bij", ""))}
    skipped = frozenset((int(c), int(h)) for c, h in _each(_SKIPPED, query.get("later", "")))
    click = query.get("klik", "")
    return Batch(click, seen, skipped) if click in ClickReason and seen else Batch(skipped=skipped)


def _each(pattern: re.Pattern[str], text: str) -> list[tuple[str, ...]]:
    """The parts of `text`, all of which are as `pattern` says; else none."""
    found = [pattern.fullmatch(part) for part in text.split(".")] if len(text) <= _LONGEST else []
    return [match.groups() for match in found if match] if all(found) else []

"""What changed at the demo school of late: somebody stands in, somebody leaves, and meetings got a point more."""

from __future__ import annotations

from school.actions import Days, Stay, add_colleague, change_days, stay_of

from ..actions import agreements
from ..actions.agreements import PointDetails
from ..checklist import Phase, When
from .people import LEAVES, STANDS_IN
from .world import World

PEN_AND_PAPER = PointDetails(
    Phase.BEFORE,
    When.ALWAYS,
    "Leg pen en papier voor de ouder klaar.",
    why="Wie iets opschrijft, onthoudt het beter.",
)


def make(world: World) -> None:
    """Let it happen, all by the director."""
    director = world.members["directeur"]
    with world.diary.on(40, 30):
        agreements.add_point(details=PEN_AND_PAPER, by=director)
    with world.diary.on(6, 45):
        name = world.names.colleague(STANDS_IN.name)
        add_colleague(
            email=world.email(STANDS_IN, name),
            name=name,
            roles=STANDS_IN.roles,
            groups=(),
            days=Days(world.diary.moment(4).date(), world.diary.coming(45, 0).date()),
            by=director,
        )
    _leave(world)


def _leave(world: World) -> None:
    """Somebody's last day is known, and who takes over what they have open."""
    key, successor = LEAVES
    leaver, director = world.members[key], world.members["directeur"]
    with world.diary.on(3, 60):
        days = Days(leaver.starts_on, world.diary.coming(24, 0).date())
        taken_over = {"signals": world.members[successor]}
        change_days(membership=leaver, stay=Stay(days, taken_over), by=director, was=stay_of(leaver))

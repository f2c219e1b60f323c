"""Making one demo school from nothing."""

from __future__ import annotations

from django.db import transaction

from school.models import School

from . import changes, cohort, history, meetings, opinions, pool
from .story import Story
from .world import World, brin


def exists(number: int) -> bool:
    """Whether demo school `number` was made before."""
    code, location = brin(number)
    return School.objects.filter(brin=code, vestiging=location).exists()


@transaction.atomic
def build(number: int, password: str) -> School:
    """Make demo school `number` (from 1), with `password`, a hash, for everybody who works there."""
    world = World(number, password)
    buddies = pool.fill(world)
    story = Story(world, buddies)
    story.tell()
    opinions.give(world, story.requests, buddies)
    cohort.offer(world, buddies)
    meetings.plan(world)
    changes.make(world)
    history.remember(world)
    return world.school

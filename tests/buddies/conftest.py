"""Who sits at the screen, and what about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from buddies.models import Buddy
from school import clock
from school.models import Child, Group, Membership
from tests.cast import AddBuddy, ClientOf, Proposed

from .holder import HandOut
from .newcomers import starts
from .phone import Answer, about


@pytest.fixture
def tom(client_of: ClientOf, teacher: Membership) -> Client:
    """Tom's phone."""
    return client_of(teacher)


@pytest.fixture
def ineke(client_of: ClientOf, ib: Membership) -> Client:
    """Ineke's browser."""
    return client_of(ib)


@pytest.fixture
def babs(client_of: ClientOf, bouwcoordinator: Membership) -> Client:
    """The browser of Babs, who arranges language and nothing else."""
    return client_of(bouwcoordinator)


@pytest.fixture
def about_lina(children: dict[str, Child]) -> Answer:
    """The mother of Lina, of whom Tom has not decided what to say."""
    return about(children["Lina"])


@pytest.fixture
def dirkje(client_of: ClientOf, director: Membership) -> Client:
    """The browser of Dirkje, who arranges the newcomers."""
    return client_of(director)


@pytest.fixture
def nobody_starts(children: dict[str, Child]) -> None:
    """Everybody in the class list has been at school for years."""
    Child.objects.update(start_date=clock.today() - timedelta(days=900))


@pytest.fixture
def nine(nobody_starts: None, director: Membership, groups: dict[str, Group]) -> Child:
    """Nine, who starts in ten days."""
    return starts("Nine", director, group=groups["1/2A"])


@pytest.fixture
def guide(add_buddy: AddBuddy) -> Buddy:
    """Saskia, who has three children here, of whom one in grade 2, and likes to show new families the way."""
    return add_buddy("newcomer", first_name="Saskia", children_count=3, grades=(2, 4, 7), words="Vraag maar.")


@pytest.fixture
def hand_out(proposed: Proposed, ib: Membership) -> Iterator[HandOut]:
    """`hand_out(Person.BUDDY)`. Wrong links are counted in the cache, which tests share, so that begins empty."""
    cache.clear()
    yield HandOut(proposed, ib)
    cache.clear()

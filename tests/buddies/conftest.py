"""Who sits at the screen, and what about."""

from __future__ import annotations

import pytest
from django.test import Client

from school.models import Child, Membership
from tests.cast import ClientOf

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

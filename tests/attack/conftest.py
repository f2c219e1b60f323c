"""The world that is attacked, made once; what an attack writes is undone after it."""

import logging
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import transaction
from pytest_django import DjangoDbBlocker

from .fuzz import Attacked


@pytest.fixture(scope="module")
def attacked(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Attacked]:
    """A test that commits has no place here."""
    logging.disable(logging.CRITICAL)  # which says that somebody attacks, again and again
    with django_db_blocker.unblock(), transaction.atomic():
        yield Attacked()
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)
    cache.clear()  # in which the misses of personal links and passwords were counted

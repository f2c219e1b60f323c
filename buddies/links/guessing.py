"""A limit on trying keys of personal links: who opens too many that do not exist waits a while.

A key cannot be guessed anyway; this keeps somebody who tries from burdening the server.
"""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest

from school.limits import Limit, address

MISSES = Limit("personal links", times=20, period=timedelta(minutes=10))


def too_often(request: HttpRequest) -> bool:
    """Whether the visitor's address opened too many links that do not exist."""
    return MISSES.full(address(request))


def missed(request: HttpRequest) -> bool:
    """Count one link that does not exist. False when that is one too many."""
    return MISSES.take(address(request))

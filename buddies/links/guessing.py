"""A limit on trying keys of personal links: who opens too many that do not exist waits a while.

A key cannot be guessed anyway; this keeps somebody who tries from burdening the server. Counted in Django's cache,
which by default is each server process's own.
"""

from __future__ import annotations

import ipaddress

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

MISSES = 20
PERIOD = 10 * 60  # seconds


def too_often(request: HttpRequest) -> bool:
    """Whether the visitor's address opened too many links that do not exist."""
    return bool(cache.get(_counter(request), 0) >= MISSES)


def missed(request: HttpRequest) -> None:
    """Count one link that does not exist. The period begins with the first."""
    counter = _counter(request)
    cache.add(counter, 0, PERIOD)
    try:
        cache.incr(counter)
    except ValueError:  # it ran out in between
        cache.set(counter, 1, PERIOD)


def _counter(request: HttpRequest) -> str:
    """The name under which the visitor's misses are counted. Whoever has an IPv6 address has a whole network of them,
    so those count together."""
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    if isinstance(address, ipaddress.IPv6Address):
        # An IPv4 address in IPv6 clothes is still one visitor's.
        network = ipaddress.IPv6Network((int(address), 64), strict=False)
        return f"buddies.guessing.{address.ipv4_mapped or network.network_address}"
    return f"buddies.guessing.{address}"

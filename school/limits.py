"""How often something may be tried, counted in the database, so that it holds over all server processes.

A period begins with the first attempt. Counting is one conditional update: whatever comes at the same moment, never
more attempts are allowed than the limit says. Whom an attempt is about is kept as a keyed hash only.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.db.models import F
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from . import clock
from .models import Attempts


@dataclass(frozen=True)
class Limit:
    """`times` attempts in each `period`, for each subject (an address, an account) apart."""

    name: str
    times: int
    period: timedelta

    def take(self, subject: str) -> bool:
        """Count one attempt. False when there were too many already: then nothing is counted."""
        key, now = self._key(subject), clock.now()
        ends_at = now + self.period
        Attempts.objects.filter(pk=key, ends_at__lte=now).update(count=0, ends_at=ends_at)
        Attempts.objects.bulk_create([Attempts(key=key, ends_at=ends_at)], ignore_conflicts=True)
        left = Attempts.objects.filter(pk=key, count__lt=self.times)
        return left.update(count=F("count") + 1) == 1

    def full(self, subject: str) -> bool:
        """Whether the next attempt would be one too many."""
        spent = Attempts.objects.filter(pk=self._key(subject), count__gte=self.times)
        return spent.filter(ends_at__gt=clock.now()).exists()

    def give_back(self, subject: str) -> None:
        """An attempt that was counted turns out to be fine."""
        Attempts.objects.filter(pk=self._key(subject), count__gt=0).update(count=F("count") - 1)

    def lift(self, subject: str) -> None:
        """Start anew."""
        Attempts.objects.filter(pk=self._key(subject)).delete()

    def _key(self, subject: str) -> str:
        return salted_hmac(f"school.limits.{self.name}", subject, algorithm="sha256").hexdigest()


def address(request: HttpRequest) -> str:
    """Where the visitor comes from, as `TRUSTED_PROXIES` says. Whoever has an IPv6 address has a whole network of
    them, so those are one."""
    visitor = ipaddress.ip_address(get_adapter().get_client_ip(request))
    if isinstance(visitor, ipaddress.IPv6Address):
        # An IPv4 address in IPv6 clothes is still one visitor's.
        network = ipaddress.IPv6Network((int(visitor), 64), strict=False)
        return str(visitor.ipv4_mapped or network.network_address)
    return str(visitor)

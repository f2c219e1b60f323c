"""What guards the way in: open sessions, and counts of what may not be tried too often."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.crypto import salted_hmac

from .. import clock


class SessionQuerySet(models.QuerySet["Session"]):
    """Sessions, by whether they still hold and whose they are."""

    def open(self) -> SessionQuerySet:
        """Those that did not end yet, of themselves or by somebody."""
        return self.filter(expire_date__gt=clock.now())

    def over(self) -> SessionQuerySet:
        """Those that ended of themselves."""
        return self.filter(expire_date__lte=clock.now())

    def owned_by(self, user: Any) -> SessionQuerySet:
        """The open sessions of `user`, the last used first."""
        return self.open().filter(user=user.pk).order_by("-seen_at", "session_key")


class Session(AbstractBaseSession):
    """One browser in which somebody is (or comes to be) signed in; see `school.sessions` for when it ends.

    Of the browser only two words are kept, so that its owner recognises it, and no address.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, editable=False)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    browser = models.CharField(max_length=20, blank=True)
    system = models.CharField(max_length=20, blank=True)

    objects = SessionQuerySet.as_manager()  # type: ignore[misc, assignment]  # Django's own has nothing we use

    def __str__(self) -> str:
        return f"session {self.handle}"

    @property
    def handle(self) -> str:
        """What a page calls this session: the key itself would let its reader in."""
        return salted_hmac("school.sessions.handle", self.session_key).hexdigest()[:20]


class Attempts(models.Model):
    """How often something was tried since `ends_at` minus its period; see `school.limits`."""

    key = models.CharField(primary_key=True, max_length=64, editable=False)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "attempts"

    def __str__(self) -> str:
        return f"{self.count} attempts"

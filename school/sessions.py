"""Sessions (this is Django's SESSION_ENGINE): they end after a while without use, and after a working day anyhow.

Both ends stand in the row, so that whatever the browser keeps, what is over opens nothing. The row is also what the
page of one's own sessions lists: to end a session is to delete its row.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.http import HttpRequest

from . import clock
from .models import Session, User

# A session that is used is written this often at most.
NOTED = timedelta(minutes=1)
BEGAN, BROWSER, SYSTEM = "began", "browser", "system"
# The first word that is found in what a browser says of itself; most say that they are Safari, too.
BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "Chromebook",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


class SessionStore(db.SessionStore):
    """Django's sessions in the database, with an owner and an end that use cannot put off for ever."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        key = str(self.session_key)
        # A cookie may hold anything, such as the character that PostgreSQL has no place for.
        row = Session.objects.open().filter(session_key=key).first() if key.isalnum() else None
        if row is None:
            self._session_key = None
            return {}
        data: dict[str, Any] = self.decode(row.session_data)
        if clock.now() - row.seen_at >= NOTED:
            Session.objects.filter(pk=row.pk).update(seen_at=clock.now(), expire_date=end(row.began_at))
        return data

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        now = clock.now()
        began = datetime.fromisoformat(data[BEGAN]) if BEGAN in data else now
        return Session(
            session_key=self._get_or_create_session_key(),  # type: ignore[attr-defined]  # as Django does
            session_data=self.encode(data),
            expire_date=end(began),
            user_id=data.get(SESSION_KEY),
            began_at=began,
            seen_at=now,
            browser=data.get(BROWSER, ""),
            system=data.get(SYSTEM, ""),
        )


def end(began: datetime) -> datetime:
    """When a session that began at `began` and is used now ends of itself."""
    idle, whole = settings.SESSION_IDLE, settings.SESSION_COOKIE_AGE
    return min(clock.now() + timedelta(seconds=idle), began + timedelta(seconds=whole))


def begin(*, request: HttpRequest, **_signal: Any) -> None:
    """Somebody signed in: from here the day is counted."""
    said = request.META.get("HTTP_USER_AGENT", "")
    request.session[BEGAN] = clock.now().isoformat()
    request.session[BROWSER] = next((name for word, name in BROWSERS.items() if word in said), "")
    request.session[SYSTEM] = next((name for word, name in SYSTEMS.items() if word in said), "")


def end_others(*, user: User, request: HttpRequest | None = None, **_signal: Any) -> int:
    """End the sessions of `user` but for the one of `request`. Gives how many."""
    others = Session.objects.filter(user=user)
    if request is not None and request.session.session_key and request.user == user:
        others = others.exclude(pk=request.session.session_key)
    return others.delete()[0]


def end_one(*, user: User, handle: str) -> int:
    """End the session of `user` that their page calls `handle`. Gives how many: 0 when it ended already."""
    called = [row.pk for row in Session.objects.filter(user=user) if row.handle == handle]
    return Session.objects.filter(pk__in=called).delete()[0]

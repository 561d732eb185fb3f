"""Who is logged in: one-time links and sessions, kept on the server; the browser and the link hold only a random key,
the database only its hash (ASVS 5.0 7.2, 7.3)."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from mailintake.model.staff import Colleague, DeskSession
from mailintake.store.port import Store

COOKIE = "desk"
SESSION_LASTS = timedelta(hours=8)
IDLE = timedelta(hours=2)
LINK_LASTS = timedelta(minutes=30)
Random = Callable[[], str]


def random_key() -> str:
    """256 bits that go into an address or a cookie."""
    return secrets.token_urlsafe(32)


def hashed(key: str) -> str:
    """What the database keeps of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


class Sessions:
    """Sessions of one desk. `clock` gives aware datetimes, `make_key` keys nobody can guess."""

    def __init__(self, store: Store, clock: Callable[[], datetime], make_key: Random = random_key) -> None:
        self._store, self._clock, self._make_key = store, clock, make_key

    def link_for(self, name: str) -> str | None:
        """The key of a one-time link for somebody known, or None for a stranger."""
        if self._store.colleague(name) is None:
            return None
        key, now = self._make_key(), self._clock()
        with self._store.begin() as unit:
            unit.add_login_link(hashed(key), name, now + LINK_LASTS)
        return key

    def log_in(self, link: str) -> str | None:
        """Use up the link; the key of a new session, or None where it was used, is too old or was never given."""
        now, key = self._clock(), self._make_key()
        with self._store.begin() as unit:
            name = unit.use_login_link(hashed(link), now)
            if name is None or self._store.colleague(name) is None:
                return None
            unit.open_session(hashed(key), name, self._make_key(), now, now + SESSION_LASTS)
        return key

    def open_for(self, name: str) -> str | None:
        """A session for somebody whom a reverse proxy has named; None for a stranger."""
        if self._store.colleague(name) is None:
            return None
        key, now = self._make_key(), self._clock()
        with self._store.begin() as unit:
            unit.open_session(hashed(key), name, self._make_key(), now, now + SESSION_LASTS)
        return key

    def of(self, key: str) -> "tuple[DeskSession, Colleague] | None":
        """The session of that key with its person, while both last."""
        found = self._store.session(hashed(key), self._clock()) if key else None
        who = self._store.colleague(found.name) if found else None
        return (found, who) if found and who else None

    def end(self, key: str) -> None:
        """Log out."""
        with self._store.begin() as unit:
            unit.end_session(hashed(key))

"""Who is logged in: one-time links and sessions, kept on the server; the browser and the link hold only a random key,
the database only its hash (ASVS 5.0 7.2, 7.3)."""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from mailintake.model.staff import Colleague, DeskSession
from mailintake.store.port import Store, Unit

_COOKIE = "desk"
SESSION_LASTS = timedelta(hours=8)
IDLE = timedelta(hours=2)
LINK_LASTS = timedelta(minutes=30)
_SEEN_EVERY = timedelta(minutes=1)  # how exactly the last use is known


def cookie_name(*, https: bool) -> str:
    """Behind TLS a name that browsers let no other host and no clear-text page set (RFC 6265bis 4.1.3.2)."""
    return f"__Host-{_COOKIE}" if https else _COOKIE


def random_key() -> str:
    """256 bits that go into an address or a cookie."""
    return secrets.token_urlsafe(32)


def hashed(key: str) -> str:
    """What the database keeps of a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


class Known(NamedTuple):
    """A session that lasts, and whose it is."""

    session: DeskSession
    who: Colleague


class Sessions:
    """Sessions of one desk. `clock` gives aware datetimes, `make_key` keys nobody can guess."""

    def __init__(self, store: Store, clock: Callable[[], datetime], make_key: Callable[[], str] = random_key) -> None:
        self._store, self._clock, self._make_key = store, clock, make_key

    def colleague(self, name: str) -> Colleague | None:
        """Somebody by name."""
        return next((one for one in self._store.staff() if one.name == name), None)

    def by_mail(self, addr: str) -> Colleague | None:
        """Somebody by address, any case."""
        wanted = addr.strip().lower()
        return next((one for one in self._store.staff() if wanted and one.mail.lower() == wanted), None)

    def link_for(self, name: str) -> str | None:
        """The key of a one-time link for somebody known, or None for a stranger."""
        if self.colleague(name) is None:
            return None
        key, now = self._make_key(), self._clock()
        with self._store.begin() as unit:
            unit.add_login_link(hashed(key), name, now, now + LINK_LASTS)
        return key

    def whose_link(self, key: str) -> str | None:
        """Looking does not use it up."""
        return self._store.login_link(hashed(key), self._clock())

    def log_in(self, link: str) -> str | None:
        """Use up the link; the key of a new session, or None where it was used, is too old or was never given."""
        now = self._clock()
        with self._store.begin() as unit:
            name = unit.use_login_link(hashed(link), now)
            return self._opened(unit, name, now)

    def open_for(self, name: str) -> str | None:
        """A session for somebody whom a reverse proxy has named; None for a stranger."""
        with self._store.begin() as unit:
            return self._opened(unit, name, self._clock())

    def _opened(self, unit: Unit, name: str | None, now: datetime) -> str | None:
        if name is None or self.colleague(name) is None:
            return None
        key = self._make_key()
        unit.open_session(hashed(key), name, self._make_key(), now, now + SESSION_LASTS)
        return key

    def of(self, key: str) -> Known | None:
        """The session of that key with its person, while both last and somebody uses it."""
        now = self._clock()
        found = self._store.session(hashed(key), now) if key else None
        who = self.colleague(found.name) if found else None
        if found is None or who is None or now - found.seen_at > IDLE:
            return None
        if now - found.seen_at > _SEEN_EVERY:
            with self._store.begin() as unit:
                unit.see_session(found.key_sha256, now)
        return Known(found, who)

    def end(self, key: str) -> None:
        """Log out."""
        with self._store.begin() as unit:
            unit.end_session(hashed(key))

    def tell(self, session: DeskSession, said: Mapping[str, object]) -> None:
        """What the next page of that session says, once."""
        with self._store.begin() as unit:
            unit.tell_session(session.key_sha256, json.dumps(said, ensure_ascii=False))

    def told(self, session: DeskSession) -> Mapping[str, object] | None:
        """What the page is to say, and no later one."""
        if not session.told:
            return None
        with self._store.begin() as unit:
            unit.tell_session(session.key_sha256, "")
        said: dict[str, object] = json.loads(session.told)
        return said

    def keep_draft(self, name: str, place: str, said: Mapping[str, str]) -> None:
        """What is being typed there."""
        with self._store.begin() as unit:
            unit.save_draft(name, place, json.dumps(said, ensure_ascii=False) if said else "", self._clock())

    def drafts(self, name: str, places: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
        """What was being typed in those places, by field, where they were."""
        return {place: json.loads(said) for place, said in self._store.drafts(name, places).items()}

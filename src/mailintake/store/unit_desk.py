"""What a unit does for the desk: one-time links, sessions, and what is being typed."""

from datetime import datetime

from sqlalchemy import delete, update

from mailintake.store.part import Part, put_row
from mailintake.store.tables import DESK_DRAFTS, DESK_LINKS, DESK_SESSIONS
from mailintake.store.types import clean


class DeskWrites(Part):
    """Links, sessions and drafts. Only hashes of keys are kept; what is over is removed as new ones come."""

    def add_login_link(self, key_sha256: str, name: str, now: datetime, expires: datetime) -> None:
        """A link that lets somebody in once."""
        self._connection.execute(delete(DESK_LINKS).where(DESK_LINKS.c.expires < now))
        put_row(self._connection, DESK_LINKS, {"key_sha256": key_sha256, "name": name, "expires": expires})

    def use_login_link(self, key_sha256: str, now: datetime) -> str | None:
        """Use it up; whose it was, or None where it was used, is too old or was never given."""
        mine = (DESK_LINKS.c.key_sha256 == key_sha256) & (DESK_LINKS.c.expires >= now)
        return self._connection.execute(delete(DESK_LINKS).where(mine).returning(DESK_LINKS.c.name)).scalar()

    def open_session(self, key_sha256: str, name: str, token: str, now: datetime, expires: datetime) -> None:
        """Somebody is logged in; `token` is what their forms carry."""
        self._connection.execute(delete(DESK_SESSIONS).where(DESK_SESSIONS.c.expires < now))
        row = {"key_sha256": key_sha256, "name": name, "token": token, "opened_at": now, "seen_at": now}
        put_row(self._connection, DESK_SESSIONS, row | {"expires": expires, "told": ""})

    def see_session(self, key_sha256: str, now: datetime) -> None:
        """It is in use."""
        self._connection.execute(
            update(DESK_SESSIONS).where(DESK_SESSIONS.c.key_sha256 == key_sha256).values(seen_at=now)
        )

    def tell_session(self, key_sha256: str, told: str) -> None:
        """What its next page says; empty: nothing any more."""
        mine = DESK_SESSIONS.c.key_sha256 == key_sha256
        self._connection.execute(update(DESK_SESSIONS).where(mine).values(told=told))

    def end_session(self, key_sha256: str) -> None:
        """Logged out."""
        self._connection.execute(delete(DESK_SESSIONS).where(DESK_SESSIONS.c.key_sha256 == key_sha256))

    def end_sessions_of(self, name: str) -> None:
        """Whoever leaves the office, or has lost a device, is out everywhere."""
        self._connection.execute(delete(DESK_SESSIONS).where(DESK_SESSIONS.c.name == name))

    def save_draft(self, name: str, place: str, said: str, now: datetime) -> None:
        """What somebody is typing there; empty: done."""
        mine = (DESK_DRAFTS.c.name == name) & (DESK_DRAFTS.c.place == place)
        if not said:
            self._connection.execute(delete(DESK_DRAFTS).where(mine))
            return
        put_row(self._connection, DESK_DRAFTS, {"name": name, "place": place, "said": clean(said), "at": now})

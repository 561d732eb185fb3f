"""Looking at sessions, links and drafts of the desk."""

from datetime import datetime

from sqlalchemy import select

from mailintake.model.staff import DeskSession
from mailintake.store.reads import Reads
from mailintake.store.tables import DESK_DRAFTS, DESK_LINKS, DESK_SESSIONS


class DeskReads(Reads):
    """Who is logged in."""

    def login_link(self, key_sha256: str, now: datetime) -> str | None:
        """Whose link it is, while it can be used."""
        mine = (DESK_LINKS.c.key_sha256 == key_sha256) & (DESK_LINKS.c.expires >= now)
        row = self._row(select(DESK_LINKS.c.name).where(mine))
        return None if row is None else row["name"]

    def session(self, key_sha256: str, now: datetime) -> DeskSession | None:
        """The session of that key, while it lasts."""
        mine = (DESK_SESSIONS.c.key_sha256 == key_sha256) & (DESK_SESSIONS.c.expires >= now)
        row = self._row(select(DESK_SESSIONS).where(mine))
        if row is None:
            return None
        return DeskSession(row["key_sha256"], row["name"], row["token"], row["seen_at"], row["told"])

    def draft(self, name: str, place: str) -> str:
        """What somebody was typing there, or nothing."""
        mine = (DESK_DRAFTS.c.name == name) & (DESK_DRAFTS.c.place == place)
        row = self._row(select(DESK_DRAFTS.c.said).where(mine))
        return "" if row is None else row["said"]

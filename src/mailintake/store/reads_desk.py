"""What the desk looks at besides cases and letters: sessions, drafts, and mails and events by the page."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from mailintake.model.case import Event
from mailintake.model.staff import DeskSession
from mailintake.store.mail_words import found_mails
from mailintake.store.port import MessageRow
from mailintake.store.reads_boards import BoardReads
from mailintake.store.rows import event
from mailintake.store.tables import EVENTS, MESSAGES


class DeskReads(BoardReads):
    """Who is logged in."""

    def login_link(self, key_sha256: str, now: datetime) -> str | None:
        """Whose link it is, while it can be used."""
        from mailintake.store.classes import DeskLinkTable

        with self._session() as session:
            row = session.get(DeskLinkTable, key_sha256)
            return row.name if row is not None and row.expires >= now else None

    def session(self, key_sha256: str, now: datetime) -> DeskSession | None:
        """The session of that key, while it lasts."""
        from mailintake.store.classes import DeskSessionTable

        with self._session() as session:
            row = session.get(DeskSessionTable, key_sha256)
            if row is None or row.expires < now:
                return None
            return DeskSession(row.key_sha256, row.name, row.token, row.seen_at, row.told)

    def drafts(self, name: str, places: Iterable[str]) -> dict[str, str]:
        """What somebody was typing in those places, where they were."""
        from sqlmodel import col

        from mailintake.store.classes import DeskDraftTable

        place = col(DeskDraftTable.place)
        asked = select(DeskDraftTable).where(col(DeskDraftTable.name) == name, place.in_(sorted(set(places))))
        with self._session() as session:
            return {row.place: row.said for row in session.scalars(asked)}

    def newest_events(
        self, limit: int, *, case: str = "", since: datetime | None = None, before: int | None = None
    ) -> tuple[Event, ...]:
        """Newest first; `before`: only lines with a smaller number."""
        asked = select(EVENTS).order_by(EVENTS.c.sequence.desc()).limit(limit)
        if case:
            asked = asked.where(EVENTS.c.case_number == case)
        if since is not None:
            asked = asked.where(EVENTS.c.at >= since)
        if before is not None:
            asked = asked.where(EVENTS.c.sequence < before)
        return tuple(event(row) for row in self._rows(asked))

    def mail_page(
        self, limit: int, *, skip: int = 0, status: str = "", disposition: str = ""
    ) -> tuple[MessageRow, ...]:
        """Newest first."""
        asked = select(MESSAGES).order_by(MESSAGES.c.id.desc()).limit(limit).offset(skip)
        if status:
            asked = asked.where(MESSAGES.c.status == status)
        if disposition:
            asked = asked.where(MESSAGES.c.disposition == disposition)
        return self._messages(asked)

    def find_mails(self, words: str, limit: int, *, before: int | None = None) -> tuple[MessageRow, ...]:
        """Newest first, of all there are: those whose subject, sender, text or names of files hold every one of these
        words (of two characters or three letters at least). `before`: only mails with a smaller number."""
        with self._reading() as connection:
            numbers = found_mails(connection, words, limit, before)
        return self._messages(select(MESSAGES).where(MESSAGES.c.id.in_(numbers)).order_by(MESSAGES.c.id.desc()))

"""Looking at how mailboxes and folders stand, and at the program's own days."""

from datetime import date

from sqlalchemy import select as core_select
from sqlmodel import col, func, select

from mailintake.model.codec import decode
from mailintake.model.digest import Digest
from mailintake.store.port import DigestDone, FolderPlace, FolderProgress, MailboxState, Pause, Restored
from mailintake.store.quick import Quick
from mailintake.store.reads import Reads
from mailintake.store.tables import (
    PAUSES,
    RESTORES,
    BeforeTable,
    DigestTable,
    FolderTable,
    LateTable,
    MailboxTable,
)
from mailintake.store.types import key_text, unpacked

_LAST = core_select(func.max(RESTORES.c.id)).scalar_subquery()
_RESTORED = Quick(core_select(RESTORES.c.caught_up_at).where(RESTORES.c.id == _LAST))
_PAUSE = Quick(core_select(PAUSES).where(PAUSES.c.ended_at.is_(None)))


class MailboxReads(Reads):
    """Mailboxes, folders, digests, pauses, restores."""

    def mailbox(self, name: str) -> MailboxState:
        """How it does; one that was never read has nothing to tell."""
        with self._session() as session:
            row = session.get(MailboxTable, name) or MailboxTable(name=name)
            return MailboxState(**row.model_dump())

    def folder(self, place: FolderPlace) -> FolderProgress | None:
        """How far it was read under that UIDVALIDITY; None when nobody looked yet."""
        folder = key_text(place.folder)
        with self._session() as session:
            row = session.get(FolderTable, (place.mailbox, folder, place.uidvalidity))
            if row is None:
                return None
            runs = select(BeforeTable.first, BeforeTable.last).where(
                BeforeTable.mailbox == place.mailbox,
                BeforeTable.folder == folder,
                BeforeTable.uidvalidity == place.uidvalidity,
            )
            late = select(LateTable.uid, LateTable.failures).where(
                LateTable.mailbox == place.mailbox,
                LateTable.folder == folder,
                LateTable.uidvalidity == place.uidvalidity,
            )
            before = tuple(
                range(first, last + 1) for first, last in session.exec(runs.order_by(col(BeforeTable.first)))
            )
            return FolderProgress(row.mark, before, dict(session.exec(late.order_by(col(LateTable.uid))).all()))

    def boundary(self, mailbox: str, folder: str) -> str | None:
        """When the newest mail came that was in that folder before us, as the server wrote it, whatever UIDVALIDITY it
        has now; empty: none was there; None: nobody looked yet."""
        asked = select(FolderTable.boundary).where(
            FolderTable.mailbox == mailbox, FolderTable.folder == key_text(folder)
        )
        with self._session() as session:
            return session.exec(asked).first()

    def last_digest(self) -> DigestDone | None:
        """The newest."""
        with self._session() as session:
            newest = select(func.max(DigestTable.sequence)).scalar_subquery()
            row = session.exec(select(DigestTable).where(DigestTable.sequence == newest)).first()
            return None if row is None else DigestDone(row.sequence, row.day, row.made_at)

    def digest_of(self, day: date) -> Digest | None:
        """The newest of that day."""
        asked = select(DigestTable).where(DigestTable.day == day).order_by(col(DigestTable.sequence).desc()).limit(1)
        with self._session() as session:
            row = session.exec(asked).first()
            return None if row is None or row.body is None else decode(Digest, unpacked(row.body))

    def pause(self) -> Pause | None:
        """The pause that nobody and nothing ended yet, though its time may be over."""
        return next((Pause(row["since"], row["until"], row["why"]) for row in self._quick(_PAUSE)), None)

    def restored(self) -> Restored | None:
        """The last time that this database was put back from a backup."""
        return next((Restored(row["caught_up_at"]) for row in self._quick(_RESTORED)), None)

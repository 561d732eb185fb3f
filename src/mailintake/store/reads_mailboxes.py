"""Looking at how mailboxes and folders stand, and at the program's own days."""

from datetime import date

from sqlalchemy import bindparam
from sqlalchemy import select as core_select
from sqlmodel import col, func, select

from mailintake.model.codec import decode
from mailintake.model.digest import Digest
from mailintake.store.port import DigestDone, FolderPlace, FolderProgress, MailboxState, Pause, Restored
from mailintake.store.quick import Quick
from mailintake.store.reads import Reads
from mailintake.store.tables import BEFORE, FOLDERS, LATE, MAILBOXES, PAUSES, RESTORES, DigestTable
from mailintake.store.types import key_text, unpacked

_LAST = core_select(func.max(RESTORES.c.id)).scalar_subquery()
_RESTORED = Quick(core_select(RESTORES.c.caught_up_at).where(RESTORES.c.id == _LAST))
_PAUSE = Quick(core_select(PAUSES).where(PAUSES.c.ended_at.is_(None)))
MAILBOX = Quick(core_select(MAILBOXES).where(MAILBOXES.c.name == bindparam("name")))
_PLACE = ("mailbox", "folder", "uidvalidity")
_FOLDER = Quick(core_select(FOLDERS.c.mark).where(*(FOLDERS.c[name] == bindparam(name) for name in _PLACE)))
_BEFORE = Quick(
    core_select(BEFORE.c.first, BEFORE.c.last)
    .where(*(BEFORE.c[name] == bindparam(name) for name in _PLACE))
    .order_by(BEFORE.c.first)
)
_LATE = Quick(
    core_select(LATE.c.uid, LATE.c.failures)
    .where(*(LATE.c[name] == bindparam(name) for name in _PLACE))
    .order_by(LATE.c.uid)
)
_BOUNDARY = Quick(
    core_select(FOLDERS.c.boundary).where(*(FOLDERS.c[name] == bindparam(name) for name in _PLACE[:2])).limit(1)
)


class MailboxReads(Reads):
    """Mailboxes, folders, digests, pauses, restores."""

    def mailbox(self, name: str) -> MailboxState:
        """How it does; one that was never read has nothing to tell."""
        row = next(iter(self._quick(MAILBOX, name=name)), {"name": name})
        return MailboxState(**row)

    def folder(self, place: FolderPlace) -> FolderProgress | None:
        """How far it was read under that UIDVALIDITY; None when nobody looked yet."""
        of = {"mailbox": place.mailbox, "folder": key_text(place.folder), "uidvalidity": place.uidvalidity}
        with self._reading() as connection:
            row = _FOLDER.row(connection, **of)
            if row is None:
                return None
            before = tuple(range(run["first"], run["last"] + 1) for run in _BEFORE.rows(connection, **of))
            late = {one["uid"]: one["failures"] for one in _LATE.rows(connection, **of)}
            return FolderProgress(row["mark"], before, late)

    def boundary(self, mailbox: str, folder: str) -> str | None:
        """When the newest mail came that was in that folder before us, as the server wrote it, whatever UIDVALIDITY it
        has now; empty: none was there; None: nobody looked yet."""
        found = self._quick(_BOUNDARY, mailbox=mailbox, folder=key_text(folder))
        return next((row["boundary"] for row in found), None)

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

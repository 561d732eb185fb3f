"""Looking at how mailboxes and folders stand, and at the program's own days."""

from datetime import date

from sqlalchemy import bindparam, func, select

from mailintake.model.codec import decode
from mailintake.model.digest import Digest
from mailintake.store.port import DigestDone, FolderPlace, FolderProgress, MailboxState, Pause, Restored
from mailintake.store.quick import Quick
from mailintake.store.reads import Reads
from mailintake.store.tables import BEFORE, DIGESTS, FOLDERS, LATE, MAILBOXES, PAUSES, RESTORES
from mailintake.store.types import key_text, unpacked

_LAST = select(func.max(RESTORES.c.id)).scalar_subquery()
_RESTORED = Quick(select(RESTORES.c.caught_up_at).where(RESTORES.c.id == _LAST))
_NEWEST = Quick(
    select(DIGESTS.c.sequence, DIGESTS.c.day, DIGESTS.c.made_at).order_by(DIGESTS.c.sequence.desc()).limit(1)
)
_PAUSE = Quick(select(PAUSES).where(PAUSES.c.ended_at.is_(None)))
MAILBOX = Quick(select(MAILBOXES).where(MAILBOXES.c.name == bindparam("name")))
_PLACE = ("mailbox", "folder", "uidvalidity")
_FOLDER = Quick(select(FOLDERS.c.mark).where(*(FOLDERS.c[name] == bindparam(name) for name in _PLACE)))
_BEFORE = Quick(
    select(BEFORE.c.first, BEFORE.c.last)
    .where(*(BEFORE.c[name] == bindparam(name) for name in _PLACE))
    .order_by(BEFORE.c.first)
)
_LATE = Quick(
    select(LATE.c.uid, LATE.c.failures)
    .where(*(LATE.c[name] == bindparam(name) for name in _PLACE))
    .order_by(LATE.c.uid)
)
_BOUNDARY = Quick(
    select(FOLDERS.c.boundary).where(*(FOLDERS.c[name] == bindparam(name) for name in _PLACE[:2])).limit(1)
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
        return next((DigestDone(**row) for row in self._quick(_NEWEST)), None)

    def digest_of(self, day: date) -> Digest | None:
        """The newest of that day."""
        asked = select(DIGESTS.c.body).where(DIGESTS.c.day == day).order_by(DIGESTS.c.sequence.desc()).limit(1)
        row = self._row(asked)
        return None if row is None or row["body"] is None else decode(Digest, unpacked(row["body"]))

    def pause(self) -> Pause | None:
        """The pause that nobody and nothing ended yet, though its time may be over."""
        return next((Pause(row["since"], row["until"], row["why"]) for row in self._quick(_PAUSE)), None)

    def restored(self) -> Restored | None:
        """The last time that this database was put back from a backup."""
        return next((Restored(row["caught_up_at"]) for row in self._quick(_RESTORED)), None)

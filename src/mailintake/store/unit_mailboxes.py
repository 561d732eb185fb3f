"""What a unit does with mailboxes, their folders, and the program's own days: digests, pauses, restores."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any, Unpack

from sqlalchemy import bindparam, update
from sqlmodel import col, func, select

from mailintake.model.codec import encode
from mailintake.model.digest import Digest
from mailintake.store.part import Part, forget_rows, put_row, put_rows, touch
from mailintake.store.port import FolderPlace, MailboxNote
from mailintake.store.quick import Quick
from mailintake.store.reads_mailboxes import MAILBOX
from mailintake.store.tables import (
    BEFORE,
    FOLDERS,
    LATE,
    MAILBOXES,
    DigestTable,
    FolderTable,
    LateTable,
    PauseTable,
    RefTable,
    RestoreTable,
)
from mailintake.store.types import key_text, packed

_FOLDER = [FOLDERS.c[name] == bindparam(f"of_{name}") for name in ("mailbox", "folder", "uidvalidity")]
_MARK = Quick(select(FOLDERS.c.mark).where(*_FOLDER))
_RAISE = Quick(update(FOLDERS).where(*_FOLDER, FOLDERS.c.mark < bindparam("higher")).values(mark=bindparam("higher")))


class MailboxWrites(Part):
    """Where we are, and how it goes."""

    def note_mailbox(self, name: str, **note: Unpack[MailboxNote]) -> None:
        """Change only what is named; a mailbox that nobody knew yet is known from now on."""
        row = MAILBOX.row(self._connection, name=name) or {"name": name, "fault": ""}
        put_row(self._connection, MAILBOXES, dict.fromkeys(MAILBOXES.columns.keys()) | row | note)

    def open_folder(self, place: FolderPlace, boundary: str, before: Iterable[int]) -> None:
        """The first look at a folder under that UIDVALIDITY; `before`: UIDs that are not ours to answer."""
        key = _key(place)
        with self._session() as session:
            session.add(FolderTable(**key, mark=0, boundary=boundary))
        runs = groupby(enumerate(sorted(set(before))), key=lambda pair: pair[1] - pair[0])
        spans = [[uid for _, uid in run] for _, run in runs]
        put_rows(self._connection, BEFORE, [{**key, "first": span[0], "last": span[-1]} for span in spans])

    def raise_mark(self, place: FolderPlace, uid: int) -> None:
        """Nothing is left to fetch up to that UID; the mark never falls."""
        key = _key(place)
        of = {f"of_{name}": told for name, told in key.items()}
        if _RAISE.run(self._connection, **of, higher=uid):
            touch(self._connection, FOLDERS, [key])
        elif _MARK.row(self._connection, **of) is None:
            raise LookupError(f"nobody looked into {place.mailbox}/{place.folder} before")

    def note_late(self, place: FolderPlace, uid: int, failures: int) -> None:
        """That mail could not be fetched; how often others could while it could not."""
        with self._session() as session:
            key = _key(place) | {"uid": uid}
            row = session.get(LateTable, tuple(key.values())) or LateTable(**key, failures=0)
            row.failures = failures
            session.add(row)

    def forget_late(self, place: FolderPlace, uids: Iterable[int]) -> None:
        """They were fetched after all, or are gone from the server."""
        forget_rows(self._connection, LATE, [_key(place) | {"uid": uid} for uid in uids])

    def next_uid(self, mailbox: str) -> int:
        """For mails that no server numbered."""
        asked = select(func.max(RefTable.uid)).where(RefTable.mailbox == mailbox)
        with self._session() as session:
            return int(session.exec(asked).one() or 0) + 1

    def add_digest(self, made: Digest) -> None:
        """The digest of that day is made, and kept as it was."""
        row = DigestTable(sequence=made.sequence, day=made.day, made_at=made.made_at, body=packed(encode(made)))
        with self._session() as session:
            session.add(row)

    def pause_sending(self, since: datetime, until: datetime, why: str) -> None:
        """Nothing goes out until then; a pause that was not over ends with it."""
        self.end_pause(since)
        with self._session() as session:
            session.add(PauseTable(since=since, until=until, why=why))

    def end_pause(self, at: datetime) -> None:
        """Sending goes on."""
        with self._session() as session:
            for row in session.exec(select(PauseTable).where(col(PauseTable.ended_at).is_(None))).all():
                row.ended_at = at

    def mark_restored(self) -> None:
        """Nobody knows what was done since the backup, until all mailboxes were seen again."""
        with self._session() as session:
            session.add(RestoreTable())

    def mark_caught_up(self, at: datetime) -> None:
        """All mailboxes were seen: what comes from now on is new."""
        with self._session() as session:
            for row in session.exec(select(RestoreTable).where(col(RestoreTable.caught_up_at).is_(None))).all():
                row.caught_up_at = at


def _key(place: FolderPlace) -> dict[str, Any]:
    return {"mailbox": place.mailbox, "folder": key_text(place.folder), "uidvalidity": place.uidvalidity}

"""What a unit does with mailboxes, their folders, and the program's own days: digests, pauses, restores."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any, Unpack

from sqlalchemy import bindparam, func, select, update

from mailintake.model.codec import encode
from mailintake.model.digest import Digest
from mailintake.store.part import Part, change_rows, forget_rows, new_row, put_row, put_rows, touch
from mailintake.store.port import FolderPlace, MailboxNote
from mailintake.store.quick import Quick
from mailintake.store.reads_mailboxes import MAILBOX
from mailintake.store.tables import BEFORE, DIGESTS, FOLDERS, LATE, MAILBOXES, PAUSES, REFS, RESTORES
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
        new_row(self._connection, FOLDERS, {**key, "mark": 0, "boundary": boundary})
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
        put_row(self._connection, LATE, _key(place) | {"uid": uid, "failures": failures})

    def forget_late(self, place: FolderPlace, uids: Iterable[int]) -> None:
        """They were fetched after all, or are gone from the server."""
        forget_rows(self._connection, LATE, [_key(place) | {"uid": uid} for uid in uids])

    def next_uid(self, mailbox: str) -> int:
        """For mails that no server numbered."""
        asked = select(func.max(REFS.c.uid)).where(REFS.c.mailbox == mailbox)
        return int(self._connection.execute(asked).scalar() or 0) + 1

    def add_digest(self, made: Digest) -> None:
        """The digest of that day is made, and kept as it was."""
        body = packed(encode(made))
        new_row(
            self._connection,
            DIGESTS,
            {"sequence": made.sequence, "day": made.day, "made_at": made.made_at, "body": body},
        )

    def pause_sending(self, since: datetime, until: datetime, why: str) -> None:
        """Nothing goes out until then; a pause that was not over ends with it."""
        self.end_pause(since)
        new_row(self._connection, PAUSES, {"since": since, "until": until, "why": why, "ended_at": None})

    def end_pause(self, at: datetime) -> None:
        """Sending goes on."""
        change_rows(self._connection, PAUSES, {"ended_at": None}, {"ended_at": at})

    def mark_restored(self) -> None:
        """Nobody knows what was done since the backup, until all mailboxes were seen again."""
        new_row(self._connection, RESTORES, {"caught_up_at": None})

    def mark_caught_up(self, at: datetime) -> None:
        """All mailboxes were seen: what comes from now on is new."""
        change_rows(self._connection, RESTORES, {"caught_up_at": None}, {"caught_up_at": at})


def _key(place: FolderPlace) -> dict[str, Any]:
    return {"mailbox": place.mailbox, "folder": key_text(place.folder), "uidvalidity": place.uidvalidity}

"""What a unit does with notices, the event log and the program's own small facts."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from mailintake.model.case import Event
from mailintake.model.codec import encode
from mailintake.model.understanding import StaffNotice
from mailintake.store import chain
from mailintake.store.part import Part, put_row, touch
from mailintake.store.port import FileStore
from mailintake.store.seals import seal_touched
from mailintake.store.tables import EVENTS, NOTICES, VALUES
from mailintake.store.types import clean

_HEAD = select(VALUES.c.value).where(VALUES.c.key == chain.HEAD_KEY)
_LAST = select(EVENTS.c.sequence, EVENTS.c.hash).order_by(EVENTS.c.sequence.desc()).limit(1)


class LogWrites(Part):
    """Notices, events, values."""

    def __init__(self, connection: Any, files: FileStore, worker: str = "") -> None:
        super().__init__(connection, files, worker)
        self._head: tuple[int, str] | None = None

    def add_notice(self, notice: StaffNotice, at: datetime) -> None:
        """Open until closed."""
        row = {"at": at, "code": notice.code, "text": notice.text, "case_number": notice.case}
        added = insert(NOTICES).returning(NOTICES.c.id)
        number = self._connection.execute(added, {**row, "message": notice.message, "why": ""}).scalar_one()
        touch(self._connection, NOTICES, [{"id": number}])

    def close_notice(self, notice_id: int, at: datetime, why: str) -> None:
        """A notice that is closed already keeps its first reason."""
        still_open = (NOTICES.c.id == notice_id) & NOTICES.c.closed_at.is_(None)
        if self._connection.execute(update(NOTICES).where(still_open).values(closed_at=at, why=why)).rowcount:
            touch(self._connection, NOTICES, [{"id": notice_id}])

    def log(self, event: Event) -> None:
        """The next line of the chain. No other unit can write one before this one commits."""
        if self._head is None:
            self._head = self._last_line()
        sequence, previous = self._head
        row = chain.seal(
            {
                "sequence": sequence + 1,
                "at": event.at,
                "actor": clean(event.actor),
                "what": clean(event.what),
                "case_number": clean(event.case),
                "message": clean(event.message),
                "data": encode(event.data),
                "previous": previous,
            }
        )
        self._connection.execute(insert(EVENTS), row)
        self._head = (sequence + 1, row["hash"])

    def _last_line(self) -> tuple[int, str]:
        """As the last unit left it, so that a log that somebody cut short keeps its gap."""
        kept = self._connection.execute(_HEAD).scalar()
        if kept is not None:
            return chain.parse_head(kept)
        found = self._connection.execute(_LAST).first()
        return (found[0], found[1]) if found else (0, chain.START)

    def set_value(self, key: str, value: str) -> None:
        """Insert or replace."""
        put_row(self._connection, VALUES, {"key": key, "value": value})

    def finish(self) -> None:
        """Called once, before the commit: remember where the log ends, and seal what was written."""
        if self._head is not None:
            self.set_value(chain.HEAD_KEY, chain.head(*self._head))
        seal_touched(self._connection)

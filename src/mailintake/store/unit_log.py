"""What a unit does with lines for staff and with the event log."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select

from mailintake.model.case import Event
from mailintake.model.codec import encode
from mailintake.model.understanding import StaffNotice
from mailintake.store import chain
from mailintake.store.part import Part, change_rows, new_row, put_row
from mailintake.store.port import FileStore
from mailintake.store.quick import Quick
from mailintake.store.seals import seal_touched
from mailintake.store.tables import EVENTS, HEAD, NOTICES
from mailintake.store.types import clean, key_text

_HEAD = Quick(select(HEAD.c.sequence, HEAD.c.hash).where(HEAD.c.id == 1))
_LAST = Quick(select(EVENTS.c.sequence, EVENTS.c.hash).order_by(EVENTS.c.sequence.desc()).limit(1))
_OPEN = Quick(
    select(NOTICES.c.id).where(
        NOTICES.c.code == bindparam("code"), NOTICES.c.about == bindparam("about"), NOTICES.c.closed_at.is_(None)
    )
)
_LOGGED = Quick(insert(EVENTS).values({c.name: bindparam(c.name, type_=c.type) for c in EVENTS.columns}))


class LogWrites(Part):
    """Notices and events."""

    def __init__(self, connection: Any, files: FileStore, worker: str = "") -> None:
        super().__init__(connection, files, worker)
        self._head: tuple[int, str] | None = None
        self._events: dict[str, int] = {}  # case → its last event in this unit; "": the last one at all

    def add_notice(self, notice: StaffNotice, at: datetime, about: str | None = None) -> None:
        """Open until closed."""
        row = {
            "at": at,
            "code": notice.code,
            "text": notice.text,
            "case_number": notice.case,
            "message": notice.message,
            "closed_at": None,
            "why": "",
            "about": notice.text if about is None else about,
        }
        new_row(self._connection, NOTICES, row)

    def add_notice_once(self, notice: StaffNotice, at: datetime, about: str | None = None) -> bool:
        """Unless a line with that code about the same is open already; was it added?"""
        if self._open_notices(notice.code, notice.text if about is None else about):
            return False
        self.add_notice(notice, at, about)
        return True

    def close_notice(self, notice_id: int, at: datetime, why: str) -> None:
        """A notice that is closed already keeps its first reason."""
        change_rows(self._connection, NOTICES, {"id": notice_id, "closed_at": None}, {"closed_at": at, "why": why})

    def close_notices(self, code: str, about: str, at: datetime, why: str) -> None:
        """Every open one with that code about that."""
        for number in self._open_notices(code, about):
            self.close_notice(number, at, why)

    def _open_notices(self, code: str, about: str) -> list[int]:
        return [row["id"] for row in _OPEN.rows(self._connection, code=code, about=key_text(about))]

    def log(self, event: Event) -> int:
        """The next line of the chain; gives its number. No other unit can write one before this one commits."""
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
        _LOGGED.run(self._connection, **row)
        self._head = (sequence + 1, row["hash"])
        self._events[event.case] = self._events[""] = sequence + 1
        return sequence + 1

    def _keep_versions(self) -> None:
        """Nothing here; the part that writes cases has some."""

    def _last_line(self) -> tuple[int, str]:
        """As the last unit left it, so that a log that somebody cut short keeps its gap."""
        found = _HEAD.row(self._connection) or _LAST.row(self._connection)
        return (found["sequence"], found["hash"]) if found else (0, chain.START)

    def finish(self) -> None:
        """Called once, before the commit: keep versions, remember where the log ends, and seal what was written."""
        self._keep_versions()
        if self._head is not None:
            put_row(self._connection, HEAD, {"id": 1, "sequence": self._head[0], "hash": self._head[1]})
        seal_touched(self._connection)

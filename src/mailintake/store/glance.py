"""A look at the counts and lists of an SQLite database with the standard library's driver alone.

`status`, the metrics and the list of cases are asked for again and again, by people and by timers, and loading
SQLAlchemy and the tables costs ten times what they read. The statements give what `SqlStore` gives (one contract suite
holds both); nothing can be written. PostgreSQL, a search, and a database of another schema go through the store.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from mailintake.errors import StoreBusy
from mailintake.model.case import OPEN, Event
from mailintake.model.codec import decode
from mailintake.model.letter import OutboxState
from mailintake.model.summary import CaseSummary
from mailintake.store.port import DigestDone, MailboxState, Pause, Restored
from mailintake.store.revision import HEAD
from mailintake.store.summary_row import case_summary

_PREFIX = "sqlite:///"
_BUSY_SECONDS = 5
_OPEN = f"state IN ({', '.join(repr(state.value) for state in sorted(OPEN))})"
_LISTS = ("people", "todo", "findings", "reasons")
_COLUMNS = (*_LISTS, "opened_at", "last_received_at", "due", "provisional", "flags")  # that SQLite holds as text
_PLAIN = (
    *("number", "procedure", "variant", "state", "company", "city"),
    *("verdict", "due_kind", "first_answer", "revision", "assigned", "told_late"),
)


def sqlite_file(url: str) -> Path | None:
    """The file of a plain SQLite URL; None for any other, which only SQLAlchemy can read."""
    name = url.removeprefix(_PREFIX)
    return Path(name) if url.startswith(_PREFIX) and name not in ("", ":memory:") and "?" not in name else None


@contextmanager
def glance(url: str) -> Iterator["Glance | None"]:
    """Open it for looking, all of it as of one moment; None where it must be opened as a store. StoreBusy where it
    could be opened and then not be read."""
    path = sqlite_file(url)
    try:
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS) if path is not None and path.is_file() else None
        if connection is not None and not _is_ours(connection):
            connection.close()
            connection = None
    except sqlite3.Error:  # whatever is wrong with it, the store says it in its own words
        connection = None
    if connection is None:
        yield None
        return
    with closing(connection):
        try:
            yield Glance(connection)
        except sqlite3.Error as fault:
            raise StoreBusy(f"the database cannot be read now: {fault}") from fault


def _is_ours(connection: sqlite3.Connection) -> bool:
    connection.isolation_level = None
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA query_only=ON")
    connection.execute("BEGIN")
    return [row[0] for row in connection.execute("SELECT version_num FROM alembic_version")] == [HEAD]


class Glance:
    """Implements store.port.Looks on an open connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def mailbox(self, name: str) -> MailboxState:
        """How it does; one that was never read has nothing to tell."""
        row = self._row("SELECT * FROM mailboxes WHERE name = ?", name)
        if row is None:
            return MailboxState(name)
        times = ("polled_at", "reconciled_at", "failing_since", "letters_not_before", "drafts_asked_at")
        return MailboxState(**{**dict(row), **{key: _moment(row[key]) for key in times}})

    def pause(self) -> Pause | None:
        """The pause that nobody and nothing ended yet, though its time may be over."""
        row = self._row("SELECT since, until, why FROM pauses WHERE ended_at IS NULL")
        return None if row is None else Pause(_at(row["since"]), _at(row["until"]), row["why"])

    def last_digest(self) -> DigestDone | None:
        """The newest."""
        row = self._row("SELECT sequence, day, made_at FROM digests ORDER BY sequence DESC LIMIT 1")
        return None if row is None else DigestDone(row["sequence"], date.fromisoformat(row["day"]), _at(row["made_at"]))

    def restored(self) -> Restored | None:
        """The last time that this database was put back from a backup."""
        row = self._row("SELECT caught_up_at FROM restores ORDER BY id DESC LIMIT 1")
        return None if row is None else Restored(_moment(row["caught_up_at"]))

    def newest_message(self) -> datetime | None:
        """When the last mail came in."""
        return _moment(self._value("SELECT max(received_at) FROM messages"))

    def last_event(self, what: str) -> Event | None:
        """The newest of that kind, whatever it is about."""
        row = self._row("SELECT * FROM events WHERE what = ? ORDER BY sequence DESC LIMIT 1", what)
        if row is None:
            return None
        data = decode(tuple[tuple[str, str], ...], json.loads(row["data"]))
        return Event(_at(row["at"]), row["actor"], what, row["case_number"], row["message"], data, row["sequence"])

    def count_messages(self, status: str | None = None) -> int:
        """How many mails."""
        if status is None:
            return int(self._value("SELECT count(*) FROM messages"))
        return int(self._value("SELECT count(*) FROM messages WHERE status = ?", status))

    def count_letters(self, states: Sequence[OutboxState] | None = None) -> int:
        """How many letters."""
        if states is None:
            return int(self._value("SELECT count(*) FROM outbox"))
        marks = ", ".join("?" * len(states))
        asked = f"SELECT count(*) FROM outbox WHERE state IN ({marks})"  # noqa: S608 - question marks
        return int(self._value(asked, *(state.value for state in states)))

    def count_cases(self) -> int:
        """How many cases are open."""
        return int(self._value(f"SELECT count(*) FROM cases WHERE {_OPEN}"))  # noqa: S608 - our states

    def count_notices(self) -> int:
        """How many lines wait for staff."""
        return int(self._value("SELECT count(*) FROM notices WHERE closed_at IS NULL"))

    def workers(self) -> int | None:
        """At most one service works here, and `store.lock` knows it."""
        return None

    def summaries(self, *, open_only: bool = True) -> tuple[CaseSummary, ...]:
        """Cases in columns, the oldest first."""
        where = f"WHERE {_OPEN}" if open_only else ""
        asked = f"SELECT {', '.join((*_PLAIN, *_COLUMNS))} FROM cases {where} ORDER BY opened_at, number"  # noqa: S608
        return tuple(case_summary(_typed(row)) for row in self._connection.execute(asked))

    def _row(self, asked: str, *values: object) -> Any:
        return self._connection.execute(asked, values).fetchone()

    def _value(self, asked: str, *values: object) -> Any:
        row = self._row(asked, *values)
        return None if row is None else row[0]


def _moment(text: str | None) -> datetime | None:
    """SQLite has no zones: what stands there is UTC."""
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _typed(row: sqlite3.Row) -> dict[str, Any]:
    """The columns as the tables' types give them."""
    return {
        **{name: row[name] for name in _PLAIN},
        **{name: json.loads(row[name]) for name in (*_LISTS, "flags")},
        "opened_at": _at(row["opened_at"]),
        "last_received_at": _at(row["last_received_at"]),
        "due": date.fromisoformat(row["due"]) if row["due"] else None,
        "provisional": bool(row["provisional"]),
    }

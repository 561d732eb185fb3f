"""The store on SQLite or PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, bindparam, select, text, update

from mailintake.errors import StoreBusy, UsageError
from mailintake.store.engine import LOCK_SPACE, UNIT_LOCK, make_engine, parse_url
from mailintake.store.files import LocalFiles
from mailintake.store.port import FileStore, MessageRow
from mailintake.store.quick import Quick
from mailintake.store.reads_acts import ActReads
from mailintake.store.reads_cases import CaseReads
from mailintake.store.reads_desk import DeskReads
from mailintake.store.reads_erasure import ErasureReads
from mailintake.store.reads_letters import LetterReads
from mailintake.store.reads_log import LogReads
from mailintake.store.reads_mailboxes import MailboxReads
from mailintake.store.schema import ensure_schema
from mailintake.store.tables import MESSAGES
from mailintake.store.turns import LIVING, Turns
from mailintake.store.unit import SqlUnit
from mailintake.store.verify import faults


def open_store(url: str, files: Path | FileStore, *, migrate: bool = True) -> "SqlStore":
    """Open (and create or upgrade) the database of that SQLAlchemy URL; originals lie in `files`, or below that folder.

    ConfigError for a URL we cannot use, StoreUnusable for a database we cannot work on, StoreBusy when it is locked.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        Path(str(parsed.database)).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = make_engine(parsed)
    try:
        ensure_schema(engine, migrate=migrate)
        return SqlStore(engine, LocalFiles(files) if isinstance(files, Path) else files)
    except BaseException:
        engine.dispose()
        raise


class SqlStore(CaseReads, ActReads, LetterReads, MailboxReads, LogReads, DeskReads, ErasureReads, Turns):
    """Implements store.port.Store."""

    def __init__(self, engine: Engine, files: FileStore) -> None:
        super().__init__(engine, files)
        self._writer = engine.execution_options(writes=True)

    @contextmanager
    def begin(self) -> Iterator[SqlUnit]:
        """One transaction; an exception rolls it back. Units do not nest (RuntimeError)."""
        if self._of_unit is not None:
            raise RuntimeError("a unit is open in this thread already")
        with self._writer.begin() as connection:
            if self._is_postgres:
                lock = text("SELECT pg_advisory_xact_lock(:space, :which)")
                connection.execute(lock, {"space": LOCK_SPACE, "which": UNIT_LOCK})
            self._thread.connection = connection
            try:
                unit = SqlUnit(connection, self.files, self._name)
                yield unit
                unit.finish()
            finally:
                self._thread.connection = None

    def claim_next(self, now: datetime) -> MessageRow | None:
        """Leftovers first, then the oldest that is due. A leftover is a mail in processing whose worker is gone; on
        SQLite that is any other store object: only one instance works there. Threads of one process share one store.
        """
        with self._writer.begin() as connection:
            oldest = self._oldest(connection, now)
            if oldest is None:
                return None
            _CLAIM.run(connection, number=oldest, me=self._name)
        return self.message(str(oldest))

    def give_back(self, number: int) -> None:
        """What a claim changed, and nothing else; it needs no unit, which may be what could not be had."""
        mine = (MESSAGES.c.id == number) & (MESSAGES.c.claimed_by == self._name)
        with self._writer.begin() as connection:
            still = mine & (MESSAGES.c.status == "processing")
            connection.execute(update(MESSAGES).where(still).values(status="received", claimed_by=""))

    def mail_waits(self, now: datetime) -> bool:
        """Would `claim_next` give one?"""
        with self._reading() as connection:
            return self._oldest(connection, now, claims=False) is not None

    def _oldest(self, connection: Connection, now: datetime, *, claims: bool = True) -> int | None:
        if self._is_postgres:
            self._alive()  # our own name is to be among the living
        for waiting in _waiting(postgres=self._is_postgres, claims=claims):
            found = waiting.row(connection, me=self._name, now=now)
            if found is not None:
                return int(found["id"])
        return None

    def verify(self) -> tuple[str, ...]:
        """Every broken invariant, one line each."""
        with self._reading() as connection:
            return tuple(faults(connection, self.files))

    def compact(self) -> None:
        """SQLite: the file is written anew, and its log emptied. PostgreSQL does it by itself (autovacuum). StoreBusy
        while somebody reads for long."""
        if self._is_postgres:
            return
        with self._engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - narrows the type only
            try:
                driver.execute("VACUUM")
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.OperationalError as fault:
                raise StoreBusy(f"the database cannot be written anew now: {fault}") from fault
        with self.begin() as unit:
            unit.forget_empty_pages()

    def snapshot(self, target: Path) -> None:
        """A consistent copy of the database in a new file, while others read and write it. UsageError on PostgreSQL."""
        if self._is_postgres:
            raise UsageError("the database is PostgreSQL", fix="pg_dump for it, then copy the folder of originals")
        with closing(sqlite3.connect(target)) as copy, self._engine.connect() as connection:
            source = connection.connection.driver_connection
            assert isinstance(source, sqlite3.Connection)  # noqa: S101 - narrows the type only
            source.backup(copy)

    def close(self) -> None:
        """Give the turns and the connections back."""
        self.drop_turns()
        self._engine.dispose()


_CLAIM = Quick(
    update(MESSAGES).where(MESSAGES.c.id == bindparam("number")).values(status="processing", claimed_by=bindparam("me"))
)


@cache
def _waiting(*, postgres: bool, claims: bool) -> tuple[Quick, Quick]:
    """The oldest mail that a worker who is gone had in hand, and the oldest that is due."""
    gone = MESSAGES.c.claimed_by != bindparam("me")
    if postgres:
        gone &= MESSAGES.c.claimed_by.not_in(LIVING)
    due = MESSAGES.c.next_try_at.is_(None) | (MESSAGES.c.next_try_at <= bindparam("now"))
    asked = (
        select(MESSAGES.c.id).where(waiting).order_by(MESSAGES.c.id).limit(1)
        for waiting in ((MESSAGES.c.status == "processing") & gone, (MESSAGES.c.status == "received") & due)
    )
    left, fresh = (Quick(one.with_for_update(skip_locked=True) if claims else one) for one in asked)
    return left, fresh

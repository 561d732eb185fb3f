"""Who may do what only one may do at a time: read a mailbox, send letters, run the clock of reminders.

On PostgreSQL a turn is an advisory lock of a connection that lives as long as the worker. The server drops it with the
connection: at once when the process ends, however it ends, and within half a minute when its machine or the network
is gone (engine.py: keepalives). Nobody has to judge whether a silent worker is dead or slow, and no step can outlast a
turn. Whoever was cut off finds that when he asks again, and has lost every turn. On SQLite only one instance works
(store.lock): there every turn is its own.
"""

import secrets
from contextlib import suppress
from threading import RLock

from sqlalchemy import Connection, Engine, cast, column, func, literal, select, table, text
from sqlalchemy.types import String

from mailintake.errors import MailintakeError
from mailintake.store.engine import TURN_SPACE, WORKER_SPACE
from mailintake.store.port import FileStore
from mailintake.store.reads import Reads

_TRY = text("SELECT pg_try_advisory_lock(:space, hashtext(:task))")
_UNLOCK = text("SELECT pg_advisory_unlock_all()")
_LIVE = text("SELECT pg_advisory_lock(:space, :worker)")
_LOCKS = table(
    "pg_locks", column("locktype"), column("classid"), column("objid"), column("objsubid"), column("database")
)
_DATABASES = table("pg_database", column("oid"), column("datname"))
_HERE = select(_DATABASES.c.oid).where(_DATABASES.c.datname == text("current_database()")).scalar_subquery()
_WORKERS = (
    (_LOCKS.c.locktype == "advisory")
    & (_LOCKS.c.classid == WORKER_SPACE)
    & (_LOCKS.c.objsubid == 2)
    & (_LOCKS.c.database == _HERE)
)
LIVING = select(cast(_LOCKS.c.objid, String)).where(_WORKERS)  # names of the workers that the server hears of


class Turns(Reads):
    """Part of the store: turns, and which workers live."""

    def __init__(self, engine: Engine, files: FileStore) -> None:
        super().__init__(engine, files)
        self._is_postgres = engine.dialect.name == "postgresql"
        self._number = secrets.randbits(31)  # two keys of 32 bits are what an advisory lock has
        self._name = str(self._number)
        self._turns: set[str] = set()
        self._line: Connection | None = None
        self._one_thread = RLock()

    def take_turn(self, task: str) -> bool:
        """Take it, or keep it; False while somebody else has it."""
        if not self._is_postgres:
            return True
        with self._one_thread:
            line = self._alive()
            if task not in self._turns and line.execute(_TRY, {"space": TURN_SPACE, "task": task}).scalar_one():
                self._turns.add(task)
            return task in self._turns

    def drop_turns(self) -> None:
        """Give all of them back; whoever waits may take over at once, and not when the server sees that we hung up."""
        with self._one_thread, suppress(MailintakeError):
            if self._line is not None:
                self._line.execute(_UNLOCK)
        self._hang_up()

    def _alive(self) -> Connection:
        """The connection that holds our turns. A new one when the old one is lost, and with it all of them."""
        if self._line is not None:
            try:
                self._line.execute(select(literal(1)))
                return self._line
            except MailintakeError:
                self._hang_up()
        line = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        line.detach()  # it never goes back to the pool: closing it is what gives the turns back
        self._line = line
        line.execute(_LIVE, {"space": WORKER_SPACE, "worker": self._number})
        return line

    def _hang_up(self) -> None:
        with self._one_thread:
            self._turns.clear()
            line, self._line = self._line, None
            if line is not None:
                line.close()

    def workers(self) -> int | None:
        """How many others work on this database; None on SQLite, where at most one service does (store.lock)."""
        if not self._is_postgres:
            return None
        others = select(func.count()).select_from(_LOCKS).where(_WORKERS, _LOCKS.c.objid != self._number)
        with self._reading() as connection:
            return int(connection.execute(others).scalar_one())

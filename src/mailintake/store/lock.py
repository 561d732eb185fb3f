"""Only one instance works on a database."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from mailintake.errors import AlreadyRunning
from mailintake.store.glance import sqlite_file

_FIX = "stop the other one, or look at it: mailintake status"
_TRIES, _PAUSE_SECONDS = 5, 0.05  # somebody who only looks whether it runs holds the lock for a moment
_HOLDERS = (
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = :space AND objid = :which"
)


@dataclass(frozen=True)
class Service:
    """Does a program work on the database? `pid`: its process, where it is on this machine and known."""

    running: bool
    pid: int | None = None


def service_of(url: str) -> Service:
    """Whether the lock of that database is held now. Nobody is kept from taking it."""
    if (file := _file_of(url)) is not None:
        return _file_holder(Path(f"{file}.lock"))
    from sqlalchemy import NullPool, text

    from mailintake.store.engine import INSTANCE_LOCK, LOCK_SPACE, make_engine, parse_url

    engine = make_engine(parse_url(url), poolclass=NullPool)
    with engine.connect() as connection:
        held = connection.execute(text(_HOLDERS), {"space": LOCK_SPACE, "which": INSTANCE_LOCK}).scalar_one()
    return Service(bool(held))


def _file_of(url: str) -> Path | None:
    """The file of an SQLite database, however its URL is written; None on a server."""
    if (file := sqlite_file(url)) is not None:
        return file
    from mailintake.store.engine import parse_url

    parsed = parse_url(url)
    return Path(str(parsed.database)) if parsed.get_backend_name() == "sqlite" else None


def _file_holder(path: Path) -> Service:
    import fcntl

    try:
        file = path.open("r", encoding="ascii")
    except FileNotFoundError:
        return Service(running=False)
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            told = file.read(20).strip()
            return Service(running=True, pid=int(told) if told.isdigit() else None)
        return Service(running=False)


@contextmanager
def instance_lock(url: str, *, shared: bool = False) -> Iterator[None]:
    """Hold the lock of that database; AlreadyRunning when somebody else does. The kernel or the server drops it
    when the process ends, however it ends, so there is no stale lock to judge. On PostgreSQL several workers hold it
    together (`shared`) and keep out only whoever needs the database for himself; on SQLite one is all there can be.
    """
    if (file := _file_of(url)) is not None:
        with _file_lock(Path(f"{file}.lock")):
            yield
        return
    from sqlalchemy import NullPool, text

    from mailintake.store.engine import INSTANCE_LOCK, LOCK_SPACE, make_engine, parse_url

    engine = make_engine(parse_url(url), poolclass=NullPool)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        lock = {"space": LOCK_SPACE, "which": INSTANCE_LOCK}
        kind = "_shared" if shared else ""
        if not connection.execute(text(f"SELECT pg_try_advisory_lock{kind}(:space, :which)"), lock).scalar_one():
            raise AlreadyRunning("another instance works on this database", fix=_FIX)
        try:
            yield
        finally:  # at once; closing the connection alone would leave it to the server's leisure
            connection.execute(text(f"SELECT pg_advisory_unlock{kind}(:space, :which)"), lock)


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("a+", encoding="ascii") as file:
        if not _taken(file):
            file.seek(0)
            holder = file.read(20).strip()
            raise AlreadyRunning(f"another instance (process {holder}) works on {path.stem}", fix=_FIX)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _taken(file: TextIO) -> bool:
    import fcntl

    for last in (False,) * (_TRIES - 1) + (True,):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not last:
                time.sleep(_PAUSE_SECONDS)
        else:
            return True
    return False

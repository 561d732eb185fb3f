"""The database engine: durable, one writer at a time, and its errors in the words of errors.py.

Writers are one at a time on both databases: SQLite by BEGIN IMMEDIATE, PostgreSQL by an advisory lock that the unit
takes. So a unit may read, decide and write without losing anybody's update, running numbers have no gaps, and the
event log has one order. Reading mails, the dear part of the work, happens outside units and in parallel.
"""

import sqlite3
from functools import partial
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError, IntegrityError, OperationalError

from mailintake.errors import ConfigError, MailintakeError, StoreBusy, StoreUnusable
from mailintake.store.types import dumps

BUSY_SECONDS = 5
LOCK_SPACE = 0x6D61696C  # first key of our advisory locks; the second says which
UNIT_LOCK, INSTANCE_LOCK, SCHEMA_LOCK = 1, 2, 3
TURN_SPACE, WORKER_SPACE = LOCK_SPACE + 1, LOCK_SPACE + 2  # there the second key is a task, or a worker
# Seconds until the server knows that the machine of a client is gone, and the client that the server's is.
_SILENT, _AGAIN, _TIMES = 10, 5, 3

_CONNECT_SECONDS = 5
_URLS = "sqlite:///path or postgresql+psycopg://user@host/name"
_RESTORE = "put the last backup in its place"
_UNUSABLE = {
    "SQLITE_FULL": "free some space; the program goes on where it stopped",
    "SQLITE_READONLY": "make the data folder writable for the user of the program",
    "SQLITE_CANTOPEN": "make the data folder readable and writable for the user of the program",
    "SQLITE_IOERR": "look at the disk (dmesg)",
    "SQLITE_CORRUPT": _RESTORE,
    "SQLITE_NOTADB": _RESTORE,
    "53100": "free some space on the database server",
    "25006": "the database server is read-only: name the primary server",
    "28P01": "check user and password in the database URL",
    "3D000": "create the database",
}


def parse_url(url: str) -> URL:
    """The URL with the driver we use. ConfigError when it is no URL or names another database."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # what they say may quote a piece of the password
        raise ConfigError("database: this is no SQLAlchemy URL", fix=_URLS) from None
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed
    raise ConfigError(f"database: {backend} is not supported here", fix=_URLS)


def make_engine(url: URL, **options: Any) -> Engine:
    """An engine with our pragmas, transactions and errors. StoreUnusable when the driver is not installed."""
    create = partial(create_engine, url, json_serializer=dumps, **options)
    if url.get_backend_name() == "sqlite":
        engine = create(connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        try:
            engine = create(
                pool_pre_ping=True,
                connect_args={"options": _server_options(), "connect_timeout": _CONNECT_SECONDS, **_client_options()},
            )
        except ModuleNotFoundError as missing:
            raise StoreUnusable(f"{missing.name} is missing", fix="pip install 'mailintake[postgres]'") from None
    event.listen(engine, "handle_error", _translate)
    return engine


def _server_options() -> str:
    keepalives = {"idle": _SILENT, "interval": _AGAIN, "count": _TIMES}
    options = {"lock_timeout": f"{BUSY_SECONDS}s"} | {f"tcp_keepalives_{name}": n for name, n in keepalives.items()}
    return " ".join(f"-c {name}={option}" for name, option in options.items())


def _client_options() -> dict[str, int]:
    return {"keepalives_idle": _SILENT, "keepalives_interval": _AGAIN, "keepalives_count": _TIMES}


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the begin event below starts transactions, not the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _translate(context: ExceptionContext) -> None:
    """Raise our exception in the place of the driver's (SQLAlchemy lets handle_error listeners do so)."""
    original, known = context.original_exception, context.sqlalchemy_exception
    refused = isinstance(known, IntegrityError) or isinstance(original, ValueError)
    _raise_ours(original, refused=refused, gone=isinstance(known, OperationalError))


def raise_ours(original: Exception, driver: Any) -> None:
    """The same for an error of that driver (PEP 249), where nothing is between it and us; back where it has none."""
    refused, gone = isinstance(original, driver.IntegrityError), isinstance(original, driver.OperationalError)
    _raise_ours(original, refused=refused, gone=gone)


def _raise_ours(original: BaseException, *, refused: bool, gone: bool) -> None:
    if refused:
        raise ValueError(str(original)) from original
    fault = _fault(original, gone=gone)
    if fault is not None:
        raise fault from original


def _fault(original: BaseException, *, gone: bool) -> MailintakeError | None:
    """By the code that the database gave; `gone`: it may be that the server itself does not answer."""
    code = getattr(original, "sqlite_errorname", None) or getattr(original, "sqlstate", None) or ""
    for known, fix in _UNUSABLE.items():
        if code.startswith(known):
            return StoreUnusable(f"the database cannot be used: {original}", fix=fix)
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "55P03", "40")):
        return StoreBusy("the database is locked by somebody else")
    if gone and not code and isinstance(original, sqlite3.Error):  # its driver itself: bytes that are no UTF-8
        return StoreUnusable("the database holds what cannot be read", fix=_RESTORE)
    if gone and not code.startswith("SQLITE"):
        return StoreBusy(f"the database does not answer: {original}")
    return None

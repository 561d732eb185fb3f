"""What every part of a unit works with: statements made once, since building one costs more than running it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Connection, Delete, Table, bindparam, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from mailintake.store.port import FileStore
from mailintake.store.tables import CASES, CLOCK, DECISIONS, FACTS, HEAD, READINGS, REFS, TEXTS, VERSIONS
from mailintake.store.types import CleanText

TOUCHED = "touched"  # in Connection.info: by table the keys of the rows that the open unit wrote
KNOWN = "known"  # there, too: by table and key whole rows as the open unit wrote them
# Written whole, and read as they were written but for what CleanText takes away. JSON comes back as it is: what is
# stored is model.codec.encode's.
WHOLE = (HEAD, CLOCK, VERSIONS, CASES, DECISIONS, FACTS, READINGS, REFS, TEXTS)
Insert = sqlite.Insert | postgresql.Insert


class Part:
    """A connection inside a transaction, the files its rows speak of, and the name under which mails are claimed."""

    def __init__(self, connection: Connection, files: FileStore, worker: str = "") -> None:
        self._connection = connection
        self._files = files
        self._worker = worker
        forget_touched(connection)

    @contextmanager
    def _session(self) -> Iterator[Session]:
        """Rows as the classes of tables.py; what was changed is written, and remembered, at the end of the block."""
        with Session(self._connection, expire_on_commit=False) as session:
            yield session
            written = [*session.new, *session.dirty, *session.deleted]
            session.flush()
            for row in written:
                assert isinstance(row, SQLModel)  # noqa: S101 - narrows the type only
                table = row.__table__  # type: ignore[attr-defined]
                touch(self._connection, table, [{name: getattr(row, name) for name in _keys(table)}])


def insert_for(dialect: str, table: Table) -> Insert:
    """An INSERT that knows ON CONFLICT and RETURNING, which both databases spell alike but SQLAlchemy does not."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def put_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert, or replace the rows with the same primary key. All rows have the same columns."""
    if rows:
        connection.execute(_putting(connection.dialect.name, table, tuple(rows[0])), rows)
        touch(connection, table, rows)
        _known(connection, table, rows)


def put_row(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    """The same for one."""
    put_rows(connection, table, [row])


def add_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert what is not there yet."""
    if rows:
        connection.execute(_adding(connection.dialect.name, table), rows)
        touch(connection, table, rows)


def forget_rows(connection: Connection, table: Table, keys: Sequence[dict[str, Any]]) -> None:
    """Delete the rows with these primary keys, and their seals with them."""
    if keys:
        connection.execute(_forgetting(table), [{f"of_{name}": key[name] for name in _keys(table)} for key in keys])
        touch(connection, table, keys)


def _known(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """The whole rows, as they stand there now: they need not be read to be sealed."""
    if table in WHOLE and len(rows[0]) == len(table.columns):
        known: dict[Table, dict[tuple[Any, ...], dict[str, Any]]] = connection.info.setdefault(KNOWN, {})
        keys, dialect = _keys(table), connection.dialect
        texts = [(column.name, column.type) for column in table.columns if isinstance(column.type, CleanText)]
        for row in rows:
            cleaned = {name: type_.process_bind_param(row[name], dialect) for name, type_ in texts}
            known.setdefault(table, {})[tuple(row[name] for name in keys)] = row | cleaned


def touch(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Remember that these rows were written, by their keys; they are sealed before the commit."""
    keys = _keys(table)
    touched: dict[Table, set[tuple[Any, ...]]] = connection.info.setdefault(TOUCHED, {})
    written = {tuple(row[name] for name in keys) for row in rows}
    touched.setdefault(table, set()).update(written)
    known: dict[tuple[Any, ...], dict[str, Any]] = connection.info.get(KNOWN, {}).get(table, {})
    for key in written & known.keys():
        del known[key]  # written otherwise since


def forget_touched(connection: Connection) -> None:
    """A unit begins or ends; what a broken one left concerns nobody."""
    connection.info.pop(TOUCHED, None)
    connection.info.pop(KNOWN, None)


def _keys(table: Table) -> tuple[str, ...]:
    return tuple(table.primary_key.columns.keys())


@cache
def _forgetting(table: Table) -> Delete:
    return delete(table).where(*(table.c[name] == bindparam(f"of_{name}") for name in _keys(table)))


@cache
def _putting(dialect: str, table: Table, columns: tuple[str, ...]) -> Insert:
    insert = insert_for(dialect, table)
    keys = [column.name for column in table.primary_key]
    changed = {name: insert.excluded[name] for name in columns if name not in keys}
    return insert.on_conflict_do_update(index_elements=keys, set_=changed)


@cache
def _adding(dialect: str, table: Table) -> Insert:
    return insert_for(dialect, table).on_conflict_do_nothing()

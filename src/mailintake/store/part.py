"""What every part of a unit works with: statements made once, since building one costs more than running it."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from mailintake.store.port import FileStore

TOUCHED = "touched"  # in Connection.info: by table the keys of the rows that the open unit wrote
Insert = sqlite.Insert | postgresql.Insert


class Part:
    """A connection inside a transaction, the files its rows speak of, and the name under which mails are claimed."""

    def __init__(self, connection: Connection, files: FileStore, worker: str = "") -> None:
        self._connection = connection
        self._files = files
        self._worker = worker
        forget_touched(connection)


def insert_for(dialect: str, table: Table) -> Insert:
    """An INSERT that knows ON CONFLICT and RETURNING, which both databases spell alike but SQLAlchemy does not."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def put_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert, or replace the rows with the same primary key. All rows have the same columns."""
    if rows:
        connection.execute(_putting(connection.dialect.name, table, tuple(rows[0])), rows)
        touch(connection, table, rows)


def put_row(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    """The same for one."""
    put_rows(connection, table, [row])


def add_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert what is not there yet."""
    if rows:
        connection.execute(_adding(connection.dialect.name, table), rows)
        touch(connection, table, rows)


def touch(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Remember that these rows were written, by their keys; they are sealed before the commit."""
    keys = tuple(table.primary_key.columns.keys())
    touched: dict[Table, set[tuple[Any, ...]]] = connection.info.setdefault(TOUCHED, {})
    touched.setdefault(table, set()).update(tuple(row[name] for name in keys) for row in rows)


def forget_touched(connection: Connection) -> None:
    """A unit begins or ends; what a broken one left concerns nobody."""
    connection.info.pop(TOUCHED, None)


@cache
def _putting(dialect: str, table: Table, columns: tuple[str, ...]) -> Insert:
    insert = insert_for(dialect, table)
    keys = [column.name for column in table.primary_key]
    changed = {name: insert.excluded[name] for name in columns if name not in keys}
    return insert.on_conflict_do_update(index_elements=keys, set_=changed)


@cache
def _adding(dialect: str, table: Table) -> Insert:
    return insert_for(dialect, table).on_conflict_do_nothing()

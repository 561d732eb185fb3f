"""What every part of a unit works with."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from mailintake.store.port import FileStore


class Part:
    """A connection inside a transaction, and the files that its rows speak of."""

    def __init__(self, connection: Connection, files: FileStore) -> None:
        self._connection = connection
        self._files = files


def insert_for(connection: Connection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT that knows ON CONFLICT and RETURNING, which both databases spell alike but SQLAlchemy does not."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def put_row(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    """Insert, or replace the row with the same primary key."""
    insert = insert_for(connection, table)
    keys = [column.name for column in table.primary_key]
    changed = {name: insert.excluded[name] for name in row if name not in keys}
    connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=changed), row)


def add_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert what is not there yet."""
    if rows:
        connection.execute(insert_for(connection, table).on_conflict_do_nothing(), rows)

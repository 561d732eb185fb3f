"""What every part of a unit works with: statements made once, since building one costs more than running it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import Column, Connection, Table, Text, bindparam, cast, delete, insert, update

from mailintake.store.port import FileStore
from mailintake.store.quick import Quick, Row
from mailintake.store.tables import SEALED
from mailintake.store.types import CleanText, Json, JsonText, dumps

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite
    from sqlmodel import Session

TOUCHED = "touched"  # in Connection.info: by table the keys of the rows that the open unit wrote
KNOWN = "known"  # there, too: by table and key whole rows as the open unit wrote them, JSON as its text
Insert: TypeAlias = "sqlite.Insert | postgresql.Insert"


class Part:
    """A connection inside a transaction, the files its rows speak of, and the name under which mails are claimed."""

    def __init__(self, connection: Connection, files: FileStore, worker: str = "") -> None:
        self._connection = connection
        self._files = files
        self._worker = worker
        forget_touched(connection)

    @contextmanager
    def _session(self) -> "Iterator[Session]":
        """Rows as the classes of classes.py; what was changed is written, and remembered, at the end of the block."""
        from sqlmodel import Session, SQLModel

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
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # large, and few use both

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


def new_row(connection: Connection, table: Table, row: Mapping[str, Any]) -> Row:
    """Insert it; gives the row with what the database added, JSON as its text (`whole`). ValueError where one with its
    key is there."""
    [stored] = _inserting(table, tuple(row)).rows(connection, **row)
    written(connection, table, [stored])
    return stored


def change_rows(connection: Connection, table: Table, of: Mapping[str, Any], to: Mapping[str, Any]) -> list[Row]:
    """Write `to` into every row whose columns are as in `of`, None being NULL; gives these rows as they are then."""
    changing = _changing(table, tuple((name, told is None) for name, told in of.items()), tuple(to))
    told = {f"of_{name}": one for name, one in of.items() if one is not None}
    changed = changing.rows(connection, **told, **{f"to_{name}": one for name, one in to.items()})
    written(connection, table, changed)
    return changed


def put_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert, or replace the rows with the same primary key. All rows have the same columns."""
    if rows:
        stored = _stored(table, rows)
        _putting(connection.dialect.name, table, tuple(rows[0])).run_all(connection, stored)
        touch(connection, table, stored)
        if len(rows[0]) == len(table.columns):
            know(connection, table, stored)


def put_row(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    """The same for one."""
    put_rows(connection, table, [row])


def add_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert what is not there yet."""
    if rows:
        stored = _stored(table, rows)
        _adding(connection.dialect.name, table, tuple(rows[0])).run_all(connection, stored)
        touch(connection, table, stored)
        if len(rows[0]) == len(table.primary_key):  # nothing else can stand there
            know(connection, table, stored)


def forget_rows(connection: Connection, table: Table, keys: Sequence[dict[str, Any]]) -> None:
    """Delete the rows with these primary keys, and their seals with them."""
    if keys:
        _forgetting(table).run_all(connection, [{f"of_{name}": key[name] for name in _keys(table)} for key in keys])
        touch(connection, table, keys)


def written(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """These rows were written, and now are as they are here, told by `whole`."""
    touch(connection, table, rows)
    know(connection, table, rows)


def know(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """The whole rows, as they stand there now (`whole`): they need not be read to be sealed."""
    if table not in SEALED:
        return
    known: dict[Table, dict[tuple[Any, ...], dict[str, Any]]] = connection.info.setdefault(KNOWN, {})
    keys = _keys(table)
    known.setdefault(table, {}).update((tuple([row[name] for name in keys]), row) for row in rows)


@cache
def whole(table: Table) -> tuple[Any, ...]:
    """Its columns, JSON as the text that is stored."""
    return tuple(cast(c, Text).label(c.name) if isinstance(c.type, Json) else c for c in table.columns)


def _stored(table: Table, rows: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """The rows as they will be read, JSON as its text; as they are where that is nobody's concern."""
    if table not in SEALED:
        return rows
    changes = _changes(table)
    return [row | {name: change(row[name]) for name, change in changes if row.get(name) is not None} for row in rows]


@cache
def _changes(table: Table) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    found = ((column.name, _change(column)) for column in table.columns)
    return tuple((name, change) for name, change in found if change is not None)


def _change(column: Column[Any]) -> Callable[[Any], Any] | None:
    if isinstance(column.type, Json):
        return lambda thing: JsonText(dumps(thing))
    return column.type.stored if isinstance(column.type, CleanText) else None


def touch(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Remember that these rows were written, by their keys; they are sealed before the commit."""
    if table not in SEALED:
        return
    keys = _keys(table)
    touched: dict[Table, set[tuple[Any, ...]]] = connection.info.setdefault(TOUCHED, {})
    here = {tuple([row[name] for name in keys]) for row in rows}
    touched.setdefault(table, set()).update(here)
    known: dict[tuple[Any, ...], dict[str, Any]] = connection.info.get(KNOWN, {}).get(table, {})
    for key in here & known.keys():
        del known[key]  # written otherwise since


def forget_touched(connection: Connection) -> None:
    """A unit begins or ends; what a broken one left concerns nobody."""
    connection.info.pop(TOUCHED, None)
    connection.info.pop(KNOWN, None)


@cache
def _keys(table: Table) -> tuple[str, ...]:
    return tuple(table.primary_key.columns.keys())


@cache
def _forgetting(table: Table) -> Quick:
    return Quick(delete(table).where(*(table.c[name] == bindparam(f"of_{name}") for name in _keys(table))))


@cache
def _inserting(table: Table, names: tuple[str, ...]) -> Quick:
    row = {name: bindparam(name, type_=table.c[name].type) for name in names}
    return Quick(insert(table).values(row).returning(*whole(table)))


@cache
def _changing(table: Table, of: tuple[tuple[str, bool], ...], names: tuple[str, ...]) -> Quick:
    columns = ((table.c[name], f"of_{name}", is_null) for name, is_null in of)
    seen = (column.is_(None) if is_null else column == bindparam(name) for column, name, is_null in columns)
    values = {name: bindparam(f"to_{name}", type_=table.c[name].type) for name in names}
    return Quick(update(table).where(*seen).values(values).returning(*whole(table)))


@cache
def _putting(dialect: str, table: Table, columns: tuple[str, ...]) -> Quick:
    insert = _values(dialect, table, columns)
    keys = [column.name for column in table.primary_key]
    changed = {name: insert.excluded[name] for name in columns if name not in keys}
    return Quick(insert.on_conflict_do_update(index_elements=keys, set_=changed))


@cache
def _adding(dialect: str, table: Table, columns: tuple[str, ...]) -> Quick:
    return Quick(_values(dialect, table, columns).on_conflict_do_nothing())


def _values(dialect: str, table: Table, columns: tuple[str, ...]) -> Insert:
    return insert_for(dialect, table).values({name: bindparam(name, type_=table.c[name].type) for name in columns})

"""Statements that every mail needs, run as text by the driver itself.

SQLAlchemy words each of them once for a database. What it does for every run besides (finding the wording again, a
context, a cursor around the driver's, rows that are objects) costs ten times what the database takes for a row.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Dialect, Select, bindparam
from sqlalchemy.sql.dml import UpdateBase

from mailintake.store.engine import raise_ours

Row = dict[str, Any]
_Change = Callable[[Any], Any]
_SIZES = (1, 2, 4, 16, 64, 256, 1000)


class Quick:
    """One statement. Its lists of keys have a length that is known (`filled`); values are what its columns take."""

    def __init__(self, statement: Select[Any] | UpdateBase) -> None:
        self._statement = statement
        self._worded: dict[str, _Worded] = {}

    def rows(self, connection: Connection, **given: Any) -> list[Row]:
        """What it gives, each row by the names of its columns."""
        worded = self._for(connection.dialect)
        found = _run(connection, worded.text, worded.told(given), lambda cursor: cursor.fetchall())
        return [worded.row(row) for row in found]

    def row(self, connection: Connection, **given: Any) -> Row | None:
        """The first of them."""
        return next(iter(self.rows(connection, **given)), None)

    def run(self, connection: Connection, **given: Any) -> int:
        """How many rows it changed."""
        worded = self._for(connection.dialect)
        return int(_run(connection, worded.text, worded.told(given), lambda cursor: cursor.rowcount))

    def run_all(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Once for each row of values, all with the same names."""
        worded = self._for(connection.dialect)
        told = [worded.told(row) for row in rows]
        _run(connection, worded.text, told if len(told) > 1 else told[0], many=len(told) > 1)

    def _for(self, dialect: Dialect) -> "_Worded":
        worded = self._worded.get(dialect.name)
        if worded is None:
            worded = self._worded[dialect.name] = _Worded(self._statement, dialect)
        return worded


class _Worded:
    """A statement in the words of one database, and what its columns make of values on the way in and out."""

    def __init__(self, statement: Select[Any] | UpdateBase, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.text = str(compiled)
        places = tuple(compiled.positiontup or ())
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        types = {name: bind.type for bind, name in compiled.bind_names.items()}
        self._in = {name: type_.dialect_impl(dialect).bind_processor(dialect) for name, type_ in types.items()}
        self._places = tuple((name, self._in[name]) for name in places)
        self._statement, self._dialect = statement, dialect

    @cached_property
    def _out(self) -> tuple[tuple[str, _Change | None], ...]:
        columns = self._statement.exported_columns
        return tuple(
            (str(name), column.type.dialect_impl(self._dialect).result_processor(self._dialect, None))
            for name, column in columns.items()
        )

    def told(self, given: Mapping[str, Any]) -> Any:
        """The values as the driver takes them; by place or by name, as it wants them."""
        values = {**self._fixed, **given} if self._fixed else given
        if self._places:
            return [values[name] if change is None else change(values[name]) for name, change in self._places]
        return {name: values[name] if change is None else change(values[name]) for name, change in self._in.items()}

    def row(self, found: Sequence[Any]) -> Row:
        """One row as its columns give it."""
        return {
            name: value if change is None else change(value)
            for (name, change), value in zip(self._out, found, strict=True)
        }


def filled(keys: Sequence[Any]) -> list[Any]:
    """The same keys, the last one repeated until there are as many as one of a few statements takes."""
    size = next((size for size in _SIZES if size >= len(keys)), len(keys)) if keys else 0
    return list(keys) + list(keys[-1:]) * (size - len(keys))


def keys_of(column: ColumnElement[Any], size: int, name: str = "key") -> list[BindParameter[Any]]:
    """What stands in a statement for so many values of that column; `numbered` tells them."""
    return [bindparam(f"{name}{at}", type_=column.type) for at in range(size)]


def numbered(keys: Iterable[Any], name: str = "key") -> Row:
    """The values for `keys_of`."""
    return {f"{name}{at}": key for at, key in enumerate(keys)}


def _run(
    connection: Connection, text: str, told: Any, gives: Callable[[Any], Any] = lambda _: None, *, many: bool = False
) -> Any:
    cursor = connection.connection.cursor()
    try:
        (cursor.executemany if many else cursor.execute)(text, told)
        return gives(cursor)
    except connection.dialect.loaded_dbapi.Error as fault:
        raise_ours(fault, connection.dialect.loaded_dbapi)
        raise

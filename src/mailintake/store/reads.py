"""What every part of the store that reads works with."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import local
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Engine, RowMapping, Select

from mailintake.store.port import FileStore
from mailintake.store.quick import Quick, Row

if TYPE_CHECKING:
    from sqlmodel import Session

_PART = 1000  # values in one statement; both databases have a limit far above
T = TypeVar("T")


def parts_of(things: Sequence[T]) -> Iterator[Sequence[T]]:
    """The same, in parts that fit into one statement."""
    return (things[start : start + _PART] for start in range(0, len(things), _PART))


class Reads:
    """Reads on a connection of their own, or, inside a unit of the same thread, on the unit's: a unit sees what it
    has written and decides on what nobody else can change before it commits."""

    def __init__(self, engine: Engine, files: FileStore) -> None:
        self.files = files
        self._engine = engine
        self._thread = local()

    @property
    def _of_unit(self) -> Connection | None:
        found: Connection | None = getattr(self._thread, "connection", None)
        return found

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        if self._of_unit is not None:
            yield self._of_unit
            return
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _session(self) -> "Iterator[Session]":
        """For rows as the classes of classes.py."""
        from sqlmodel import Session

        with self._reading() as connection, Session(connection, expire_on_commit=False) as session:
            yield session

    def _quick(self, asked: Quick, **given: Any) -> list[Row]:
        with self._reading() as connection:
            return asked.rows(connection, **given)

    def _rows(self, asked: Select) -> list[RowMapping]:  # type: ignore[type-arg]
        with self._reading() as connection:
            return list(connection.execute(asked).mappings())

    def _row(self, asked: Select) -> RowMapping | None:  # type: ignore[type-arg]
        with self._reading() as connection:
            return connection.execute(asked).mappings().first()

    def _count(self, asked: Select) -> int:  # type: ignore[type-arg]
        with self._reading() as connection:
            return int(connection.execute(asked).scalar_one())

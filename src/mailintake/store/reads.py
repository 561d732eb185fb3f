"""What every part of the store that reads works with."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import local

from sqlalchemy import Connection, Engine, RowMapping, Select

from mailintake.store.port import FileStore


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

    def _rows(self, asked: Select) -> list[RowMapping]:  # type: ignore[type-arg]
        with self._reading() as connection:
            return list(connection.execute(asked).mappings())

    def _row(self, asked: Select) -> RowMapping | None:  # type: ignore[type-arg]
        with self._reading() as connection:
            return connection.execute(asked).mappings().first()

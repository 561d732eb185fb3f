"""A seal on every row: the hash of what the program itself last wrote there, so that a change behind its back shows.

Seals are written in the transaction that writes the rows. The event log has its own chain; what can be made anew from
a case, its lookup tables, is compared with it instead.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, bindparam, select
from sqlalchemy.exc import SQLAlchemyError

from mailintake.errors import StoreUnusable
from mailintake.store.part import KNOWN, TOUCHED, forget_rows, forget_touched, put_rows, whole
from mailintake.store.quick import Quick, Row
from mailintake.store.tables import SEALED, SEALS

# Claiming a mail changes these outside any unit; a mail that is over stays over.
_PASSING = {"messages": frozenset({"status", "claimed_by"})}
_OVER = ("done", "quarantined")
_LONG_KEY = 200  # characters; longer ones are named by their hash: PostgreSQL has no index for them
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_STREAM = {"yield_per": 500}
UNREADABLE = (ValueError, TypeError, SQLAlchemyError, StoreUnusable)  # what a changed byte makes of JSON, a date, text


def seal_touched(connection: Connection) -> None:
    """Seal what this unit wrote; the last thing before its commit."""
    touched: dict[Table, set[tuple[Any, ...]]] = connection.info.get(TOUCHED, {})
    known: dict[Table, dict[tuple[Any, ...], dict[str, Any]]] = connection.info.get(KNOWN, {})
    seals, broken = [], []
    for table in SEALED:
        if table not in touched and table not in known:
            continue
        names, found = _names(table)[0], known.get(table, {})
        unread = sorted(touched.get(table, set()) - found.keys())
        rows = {tuple(row[name] for name in names): row for row in _rows_of(connection, table, unread)}
        seals += [_seal(table, row) for row in found.values()]
        seals += [_seal(table, row) for row in rows.values()]
        gone = (dict(zip(names, values, strict=True)) for values in unread if values not in rows)
        broken += [{"relation": table.name, "row_key": _key(table, key)} for key in gone]
    put_rows(connection, SEALS, seals)
    forget_rows(connection, SEALS, broken)
    forget_touched(connection)


def seal_everything(connection: Connection) -> None:
    """Seal every row as it is; after a migration, which changes rows that no unit wrote."""
    for table in SEALED:
        rows = connection.execute(select(*whole(table)), execution_options=_STREAM).mappings()
        for part in rows.partitions():
            put_rows(connection, SEALS, [_seal(table, row) for row in part])
    forget_touched(connection)


def faults(connection: Connection) -> Iterator[str]:
    """One line for every row that was changed, added or removed by somebody else."""
    for table in SEALED:
        asked = select(SEALS.c.row_key, SEALS.c.hash).where(SEALS.c.relation == table.name)
        kept = {row.row_key: row.hash for row in connection.execute(asked, execution_options=_STREAM)}
        for key, found in _hashes(connection, table):
            seal = kept.pop(key, None)
            if seal is None:
                yield f"{table.name} {key} was not written by this program"
            elif seal != found:
                yield f"{table.name} {key} was changed"
        yield from (f"{table.name} {key} is gone" for key in kept)


def _hashes(connection: Connection, table: Table) -> Iterator[tuple[str, str]]:
    """Key and hash of every row; where one cannot even be read, each by itself, that one with an empty hash."""
    seen = set()
    try:
        for row in connection.execute(select(*whole(table)), execution_options=_STREAM).mappings():
            seen.add(key := _key(table, row))
            yield key, _hash(table, row)
    except UNREADABLE:
        keys = connection.execute(select(*table.primary_key)).mappings().all()
        yield from (_hash_of(connection, table, key) for key in keys if _key(table, key) not in seen)


def _hash_of(connection: Connection, table: Table, key: RowMapping) -> tuple[str, str]:
    try:
        return _key(table, key), _hash(table, next(_rows_of(connection, table, [tuple(key.values())])))
    except UNREADABLE:
        return _key(table, key), ""


def _rows_of(connection: Connection, table: Table, keys: Iterable[tuple[Any, ...]]) -> Iterator[Row]:
    """The rows with these primary keys that are there."""
    names = table.primary_key.columns.keys()
    for key in keys:
        yield from _one(table).rows(connection, **{f"of_{name}": of for name, of in zip(names, key, strict=True)})


@cache
def _one(table: Table) -> Quick:
    keys = table.primary_key.columns
    return Quick(select(*whole(table)).where(*(column == bindparam(f"of_{column.name}") for column in keys)))


def _seal(table: Table, row: Mapping[str, Any] | RowMapping) -> dict[str, str]:
    return {"relation": table.name, "row_key": _key(table, row), "hash": _hash(table, row)}


def _key(table: Table, row: Mapping[str, Any] | RowMapping) -> str:
    key = " ".join([str(row[name]) for name in _names(table)[0]])
    return key if len(key) <= _LONG_KEY else hashlib.sha256(key.encode()).hexdigest()


def _hash(table: Table, row: Mapping[str, Any] | RowMapping) -> str:
    """Over all that stands there, JSON by its text."""
    covered = {name: _plain(row[name]) for name in _names(table)[1]}
    if table.name in _PASSING:
        covered["over"] = row["status"] in _OVER
    return hashlib.sha256(_COMPACT.encode(covered).encode()).hexdigest()


@cache
def _names(table: Table) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Those of its key, and those of what is covered, sorted."""
    passing = _PASSING.get(table.name, frozenset())
    return tuple(table.primary_key.columns.keys()), tuple(sorted({column.name for column in table.columns} - passing))


def _plain(thing: Any) -> Any:
    if isinstance(thing, bytes):
        return hashlib.sha256(thing).hexdigest()
    if isinstance(thing, datetime):
        return thing.astimezone(UTC).isoformat()
    return thing.isoformat() if isinstance(thing, date) else thing

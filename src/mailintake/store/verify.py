"""The proof that nothing is broken: rows, files and the log against each other."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Connection, Select, exists, select

from mailintake.model.case import Case
from mailintake.model.codec import decode
from mailintake.store import chain, seals
from mailintake.store.port import FileStore
from mailintake.store.short import short_mails
from mailintake.store.tables import (
    CASE_MESSAGES,
    CASES,
    EVENTS,
    FACTS,
    IDENTIFIERS,
    MESSAGES,
    OUTBOX,
    PARTICIPANTS,
    READINGS,
    RECIPIENTS,
    REFS,
    VALUES,
)
from mailintake.store.types import key_text
from mailintake.store.unit_cases import identifiers_of

_STREAM = {"yield_per": 500}
_POINTERS: tuple[tuple[Column[object], Column[object]], ...] = (
    (REFS.c.message, MESSAGES.c.id),
    (READINGS.c.sha256, MESSAGES.c.sha256),
    (PARTICIPANTS.c.case_number, CASES.c.number),
    (IDENTIFIERS.c.case_number, CASES.c.number),
    (CASE_MESSAGES.c.case_number, CASES.c.number),
    (CASE_MESSAGES.c.sha256, MESSAGES.c.sha256),
    (OUTBOX.c.case_number, CASES.c.number),
    (OUTBOX.c.in_answer_to, MESSAGES.c.sha256),
    (RECIPIENTS.c.entry, OUTBOX.c.id),
)


def faults(connection: Connection, files: FileStore) -> Iterator[str]:
    """One line for every broken invariant. Reads every stored byte once."""
    if connection.dialect.name == "sqlite":
        yield from _readable("database", _sqlite_faults(connection))
    for pointer, target in _POINTERS:
        yield from _readable(pointer.table.name, _orphans(connection, pointer, target))
    yield from _readable("files", _file_faults(connection, files))
    yield from _readable("rows", seals.faults(connection))
    yield from _readable("messages", _states(connection))
    yield from _readable("sizes", short_mails(connection))
    yield from _readable("cases", _lookup_faults(connection))
    yield from _readable("log", _log_faults(connection))


def _readable(what: str, found: Iterator[str]) -> Iterator[str]:
    """A byte that somebody changed may make a row unreadable: that is a finding, too, and hides none of the others."""
    try:
        yield from found
    except seals.UNREADABLE as fault:
        yield f"{what}: something cannot be read: {type(fault).__name__}"


def _sqlite_faults(connection: Connection) -> Iterator[str]:
    for row in connection.exec_driver_sql("PRAGMA integrity_check"):
        if row[0] != "ok":
            yield f"database: {row[0]}"


def _states(connection: Connection) -> Iterator[str]:
    """Every mail is waiting, under way, or over with exactly one fate."""
    for row in connection.execute(select(MESSAGES.c.id, MESSAGES.c.status, MESSAGES.c.disposition)):
        over = row.status in ("done", "quarantined")
        if (row.status not in ("received", "processing") and not over) or over != bool(row.disposition):
            yield f"mail {row.id} is {row.status} with the fate {row.disposition or 'none'}"


def _lookup_faults(connection: Connection) -> Iterator[str]:
    """What cases are found by is what stands in them."""
    people: dict[str, set[str]] = {}
    for table in (PARTICIPANTS, IDENTIFIERS):
        for number, *keys in connection.execute(select(table), execution_options=_STREAM):
            people.setdefault(number, set()).add(" ".join((table.name, *keys)))
    for number, body in connection.execute(select(CASES.c.number, CASES.c.body), execution_options=_STREAM):
        case = decode(Case, body)
        addresses = {p.addr.lower() for p in case.participants}
        wanted = {f"{PARTICIPANTS.name} {key_text(a)} {key_text(a.rpartition('@')[2])}" for a in addresses}
        wanted |= {f"{IDENTIFIERS.name} {key_text(key)}" for key in identifiers_of(case)}
        for row in sorted(wanted ^ people.pop(number, set())):
            yield f"case {number} is found by other words than stand in it: {row}"


def _log_faults(connection: Connection) -> Iterator[str]:
    log = select(EVENTS).order_by(EVENTS.c.sequence)
    kept = connection.execute(select(VALUES.c.value).where(VALUES.c.key == chain.HEAD_KEY)).scalar()
    try:
        yield from chain.faults(connection.execute(log, execution_options=_STREAM).mappings(), kept)
    except seals.UNREADABLE:
        for number in connection.execute(select(EVENTS.c.sequence)).scalars().all():
            yield from _readable(f"event {number}", _read(connection, log.where(EVENTS.c.sequence == number)))


def _read(connection: Connection, asked: Select[Any]) -> Iterator[str]:
    connection.execute(asked).all()
    yield from ()


def _orphans(connection: Connection, pointer: Column[object], target: Column[object]) -> Iterator[str]:
    asked = select(pointer).distinct().where(~exists().where(target == pointer))
    for (lost,) in connection.execute(asked):
        if lost != "":
            yield f"{pointer.table.name}: {pointer.name} {lost} names nothing in {target.table.name}"


def _file_faults(connection: Connection, files: FileStore) -> Iterator[str]:
    stored = set()
    for sha256 in files.hashes():
        stored.add(sha256)
        if files.digest(sha256) != sha256:
            yield f"file {sha256} does not hold the bytes of its name"
    for what, sha256 in _named_files(connection):
        if sha256 not in stored:
            yield f"{what}: its file {sha256} is missing"


def _named_files(connection: Connection) -> Iterator[tuple[str, str]]:
    for word, table in (("mail", MESSAGES), ("letter", OUTBOX)):
        for row in connection.execute(select(table.c.id, table.c.sha256), execution_options=_STREAM):
            yield f"{word} {row.id}", row.sha256
    for row in connection.execute(select(FACTS.c.sha256, FACTS.c.body), execution_options=_STREAM):
        if row.body.get("size") and not row.body.get("problem"):
            yield "attachment", row.sha256

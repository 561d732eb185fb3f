"""The proof that nothing is broken: rows, files and the log against each other."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Select, bindparam, exists, select

from mailintake.model.case import Case
from mailintake.model.codec import decode
from mailintake.model.understanding import Disposition
from mailintake.store import chain, seals
from mailintake.store.derived import lookups_of
from mailintake.store.port import FileStore
from mailintake.store.short import short_mails
from mailintake.store.tables import (
    ACTS,
    CASE_MESSAGES,
    CASES,
    CLOCK,
    DECISIONS,
    EVENTS,
    FACTS,
    HEAD,
    IDENTIFIERS,
    MESSAGES,
    OUTBOX,
    PARTICIPANTS,
    READINGS,
    RECIPIENTS,
    REFS,
    TERMS,
    VERSIONS,
    WORDS,
)

_STREAM = {"yield_per": 500}
_ERASED = Disposition.ERASED.value
_NEXT_CASES = (
    select(CASES.c.number, CASES.c.body).where(CASES.c.number > bindparam("last")).order_by(CASES.c.number).limit(200)
)
_POINTERS: tuple[tuple[Column[object], ...], ...] = (  # what points, and where it must find itself, in one of them
    (REFS.c.message, MESSAGES.c.id),
    (READINGS.c.sha256, MESSAGES.c.sha256),
    (PARTICIPANTS.c.case_number, CASES.c.number),
    (IDENTIFIERS.c.case_number, CASES.c.number),
    (TERMS.c.case_number, CASES.c.number),
    (CLOCK.c.case_number, CASES.c.number),
    (CASE_MESSAGES.c.case_number, CASES.c.number),
    (CASE_MESSAGES.c.sha256, MESSAGES.c.sha256),
    (OUTBOX.c.in_answer_to, MESSAGES.c.sha256),
    (RECIPIENTS.c.entry, OUTBOX.c.id),
    (OUTBOX.c.case_number, CASES.c.number, VERSIONS.c.case_number),  # also of a case that was taken back
    (ACTS.c.event, EVENTS.c.sequence),
    (WORDS.c.event, EVENTS.c.sequence),
    (DECISIONS.c.sha256, MESSAGES.c.sha256),
)


def faults(connection: Connection, files: FileStore) -> Iterator[str]:
    """One line for every broken invariant. Reads every stored byte once."""
    if connection.dialect.name == "sqlite":
        yield from _readable("database", _sqlite_faults(connection))
    for pointer, *targets in _POINTERS:
        yield from _readable(pointer.table.name, _orphans(connection, pointer, targets))
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
    last = ""
    while bodies := {row.number: row.body for row in connection.execute(_NEXT_CASES, {"last": last})}:
        there: dict[str, set[tuple[str, ...]]] = {number: set() for number in bodies}
        for table in (PARTICIPANTS, IDENTIFIERS, TERMS):
            names = [column.name for column in table.columns if column.name != "case_number"]
            asked = select(table.c.case_number, *(table.c[name] for name in names))
            for number, *keys in connection.execute(asked.where(table.c.case_number.in_(bodies))):
                there[number].add((table.name, *keys))
        for number, body in bodies.items():
            wanted = {(name, *keys) for name, rows in lookups_of(decode(Case, body)).items() for keys in rows}
            for row in sorted(wanted ^ there[number]):
                yield f"case {number} is found by other words than stand in it: {' '.join(row)}"
        last = max(bodies)


def _log_faults(connection: Connection) -> Iterator[str]:
    log = select(EVENTS).order_by(EVENTS.c.sequence)
    kept = connection.execute(select(HEAD.c.sequence, HEAD.c.hash)).first()
    head = (kept.sequence, kept.hash) if kept else None
    try:
        yield from chain.faults(connection.execute(log, execution_options=_STREAM).mappings(), head)
    except seals.UNREADABLE:
        for number in connection.execute(select(EVENTS.c.sequence)).scalars().all():
            yield from _readable(f"event {number}", _read(connection, log.where(EVENTS.c.sequence == number)))


def _read(connection: Connection, asked: Select[Any]) -> Iterator[str]:
    connection.execute(asked).all()
    yield from ()


def _orphans(connection: Connection, pointer: Column[object], targets: Sequence[Column[object]]) -> Iterator[str]:
    asked = select(pointer).distinct().where(*(~exists().where(target == pointer) for target in targets))
    for (lost,) in connection.execute(asked):
        if lost != "":
            yield f"{pointer.table.name}: {pointer.name} {lost} names nothing in {targets[0].table.name}"


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
    mails = select(MESSAGES.c.id, MESSAGES.c.sha256).where(MESSAGES.c.disposition.is_distinct_from(_ERASED))
    letters = select(OUTBOX.c.id, OUTBOX.c.sha256).where(OUTBOX.c.sha256 != "")
    for word, asked in (("mail", mails), ("letter", letters)):
        for row in connection.execute(asked, execution_options=_STREAM):
            yield f"{word} {row.id}", row.sha256
    for row in connection.execute(select(FACTS.c.sha256, FACTS.c.body), execution_options=_STREAM):
        if row.body.get("size") and not row.body.get("problem"):
            yield "attachment", row.sha256

"""The proof that nothing is broken: rows, files and the log against each other."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import Column, Connection, exists, select

from mailintake.store import chain
from mailintake.store.port import FileStore
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
        for row in connection.exec_driver_sql("PRAGMA integrity_check"):
            if row[0] != "ok":
                yield f"database: {row[0]}"
    for pointer, target in _POINTERS:
        yield from _orphans(connection, pointer, target)
    yield from _file_faults(connection, files)
    log = connection.execute(select(EVENTS).order_by(EVENTS.c.sequence), execution_options=_STREAM).mappings()
    kept = connection.execute(select(VALUES.c.value).where(VALUES.c.key == chain.HEAD_KEY)).scalar()
    yield from chain.faults(log, kept)


def _orphans(connection: Connection, pointer: Column[object], target: Column[object]) -> Iterator[str]:
    asked = select(pointer).distinct().where(~exists().where(target == pointer))
    for (lost,) in connection.execute(asked):
        if lost != "":
            yield f"{pointer.table.name}: {pointer.name} {lost} names nothing in {target.table.name}"


def _file_faults(connection: Connection, files: FileStore) -> Iterator[str]:
    stored = set()
    for sha256 in files.hashes():
        stored.add(sha256)
        with files.path(sha256).open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != sha256:
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

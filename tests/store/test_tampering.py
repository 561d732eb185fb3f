"""Whoever changes one value of any table behind the program's back is found out, and the place is named."""

import random
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.support.stored import NOW, a_case, a_decision, a_letter, a_message, an_event, ref, some_facts

from mailintake.errors import StoreUnusable
from mailintake.model.decided import Decided
from mailintake.model.digest import Digest
from mailintake.model.letter import OutboxState
from mailintake.model.record import Record
from mailintake.model.staff import Colleague, Role
from mailintake.model.understanding import Disposition, StaffNotice
from mailintake.store.open import open_store
from mailintake.store.port import FolderPlace
from mailintake.store.revision import HEAD
from mailintake.store.tables import METADATA

PLACE = FolderPlace("office", "INBOX", 1)
UNSEALED = {("messages", "claimed_by")}  # it passes with the work on a mail
COLUMNS = [
    (table.name, column.name)
    for table in METADATA.sorted_tables
    if not table.name.startswith("desk_")  # who is logged in, and what is being typed: nothing is proved by them
    for column in table.columns
    if (table.name, column.name) not in UNSEALED
]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a row in every table."""
    folder = tmp_path_factory.mktemp("filled")
    store = open_store(f"sqlite:///{folder}/mailintake.db", folder / "originals")
    sha256, attachment = store.files.put_bytes(b"a mail"), store.files.put_bytes(b"a picture")
    case = replace(a_case(messages=(sha256,)), number=f"ABTC-2026-{1:04}")
    with store.begin() as unit:
        unit.add_message(sha256, ref(1), 6, NOW)
        unit.next_number(2026)
    with store.begin() as unit:
        unit.save_facts(1, [some_facts(attachment)])
        unit.save_text(1, attachment, some_facts(attachment).text)
        unit.save_case(case)
        unit.finish_message(1, a_message(sha256), a_decision(sha256, case), NOW)
        unit.queue_letter(a_letter(in_answer_to=sha256), OutboxState.READY, NOW, NOW)
        unit.add_notice(StaffNotice("letter.failed", "no such user", case.number, sha256), NOW)
        unit.open_folder(PLACE, "2026-10-30T08:00:00+08:00", [1, 2])
        unit.note_late(PLACE, 3, 1)
        unit.note_mailbox("office", polled_at=NOW, fault="it hung up")
        unit.add_digest(Digest(1, NOW.date(), NOW, NOW))
        unit.pause_sending(NOW, NOW, "quota")
        unit.await_erased((attachment,))
        unit.mark_restored()
        told = unit.log(an_event())
        unit.add_record(Record(told, NOW, "note", case.number, "赵敏"))
        unit.add_words(told, "text", case.number, "来电说下周补交")
        unit.save_colleague(Colleague("赵敏", Role.CLERK, "zhao@waiban.example"))
        unit.keep_decision(sha256, Decided(NOW, "r1", Disposition.CASE_OPENED))
        unit.look_again(case.number, "r1", NOW.date())
    assert store.verify() == ()
    store.close()
    return folder


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    return shutil.copytree(filled, tmp_path / "copy")


def found(folder: Path) -> tuple[str, ...]:
    store = open_store(f"sqlite:///{folder}/mailintake.db", folder / "originals", migrate=False)
    try:
        return store.verify()
    finally:
        store.close()


def one_row(database: sqlite3.Connection, table: str) -> tuple[str, tuple[Any, ...]]:
    """A condition that is true of one row of that table, and its values."""
    names = [f'"{column.name}"' for column in METADATA.tables[table].primary_key]
    found = database.execute(f"SELECT {', '.join(names)} FROM {table} LIMIT 1").fetchone()  # noqa: S608
    return " AND ".join(f"{name} = ?" for name in names), tuple(found)


def other(value: Any) -> Any:
    """Nearly the same."""
    if value is None:
        return "2026-01-02 03:04:05.000000"
    if isinstance(value, int):
        return value + 1
    at = len(value) // 2
    if isinstance(value, bytes):
        return value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]
    return value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :] if value else "x"


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_one_changed_value_is_named(folder: Path, table: str, column: str) -> None:
    with closing(sqlite3.connect(folder / "mailintake.db")) as database:
        key, row = one_row(database, table)
        value = database.execute(f'SELECT "{column}" FROM {table} WHERE {key}', row).fetchone()[0]  # noqa: S608
        database.execute(f'UPDATE {table} SET "{column}" = ? WHERE {key}', (other(value), *row))  # noqa: S608
        database.commit()
    told = found(folder)
    named = {"events": "event", "row_seals": ""}.get(table, table)
    assert [line for line in told if named in line], told


@pytest.mark.parametrize("table", sorted({table for table, _ in COLUMNS} - {"events"}))
def test_a_row_that_is_gone_is_named(folder: Path, table: str) -> None:
    with closing(sqlite3.connect(folder / "mailintake.db")) as database:
        key, row = one_row(database, table)
        database.execute(f"DELETE FROM {table} WHERE {key}", row)  # noqa: S608
        database.commit()
    assert found(folder)


def test_a_row_that_somebody_added_is_named(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "mailintake.db")) as database:
        database.execute("INSERT INTO digests VALUES (2, '2026-11-24', '2026-11-24 00:30:00.000000', NULL)")
        database.commit()
    assert found(folder) == ("digests 2 was not written by this program",)


def test_one_changed_byte_of_a_text_in_the_database_file_is_named(folder: Path) -> None:
    """Bytes between printable ones: what stands in rows, not the bookkeeping of SQLite."""
    file, dice = folder / "mailintake.db", random.Random(11)
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        texts = [sql for (sql,) in database.execute("SELECT body FROM cases UNION SELECT body FROM readings")]
        texts += [sql for (sql,) in database.execute("SELECT text FROM notices UNION SELECT data FROM events")]
    whole = file.read_bytes()
    for text in texts:
        piece = text.encode()[: 300 if len(text) > 300 else None]
        start = whole.index(piece)
        for at in dice.sample(range(start, start + len(piece)), min(6, len(piece))):
            for wal in folder.glob("mailintake.db-*"):
                wal.unlink()
            file.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << dice.randrange(8)]) + whole[at + 1 :])
            assert found(folder), (at, whole[at - 20 : at + 20])


def test_rows_of_an_older_database_are_sealed_when_it_is_upgraded(tmp_path: Path) -> None:
    file = tmp_path / "mailintake.db"
    with closing(sqlite3.connect(file)) as database:
        database.executescript((Path(__file__).parent / "released" / "v0001.sql").read_text("utf-8"))
    with pytest.raises(StoreUnusable, match=f"schema 0001, this program needs {HEAD}"):
        found(tmp_path)
    open_store(f"sqlite:///{file}", tmp_path / "originals").close()
    assert [line for line in found(tmp_path) if "is missing" not in line] == []  # its files are not here
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE outbox SET subject = 'another' WHERE id = 1")
        database.commit()
    assert [line for line in found(tmp_path) if "is missing" not in line] == ["outbox 1 was changed"]

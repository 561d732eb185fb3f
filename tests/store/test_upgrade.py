"""Databases of every released schema, filled, come to the present one with everything that was in them.

released/vNNNN.sql is what the program of that schema left behind (tests/store/test_backup.py: one mail with its case
and three letters). A new migration adds the file of the schema before it.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.support.stored import NOW, NUMBER

from mailintake.model.letter import OutboxState
from mailintake.store.open import open_store
from mailintake.store.schema import HEAD

RELEASED = sorted((Path(__file__).parent / "released").glob("v*.sql"))
BYTES = (b"a mail", *(f"Message-ID: <{number}@o>\r\n\r\nbody".encode() for number in range(3)))


def test_every_schema_before_this_one_has_a_filled_database_here() -> None:
    assert [file.stem for file in RELEASED] == [f"v{number:04}" for number in range(1, int(HEAD))] or HEAD == "0001"


@pytest.mark.parametrize("released", RELEASED, ids=lambda file: file.stem)
def test_a_filled_database_of_an_earlier_program_is_upgraded_and_whole(released: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        connection.executescript(released.read_text("utf-8"))
    store = open_store(f"sqlite:///{tmp_path}/x.db", tmp_path / "originals")
    for data in BYTES:
        store.files.put_bytes(data)
    assert store.verify() == ()
    (row,), (case,) = store.messages(), store.cases()
    assert (row.status, row.received_at, row.cases) == ("done", NOW, (NUMBER,))
    assert (case.number, len(case.applicants), len(case.documents)) == (NUMBER, 2, 1)
    assert [entry.state for entry in store.outbox()] == [OutboxState.WAITING, OutboxState.READY, OutboxState.SENT]
    assert store.reading(row.sha256) is not None
    assert len(store.events()) == 1
    with store.begin() as unit:
        unit.save_case(case)
        assert unit.add_message("ab" * 32, row.refs[0], 1, NOW)
    store.close()
    open_store(f"sqlite:///{tmp_path}/x.db", tmp_path / "originals", migrate=False).close()

"""A backup made while the program runs is whole, and a restored store is the same store."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.stored import NOW, a_case, a_decision, a_letter, a_message, an_event, letter_in, ref

from mailintake.errors import StoreUnusable, UsageError
from mailintake.model.letter import OutboxState
from mailintake.store.backup import backup, restore
from mailintake.store.open import SqlStore, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = open_store(f"sqlite:///{tmp_path}/data/mailintake.db", tmp_path / "data" / "originals")
    fill(opened)
    yield opened
    opened.close()


def fill(store: SqlStore) -> None:
    """One mail with its case and three letters."""
    sha256 = store.files.put_bytes(b"a mail")
    with store.begin() as unit:
        unit.add_message(sha256, ref(1), 6, NOW)
    with store.begin() as unit:
        unit.save_case(a_case(messages=(sha256,)))
        unit.finish_message(1, a_message(sha256), a_decision(sha256, a_case()), NOW)
        for number, state in enumerate((OutboxState.WAITING, OutboxState.READY, OutboxState.SENT)):
            letter_in(unit, a_letter(f"<{number}@o>", in_answer_to=sha256), state)
        unit.log(an_event())


def test_a_restored_store_is_equal_and_whole(store: SqlStore, tmp_path: Path) -> None:
    assert backup(store, tmp_path / "copy") == 4
    assert restore(tmp_path / "copy", tmp_path / "elsewhere") == 4
    again = open_store(f"sqlite:///{tmp_path}/elsewhere/mailintake.db", tmp_path / "elsewhere" / "originals")
    assert again.verify() == ()
    assert again.messages() == store.messages()
    assert again.cases() == store.cases()
    assert again.events() == store.events()
    assert list(again.files.hashes()) == list(store.files.hashes())
    again.close()


def test_a_letter_that_may_have_gone_out_since_the_backup_is_in_doubt(store: SqlStore, tmp_path: Path) -> None:
    backup(store, tmp_path / "copy")
    restore(tmp_path / "copy", tmp_path / "elsewhere")
    again = open_store(f"sqlite:///{tmp_path}/elsewhere/mailintake.db", tmp_path / "elsewhere" / "originals")
    states = [entry.state for entry in again.outbox()]
    assert states == [OutboxState.IN_DOUBT, OutboxState.IN_DOUBT, OutboxState.SENT]
    again.close()


def test_a_backup_made_under_load_names_no_file_that_it_lacks(store: SqlStore, tmp_path: Path) -> None:
    stop = threading.Event()

    def work() -> None:
        number = 10
        while not stop.is_set():
            number += 1
            sha256 = store.files.put_bytes(f"mail {number}".encode())
            with store.begin() as unit:
                unit.add_message(sha256, ref(number), 6, NOW)
                unit.log(an_event(number))

    worker = threading.Thread(target=work)
    worker.start()
    try:
        backup(store, tmp_path / "copy")
    finally:
        stop.set()
        worker.join()
    restore(tmp_path / "copy", tmp_path / "elsewhere")
    again = open_store(f"sqlite:///{tmp_path}/elsewhere/mailintake.db", tmp_path / "elsewhere" / "originals")
    assert again.verify() == ()
    again.close()


def test_nothing_is_ever_overwritten(store: SqlStore, tmp_path: Path) -> None:
    backup(store, tmp_path / "copy")
    with pytest.raises(UsageError, match="exists"):
        backup(store, tmp_path / "copy")
    with pytest.raises(UsageError, match="exists"):
        restore(tmp_path / "copy", tmp_path / "data")
    with pytest.raises(UsageError, match="no backup"):
        restore(tmp_path / "data", tmp_path / "elsewhere")


@pytest.mark.parametrize("what", ["mailintake.db", "originals/*/*/*"])
def test_a_damaged_backup_is_refused_by_name(store: SqlStore, tmp_path: Path, what: str) -> None:
    backup(store, tmp_path / "copy")
    victim = next((tmp_path / "copy").glob(what))
    data = bytearray(victim.read_bytes())
    data[-1] ^= 1
    victim.unlink()
    victim.write_bytes(data)
    with pytest.raises(StoreUnusable, match=victim.name):
        restore(tmp_path / "copy", tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere" / "mailintake.db").exists()

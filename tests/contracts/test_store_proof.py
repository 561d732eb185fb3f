"""The event log, the proof that nothing is broken, and the schema, on SQLite and on PostgreSQL."""

from dataclasses import replace

import pytest
from tests.support.stored import (
    NOW,
    NUMBER,
    Place,
    a_case,
    a_decision,
    a_letter,
    a_message,
    add,
    an_event,
    break_rows,
    sha,
    some_facts,
)

from mailintake.errors import StoreUnusable
from mailintake.model.letter import OutboxState
from mailintake.store.open import SqlStore


def test_events_come_back_in_order_of_one_case_or_of_all(store: SqlStore) -> None:
    events = [an_event(1, NUMBER), an_event(2), replace(an_event(3, NUMBER), data=(("nul", "a\0b\ud800"),))]
    for event in events:
        with store.begin() as unit:
            unit.log(event)
    assert list(store.events()) == events
    assert store.count_events() == 3
    assert list(store.events(NUMBER)) == [events[0], events[2]]
    assert store.verify() == ()


@pytest.mark.parametrize(
    ("tampering", "says"),
    [
        ("UPDATE events SET what = 'case.closed' WHERE sequence = 3", ["event 3 was changed"]),
        ("UPDATE events SET actor = 'staff:x' WHERE sequence = 5", ["event 5 was changed"]),
        ("DELETE FROM events WHERE sequence = 2", ["event 2 is missing"]),
        ("DELETE FROM events WHERE sequence = 5", ["the log ends at event 4, but its last line was 5"]),
        ("DELETE FROM events WHERE sequence = 1", ["event 1 is missing"]),
        ("DELETE FROM events", ["the log ends at event 0, but its last line was 5"]),
    ],
)
def test_tampering_with_the_log_is_found_at_its_number(store: SqlStore, tampering: str, says: list[str]) -> None:
    with store.begin() as unit:
        for number in range(1, 6):
            unit.log(an_event(number))
    assert store.verify() == ()
    break_rows(store, tampering)
    found = store.verify()
    with store.begin() as unit:
        unit.log(an_event(6))
    assert store.verify(), "what was written later does not hide it"
    assert len(found) == len(says)
    assert all(part in line for part, line in zip(says, found, strict=True)), found


def test_verify_finds_nothing_in_a_store_in_use(store: SqlStore) -> None:
    sha256 = add(store, 1)
    row = store.claim_next(NOW)
    assert row is not None
    with store.begin() as unit:
        unit.save_facts(1, [some_facts(sha(3), "archive.encrypted")])
        unit.save_case(a_case(messages=(sha256,)))
        unit.queue_letter(a_letter(in_answer_to=sha256), OutboxState.READY, NOW, NOW)
        unit.queue_letter(a_letter("<2@o>", case="", in_answer_to=""), OutboxState.READY, NOW, NOW)
        unit.finish_message(row.id, a_message(sha256), a_decision(sha256, a_case()), NOW)
        unit.log(an_event())
    assert store.verify() == ()


def test_verify_names_a_flipped_byte_and_every_missing_file(store: SqlStore) -> None:
    flipped, missing = add(store, 1, b"one"), add(store, 2, b"two")
    attachment = store.files.put_bytes(b"three")
    with store.begin() as unit:
        unit.save_facts(1, [some_facts(attachment)])
        letter = unit.queue_letter(a_letter(case="", in_answer_to=""), OutboxState.READY, NOW, NOW)
    store.files.path(flipped).write_bytes(b"onE")
    entry = store.outbox_entry(letter)
    assert entry is not None
    for sha256 in (missing, attachment, entry.sha256):
        store.files.path(sha256).unlink()
    found = store.verify()
    assert found[0] == f"file {flipped} does not hold the bytes of its name"
    assert set(found[1:]) == {
        f"mail 2: its file {missing} is missing",
        f"letter {letter}: its file {entry.sha256} is missing",
        f"attachment: its file {attachment} is missing",
    }


def test_verify_names_rows_that_point_nowhere(store: SqlStore) -> None:
    with store.begin() as unit:
        unit.save_case(a_case(messages=()))
    break_rows(
        store,
        "INSERT INTO message_refs VALUES ('office', 'INBOX', 1, 1, 77)",
        "INSERT INTO case_messages VALUES ('ABTC-2026-0009', 'ff')",
    )
    assert set(store.verify()) == {
        "message_refs: message 77 names nothing in messages",
        "case_messages: case_number ABTC-2026-0009 names nothing in cases",
        "case_messages: sha256 ff names nothing in messages",
        "message_refs office INBOX 1 1 was not written by this program",
        "case_messages ABTC-2026-0009 ff was not written by this program",
    }


def test_tables_and_migrations_agree(store: SqlStore) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from mailintake.store.tables import METADATA

    with store._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, METADATA) == []


def test_a_database_of_a_newer_program_is_refused_with_the_fix(place: Place) -> None:
    store = place.open()
    break_rows(store, "UPDATE alembic_version SET version_num = '9999'")
    store.close()
    with pytest.raises(StoreUnusable, match="9999, written by a newer mailintake") as refused:
        place.open()
    assert "install the newer version" in refused.value.fix

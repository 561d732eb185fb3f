"""A look without SQLAlchemy tells what the store tells, and leaves to the store what it does not know."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.stored import LATER, NOW, a_case, a_letter, add

from mailintake.model.case import Event, State
from mailintake.model.letter import OutboxState
from mailintake.model.understanding import StaffNotice
from mailintake.store.glance import Glance, glance, sqlite_file
from mailintake.store.open import SqlStore, open_store
from mailintake.store.port import Looks


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Where the database lies."""
    return f"sqlite:///{tmp_path}/mailintake.db"


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[SqlStore]:
    """An empty one."""
    opened = open_store(url, tmp_path / "originals")
    yield opened
    opened.close()


def everything(looks: Looks) -> dict[str, object]:
    """All that can be asked."""
    return {
        "mailboxes": [looks.mailbox(name) for name in ("main", "other")],
        "pause": looks.pause(),
        "digest": looks.last_digest(),
        "restored": looks.restored(),
        "newest": looks.newest_message(),
        "events": [looks.last_event(what) for what in ("backup.made", "never")],
        "mails": [looks.count_messages(), looks.count_messages("received"), looks.count_messages("done")],
        "letters": [looks.count_letters(), looks.count_letters((OutboxState.READY, OutboxState.WAITING))],
        "cases": [looks.count_cases(), looks.summaries(), looks.summaries(open_only=False)],
        "notices": looks.count_notices(),
        "workers": looks.workers(),
    }


def test_a_look_tells_what_the_store_tells(url: str, store: SqlStore) -> None:
    with glance(url) as empty:
        assert empty is not None
        assert everything(empty) == everything(store)
    known = [add(store, number, f"mail {number}".encode()) for number in (1, 2)]
    closed = replace(a_case("LN-2026-000002", messages=(known[1],)), state=State.WITHDRAWN)
    with store.begin() as unit:
        unit.save_case(a_case("LN-2026-000001", messages=(known[0],)))
        unit.save_case(closed)
        unit.queue_letter(a_letter("<1@o.example>", case="LN-2026-000001", view=None), OutboxState.READY, NOW, NOW)
        unit.add_notice(StaffNotice("sending.paused", "a quota"), NOW)
        unit.log(Event(NOW, "machine", "backup.made", "", "", (("folder", "2026"),)))
        unit.pause_sending(NOW, LATER, "a quota")
        unit.note_mailbox("main", polled_at=NOW, on_server=3, recorded=2)
    with glance(url) as looks:
        assert looks is not None
        found = everything(looks)
    assert found == everything(store)
    assert found["mails"] == [2, 2, 0]
    assert found["letters"] == [1, 1]


def test_nothing_can_be_written_by_a_look(url: str, store: SqlStore) -> None:
    add(store, 1, b"mail")
    with glance(url) as looks:
        assert isinstance(looks, Glance)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            looks._connection.execute("DELETE FROM messages")


def test_another_schema_a_broken_file_and_a_server_are_left_to_the_store(url: str, store: SqlStore) -> None:
    store.close()
    file = sqlite_file(url)
    assert file is not None
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    for one in (url, "sqlite:////nowhere/at.db", "postgresql+psycopg://here/there"):
        with glance(one) as looks:
            assert looks is None
    file.write_bytes(b"no database at all, whatever its name says")
    with glance(url) as looks:
        assert looks is None

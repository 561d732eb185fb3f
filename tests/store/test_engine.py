"""What goes wrong with a database is said in the words of errors.py, with what to do."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import event
from tests.support.stored import NOW, a_case, ref, sha

from mailintake.errors import ConfigError, StoreUnusable
from mailintake.store.engine import make_engine, parse_url
from mailintake.store.open import SqlStore, open_store


def opened(folder: Path) -> SqlStore:
    return open_store(f"sqlite:///{folder}/mailintake.db", folder / "originals")


@pytest.mark.parametrize("url", ["", "mailintake.db", "mysql://host/name", "sqlite://", "sqlite:///:memory:"])
def test_a_url_that_names_no_usable_database_is_a_configuration_error(url: str) -> None:
    with pytest.raises(ConfigError, match="database") as refused:
        parse_url(url)
    assert "sqlite:///path" in refused.value.fix


def test_a_plain_postgresql_url_gets_our_driver() -> None:
    assert parse_url("postgresql://user@host/name").drivername == "postgresql+psycopg"


def test_a_missing_driver_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreUnusable, match="psycopg") as refused:
        make_engine(parse_url("postgresql://user@host/name"))
    assert "mailintake[postgres]" in refused.value.fix


def test_a_file_that_is_no_database_is_refused_with_the_way_back(tmp_path: Path) -> None:
    (tmp_path / "mailintake.db").write_bytes(b"this was a database once, before the disk broke" * 100)
    with pytest.raises(StoreUnusable, match="not a database") as refused:
        opened(tmp_path)
    assert "backup" in refused.value.fix


def test_a_damaged_page_is_named_by_verify_or_refused(tmp_path: Path) -> None:
    with_cases = opened(tmp_path)
    with with_cases.begin() as unit:
        for number in range(50):
            unit.save_case(a_case(f"ABTC-2026-{number:04}"))
    with_cases.close()
    path = tmp_path / "mailintake.db"
    data = bytearray(path.read_bytes())
    data[4096 * 10 : 4096 * 12] = b"\xff" * 8192
    path.write_bytes(data)
    store = opened(tmp_path)
    try:
        found = store.verify()
    except StoreUnusable as refused:
        found = (str(refused),)
    store.close()
    assert found
    assert "database" in found[0]


@pytest.mark.parametrize(
    ("pragma", "fix"), [("max_page_count=60", "free some space"), ("query_only=ON", "make the data folder writable")]
)
def test_a_full_or_read_only_disk_stops_the_program_and_loses_nothing(tmp_path: Path, pragma: str, fix: str) -> None:
    opened(tmp_path).close()
    store = opened(tmp_path)
    store._engine.dispose()

    @event.listens_for(store._engine, "connect")
    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA {pragma}")

    def fill() -> None:
        for number in range(1000):
            with store.begin() as unit:
                unit.add_message(sha(number), ref(number), 1, NOW)

    with pytest.raises(StoreUnusable) as refused:
        fill()
    assert fix in refused.value.fix
    recorded = len(store.messages())
    store.close()
    again = opened(tmp_path)
    assert len(again.messages()) == recorded
    assert again.verify()[recorded:] == ()
    again.close()


def test_sqlite_is_durable_and_checks_foreign_keys(tmp_path: Path) -> None:
    store = opened(tmp_path)
    with store._engine.connect() as connection:
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
        assert found == ["wal", 2]
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    store.close()


def test_the_port_alone_costs_no_database_library() -> None:
    code = "import sys, mailintake.store.port; print({'sqlalchemy', 'sqlmodel', 'alembic'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_what_every_pass_asks_and_writes_loads_no_classes_of_rows(tmp_path: Path) -> None:
    code = f"""
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from mailintake.model.understanding import StaffNotice
from mailintake.store.open import open_store
from mailintake.store.port import FolderPlace

now, place, box = datetime.now(UTC), FolderPlace("main", "INBOX", 1), Path({str(tmp_path)!r})
opened = open_store("sqlite:///" + str(box / "one.db"), box / "originals")
with opened.begin() as unit:
    unit.note_mailbox("main", polled_at=now)
    unit.open_folder(place, "", ())
    unit.note_late(place, 3, 1)
    unit.add_notice_once(StaffNotice("mailbox.fault", "no"), now)
    unit.close_notices("mailbox.fault", "no", now, "well")
    unit.pause_sending(now, now + timedelta(days=1), "")
    unit.end_pause(now)
opened.claim_next(now), opened.last_digest(), opened.notices(), opened.folder(place), opened.mailbox("main")
opened.close()
print({{"sqlmodel", "sqlalchemy.orm", "pydantic"}} & set(sys.modules))
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"

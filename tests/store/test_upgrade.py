"""Databases of every released schema, filled, come to the present one with everything that was in them.

released/v0001.sql is what the program of that schema left behind: one mail with its case and three letters. From the
second schema on, v0002.sql.gz and v0002.postgres.sql.gz are dumps of a whole demo with every state in it, made by the
program of that version (released/fill_v0002.py.txt). A new release adds the files of its own schema.
"""

import gzip
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.support.postgres import cluster
from tests.support.stored import NOW, NUMBER, ref, sha

from mailintake.model.digest import Digest
from mailintake.model.letter import OutboxEntry, OutboxState
from mailintake.model.understanding import Disposition, StaffNotice
from mailintake.stages.summary import summary_of
from mailintake.store.open import SqlStore, open_store
from mailintake.store.port import FolderPlace, FolderProgress, MailboxState, Pause, Restored

RELEASED = Path(__file__).parent / "released"
BYTES = (b"a mail", *(f"Message-ID: <{number}@o>\r\n\r\nbody".encode() for number in range(3)))
FILLED = datetime(2026, 11, 17, 1, 0, tzinfo=UTC)  # when released/fill_v0002.py.txt wrote
HOUR = timedelta(hours=1)
_POSTGRES = (pytest.mark.postgres, pytest.mark.xdist_group("postgres"))


def test_a_database_of_the_first_schema_is_upgraded_and_whole(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        connection.executescript((RELEASED / "v0001.sql").read_text("utf-8"))
    store = open_store(f"sqlite:///{tmp_path}/x.db", tmp_path / "originals")
    for data in BYTES:
        store.files.put_bytes(data)
    assert store.verify() == ()
    (row,), (case,) = store.messages(), store.cases()
    assert (row.status, row.received_at, row.cases) == ("done", NOW, (NUMBER,))
    assert (case.number, len(case.applicants), len(case.documents)) == (NUMBER, 2, 1)
    assert store.summaries() == (summary_of(case),)
    assert [entry.state for entry in store.outbox()] == [OutboxState.WAITING, OutboxState.READY, OutboxState.SENT]
    assert store.reading(row.sha256) is not None
    assert len(store.events()) == 1
    with store.begin() as unit:
        unit.save_case(case)
        assert unit.add_message("ab" * 32, row.refs[0], 1, NOW)
    store.close()
    open_store(f"sqlite:///{tmp_path}/x.db", tmp_path / "originals", migrate=False).close()


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=_POSTGRES)])
def upgraded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    """The filled database of version 0.1.0, opened by this program."""
    folder = tmp_path_factory.mktemp("upgraded")
    if request.param == "sqlite":
        with closing(sqlite3.connect(folder / "x.db")) as connection:
            connection.executescript(dump("v0002.sql.gz"))
        store = open_store(f"sqlite:///{folder}/x.db", folder / "originals")
        yield store
        store.close()
        return
    with cluster() as running:
        running.run("CREATE DATABASE old")
        running.run(dump("v0002.postgres.sql.gz"), "old")
        store = open_store(running.url("old"), folder / "originals")
        yield store
        store.close()


def dump(name: str) -> str:
    return gzip.decompress((RELEASED / name).read_bytes()).decode()


def made(store: SqlStore) -> dict[OutboxState, OutboxEntry]:
    """The letters that were put into each state when the database was filled."""
    told = {e.state: e for e in store.outbox() if e.last_answer == f"made {e.state.value}"}
    ready = [e for e in store.outbox((OutboxState.READY,)) if e.last_answer == "made ready"]
    return told | {OutboxState.READY: ready[0]}


def test_everything_is_there_and_whole(upgraded: SqlStore) -> None:
    assert [line for line in upgraded.verify() if "is missing" not in line] == []  # its files are not here
    assert (upgraded.count_messages(), upgraded.count_cases(open_only=False)) == (41, 20)
    assert (upgraded.count_letters(), upgraded.count_events()) == (37, 236)
    assert len(upgraded.notices(open_only=False)) == 18
    assert Counter(row.disposition for row in upgraded.messages())[Disposition.CASE_OPENED] > 10
    assert all(upgraded.reading(row.sha256) is not None for row in upgraded.messages())


def test_every_case_is_in_its_columns_and_found(upgraded: SqlStore) -> None:
    cases = upgraded.cases(open_only=False)
    assert upgraded.summaries(open_only=False) == tuple(map(summary_of, cases))
    assert upgraded.due_cases("rules", None) == tuple(sorted(case.number for case in upgraded.cases()))
    for case in cases:
        for person in case.applicants:
            for words in filter(None, (person.name, person.passport_no, person.passport_no[-4:], case.number)):
                found = upgraded.summaries(open_only=False, search=words)
                assert case.number in {summary.number for summary in found}, words


def test_folders_stand_where_they_stood(upgraded: SqlStore) -> None:
    seen = FolderProgress(57, (range(1, 41), range(43, 44)), {44: 1, 51: 3})
    assert upgraded.folder(FolderPlace("main", "INBOX", 7)) == seen
    assert upgraded.folder(FolderPlace("main", "INBOX", 8)) == FolderProgress(2, (range(1, 3),))
    assert upgraded.folder(FolderPlace("main", "\u5f52\u6863/2025: \u65e7", 7)) == FolderProgress(3)
    assert upgraded.boundary("main", "INBOX") == "2026-10-30T08:00:00+08:00"
    assert upgraded.boundary("main", "\u5f52\u6863/2025: \u65e7") == ""
    assert upgraded.boundary("main", "Sent") is None


def test_mailboxes_are_as_they_were(upgraded: SqlStore) -> None:
    assert upgraded.mailbox("main") == MailboxState(
        "main",
        polled_at=FILLED - HOUR / 2,
        reconciled_at=datetime(2026, 11, 16, 19, 30, tzinfo=UTC),
        on_server=57,
        recorded=56,
        fault="the server hung up",
        failing_since=datetime(2026, 11, 17, 0, 31, tzinfo=UTC),
        letters_not_before=datetime(2026, 11, 17, 1, 20, tzinfo=UTC),
        drafts_asked_at=datetime(2026, 11, 17, 0, 40, tzinfo=UTC),
    )
    demo = upgraded.mailbox("demo")
    assert (demo.on_server, demo.recorded, demo.fault, demo.failing_since) == (41, 41, "", None)


def test_letters_remember_their_tries_doubts_and_copies(upgraded: SqlStore) -> None:
    letters = made(upgraded)
    assert set(letters) == set(OutboxState)
    ready, doubtful = letters[OutboxState.READY], letters[OutboxState.IN_DOUBT]
    assert (ready.first_tried_at, ready.next_try_at) == (FILLED - 3 * HOUR, FILLED + HOUR)
    assert (doubtful.asked_since, doubtful.resent_at) == (FILLED - 2 * HOUR, FILLED - HOUR)
    assert [e.id for e in upgraded.outbox() if e.restored] == [letters[OutboxState.WAITING].id]
    wanted = {letters[OutboxState.SENT].id, letters[OutboxState.SENDING].id}
    assert {e.id for e in upgraded.outbox(copy_wanted=True)} == wanted


def test_the_programs_own_days_are_kept(upgraded: SqlStore) -> None:
    last = upgraded.last_digest()
    assert last is not None
    assert (last.sequence, last.day) == (12, date(2026, 11, 17))
    pause = upgraded.pause()
    assert pause == Pause(FILLED + HOUR, FILLED + HOUR, "550 quota")
    assert upgraded.restored() == Restored(datetime(2026, 11, 5, 2, tzinfo=UTC))
    with upgraded._engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM digests")).scalar() == 12


def test_one_trouble_has_one_line_still(upgraded: SqlStore) -> None:
    troubles = (
        ("mailbox.fault", "main", "main: busy"),
        ("message.unfetchable", "main/INBOX/51", "main/INBOX/51: drops"),
        ("sending.paused", "", "554 spam"),
        ("letter.withheld", None, "huo@yunzhou.example address_limit"),
    )
    with upgraded.begin() as unit:
        for code, about, words in troubles:
            assert not unit.add_notice_once(StaffNotice(code, words), NOW, about), code
    assert upgraded.was_noticed("mailbox.folder_missing", "main: \u5783\u573e\u90ae\u4ef6")


def test_work_goes_on_where_it_stopped(upgraded: SqlStore) -> None:
    number = upgraded.count_events()
    with upgraded.begin() as unit:
        assert unit.add_message(sha(1), ref(1), 1, NOW)
        for case in upgraded.cases():
            unit.save_case(case)
        unit.raise_mark(FolderPlace("main", "INBOX", 7), 60)
        unit.note_mailbox("main", polled_at=NOW)
        unit.add_digest(Digest(13, date(2026, 11, 18), NOW, NOW))
    assert upgraded.claim_next(NOW) is not None
    assert upgraded.count_events() == number
    assert [line for line in upgraded.verify() if "is missing" not in line] == []


def test_no_value_was_left_behind() -> None:
    """What the old program remembered is named by the tests above, family by family."""
    lines = [line for line in dump("v0002.sql.gz").splitlines() if line.startswith('INSERT INTO "program_values"')]
    families = {
        json.loads(line.split("VALUES(")[1].split(",")[0].replace("'", '"')).partition(":")[0] for line in lines
    }
    assert families == {
        *("before", "uid", "late", "first", "missing", "polled", "reconciled", "fault", "failing"),
        *("letter_box", "drafts", "sending", "restored", "import", "lease", "sent_copy"),
        *("tried", "doubt", "resent", "events", "digest"),
    }

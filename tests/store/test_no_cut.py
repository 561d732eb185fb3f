"""No answer of the store is cut: each list is asked for behind 10,000 rows, where earlier versions stopped at 500,
1,000, 2,000, 5,000 or 10,000."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.support.stored import NOW, a_case, a_letter, ref, sha

from mailintake.model.letter import OutboxState
from mailintake.model.understanding import StaffNotice
from mailintake.store.open import SqlStore, open_store

COUNT = 10_050
UNIQUE = {  # table → columns that differ from row to row
    "messages": ("id", "sha256"),
    "outbox": ("id", "message_id"),
    "notices": ("id", "about"),
    "cases": ("number",),
    "case_clock": ("case_number",),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    """One row of each kind, written by the program, and its like many times over."""
    folder = tmp_path_factory.mktemp("many")
    url = f"sqlite:///{folder}/mailintake.db"
    first = open_store(url, folder / "originals")
    mail = first.files.put_bytes(b"a mail")
    with first.begin() as unit:
        unit.add_message(mail, ref(1), 6, NOW)
        unit.save_case(a_case(messages=(mail,)))
        unit.queue_letter(a_letter(in_answer_to=mail), OutboxState.READY, NOW, NOW)
        unit.add_notice(StaffNotice("letter.failed", "no such user"), NOW)
    first.close()
    multiplied(folder / "mailintake.db")
    opened = open_store(url, folder / "originals")
    yield opened
    opened.close()


def multiplied(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.row_factory = sqlite3.Row
        for table, unique in UNIQUE.items():
            row = dict(database.execute(f"SELECT * FROM {table}").fetchone())  # noqa: S608 - names of ours
            places = ", ".join(f":{name}" for name in row)
            like = ({**row, **{name: value(name, n) for name in unique}} for n in range(2, COUNT + 1))
            names = ", ".join(f'"{name}"' for name in row)
            database.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", like)  # noqa: S608
        database.commit()


def value(name: str, n: int) -> object:
    number = f"LN-2026-{n:06d}"
    return {"id": n, "sha256": sha(n), "number": number, "case_number": number}.get(name, f"<{n}@waiban.example>")


def test_every_letter_is_listed_and_counted(store: SqlStore) -> None:
    assert len(store.outbox((OutboxState.READY,), due=NOW)) == COUNT
    assert store.count_letters((OutboxState.READY,)) == sum(store.letters_by_kind().values()) == COUNT
    assert len(store.outbox(after=COUNT - 3)) == 3


def test_every_letter_that_a_mail_names_is_found(store: SqlStore) -> None:
    named = [value("message_id", n) for n in range(2, COUNT + 1)]
    assert len(store.sent([*map(str, named), "<nothing@waiban.example>"])) == COUNT - 1


def test_every_mail_of_an_address_is_counted(store: SqlStore) -> None:
    (one,) = store.messages(limit=1)
    assert store.count_messages(sender=one.sender) == COUNT


def test_every_last_day_is_on_some_page(store: SqlStore) -> None:
    _, count = store.due_cases_until(None, 80)
    pages = (store.due_cases_until(None, 80, skip=skip)[0] for skip in range(0, count, 80))
    assert len({row.number for rows in pages for row in rows}) == count


def test_every_mail_is_listed_with_its_places(store: SqlStore) -> None:
    found = store.messages("received")
    assert len(found) == store.count_messages() == COUNT
    assert [row.refs for row in found if row.id == 1] == [(ref(1),)]


def test_every_line_for_staff_is_listed(store: SqlStore) -> None:
    assert len(store.notices(code="letter.failed")) == store.count_notices() == COUNT


def test_every_case_is_listed_and_looked_at_when_it_is_due(store: SqlStore) -> None:
    assert len(store.summaries()) == store.count_cases() == COUNT
    assert len(store.due_cases("r1", None)) == COUNT  # never looked at by these rules

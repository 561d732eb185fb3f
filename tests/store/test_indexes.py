"""What is asked for each mail stays as fast with many cases as with few: every lookup goes through an index."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event
from tests.support.stored import NOW, a_case, a_letter, a_message, an_event, ref, sha, some_facts

from mailintake.model.letter import OutboxState
from mailintake.model.understanding import StaffNotice
from mailintake.store.open import SqlStore, open_store
from mailintake.store.port import FolderPlace, Unit
from mailintake.store.tables import METADATA

INBOX = FolderPlace("main", "INBOX", 1)
TOKENS, NUMBERS = ["<a@b>", "<c@d>"], ["ABTC-2026-0001"]
LOOKUPS: dict[str, Callable[[SqlStore], object]] = {
    "everything about one mail": lambda s: s.candidates(TOKENS, NUMBERS, "a@b.example", "b.example", ["EA1", "x"]),
    "queue": lambda s: s.claim_next(NOW),
    "mail by id": lambda s: s.message("1"),
    "mail by hash": lambda s: s.message(sha(1)),
    "mail by Message-ID": lambda s: s.message("<a@b>"),
    "mails by status": lambda s: s.messages("quarantined"),
    "reading": lambda s: s.reading(sha(1)),
    "facts": lambda s: s.facts(1, [sha(1), sha(2)]),
    "text": lambda s: s.text(1, sha(1)),
    "case": lambda s: s.case(NUMBERS[0]),
    "open cases": lambda s: s.cases(),
    "known UIDs": lambda s: s.known_uids("office", "INBOX", 1),
    "sent": lambda s: s.sent(["<a@b>"]),
    "due letters": lambda s: s.outbox((OutboxState.READY,)),
    "letter": lambda s: s.outbox_entry(1),
    "limit of an address": lambda s: s.letters_to("a@b.example", NOW),
    "notices": lambda s: s.notices(),
    "events of a case": lambda s: s.events(NUMBERS[0]),
    "mailbox": lambda s: s.mailbox("main"),
    "folder": lambda s: s.folder(INBOX),
    "boundary of a folder": lambda s: s.boundary("main", "INBOX"),
    "last digest": lambda s: s.last_digest(),
    "restore": lambda s: s.restored(),
    "due cases": lambda s: s.due_cases("r", NOW.date()),
    "summaries": lambda s: s.summaries(),
    "search": lambda s: s.summaries(open_only=False, search="lin xiaoman"),
    "copies wanted": lambda s: s.outbox(copy_wanted=True),
    "letter by Message-ID": lambda s: s.letter("<a@b>"),
    "letters of a case": lambda s: s.count_letters(cases=NUMBERS, after=3),
    "letters to somebody": lambda s: s.outbox((OutboxState.SENT,), reaching=("a@b.example",), sent_since=NOW),
    "answers to a mail": lambda s: s.outbox(in_answer_to=sha(1)),
    "limit of a day": lambda s: s.sent_times(NOW),
    "a trouble": lambda s: s.was_noticed("mailbox.fault", "main"),
    "figures": lambda s: s.counts(NOW.date(), NOW.date()),
}


def write(unit: Unit) -> None:
    """Everything that one mail writes."""
    unit.add_message(sha(2), ref(2), 1, NOW)
    unit.start_processing(1)
    unit.save_facts(1, [some_facts(sha(7))])
    unit.save_text(1, sha(7), None)
    unit.next_number(2026)
    unit.save_case(a_case())
    number = unit.queue_letter(a_letter(), OutboxState.READY, NOW, NOW)
    unit.replace_letter(number, a_letter(raw=b"new"))
    unit.move(number, OutboxState.READY, OutboxState.SENDING, NOW)
    unit.move(number, OutboxState.SENDING, OutboxState.SENT, NOW)
    unit.finish_message(1, a_message(sha(1)), None, NOW)
    unit.close_notice(1, NOW, "")
    unit.log(an_event())
    unit.add_notice_once(StaffNotice("mailbox.fault", "main"), NOW)
    unit.note_mailbox("main", polled_at=NOW)
    unit.raise_mark(INBOX, 7)
    unit.look_again(NUMBERS[0], "r", NOW.date())


def everything_written(store: SqlStore) -> None:
    with store.begin() as unit:
        write(unit)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = open_store(f"sqlite:///{tmp_path}/x.db", tmp_path / "originals")
    with opened.begin() as unit:
        unit.add_message(sha(1), ref(1), 1, NOW)
        unit.open_folder(INBOX, "", [1])
        unit.log(an_event())
    yield opened
    opened.close()


@pytest.mark.parametrize("lookup", [*LOOKUPS.values(), everything_written], ids=[*LOOKUPS, "writing"])
def test_no_table_is_walked_through(store: SqlStore, lookup: Callable[[SqlStore], object]) -> None:
    plans: list[str] = []

    @event.listens_for(store._engine, "before_cursor_execute")
    def explain(_c: Connection, cursor: Any, statement: str, parameters: Any, _x: object, many: bool) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "INSERT")):
            values = parameters[0] if many else parameters
            rows = cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
            plans.extend(row[3] for row in rows)

    lookup(store)
    walked = [plan for plan in plans if plan.startswith("SCAN") and plan.split()[1] in METADATA.tables]
    assert [plan for plan in walked if not plan.endswith("ix_outbox_copy_wanted")] == []  # that has those rows only

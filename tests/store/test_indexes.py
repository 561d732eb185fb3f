"""What is asked for each mail stays as fast with many cases as with few: every lookup goes through an index."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event
from tests.support.stored import NOW, a_case, a_letter, a_message, an_event, ref, sha, some_facts

from mailintake.model.letter import OutboxState
from mailintake.store.open import SqlStore, open_store
from mailintake.store.port import Unit

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
    "sent": lambda s: s.sent("<a@b>"),
    "due letters": lambda s: s.outbox((OutboxState.READY,)),
    "letter": lambda s: s.outbox_entry(1),
    "limit of an address": lambda s: s.letters_to("a@b.example", NOW),
    "notices": lambda s: s.notices(),
    "events of a case": lambda s: s.events(NUMBERS[0]),
    "value": lambda s: s.value("k"),
    "figures": lambda s: s.counts(NOW.date(), NOW.date()),
}


def write(unit: Unit) -> None:
    """Everything that one mail writes."""
    unit.add_message(sha(2), ref(2), 1, NOW)
    unit.start_processing(1, NOW)
    unit.save_facts(1, [some_facts(sha(7))])
    unit.save_text(1, sha(7), None)
    unit.next_number(2026)
    unit.save_case(a_case())
    unit.supersede_unsent(NUMBERS[0], ["a@b.example"], NOW)
    number = unit.queue_letter(a_letter(), OutboxState.READY, NOW, NOW)
    unit.replace_letter(number, a_letter(raw=b"new"))
    unit.set_outbox(number, OutboxState.SENT, NOW)
    unit.finish_message(1, a_message(sha(1)), None, NOW)
    unit.close_notice(1, NOW, "")
    unit.log(an_event())
    unit.set_value("k", "v")


def everything_written(store: SqlStore) -> None:
    with store.begin() as unit:
        write(unit)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = open_store(f"sqlite:///{tmp_path}/x.db", tmp_path / "originals")
    with opened.begin() as unit:
        unit.add_message(sha(1), ref(1), 1, NOW)
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
    assert [plan for plan in plans if plan.startswith("SCAN") and "CONSTANT ROW" not in plan] == []

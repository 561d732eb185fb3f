"""Letters, notices, values and figures in the store, on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.support.stored import (
    LATER,
    NOW,
    NUMBER,
    a_case,
    a_decision,
    a_letter,
    ref,
    sha,
)

from mailintake.model.letter import OutboxState
from mailintake.model.rules import MessageClass
from mailintake.model.understanding import Disposition, StaffNotice
from mailintake.store.open import SqlStore


def test_a_letter_goes_through_its_states(store: SqlStore) -> None:
    letter = a_letter()
    with store.begin() as unit:
        number = unit.queue_letter(letter, OutboxState.WAITING, NOW, LATER)
    entry = store.outbox_entry(number)
    assert entry is not None
    assert (entry.to, entry.case, entry.rendered_for) == (letter.to, NUMBER, date(2026, 11, 23))
    assert store.files.path(entry.sha256).read_bytes() == letter.raw
    with store.begin() as unit:
        unit.set_outbox(number, OutboxState.READY, NOW, answer="by a clerk")
        unit.set_outbox(number, OutboxState.SENDING, NOW, count_attempt=True)
    assert [e.id for e in store.outbox((OutboxState.SENDING,))] == [number]
    with store.begin() as unit:
        unit.set_outbox(number, OutboxState.IN_DOUBT, NOW, next_try_at=LATER)
    doubtful = store.outbox_entry(number)
    assert doubtful is not None
    assert (doubtful.attempts, doubtful.next_try_at, doubtful.last_answer) == (1, LATER, "by a clerk")
    with store.begin() as unit:
        unit.set_outbox(number, OutboxState.SENT, LATER, answer="250 ok")
    sent = store.outbox_entry(number)
    assert sent is not None
    assert (sent.state, sent.sent_at, sent.next_try_at, sent.last_answer) == (OutboxState.SENT, LATER, None, "250 ok")
    assert store.sent(letter.message_id).case == NUMBER  # type: ignore[union-attr]
    assert store.sent("<other@x>") is None
    with pytest.raises(LookupError), store.begin() as unit:
        unit.set_outbox(999, OutboxState.SENT, NOW)


def test_the_same_message_id_cannot_be_queued_twice(store: SqlStore) -> None:
    with store.begin() as unit:
        unit.queue_letter(a_letter(), OutboxState.READY, NOW, NOW)

    def again() -> None:
        with store.begin() as unit:
            unit.set_value("k", "v")
            unit.queue_letter(a_letter(), OutboxState.READY, NOW, NOW)

    with pytest.raises(ValueError, match=r"(?i)unique"):
        again()
    assert len(store.outbox()) == 1
    assert store.value("k") is None


def test_a_letter_can_be_written_anew_only_before_it_was_tried(store: SqlStore) -> None:
    fresh = a_letter(raw=b"tomorrow", rendered_for=date(2026, 11, 24), subject="new")
    with store.begin() as unit:
        number = unit.queue_letter(a_letter(), OutboxState.WAITING, NOW, NOW)
        unit.replace_letter(number, fresh)
    entry = store.outbox_entry(number)
    assert entry is not None
    assert (entry.rendered_for, entry.subject) == (date(2026, 11, 24), "new")
    assert store.files.path(entry.sha256).read_bytes() == b"tomorrow"
    with pytest.raises(ValueError, match="cannot be replaced"), store.begin() as unit:
        unit.replace_letter(number, replace(fresh, message_id="<other@office.example>"))
    with store.begin() as unit:
        unit.set_outbox(number, OutboxState.READY, NOW, count_attempt=True)
    with pytest.raises(ValueError, match="cannot be replaced"), store.begin() as unit:
        unit.replace_letter(number, fresh)


def test_a_later_letter_replaces_unsent_ones_to_the_same_people_about_the_same_case(store: SqlStore) -> None:
    other_people = a_letter("<2@o>", to=("lin@company.example", "boss@company.example"))
    with store.begin() as unit:
        waiting = unit.queue_letter(a_letter("<1@o>", to=("Lin@company.example",)), OutboxState.WAITING, NOW, NOW)
        unit.queue_letter(other_people, OutboxState.READY, NOW, NOW)
        unit.queue_letter(a_letter("<3@o>", case="ABTC-2026-0002"), OutboxState.READY, NOW, NOW)
        tried = unit.queue_letter(a_letter("<4@o>"), OutboxState.READY, NOW, NOW)
        unit.set_outbox(tried, OutboxState.READY, NOW, count_attempt=True)
    with store.begin() as unit:
        same_answer = unit.queue_letter(a_letter("<5@o>"), OutboxState.READY, NOW, NOW)
        found = unit.supersede_unsent(NUMBER, ["lin@company.example"], LATER)
    assert [entry.id for entry in found] == [waiting]
    assert [e.id for e in store.outbox((OutboxState.SUPERSEDED,))] == [waiting]
    assert same_answer in {e.id for e in store.outbox((OutboxState.READY,))}


def test_a_long_outbox_gives_the_oldest_that_wait_and_the_newest_that_are_done(store: SqlStore) -> None:
    with store.begin() as unit:
        ids = [unit.queue_letter(a_letter(f"<{n}@o>"), OutboxState.READY, NOW, NOW) for n in range(4)]
    assert [e.id for e in store.outbox((OutboxState.READY, OutboxState.WAITING), limit=2)] == ids[:2]
    assert [e.id for e in store.outbox(limit=2)] == ids[2:]
    with store.begin() as unit:
        for number in ids:
            unit.set_outbox(number, OutboxState.SENT, NOW)
    assert [e.id for e in store.outbox((OutboxState.SENT,), limit=3)] == ids[1:]


def test_letters_to_an_address_are_counted_since_a_moment_without_withdrawn_ones(store: SqlStore) -> None:
    with store.begin() as unit:
        unit.queue_letter(a_letter("<1@o>"), OutboxState.READY, NOW - timedelta(days=2), NOW)
        unit.queue_letter(a_letter("<2@o>", to=("LIN@company.example", "x@y.example")), OutboxState.READY, NOW, NOW)
        unit.queue_letter(
            a_letter("<3@o>", to=("x@y.example",), cc=("lin@company.example",)), OutboxState.SENT, NOW, NOW
        )
        unit.queue_letter(a_letter("<4@o>"), OutboxState.SUPERSEDED, NOW, NOW)
    assert store.letters_to("Lin@company.example", NOW - timedelta(days=1)) == 2
    assert store.letters_to("lin@company.example", NOW - timedelta(days=3)) == 3
    assert store.letters_to("nobody@x.example", NOW - timedelta(days=3)) == 0


def test_notices_stay_open_until_somebody_closes_them(store: SqlStore) -> None:
    notice = StaffNotice("procedure.conflict", "两个事项", NUMBER, sha(1))
    with store.begin() as unit:
        unit.add_notice(notice, NOW)
        unit.add_notice(StaffNotice("x", "y"), NOW)
    first, second = store.notices()
    assert (first.notice, first.at, first.closed_at) == (notice, NOW, None)
    with store.begin() as unit:
        unit.close_notice(first.id, LATER, "settled by phone")
        unit.close_notice(first.id, LATER + timedelta(days=1), "again")
    assert store.notices() == (second,)
    assert [row.closed_at for row in store.notices(open_only=False)] == [LATER, None]


def test_values_are_replaced(store: SqlStore) -> None:
    with store.begin() as unit:
        unit.set_value("uid:office", "1")
        unit.set_value("uid:office", "2")
    assert store.value("uid:office") == "2"


def test_counts_are_per_day_of_the_office_per_class_per_letter_and_per_finding(store: SqlStore) -> None:
    late_evening_utc = datetime(2026, 11, 22, 17, tzinfo=UTC)  # 01:00 of the 23rd in Shanghai
    with store.begin() as unit:
        for number, at in enumerate((NOW, late_evening_utc, NOW - timedelta(days=30))):
            unit.add_message(sha(number), ref(number), 1, at)
        for row in store.messages():
            parked = a_decision(row.sha256, disposition=Disposition.PARKED, kind=MessageClass.AUTO_REPLY)
            unit.finish_message(row.id, None, parked, NOW)
        unit.save_case(a_case())
        unit.save_case(a_case("ABTC-2026-0002", last_received_at=NOW - timedelta(days=30)))
        unit.queue_letter(a_letter(), OutboxState.READY, NOW, NOW)
        unit.queue_letter(a_letter("<2@o>"), OutboxState.SUPERSEDED, NOW, NOW)
    assert store.counts(date(2026, 11, 17), date(2026, 11, 23)) == {
        "mails": {"2026-11-23": 2},
        "parked": {"auto_reply": 2},
        "letters": {"correction": 1},
        "findings": {"photo.size": 1, "signature.missing": 1},
    }
    assert store.counts(date(2026, 11, 22), date(2026, 11, 22))["mails"] == {}

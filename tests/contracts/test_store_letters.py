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
    letter_in,
    ref,
    sha,
)

from mailintake.model.letter import OUTBOX_TRANSITIONS, LetterKind, OutboxState
from mailintake.model.rules import MessageClass
from mailintake.model.understanding import Disposition, StaffNotice
from mailintake.store.open import SqlStore
from mailintake.store.port import LetterWhere


def test_a_letter_goes_through_its_states(store: SqlStore) -> None:
    letter = a_letter(in_answer_to="")
    with store.begin() as unit:
        number = unit.queue_letter(letter, OutboxState.WAITING, NOW, LATER)
    entry = store.outbox_entry(number)
    assert entry is not None
    assert (entry.to, entry.case, entry.rendered_for) == (letter.to, NUMBER, date(2026, 11, 23))
    assert store.files.path(entry.sha256).read_bytes() == letter.raw
    with store.begin() as unit:
        assert unit.move(number, OutboxState.WAITING, OutboxState.READY, NOW, last_answer="by a clerk")
        assert unit.move(number, OutboxState.READY, OutboxState.SENDING, NOW)
    assert [e.id for e in store.outbox((OutboxState.SENDING,))] == [number]
    with store.begin() as unit:
        assert unit.move(number, OutboxState.SENDING, OutboxState.IN_DOUBT, NOW, next_try_at=LATER)
    doubtful = store.outbox_entry(number)
    assert doubtful is not None
    assert (doubtful.attempts, doubtful.next_try_at, doubtful.last_answer) == (1, LATER, "by a clerk")
    with store.begin() as unit:
        assert unit.move(number, OutboxState.IN_DOUBT, OutboxState.SENT, LATER, last_answer="250 ok")
    sent = store.outbox_entry(number)
    assert sent is not None
    assert (sent.state, sent.sent_at, sent.next_try_at, sent.last_answer) == (OutboxState.SENT, LATER, None, "250 ok")
    assert [sent.case for sent in store.sent([letter.message_id, "<other@x>"])] == [NUMBER]
    assert store.letter(letter.message_id) == sent
    assert store.letter("<other@x>") is None
    assert not [line for line in store.verify() if "names nothing" not in line]  # its case is not here


def test_whoever_is_slower_hears_it_and_changes_nothing(store: SqlStore) -> None:
    with store.begin() as unit:
        number = unit.queue_letter(a_letter(), OutboxState.WAITING, NOW, LATER)
        assert unit.move(number, OutboxState.WAITING, OutboxState.REJECTED, NOW, last_answer="no")
    with store.begin() as unit:
        assert not unit.move(number, OutboxState.WAITING, OutboxState.READY, LATER, last_answer="yes")
        assert not unit.move(999, OutboxState.WAITING, OutboxState.READY, LATER)
    entry = store.outbox_entry(number)
    assert entry is not None
    assert (entry.state, entry.last_answer) == (OutboxState.REJECTED, "no")


@pytest.mark.parametrize("before", OutboxState)
def test_a_letter_takes_the_steps_of_the_table_and_no_other(store: SqlStore, before: OutboxState) -> None:
    for position, after in enumerate(OutboxState):
        with store.begin() as unit:
            letter = a_letter(f"<{position}@o>")
            known = before is not OutboxState.SHADOWED
            number = letter_in(unit, letter, before) if known else unit.queue_letter(letter, before, NOW, NOW)
            if after in OUTBOX_TRANSITIONS[before]:
                assert unit.move(number, before, after, LATER)
            else:
                with pytest.raises(ValueError, match="cannot go from"):
                    unit.move(number, before, after, LATER)


def test_what_is_noted_of_a_letter_moves_it_nowhere(store: SqlStore) -> None:
    with store.begin() as unit:
        number = letter_in(unit, a_letter(), OutboxState.IN_DOUBT)
        unit.note_letter(number, asked_since=NOW, resent_at=LATER, restored=True, copy_wanted=True)
    (entry,) = store.outbox(copy_wanted=True)
    assert (entry.id, entry.state, entry.asked_since, entry.resent_at) == (number, OutboxState.IN_DOUBT, NOW, LATER)
    assert entry.restored
    with pytest.raises(LookupError), store.begin() as unit:
        unit.note_letter(999, restored=True)


def test_a_person_who_lets_a_letter_go_again_gives_it_new_time(store: SqlStore) -> None:
    with store.begin() as unit:
        number = unit.queue_letter(a_letter(), OutboxState.READY, NOW, NOW)
        unit.move(number, OutboxState.READY, OutboxState.SENDING, NOW, first_tried_at=NOW)
        unit.move(number, OutboxState.SENDING, OutboxState.FAILED, LATER)
        unit.move(number, OutboxState.FAILED, OutboxState.READY, LATER)
    (entry,) = store.outbox()
    assert (entry.first_tried_at, entry.attempts) == (None, 1)


def test_the_same_message_id_cannot_be_queued_twice(store: SqlStore) -> None:
    with store.begin() as unit:
        unit.queue_letter(a_letter(), OutboxState.READY, NOW, NOW)

    def again() -> None:
        with store.begin() as unit:
            unit.note_mailbox("k", fault="v")
            unit.queue_letter(a_letter(), OutboxState.READY, NOW, NOW)

    with pytest.raises(ValueError, match=r"(?i)unique"):
        again()
    assert len(store.outbox()) == 1
    assert store.mailbox("k").fault == ""


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
        unit.move(number, OutboxState.WAITING, OutboxState.READY, NOW)
        unit.move(number, OutboxState.READY, OutboxState.SENDING, NOW)
        unit.move(number, OutboxState.SENDING, OutboxState.READY, NOW)
    with pytest.raises(ValueError, match="cannot be replaced"), store.begin() as unit:
        unit.replace_letter(number, fresh)


def test_letters_are_found_by_what_is_asked_of_them(store: SqlStore) -> None:
    both = ("lin@company.example", "boss@company.example")
    with store.begin() as unit:
        waiting = unit.queue_letter(a_letter("<1@o>", to=("Lin@company.example",)), OutboxState.WAITING, NOW, LATER)
        ready = unit.queue_letter(a_letter("<2@o>", to=both, in_answer_to=sha(2)), OutboxState.READY, NOW, NOW)
        other = unit.queue_letter(
            a_letter("<3@o>", case="ABTC-2026-0002", kind=LetterKind.REMINDER, to=("x@y.example",)),
            OutboxState.READY, LATER, LATER,
        )  # fmt: skip
        sent = letter_in(unit, a_letter("<4@o>", cc=("x@y.example",)), OutboxState.SENT)
        later = letter_in(unit, a_letter("<5@o>"), OutboxState.SENDING)
        unit.move(later, OutboxState.SENDING, OutboxState.READY, NOW, next_try_at=LATER)
    asked: list[tuple[LetterWhere, list[int]]] = [
        ({}, [waiting, ready, other, sent, later]),
        ({"cases": (NUMBER,), "untried": True}, [waiting, ready]),
        ({"kinds": (LetterKind.REMINDER,)}, [other]),
        ({"reaching": ("LIN@company.example",)}, [waiting, ready, sent, later]),
        ({"reaching": ("x@y.example", "boss@company.example")}, [ready, other, sent]),
        ({"in_answer_to": sha(2)}, [ready]),
        ({"after": ready}, [other, sent, later]),
        ({"queued_since": LATER}, [other]),
        ({"sent_since": NOW}, [sent]),
        ({"due": NOW}, [ready, sent]),
        ({"due": LATER}, [waiting, ready, other, sent, later]),
    ]
    for where, expected in asked:
        assert [entry.id for entry in store.outbox(**where)] == expected, where
        assert store.count_letters(**where) == len(expected), where
    assert store.count_letters((OutboxState.READY,), due=NOW) == 1
    assert store.letters_by_kind(cases=(NUMBER,)) == {LetterKind.CORRECTION: 4}
    assert store.sent_times(NOW - timedelta(seconds=1)) == (NOW,)
    assert store.sent_times(NOW) == ()


def test_letters_to_an_address_are_counted_since_a_moment_without_withdrawn_ones(store: SqlStore) -> None:
    with store.begin() as unit:
        unit.queue_letter(a_letter("<1@o>"), OutboxState.READY, NOW - timedelta(days=2), NOW)
        unit.queue_letter(a_letter("<2@o>", to=("LIN@company.example", "x@y.example")), OutboxState.READY, NOW, NOW)
        letter_in(unit, a_letter("<3@o>", to=("x@y.example",), cc=("lin@company.example",)), OutboxState.SENT)
        letter_in(unit, a_letter("<4@o>"), OutboxState.SUPERSEDED)
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


def test_one_line_stays_open_for_one_trouble_until_it_is_over(store: SqlStore) -> None:
    fault, other = StaffNotice("mailbox.fault", "main: hung up"), StaffNotice("mailbox.fault", "spare: hung up")
    with store.begin() as unit:
        assert unit.add_notice_once(fault, NOW, "main")
        assert not unit.add_notice_once(replace(fault, text="main: busy"), LATER, "main")
        assert unit.add_notice_once(other, NOW, "spare")
        assert unit.add_notice_once(StaffNotice("letter.failed", "main"), NOW)
    assert store.count_notices() == 3
    assert [row.notice for row in store.notices(code="mailbox.fault")] == [fault, other]
    with store.begin() as unit:
        unit.close_notices("mailbox.fault", "main", LATER, "over")
    assert [row.notice for row in store.notices(code="mailbox.fault")] == [other]
    assert store.was_noticed("mailbox.fault", "main")
    assert not store.was_noticed("mailbox.fault", "third")
    with store.begin() as unit:
        assert unit.add_notice_once(fault, LATER, "main")
    assert store.verify() == ()


def test_lines_about_letters_are_found_by_case_and_by_whole_address(store: SqlStore) -> None:
    first = StaffNotice("letter.bounced", "lin@company.example, Boss@company.example", NUMBER)
    second = StaffNotice("letter.bounced", "xlin@company.example")
    with store.begin() as unit:
        for notice in (first, second, StaffNotice("letter.failed", "lin@company.example")):
            unit.add_notice(notice, NOW)

    def found(*cases: str, to: tuple[str, ...] = ()) -> list[StaffNotice]:
        return [row.notice for row in store.notices_of_letters("letter.bounced", cases, to)]

    assert found(NUMBER) == [first]
    assert found(to=("LIN@company.example",)) == [first]
    assert found(to=("boss@company.example", "xlin@company.example")) == [first, second]
    assert found("", to=("%@company.example",)) == []
    assert found() == []


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
        letter_in(unit, a_letter("<2@o>"), OutboxState.SUPERSEDED)
    assert store.counts(date(2026, 11, 17), date(2026, 11, 23)) == {
        "mails": {"2026-11-23": 2},
        "parked": {"auto_reply": 2},
        "letters": {"correction": 1},
        "findings": {"photo.size": 1, "signature.missing": 1},
    }
    assert store.counts(date(2026, 11, 22), date(2026, 11, 22))["mails"] == {}


@pytest.mark.parametrize("others", [0, 2, 16, 1000])
def test_letters_are_found_by_any_count_of_cases_and_addresses(store: SqlStore, others: int) -> None:
    with store.begin() as unit:
        wanted = unit.queue_letter(a_letter(), OutboxState.READY, NOW, NOW)
        unit.queue_letter(a_letter("<l2@office.example>", case="", to=("y@b.example",)), OutboxState.READY, NOW, NOW)
    cases = [*(f"ABTC-2026-{number + 2:04}" for number in range(others)), NUMBER]
    addresses = [*(f"x{number}@b.example" for number in range(others)), "lin@company.example"]
    assert [entry.id for entry in store.outbox(cases=cases)] == [wanted]
    assert [entry.id for entry in store.outbox((OutboxState.READY,), cases=cases, reaching=addresses)] == [wanted]
    assert store.count_letters(reaching=addresses[:-1]) == 0
    assert store.count_letters((), cases=cases) == 0
    assert store.letters_by_kind(cases=cases) == {LetterKind.CORRECTION: 1}


def test_a_letter_that_is_queued_twice_leaves_nothing_of_its_unit_and_says_why(store: SqlStore) -> None:
    def twice() -> None:
        with store.begin() as unit:
            unit.queue_letter(a_letter(), OutboxState.READY, NOW, NOW)
            unit.queue_letter(a_letter(), OutboxState.READY, NOW, NOW)

    with pytest.raises(ValueError, match=r"UNIQUE|unique"):
        twice()
    assert store.outbox() == ()
    with store.begin() as unit:
        assert unit.queue_letter(a_letter(), OutboxState.READY, NOW, NOW)

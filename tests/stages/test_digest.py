"""The morning's order of things."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.support.digests import HEALTHY, NOW, due, entry, morning, numbered, outbox

from mailintake.model.case import DeadlineKind, State
from mailintake.model.letter import LetterKind, OutboxState
from mailintake.model.understanding import NoticeRow, StaffNotice


def test_what_breaks_a_promise_today_comes_first() -> None:
    kinds = [(line.number[-3:], line.due_kind) for line in morning().due_today]
    assert kinds == [("118", DeadlineKind.TIME_LIMIT), ("131", DeadlineKind.CORRECTION)]


def test_overdue_cases_count_the_working_days_behind_them() -> None:
    (late,) = morning().overdue
    assert (late.number, late.days_left) == ("LN-2026-000097", -2)


@pytest.mark.parametrize(
    ("day", "left"),
    [(date(2026, 11, 25), 1), (date(2026, 11, 30), 4), (date(2026, 11, 24), 0), (date(2026, 11, 23), -1)],
)
def test_days_are_working_days(day: date, left: int) -> None:
    made = morning(cases=(numbered(1, deadlines=due(DeadlineKind.CORRECTION, day)),))
    (line,) = (*made.due_today, *made.overdue, *made.waiting)
    assert line.days_left == left


def test_every_case_stands_in_one_block() -> None:
    made = morning()
    numbers = [line.number for line in (*made.due_today, *made.overdue, *made.complete, *made.waiting)]
    assert len(numbers) == len(set(numbers)) == 5


def test_our_time_limit_stands_still_while_a_company_corrects() -> None:
    waiting = numbered(1, state=State.AWAITING_CORRECTION, deadlines=due(DeadlineKind.TIME_LIMIT, date(2026, 11, 24)))
    assert morning(cases=(waiting,)).due_today == ()


def test_a_deadline_that_was_met_is_silent() -> None:
    met = replace(due(DeadlineKind.TIME_LIMIT, date(2026, 11, 24))[0], met=True)
    assert morning(cases=(numbered(1, state=State.COMPLETE, deadlines=(met,)),)).due_today == ()


def test_names_and_numbers_of_people_are_masked() -> None:
    shown = repr(morning())
    for secret in ("陆文博", "邢若兰", "E12345678", "EA1234567"):
        assert secret not in shown


def test_a_person_is_asked_for_notices_flags_doubts_and_letters_that_did_not_go() -> None:
    assert [line.code for line in morning().needs_person] == [
        "procedure.conflict",
        "sender.unverified",
        "prohibited.N4",
        "case.needs_triage",
        "letter.failed",
    ]


def test_a_flag_that_has_a_notice_is_told_once() -> None:
    notice = NoticeRow(1, NOW, StaffNotice("prohibited.N4", "纳税等级", "LN-2026-000140"))
    codes = [line.code for line in morning(notices=(notice,)).needs_person]
    assert codes.count("prohibited.N4") == 1


def test_every_line_for_a_person_has_its_command() -> None:
    assert all(line.command for line in morning().needs_person)


def test_letters_are_counted_since_the_last_working_day() -> None:
    friday = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
    older = entry(9, LetterKind.CORRECTION, OutboxState.SENT, sent_at=friday)
    digest = entry(10, LetterKind.DIGEST, OutboxState.SENT, sent_at=NOW)
    sent = {
        line.letter: (line.count, line.waiting_approval) for line in morning(outbox=(*outbox(), older, digest)).sent
    }
    assert sent == {"acknowledgement": (1, 0), "correction": (2, 0), "tolerated": (0, 1)}


def test_figures_cover_seven_days_with_zeros() -> None:
    numbers = morning().numbers
    assert [day.mails for day in numbers.days] == [5, 12, 7, 0, 0, 9, 3]
    assert numbers.first_time_right == (1, 3)
    assert numbers.top_findings[0] == ("photo.size", 11)


def test_a_digest_of_nothing_is_a_digest() -> None:
    made = morning(cases=(), notices=(), outbox=(), counts={}, health=HEALTHY)
    assert (made.sequence, made.due_today, made.needs_person) == (215, (), ())
    assert made.next_at - made.made_at == timedelta(days=1)
    assert made.made_at.isoformat() == "2026-11-24T08:30:00+08:00"

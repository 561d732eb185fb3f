"""Working days: 2026 in full against an own table, properties of the counting, and when each period runs."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.judgement import MONDAY, RULES, case_of, rules_with

from mailintake.model.case import Case, Deadline, DeadlineKind, State
from mailintake.model.letter import LetterKind
from mailintake.model.procedure import ProcedureKey
from mailintake.model.zone import SHANGHAI, local_day
from mailintake.stages.deadline import (
    add_working_days,
    deadlines_for,
    on_sent,
    receipt_day,
    recompute_provisional,
    running,
    working_days_between,
)

P = ProcedureKey
CALENDAR = RULES.calendar
D = date.fromisoformat
# The State Council's notice for 2026, typed in from the notice and not from the configuration.
OFF = """01-01 01-02 01-03 02-15 02-16 02-17 02-18 02-19 02-20 02-21 02-22 02-23 04-04 04-05 04-06
05-01 05-02 05-03 05-04 05-05 06-19 06-20 06-21 09-25 09-26 09-27 10-01 10-02 10-03 10-04 10-05 10-06 10-07"""
ON = "01-04 02-14 02-28 05-09 09-20 10-10"
OFF_2026, ON_2026 = ({D(f"2026-{day}") for day in text.split()} for text in (OFF, ON))
YEAR = [D("2026-01-01") + timedelta(days=n) for n in range(365)]
WORK_2026 = [d for d in YEAR if d in ON_2026 or (d.weekday() < 5 and d not in OFF_2026)]
DAYS = st.dates(D("2025-06-01"), D("2026-12-01"))


def test_every_day_of_2026_is_what_the_notice_says() -> None:
    assert [d for d in YEAR if CALENDAR.is_working_day(d)] == WORK_2026


@pytest.mark.parametrize("count", [1, 3, 10])
def test_every_start_of_2026_gives_the_day_of_the_table(count: int) -> None:
    for start in YEAR:
        after = [d for d in WORK_2026 if d > start]
        if len(after) >= count:
            assert add_working_days(start, count, CALENDAR) == (after[count - 1], False)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-09", 10, "2026-11-23"),
        ("2026-09-18", 3, "2026-09-22"),  # Sunday 09-20 is worked
        ("2026-09-30", 3, "2026-10-10"),  # seven days off, then Saturday is worked
        ("2026-02-13", 3, "2026-02-25"),  # Saturday 02-14 is worked, then nine days off
        ("2026-05-08", 1, "2026-05-09"),
    ],
)
def test_make_up_days_count_and_holidays_do_not(start: str, days: int, due: str) -> None:
    assert add_working_days(D(start), days, CALENDAR)[0] == D(due)


def test_a_period_into_a_year_without_a_notice_is_provisional() -> None:
    due, provisional = add_working_days(D("2026-12-21"), 10, CALENDAR)
    assert due == D("2027-01-05")
    assert provisional


@given(DAYS, st.integers(1, 30))
def test_the_last_day_is_a_working_day_after_the_start(start: date, count: int) -> None:
    due, _ = add_working_days(start, count, CALENDAR)
    assert due > start
    assert CALENDAR.is_working_day(due)
    assert working_days_between(start, due, CALENDAR) == count


@given(DAYS, st.integers(0, 15), st.integers(0, 15))
def test_counting_in_two_steps_is_counting_at_once(start: date, first: int, second: int) -> None:
    middle, _ = add_working_days(start, first, CALENDAR)
    assert add_working_days(middle, second, CALENDAR)[0] == add_working_days(start, first + second, CALENDAR)[0]


@given(DAYS, DAYS)
def test_days_between_turn_their_sign_with_the_direction(one: date, other: date) -> None:
    assert working_days_between(one, other, CALENDAR) == -working_days_between(other, one, CALENDAR)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-09T16:59:59+08:00", "2026-11-09"),
        ("2026-11-09T17:00:00+08:00", "2026-11-10"),
        ("2026-11-06T18:00:00+08:00", "2026-11-09"),
        ("2026-11-07T10:00:00+08:00", "2026-11-09"),
        ("2026-10-10T10:00:00+08:00", "2026-10-10"),
        ("2026-11-09T09:30:00+00:00", "2026-11-10"),
        ("2026-11-08T23:30:00+00:00", "2026-11-09"),
    ],
)
def test_receipt_is_a_working_day_on_the_clock_of_the_office(moment: str, day: str) -> None:
    assert receipt_day(datetime.fromisoformat(moment), CALENDAR) == D(day)


def of(case: Case, kind: DeadlineKind) -> Deadline | None:
    return next((d for d in case.deadlines if d.kind is kind), None)


def at(case: Case, state: State, now: datetime) -> Case:
    moved = replace(case, state=state, last_received_at=now)
    return replace(moved, deadlines=deadlines_for(moved, RULES, now))


def test_our_first_notice_is_due_one_working_day_after_the_first_mail() -> None:
    case = at(case_of(P.NEW), State.AWAITING_CORRECTION, MONDAY)
    notice = of(case, DeadlineKind.FIRST_NOTICE)
    assert notice is not None
    assert notice.due == D("2026-11-10")


def test_no_correction_period_runs_before_the_letter_was_sent() -> None:
    case = at(case_of(P.NEW), State.AWAITING_CORRECTION, MONDAY)
    assert of(case, DeadlineKind.CORRECTION) is None
    sent = on_sent(case, LetterKind.CORRECTION, MONDAY + timedelta(days=2), RULES)
    period = of(sent, DeadlineKind.CORRECTION)
    assert period is not None
    assert (period.since, period.due) == (D("2026-11-11"), D("2026-11-25"))
    notice = of(sent, DeadlineKind.FIRST_NOTICE)
    assert notice is not None
    assert notice.met


def test_the_day_of_sending_is_the_one_on_the_wall_of_the_office() -> None:
    case = at(case_of(P.NEW), State.AWAITING_CORRECTION, MONDAY)
    sent = on_sent(case, LetterKind.TOLERATED, datetime(2026, 11, 9, 17, 30, tzinfo=UTC), RULES)
    period = of(sent, DeadlineKind.CORRECTION)
    assert period is not None
    assert period.since == D("2026-11-10")


@pytest.mark.parametrize(
    "letter", [LetterKind.TO_STAFF, LetterKind.RECEIVED, LetterKind.REMINDER, LetterKind.ACKNOWLEDGEMENT]
)
def test_letters_that_ask_for_nothing_start_no_period(letter: LetterKind) -> None:
    case = at(case_of(P.NEW), State.AWAITING_CORRECTION, MONDAY)
    assert of(on_sent(case, letter, MONDAY, RULES), DeadlineKind.CORRECTION) is None


def test_a_second_letter_does_not_stretch_the_period_and_a_later_one_starts_a_new_one() -> None:
    case = on_sent(at(case_of(P.NEW), State.AWAITING_CORRECTION, MONDAY), LetterKind.CORRECTION, MONDAY, RULES)
    again = on_sent(case, LetterKind.CORRECTION, MONDAY + timedelta(days=3), RULES)
    assert of(again, DeadlineKind.CORRECTION) == of(case, DeadlineKind.CORRECTION)
    late = on_sent(case, LetterKind.CORRECTION, MONDAY + timedelta(days=30), RULES)
    period = of(late, DeadlineKind.CORRECTION)
    assert period is not None
    assert period.since == local_day(MONDAY + timedelta(days=30))


@pytest.mark.parametrize(
    ("procedure", "days"),
    [(P.NEW, 10), (P.RENEW, 10), (P.REPLACE, 3), (P.PASSPORT_CHANGE, 3), (P.CANCEL, 3), (P.EARLY_ISSUE, 3)],
)
def test_the_time_limit_of_the_guide_starts_when_the_case_is_complete(procedure: P, days: int) -> None:
    case = at(case_of(procedure), State.COMPLETE, MONDAY)
    limit = of(case, DeadlineKind.TIME_LIMIT)
    assert limit is not None
    assert limit.since == D("2026-11-09")
    assert limit.due == add_working_days(D("2026-11-09"), days, CALENDAR)[0]


def test_the_clock_stands_while_corrections_are_awaited_and_goes_on_with_the_days_left() -> None:
    case = at(case_of(P.NEW), State.COMPLETE, MONDAY)  # due 11-23
    waiting = at(case, State.AWAITING_CORRECTION, datetime(2026, 11, 12, 10, tzinfo=SHANGHAI))  # 3 used, 7 left
    assert running(waiting, DeadlineKind.TIME_LIMIT) is None
    again = at(waiting, State.COMPLETE, datetime(2026, 11, 26, 10, tzinfo=SHANGHAI))
    limit = running(again, DeadlineKind.TIME_LIMIT)
    assert limit is not None
    assert (limit.due, limit.days) == (D("2026-12-07"), 7)


def test_a_complete_case_awaits_nothing() -> None:
    case = on_sent(at(case_of(P.NEW), State.AWAITING_CORRECTION, MONDAY), LetterKind.CORRECTION, MONDAY, RULES)
    assert running(at(case, State.COMPLETE, MONDAY + timedelta(days=1)), DeadlineKind.CORRECTION) is None


def test_a_provisional_day_moves_when_the_notice_comes_and_others_stay() -> None:
    late = datetime(2026, 12, 21, 10, tzinfo=SHANGHAI)
    case = on_sent(at(case_of(P.NEW), State.AWAITING_CORRECTION, late), LetterKind.CORRECTION, late, RULES)
    period = of(case, DeadlineKind.CORRECTION)
    assert period is not None
    assert (period.due, period.provisional) == (D("2027-01-05"), True)
    holiday = frozenset({*CALENDAR.days_off, D("2027-01-01"), D("2027-01-04")})
    known = rules_with(calendar=replace(CALENDAR, days_off=holiday, known_until=D("2027-12-31")))
    moved = of(recompute_provisional(case, known), DeadlineKind.CORRECTION)
    assert moved is not None
    assert (moved.due, moved.provisional) == (D("2027-01-06"), False)
    assert (
        recompute_provisional(recompute_provisional(case, known), RULES).deadlines
        == recompute_provisional(case, known).deadlines
    )

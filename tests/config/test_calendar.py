"""The shipped calendar against the published notices, as the package chinesecalendar knows them."""

import re
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from mailintake.config import load, verdict
from mailintake.model.rules import WorkCalendar

DAYS = [date(2025, 1, 1) + timedelta(days=n) for n in range(730)]


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    return load(None, {}).rules.calendar


def test_every_day_of_2025_and_2026_is_as_published(calendar: WorkCalendar) -> None:
    wrong = [day for day in DAYS if calendar.is_working_day(day) is not chinese_calendar.is_workday(day)]
    assert wrong == []
    assert DAYS[-1] == calendar.known_until


def test_days_off_and_make_up_days_are_exactly_those_of_the_notices(calendar: WorkCalendar) -> None:
    years = (2025, 2026)
    assert calendar.days_off == {d for d in chinese_calendar.holidays if d.year in years}
    assert calendar.make_up_days == {d for d in chinese_calendar.workdays if d.year in years}


def test_ten_working_days_across_the_national_holiday(calendar: WorkCalendar) -> None:
    assert calendar.after(date(2026, 9, 24), 10) == (date(2026, 10, 15), False)


def test_a_deadline_in_a_year_without_notice_is_provisional(calendar: WorkCalendar) -> None:
    assert calendar.after(date(2026, 12, 30), 3)[1] is True


@pytest.mark.parametrize("year", [2027, 2030, 2041])
def test_days_off_fixed_by_law_are_off_in_a_year_without_notice_too(calendar: WorkCalendar, year: int) -> None:
    fixed = [date(year, 1, 1), *(date(year, 5, d) for d in (1, 2)), *(date(year, 10, d) for d in (1, 2, 3))]
    assert not any(calendar.is_working_day(day) for day in fixed)


def test_a_term_across_new_year_does_not_count_new_year_s_day(calendar: WorkCalendar) -> None:
    assert calendar.after(date(2026, 12, 22), 10) == (date(2027, 1, 6), True)


def test_check_holds_the_file_against_an_independent_copy_of_the_notices(tmp_path: Path) -> None:
    shipped = Path("config/calendar.yaml").read_text("utf-8")
    wrong = shipped.replace("2026-06-19, last: 2026-06-21", "2026-06-20, last: 2026-06-21").replace(
        "2026-10-07, make_up: [2026-09-20, 2026-10-10]", "2026-10-08, make_up: [2026-09-20, 2026-10-10]"
    )
    for name, text, found in (("right", shipped, []), ("wrong", wrong, ["2026-06-19", "2026-10-08"])):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "calendar.yaml").write_text(text.replace("holidays:\n", "holidays:\n  replace:\n"), "utf-8")
        told = [problem for problem in verdict(folder, {}).problems if problem.code.startswith("notice-")]
        assert [day for problem in told for day in re.findall(r"\d{4}-\d\d-\d\d", problem.message)] == found
        assert {problem.severity.value for problem in told} <= {"warning"}

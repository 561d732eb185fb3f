"""Calendar months."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailintake.checks.months import add_months, iso_date, whole_months

DAYS = st.dates(date(2000, 1, 1), date(2080, 12, 31))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-11-09", -6, "2026-05-09"),
        ("2026-12-31", -10, "2026-02-28"),
        ("2026-01-31", 12, "2027-01-31"),
    ],
)
def test_months_keep_the_day_or_take_the_last_one(start: str, months: int, end: str) -> None:
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(end)


@given(DAYS, st.integers(0, 240))
def test_whole_months_undo_added_months(day: date, months: int) -> None:
    assert whole_months(day, add_months(day, months)) == months


def test_a_text_that_is_no_date_is_none() -> None:
    assert iso_date("2026-02-30") is None
    assert iso_date("") is None

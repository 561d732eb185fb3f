"""Calendar months, and when two spellings are one name."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailintake.checks._dates import add_months, iso_date, whole_months
from mailintake.checks._names import same_company, same_name, same_pinyin

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


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ZHANG SAN", "San Zhang", True),
        ("ZHANG XIAO MING", "ZHANG XIAOMING", True),
        ("LYU RONG", "LV RONG", True),
        ("LYU RONG", "LÜ RONG", True),
        ("NYU ER", "NV ER", True),
        ("LU YUE", "LYU YUE", True),
        ("ZHANG SAN", "ZHANG SI", False),
        ("", "ZHANG SAN", False),
    ],
)
def test_pinyin_is_compared_without_its_accidents(one: str, other: str, same: bool) -> None:
    assert same_pinyin(one, other) is same


def test_chinese_names_are_compared_without_blanks() -> None:
    assert same_name("张　三", "张三")
    assert not same_name("张三", "张四")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("沈阳晴川机械有限公司", "沈阳晴川机械有限公司", True),
        ("沈阳晴川机械有限公司", "晴川机械", True),
        ("沈阳晴川机械有限公司（盖章）", "沈阳晴川机械有限公司", True),
        ("沈阳晴川机械（集团）有限公司", "沈阳晴川机械集团有限公司", True),
        ("沈阳晴川机械有限公司", "大连听涛贸易有限公司", False),
        ("沈阳晴川机械有限公司", "晴川", False),
        ("", "", False),
    ],
)
def test_a_short_company_name_is_the_same_company(one: str, other: str, same: bool) -> None:
    assert same_company(one, other) is same

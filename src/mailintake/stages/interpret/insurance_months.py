"""The months of a social insurance list: which rows are payments, and which only mention a month."""

import re

from mailintake.model.value import value
from mailintake.stages.interpret.words import Words, squash
from mailintake.stages.words.page import Cell, Page

_YEAR_LIMITS = (1990, 2100)
_AMOUNT = re.compile(r"(?<![\d.,])\d{1,3}(?:,?\d{3})*\.\d{2}(?![\d.])")


@value
class MonthRow:
    """Months of one row, counted from year 0."""

    months: tuple[int, ...]
    cell: Cell
    row_text: str

    @property
    def nought(self) -> bool:
        """Amounts are given and every one is 0.00."""
        amounts = _AMOUNT.findall(self.row_text)
        return bool(amounts) and not any(float(amount.replace(",", "")) for amount in amounts)


def iso_month(month: int) -> str:
    """Counted from year 0 to ISO 8601."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def month_rows(page: Page, words: Words) -> list[MonthRow]:
    """Rows that are payments. A month that belongs to something else (first insured, printed, a period searched) is
    none, nor is one behind a label with a colon that is not a label of payments."""
    pattern = _pattern(words)
    two_columns = words.has("insurance_first_head", page.text) and words.has("insurance_last_head", page.text)
    found = []
    for row in page.rows:
        text = "  ".join(cell.text for cell in row)
        if words.has("insurance_printed", text[:12]) or words.has("insurance_unpaid", text):
            continue
        for at, cell in enumerate(row):
            mark = pattern.search(cell.text)
            if mark is None:
                continue
            before = "  ".join([*(c.text for c in row[max(0, at - 1) : at]), cell.text[: mark.start()]])
            if _is_payment(before, words):
                months = _months_in(cell.text, pattern, words, two_columns=two_columns)
                beside = row[at + 1].text if two_columns and at + 1 < len(row) else ""
                end = _months_in(beside, pattern, words)
                found.append(MonthRow(_filled(months, end), cell, text))
                break
    return [row for row in found if row.months]


def _is_payment(before: str, words: Words) -> bool:
    if words.has("insurance_no_month", before):
        return False
    label = squash(before).rstrip()
    return not label.endswith(":") or label.rstrip(":").endswith(words.words("insurance_month_labels"))


def _filled(first: tuple[int, ...], last: tuple[int, ...]) -> tuple[int, ...]:
    """Of a table with a column for the first and one for the last month, all between them."""
    return tuple(range(first[0], last[0] + 1)) if len(first) == len(last) == 1 and first <= last else first


def _pattern(words: Words) -> re.Pattern[str]:
    """202603, 2026-03, 2026.3, 2026年3月; never the month of a full date, nor digits inside a longer number."""
    year, month, day, *_ = (re.escape(mark) for mark in words.raw("date_marks"))
    no_day = rf"(?![\d]|\s?[-./]\s?\d{{1,2}}(?!\d)|\.\d|\s?\d{{1,2}}\s?{day})"
    written = rf"\s?[-./{year}]\s?(1[0-2]|0?[1-9])\s?{month}?+"
    return re.compile(rf"(?<![\d.,])(20\d\d|19\d\d)(?:(0[1-9]|1[0-2])|{written}){no_day}")


def _months_in(text: str, pattern: re.Pattern[str], words: Words, *, two_columns: bool = False) -> tuple[int, ...]:
    """The months of a cell; two with a range sign between, or from the two columns, stand for all between them."""
    marks = list(pattern.finditer(text))
    months = [_number(mark) for mark in marks]
    if not all(_YEAR_LIMITS[0] * 12 <= month <= _YEAR_LIMITS[1] * 12 for month in months):
        return ()
    if len(marks) == 2:
        between = squash(text[marks[0].end() : marks[1].start()])
        if (between in words.words("insurance_range") or (two_columns and not between)) and months[0] <= months[1]:
            return tuple(range(months[0], months[1] + 1))
    return tuple(months[:1])


def _number(mark: re.Match[str]) -> int:
    return int(mark[1]) * 12 + int(mark[2] or mark[3]) - 1

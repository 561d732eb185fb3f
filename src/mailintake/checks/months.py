"""Calendar months as the guide counts them: the same day of the month, or its last one (reading `months`)."""

import calendar
from datetime import date


def add_months(day: date, months: int) -> date:
    """The same day `months` later (earlier when negative), clamped to the end of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def whole_months(start: date, end: date) -> int:
    """Full months from `start` to `end`; negative when `end` is earlier."""
    if end < start:
        return -whole_months(end, start)
    count = (end.year - start.year) * 12 + end.month - start.month
    return count if add_months(start, count) <= end else count - 1


def iso_date(text: str) -> date | None:
    """The date of an ISO 8601 text, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

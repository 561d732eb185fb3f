"""Dates as people write them, in upper case and half width: 2026年3月1日, 26.3.1, 1 MARCH 2026, 明年3月1日."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_MONTH = "|".join(_MONTHS)
_CENTURY, _YEAR = 2000, 12  # months
DATE = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)\s*[\u5e74./\-]\s*(?P<m>\d{1,2})\s*[\u6708./\-]\s*(?P<d>\d{1,2})(?!\d)\s*[\u65e5\u53f7]?"
    r"|(?<![\dA-Z])(?P<cy>(?:19|20)\d\d)(?P<cm>\d\d)(?P<cd>\d\d)(?!\d)"
    rf"|(?<!\d)(?P<ed>\d{{1,2}})(?:ST|ND|RD|TH)?[\s-]+(?P<em>{_MONTH})[A-Z]*\.?,?[\s-]+(?P<ey>(?:19|20)\d\d)"
    rf"|(?P<am>{_MONTH})[A-Z]*\.?\s+(?P<ad>\d{{1,2}})(?:ST|ND|RD|TH)?,?\s+(?P<ay>(?:19|20)\d\d)"
    r"|(?<![\d.])(?P<hy>[2-4]\d)\u5e74(?P<hm>\d{1,2})\u6708(?P<hd>\d{1,2})(?!\d)[\u65e5\u53f7]?"
    r"|(?<![\d./\-])(?P<sy>[2-4]\d)(?P<sep>[./\-])(?P<sm>\d{1,2})(?P=sep)(?P<sd>\d{1,2})(?![\d./\-])"
    r"|(?<![\d./\-])(?P<one>\d{1,2})(?P<mid>[./\-])(?P<two>\d{1,2})(?P=mid)(?P<ly>20\d\d)(?!\d)"
)


def iso_date(found: re.Match[str]) -> str | None:
    """The matched date in ISO 8601; None when there is no such day, or when day and month could change places."""
    for prefix in ("", "c"):
        if found[f"{prefix}y"]:
            return _iso(int(found[f"{prefix}y"]), int(found[f"{prefix}m"]), int(found[f"{prefix}d"]))
    for prefix in ("e", "a"):
        if found[f"{prefix}y"]:
            month = _MONTHS.index(found[f"{prefix}m"]) + 1
            return _iso(int(found[f"{prefix}y"]), month, int(found[f"{prefix}d"]))
    for prefix in ("h", "s"):
        if found[f"{prefix}y"]:
            return _iso(_CENTURY + int(found[f"{prefix}y"]), int(found[f"{prefix}m"]), int(found[f"{prefix}d"]))
    return _turned(int(found["one"]), int(found["two"]), int(found["ly"]))


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _turned(one: int, two: int, year: int) -> str | None:
    """20/03/2027 and 03/20/2027: whichever can be a month; where both can, nobody knows."""
    if one > _YEAR or one == two:
        return _iso(year, two, one)
    return _iso(year, one, two) if two > _YEAR else None


def with_years(text: str, words: Sequence[str], year: int) -> str:
    """The text with "this year, next year …" before a month and day as the year; `words` in order from `year` on."""
    for later, word in enumerate(words):
        text = re.sub(rf"{re.escape(word)}\u7684?(?=\s*\d{{1,2}}\s*[\u6708.]\s*\d)", f"{year + later}.", text)
    return text


def iso_dates(text: str) -> Iterator[str]:
    """Every date of a text in upper case, in order."""
    for found in DATE.finditer(text):
        if day := iso_date(found):
            yield day

"""Dates as people write them, in upper case and half width: 2026年3月1日, 2026.3.1, 1 MARCH 2026."""

import re
from collections.abc import Iterator
from datetime import date

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_MONTH = "|".join(_MONTHS)
DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s*[\u5e74./\-]\s*(\d{1,2})\s*[\u6708./\-]\s*(\d{1,2})(?!\d)\s*[\u65e5\u53f7]?"
    r"|(?<![\dA-Z])((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)"
    rf"|(?<!\d)(\d{{1,2}})(?:ST|ND|RD|TH)?[\s-]+({_MONTH})[A-Z]*\.?,?[\s-]+((?:19|20)\d\d)"
    rf"|({_MONTH})[A-Z]*\.?\s+(\d{{1,2}})(?:ST|ND|RD|TH)?,?\s+((?:19|20)\d\d)"
)


def iso_date(found: re.Match[str]) -> str | None:
    """The matched date in ISO 8601; None when there is no such day."""
    g = found.groups()
    if g[0]:
        parts = (g[0], g[1], g[2])
    elif g[3]:
        parts = (g[3], g[4], g[5])
    elif g[6]:
        parts = (g[8], str(_MONTHS.index(g[7]) + 1), g[6])
    else:
        parts = (g[11], str(_MONTHS.index(g[9]) + 1), g[10])
    try:
        return date(*(int(part) for part in parts)).isoformat()
    except ValueError:
        return None


def iso_dates(text: str) -> Iterator[str]:
    """Every date of a text in upper case, in order."""
    for found in DATE.finditer(text):
        if day := iso_date(found):
            yield day

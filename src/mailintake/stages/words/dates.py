"""Dates as people write them, in upper case and half width: 2026年3月1日, 26.3.1, 1 MARCH 2026, 明年3月1日,
二〇二六年三月一日."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
MONTH = "|".join(MONTHS)
_CENTURY, _YEAR = 2000, 12  # months
# a mail in GB 2312 has no sign for the round zero: what is left of it between numerals is one
_ZERO = r"(?:[\u3007\u96f6\u25cb\u25ef\u25cfO]|\ufffd{1,2})"
_ONE_TO_NINE = r"[\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d]"
_TEN = r"\u5341"
IN_WORDS = rf"(?:[\u5eff\u5345]{_ONE_TO_NINE}?|[\u4e8c\u4e09]?{_TEN}{_ONE_TO_NINE}?|{_ONE_TO_NINE}|\u5143|\d{{1,2}})"
DATE = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)\s*[\u5e74./\-]\s*(?P<m>\d{1,2})\s*[\u6708./\-]\s*(?P<d>\d{1,2})(?!\d)\s*[\u65e5\u53f7]?"
    r"|(?<![\dA-Z])(?P<cy>(?:19|20)\d\d)(?P<cm>\d\d)(?P<cd>\d\d)(?!\d)"
    rf"|(?<!\d)(?P<ed>\d{{1,2}})(?:ST|ND|RD|TH)?[\s-]*(?P<em>{MONTH})[A-Z]*\.?,?[\s-]*(?P<ey>(?:19|20)\d\d|(?<=-)[2-4]\d(?![\d-]))"
    rf"|(?P<am>{MONTH})[A-Z]*\.?\s+(?P<ad>\d{{1,2}})(?:ST|ND|RD|TH)?,?\s+(?P<ay>(?:19|20)\d\d)"
    r"|(?<![\d.])(?P<hy>[2-4]\d)\u5e74(?P<hm>\d{1,2})\u6708(?P<hd>\d{1,2})(?!\d)[\u65e5\u53f7]?"
    r"|(?<![\d./\-])(?P<sy>[2-4]\d)(?P<sep>[./\-])(?P<sm>\d{1,2})(?P=sep)(?P<sd>\d{1,2})(?![\d./\-])"
    rf"|(?P<zy>(?:\u4e8c{_ZERO}|\u4e00\u4e5d)(?:{_ONE_TO_NINE}|{_ZERO}){{2}}|(?<!\d)(?:19|20)\d\d)\s*[\u5e74.]"
    rf"\s*(?P<zm>{IN_WORDS})\s*\u6708\s*(?P<zd>{IN_WORDS})(?!\d)\s*[\u65e5\u53f7]?"
    r"|(?<![\d./\-])(?P<one>\d{1,2})(?P<mid>[./\-])(?P<two>\d{1,2})(?P=mid)(?P<ly>20\d\d)(?!\d)"
)


def iso_date(found: re.Match[str]) -> str | None:
    """The matched date in ISO 8601; None when there is no such day, or when day and month could change places."""
    for prefix in ("", "c"):
        if found[f"{prefix}y"]:
            return _iso(int(found[f"{prefix}y"]), int(found[f"{prefix}m"]), int(found[f"{prefix}d"]))
    for prefix in ("e", "a"):
        if found[f"{prefix}y"]:
            month = MONTHS.index(found[f"{prefix}m"]) + 1
            year = int(found[f"{prefix}y"])
            return _iso(year if year >= _CENTURY - 100 else _CENTURY + year, month, int(found[f"{prefix}d"]))
    for prefix in ("h", "s"):
        if found[f"{prefix}y"]:
            return _iso(_CENTURY + int(found[f"{prefix}y"]), int(found[f"{prefix}m"]), int(found[f"{prefix}d"]))
    if found["zy"]:
        return _iso(_year(found["zy"]), number_in_words(found["zm"]), number_in_words(found["zd"]))
    return _turned(int(found["one"]), int(found["two"]), int(found["ly"]))


def _year(text: str) -> int:
    """A year in digits or in characters, one for each digit."""
    return int("".join(_digit(c) for c in re.sub(r"\ufffd+", "0", text)))


def _digit(character: str) -> str:
    return str(int(unicodedata.numeric(character, 0)))  # what is no number (a circle, a letter) stands for the zero


def number_in_words(text: str) -> int:
    """A month or a day in digits or in characters: 十六, 二十一, 廿三, the first month by its own name."""
    if text.isdecimal():
        return int(text)
    tens, *ones = re.split(_TEN, text, maxsplit=1)
    if ones:
        return int(_digit(tens) if tens else "1") * 10 + sum(int(_digit(c)) for c in ones[0])
    return sum(int(_digit(c)) for c in text) or 1


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


def iso_dates(text: str) -> Iterator[str]:
    """Every date of a text in upper case, in order."""
    for found in DATE.finditer(text):
        if day := iso_date(found):
            yield day

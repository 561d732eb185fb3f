"""Dates as people write them, in upper case and half width: 2026年3月1日, 26.3.1, 1 MARCH 2026, 明年3月1日,
二〇二六年三月一日."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_MONTH = "|".join(_MONTHS)
_CENTURY, _YEAR = 2000, 12  # months
# a mail in GB 2312 has no sign for the round zero: what is left of it between numerals is one
_ZERO = r"(?:[\u3007\u96f6\u25cb\u25ef\u25cfO]|\ufffd{1,2})"
_ONE_TO_NINE = r"[\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d]"
_TEN = r"\u5341"
_IN_WORDS = rf"(?:[\u5eff\u5345]{_ONE_TO_NINE}?|[\u4e8c\u4e09]?{_TEN}{_ONE_TO_NINE}?|{_ONE_TO_NINE}|\u5143|\d{{1,2}})"
_NEAR = 210  # days: a day without a year that is farther away may be of any year
_NEARER = 120  # days: of a day that may be past or to come, the one that is nearer than this is meant
_BARE_DAY = r"(?<![\d\u5e74.\-/])(?P<month>\d{1,2})\s*\u6708\s*(?P<day>\d{1,2})(?!\d)\s*[\u65e5\u53f7]?"
DATE = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)\s*[\u5e74./\-]\s*(?P<m>\d{1,2})\s*[\u6708./\-]\s*(?P<d>\d{1,2})(?!\d)\s*[\u65e5\u53f7]?"
    r"|(?<![\dA-Z])(?P<cy>(?:19|20)\d\d)(?P<cm>\d\d)(?P<cd>\d\d)(?!\d)"
    rf"|(?<!\d)(?P<ed>\d{{1,2}})(?:ST|ND|RD|TH)?[\s-]+(?P<em>{_MONTH})[A-Z]*\.?,?[\s-]+(?P<ey>(?:19|20)\d\d)"
    rf"|(?P<am>{_MONTH})[A-Z]*\.?\s+(?P<ad>\d{{1,2}})(?:ST|ND|RD|TH)?,?\s+(?P<ay>(?:19|20)\d\d)"
    r"|(?<![\d.])(?P<hy>[2-4]\d)\u5e74(?P<hm>\d{1,2})\u6708(?P<hd>\d{1,2})(?!\d)[\u65e5\u53f7]?"
    r"|(?<![\d./\-])(?P<sy>[2-4]\d)(?P<sep>[./\-])(?P<sm>\d{1,2})(?P=sep)(?P<sd>\d{1,2})(?![\d./\-])"
    rf"|(?P<zy>(?:\u4e8c{_ZERO}|\u4e00\u4e5d)(?:{_ONE_TO_NINE}|{_ZERO}){{2}}|(?<!\d)(?:19|20)\d\d)\s*\u5e74"
    rf"\s*(?P<zm>{_IN_WORDS})\s*\u6708\s*(?P<zd>{_IN_WORDS})(?!\d)\s*[\u65e5\u53f7]?"
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
    if found["zy"]:
        return _iso(_year(found["zy"]), _number(found["zm"]), _number(found["zd"]))
    return _turned(int(found["one"]), int(found["two"]), int(found["ly"]))


def _year(text: str) -> int:
    """A year in digits or in characters, one for each digit."""
    return int("".join(_digit(c) for c in re.sub(r"\ufffd+", "0", text)))


def _digit(character: str) -> str:
    return str(int(unicodedata.numeric(character, 0)))  # what is no number (a circle, a letter) stands for the zero


def _number(text: str) -> int:
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


def with_years(text: str, words: Sequence[str], ends: Sequence[str], today: date) -> str:
    """The text with "this year, next year …" before a month and day as the year; `words` in order from the year of
    `today` on. A month and day without a year before one of the patterns `ends` is the next such day, or the last one
    where the pattern's group `over` says that it is past, if that is near; with the group `either` it may be both."""
    for later, word in enumerate(words):
        spoken = rf"{re.escape(word)}\u7684?(?=\s*\d{{1,2}}\s*[\u6708.]\s*\d)"
        text = re.sub(spoken, partial(_led, f"{today.year + later}."), text)
    for end in ends:
        text = re.sub(rf"{_BARE_DAY}(?=\D{{0,2}}?{end})", partial(_with_year, today), text)
    return text


def _led(year: str, hit: re.Match[str]) -> str:
    """The year, apart from a number right before it."""
    before = hit.string[hit.start() - 1 : hit.start()]
    return f" {year}" if before.isascii() and before.isalnum() else year


def _with_year(today: date, hit: re.Match[str]) -> str:
    said = hit.groupdict()
    past, either = bool(said.get("over")), bool(said.get("either"))
    for year in (today.year, today.year - 1, today.year + 1):
        if (day := _iso(year, int(hit["month"]), int(hit["day"]))) is None:
            continue
        ago = (today - date.fromisoformat(day)).days
        if abs(ago) <= _NEARER if either else 0 <= (ago if past else -ago) <= _NEAR:
            return _led(f"{year}.", hit) + hit[0]
    return hit[0]


def iso_dates(text: str) -> Iterator[str]:
    """Every date of a text in upper case, in order."""
    for found in DATE.finditer(text):
        if day := iso_date(found):
            yield day

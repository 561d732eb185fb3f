"""Dates as Chinese papers write them, to ISO 8601. An impossible or ambiguous date is no date."""

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from unicodedata import numeric

from mailintake.model.value import value
from mailintake.stages.interpret.words import Words

_MONTHS = {name: i for i, name in enumerate(re.findall("...", "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"), 1)}
_MONTH = "(" + "|".join(_MONTHS) + ")[A-Z]*"
_DAY_ENDS = r"(?:(?!\d)|(?=\d\d:\d\d))"  # OCR drops the blank between a date and a time: 2026-10-2614:03
_SEPARATED = re.compile(rf"(?<![\d.])((?:19|20)\d\d)\s?[-./]\s?(\d{{1,2}})\s?[-./]\s?(\d{{1,2}}){_DAY_ENDS}")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_DAY_FIRST = re.compile(rf"(?<!\d)(\d{{1,2}})[\s.\-/]?{_MONTH}[\s.,\-/]*((?:19|20)\d\d)(?!\d)", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"(?<![A-Z]){_MONTH}\.?\s?(\d{{1,2}})(?:ST|ND|RD|TH)?[\s,]+((?:19|20)\d\d)", re.IGNORECASE)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[-./](\d{1,2})[-./]((?:19|20)\d\d)(?!\d)")


class _Candidate(NamedTuple):
    start: int
    end: int
    iso: str | None  # None: a place where a date could stand, which is none


@value
class FoundDate:
    """A full date and where it stands in the text."""

    iso: str
    start: int
    end: int


class Dates:
    """Finds dates; the marks for year, month and day are configured words."""

    def __init__(self, words: Words) -> None:
        marks, zeros = words.raw("date_marks"), words.raw("date_zero")
        self._written = _written(marks)
        self._bilingual = _bilingual(marks)
        self._zeros = "".join(zeros)

    def find(self, text: str) -> tuple[FoundDate, ...]:
        """All full dates, in reading order. Of overlapping readings the first in the list of forms wins."""
        found: list[FoundDate] = []
        upper = text.upper()
        for start, end, iso in self._candidates(upper):
            if iso and all(end <= f.start or start >= f.end for f in found):
                found.append(FoundDate(iso, start, end))
        return tuple(sorted(found, key=lambda f: f.start))

    def first(self, text: str) -> str | None:
        """ISO form of the first date, or None."""
        found = self.find(text)
        return found[0].iso if found else None

    def _candidates(self, text: str) -> list[_Candidate]:
        found: list[_Candidate] = []
        for m in self._written.finditer(text):
            found.append(_Candidate(m.start(), m.end(), self._chinese(m[1], m[2], m[3])))
        for m in self._bilingual.finditer(text):
            found.append(_Candidate(m.start(), m.end(), _iso(int(m[4]), _MONTHS[m[3].upper()], int(m[1]))))
        for pattern in (_SEPARATED, _COMPACT):
            found += [
                _Candidate(m.start(), m.end(), _iso(int(m[1]), int(m[2]), int(m[3]))) for m in pattern.finditer(text)
            ]
        for m in _DAY_FIRST.finditer(text):
            found.append(_Candidate(m.start(), m.end(), _iso(int(m[3]), _MONTHS[m[2][:3].upper()], int(m[1]))))
        for m in _MONTH_FIRST.finditer(text):
            found.append(_Candidate(m.start(), m.end(), _iso(int(m[3]), _MONTHS[m[1][:3].upper()], int(m[2]))))
        return found + [_Candidate(m.start(), m.end(), _unambiguous(m)) for m in _NUMERIC.finditer(text)]

    def _chinese(self, year: str, month: str, day: str) -> str | None:
        digits = [self._digit(c) for c in year if not c.isspace()]
        if len(digits) != 4 or None in digits:
            return None
        m, d = self._number(month), self._number(day)
        if m is None or d is None:
            return None
        return _iso(int("".join(str(x) for x in digits)), m, d)

    def _digit(self, char: str) -> int | None:
        if char in self._zeros or char.lower() in self._zeros:
            return 0
        number = numeric(char, -1.0)
        return int(number) if 0 <= number <= 9 else None

    def _number(self, text: str) -> int | None:
        """1…31 in Arabic or Chinese figures: 十一, 二十, 廿一, 零三."""
        squashed = "".join(text.split())
        if squashed.isascii() and squashed.isdecimal():
            return int(squashed)
        total = 0
        for char in squashed:
            number = 0 if self._digit(char) == 0 else int(numeric(char, -1.0))
            if number < 0:
                return None
            if number == 10:
                total = (total or 1) * 10
            else:
                total += number
        return total


@lru_cache(maxsize=8)
def _written(marks: tuple[str, ...]) -> re.Pattern[str]:
    year, month, *days = (re.escape(m) for m in marks)
    digit = r"[^\s\d,.;:()]|\d"  # Chinese figures are told apart by their numeric value, not by a list
    return re.compile(
        rf"((?:(?:{digit})\s?){{3}}(?:{digit}))\s{{0,3}}{year}\s{{0,3}}(\d{{1,2}}|[^\s\d]{{1,2}})\s{{0,3}}{month}"
        rf"\s{{0,3}}(\d{{1,2}}|[^\s\d]{{1,3}})\s{{0,3}}(?:{'|'.join(days)})"
    )


@lru_cache(maxsize=8)
def _bilingual(marks: tuple[str, ...]) -> re.Pattern[str]:
    """The passport's own form: 03 11月/NOV 2026."""
    return re.compile(
        rf"(?<!\d)(\d{{1,2}})\s?(\d{{1,2}})\s?{re.escape(marks[1])}\s?/?\s?{_MONTH}\s?((?:19|20)\d\d)", re.IGNORECASE
    )


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _unambiguous(found: re.Match[str]) -> str | None:
    """11/03/2026 could be March or November; 28/08/1978 could not."""
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    if first > 12 or first == second:
        return _iso(year, second, first)
    return _iso(year, first, second) if second > 12 else None

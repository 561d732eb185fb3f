"""Days as they are told from the day of the mail, or without their year, written out: "the 31st of August", "the 15th
of next month", "tomorrow" on which a card ends."""

import re
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import NamedTuple

from mailintake.model.rules import Vocabulary
from mailintake.stages.words.dates import IN_WORDS, MONTH, MONTHS, number_in_words

_NEAR = 210  # days: a day without a year that is farther away may be of any year
_NEARER = 120  # days: of a day that may be past or to come, the one that is nearer than this is meant
_FRONT, _BEHIND = 40, 24
_YEAR_FROM = 23  # of two digits
_ROW = re.compile(r"(?P<away>-?\d{1,2}) (?P<words>\S.*)")
_NUMBER = rf"(?:{IN_WORDS})"
_SHORT = (
    r"(?<![\d./\-A-Z])(?P<short>\d{1,2})(?P<mark>[./\-\u3001])(?P<last>\d{1,2})"
    r"(?![\d./\-\u3001%]|\s*[\u5e74\u6708\u4e07\u5143])"
)
_ENGLISH_FIRST = rf"(?P<written>{MONTH})[A-Z]*\.? +(?P<nth>\d{{1,2}})(?:ST|ND|RD|TH)?"
_ENGLISH_LAST = rf"(?<!\d)(?P<first>\d{{1,2}})(?:ST|ND|RD|TH)? +(?P<named>{MONTH})[A-Z]*\.?"
_ENGLISH = rf"(?<![A-Z])(?:{_ENGLISH_FIRST}|{_ENGLISH_LAST})(?![A-Z]|[.,]? *\d)"  # no end of a shorter word
_PARTED = r"(?<!\d)(?P<year>20\d\d)(?:\u3001| +)(?P<of>\d{1,2})(?:\u3001| +)(?P<on>\d{1,2})(?!\d)"


class _Told(NamedTuple):
    """Words that tell a year, a month or a day from today, by how many they are away."""

    pattern: str
    away: dict[str, int]


def written_out(text: str, words: Vocabulary, today: date) -> str:
    """The text with "this year, next year …" before a month and day as the year, and with the days on which something
    ends as whole dates: those without a year, told from today, or with blanks between."""
    years = _told(words.words("relative_years"))
    text = re.sub(
        rf"{years.pattern}\u7684?(?=\s*{_NUMBER}\s*[\u6708.]\s*{_NUMBER})", partial(_year, years, today), text
    )
    reader = _Reader(words, today)
    return _candidates(words).sub(reader.dated, text)


def _year(years: _Told, today: date, hit: re.Match[str]) -> str:
    return _apart(f"{today.year + years.away[hit['told']]}.", hit)


def _apart(day: str, hit: re.Match[str]) -> str:
    """The day, apart from a number right before it."""
    before = hit.string[hit.start() - 1 : hit.start()]
    return f" {day}" if before.isascii() and before.isalnum() else day


@lru_cache(maxsize=8)
def _told(rows: tuple[str, ...]) -> _Told:
    """Rows of "1 tomorrow|the day after": the group `told` of the pattern is one of the words. A row of another form
    tells nothing."""
    found = [row for line in rows if (row := _ROW.fullmatch(line))]
    away = {word: int(row["away"]) for row in found for word in row["words"].split("|")}
    words = "|".join(map(re.escape, sorted(away, key=len, reverse=True)))
    return _Told(f"(?P<told>{words or '(?!)'})", away)


@lru_cache(maxsize=4)
def _any_of(rows: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{row})" for row in rows), re.I)


@lru_cache(maxsize=4)
def _ends(fillers: tuple[str, ...], rows: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    between = "|".join(map(re.escape, fillers))
    return tuple(re.compile(f"(?:{between}){{0,5}}(?:{row})", re.I) for row in rows)


def _candidates(words: Vocabulary) -> re.Pattern[str]:
    months, days = _told(words.words("relative_months")), _told(words.words("relative_days"))
    return _compiled(months.pattern.replace("told", "of_month"), days.pattern.replace("told", "of_day"))


@lru_cache(maxsize=4)
def _compiled(months: str, days: str) -> re.Pattern[str]:
    bare = rf"(?<![\d\u5e74\u6708.\-/])(?P<month>{_NUMBER})\s*\u6708\s*(?P<day>{_NUMBER})(?!\d)\s*[\u65e5\u53f7]?"
    of_month = rf"{months}\u7684?\s*(?P<in_month>{_NUMBER})(?!\d)\s*[\u65e5\u53f7]?(?!\s*[\u5929\u4e2a\u5f20\u6708])"
    return re.compile(f"{_PARTED}|{of_month}|{days}|{bare}|{_ENGLISH}|{_SHORT}", re.IGNORECASE)


class _Reader:
    """What the days of a text mean in a mail of `today`."""

    def __init__(self, words: Vocabulary, today: date) -> None:
        self.today = today
        self.behind = [
            re.compile(f"(?:{'|'.join(words.words('bare_fillers'))}){{0,5}}(?:{end})", re.I)
            for end in words.words("bare_end_patterns")
        ]
        self.front = _any_of(words.words("bare_front_patterns"))
        self.months = _told(words.words("relative_months")).away
        self.days = _told(words.words("relative_days")).away

    def dated(self, hit: re.Match[str]) -> str:
        """The whole date, where the words around say that something ends on it; else as it is written."""
        said = self._said(hit)
        day = self._day(hit, said) if said is not None else None
        return hit.group() if day is None else _apart(day.isoformat(), hit)

    def _said(self, hit: re.Match[str]) -> str | None:
        """How it is said that something ends then: over, either, or (empty) to come."""
        for end in self.behind:
            if found := end.match(hit.string, hit.end(), hit.end() + _BEHIND):
                groups = found.groupdict()
                return next((name for name in ("over", "either") if groups.get(name)), "")
        labelled = self.front.search(hit.string[max(0, hit.start() - _FRONT) : hit.start()])
        return "" if labelled and not _may_be_month_and_year(hit) else None

    def _day(self, hit: re.Match[str], said: str) -> date | None:
        if hit["year"]:
            return _date(int(hit["year"]), int(hit["of"]), int(hit["on"]))
        if hit["of_day"]:
            return self.today + timedelta(days=self.days[hit["of_day"]])
        if hit["of_month"]:
            later = self.today.month - 1 + self.months[hit["of_month"]]
            return _date(self.today.year + later // 12, later % 12 + 1, number_in_words(hit["in_month"]))
        if hit["month"]:
            return self._near(number_in_words(hit["month"]), number_in_words(hit["day"]), said)
        if month := hit["written"] or hit["named"]:
            return self._near(MONTHS.index(month.upper()) + 1, int(hit["nth"] or hit["first"]), said)
        return self._near(int(hit["short"]), int(hit["last"]), said)

    def _near(self, month: int, day: int, said: str) -> date | None:
        """The next such day, or the last one where it is past; what is said either way is whichever is near."""
        found = [one for away in (0, -1, 1) if (one := _date(self.today.year + away, month, day))]
        ahead = {one: (one - self.today).days for one in found}
        if said == "over":
            return next((one for one in found if -_NEAR <= ahead[one] <= 0), None)
        if said == "either":
            return next((one for one in found if abs(ahead[one]) <= _NEARER), None)
        coming = next((one for one in found if 0 <= ahead[one] <= _NEAR), None)
        return coming or next((one for one in found if -_NEARER <= ahead[one] < 0), None)


def _may_be_month_and_year(hit: re.Match[str]) -> bool:
    """11/26 behind "valid thru" is a month of a year."""
    return hit["mark"] == "/" and int(hit["last"]) > _YEAR_FROM


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

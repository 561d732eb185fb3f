"""Social insurance: whose, which months, which employer. Read row by row, for joined text glues numbers together."""

import re
from difflib import SequenceMatcher

from mailintake.model._value import value
from mailintake.model.facts import Reading
from mailintake.stages.interpret.fields import SURE_SCORE, Collected, id_holds, id_no
from mailintake.stages.interpret.labels import Labels, Pair
from mailintake.stages.interpret.page import Cell, Page
from mailintake.stages.interpret.people import company_at_start, plain_name
from mailintake.stages.interpret.words import Words, squash

_KEYS = ("name_zh", "id_no", "employer", "months")
_YEAR_LIMITS = (1990, 2100)
_MISREAD_LIKENESS = 0.8


@value
class _Months:
    """Months of one row."""

    months: tuple[int, ...]  # counted from year 0
    cell: Cell
    row_text: str


def read_insurance(page: Page, words: Words) -> Reading:
    """Months are counted once each, whatever number of insurances they carry; unpaid ones do not count."""
    found = Collected(page.source)
    pairs = Labels(words.labels("insurance", _KEYS)).pairs(page)
    _person(pairs, page, words, found)
    rows = _month_rows(page, words)
    for company in _employers(page, pairs, rows, words):
        found.add("employer", company[0], company[0], sure=company[1])
    months = sorted({month for row in rows for month in row.months})
    if months:
        gapless = months[-1] - months[0] + 1 == len(months)
        clear = page.source != "ocr" or (gapless and all(row.cell.score >= SURE_SCORE for row in rows))
        found.add("insured_months", str(len(months)), sure=clear)
        found.add("insured_from", _iso(months[0]), rows[0].row_text, sure=clear)
        found.add("insured_to", _iso(months[-1]), rows[-1].row_text, sure=clear)
    else:
        _stated_total(pairs, found)
    return Reading("social_insurance", tuple(found.fields), ("title",) if rows else ("title", "no months found"))


def _person(pairs: tuple[Pair, ...], page: Page, words: Words, found: Collected) -> None:
    for pair in pairs:
        if pair.key == "name_zh" and not found.has("name_zh"):
            name = plain_name(pair.value.split(" ")[0], words)
            found.add("name_zh", name, pair.value, sure=not pair.glued and pair.score >= SURE_SCORE)
    number = id_no(page.text)
    found.add("id_no", number, sure=page.source != "ocr" or (bool(number) and id_holds(number)))


def _month_rows(page: Page, words: Words) -> list[_Months]:
    pattern = _pattern(words)
    found = []
    for row in page.rows:
        text = "  ".join(cell.text for cell in row)
        if words.has("insurance_printed", text[:12]) or words.has("insurance_unpaid", text):
            continue
        for cell in row:
            months = _months_in(cell.text, pattern, words)
            if months:
                found.append(_Months(months, cell, text))
                break
    return found


def _pattern(words: Words) -> re.Pattern[str]:
    """202603, 2026-03, 2026.3, 2026年3月; never the month of a full date, nor digits inside a longer number."""
    year, month, day, *_ = (re.escape(mark) for mark in words.raw("date_marks"))
    no_day = rf"(?![\d]|\s?[-./]\s?\d{{1,2}}(?!\d)|\.\d|\s?\d{{1,2}}\s?{day})"
    written = rf"\s?[-./{year}]\s?(1[0-2]|0?[1-9])\s?{month}?"
    return re.compile(rf"(?<![\d.,])(20\d\d|19\d\d)(?:(0[1-9]|1[0-2])|{written}){no_day}")


def _months_in(text: str, pattern: re.Pattern[str], words: Words) -> tuple[int, ...]:
    """The months of a cell; two with a range sign between stand for all between them."""
    marks = list(pattern.finditer(text))
    months = [_number(mark) for mark in marks]
    if not all(_YEAR_LIMITS[0] * 12 <= month <= _YEAR_LIMITS[1] * 12 for month in months):
        return ()
    if len(marks) == 2:
        between = squash(text[marks[0].end() : marks[1].start()])
        if between in words.words("insurance_range") and months[0] <= months[1]:
            return tuple(range(months[0], months[1] + 1))
    return tuple(months[:1])


def _number(mark: re.Match[str]) -> int:
    return int(mark[1]) * 12 + int(mark[2] or mark[3]) - 1


def _iso(month: int) -> str:
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def _employers(page: Page, pairs: tuple[Pair, ...], rows: list[_Months], words: Words) -> list[tuple[str, bool]]:
    """Companies of the label and of the rows, the latest row first: a change of job shows there. OCR must have read
    a company of the rows twice, and it must not be one already found with a character misread."""
    found: dict[str, bool] = {}
    for pair in pairs:
        if pair.key == "employer" and (company := company_at_start(pair.value, words)):
            found.setdefault(company, not pair.glued and pair.score >= SURE_SCORE)
    latest_first = sorted(rows, key=lambda r: -max(r.months))
    named = [company_at_start(part, words) for row in latest_first for part in row.row_text.split("  ")]
    for company in named:
        often = page.source != "ocr" or named.count(company) > 1
        misread = page.source == "ocr" and any(_alike(company, known) for known in found)
        if company and often and not misread:
            found.setdefault(company, True)
    return list(found.items())


def _alike(one: str, other: str) -> bool:
    return one != other and SequenceMatcher(None, one, other).ratio() > _MISREAD_LIKENESS


def _stated_total(pairs: tuple[Pair, ...], found: Collected) -> None:
    for pair in pairs:
        total = re.search(r"(?<!\d)\d{1,3}(?!\d)", pair.value) if pair.key == "months" else None
        if total:
            found.add("insured_months", total[0], pair.value, sure=False)
            return

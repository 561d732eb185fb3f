"""Social insurance: whose, which months, which employer. Read row by row, for joined text glues numbers together."""

import re
from difflib import SequenceMatcher

from mailintake.model.facts import Reading
from mailintake.stages.interpret.fields import SURE_SCORE, Collected, id_holds, id_no
from mailintake.stages.interpret.insurance_months import MonthRow, iso_month, month_rows
from mailintake.stages.interpret.labels import Labels, Pair
from mailintake.stages.interpret.people import company_at_start, plain_name
from mailintake.stages.interpret.words import Words
from mailintake.stages.words.page import Page

_KEYS = ("name_zh", "id_no", "employer", "months")
_MISREAD_LIKENESS = 0.8


def read_insurance(page: Page, words: Words) -> Reading:
    """Months are counted once each, whatever number of insurances they carry; unpaid ones do not count. A month of
    which every amount is nought is not counted either, but then nobody is sure of the count."""
    found = Collected(page.source)
    pairs = Labels(words.labels("insurance", _KEYS)).pairs(page)
    _person(pairs, page, words, found)
    rows = month_rows(page, words)
    for company in _employers(page, pairs, rows, words):
        found.add("employer", company[0], company[0], sure=company[1])
    empty = {month for row in rows if row.nought for month in row.months}
    rows = [row for row in rows if not row.nought]
    months = sorted({month for row in rows for month in row.months})
    if months:
        gapless = months[-1] - months[0] + 1 == len(months)
        clear = page.source != "ocr" or (gapless and all(row.cell.score >= SURE_SCORE for row in rows))
        clear = clear and empty <= set(months)
        found.add("insured_months", str(len(months)), sure=clear)
        found.add("insured_from", iso_month(months[0]), rows[0].row_text, sure=clear, at=rows[0].cell)
        found.add("insured_to", iso_month(months[-1]), rows[-1].row_text, sure=clear, at=rows[-1].cell)
    else:
        _stated_total(pairs, found)
    return Reading("", tuple(found.fields), ("title",) if rows else ("title", "no months found"))


def _person(pairs: tuple[Pair, ...], page: Page, words: Words, found: Collected) -> None:
    for pair in pairs:
        if pair.key == "name_zh" and not found.has("name_zh"):
            name = plain_name(pair.value.split(" ")[0], words)
            found.add("name_zh", name, pair.value, sure=not pair.glued and pair.score >= SURE_SCORE, at=pair.cell)
    number = id_no(page.text)
    found.add("id_no", number, sure=page.source != "ocr" or (bool(number) and id_holds(number)))


def _employers(page: Page, pairs: tuple[Pair, ...], rows: list[MonthRow], words: Words) -> list[tuple[str, bool]]:
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
            found.add("insured_months", total[0], pair.value, sure=False, at=pair.cell)
            return

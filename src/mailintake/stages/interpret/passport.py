"""The passport's photo page: the machine-readable zone held against what is printed above it."""

from functools import partial

from mailintake.model.facts import Reading
from mailintake.model.romanisation import romanises
from mailintake.stages.interpret.dates import Dates
from mailintake.stages.interpret.fields import PASSPORT_NO, SURE_SCORE, Collected, han_name, normal
from mailintake.stages.interpret.labels import Labels, Pair
from mailintake.stages.interpret.mrz import Mrz, find_mrz
from mailintake.stages.interpret.words import Words, squash
from mailintake.stages.words.page import Cell, Page, row_text

_DATES = ("birth_date", "passport_issue_date", "expiry_date")
_PRINTED = ("name_zh", "passport_no", "sex", "birth_place", "nationality", *_DATES)
_ENOUGH_MARKS = 4
_HOME = "CHN"


def read_passport(page: Page, words: Words) -> Reading | None:
    """A reading when the page is a passport's photo page, else None."""
    lines = tuple(text for text, _ in _lines(page))
    printed = frozenset(PASSPORT_NO.findall(" ".join(c.text for c in page.cells if "<" not in c.text).upper()))
    mrz = find_mrz(lines, printed)
    if mrz is None and not _looks_like_one(page, words):
        return None
    found = Collected(page.source)
    if mrz is not None:
        _from_zone(mrz, page, words, found)
    _from_print(page, words, found, mrz)
    evidence = ("mrz proven" if mrz.proven else "mrz read",) if mrz else ("printed zone only",)
    return Reading(words.kinds.plain("passport"), tuple(found.fields), evidence)


def _looks_like_one(page: Page, words: Words) -> bool:
    text = page.text
    marks = [w for w in words.words("passport_marks") if squash(w) in squash(text)]
    return len(marks) >= _ENOUGH_MARKS and PASSPORT_NO.search(text.upper()) is not None


def _from_zone(mrz: Mrz, page: Page, words: Words, found: Collected) -> None:
    """Every value is sure only when the print says the same: the digits are blind to some pairs."""
    printed = "".join(squash(c.text).upper() for c in page.cells if "<" not in c.text)
    dates = {d.iso for d in Dates(words).find("\n".join(c.text for c in page.cells if "<" not in c.text))}
    number_agrees = mrz.number in printed
    whole = f"{mrz.surname} {mrz.given_names}".strip()
    name_agrees = whole.replace(" ", "") in "".join(c for c in printed if c.isalpha())
    upper = None if mrz.name_at is None else _line(page, mrz.name_at)
    lower = _line(page, mrz.at)
    add = partial(found.add, source="mrz")
    add("passport_no", mrz.number, sure=mrz.proven and number_agrees, at=lower)
    add("surname_pinyin", mrz.surname, sure=name_agrees, at=upper)
    add("given_name_pinyin", mrz.given_names, sure=name_agrees, at=upper)
    add("name_pinyin", whole, sure=name_agrees, at=upper)
    twice = mrz.nationality in (_HOME, mrz.state) or mrz.nationality in printed  # no check digit covers it
    add("nationality", mrz.nationality, sure=mrz.proven and twice, at=lower)
    add("sex", mrz.sex, sure=mrz.proven, at=lower)
    add("birth_date", mrz.birth, sure=mrz.proven or (mrz.digits_hold and mrz.birth in dates), at=lower)
    add("expiry_date", mrz.expiry, sure=mrz.proven or (mrz.digits_hold and mrz.expiry in dates), at=lower)


def _lines(page: Page) -> tuple[tuple[str, Cell], ...]:
    """Every line, and behind them the rows that OCR saw in pieces, each with the cell it begins in."""
    rows = tuple((row_text(row), row[0]) for row in page.rows if len(row) > 1)
    return tuple((cell.text, cell) for cell in page.cells) + rows


def _line(page: Page, at: int) -> Cell:
    return _lines(page)[at][1]


def _from_print(page: Page, words: Words, found: Collected, mrz: Mrz | None) -> None:
    """What only the print says; without a readable zone, all of it, and none of it sure."""
    for pair in Labels(words.labels("passport", _PRINTED)).pairs(page):
        if pair.key == "name_zh":
            _chinese_name(pair, found, mrz)
        elif not found.has(pair.key):
            value = normal(pair.key, pair.value, words)
            if pair.key == "nationality":
                value = "CHN" if "CHINESE" in pair.value.upper() else ""
            sure = mrz is not None and mrz.proven and pair.score >= SURE_SCORE and not pair.glued
            found.add(pair.key, value, pair.value, sure=sure, at=pair.cell)
    if not found.has("passport_no"):
        number = PASSPORT_NO.search(page.text.upper())
        found.add("passport_no", number[0] if number else "", sure=False)


def _chinese_name(pair: Pair, found: Collected, mrz: Mrz | None) -> None:
    """Sure when the characters can be read as the zone spells them."""
    name = han_name(pair.value)
    if not 2 <= len(name) <= 6 or found.has("name_zh"):
        return
    agrees = mrz is not None and romanises(name, mrz.surname + mrz.given_names)
    found.add("name_zh", name, pair.value, sure=bool(agrees) and pair.score >= SURE_SCORE, at=pair.cell)

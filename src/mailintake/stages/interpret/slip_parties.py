"""Whose account is it: slips say "account" twice and leave it to the layout which one is the payer's."""

import re
from dataclasses import replace

from mailintake.stages.interpret.labels import Pair
from mailintake.stages.interpret.words import Words, squash
from mailintake.stages.words.page import Cell, Page

PARTY_KEYS = ("payer", "payer_account", "payer_bank", "payee", "payee_account", "payee_bank")
_AMBIGUOUS = {"holder": "", "account": "_account", "bank": "_bank"}
_OTHER = dict(zip(PARTY_KEYS, PARTY_KEYS[3:] + PARTY_KEYS[:3], strict=True))
_NUMBER = re.compile(r"\d[\d ]{6,30}\d")
_ROWS_BELOW = 1
_REACH = 30  # a marker may stand this far to the right of its labels and still be the column's head


def with_party(pairs: tuple[Pair, ...], page: Page, words: Words) -> tuple[Pair, ...]:
    """Pairs of unspecific labels (account, holder, bank) given to payer or payee by the nearest marker to the left
    or above; those without a marker are dropped. A bank named below a payee's account is the payee's."""
    marks = _markers(page, words)
    found: list[Pair] = []
    for pair in pairs:
        if pair.key not in _AMBIGUOUS:
            found += _named(pair, page)
            continue
        party = _party(pair.at, marks)
        if party:
            found.append(replace(pair, key=_unlike_its_twin(party + _AMBIGUOUS[pair.key], pair, found)))
    return tuple(found)


def _named(pair: Pair, page: Page) -> list[Pair]:
    """Phones write the holder's name behind 收款账户 and the number below it: what has no digit is no number."""
    party, kind, _ = pair.key.partition("_account")
    if not kind or any(map(str.isdigit, pair.value)):
        return [pair]
    below = (c for row in page.rows[pair.at.row + 1 : pair.at.row + 1 + _ROWS_BELOW] for c in row)
    number = next((c for c in below if _NUMBER.fullmatch(c.text)), None)
    holder = replace(pair, key=party)
    return (
        [holder]
        if number is None
        else [holder, replace(pair, value=number.text, at=number, cell=number, score=number.score)]
    )


def _unlike_its_twin(key: str, pair: Pair, found: list[Pair]) -> str:
    """The same label twice in one row is one for each party, though the second marker could not be read."""
    twins = [p for p in found if p.key == key and p.label == pair.label and (p.at.page, p.at.row) == _row(pair)]
    return _OTHER[key] if len(twins) == 1 else key


def _row(pair: Pair) -> tuple[int, int]:
    return pair.at.page, pair.at.row


def _markers(page: Page, words: Words) -> list[tuple[str, Cell]]:
    """Cells that say payer or payee: alone, or at the start of a longer label such as the payer's name."""
    found = []
    for party in ("payer", "payee"):
        marks = words.squashed(f"slip_{party}_marks")
        for cell in page.cells:
            text = squash(cell.text)
            if any(text == mark or (len(mark) > 1 and text.startswith(mark)) for mark in marks):
                found.append((party, cell))
    return found


def _party(at: Cell, marks: list[tuple[str, Cell]]) -> str:
    """The marker in the same row to the left; else the one above whose column this is, the nearest row first."""
    before = [(party, cell) for party, cell in marks if cell.page == at.page and _covers(cell, at)]
    beside = [mark for mark in before if mark[1].row == at.row]
    if beside:
        return max(beside, key=lambda mark: mark[1].box[0])[0]
    if not before:
        return ""
    edge = max(cell.box[0] for _, cell in before) - _reach(at)
    return max((mark for mark in before if mark[1].box[0] >= edge), key=lambda mark: mark[1].row)[0]


def _covers(mark: Cell, at: Cell) -> bool:
    if mark.row == at.row:
        return mark.box[0] < at.box[0] or mark is at
    return mark.row < at.row and mark.box[0] <= at.box[0] + _reach(at)


def _reach(at: Cell) -> int:
    """Markers and labels of one column are not set at the same pixel."""
    return max(_REACH, 2 * (at.box[3] - at.box[1]))

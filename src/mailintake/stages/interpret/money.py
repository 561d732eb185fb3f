"""Amounts in figures and in Chinese capitals, to yuan as decimal text: 1440 or 1440.50."""

import re
from decimal import Decimal
from unicodedata import numeric

from mailintake.stages.interpret.words import Words

_FIGURE = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:,\s?\d{3})+|\d{1,9})(?:\s?\.\s?\d{1,2})?(?![\d]|[.,]\d)")
_SIGNED = re.compile(r"(?:[¥￥]|CNY|RMB)\s*-?\s*(?P<figure>[\d,.\s]*\d)", re.IGNORECASE)
_LARGE = 10_000


def figure(text: str) -> str | None:
    """The one amount in a value such as "¥1,440.00元"; None where there is none, two, or broken grouping."""
    found = {_plain(m[0]) for m in _FIGURE.finditer(text)}
    return found.pop() if len(found) == 1 else None


def signed_figures(text: str) -> tuple[str, ...]:
    """Amounts that carry a currency sign, each once; a charge of nothing is none."""
    found = (figure(m["figure"]) for m in _SIGNED.finditer(text))
    return tuple(dict.fromkeys(f for f in found if f and f != "0"))


def in_words(text: str, words: Words) -> str | None:
    """壹仟肆佰肆拾元整 → 1440. None where it is no amount in words."""
    yuan, jiao, fen, whole, whole2, currency, *yuan_too = words.raw("money_units")
    squashed = "".join(text.split()).replace(currency, "").strip(whole + whole2)
    for other in yuan_too:
        squashed = squashed.replace(other, yuan)
    head, mark, tail = squashed.partition(yuan)
    total = _value(head) if mark else None
    if not total:
        return None
    cents = 0
    for unit, worth in ((jiao, 10), (fen, 1)):
        before, found, after = tail.partition(unit)
        if found:
            digit = _value(before)
            if digit is None or digit > 9:
                return None
            cents, tail = cents + digit * worth, after
    return _plain(f"{total}.{cents:02d}") if not tail.strip(whole + whole2) else None


def _value(text: str) -> int | None:
    """Chinese number below a thousand billion, ordinary or capital characters."""
    total = section = digit = 0
    for char in text:
        number = numeric(char, -1.0)
        if char.isascii() or number < 0:
            return None
        worth = int(number)
        if worth < 10:
            digit = worth
        elif worth < _LARGE:
            section += (digit or 1) * worth
            digit = 0
        else:
            total, section, digit = (total + section + digit) * worth, 0, 0
    return total + section + digit if text else None


def _plain(text: str) -> str:
    amount = Decimal(text.replace(",", "").replace(" ", ""))
    return str(amount.quantize(Decimal("0.01"))) if amount % 1 else str(int(amount))

"""Case numbers LN-YYYY-NNNNNN-C: made with a check digit (ISO 7064 MOD 11,10), found however people type them."""

import re
import unicodedata
from collections.abc import Iterable

# Blanks, full-width forms, missing or fancy hyphens are how numbers look after a phone or a chat program had them.
_GAP = r"[\s\-\u2010-\u2015\u2212_.]{0,3}"
_NUMBER = re.compile(rf"(?<![A-Z])L\s?N{_GAP}(20\d\d){_GAP}(\d{{6}}){_GAP}(\d)(?!\d)")
_RUNNING_MAX = 10**6


def make_number(year: int, n: int) -> str:
    """The number of the `n`-th case of a year. ValueError when either does not fit its digits."""
    if not 2000 <= year <= 2099 or not 0 < n < _RUNNING_MAX:
        raise ValueError(f"no case number for year {year}, running number {n}")
    digits = f"{year:04}{n:06}"
    return f"LN-{digits[:4]}-{digits[4:]}-{_check_digit(digits)}"


def find_numbers(*texts: str) -> tuple[str, ...]:
    """Every valid case number in the texts, in the canonical form, each once, in order of appearance."""
    found: dict[str, None] = {}
    for text in texts:
        for year, running, check in _NUMBER.findall(unicodedata.normalize("NFKC", text).upper()):
            if _check_digit(year + running) == check:
                found[f"LN-{year}-{running}-{check}"] = None
    return tuple(found)


def misread_numbers(*texts: str) -> tuple[str, ...]:
    """What is written like a case number of ours and cannot be one: a wrong digit, or somebody else's invention."""
    found: dict[str, None] = {}
    for text in texts:
        for year, running, check in _NUMBER.findall(unicodedata.normalize("NFKC", text).upper()):
            if _check_digit(year + running) != check:
                found[f"LN-{year}-{running}-{check}"] = None
    return tuple(found)


def _check_digit(digits: Iterable[str]) -> str:
    """ISO 7064 MOD 11,10: finds every single wrong digit and nearly every transposition."""
    product = 10
    for digit in digits:
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)

"""Traditional characters as simplified ones, by OpenCC's table of characters."""

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

_DOTS = re.compile(r"(?<=[\u3400-\u9fff])[\u2022\u2027\u2219\u22c5\u30fb](?=[\u3400-\u9fff])")
_ANY_DOT = "\u2022\u2027\u2219\u22c5\u30fb"

_BOTH = frozenset(map(chr, (0x65BC, 0x4E7E, 0x6607, 0x752F, 0x6998, 0x5FB5)))  # in names today (Table of 2013)


def simplify(text: str) -> str:
    """NFKC and simplified characters, case and blanks kept: for names that are shown as the sender wrote them."""
    return simplified(unicodedata.normalize("NFKC", text))


def simplified(text: str) -> str:
    """Simplified characters, and one dot for all that stand inside names; everything else as it is.

    The characters of `_BOTH` write names in simplified texts, too: they stay unless the text has traditional ones.
    """
    if text.isascii():
        return text
    return _simplified(text)


@lru_cache(maxsize=64)
def _simplified(text: str) -> str:
    """Kept for the texts of one mail: each is asked for several times."""
    plain = _DOTS.sub("\u00b7", text) if any(dot in text for dot in _ANY_DOT) else text
    if _traditional().isdisjoint(plain):  # as nearly every text; a third of what a translation takes
        return plain
    made = plain.translate(_table())
    if not _BOTH.intersection(plain) or any(
        old != new and old not in _BOTH for old, new in zip(plain, made, strict=True)
    ):
        return made
    return plain


@cache
def _traditional() -> frozenset[str]:
    return frozenset(map(chr, _table()))


@cache
def _table() -> dict[int, str]:
    """Of several simplified forms the first, which is the usual one. Characters only: phrases would make the result
    depend on what stands beside a name."""
    table = files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text("utf-8")
    pairs = (line.split("\t") for line in table.splitlines() if line)
    return {ord(traditional): simple.split(" ")[0] for traditional, simple in pairs}

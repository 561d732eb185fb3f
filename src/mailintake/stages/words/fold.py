"""One form of a text for comparing: width, case, traditional characters, blanks, the office's own misprint."""

import re
import unicodedata
from functools import lru_cache

from mailintake.model.han import simplified, simplify

__all__ = ["LETTER", "fold", "simplify"]

# A Latin letter in a pattern where case does not count: without the signs that fold to letters, and compiled in a
# twentieth of the time.
LETTER = "(?-i:[A-Za-z])"

_WIDE = r"[\u2e80-\u9fff\u3000-\u303f]"
_BLANK_IN_CHINESE = re.compile(rf"(?<={_WIDE})[ \t]+(?={_WIDE})")
_BLANKS = re.compile(r"[ \t\u00a0\u200b\ufeff]+")
_SHORT = 40  # characters
_MISPRINT = re.compile(r"aepc|a\.p\.e\.c\.?")


def fold(text: str) -> str:
    """NFKC, lower case, simplified characters, one blank for many and none between Chinese characters, AEPC as APEC.

    Line ends stay: they end sentences. The result is for comparing only, never shown. Words of the rules and names are
    folded thousands of times a mail, and its texts several times, so both are remembered.
    """
    return _short(text) if len(text) <= _SHORT else _long(text)


@lru_cache(maxsize=8192)
def _short(text: str) -> str:
    return _folded(text)


@lru_cache(maxsize=64)
def _long(text: str) -> str:
    return _folded(text)


def _folded(text: str) -> str:
    plain = simplified(unicodedata.normalize("NFKC", text).lower())
    plain = _BLANKS.sub(" ", plain)
    return _MISPRINT.sub("apec", _BLANK_IN_CHINESE.sub("", plain)).strip(" ")

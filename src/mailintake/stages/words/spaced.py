"""Words that were spaced out for looks (姓 名：林 书 瀚) read as words; the text keeps its length."""

import re
from collections.abc import Sequence

_HAN = r"[\u3400-\u9fff]"
_SPACED = re.compile(
    rf"(?:(?<=^)|(?<=[:|\t])|(?<=[:|\t]\s))[ \u3000]*({_HAN}(?:[ \u3000]{{1,8}}{_HAN}){{1,5}})"
    r"(?=[ \u3000]*(?:$|[:,;()|\t]))",
    re.MULTILINE,
)
_SINGLES = re.compile(rf"(?<![^\s:,;()|]){_HAN}(?:[ \u3000]{_HAN}){{1,3}}(?![^\s:,;()|\u3002])")
_LATE_COLON = re.compile(rf"({_HAN})([ \u3000]+)(:)")
_BLANKS = re.compile(r"[ \u3000]")


def unspaced(text: str) -> str:
    """The text with such words closed up and their blanks behind them: those that begin a line or stand behind a colon,
    and end at a stop. A colon far behind its label is drawn to it."""
    return _LATE_COLON.sub(r"\1\3\2", _SPACED.sub(_closed, text))


def spaced_words(text: str) -> tuple[str, ...]:
    """Words of two to four characters that are written with a blank behind each, in running text as well."""
    return tuple(dict.fromkeys(_BLANKS.sub("", found.group()) for found in _SINGLES.finditer(text)))


def closed_up(text: str, words: Sequence[str]) -> str:
    """The text with these words without their blanks, which follow them instead."""

    def close(found: re.Match[str]) -> str:
        bare = _BLANKS.sub("", found.group())
        return bare + " " * (len(found.group()) - len(bare)) if bare in words else found.group()

    return _SINGLES.sub(close, text)


def _closed(found: re.Match[str]) -> str:
    whole, word = found.group(), found.group(1)
    lead = whole[: found.start(1) - found.start()]
    characters = _BLANKS.sub("", word)
    return lead + characters + " " * (len(word) - len(characters))

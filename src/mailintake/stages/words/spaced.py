"""Words that were spaced out for looks (姓 名：林 书 瀚) read as words; the text keeps its length."""

import re

_HAN = r"[\u3400-\u9fff]"
_SPACED = re.compile(
    rf"(?:(?<=^)|(?<=[:|\t])|(?<=[:|\t]\s))[ \u3000]*({_HAN}(?:[ \u3000]{{1,8}}{_HAN}){{1,5}})"
    r"(?=[ \u3000]*(?:$|[:,;()|\t]))",
    re.MULTILINE,
)
_LATE_COLON = re.compile(rf"({_HAN})([ \u3000]+)(:)")
_BLANKS = re.compile(r"[ \u3000]")


def unspaced(text: str) -> str:
    """The text with such words closed up and their blanks behind them: those that begin a line or stand behind a colon,
    and end at a stop. A colon far behind its label is drawn to it."""
    return _LATE_COLON.sub(r"\1\3\2", _SPACED.sub(_closed, text))


def _closed(found: re.Match[str]) -> str:
    whole, word = found.group(), found.group(1)
    lead = whole[: found.start(1) - found.start()]
    characters = _BLANKS.sub("", word)
    return lead + characters + " " * (len(word) - len(characters))

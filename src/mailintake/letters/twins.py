"""Do the two versions of a letter say the same? Compared by Latin words, numbers and Chinese characters.

Order, marks and numbers of list items are the layout's affair; a word that only one version has is not.
"""

import re
from collections import Counter
from collections.abc import Iterable
from html.parser import HTMLParser

_WORD = re.compile(r"[A-Za-z]+|\d+|[\u3400-\u9fff]")
_UNSEEN = frozenset({"head", "style", "title", "script"})
_MARKS = "\u25a0\u2713\u00b7! "  # of headings, ticks, items, warnings in plain text
_STOP = "\u3002"  # a message goes on behind what it quotes
_VOID = frozenset({"br", "hr", "img", "meta", "link", "input", "col", "wbr"})
_HIDDEN = "preheader"  # class of what mail programs show in their list; a copy of the letter's first line


def only_in_one(text: str, html: str, frame: str = "") -> tuple[str, str]:
    """(a line of the text that the HTML lacks, words of the HTML that the text lacks); two empty texts when both say
    the same. `frame`: words that the HTML alone may have, once each."""
    pieces = _seen(html)
    said, shown = _words(text), _words(" ".join(pieces))
    missing = Counter(said) - Counter(shown)
    extra = Counter(shown) - Counter(said) - Counter(_words(frame))
    lines = [line.strip().lstrip(_MARKS) for line in text.splitlines()]
    lacking = _outside(lines, "".join(pieces)) or "".join(missing)
    added = _outside(pieces, text + frame) or "".join(extra)
    return lacking if missing else "", added if extra else ""


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _outside(pieces: Iterable[str], other: str) -> str:
    """The first piece that does not stand in the other version, whose blanks do not count."""
    there = "".join(other.split())
    found = (piece.strip() for piece in pieces if "".join(piece.split()) not in there)
    return next((piece.rstrip(_STOP) for piece in found), "")


def _seen(html: str) -> list[str]:
    """The stretches of text that a reader sees."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.said


class _Reader(HTMLParser):
    """Collects what a reader sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._open: list[tuple[str, bool]] = []  # element, is it hidden

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element opens."""
        if tag not in _VOID:
            hidden = tag in _UNSEEN or _HIDDEN in (dict(attrs).get("class") or "").split()
            self._open.append((tag, hidden))

    def handle_endtag(self, tag: str) -> None:
        """It closes, and with it what was left open in it."""
        if tag in (name for name, _ in self._open):
            while self._open.pop()[0] != tag:
                continue

    def handle_data(self, data: str) -> None:
        """Words."""
        if not any(hidden for _, hidden in self._open):
            self.said.append(data)


def line_with(source: str, words: str) -> int:
    """Number of the first line of a template, from 1, that holds the first two of those words; 1 where none does."""
    first = "".join(_words(words)[:2])
    lines = enumerate(source.splitlines(), 1)
    return next((number for number, line in lines if first and first in "".join(_words(line))), 1)

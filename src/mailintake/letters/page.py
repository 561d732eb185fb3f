"""The lines of a letter: what kind each is, and how they stand in plain text.

A letter's template writes one line of words after another, each with a mark in front that says what it is. Plain text
and HTML are made of the same lines, so neither can say what the other does not.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from mailintake.errors import TemplateBroken
from mailintake.model.value import value

WIDTH = 35  # characters of a line of plain text: seventy columns
_CLOSING = "\uff0c\u3002\uff1b\uff1a\u3001\uff09\u300b\uff01\uff1f\u201d\u3011%)"
_OPENING = "\uff08\u300a\u201c\u3010("
_SENTENCE_END = "\u3002\uff1b\uff01\uff1f"
_PAUSE = "\uff0c\u3001\uff1a"
_WHOLE = re.compile(  # names of files, dates, amounts with their unit
    r"[^\s\uff0c\uff1b\uff1a\u3001\uff08\uff09]{1,26}\.[A-Za-z0-9]{2,5}\b"
    r"|(?:\d{4}\u5e74)?\d{1,2}\u6708\d{1,2}\u65e5|\d \u5143(?:/\u4eba)?|\d \u4e2a\u6587\u4ef6|\d [\u4e00-\u9fff]"
    r"|\u7535\u8bdd [\d-]+|\uff09\u524d"  # a telephone's number; "(Monday) at the latest"
    r"|[\u4e00-\u9fff\uff09]\u7684"  # the particle stays with what it belongs to
    r"|\u6307\u5357 [\d.]+(?:\(\d\))?[\u2460-\u2473]*|\d\.\d(?:\(\d\))?[\u2460-\u2473]+"  # clauses
)
_UNBROKEN = re.compile(r"(0\d{2,3}-\d{7,8}|[A-Z]{2}-\d{4}-\d{6}(?:-\d)?|\d{1,2}\u6708\d{1,2}\u65e5)")
_WIDE_OPENING, _WIDE_CLOSING = "\uff08", "\uff09"
_SHORT_BRACKET = 7  # characters: "(Monday)" stays with its date
# Shares of a line that may stay empty for the sake of a stop, a pause, an end of a bracket.
_STOP_WORTH, _PAUSE_WORTH, _BRACKET_WORTH = 0.55, 0.45, 0.3
_SHORTEST, _ORPHAN = 4, 0.5  # a last line of fewer characters is avoided


class Mark(StrEnum):
    """What a line is. The value stands in front of it in a template, followed by a blank."""

    GREETING = "@"
    LEAD = "!"  # verdict and the one act
    TEXT = "."
    MATTER = "="  # heads the block of one matter where there are several
    HEADING = "#"
    WINDOW = "w"  # papers and where they are handed in: a full notice has to have them, however long it is
    ITEM = "+"  # numbered
    DETAIL = ">"  # of the item above
    TICK = "v"  # came and is in order
    BULLET = "-"
    ACCOUNT = "$"
    NOTE = "*"  # to be taken to heart
    SMALL = "~"


_MARKS = frozenset(mark.value for mark in Mark)
_IN_TEXT = {
    Mark.DETAIL: "   ",
    Mark.TICK: "\u2713 ",
    Mark.BULLET: "\u00b7 ",
    Mark.ACCOUNT: "   ",
    Mark.MATTER: "\u25a0 ",
}


@value
class Line:
    """One line of words. `apart`: an empty line stands in front."""

    mark: Mark
    text: str
    number: int = 0  # of an item, from 1
    apart: bool = False

    @property
    def kind(self) -> str:
        """Name of the mark in lower case, as the HTML layout asks for it."""
        return self.mark.name.lower()

    @property
    def label(self) -> str:
        """The short word in front of a colon, with it, or the empty string."""
        head, colon, _ = self.text.partition("\uff1a")
        return f"{head}{colon}" if colon and len(head) <= 5 else ""

    @property
    def rest(self) -> str:
        """What follows the label."""
        return self.text.removeprefix(self.label)


@value
class Piece:
    """A stretch of a line in HTML. `whole`: a telephone's or case's number or a day; no narrow screen breaks it."""

    text: str
    whole: bool = False


def pieces(text: str) -> tuple[Piece, ...]:
    """The text in pieces, in order; together they are the text."""
    return tuple(Piece(part, bool(at % 2)) for at, part in enumerate(_UNBROKEN.split(text)) if part)


def lines_of(source: str, template: str) -> tuple[Line, ...]:
    """The lines that a template wrote. TemplateBroken for a line without a mark."""
    found: list[Line] = []
    apart = False
    number = 0
    for written in source.split("\n"):
        line = " ".join(written.split())
        if not line:
            apart = bool(found)
            continue
        mark, _, text = line.partition(" ")
        if mark not in _MARKS:
            raise TemplateBroken(f"{template}:1: a line without a mark: {line[:40]}")
        if not text:
            continue
        number += mark == Mark.ITEM
        found.append(Line(Mark(mark), text, number if mark == Mark.ITEM else 0, apart))
        apart = False
    return tuple(found)


def as_text(lines: tuple[Line, ...], whole: frozenset[str] = frozenset()) -> str:
    """The letter in plain text, no line longer than WIDTH unless a word is. `whole`: words and names that no line
    ends within."""
    return "\n".join(_text_lines(lines, whole)).strip("\n")


def _text_lines(lines: tuple[Line, ...], whole: frozenset[str]) -> Iterator[str]:
    for line in lines:
        if line.apart:
            yield ""
        first = f"{line.number}. " if line.mark is Mark.ITEM else _IN_TEXT.get(line.mark, "")
        indent = " " * len(first)
        for number, piece in enumerate(wrapped(line.text, WIDTH - len(first), whole)):
            yield f"{indent if number else first}{piece}"


def wrapped(text: str, width: int, whole: frozenset[str] = frozenset()) -> Iterator[str]:
    """`text` in pieces of at most `width` characters, broken behind a stop or pause where one is near enough; never in
    front of a closing sign, behind an opening one, or inside a Latin word, a number, an address or one of `whole`."""
    rest = text
    there = [word for word in whole if word in text] if len(text) > width else []
    while len(rest) > width:
        at = _break(rest, width, there)
        yield rest[:at].rstrip()
        rest = rest[at:].lstrip()
    if rest:
        yield rest


def _break(text: str, width: int, words: Sequence[str]) -> int:
    """Where the first piece ends: the nearest to the full width, a stop being worth a good deal of it and a pause some;
    nothing short is left over for the last line."""
    whole = [found.span() for found in _WHOLE.finditer(text)]
    whole += [(at, at + len(word)) for word in words if 1 < len(word) < WIDTH for at in _all_places(text, word)]
    inside = {at for start, end in whole for at in range(start + 1, min(end, width + 1))}
    best, most = width, -1.0
    for at in range(width, 0, -1):
        if at / width + _STOP_WORTH < most:
            break  # nothing before it is worth as much
        worth = _worth(text, at, width)
        if worth >= most and at not in inside and _may_break(text, at):
            best, most = at, worth
    return best


def _all_places(text: str, word: str) -> Iterator[int]:
    """Where the word begins. A pattern of all of them would be made for each letter, for its names: some 5 ms."""
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _worth(text: str, at: int, width: int) -> float:
    before = text[at - 1]
    stop = _STOP_WORTH if before in _SENTENCE_END else _PAUSE_WORTH if before in _PAUSE else 0.0
    if before == _WIDE_CLOSING or text[at] == _WIDE_OPENING:
        stop = _BRACKET_WORTH
    return at / width + stop - (_ORPHAN if len(text) - at < _SHORTEST else 0.0)


def _may_break(text: str, at: int) -> bool:
    """May a line end there, as far as the two characters and short brackets say?"""
    before, behind = text[at - 1], text[at]
    if behind in _CLOSING or before in _OPENING or (behind in _WIDE_OPENING and _bracket(text, at) <= _SHORT_BRACKET):
        return False
    inside = text.rfind(_WIDE_OPENING, 0, at)
    if inside >= 0 and text.find(_WIDE_CLOSING, inside) >= at and _bracket(text, inside) <= _SHORT_BRACKET:
        return False
    return not (_sticks(before) and _sticks(behind))


def _bracket(text: str, at: int) -> int:
    """Characters between the bracket that opens at `at` and its end."""
    end = text.find(_WIDE_CLOSING, at)
    return end - at if end >= 0 else len(text)


def _sticks(character: str) -> bool:
    return "!" <= character <= "~"

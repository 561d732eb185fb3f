"""A body in three: what its sender wrote now, quoted history, signature."""

from typing import NamedTuple

from mailintake.model.rules import Vocabulary
from mailintake.readers.mail.quote_marks import QuoteMarks, is_rule
from mailintake.readers.mail.signatures import SignatureMarks
from mailintake.readers.mail.text_lines import Line, Zone


class Split(NamedTuple):
    """The lines of a body by whose words they are; order kept in each."""

    new: list[Line]
    quoted: list[Line]
    signature: list[Line]


class Splitter:
    """Splits bodies by the configured words."""

    def __init__(self, words: Vocabulary) -> None:
        self._quotes, self._signatures = QuoteMarks(words), SignatureMarks(words)

    def split(self, lines: list[Line]) -> Split:
        """Zones told by markup stand; in the rest quote marks at line starts, separators, header blocks and attribution
        lines are looked for, then a signature at the end of what is new."""
        new: list[Line] = []
        quoted: list[Line] = []
        signature: list[Line] = []
        at = 0
        while at < len(lines):
            line = lines[at]
            if line.zone is Zone.SIGNATURE:
                signature.append(line)
            elif _is_framed(line):
                quoted.append(line)
            elif (start := self._quotes.start(lines, at)) is not None:
                moved = _taken_back(new, at - start)
                end = _end_of_quote(lines, at)
                quoted += moved + lines[at:end]
                at = end - 1
            else:
                new.append(line)
            at += 1
        cut = self._signatures.start(new)
        return Split(new[:cut], quoted, new[cut:] + signature)


def _taken_back(new: list[Line], count: int) -> list[Line]:
    """The last `count` lines of the new text, with rules directly above: they belong to the quotation's head."""
    first = len(new) - count
    while first > 0 and (is_rule(new[first - 1].text) or not new[first - 1].text.strip()):
        first -= 1
    moved = new[max(first, 0) :]
    del new[max(first, 0) :]
    return moved


def _end_of_quote(lines: list[Line], at: int) -> int:
    """Where the quotation ends that line `at` announces: at the end, or, where quote marks or markup frame the quoted
    text, behind the last framed line, so that an answer below is not lost."""
    first = at + 1
    while first < len(lines) and not lines[first].text.strip():
        first += 1
    if first < len(lines) and _is_framed(lines[first]):
        return first
    return len(lines)


def _is_framed(line: Line) -> bool:
    return line.zone is Zone.QUOTED or line.text.startswith(">")

"""A body in three: what its sender wrote now, quoted history, signature.

Whatever the sender wrote is new text, or a fact that stands there is asked for again. So marks of history count fully
only in a mail that answers or forwards; an answer between quoted lines takes along what it answers.
"""

import re
from typing import NamedTuple

from mailintake.model.item_lines import answered, item_label
from mailintake.model.rules import Vocabulary
from mailintake.readers.mail.quote_marks import QuoteMarks, is_rule
from mailintake.readers.mail.signatures import SignatureMarks
from mailintake.readers.mail.text_lines import Line, Zone

_PREFIX_END = re.compile(r"\s{0,3}(?:[\[(\uff08]\d{1,3}[\])\uff09])?\s{0,3}[\])\uff09\u3011]?\s{0,3}[:\uff1a\u3011]")
_NEAR = 4  # lines between an item and the answer below it, blank ones among them
_FRAME = re.compile(r"^(?:> ?)+")


class Split(NamedTuple):
    """The lines of a body by whose words they are; order kept in each."""

    new: list[Line]
    quoted: list[Line]
    signature: list[Line]


def has_prefix(subject: str, words: Vocabulary) -> bool:
    """Does a subject say that the mail answers or forwards another: Re:, Fw[2]:, also Chinese?"""
    start = subject.lstrip(" [\u3010(\uff08").lower()
    for prefix in words.words("mail_reply_prefixes"):
        if start.startswith(prefix.lower()) and _PREFIX_END.match(start, len(prefix)):
            return True
    return False


class Splitter:
    """Splits bodies by the configured words. `answers`: the mail answers or forwards another one."""

    def __init__(self, words: Vocabulary, *, answers: bool) -> None:
        self._quotes, self._signatures = QuoteMarks(words), SignatureMarks(words)
        self._answers = answers

    def split(self, lines: list[Line]) -> Split:
        """Zones told by markup stand; in the rest quote marks at line starts, separators, header blocks and attribution
        lines are looked for, then a signature at the end of what is new."""
        lines = self._signatures.unsigned(lines)
        if not self._answers and not any(self._quotes.is_separator(line.text) for line in lines):
            lines = _unframed(lines) if self._first_start(lines) is None else lines
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
            elif (start := self._quotes.start(lines, at, answers=self._answers)) is not None:
                moved = _taken_back(new, at - start)
                end = _end_of_quote(lines, at)
                quoted += moved + lines[at:end]
                at = end - 1
            else:
                new.append(_with_question(line, lines, at))
            at += 1
        if not self._answers and not any(line.text.strip() for line in new):
            new, quoted = quoted, []  # sent once more, or pasted: whoever answers nothing speaks for himself
        cut = self._signatures.start(new)
        return Split(new[:cut], quoted, new[cut:] + signature)

    def _first_start(self, lines: list[Line]) -> int | None:
        starts = (at for at in range(len(lines)) if self._quotes.start(lines, at, answers=False) is not None)
        return next(starts, None)


def _unframed(lines: list[Line]) -> list[Line]:
    """Lines without the ">" in front: where nothing was answered it is a mark of the sender's own."""
    return [line._replace(text=_FRAME.sub("", line.text)) for line in lines]


def _with_question(line: Line, lines: list[Line], at: int) -> Line:
    """An answer between quoted lines, with the item above that it answers."""
    above = next((other for other in reversed(lines[max(0, at - _NEAR) : at]) if other.text.strip()), None)
    if above is None or not line.text.strip() or not _is_framed(above):
        return line
    return line._replace(text=answered(item_label(above.text), line.text))


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

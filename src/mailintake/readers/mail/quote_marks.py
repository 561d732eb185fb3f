"""What begins quoted history in plain lines: separators, header blocks, attribution lines; words from config."""

import re

from mailintake.model.rules import Vocabulary
from mailintake.readers.mail.text_lines import Line, all_folded, folded

_RULES = "-—–_=*~─━ \t\u3000"
_WINDOW = 8  # lines in which the labels of a quoted header stand
_LONGEST_LABEL = 12
_ATTRIBUTION_ROWS = 4
_LONGEST_ATTRIBUTION = 400
_SHORTEST_RULE = 5
_DAY = re.compile(
    r"\d\s*\u6708\s*\d|\d[-/.]\d{1,2}[-/.]\d|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE
)


class QuoteMarks:
    """The configured words, folded once."""

    def __init__(self, words: Vocabulary) -> None:
        self.separators = frozenset(all_folded(words.words("mail_quote_separators")))
        self.senders = frozenset(all_folded(words.words("mail_quote_sender_labels")))
        self.labels = self.senders.union(all_folded(words.words("mail_quote_header_labels")))
        self.endings = all_folded(words.words("mail_quote_attribution_endings"))

    def start(self, lines: list[Line], at: int, *, answers: bool) -> int | None:
        """The line at which the quotation announced by line `at` begins (it may begin above), or None.

        A mail that answers and forwards nothing has history below a separator only, or below a head with an address in
        it and words above: what stands on top is the head of the sender's own memo, and a sentence that ends in
        "wrote:" without address and time of day goes on in his own words.
        """
        if self.is_separator(lines[at].text):
            return at
        if self._is_header_block(lines, at) and (answers or self._is_anothers_head(lines, at)):
            return at
        return self._attribution(lines, at, answers=answers)

    def is_separator(self, text: str) -> bool:
        """A line that says "original message" between rules."""
        bare = text.strip().strip(_RULES + ">:：|")
        return bool(bare) and len(bare) < 60 and folded(bare) in self.separators

    def label(self, text: str) -> str:
        """The header label that the line begins with, folded; empty when there is none."""
        head = text.lstrip("> |*\t\u3000")[: _LONGEST_LABEL * 2]
        for mark in (":", "：", "|"):
            label = folded(head.partition(mark)[0].strip("* ")) if mark in head else ""
            if label in self.labels:
                return label
        return ""

    def _is_header_block(self, lines: list[Line], at: int) -> bool:
        """Sender and two more labels (or one more, with an address or a time of day) in the lines from here on."""
        if not self.label(lines[at].text):
            return False
        window = [line.text for line in lines[at : at + _WINDOW * 2] if line.text.strip()][:_WINDOW]
        found: list[str] = []
        for text in window:
            label = self.label(text)
            if not label and found and len(found) >= 2:
                break
            found += [label] if label else []
        block = " ".join(window)
        written_by_program = "@" in block or _has_time(block)
        return written_by_program and len(set(found)) >= 2 and any(label in self.senders for label in found[:3])

    def _is_anothers_head(self, lines: list[Line], at: int) -> bool:
        """Does a head with an address stand below words of the sender's?"""
        written_above = any(line.text.strip() and not is_rule(line.text) for line in lines[:at])
        head = [line.text for line in lines[at : at + _WINDOW] if self.label(line.text)]
        return written_above and any("@" in text for text in head)

    def _attribution(self, lines: list[Line], at: int, *, answers: bool) -> int | None:
        """First line of "On <date>, <name> wrote:", which mailers wrap; it needs a date or an address."""
        text = lines[at].text.rstrip(" :：>")
        if not text or len(text) > _LONGEST_ATTRIBUTION or not folded(text).endswith(self.endings):
            return None
        if lines[at].text.rstrip()[-1:] not in (":", "：") and "@" not in text:
            return None
        whole = ""
        for first in range(at, max(-1, at - _ATTRIBUTION_ROWS), -1):
            if first < at and not lines[first].text.strip():
                return None
            whole = lines[first].text + " " + whole
            dated = _has_year(whole) and (_has_time(whole) or (answers and _has_day(whole)))
            if dated or ("@" in whole and first == at):
                return self._widened(lines, first, whole)
        return None

    @staticmethod
    def _widened(lines: list[Line], first: int, whole: str) -> int:
        """The line above joins when it holds the date and this one only the address."""
        if not _has_year(whole) and first > 0 and _has_year(lines[first - 1].text):
            return first - 1
        return first


def is_rule(text: str) -> bool:
    """A line of nothing but dashes, underscores or the like."""
    bare = text.strip()
    return len(bare) >= _SHORTEST_RULE and not bare.strip(_RULES)


def _has_year(text: str) -> bool:
    """A year of this century stands in the text."""
    at = text.find("20")
    while at >= 0:
        if (
            text[at : at + 4].isdigit()
            and not text[at + 4 : at + 5].isdigit()
            and not text[max(at - 1, 0) : at].isdigit()
        ):
            return True
        at = text.find("20", at + 1)
    return False


def _has_day(text: str) -> bool:
    """A day of a month stands in the text: a sentence about a letter of 2026 has none."""
    return _DAY.search(text) is not None


def _has_time(text: str) -> bool:
    """A time of day, 9:05, stands in the text."""
    at = text.find(":")
    while at >= 0:
        if text[max(at - 1, 0) : at].isdigit() and text[at + 1 : at + 3].isdigit() and len(text[at + 1 : at + 3]) == 2:
            return True
        at = text.find(":", at + 1)
    return False

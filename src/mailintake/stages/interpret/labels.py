"""Label and value, wherever the value stands: behind a colon, in the next cell, or below."""

import re
from collections.abc import Mapping
from functools import lru_cache

from mailintake.model.value import value
from mailintake.stages.interpret.words import alternation, squash
from mailintake.stages.words.page import Cell, Page

_NUMBERING = r"^[\s\d.、*•·_\-]{0,6}"
_BRACKET = r"(?:\s*\([^()]{0,14}\))?"
_SEPARATOR = re.compile(r"^[\s/|]*(?:\([^()]{0,14}\))?\s*[:=]?\s*")
_ENGLISH_WORD = r"[A-Z]?-?[a-z][a-z'.\-]*"
_ENGLISH_TWIN = re.compile(
    rf"^[/(\s]*{_ENGLISH_WORD}(?:\s?{_ENGLISH_WORD}){{0,5}}\)?\s*:?\s*(?=$|[^A-Za-z]|[A-Z]{{2}})"
)
_TWO_LANGUAGES = re.compile(r"^[\u3400-\u9fff]{2,6}\s?/\s?[A-Z][a-z]")
_EDGES = " \t:;,.。，；、|_/=-"
_LONG_LABEL = 3  # OCR drops the blank before a label; only labels of this length are believed inside a word
_ROWS_AROUND = 4
_BELOW_LINES = 2.6  # a value stands at most this many label heights below its label


@value
class Pair:
    """A field and its text as found; `glued`: nothing parted the two, so it is only a guess."""

    key: str
    value: str
    label: str
    at: Cell  # where the label stands
    score: float
    cell: Cell  # where the value stands
    glued: bool = False


@value
class _Patterns:
    """A label at the start of a line, one behind a blank, and a long one anywhere."""

    start: re.Pattern[str]
    inner: re.Pattern[str]
    inner_long: re.Pattern[str]


@lru_cache(maxsize=64)
def _compiled(labels: tuple[str, ...]) -> _Patterns:
    any_label = alternation(labels)
    long_label = alternation(tuple(label for label in labels if len(label) >= _LONG_LABEL))
    apart = f"(?:^|(?<=[\\s,;。，；、(/]))(?P<label>{any_label}){_BRACKET}\\s*:"
    return _Patterns(
        re.compile(f"{_NUMBERING}(?P<label>{any_label})", re.IGNORECASE),
        re.compile(apart, re.IGNORECASE),
        re.compile(f"(?P<label>{long_label}){_BRACKET}\\s*:", re.IGNORECASE),
    )


class Labels:
    """The labels of one kind of document. Labels mapped to "" only end the value before them."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = fields
        made = _compiled(tuple(fields))
        self._start, self._inner, self._inner_long = made.start, made.inner, made.inner_long

    def pairs(self, page: Page) -> tuple[Pair, ...]:
        """Every labelled value, in reading order. A label without a value gives nothing."""
        found: list[Pair] = []
        for row in page.rows:
            for at, cell in enumerate(row):
                found += self._in_cell(cell)
                label = self._whole(cell)
                if label is not None:
                    right = row[at + 1] if at + 1 < len(row) else None
                    beside = self._beside(right) or self._below(page, cell)
                    if beside is not None and self.fields[squash(label)]:
                        text = beside.text.strip(_EDGES)
                        found.append(Pair(self.fields[squash(label)], text, label, cell, beside.score, beside))
        return tuple(pair for pair in found if pair.value)

    def count(self, page: Page) -> int:
        """How many different fields are named on the page, with or without a value."""
        return len(self.named(page))

    def named(self, page: Page) -> tuple[tuple[str, Cell], ...]:
        """The fields that the page names, each with the line its label first stands in."""
        found: dict[str, Cell] = {}
        for cell in page.cells:
            for mark in self._marks(cell.text):
                found.setdefault(self.fields[squash(mark["label"])], cell)
        found.pop("", None)
        return tuple(found.items())

    def _marks(self, text: str) -> list[re.Match[str]]:
        marks = [m for m in [self._start.match(text)] if m]
        behind = marks[0].end() if marks else 0
        inner = {m.start("label"): m for p in (self._inner_long, self._inner) for m in p.finditer(text, behind)}
        return marks + [inner[at] for at in sorted(inner)]

    def _whole(self, cell: Cell) -> str | None:
        """The label when the cell holds nothing else, its English twin apart."""
        mark = self._start.match(cell.text)
        if mark is None or self._rest(cell.text[mark.end() :])[0]:
            return None
        return mark["label"]

    def _rest(self, text: str) -> tuple[str, bool]:
        """What follows a label once its separator and its twin in the other language are gone; and whether anything
        parted the two."""
        parted = False
        for _ in range(3):
            separator = _SEPARATOR.match(text)
            cut = separator.end() if separator else 0
            parted, text = parted or cut > 0, text[cut:]
            twin = self._start.match(text) or _ENGLISH_TWIN.match(text)
            if twin is None or not _ends_word(text, twin.end()):
                break
            text, parted = text[twin.end() :], True
        return text.strip(_EDGES), parted

    def _in_cell(self, cell: Cell) -> list[Pair]:
        found = []
        marks = self._marks(cell.text)
        for number, mark in enumerate(marks):
            end = marks[number + 1].start("label") if number + 1 < len(marks) else len(cell.text)
            text, parted = self._rest(cell.text[mark.end("label") : end])
            key = self.fields[squash(mark["label"])]
            if key and text:
                found.append(
                    Pair(key, text.rstrip("(").strip(_EDGES), mark["label"], cell, cell.score, cell, not parted)
                )
        return found

    def _beside(self, cell: Cell | None) -> Cell | None:
        """The cell when it can be a value: no label we know, nor one in two languages that OCR misread."""
        if cell is None or self._start.match(cell.text) or _TWO_LANGUAGES.match(cell.text):
            return None
        return cell

    def _below(self, page: Page, label: Cell) -> Cell | None:
        """The nearest cell under the label. Rows of a tilted page are out of order, so places decide, not rows."""
        height = max(label.box[3] - label.box[1], 1)
        under: list[tuple[int, Cell]] = []
        for row in page.rows[max(0, label.row - _ROWS_AROUND) : label.row + _ROWS_AROUND + 1]:
            for cell in row:
                distance = cell.box[1] - label.box[3]
                overlap = min(cell.box[2], label.box[2]) - max(cell.box[0], label.box[0])
                if cell.page == label.page and -0.5 * height < distance < _BELOW_LINES * height and overlap > 0:
                    under.append((distance, cell))
        under = [(distance, cell) for distance, cell in under if cell is not label]
        return self._beside(min(under, key=lambda item: item[0])[1]) if under else None


def _ends_word(text: str, at: int) -> bool:
    """A twin ends at a blank, a bracket, punctuation or the end: never inside a Chinese value."""
    before, behind = text[at - 1 : at], text[at : at + 1]
    return not (before.isalnum() and behind.isalnum()) or (before.islower() and behind.isupper())
